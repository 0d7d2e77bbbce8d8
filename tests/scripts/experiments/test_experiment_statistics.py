"""Means, deviations and paired differences over seeds, with numbers that were worked out by hand."""

import pytest

from scripts.experiments.statistics import chance_factor, paired_difference, spread


def test_the_deviation_is_that_of_a_sample() -> None:
    found = spread({0: 1.0, 1: 2.0, 2: 3.0, 3: 6.0})
    assert found.mean == 3.0
    assert found.deviation == pytest.approx(14**0.5 / 3**0.5, abs=1e-6)
    assert found.difference is None


def test_one_seed_has_no_deviation_and_no_error() -> None:
    found = spread({4: 0.5}, {4: 0.25})
    assert (found.mean, found.deviation) == (0.5, None)
    assert found.difference is not None
    assert (found.difference.mean, found.difference.error) == (0.25, None)


def test_differences_are_paired_by_seed() -> None:
    """Seeds that differ much, and a variant that is always a little better: the error is small."""
    found = spread({0: 0.61, 1: 0.72, 2: 0.83}, {2: 0.80, 0: 0.60, 1: 0.70})
    assert found.difference is not None
    assert found.difference.values == {0: 0.01, 1: 0.02, 2: 0.03}
    assert found.difference.mean == 0.02
    assert found.difference.error == pytest.approx(0.01 / 3**0.5, abs=1e-6)
    assert found.deviation == pytest.approx(0.11)


def test_only_seeds_of_both_are_compared() -> None:
    difference = paired_difference({0: 0.5, 1: 0.9}, {0: 0.4, 2: 0.1})
    assert difference is not None
    assert difference.values == {0: 0.1}


@pytest.mark.parametrize("baseline", [{}, {7: 0.5}], ids=["no baseline", "other seeds"])
def test_without_a_common_seed_there_is_no_difference(baseline: dict[int, float]) -> None:
    assert spread({0: 0.5}, baseline).difference is None


def test_a_score_of_zero_is_a_score() -> None:
    found = spread({0: 0.0}, {0: 0.0})
    assert (found.mean, found.difference and found.difference.mean) == (0.0, 0.0)


def test_few_seeds_say_little() -> None:
    """Quantiles of Student's t, from a table."""
    assert [round(chance_factor(seeds), 2) for seeds in (2, 3, 5, 10)] == [12.71, 4.30, 2.78, 2.26]
