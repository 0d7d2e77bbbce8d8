"""Classifiers, of documents or of spans."""

from dataclasses import dataclass, field

from .calibration import Calibration
from .scores import Confusion, Metric, ScoreTable, SliceScores, Slicing


@dataclass(frozen=True)
class WrongAnswer:
    """A wrong answer of a classifier, with the probability that it gave to it and to the gold label."""

    id: str
    source: str
    text: str
    gold: str
    predicted: str | None
    probability: float
    gold_probability: float | None


@dataclass(frozen=True)
class ClassifierScores:
    """One classifier, on the documents that carry its layer.

    answers (int): one a document, or one a span of a classifier of spans.
    no_answer (int): documents or spans where the best probability is below the component's threshold.
    by_source (dict): empty where there is one source only.
    calibration (Calibration | None): None where it gives no probabilities.
    slices (dict): "length", "label_frequency", as in `EntityScores`.
    """

    documents: int
    answers: int
    accuracy: Metric
    table: ScoreTable
    no_answer: int
    confusion: Confusion
    by_source: dict[str, SliceScores]
    calibration: Calibration | None
    worst: list[WrongAnswer]
    slices: dict[str, Slicing] = field(default_factory=dict)
