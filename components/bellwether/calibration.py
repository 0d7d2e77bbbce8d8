"""Calibration: is an answer with probability 0.8 right in 8 of 10 cases? How to measure it, and how to mend it.

Trained networks are mostly too sure. One number repairs most of it: the temperature T, by which the scores are divided
before they become probabilities (Guo et al. 2017, "On calibration of modern neural networks"). Above 1 it makes a
component less sure, below 1 surer; which answer is the likeliest never changes. It is fitted on gold that has not
trained the component, by the least negative log-likelihood. So is the weight of a second opinion, where a component
has one; that does change answers, and so does the threshold of a recogniser with the best F1.

A component takes part that has what `HasTemperature` names; every `TrainableHead` does.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

import numpy
from numpy.typing import NDArray
from spacy.tokens import Span
from spacy.training import Example

from .scorers import scorable_entities

Floats = NDArray[numpy.float64]
Bools = NDArray[numpy.bool_]

BINS = 15
# With fewer answers the temperature would say more about them than about the component.
MIN_ANSWERS = 50
LOWEST, HIGHEST = 0.01, 100.0
_SEARCHED = (0.1, 10.0)
# Of a second opinion, where the first one's is 1. The loss is flat around the best: no finer steps are needed.
WEIGHTS = tuple(step / 20 for step in range(31))
_GRID = 17
_PRECISION = 1e-4
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
# Below this a probability in float32 has lost its digits; it keeps the loss of an answer finite.
_SMALLEST = 1e-37
_DIGITS = 4


class Answers(Protocol):
    """The answers of a component to examples with gold, at any temperature. Their order is fixed."""

    @property
    def right(self) -> Bools:
        """Whether each answer is right, which does not depend on the temperature."""

    def probabilities(self, temperature: float) -> Floats:
        """The probability that the component gives to each of its answers."""

    def losses(self, temperature: float) -> Floats:
        """The negative log-likelihood of each."""


@runtime_checkable
class HasTemperature(Protocol):
    """A component whose probabilities can be calibrated.

    cfg (dict): its settings, `temperature` among them, as they are in the file `cfg` of a saved pipeline.
    """

    cfg: dict[str, Any]
    temperature: float

    def read_answers(self, examples: Iterable[Example]) -> Answers:
        """Answer the docs `predicted` of the examples, which the components before this one have annotated, and compare
        with the gold. Sets nothing; the component's own temperature and threshold play no part."""


@dataclass(frozen=True)
class LabelAnswers:
    """Answers of an exclusive classifier.

    log_probabilities (answers, labels): at temperature 1. gold (answers,): the index of the right label.
    """

    log_probabilities: Floats
    gold: NDArray[numpy.int64]

    @property
    def right(self) -> Bools:
        if not len(self.gold):
            return numpy.zeros(0, dtype=bool)
        return numpy.asarray(self.log_probabilities.argmax(axis=1) == self.gold)

    def probabilities(self, temperature: float) -> Floats:
        return numpy.asarray(numpy.exp(log_softmax(self.log_probabilities, temperature)).max(axis=1, initial=0.0))

    def losses(self, temperature: float) -> Floats:
        rows = numpy.arange(len(self.gold))
        return numpy.asarray(-log_softmax(self.log_probabilities, temperature)[rows, self.gold])


@dataclass(frozen=True)
class PooledAnswers(LabelAnswers):
    """Answers of a classifier with a second opinion; see `pool`.

    opinions (2, answers, labels): the probabilities of each.
    """

    opinions: Floats

    def weighted(self, weight: float) -> "PooledAnswers":
        """The answers if the second opinion had this weight."""
        return replace(self, log_probabilities=pool(self.opinions, weight))


