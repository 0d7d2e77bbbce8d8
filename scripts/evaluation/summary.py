"""The headline scores of an evaluation, and the remarks that a reader needs."""

from collections.abc import Iterator

from .pipeline import Findings
from .result import ClassifierScores, EntityScores, LabelScores, Metric, ScoreTable, SliceScores, ValueScores

# An interval over fewer documents than this is a rough guess.
FEW_DOCUMENTS = 10


def headline_scores(
    entities: EntityScores | None, values: dict[str, ValueScores], classifiers: dict[str, ClassifierScores]
) -> dict[str, float]:
    """Flat scores under the keys of spaCy's scorers; what cannot be said is left out."""
    scores: dict[str, float | None] = {}
    if entities is not None and entities.recogniser is not None:
        table = entities.recogniser
        for key, metric in (("p", table.micro.precision), ("r", table.micro.recall), ("f", table.micro.f1)):
            scores[f"ents_{key}"] = metric.value
        scores["ents_macro_f"] = table.macro.f1.value
    if entities is not None and entities.calibration is not None:
        scores["ents_ece"] = entities.calibration.ece.value
    if entities is not None and entities.normalizers is not None:
        for label, row in entities.normalizers.labels.items():
            for key, metric in (("p", row.precision), ("r", row.recall), ("f", row.f1)):
                scores[f"{label.lower()}_{key}"] = metric.value
    for label, value in values.items():
        scores[f"{label.lower()}_value_accuracy"] = value.accuracy.value
    for name, classifier in classifiers.items():
        macro = classifier.table.macro
        scores[f"{name}_accuracy"] = classifier.accuracy.value
        for key, metric in (("p", macro.precision), ("r", macro.recall), ("f", macro.f1)):
            scores[f"{name}_macro_{key}"] = metric.value
        scores[f"{name}_micro_f"] = classifier.table.micro.f1.value
        if classifier.calibration is not None:
            scores[f"{name}_ece"] = classifier.calibration.ece.value
    return {key: value for key, value in scores.items() if value is not None}


def _tables(
    entities: EntityScores | None, classifiers: dict[str, ClassifierScores]
) -> Iterator[tuple[str, ScoreTable]]:
    if entities is not None:
        for table in (entities.recogniser, entities.normalizers):
            if table is not None:
                yield "entity", table
    for name, classifier in classifiers.items():
        yield name, classifier.table


def is_rare(row: LabelScores) -> bool:
    return row.gold_documents < FEW_DOCUMENTS


def is_small(part: SliceScores) -> bool:
    return part.documents < FEW_DOCUMENTS


def overall(scores: EntityScores | ClassifierScores) -> dict[str, Metric]:
    """The scores of all documents under the names that the scores of their parts have."""
    if isinstance(scores, ClassifierScores):
        return {"accuracy": scores.accuracy, "macro_f1": scores.table.macro.f1}
    tables = {"recogniser_f1": scores.recogniser, "normalizers_f1": scores.normalizers}
    return {name: table.micro.f1 for name, table in tables.items() if table is not None}


def make_remarks(
    found: Findings,
    entities: EntityScores | None,
    values: dict[str, ValueScores],
    classifiers: dict[str, ClassifierScores],
    *,
    unknown_labels: list[str],
    git_dirty: bool | None,
) -> list[str]:
    """What a reader must know to read the numbers rightly."""
    remarks = []
    for name in found.missing:
        remarks.append(f"The pipeline has no component “{name}”: this classifier of the domain is not scored.")
    for what, table in _tables(entities, classifiers):
        rare = [label for label, row in table.labels.items() if is_rare(row)]
        if rare:
            remarks.append(
                f"Fewer than {FEW_DOCUMENTS} documents have these {what} labels, so that their own "
                f"scores are rough guesses, intervals included: {', '.join(rare)}."
            )
    for name, classifier in classifiers.items():
        if classifier.no_answer:
            remarks.append(
                f"“{name}” was not sure enough to answer on {classifier.no_answer} of "
                f"{classifier.answers} questions; these count as misses."
            )
    for label in found.normalizers:
        if label not in values:
            remarks.append(f"These documents have no gold values for {label}: only its spans are scored.")
    if unknown_labels:
        remarks.append(
            "The pipeline also predicts entity labels that the domain does not have; they are not scored: "
            f"{', '.join(unknown_labels)}."
        )
    if git_dirty:
        remarks.append("The checkout had uncommitted changes: the commit alone may not reproduce these numbers.")
    return remarks
