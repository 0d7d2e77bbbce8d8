"""Entity scores: per label, kinds of errors, confusions, seen against unseen names, by source, the worst documents."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from spacy.training import Example

from bellwether.readers import source_of
from bellwether.scorers import asked_labels, scorable_entities

from .bootstrap import Bootstrap, Counts
from .calibration import judge_recogniser, score_calibration
from .matching import Entity, Match, count_matches, entity_confusion, match_entities
from .measures import FN, FP, MICRO_F1, TP, score_table, share
from .result import (
    EntityError,
    EntityErrorDocument,
    EntityScores,
    EntitySpan,
    SeenRecall,
    SliceScores,
    Slicing,
    UnfoundLabel,
)
from .slices import Measured, frequency_bands, group, label_slicing, slice_lengths

# (label, text without case)
Surface = tuple[str, str]

ONLY_SEEN, SOME_UNSEEN = "only seen entities", "at least one unseen entity"


@dataclass(frozen=True)
class EntityDocument:
    """The entities of one document that can be compared, in tokens of the gold doc.

    asked (frozenset | None): the labels that the annotator was asked for; None for all.
    """

    reference: Doc
    gold: frozenset[Entity]
    predicted: frozenset[Entity]
    asked: frozenset[str] | None

    @property
    def source(self) -> str:
        return source_of(self.reference)

    def is_asked(self, label: str) -> bool:
        return self.asked is None or label in self.asked


def id_of(doc: Doc) -> str:
    return str(doc._.record_id or "")


def entity_documents(examples: Iterable[Example], labels: Iterable[str]) -> list[EntityDocument]:
    """The examples that carry at least one of the labels, restricted to them."""
    wanted = frozenset(labels)
    documents = []
    for example in examples:
        entities = scorable_entities(example, wanted)
        if entities is not None:
            gold, predicted = map(frozenset, entities)
            documents.append(EntityDocument(example.reference, gold, predicted, asked_labels(example.reference)))
    return documents


def count_entities(documents: list[EntityDocument], labels: list[str]) -> Counts:
    """RETURNS: (documents, labels, 3): true positives, false positives, false negatives by exact match."""
    index = {label: place for place, label in enumerate(labels)}
    counts = np.zeros((len(documents), len(labels), 3), dtype=np.int64)
    for row, document in enumerate(documents):
        for kind, entities in (
            (TP, document.gold & document.predicted),
            (FP, document.predicted - document.gold),
            (FN, document.gold - document.predicted),
        ):
            for label, *_ in entities:
                if label in index:
                    counts[row, index[label], kind] += 1
    return counts


def asked_table(documents: list[EntityDocument], labels: list[str]) -> NDArray[np.bool_]:
    """RETURNS: (documents, labels): whether the annotator was asked."""
    return np.array([[document.is_asked(label) for label in labels] for document in documents], dtype=bool).reshape(
        len(documents), len(labels)
    )


def training_surfaces(docs: Iterable[Doc], labels: Iterable[str]) -> frozenset[Surface]:
    """What the training entities with these labels look like."""
    wanted = frozenset(labels)
    return frozenset((ent.label_, ent.text.casefold()) for doc in docs for ent in doc.ents if ent.label_ in wanted)


def training_counts(docs: Iterable[Doc], labels: Iterable[str]) -> dict[str, int]:
    """How many entities of each label train has."""
    counter = Counter(ent.label_ for doc in docs for ent in doc.ents)
    return {label: counter[label] for label in labels}


def is_new(document: EntityDocument, entity: Entity, surfaces: frozenset[Surface]) -> bool:
    """Whether train has no entity of the same label and text."""
    label, start, end = entity
    return (label, document.reference[start:end].text.casefold()) not in surfaces


def seen_recall(
    documents: list[EntityDocument], labels: list[str], surfaces: frozenset[Surface], bootstrap: Bootstrap
) -> tuple[SeenRecall, SeenRecall]:
    """Recall of gold entities that train has too, and of those that it has not."""
    counts = np.zeros((len(documents), 2, 2), dtype=np.int64)
    for row, document in enumerate(documents):
        for entity in document.gold:
            if entity[0] in labels:
                counts[row, int(is_new(document, entity, surfaces))] += (entity in document.predicted, 1)
    seen, unseen = (
        SeenRecall(int(counts[:, new, 1].sum()), bootstrap.estimate(counts[:, new], share)) for new in (0, 1)
    )
    return seen, unseen


def spurious_on(documents: list[EntityDocument], matches: list[list[Match]], labels: Iterable[str]) -> dict[str, int]:
    """How many spurious entities overlap a gold entity of a label that nobody finds, by that label."""
    wanted = frozenset(labels)
    counter: Counter[str] = Counter()
    for document, found in zip(documents, matches, strict=True):
        ignored = [ent for ent in document.reference.ents if ent.label_ in wanted]
        for match in found:
            if match.gold is None and match.predicted is not None:
                _, start, end = match.predicted
                counter.update({ent.label_ for ent in ignored if ent.start < end and start < ent.end})
    return {label: counter[label] for label in labels if counter[label]}


def _span(doc: Doc, entity: Entity) -> EntitySpan:
    label, start, end = entity
    span = doc[start:end]
    return EntitySpan(span.start_char, span.end_char, label, span.text)


def _spans(doc: Doc, entities: Iterable[Entity]) -> list[EntitySpan]:
    return sorted((_span(doc, entity) for entity in entities), key=_bounds)


def _bounds(span: EntitySpan) -> tuple[int, int]:
    return span.start, span.end


def error_document(document: EntityDocument, matches: list[Match]) -> EntityErrorDocument:
    doc = document.reference
    errors = [
        EntityError(match.kind, match.gold and _span(doc, match.gold), match.predicted and _span(doc, match.predicted))
        for match in matches
        if match.kind != "exact"
    ]
    return EntityErrorDocument(
        id_of(doc), source_of(doc), doc.text, _spans(doc, document.gold), _spans(doc, document.predicted), errors
    )


def worst_documents(
    documents: list[EntityDocument], matches: list[list[Match]], limit: int
) -> list[EntityErrorDocument]:
    """The documents with the most errors; of two with as many, the shorter."""
    found = [
        error_document(document, matching)
        for document, matching in zip(documents, matches, strict=True)
        if any(match.kind != "exact" for match in matching)
    ]
    return sorted(found, key=_badness)[:limit]


def _badness(document: EntityErrorDocument) -> tuple[int, int, str]:
    return -len(document.errors), len(document.text), document.id


def measure(
    documents: list[EntityDocument], heads: dict[str, list[str]], counts: Counts, labels: list[str]
) -> Measured:
    """What the heads are scored on, a document a row.

    heads (dict): "recogniser", "normalizers" or "all" to their labels. counts (Counts): of `labels`.
    """
    columns = {name: [labels.index(label) for label in found] for name, found in heads.items() if found}
    return Measured(
        range(len(documents)),
        {f"{name}_f1": (counts[:, places], MICRO_F1) for name, places in columns.items()},
        {name: counts[:, places][..., [TP, FN]].sum(axis=(1, 2)) for name, places in columns.items()},
    )


def slice_sources(
    measured: Measured, documents: list[EntityDocument], labels: list[str], bootstrap: Bootstrap
) -> dict[str, SliceScores]:
    """Set documents apart by their source; each with the labels that its annotators were asked for, where these are
    not all."""
    asked = asked_table(documents, labels)
    slices = {}
    for source, rows in group(document.source for document in documents).items():
        wanted = [label for place, label in enumerate(labels) if asked[rows, place].any()]
        slices[source] = measured.score(rows, bootstrap, None if wanted == labels else wanted)
    return slices


def slice_labels(
    documents: list[EntityDocument], counts: Counts, labels: list[str], train: Mapping[str, int], bootstrap: Bootstrap
) -> dict[str, Slicing]:
    """Set the recogniser's labels apart by how often train has them; documents whose annotator was asked for none of a
    band are not in it."""
    asked = asked_table(documents, labels)
    slices = {}
    for band, names in frequency_bands(labels, train).items():
        rows = np.flatnonzero(asked[:, [labels.index(name) for name in names]].any(axis=1)).tolist()
        slices[band] = measure(documents, {"recogniser": names}, counts, labels).score(rows, bootstrap, names)
    return label_slicing(slices, labels, train)


def slice_unseen(
    measured: Measured,
    documents: list[EntityDocument],
    labels: list[str],
    surfaces: frozenset[Surface],
    bootstrap: Bootstrap,
) -> dict[str, Slicing]:
    """Set documents apart by whether an entity of them is new; those without entities are in neither part."""
    keys: list[str | None] = []
    for document in documents:
        new = [is_new(document, entity, surfaces) for entity in document.gold if entity[0] in labels]
        keys.append((SOME_UNSEEN if any(new) else ONLY_SEEN) if new else None)
    slices = {name: measured.score(rows, bootstrap) for name, rows in group(keys, (ONLY_SEEN, SOME_UNSEEN)).items()}
    description = (
        "Documents by whether train has every entity of them with the same text (ignoring case) and label; documents "
        "without an entity are in neither."
    )
    return {"unseen_entities": Slicing(description, slices)} if slices else {}


def score_entities(
    examples: list[Example],
    *,
    recogniser: list[str],
    normalizers: list[str],
    not_found: dict[str, str],
    surfaces: frozenset[Surface] | None,
    bootstrap: Bootstrap,
    worst: int,
    temperature: float | None = None,
    threshold: float | None = None,
    train: Mapping[str, int] | None = None,
) -> EntityScores:
    """Score the entities.

    recogniser, normalizers (list): the labels that the pipeline finds, by what finds them.
    not_found (dict): the labels that it does not find, to the component that would.
    surfaces (frozenset | None): the training entities; None where train is not known.
    worst (int): how many documents with errors to keep.
    temperature, threshold (float | None): of the recogniser.
    train (Mapping | None): label to the training entities that it has; None where train is not known.
    """
    labels = [*recogniser, *normalizers]
    documents = entity_documents(examples, labels)
    counts, asked = count_entities(documents, labels), asked_table(documents, labels)
    matches = [match_entities(document.gold, document.predicted) for document in documents]
    every_match = [match for found in matches for match in found]
    errors, errors_by_label = count_matches(every_match, labels)
    places = {
        "recogniser": slice(0, len(recogniser)),
        "normalizers": slice(len(recogniser), len(labels)),
    }
    tables = {
        name: score_table(counts[:, place], labels[place], bootstrap, asked[:, place]) if labels[place] else None
        for name, place in places.items()
    }
    heads = {"recogniser": recogniser, "normalizers": normalizers}
    measured = measure(documents, heads, counts, labels)
    both = measure(documents, heads | ({"all": labels} if all(heads.values()) else {}), counts, labels)
    slices = slice_lengths(measured, (len(document.reference) for document in documents), bootstrap)
    if train is not None:
        slices |= slice_labels(documents, counts[:, places["recogniser"]], recogniser, train, bootstrap)
    if surfaces is not None:
        names = measure(documents, {"recogniser": recogniser}, counts, labels)
        slices |= slice_unseen(names, documents, recogniser, surfaces, bootstrap)
    seen, unseen = (None, None) if surfaces is None else seen_recall(documents, recogniser, surfaces, bootstrap)
    unfound = frozenset(not_found)
    gold_of_unfound = Counter(
        label for document in entity_documents(examples, unfound) for label, *_ in document.gold if label in unfound
    )
    return EntityScores(
        documents=len(documents),
        recogniser=tables["recogniser"],
        normalizers=tables["normalizers"],
        not_found=[UnfoundLabel(label, found_by, gold_of_unfound[label]) for label, found_by in not_found.items()],
        errors=errors,
        errors_by_label=errors_by_label,
        spurious_on_not_found=spurious_on(documents, matches, not_found),
        confusion=entity_confusion(every_match, labels),
        seen=seen,
        unseen=unseen,
        by_source=slice_sources(both, documents, labels, bootstrap),
        calibration=score_calibration(
            judge_recogniser(examples, recogniser), temperature=temperature, bootstrap=bootstrap, threshold=threshold
        ),
        worst=worst_documents(documents, matches, worst),
        slices=slices,
    )