@dataclass(frozen=True)
class EntityAnswers:
    """Entities that a recogniser has found; one is right if gold has the same bounds with the same label.

    probabilities_at (Callable): from a temperature to the probability of each.
    gold (int): how many entities there were to find.
    """

    probabilities_at: Callable[[float], Floats]
    right: Bools
    gold: int

    def probabilities(self, temperature: float) -> Floats:
        return self.probabilities_at(temperature)

    def losses(self, temperature: float) -> Floats:
        probability = self.probabilities(temperature)
        return -numpy.log(numpy.maximum(numpy.where(self.right, probability, 1.0 - probability), 1e-12))


@dataclass(frozen=True)
class ComponentFit:
    """What was fitted for a component: a temperature, and what it does to the answers; and what else the component has.

    log_loss, ece (tuple | None): mean negative log-likelihood and expected calibration error, at temperature 1 and at
        the fitted one; None without answers.
    problem (str | None): why the temperature was left at 1.
    ngram_weight (float | None): the weight of the second opinion that all this is at, where it was fitted too.
    threshold (float | None): of a recogniser, see `fit_threshold`.
    """

    temperature: float
    answers: int
    log_loss: tuple[float, float] | None
    ece: tuple[float, float] | None
    problem: str | None = None
    ngram_weight: float | None = None
    threshold: float | None = None


def check_temperature(name: str, value: float) -> float:
    """RAISES (ValueError): outside of the range in which the order of the labels survives rounding."""
    if not LOWEST <= value <= HIGHEST:
        raise ValueError(f"{name}: temperature must lie in {LOWEST:g}..{HIGHEST:g}, got {value!r}")
    return float(value)


def log_of(probabilities: Any, xp: Any = numpy) -> Any:
    """Logarithms in float64, finite for a probability of 0 too."""
    return xp.log(xp.maximum(xp.asarray(probabilities, dtype="float64"), _SMALLEST))


def log_softmax(scores: Any, temperature: float = 1.0, xp: Any = numpy) -> Any:
    """Log-probabilities of scores (rows, labels) divided by a temperature."""
    if not scores.shape[1]:
        return scores
    scaled = (scores - scores.max(axis=1, keepdims=True)) / temperature
    return scaled - xp.log(xp.exp(scaled).sum(axis=1, keepdims=True))


def temper(probabilities: Any, temperature: float, xp: Any = numpy) -> Any:
    """Rows of probabilities as they would have come out of the softmax at this temperature.

    RETURNS: float64, as two labels of nearly the same probability must not become equal.
    """
    return xp.exp(log_softmax(log_of(probabilities, xp), temperature, xp))


def pool(opinions: Any, weight: float, xp: Any = numpy) -> Any:
    """Scores (rows, labels), whose softmax is the logarithmic opinion pool of two classifiers (Genest and Zidek 1986,
    "Combining probability distributions"): the product of the probabilities, the second's to the power of `weight`.

    opinions (2, rows, labels): the probabilities of both.
    """
    first, second = log_of(opinions, xp)
    return first + weight * second


def judge_entities(example: Example, labels: frozenset[str] | None = None) -> list[tuple[Span, bool]]:
    """The predicted entities that can be compared with gold, and whether they are exactly right.

    What the annotator was not asked for is left out, as in `bellwether.scorers.scorable_entities`.
    """
    comparable = scorable_entities(example, labels)
    if comparable is None:
        return []
    gold, predicted = comparable
    to_reference = example.alignment.x2y
    judged = []
    for ent in example.predicted.ents:
        indices = to_reference[ent.start : ent.end]
        if len(indices):
            key = (ent.label_, int(indices[0]), int(indices[-1]) + 1)
            if key in predicted:
                judged.append((ent, key in gold))
    return judged


