"""Values of the normalizers: whether a found span says what gold says, and which field is wrong where it does not."""

from dataclasses import fields
from typing import Any

import numpy as np
from spacy.tokens import Span
from spacy.training import Example

from bellwether.scorers import has_equal_value, scorable_entities
from bellwether.values import Value

from .bootstrap import Bootstrap
from .entities import id_of
from .measures import share
from .result import FieldScores, ValueScores, WrongValue

_CONTEXT = 60


def compared_fields(value: Value) -> list[str]:
    """The fields that make two values equal or not."""
    return [spec.name for spec in fields(value) if spec.compare]


def says(value: Value | None, name: str) -> bool:
    """Whether the field is filled with something other than its default."""
    if value is None or not hasattr(value, name):
        return False
    default = {spec.name: spec.default for spec in fields(value)}[name]
    return getattr(value, name) is not None and getattr(value, name) != default


def compared_json(value: Value) -> dict[str, Any]:
    """The value as JSON, without the fields that do not count."""
    names = {"type", *compared_fields(value)}
    return {name: item for name, item in value.to_json().items() if name in names}


def _wrong(gold: Span, predicted: Value | None) -> WrongValue:
    doc = gold.doc
    begin, end = max(0, gold.start_char - _CONTEXT), min(len(doc.text), gold.end_char + _CONTEXT)
    return WrongValue(
        id=id_of(doc),
        text=gold.text,
        before=("…" if begin else "") + doc.text[begin : gold.start_char],
        after=doc.text[gold.end_char : end] + ("…" if end < len(doc.text) else ""),
        gold=compared_json(gold._.value),
        predicted=None if predicted is None else compared_json(predicted),
    )


def carries_values(examples: list[Example], label: str) -> bool:
    """Whether any gold span of the label has a value."""
    return any(
        ent.label_ == label and ent._.value is not None for example in examples for ent in example.reference.ents
    )


def gold_with_values(example: Example, label: str) -> list[Span] | None:
    """The gold spans of the label that have a value; None where the annotator was not asked for the label."""
    if scorable_entities(example, frozenset([label])) is None:
        return None
    return [ent for ent in example.reference.ents if ent.label_ == label and ent._.value is not None]


def score_values(examples: list[Example], label: str, component: str, bootstrap: Bootstrap) -> ValueScores:
    """Score the values of one label, as its component reads them. Bounds are compared in characters, as in
    `bellwether.value_scorer.v1`."""
    rows: list[tuple[int, int, int]] = []  # right, found, gold of each document
    wrong: list[WrongValue] = []
    verdicts: dict[str, list[tuple[int, bool]]] = {}  # field to document and whether it is right
    for example in examples:
        gold = gold_with_values(example, label)
        if gold is None:
            continue
        predicted = {
            (ent.start_char, ent.end_char): ent._.value for ent in example.predicted.ents if ent.label_ == label
        }
        found = [ent for ent in gold if (ent.start_char, ent.end_char) in predicted]
        right = [ent for ent in found if has_equal_value(predicted, ent)]
        for ent in found:
            value = predicted[ent.start_char, ent.end_char]
            if ent not in right:
                wrong.append(_wrong(ent, value))
            for name in compared_fields(ent._.value):
                entries = verdicts.setdefault(name, [])
                if says(ent._.value, name) or says(value, name):
                    entries.append((len(rows), getattr(value, name, None) == getattr(ent._.value, name)))
        rows.append((len(right), len(found), len(gold)))
    counts = np.array(rows, dtype=np.int64).reshape(len(rows), 3)
    right_count, found_count, gold_count = (int(count) for count in counts.sum(axis=0))
    return ValueScores(
        component=component,
        documents=len(rows),
        gold=gold_count,
        right=right_count,
        wrong_value=found_count - right_count,
        not_found=gold_count - found_count,
        accuracy=bootstrap.estimate(counts[:, [0, 2]], share),
        accuracy_of_found=bootstrap.estimate(counts[:, [0, 1]], share),
        fields={name: _field_scores(entries, len(rows), bootstrap) for name, entries in verdicts.items() if entries},
        wrong=wrong,
    )


def _field_scores(entries: list[tuple[int, bool]], documents: int, bootstrap: Bootstrap) -> FieldScores:
    counts = np.zeros((documents, 2), dtype=np.int64)
    for row, right in entries:
        counts[row] += (right, 1)
    right_count, filled = (int(count) for count in counts.sum(axis=0))
    return FieldScores(filled, right_count, bootstrap.estimate(counts, share))
