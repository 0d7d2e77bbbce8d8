"""One run: train, calibrate and evaluate, each a process of its own that writes to the log of the run."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from ..overrides import write_settings
from .inputs import Settings

BEST, LAST = "model-best", "model-last"
LOG = "steps.log"
TAIL = 12

# Runs a step (its arguments, the log to append to); returns the exit status.
Runner = Callable[[Sequence[str], Path], int]


class StepFailed(Exception):
    """A step ended with an error, or without its result."""

    def __init__(self, step: str, reason: str, log: Path) -> None:
        self.step = step
        self.reason = reason
        self.log = log
        super().__init__(f"'{step}' {reason}; log: {log}")

    @property
    def last_lines(self) -> list[str]:
        """The end of the log, without empty lines."""
        if not self.log.exists():
            return []
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line.rstrip() for line in lines if line.strip()][-TAIL:]


@dataclass(frozen=True)
class Outcome:
    """What a run brought.

    seconds (dict): by step.
    scores (dict): the headline scores of `evaluation.json`.
    by_source (dict): "entities" or a classifier, to source, to metric, to value; what cannot be said is not there.
    """

    seconds: dict[str, float]
    scores: dict[str, float]
    by_source: dict[str, dict[str, dict[str, float]]]


def run_step(arguments: Sequence[str], log: Path) -> int:
    """Run `python -m scripts ARGUMENTS` with the same Python, and append what it prints to the log."""
    environment = os.environ | {"TQDM_DISABLE": "1", "PYTHONUNBUFFERED": "1"}
    with log.open("a", encoding="utf-8") as file:
        file.write(f"\n$ python -m scripts {shlex.join(arguments)}\n")
        file.flush()
        done = subprocess.run(
            [sys.executable, "-m", "scripts", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            env=environment,
            check=False,
        )
    return done.returncode


def run_steps(
    settings: Settings,
    folder: Path,
    *,
    seed: int,
    overrides: dict[str, Any],
    runner: Runner,
    begin: Callable[[str], None],
) -> Outcome:
    """Do one run in its folder.

    begin (Callable): told the name of each step before it starts.
    RAISES (StepFailed): at the first step that fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report, log = folder / "report", folder / LOG
    log.unlink(missing_ok=True)
    remove_models(folder)
    # The scores of an earlier run must not pass for those of this one.
    shutil.rmtree(report, ignore_errors=True)
    seconds = {}
    for step, *arguments in step_arguments(settings, folder, report, seed=seed, overrides=overrides):
        begin(step)
        start = perf_counter()
        status = runner([step, *arguments], log)
        seconds[step] = round(perf_counter() - start, 1)
        if status != 0:
            raise StepFailed(step, how_it_ended(status), log)
    path = report / "evaluation.json"
    try:
        evaluation = json.loads(path.read_text(encoding="utf-8"))
        return Outcome(seconds, evaluation["scores"], scores_by_source(evaluation))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"left no scores in {path} ({type(error).__name__}: {error})"
        raise StepFailed("evaluate", reason, log) from None


def step_arguments(
    settings: Settings, folder: Path, report: Path, *, seed: int, overrides: dict[str, Any]
) -> Iterator[list[str]]:
    """The calls of a run, in order: a step and its options."""
    model = str(folder / BEST)
    common = ["--corpus", str(settings.corpus), "--domain", str(settings.domain), "--gpu-id", str(settings.gpu_id)]
    train = ["--config", str(settings.config), "--out", str(folder), "--seed", str(seed)]
    train += ["--encoder", settings.encoder, "--gazetteer", str(settings.gazetteer)]
    train += ["--epochs", str(settings.epochs), "--max-steps", str(settings.max_steps)]
    yield ["train", *common, *train, *write_settings(overrides)]
    yield ["calibrate", "--model", model, *common, "--split", "dev"]
    evaluate = ["--split", settings.split, "--no-baselines", "--no-speed", "--out", str(report)]
    yield ["evaluate", "--model", model, *common, *evaluate]


def scores_by_source(evaluation: dict[str, Any]) -> dict[str, dict[str, dict[str, float]]]:
    """The scores per source of an `evaluation.json`, without those that cannot be said."""
    parts = {"entities": evaluation["entities"], **evaluation["classifiers"]}
    found: dict[str, dict[str, dict[str, float]]] = {}
    for part, scores in parts.items():
        for source, item in (scores or {}).get("by_source", {}).items():
            values = {name: metric["value"] for name, metric in item["metrics"].items() if metric["value"] is not None}
            if values:
                found.setdefault(part, {})[source] = values
    return found


def remove_models(folder: Path, *names: str) -> None:
    """Delete the models of a run; all of them where none is named."""
    for name in names or (BEST, LAST):
        shutil.rmtree(folder / name, ignore_errors=True)


def how_it_ended(status: int) -> str:
    """The exit status of a process in words; a negative one is a signal."""
    if status >= 0:
        return f"ended with status {status}"
    name = signal.Signals(-status).name if -status in list(signal.Signals) else str(-status)
    hint = ", perhaps for want of memory" if name == "SIGKILL" else ""
    return f"was stopped by the signal {name}{hint}"