def fit_temperature(parts: Sequence[Answers]) -> ComponentFit:
    """The temperature of the least log loss over all parts together.

    It stays at 1 where there are fewer than `MIN_ANSWERS` answers, or where all are right or all are wrong, so that no
    temperature would be extreme enough.
    """
    right = numpy.concatenate([part.right for part in parts]) if parts else numpy.zeros(0, dtype=bool)
    count = len(right)
    problem = None
    if count < MIN_ANSWERS:
        problem = f"only {count} answers with gold, {MIN_ANSWERS} are needed"
    elif right.all() or not right.any():
        problem = f"all {count} answers are {'right' if right.all() else 'wrong'}: how sure to be cannot be learnt"
    if not count:
        return ComponentFit(1.0, 0, None, None, problem)
    best = 1.0 if problem else round(minimise(parts), _DIGITS)
    if mean_loss(parts, best) >= mean_loss(parts, 1.0):  # as good without, to the last digit
        best = 1.0
    log_loss, ece = mean_loss(parts, 1.0), _ece_at(parts, right, 1.0)
    fitted = (mean_loss(parts, best), _ece_at(parts, right, best))
    return ComponentFit(best, count, (log_loss, fitted[0]), (ece, fitted[1]), problem)


def fit_component(parts: Sequence[Answers]) -> ComponentFit:
    """The temperature of a component, and the weight of its second opinion or the threshold of its entities, if it has
    one."""
    if entities := [part for part in parts if isinstance(part, EntityAnswers)]:
        fit = fit_temperature(entities)
        return replace(fit, threshold=None if fit.answers < MIN_ANSWERS else fit_threshold(entities, fit.temperature))
    pooled = [part for part in parts if isinstance(part, PooledAnswers)]
    if not pooled or sum(len(part.gold) for part in pooled) < MIN_ANSWERS:
        return fit_temperature(parts)
    weight = fit_weight(pooled)
    return replace(fit_temperature([part.weighted(weight) for part in pooled]), ngram_weight=weight)


def fit_weight(parts: Sequence[PooledAnswers]) -> float:
    """The weight of the second opinion with the least log loss, each weight at its own best temperature."""
    gold = numpy.concatenate([part.gold for part in parts])
    opinions = numpy.concatenate([part.opinions for part in parts], axis=1)

    def loss(weight: float) -> float:
        answers = [LabelAnswers(pool(opinions, weight), gold)]
        return mean_loss(answers, minimise(answers))

    return min(WEIGHTS, key=loss)


def fit_threshold(parts: Sequence[EntityAnswers], temperature: float) -> float:
    """The least probability with which an entity should count, for the best F1 of those that do: half of that F1.

    An entity that is right with probability p adds 2 p to the numerator of F1 = 2 tp / (found + gold), and 1 to its
    denominator, so it raises F1 where p > F1 / 2 (Lipton et al. 2014, "Optimal thresholding of classifiers to maximize
    F1 measure"). This holds for probabilities that mean what they say, at the fitted temperature.
    """
    probability = numpy.concatenate([part.probabilities(temperature) for part in parts])
    curve = risk_coverage(probability, numpy.concatenate([part.right for part in parts]))
    scores = 2.0 * (curve.answered - curve.wrong) / (curve.answered + sum(part.gold for part in parts))
    return round(float(scores.max(initial=0.0)) / 2.0, _DIGITS)


def mean_loss(parts: Sequence[Answers], temperature: float) -> float:
    """The mean negative log-likelihood of an answer."""
    return float(numpy.concatenate([part.losses(temperature) for part in parts]).mean())


def _ece_at(parts: Sequence[Answers], right: Bools, temperature: float) -> float:
    probability = numpy.concatenate([part.probabilities(temperature) for part in parts])
    return expected_calibration_error(probability, right)


def minimise(parts: Sequence[Answers]) -> float:
    """The temperature of the least mean loss: the best of a grid over log T, then golden section around it.

    A classifier's loss is convex in 1/T and has one minimum. An entity's may have several: the grid finds the lowest.
    """
    grid = numpy.linspace(math.log(_SEARCHED[0]), math.log(_SEARCHED[1]), _GRID)
    values = [mean_loss(parts, math.exp(point)) for point in grid]
    place = int(numpy.argmin(values))
    low, high = float(grid[max(0, place - 1)]), float(grid[min(_GRID - 1, place + 1)])
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = mean_loss(parts, math.exp(left)), mean_loss(parts, math.exp(right))
    while high - low > _PRECISION:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = mean_loss(parts, math.exp(left))
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = mean_loss(parts, math.exp(right))
    return math.exp((low + high) / 2.0)


