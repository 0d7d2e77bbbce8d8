"""The bootstrap, the measures and the paired comparison, on counts that can be checked by hand."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

from scripts.evaluation.baselines import Baseline
from scripts.evaluation.bootstrap import Bootstrap
from scripts.evaluation.classification import count_answers
from scripts.evaluation.comparison import compare_classifiers, compare_entities, mcnemar, paired_difference
from scripts.evaluation.measures import MACRO_F1, MICRO_F1, f1, precision, recall, score_table, share
from scripts.evaluation.result import Metric

LABELS = ["a", "b", "c"]
GOLD = ["a", "a", "a", "b", "b", "c", "a", "b", "a", "a"]
ANSWERS = ["a", "b", "a", "b", "a", "a", "a", "b", "a", "c"]


@pytest.fixture
def bootstrap() -> Bootstrap:
    return Bootstrap(resamples=400)


def everything(documents: int, labels: int) -> np.ndarray:
    return np.ones((documents, labels), dtype=bool)


def test_every_resample_has_as_many_documents(bootstrap: Bootstrap) -> None:
    draws = bootstrap.draws(30)
    assert draws.shape == (400, 30)
    assert (draws.sum(axis=1) == 30).all()
    assert draws.mean() == pytest.approx(1.0)
    assert draws.max() > 1


def test_sums_are_those_of_the_drawn_documents(bootstrap: Bootstrap) -> None:
    counts = np.arange(24).reshape(4, 2, 3)
    sums = bootstrap.sums(counts)
    assert sums.shape == (400, 2, 3)
    drawn = np.repeat(np.arange(4), bootstrap.draws(4)[7])
    assert sums[7].tolist() == counts[drawn].sum(axis=0).tolist()


def test_the_interval_contains_the_score_and_is_reproducible() -> None:
    counts = count_answers(GOLD * 10, ANSWERS * 10, LABELS)
    metric = Bootstrap(seed=3).estimate(counts, MACRO_F1)
    assert metric.value is not None
    assert metric.low is not None
    assert metric.high is not None
    assert metric.low < metric.value < metric.high
    assert Bootstrap(seed=3).estimate(counts, MACRO_F1) == metric
    assert Bootstrap(seed=4).estimate(counts, MACRO_F1) != metric


def test_the_interval_narrows_with_the_number_of_documents(bootstrap: Bootstrap) -> None:
    widths = []
    for times in (1, 10, 100):
        metric = bootstrap.estimate(count_answers(GOLD * times, ANSWERS * times, LABELS), MICRO_F1)
        assert metric.low is not None
        assert metric.high is not None
        widths.append(metric.high - metric.low)
    assert widths[0] > 2 * widths[1] > 4 * widths[2]


def test_the_interval_is_that_of_a_binomial_share(bootstrap: Bootstrap) -> None:
    right = np.array([(int(document < 800), 1) for document in range(1000)])
    metric = Bootstrap(resamples=2000).estimate(right, share)
    deviation = (0.8 * 0.2 / 1000) ** 0.5
    assert metric.value == 0.8
    assert metric.low == pytest.approx(0.8 - 1.96 * deviation, abs=0.003)
    assert metric.high == pytest.approx(0.8 + 1.96 * deviation, abs=0.003)


def test_what_is_undefined_is_none_not_zero(bootstrap: Bootstrap) -> None:
    nothing = np.zeros((5, 3), dtype=int)
    assert [bootstrap.estimate(nothing, measure) for measure in (precision, recall, f1)] == [Metric(None)] * 3
    assert bootstrap.estimate(np.zeros((0, 3), dtype=int), f1) == Metric(None)
    only_missed = np.array([[0, 0, 2]])
    assert bootstrap.estimate(only_missed, precision) == Metric(None)
    assert bootstrap.estimate(only_missed, recall) == Metric(0.0, 0.0, 0.0)
    assert bootstrap.estimate(only_missed, f1) == Metric(0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("gold", "answers"), [(GOLD, ANSWERS), (["a", "b", "b"], ["a", "c", "a"]), (["a", "a"], ["a", "a"])]
)
def test_averages_are_those_of_scikit_learn(bootstrap: Bootstrap, gold: list[str], answers: list[str]) -> None:
    labels = [*LABELS, "never"]
    table = score_table(count_answers(gold, answers, labels), labels, bootstrap, everything(len(gold), 4))
    assert table.micro.f1.value == pytest.approx(accuracy_score(gold, answers))
    for metric, function in (
        (table.macro.precision, precision_score),
        (table.macro.recall, recall_score),
        (table.macro.f1, f1_score),
    ):
        assert metric.value == pytest.approx(function(gold, answers, average="macro", zero_division=0))
    assert table.labels["never"].f1 == Metric(None)
    assert table.labels["a"].gold == gold.count("a")
    assert table.labels["a"].predicted == answers.count("a")


def test_no_answer_is_a_miss_but_no_false_positive(bootstrap: Bootstrap) -> None:
    table = score_table(count_answers(["a", "b"], ["a", None], LABELS), LABELS, bootstrap, everything(2, 3))
    assert table.micro.precision.value == 1.0
    assert table.micro.recall.value == 0.5
    assert table.labels["b"].predicted == 0


def test_equal_systems_do_not_differ(bootstrap: Bootstrap) -> None:
    counts = count_answers(GOLD, ANSWERS, LABELS)
    assert paired_difference(counts, counts, MACRO_F1, bootstrap) == Metric(0.0, 0.0, 0.0)
    assert mcnemar(GOLD, ANSWERS, ANSWERS).p_value == 1.0


def test_the_paired_interval_is_narrower_than_the_scores_apart(bootstrap: Bootstrap) -> None:
    """Two systems that make nearly the same errors: each score is uncertain, their difference is not."""
    gold = ["a", "b"] * 60
    weak = ["a", "b"] * 30 + ["b", "a"] * 30
    strong = [*weak[:70], *gold[70:82], *weak[82:]]
    pipeline, baseline = (count_answers(gold, answers, ["a", "b"]) for answers in (strong, weak))
    difference = paired_difference(pipeline, baseline, MACRO_F1, bootstrap)
    scores = [bootstrap.estimate(counts, MACRO_F1) for counts in (pipeline, baseline)]
    assert scores[0].low is not None
    assert scores[1].high is not None
    assert scores[0].low < scores[1].high, "the intervals of the scores overlap"
    assert difference.value == pytest.approx(0.1, abs=1e-9)
    assert difference.low is not None
    assert difference.low > 0, "the interval of the difference is above zero all the same"


@pytest.mark.parametrize(
    ("pipeline", "baseline", "expected"),
    [
        ("aaaaaaaa", "bbbbbbbb", (8, 0, 2 / 2**8)),
        ("aaaabbbb", "aabbaabb", (2, 2, 1.0)),
        ("aaaaabbb", "bbbbbabb", (5, 1, 14 / 64)),
    ],
)
def test_mcnemar_counts_disagreements(pipeline: str, baseline: str, expected: tuple[int, int, float]) -> None:
    found = mcnemar("a" * 8, list(pipeline), list(baseline))
    assert (found.only_pipeline_right, found.only_baseline_right) == expected[:2]
    assert found.p_value == pytest.approx(expected[2])


def test_a_comparison_of_classifiers(bootstrap: Bootstrap) -> None:
    baselines = [Baseline("majority", "always a", ["a"] * len(GOLD))]
    comparison = compare_classifiers(GOLD, GOLD, baselines, known=LABELS, bootstrap=bootstrap)
    assert [system.name for system in comparison.systems] == ["pipeline", "majority"]
    assert comparison.systems[0].metrics["accuracy"] == Metric(1.0, 1.0, 1.0)
    assert comparison.systems[1].metrics["macro_f1"].value == pytest.approx(f1_score(GOLD, ["a"] * 10, average="macro"))
    (difference,) = comparison.differences
    assert difference.metrics["accuracy"].value == pytest.approx(0.4)
    assert difference.mcnemar is not None
    assert (difference.mcnemar.only_pipeline_right, difference.mcnemar.only_baseline_right) == (4, 0)


def test_a_comparison_of_entities(bootstrap: Bootstrap) -> None:
    ours, theirs = np.array([[[2, 0, 0]], [[1, 0, 1]]]), np.array([[[1, 1, 1]], [[0, 0, 2]]])
    comparison = compare_entities(ours, [("other", "", theirs)], bootstrap)
    assert comparison.systems[0].metrics["micro_f1"].value == pytest.approx(6 / 7)
    assert comparison.systems[1].metrics["micro_f1"].value == pytest.approx(1 / 3)
    assert comparison.differences[0].metrics["micro_f1"].value == pytest.approx(6 / 7 - 1 / 3)
    assert comparison.differences[0].mcnemar is None
