"""What the training took, from the meta.json of the pipeline and the log of its training."""

import json
from pathlib import Path
from typing import Any

from .result import TrainingCost

LOG = "log.jsonl"
WATTS = 65.0


def last_evaluation(log: Path) -> dict[str, Any]:
    """The last line of the log that spaCy's ConsoleLogger wrote; empty where there is none that can be read."""
    if not log.is_file():
        return {}
    found: dict[str, Any] = {}
    for line in log.read_text(encoding="utf-8").splitlines():
        try:
            data = json.loads(line)
        except ValueError:  # a training that was stopped leaves half a line
            continue
        if isinstance(data, dict):
            found = data
    return found


def _number(*values: Any) -> float | None:
    """The first that is a number."""
    return next((value for value in values if isinstance(value, int | float) and not isinstance(value, bool)), None)


def _whole(*values: Any) -> int | None:
    number = _number(*values)
    return None if number is None else int(number)


def training_cost(
    meta: dict[str, Any], log: Path, *, watts: float = WATTS, price_per_kwh: float | None = None
) -> TrainingCost | None:
    """What is known about the training.

    meta (dict): of the pipeline; `meta["training"]` may have seconds, steps, epochs, seed, processor, threads.
    log (Path): of the training, for steps and epochs that meta does not have.
    watts (float): assumed for the whole machine. price_per_kwh (float | None): in any currency.
    RETURNS (TrainingCost | None): None where nothing is known.
    """
    training = meta.get("training")
    training = training if isinstance(training, dict) else {}
    last = last_evaluation(log)
    if not training and not last:
        return None
    seconds = _number(training.get("seconds"))
    watt_hours = None if seconds is None else seconds * watts / 3600
    processor = training.get("processor")
    return TrainingCost(
        seconds=seconds,
        steps=_whole(training.get("steps"), last.get("step")),
        epochs=_number(training.get("epochs"), last.get("epoch")),
        seed=_whole(training.get("seed")),
        processor=None if processor is None else str(processor),
        threads=_whole(training.get("threads")),
        watts=watts,
        watt_hours=watt_hours,
        price_per_kwh=price_per_kwh,
        price=None if watt_hours is None or price_per_kwh is None else watt_hours / 1000 * price_per_kwh,
    )
