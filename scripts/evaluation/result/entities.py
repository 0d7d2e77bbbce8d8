"""Entities and the values of the normalizers."""

from dataclasses import dataclass, field
from typing import Any

from .calibration import Calibration
from .scores import Confusion, Metric, ScoreTable, SliceScores, Slicing


@dataclass(frozen=True)
class EntitySpan:
    """Characters `start` to `end` (exclusive) of the document's text."""

    start: int
    end: int
    label: str
    text: str


@dataclass(frozen=True)
class EntityError:
    """kind (str): "boundary", "type", "boundary_and_type", "missed" (no predicted) or "spurious" (no gold)."""

    kind: str
    gold: EntitySpan | None
    predicted: EntitySpan | None


@dataclass(frozen=True)
class EntityErrorDocument:
    """A document with wrong entities, all of its entities, and the errors one by one."""

    id: str
    source: str
    text: str
    gold: list[EntitySpan]
    predicted: list[EntitySpan]
    errors: list[EntityError]


@dataclass(frozen=True)
class MatchCounts:
    """Every gold and every predicted entity is in exactly one of these.

    exact: same bounds, same label. boundary: overlap, same label. type: same bounds, another label.
        boundary_and_type: overlap,
    another label. missed: gold without a counterpart. spurious: predicted without one.
    """

    exact: int = 0
    boundary: int = 0
    type: int = 0
    boundary_and_type: int = 0
    missed: int = 0
    spurious: int = 0


@dataclass(frozen=True)
class UnfoundLabel:
    """A label of the domain that no component of this pipeline finds; it has no scores."""

    label: str
    found_by: str
    gold: int


@dataclass(frozen=True)
class SeenRecall:
    """Recall of the recogniser's gold entities, by whether train has an entity of the same text (ignoring case) and
    label.
    """

    gold: int
    recall: Metric


@dataclass(frozen=True)
class EntityScores:
    """Named things and expressions.

    recogniser, normalizers (ScoreTable | None): labels found by the trained recogniser and by rules; None where the
        pipeline has none.
    not_found (list): labels that no component finds yet.
    errors (MatchCounts), errors_by_label (dict): a spurious entity counts under its predicted label, all else under
        the gold label.
    spurious_on_not_found (dict): spurious entities that overlap a gold entity of a label in `not_found`, by that label.
    confusion (Confusion): entities that overlap, one to one; "none" is the row of spurious and the column of missed
        ones.
    seen, unseen (SeenRecall | None): None without training entities.
    by_source (dict): empty where there is one source only.
    calibration (Calibration | None): of the recogniser; None where its entities have no probability.
    slices (dict): "length", "label_frequency", "unseen_entities" to the documents or labels set apart by it; what has
        one part only, or needs a train split that is not known, is left out.
    """

    documents: int
    recogniser: ScoreTable | None
    normalizers: ScoreTable | None
    not_found: list[UnfoundLabel]
    errors: MatchCounts
    errors_by_label: dict[str, MatchCounts]
    spurious_on_not_found: dict[str, int]
    confusion: Confusion
    seen: SeenRecall | None
    unseen: SeenRecall | None
    by_source: dict[str, SliceScores]
    calibration: Calibration | None
    worst: list[EntityErrorDocument]
    slices: dict[str, Slicing] = field(default_factory=dict)


@dataclass(frozen=True)
class FieldScores:
    """One field of a value, over the spans that were found and where gold or prediction fills the field."""

    filled: int
    right: int
    accuracy: Metric


@dataclass(frozen=True)
class WrongValue:
    """A span that was found, with a wrong value: the fields that count. `predicted` is None where the component gave
    none.

    before, after (str): the text around it.
    """

    id: str
    text: str
    before: str
    after: str
    gold: dict[str, Any]
    predicted: dict[str, Any] | None


@dataclass(frozen=True)
class ValueScores:
    """Values of one label: gold = right + wrong_value + not_found.

    component (str): the normalizer that reads them.
    gold (int): gold spans that carry a value.
    right, wrong_value (int): span found with the same bounds, and the value equal or not.
    not_found (int): no predicted span of this label has the same bounds.
    accuracy (Metric): right / gold. accuracy_of_found (Metric): right / (right + wrong_value).
    """

    component: str
    documents: int
    gold: int
    right: int
    wrong_value: int
    not_found: int
    accuracy: Metric
    accuracy_of_found: Metric
    fields: dict[str, FieldScores]
    wrong: list[WrongValue]
