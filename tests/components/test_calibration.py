"""Measures of calibration and the fit of a temperature, on samples whose truth is known."""

import math
from dataclasses import replace

import numpy
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, Span
from spacy.training import Example

from bellwether.calibration import (
    HIGHEST,
    LOWEST,
    EntityAnswers,
    HasTemperature,
    LabelAnswers,
    PooledAnswers,
    bin_sums,
    chance_ece,
    expected_calibration_error,
    fit_component,
    fit_temperature,
    fit_threshold,
    judge_entities,
    log_softmax,
    mean_loss,
    pool,
    risk_coverage,
    temper,
)

HALVES = (slice(900), slice(900, None))
seeds = st.integers(0, 10_000)
factors = st.floats(0.3, 5.0)
temperatures = st.floats(LOWEST, HIGHEST)


def sample_labels(seed: int, factor: float, count: int = 3000, labels: int = 4) -> LabelAnswers:
    """Gold drawn from the softmax of scores, and a classifier that multiplies these scores by `factor`."""
    generator = numpy.random.default_rng(seed)
    scores = generator.normal(0.0, 1.5, (count, labels))
    gold = (generator.random((count, 1)) > numpy.exp(log_softmax(scores)).cumsum(axis=1)).sum(axis=1)
    return LabelAnswers(log_softmax(scores * factor), numpy.minimum(gold, labels - 1))


def sample_entities(seed: int, factor: float, count: int = 4000) -> EntityAnswers:
    """Entities that are right with a true probability, and a recogniser whose log odds are `factor` times the true."""
    generator = numpy.random.default_rng(seed)
    odds = generator.normal(1.0, 1.5, count)

    def probabilities(temperature: float) -> numpy.ndarray:
        return 1.0 / (1.0 + numpy.exp(-odds * factor / temperature))

    return EntityAnswers(probabilities, generator.random(count) < probabilities(factor), gold=count)


@given(seeds, factors)
def test_the_temperature_undoes_a_known_distortion(seed: int, factor: float) -> None:
    for answers in (sample_labels(seed, factor), sample_entities(seed, factor)):
        assert fit_temperature([answers]).temperature == pytest.approx(factor, rel=0.15)


@given(seeds, factors)
def test_a_fit_makes_the_log_loss_no_worse(seed: int, factor: float) -> None:
    answers = [sample_labels(seed, factor, count=60), sample_labels(seed + 1, factor, count=30)]
    fit = fit_temperature(answers)
    assert fit.answers == 90
    assert fit.log_loss is not None
    assert fit.log_loss[1] <= fit.log_loss[0] == mean_loss(answers, 1.0)
    for neighbour in (0.9, 1.1):
        assert fit.log_loss[1] <= mean_loss(answers, fit.temperature * neighbour) + 1e-9


@given(seeds)
def test_parts_count_as_one(seed: int) -> None:
    whole = sample_labels(seed, 2.0, count=200)
    parts = [LabelAnswers(whole.log_probabilities[part], whole.gold[part]) for part in (slice(70), slice(70, None))]
    assert fit_temperature(parts).temperature == pytest.approx(fit_temperature([whole]).temperature, abs=2e-3)


@pytest.mark.parametrize(("right", "expected"), [
    ([True, False] * 24,        "only 48 answers"),
    ([],                        "only 0 answers"),
    ([True] * 60,               "all 60 answers are right"),
    ([False] * 60,              "all 60 answers are wrong"),
    ([True] * 59 + [False],     None),
])  # fmt: skip
def test_too_little_or_one_sided_gold_keeps_the_temperature(right: list[bool], expected: str | None) -> None:
    gold = numpy.array([0 if is_right else 1 for is_right in right], dtype="int64")
    answers = LabelAnswers(numpy.log(numpy.tile([0.8, 0.2], (len(right), 1))), gold)
    fit = fit_temperature([answers])
    if expected is None:
        assert fit.problem is None
        assert fit.temperature != 1.0
    else:
        assert fit.temperature == 1.0
        assert expected in str(fit.problem)
    assert (fit.log_loss is None) == (not right)
    assert fit_temperature([]).temperature == 1.0


@given(st.lists(st.lists(st.floats(-40, 40, width=32), min_size=3, max_size=3), min_size=1, max_size=9), temperatures)
def test_tempering_keeps_the_answer(scores: list[list[float]], temperature: float) -> None:
    rows = numpy.exp(log_softmax(numpy.array(scores))).astype("float32")
    tempered = temper(rows, temperature)
    assert tempered.argmax(axis=1).tolist() == rows.argmax(axis=1).tolist()
    numpy.testing.assert_allclose(tempered.sum(axis=1), 1.0, atol=1e-9)


