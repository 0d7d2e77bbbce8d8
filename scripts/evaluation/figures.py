"""The plots of the report, each readable without the text beside it."""

from markupsafe import Markup

from .plots import Row, confusion_plot, interval_plot, reliability_plot, risk_coverage_plot
from .result import Calibration, ClassifierScores, Comparison, EntityScores, Evaluation, ScoreTable, SliceScores
from .summary import is_small, overall

SYSTEMS = {
    "pipeline": "pipeline",
    "majority": "majority",
    "tfidf": "TF-IDF",
    "gazetteer": "gazetteer",
    "previous": "previous release",
}
COMPARED = {"accuracy": "accuracy", "micro_f1": "micro F1", "macro_f1": "macro F1"}
# Metrics of slices, and what sets the slices apart.
SLICED = {
    "recogniser_f1": "recogniser, micro F1",
    "normalizers_f1": "normalizers, micro F1",
    "all_f1": "all entities, micro F1",
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
}
SOURCE = "By source"
SLICINGS = {
    "length": "By length",
    "label_frequency": "By how often train has the label",
    "unseen_entities": "By whether train has the entities",
}


def interval_note(level: int) -> str:
    return f"dot: the score; line: its {level} % interval; in brackets: how many there are"


def f1_plot(table: ScoreTable, name: str, what: str, level: int) -> Markup:
    """F1 of each label and on average."""
    rows = [Row(f"{label} ({row.gold})", [("", row.f1)]) for label, row in table.labels.items()]
    rows += [Row("micro average", [("", table.micro.f1)]), Row("macro average", [("", table.macro.f1)])]
    return interval_plot(
        rows,
        name,
        f"F1 of each {what} label with its interval; the numbers are in the table.",
        title=f"F1 of each {what} label, {table.documents:,} documents",
        note=interval_note(level).replace("how many there are", "gold answers"),
        xlabel="F1 (0 to 1)",
    )


def comparison_plot(comparison: Comparison, head: str, name: str, level: int) -> Markup:
    """Every score of every system."""
    rows = [
        Row(COMPARED[metric], [(SYSTEMS[system.name], system.metrics[metric]) for system in comparison.systems])
        for metric in comparison.systems[0].metrics
    ]
    return interval_plot(
        rows,
        name,
        "Scores of the pipeline and of other systems with their intervals; the numbers are in the table.",
        title=f"{head}: the same {comparison.documents:,} test documents",
        note=f"mark: the score; line: its {level} % interval",
        xlabel="score (0 to 1)",
    )


def slice_rows(parts: dict[str, SliceScores]) -> list[Row]:
    return [
        Row(
            f"{name} ({scores.documents:,})",
            [(SLICED[metric], value) for metric, value in scores.metrics.items()],
            pale=is_small(scores),
        )
        for name, scores in parts.items()
    ]


def slice_plot(scores: EntityScores | ClassifierScores, head: str, name: str, level: int) -> Markup | None:
    """Every slice of a head beside the score of all documents; None where there is no slice."""
    groups = {SOURCE: scores.by_source} if scores.by_source else {}
    groups |= {SLICINGS[key]: slicing.slices for key, slicing in scores.slices.items()}
    rows = [row for title, parts in groups.items() for row in (Row(title), *slice_rows(parts))]
    if not rows:
        return None
    series = {label for row in rows for label, _ in row.metrics}
    return interval_plot(
        rows,
        name,
        f"Scores of {head} on parts of the documents with their intervals; the numbers are in the tables.",
        title=f"{head} on parts of {scores.documents:,} documents",
        note=f"line: {level} % interval; dashed: all documents; in brackets: documents; hollow and grey: too few",
        xlabel=f"{series.pop() if len(series) == 1 else 'score'} (0 to 1)",
        references={SLICED[key]: metric.value for key, metric in overall(scores).items() if metric.value is not None},
    )


def calibration_plots(calibration: Calibration, what: str, name: str) -> tuple[Markup, Markup]:
    """The reliability diagram and the risk-coverage curve."""
    reliability = (
        f"Reliability diagram of {what}: the share of right answers by probability; the numbers are in the table."
    )
    risk = f"Risk-coverage curve of {what}: the share of wrong answers among those kept; the numbers are in the table."
    count = f"{calibration.answers:,} answers"
    return (
        reliability_plot(calibration, f"reliability-{name}", reliability, title=f"Reliability of {what}, {count}"),
        risk_coverage_plot(calibration, f"risk-{name}", risk, title=f"Risk of {what}, {count}"),
    )


def entity_plots(entities: EntityScores, level: int) -> dict[str, Markup]:
    pairs = sum(map(sum, entities.confusion.counts))
    plots = {
        "confusion-entities": confusion_plot(
            entities.confusion,
            "confusion-entities",
            "Confusion matrix of entity labels; the numbers are in the table below.",
            title=f"Entity labels, {pairs:,} entities",
        )
    }
    if entities.calibration is not None:
        found = calibration_plots(entities.calibration, "the entities", "entities")
        plots["reliability-entities"], plots["risk-entities"] = found
    for name, table in (("recogniser", entities.recogniser), ("normalizers", entities.normalizers)):
        if table is not None:
            plots[f"f1-{name}"] = f1_plot(table, f"f1-{name}", "entity", level)
    slices = slice_plot(entities, "entities", "slices-entities", level)
    return plots if slices is None else plots | {"slices-entities": slices}


def classifier_plots(classifier: ClassifierScores, name: str, position: int, level: int) -> dict[str, Markup]:
    plots = {
        f"confusion:{name}": confusion_plot(
            classifier.confusion,
            f"confusion-{position}",
            f"Confusion matrix of {name}; the numbers are in the table below.",
            title=f"{name}, {classifier.answers:,} answers",
        ),
        f"f1:{name}": f1_plot(classifier.table, f"f1-{position}", name, level),
    }
    if classifier.calibration is not None:
        found = calibration_plots(classifier.calibration, name, str(position))
        plots[f"reliability:{name}"], plots[f"risk:{name}"] = found
    slices = slice_plot(classifier, name, f"slices-{position}", level)
    return plots if slices is None else plots | {f"slices:{name}": slices}


def make_plots(evaluation: Evaluation) -> dict[str, Markup]:
    """All plots of the page, by name."""
    level = round(evaluation.run.confidence * 100)
    plots: dict[str, Markup] = {}
    if evaluation.entities is not None:
        plots |= entity_plots(evaluation.entities, level)
    for position, (name, classifier) in enumerate(evaluation.classifiers.items()):
        plots |= classifier_plots(classifier, name, position, level)
    for position, (name, comparison) in enumerate(evaluation.comparisons.items()):
        plots[f"comparison:{name}"] = comparison_plot(comparison, name, f"comparison-{position}", level)
    return plots
