"""What every head has: scores with intervals, tables of them, and slices of the documents."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Metric:
    """A score with the bounds of its bootstrap interval over documents."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class LabelScores:
    """One label.

    gold, predicted, right (int): how many there are of each; `right` counts predictions that equal gold.
    documents (int): documents whose annotator was asked for the label; the interval resamples these.
    gold_documents (int): documents in which it occurs. With few of them the interval says little.
    """

    precision: Metric
    recall: Metric
    f1: Metric
    gold: int
    predicted: int
    right: int
    documents: int
    gold_documents: int


@dataclass(frozen=True)
class Average:
    """Micro: over all decisions alike. Macro: the plain mean over the labels that occur as gold or as answer, as in
    scikit-learn.
    """

    precision: Metric
    recall: Metric
    f1: Metric


@dataclass(frozen=True)
class ScoreTable:
    """Labels that are scored together, on the documents that carry at least one of them."""

    documents: int
    labels: dict[str, LabelScores]
    micro: Average
    macro: Average


@dataclass(frozen=True)
class Confusion:
    """counts[i][j]: how often gold `gold[i]` was answered by `predicted[j]`."""

    gold: list[str]
    predicted: list[str]
    counts: list[list[int]]


@dataclass(frozen=True)
class SliceScores:
    """The main scores on a part of the documents: those of one source, of one band of lengths, …

    gold (dict): what is asked for ("recogniser", "normalizers", "answers") to how many gold answers the part has.
    labels (list | None): the labels that are scored in it, where these are not all of the head: those that the
        annotators were asked for, or those of a band of labels.
    """

    documents: int
    metrics: dict[str, Metric]
    gold: dict[str, int] = field(default_factory=dict)
    labels: list[str] | None = None


@dataclass(frozen=True)
class Slicing:
    """The documents, or the labels, set apart by one property.

    description (str): what sets the parts apart, in a sentence.
    slices (dict): part to its scores, in order; a part without documents is left out.
    train (dict): label to its gold answers in train, where the parts are bands of labels.
    """

    description: str
    slices: dict[str, SliceScores]
    train: dict[str, int] = field(default_factory=dict)
