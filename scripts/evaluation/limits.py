"""What the numbers say that the pipeline does badly, in sentences."""

from collections.abc import Iterator

from .report import calibration_verdict, number
from .result import (
    Calibration,
    ClassifierScores,
    EntityScores,
    Evaluation,
    LabelScores,
    Metric,
    ScoreTable,
    SliceScores,
)
from .summary import is_rare, is_small, overall

# How many of the worst labels of a head are named.
WORST_LABELS = 3
PARTS = {"length": "texts of {}", "label_frequency": "{} labels", "unseen_entities": "documents with {}"}
# Scores that can be compared between parts with different labels, and how they are called.
COMPARABLE = {"recogniser_f1": "F1 of names", "normalizers_f1": "F1 of expressions", "accuracy": "accuracy"}


def score_text(metric: Metric) -> str:
    """0.71 (0.68–0.75)."""
    text = number(metric.value, 2)
    return text if metric.low is None else f"{text} ({number(metric.low, 2)}–{number(metric.high, 2)})"


def _f1_of(row: tuple[str, LabelScores]) -> float:
    return row[1].f1.value or 0.0


def worst_labels(table: ScoreTable) -> list[tuple[str, LabelScores]]:
    """The labels below the mean with the lowest F1, worst first; those too rare to be judged are not among them."""
    mean = table.macro.f1.value
    if mean is None:
        return []
    low = [(label, row) for label, row in table.labels.items() if not is_rare(row) and (row.f1.value or 0.0) < mean]
    return sorted(low, key=_f1_of)[:WORST_LABELS]


def parts_of(scores: EntityScores | ClassifierScores) -> Iterator[tuple[str, SliceScores]]:
    """Every part of the documents or labels with its name."""
    for source, part in scores.by_source.items():
        yield f"the source “{source}”", part
    for key, slicing in scores.slices.items():
        for name, part in slicing.slices.items():
            yield PARTS[key].format(name), part


def low_parts(scores: EntityScores | ClassifierScores) -> Iterator[tuple[str, str, Metric, Metric, int]]:
    """The parts whose interval lies wholly below the score of all documents.

    Yields (tuple): part, score, its value there, its value of all documents, and the documents of the part.
    """
    everywhere = overall(scores)
    for name, part in parts_of(scores):
        for key, title in COMPARABLE.items():
            here, all_in_all = part.metrics.get(key), everywhere.get(key)
            if here is None or all_in_all is None or here.high is None or all_in_all.value is None or is_small(part):
                continue
            if here.high < all_in_all.value:
                yield name, title, here, all_in_all, part.documents


def table_limits(head: str, table: ScoreTable | None) -> Iterator[str]:
    if table is None:
        return
    low = worst_labels(table)
    if low:
        named = ", ".join(f"{label} {score_text(row.f1)}" for label, row in low)
        yield f"Lowest F1 among the labels of {head}: {named}; the mean is {number(table.macro.f1.value, 2)}."
    never = [label for label, row in table.labels.items() if row.gold and not row.right]
    if never:
        yield f"No document was given these labels of {head} rightly: {', '.join(never)}."


def part_limits(head: str, scores: EntityScores | ClassifierScores) -> Iterator[str]:
    for name, title, here, all_in_all, documents in low_parts(scores):
        yield (
            f"{head.capitalize()} on {name}: {title} {score_text(here)} on {documents:,} documents, "
            f"against {number(all_in_all.value, 2)} on all."
        )
    for name, part in parts_of(scores):
        if is_small(part):
            yield f"{head.capitalize()} on {name}: only {part.documents} documents, so that nothing can be said."


def calibration_limits(head: str, calibration: Calibration | None) -> Iterator[str]:
    if calibration is not None and (verdict := calibration_verdict(calibration)).startswith("more"):
        yield f"The calibration error of {head} is {number(calibration.ece.value)}, {verdict}."


def find_limits(evaluation: Evaluation) -> list[str]:
    """Worst labels, parts that are worse than the whole, new names, probabilities that do not mean what they say."""
    limits: list[str] = []
    entities = evaluation.entities
    if entities is not None:
        limits += table_limits("the recogniser", entities.recogniser)
        limits += table_limits("the normalizers", entities.normalizers)
        if entities.seen is not None and entities.unseen is not None and entities.unseen.recall.value is not None:
            limits.append(
                f"Recall of names that train does not have is {score_text(entities.unseen.recall)}; of those that it "
                f"has, {score_text(entities.seen.recall)}."
            )
        limits += part_limits("entities", entities)
        limits += calibration_limits("the recogniser", entities.calibration)
    for name, classifier in evaluation.classifiers.items():
        limits += table_limits(f"“{name}”", classifier.table)
        limits += part_limits(name, classifier)
        limits += calibration_limits(f"“{name}”", classifier.calibration)
    return limits
