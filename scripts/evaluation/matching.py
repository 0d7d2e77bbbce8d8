"""Pairs gold and predicted entities of a document one to one, to tell boundary errors from type errors."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Literal

from .result import Confusion, MatchCounts

# (label, start, end)
Entity = tuple[str, int, int]
Kind = Literal["exact", "type", "boundary", "boundary_and_type", "missed", "spurious"]
NONE = "none"

# Which pair is taken first where an entity overlaps several.
_ORDER: tuple[Kind, ...] = ("exact", "type", "boundary", "boundary_and_type")


@dataclass(frozen=True)
class Match:
    """A gold entity, a predicted entity, or a pair of them."""

    kind: Kind
    gold: Entity | None
    predicted: Entity | None


def pair_kind(gold: Entity, predicted: Entity) -> Kind | None:
    """How two entities agree; None where they do not overlap."""
    if gold[1:] == predicted[1:]:
        return "exact" if gold[0] == predicted[0] else "type"
    if overlap(gold, predicted) <= 0:
        return None
    return "boundary" if gold[0] == predicted[0] else "boundary_and_type"


def overlap(gold: Entity, predicted: Entity) -> int:
    return min(gold[2], predicted[2]) - max(gold[1], predicted[1])


def match_entities(gold: Iterable[Entity], predicted: Iterable[Entity]) -> list[Match]:
    """Pair the entities of one document.

    Better agreement goes first (exact, type, boundary, both), then the longer overlap, then the earlier entity; the
    order of the input does not matter. RETURNS (list): every entity in exactly one match, in the order of the text.
    """
    left, right = set(gold), set(predicted)
    pairs = []
    for one in left:
        for other in right:
            kind = pair_kind(one, other)
            if kind is not None:
                pairs.append((_ORDER.index(kind), -overlap(one, other), one[1], other[1], one, other, kind))
    matches = []
    for *_, one, other, kind in sorted(pairs):
        if one in left and other in right:
            left.remove(one)
            right.remove(other)
            matches.append(Match(kind, one, other))
    matches += [Match("missed", entity, None) for entity in left]
    matches += [Match("spurious", None, entity) for entity in right]
    return sorted(matches, key=_place)


def _place(match: Match) -> tuple[int, int, str, bool]:
    label, start, end = match.gold or match.predicted or ("", 0, 0)
    return start, end, label, match.gold is None


def count_matches(matches: Iterable[Match], labels: list[str]) -> tuple[MatchCounts, dict[str, MatchCounts]]:
    """RETURNS (tuple): totals, and counts by label: the gold label, or the predicted one of a spurious entity."""
    by_label: dict[str, Counter[str]] = defaultdict(Counter)
    for match in matches:
        entity = match.gold or match.predicted
        if entity is not None:
            by_label[entity[0]][match.kind] += 1
    kinds = [spec.name for spec in fields(MatchCounts)]
    totals = MatchCounts(**{kind: sum(counter[kind] for counter in by_label.values()) for kind in kinds})
    return totals, {label: MatchCounts(**{kind: by_label[label][kind] for kind in kinds}) for label in labels}


def entity_confusion(matches: Iterable[Match], labels: list[str]) -> Confusion:
    """Gold label against predicted label of the pairs, with "none" for what has no counterpart."""
    names = [*labels, NONE]
    index = {name: place for place, name in enumerate(names)}
    counts = [[0] * len(names) for _ in names]
    for match in matches:
        row = index[match.gold[0] if match.gold else NONE]
        column = index[match.predicted[0] if match.predicted else NONE]
        counts[row][column] += 1
    return Confusion(names, list(names), counts)