def bin_edges(bins: int = BINS) -> Floats:
    """The bounds of `bins` bins of equal width over 0..1. A bin holds its upper bound, not its lower one."""
    return numpy.linspace(0.0, 1.0, bins + 1)


def bin_of(probability: Floats, bins: int = BINS) -> NDArray[numpy.int64]:
    """The index of the bin of each probability."""
    return numpy.asarray(numpy.searchsorted(bin_edges(bins)[1:-1], probability, side="left"))


def bin_sums(probability: Floats, right: Bools, bins: int = BINS) -> Floats:
    """RETURNS (Floats): (bins, 3): the number of answers, the sum of their probabilities, how many are right."""
    index = bin_of(probability, bins)
    weights = (numpy.ones(len(index)), probability, right.astype("float64"))
    return numpy.stack([numpy.bincount(index, weights=weight, minlength=bins) for weight in weights], axis=-1)


def ece_of_sums(sums: Floats) -> Floats:
    """Expected calibration error from sums of shape (…, bins, 3); NaN without answers."""
    counts = sums[..., 0].sum(axis=-1)
    gaps = numpy.abs(sums[..., 1] - sums[..., 2]).sum(axis=-1)
    return numpy.divide(gaps, counts, out=numpy.full(numpy.shape(gaps), numpy.nan), where=numpy.asarray(counts) > 0)


def expected_calibration_error(probability: Floats, right: Bools, bins: int = BINS) -> float:
    """The distance between the mean probability and the share of right answers, over bins of probability, weighted by
    their answers. 0 is perfect; on few answers chance alone keeps it well above 0, see `chance_ece`.

    probability (Floats): of each answer. right (Bools): whether it is right.
    RETURNS (float): NaN without answers.
    """
    return float(ece_of_sums(bin_sums(probability, right, bins)))


def chance_ece(probability: Floats, *, draws: int = 1000, seed: int = 0, bins: int = BINS) -> Floats:
    """What the expected calibration error would be if every probability were exactly true: in each draw an answer is
    right by a coin with its own probability (consistency resampling, Bröcker and Smith 2007).

    RETURNS (Floats): (draws,).
    """
    generator = numpy.random.default_rng([seed, len(probability)])
    found = numpy.empty(draws)
    for draw in range(draws):
        right = generator.random(len(probability)) < probability
        found[draw] = expected_calibration_error(probability, right, bins)
    return found


@dataclass(frozen=True)
class RiskCoverage:
    """What is answered, and how often wrongly, if only answers of at least some probability count.

    threshold, answered, wrong (each (points,)): the distinct probabilities, the highest first, and how many answers
        reach each, and how many of these are wrong.
    """

    threshold: Floats
    answered: NDArray[numpy.int64]
    wrong: NDArray[numpy.int64]

    @property
    def coverage(self) -> Floats:
        """The share of answers that reach the threshold."""
        return numpy.asarray(self.answered / self.answered[-1]) if len(self.answered) else numpy.zeros(0)

    @property
    def error(self) -> Floats:
        """The share of wrong ones among them."""
        return numpy.asarray(self.wrong / self.answered)

    @property
    def area(self) -> float:
        """The mean error over all coverages (Geifman and El-Yaniv 2017); NaN without answers."""
        if not len(self.answered):
            return math.nan
        steps = numpy.diff(self.answered, prepend=0)
        return float((self.error * steps).sum() / self.answered[-1])


def risk_coverage(probability: Floats, right: Bools) -> RiskCoverage:
    """The curve of all answers; those of equal probability are one point."""
    order = numpy.argsort(-probability, kind="stable")
    ordered = probability[order]
    last = numpy.flatnonzero(numpy.append(ordered[1:] != ordered[:-1], True)) if len(ordered) else numpy.zeros(0, int)
    wrong = numpy.cumsum(~right[order])
    return RiskCoverage(ordered[last], last + 1, wrong[last])