@given(temperatures)
def test_labels_of_nearly_the_same_probability_stay_apart(temperature: float) -> None:
    close = numpy.array([[0.3, numpy.nextafter(numpy.float32(0.3), numpy.float32(1)), 0.4 - 1e-3]], dtype="float32")
    tempered = temper(close, temperature)
    assert tempered[0, 0] <= tempered[0, 1] <= tempered[0, 2]
    pair = temper(close[:, :2], temperature)
    assert pair.argmax() == 1


@given(seeds)
def test_true_probabilities_have_nearly_no_error(seed: int) -> None:
    generator = numpy.random.default_rng(seed)
    probability = generator.random(20_000)
    right = generator.random(20_000) < probability
    assert expected_calibration_error(probability, right) < 0.025


def test_known_errors() -> None:
    half = numpy.arange(1000) % 2 == 0
    assert expected_calibration_error(numpy.full(1000, 0.99), half) == pytest.approx(0.49)
    assert expected_calibration_error(numpy.full(1000, 0.5), half) == pytest.approx(0.0)
    # Too sure in one bin and not sure enough in another do not cancel out.
    both = numpy.where(numpy.arange(1000) < 500, 0.9, 0.1)
    assert expected_calibration_error(both, half) == pytest.approx(0.4)
    assert math.isnan(expected_calibration_error(numpy.zeros(0), numpy.zeros(0, dtype=bool)))


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=50))
def test_bins_hold_every_answer_once(pairs: list[tuple[float, bool]]) -> None:
    probability = numpy.array([probability for probability, _ in pairs])
    right = numpy.array([is_right for _, is_right in pairs], dtype=bool)
    sums = bin_sums(probability, right)
    assert sums.shape == (15, 3)
    assert sums.sum(axis=0) == pytest.approx([len(pairs), probability.sum(), right.sum()])
    for place, (count, total, _) in enumerate(sums):
        if count:
            assert place / 15 - 1e-9 <= total / count <= (place + 1) / 15 + 1e-9


def test_chance_is_what_true_probabilities_show() -> None:
    generator = numpy.random.default_rng(1)
    probability = generator.uniform(0.4, 1.0, 400)
    shown = [expected_calibration_error(probability, generator.random(400) < probability) for _ in range(300)]
    chance = chance_ece(probability, draws=300)
    assert chance.mean() == pytest.approx(numpy.mean(shown), abs=0.003)
    assert 0.02 < chance.mean() < 0.06
    assert chance_ece(probability, draws=300).tolist() == chance.tolist()


@given(st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.7, 0.9, 1.0]), st.booleans()), min_size=1, max_size=30))
def test_risk_coverage_counts_what_reaches_each_threshold(pairs: list[tuple[float, bool]]) -> None:
    probability = numpy.array([probability for probability, _ in pairs])
    right = numpy.array([is_right for _, is_right in pairs], dtype=bool)
    curve = risk_coverage(probability, right)
    assert curve.threshold.tolist() == sorted(set(probability.tolist()), reverse=True)
    for threshold, answered, wrong in zip(curve.threshold, curve.answered, curve.wrong, strict=True):
        assert answered == (probability >= threshold).sum()
        assert wrong == ((probability >= threshold) & ~right).sum()
    assert curve.coverage[-1] == 1.0
    assert curve.error[-1] == pytest.approx(1.0 - right.mean())
    assert 0.0 <= curve.area <= 1.0


def test_a_better_order_has_less_area() -> None:
    right = numpy.arange(100) < 80
    rising = numpy.linspace(0.1, 1.0, 100)
    assert risk_coverage(rising[::-1], right).area < risk_coverage(rising, right).area
    assert risk_coverage(numpy.full(100, 0.7), right).area == pytest.approx(0.2)
    assert math.isnan(risk_coverage(numpy.zeros(0), numpy.zeros(0, dtype=bool)).area)


