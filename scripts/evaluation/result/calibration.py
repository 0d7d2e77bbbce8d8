"""Whether probabilities mean what they say."""

from dataclasses import dataclass

from .scores import Metric


@dataclass(frozen=True)
class ReliabilityBin:
    """The answers with a probability above `low` and up to `high` (the first bin holds 0 too).

    probability (float | None): their mean. right (Metric): the share of right ones, with Wilson's interval, which takes
        every answer for itself.
    """

    low: float
    high: float
    answers: int
    probability: float | None
    right: Metric


@dataclass(frozen=True)
class ThresholdScores:
    """What happens if only answers with at least this probability count.

    answers (int), answered (Metric): how many there are, and their share of all. right (Metric): the share of right
        ones among them.
    """

    threshold: float
    answers: int
    answered: Metric
    right: Metric


@dataclass(frozen=True)
class RiskPoint:
    """A point of the risk-coverage curve: the share of answers with at least this probability, and the share of wrong
    ones among them.
    """

    threshold: float
    coverage: float
    error: float


@dataclass(frozen=True)
class Calibration:
    """Whether the probabilities of a component mean what they say. A classifier's answer is its likeliest label,
    whatever its threshold; a recogniser's answers are the entities that it found.

    temperature (float | None): by which the component divides its scores; not in 0..1.
    threshold (float | None): of a recogniser: what is less likely was left out. None for a classifier.
    ece (Metric): expected calibration error over 15 bins of equal width, with the basic bootstrap interval.
    chance (Metric): the mean and the quantiles of the error that the same probabilities would show if each were true.
    probability (float), right (Metric): mean probability, and share of right answers.
    risk (list): the risk-coverage curve, from the surest answers to all. risk_area (float): mean error along it.
    """

    documents: int
    answers: int
    temperature: float | None
    ece: Metric
    chance: Metric
    probability: float
    right: Metric
    bins: list[ReliabilityBin]
    thresholds: list[ThresholdScores]
    risk: list[RiskPoint]
    risk_area: float
    threshold: float | None = None
