"""Writes an `Evaluation` as JSON, and as one HTML page that needs nothing else."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..files import write_json, write_text
from .figures import COMPARED, SLICINGS, SYSTEMS, make_plots
from .markup import label_colors, render_entities
from .matching import NONE
from .result import (
    Calibration,
    Comparison,
    Confusion,
    Difference,
    EntityErrorDocument,
    Evaluation,
    Metric,
    SliceScores,
    ThresholdScores,
)
from .summary import FEW_DOCUMENTS, is_rare, is_small

TEMPLATES = Path(__file__).parent / "templates"
TEMPLATE = "report.html.jinja"
DASH = "–"
MINUS = "−"
_DIGITS = 6
_TOP_CONFUSIONS = 10
KINDS = {
    "exact": ("exact", "same words, same label"),
    "boundary": ("boundary", "right label, but too many or too few words"),
    "type": ("type", "right words, wrong label"),
    "boundary_and_type": ("boundary and type", "overlaps a gold entity, but words and label are wrong"),
    "missed": ("missed", "nothing was found where gold has an entity"),
    "spurious": ("spurious", "something was found where gold has nothing"),
}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation as plain JSON; see `result` for its structure."""
    data: dict[str, Any] = _rounded(asdict(evaluation))
    return data


def number(value: float | None, digits: int = 3) -> str:
    """0.712; a dash where there is nothing to say."""
    return DASH if value is None else f"{value:.{digits}f}".replace("-", MINUS)


def signed(value: float | None, digits: int = 3) -> str:
    """+0.071 or −0.071."""
    return DASH if value is None else f"{value:+.{digits}f}".replace("-", MINUS)


def interval(metric: Metric) -> str:
    """0.68 to 0.75."""
    return "" if metric.low is None else f"{number(metric.low)}–{number(metric.high)}"


def signed_interval(metric: Metric) -> str:
    return "" if metric.low is None else f"{signed(metric.low)} to {signed(metric.high)}"


def percent(value: float | None) -> str:
    """71 %; a dash where there is nothing to say."""
    return DASH if value is None else f"{value:.0%}".replace("%", " %")


def percent_interval(metric: Metric) -> str:
    """68 to 75 %."""
    return "" if metric.low is None or metric.high is None else f"{metric.low:.0%}"[:-1] + f" to {percent(metric.high)}"


def p_value(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def verdict(metric: Metric) -> str:
    """What the interval of a difference says."""
    if metric.low is None or metric.high is None:
        return "nothing to compare"
    if metric.low > 0:
        return "better, beyond chance"
    if metric.high < 0:
        return "worse, beyond chance"
    return "no difference beyond chance"


def calibration_verdict(calibration: Calibration) -> str:
    """Whether the calibration error is more than chance."""
    value, high = calibration.ece.value, calibration.chance.high
    if value is None or high is None or value <= high:
        return "no more than chance would do to a system whose probabilities are all true"
    if calibration.right.value is not None and calibration.probability > calibration.right.value:
        return "more than chance: on the whole it is surer than it should be"
    return "more than chance: on the whole it is less sure than it could be"


def threshold_of(calibration: Calibration, threshold: float) -> ThresholdScores:
    return next(row for row in calibration.thresholds if row.threshold == threshold)


def duration(seconds: float) -> str:
    """2 h 05 min; 12 min 30 s; 4.2 s."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def label_list(scores: SliceScores, train: dict[str, int]) -> str:
    """The labels of a part, each with how often train has it, where that is known."""
    return ", ".join(f"{label} ({train[label]:,})" if label in train else label for label in scores.labels or ())


def present(titles: dict[str, str], slices: dict[str, SliceScores], field: str) -> dict[str, str]:
    """The titles of what any of the parts has in a field."""
    return {key: title for key, title in titles.items() if any(key in getattr(part, field) for part in slices.values())}


def value_text(data: dict[str, Any] | None) -> str:
    """A value as `amount 13100000 · currency EUR`."""
    if data is None:
        return "no value"
    parts = (
        f"{name} {', '.join(map(str, item)) if isinstance(item, list) else item}"
        for name, item in data.items()
        if name != "type"
    )
    return " · ".join(parts) or "empty"


def top_confusions(confusion: Confusion) -> list[tuple[str, str, int]]:
    """The most frequent errors of a matrix: gold, predicted, count."""
    cells = [
        (gold, predicted, count)
        for gold, line in zip(confusion.gold, confusion.counts, strict=True)
        for predicted, count in zip(confusion.predicted, line, strict=True)
        if count and gold != predicted
    ]
    return sorted(cells, key=_by_count)[:_TOP_CONFUSIONS]


def _by_count(cell: tuple[str, str, int]) -> tuple[int, str, str]:
    return -cell[2], cell[0], cell[1]


def difference_to(comparison: Comparison, baseline: str) -> Difference:
    return next(difference for difference in comparison.differences if difference.baseline == baseline)


def render_documents(documents: Iterable[EntityErrorDocument], colors: dict[str, str]) -> list[dict[str, Any]]:
    """The documents with errors, gold and predicted rendered by displaCy."""
    return [
        {
            "document": document,
            "gold": render_entities(document.text, document.gold, colors),
            "predicted": render_entities(document.text, document.predicted, colors),
        }
        for document in documents
    ]


def make_environment(*, autoescape: bool) -> Environment:
    """The templates, with the filters and tests that they share."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=number,
        signed=signed,
        interval=interval,
        signed_interval=signed_interval,
        percent=percent,
        percent_interval=percent_interval,
        p_value=p_value,
        calibration_verdict=calibration_verdict,
        verdict=verdict,
        duration=duration,
        label_list=label_list,
        present=present,
        value_text=value_text,
        top_confusions=top_confusions,
    )
    environment.tests["rare"] = is_rare
    environment.tests["small"] = is_small
    return environment


def render_html(evaluation: Evaluation, entity_labels: list[str]) -> str:
    """The page.

    entity_labels (list): in the order that gives each its colour.
    """
    environment = make_environment(autoescape=True)
    worst = evaluation.entities.worst if evaluation.entities else []
    return environment.get_template(TEMPLATE).render(
        evaluation=evaluation,
        plots=make_plots(evaluation),
        worst_documents=render_documents(worst, label_colors(entity_labels)),
        kinds=KINDS,
        compared=COMPARED,
        difference_to=difference_to,
        few=FEW_DOCUMENTS,
        no_entity=NONE,
        slicings=SLICINGS,
        systems=SYSTEMS,
        threshold_of=threshold_of,
    )


def write_report(evaluation: Evaluation, out: Path, entity_labels: list[str]) -> tuple[Path, Path]:
    """Write `evaluation.json` and `evaluation.html`. RETURNS (tuple): their paths."""
    json_path, html_path = out / "evaluation.json", out / "evaluation.html"
    write_text(html_path, render_html(evaluation, entity_labels))
    write_json(json_path, to_json(evaluation), allow_nan=False)
    return json_path, html_path