def test_entities_that_nobody_was_asked_for_are_not_judged() -> None:
    nlp = spacy.blank("en")
    words = ["Norvane", "bought", "Halden", "in", "Turku", "today"]

    def make(*ents: tuple[int, int, str], default: str = "outside") -> Doc:
        doc = Doc(nlp.vocab, words=words)
        doc.set_ents([Span(doc, *ent) for ent in ents], default=default)
        return doc

    def judged(reference: Doc, labels: frozenset[str] | None = None) -> list[tuple[str, bool]]:
        return [(ent.text, right) for ent, right in judge_entities(Example(predicted, reference), labels)]

    predicted = make((0, 1, "ORG"), (2, 3, "LOC"), (4, 6, "LOC"))
    full = make((0, 1, "ORG"), (2, 3, "ORG"), (4, 5, "LOC"))
    assert judged(full) == [("Norvane", True), ("Halden", False), ("Turku today", False)]
    assert judged(full, frozenset({"ORG"})) == [("Norvane", True)]
    partly = make((4, 6, "LOC"))
    partly._.layers = {"ner": ["LOC"]}
    assert judged(partly) == [("Halden", False), ("Turku today", True)]
    assert judged(make((0, 1, "ORG"), default="missing")) == [("Norvane", True)]
    assert judged(Doc(nlp.vocab, words=words)) == []


@pytest.mark.parametrize("factory", ["crf_ner", "scoped_textcat"])
@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf, 1e-3, 1e3])
def test_components_refuse_a_temperature_that_is_none(factory: str, value: float) -> None:
    pipe = spacy.blank("en").add_pipe(factory)
    assert isinstance(pipe, HasTemperature)
    assert pipe.temperature == 1.0
    with pytest.raises(ValueError, match=f"{factory}: temperature must lie in"):
        pipe.temperature = value
    assert pipe.temperature == 1.0


@pytest.mark.parametrize(("noise", "low", "high"), [(1.0, 0.4, 1.5), (30.0, 0.0, 0.1)])
def test_the_weight_of_a_second_opinion_is_what_it_is_worth(noise: float, low: float, high: float) -> None:
    """Two opinions whose errors have nothing to do with each other count alike; a poor one counts for nothing."""
    generator = numpy.random.default_rng(0)
    gold = generator.integers(0, 4, 2000)
    truth = numpy.eye(4)[gold] * 1.5
    first, second = (truth + generator.normal(size=truth.shape) * spread for spread in (1.0, noise))
    opinions = numpy.exp(numpy.stack([log_softmax(first), log_softmax(second / noise)]))
    answers = PooledAnswers(pool(opinions, 0.3), gold, opinions)
    halves = [PooledAnswers(pool(opinions[:, part], 0.3), gold[part], opinions[:, part]) for part in HALVES]
    fit = fit_component([answers])
    assert fit.ngram_weight is not None
    assert low <= fit.ngram_weight <= high
    assert fit == fit_component(halves)
    better = answers.weighted(fit.ngram_weight)
    assert fit.log_loss is not None
    assert fit.log_loss[1] == pytest.approx(mean_loss([better], fit.temperature))
    assert fit.log_loss[1] <= min(fit_temperature([answers.weighted(weight)]).log_loss[1] for weight in (0.0, 1.0, 1.5))


@given(seeds, st.floats(0.5, 2.0))
def test_the_threshold_of_entities_has_the_best_f1(seed: int, gold_share: float) -> None:
    """Half of the best F1, where probabilities are true: no other threshold has a better one, but by chance."""
    answers = sample_entities(seed, 1.0)
    gold = max(int(answers.right.sum()), int(gold_share * len(answers.right)))
    answers = replace(answers, gold=gold)
    probability = answers.probabilities(1.0)

    def f1(threshold: float) -> float:
        kept = probability >= threshold
        return float(2.0 * answers.right[kept].sum() / (kept.sum() + gold))

    best = max(f1(threshold) for threshold in probability)
    found = fit_threshold([answers], 1.0)
    assert found == pytest.approx(best / 2.0, abs=1e-4)
    assert f1(found) >= best - 0.01


def test_few_entities_leave_the_threshold_as_it_is() -> None:
    few = sample_entities(0, 1.0, count=20)
    assert fit_component([few]).threshold is None
    enough = sample_entities(0, 3.0)
    fit = fit_component([enough])
    assert fit.threshold == fit_threshold([enough], fit.temperature)


def test_few_answers_leave_the_weight_as_it_is() -> None:
    opinions = numpy.full((2, 20, 2), 0.5)
    fit = fit_component([PooledAnswers(pool(opinions, 0.3), numpy.zeros(20, dtype="int64"), opinions)])
    assert fit.ngram_weight is None
    assert fit.problem is not None
