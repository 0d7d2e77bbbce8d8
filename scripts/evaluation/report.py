"""Writes an `Evaluation` as JSON, and as one HTML page that needs nothing else."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..files import write_json, write_text
from .markup import label_colors, render_entities
from .matching import NONE
from .plots import confusion_plot, grouped_intervals, intervals, reliability_plot, risk_coverage_plot
from .result import (
    Calibration,
    Comparison,
    Confusion,
    Difference,
    EntityErrorDocument,
    Evaluation,
    Metric,
    ScoreTable,
    ThresholdScores,
)
from .summary import FEW_DOCUMENTS, is_rare

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


def _f1_plot(table: ScoreTable, name: str, what: str) -> Markup:
    rows = [(label, scores.f1) for label, scores in table.labels.items()]
    rows += [("micro average", table.micro.f1), ("macro average", table.macro.f1)]
    return intervals(rows, name, f"F1 of each {what} label with its interval; the numbers are in the table.", "F1")


def _comparison_plot(comparison: Comparison, metrics: dict[str, str], name: str) -> Markup:
    rows = [
        (title, [(SYSTEMS[system.name], system.metrics[metric]) for system in comparison.systems])
        for metric, title in metrics.items()
    ]
    return grouped_intervals(
        rows,
        name,
        "Scores of the pipeline and of the baselines with their intervals; the numbers are in the table.",
        "score",
    )


def _calibration_plots(calibration: Calibration, what: str, name: str) -> tuple[Markup, Markup]:
    reliability = (
        f"Reliability diagram of {what}: the share of right answers by probability; the numbers are in the table."
    )
    risk = f"Risk-coverage curve of {what}: the share of wrong answers among those kept; the numbers are in the table."
    return (
        reliability_plot(calibration, f"reliability-{name}", reliability),
        risk_coverage_plot(calibration, f"risk-{name}", risk),
    )


SYSTEMS = {"pipeline": "pipeline", "majority": "majority", "tfidf": "TF-IDF", "gazetteer": "gazetteer"}
COMPARED = {"accuracy": "accuracy", "micro_f1": "micro F1", "macro_f1": "macro F1"}


def make_plots(evaluation: Evaluation) -> dict[str, Markup]:
    """All plots of the page, by name."""
    plots = {}
    entities = evaluation.entities
    if entities is not None:
        plots["confusion-entities"] = confusion_plot(
            entities.confusion,
            "confusion-entities",
            "Confusion matrix of entity labels; the numbers are in the table below.",
        )
        if entities.calibration is not None:
            found = _calibration_plots(entities.calibration, "the entities", "entities")
            plots["reliability-entities"], plots["risk-entities"] = found
        for name, table in (("recogniser", entities.recogniser), ("normalizers", entities.normalizers)):
            if table is not None:
                plots[f"f1-{name}"] = _f1_plot(table, f"f1-{name}", "entity")
    for position, (name, classifier) in enumerate(evaluation.classifiers.items()):
        description = f"Confusion matrix of {name}; the numbers are in the table below."
        plots[f"confusion:{name}"] = confusion_plot(classifier.confusion, f"confusion-{position}", description)
        plots[f"f1:{name}"] = _f1_plot(classifier.table, f"f1-{position}", name)
        if classifier.calibration is not None:
            found = _calibration_plots(classifier.calibration, name, str(position))
            plots[f"reliability:{name}"], plots[f"risk:{name}"] = found
    for position, (name, comparison) in enumerate(evaluation.comparisons.items()):
        metrics = {metric: COMPARED[metric] for metric in comparison.systems[0].metrics}
        plots[f"comparison:{name}"] = _comparison_plot(comparison, metrics, f"comparison-{position}")
    return plots


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


def render_html(evaluation: Evaluation, entity_labels: list[str]) -> str:
    """The page.

    entity_labels (list): in the order that gives each its colour.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
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
        value_text=value_text,
        top_confusions=top_confusions,
    )
    environment.tests["rare"] = is_rare
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
        systems=SYSTEMS,
        threshold_of=threshold_of,
    )


def write_report(evaluation: Evaluation, out: Path, entity_labels: list[str]) -> tuple[Path, Path]:
    """Write `evaluation.json` and `evaluation.html`. RETURNS (tuple): their paths."""
    json_path, html_path = out / "evaluation.json", out / "evaluation.html"
    write_text(html_path, render_html(evaluation, entity_labels))
    write_json(json_path, to_json(evaluation), allow_nan=False)
    return json_path, html_path
