"""Scorers that know what was annotated: what an annotator was not asked for is neither right nor wrong."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from spacy.scorer import PRFScore
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import registry

from .attributes import get_field

NER_LAYER = "ner"


def asked_labels(doc: Doc) -> frozenset[str] | None:
    """The entity labels that the annotator of a gold doc was asked for; None where the doc does not say (then: all)."""
    layers = get_field(doc, name="layers")
    if layers is None or not isinstance(layers.get(NER_LAYER), list):
        return None
    return frozenset(layers[NER_LAYER])


def scorable_entities(
    example: Example, labels: frozenset[str] | None = None
) -> tuple[set[tuple[str, int, int]], set[tuple[str, int, int]]] | None:
    """Gold and predicted entities of one example that can be compared.

    labels (frozenset | None): restrict both sides to these labels.
    RETURNS (tuple | None): two sets of (label, start, end) in tokens of the reference: gold, predicted. None where no
        entities were annotated, or the annotator was asked for none of the labels. Labels that were not asked for, and
        predictions on tokens of unknown annotation, are left out.
    """
    reference = example.reference
    if not reference.has_annotation("ENT_IOB"):
        return None
    asked = asked_labels(reference)
    if labels is not None and asked is not None and labels.isdisjoint(asked):
        return None

    def counts(label: str) -> bool:
        return (labels is None or label in labels) and (asked is None or label in asked)

    gold = {(ent.label_, ent.start, ent.end) for ent in reference.ents if counts(ent.label_)}
    predicted = set()
    to_reference = example.alignment.x2y
    for ent in example.predicted.ents:
        indices = to_reference[ent.start : ent.end]
        if not len(indices) or not counts(ent.label_):
            continue
        start, end = int(indices[0]), int(indices[-1]) + 1
        if all(token.ent_iob != 0 for token in reference[start:end]):
            predicted.add((ent.label_, start, end))
    return gold, predicted


def score_entities(
    examples: Iterable[Example], *, labels: Iterable[str] | None = None, prefix: str = "ents", **kwargs: Any
) -> dict[str, Any]:
    """Exact-match precision, recall and F1 of entities, micro and per label.

    labels (Iterable[str] | None): score these only; None scores all.
    prefix (str): of the keys.
    RETURNS (Dict[str, Any]): `PREFIX_p`, `PREFIX_r`, `PREFIX_f`, `PREFIX_per_type`; None where no example is annotated.
    """
    wanted = None if labels is None else frozenset(labels)
    per_type: dict[str, PRFScore] = defaultdict(PRFScore)
    annotated = False
    for example in examples:
        entities = scorable_entities(example, wanted)
        if entities is None:
            continue
        annotated = True
        gold, predicted = entities
        for label, *_ in gold & predicted:
            per_type[label].tp += 1
        for label, *_ in gold - predicted:
            per_type[label].fn += 1
        for label, *_ in predicted - gold:
            per_type[label].fp += 1
    names = [f"{prefix}_{suffix}" for suffix in ("p", "r", "f", "per_type")]
    if not annotated:
        return dict.fromkeys(names)
    total = PRFScore()
    for prf in per_type.values():
        total += prf
    per_label = {label: prf.to_dict() for label, prf in sorted(per_type.items())}
    return dict(zip(names, (total.precision, total.recall, total.fscore, per_label), strict=True))


def score_values(examples: Iterable[Example], *, label: str, **kwargs: Any) -> dict[str, Any]:
    """Spans of one label, and how many of the gold values were read right.

    RETURNS (Dict[str, Any]): for "MONEY": `money_p`, `money_r`, `money_f` (span exact), and `money_value_accuracy`: the
        share of gold spans with a gold value that were found with the same bounds and an equal value; None where there
        is no such span.
    """
    examples = list(examples)
    prefix = label.lower()
    scores = score_entities(examples, labels=[label], prefix=prefix)
    right = total = 0
    for example in examples:
        if scorable_entities(example, frozenset([label])) is None:
            continue
        predicted = {
            (ent.start_char, ent.end_char): ent._.value for ent in example.predicted.ents if ent.label_ == label
        }
        for ent in example.reference.ents:
            if ent.label_ == label and ent._.value is not None:
                total += 1
                right += has_equal_value(predicted, ent)
    scores.pop(f"{prefix}_per_type")
    scores[f"{prefix}_value_accuracy"] = right / total if total else None
    return scores


def has_equal_value(predicted: dict[tuple[int, int], Any], gold: Span) -> bool:
    """Whether a predicted span has the bounds of the gold span, and an equal value."""
    bounds = (gold.start_char, gold.end_char)
    return bounds in predicted and predicted[bounds] == gold._.value


@registry.scorers("bellwether.ner_scorer.v1")
def make_ner_scorer(labels: list[str] | None = None) -> Callable[..., dict[str, Any]]:
    """labels (List[str] | None): the labels that the recogniser is to find; normalizers score their own."""
    return partial(score_entities, labels=labels)


@registry.scorers("bellwether.value_scorer.v1")
def make_value_scorer(label: str) -> Callable[..., dict[str, Any]]:
    """label (str): the label of the normalizer."""
    return partial(score_values, label=label)
