"""Linear-chain CRF: partition, marginals, paths and gradients against brute force and finite differences."""

import itertools
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bellwether.crf import Chain, best_paths, infer, pad

TAGS = 4


def random_problem(seed: int, lengths: list[int], forbidden: bool = True) -> tuple[list[numpy.ndarray], Chain]:
    rng = numpy.random.default_rng(seed)
    transitions = rng.normal(size=(TAGS, TAGS)) * 2
    start, end = rng.normal(size=TAGS), rng.normal(size=TAGS)
    if forbidden:
        transitions[0, 1] = transitions[2, 0] = start[3] = end[1] = -numpy.inf
    return [rng.normal(size=(length, TAGS)) * 3 for length in lengths], Chain(transitions, start, end)


def score_path(emissions: numpy.ndarray, chain: Chain, path: tuple[int, ...]) -> float:
    total = chain.start[path[0]] + chain.end[path[-1]]
    total += sum(emissions[position, tag] for position, tag in enumerate(path))
    return total + sum(chain.transitions[a, b] for a, b in itertools.pairwise(path))


def enumerate_paths(
    emissions: numpy.ndarray, chain: Chain, allowed: numpy.ndarray | None = None
) -> dict[tuple[int, ...], float]:
    """Every path that is allowed, with its score."""
    paths = {}
    for path in itertools.product(range(TAGS), repeat=len(emissions)):
        if allowed is not None and not all(allowed[position, tag] for position, tag in enumerate(path)):
            continue
        score = score_path(emissions, chain, path)
        if numpy.isfinite(score):
            paths[path] = score
    return paths


@given(st.integers(0, 10**6), st.lists(st.integers(1, 5), min_size=1, max_size=4), st.booleans())
def test_agrees_with_the_sum_over_all_paths(seed: int, lengths: list[int], partial: bool) -> None:
    sequences, chain = random_problem(seed, lengths)
    emissions, present = pad(sequences)
    rng = numpy.random.default_rng(seed)
    allowed = rng.random(emissions.shape) < 0.7 if partial else None
    posterior = infer(emissions, present, chain, allowed)
    pairs = numpy.zeros((TAGS, TAGS))
    for row, sequence in enumerate(sequences):
        paths = enumerate_paths(sequence, chain, None if allowed is None else allowed[row])
        if not paths:
            assert posterior.log_partition[row] == -numpy.inf
            assert not posterior.marginals[row].any()
            continue
        partition = numpy.logaddexp.reduce(list(paths.values()))
        assert posterior.log_partition[row] == pytest.approx(partition, abs=1e-9)
        expected = numpy.zeros((len(sequence), TAGS))
        for path, score in paths.items():
            probability = numpy.exp(score - partition)
            for position, tag in enumerate(path):
                expected[position, tag] += probability
            for before, tag in itertools.pairwise(path):
                pairs[before, tag] += probability
        numpy.testing.assert_allclose(posterior.marginals[row, : len(sequence)], expected, atol=1e-9)
        assert not posterior.marginals[row, len(sequence) :].any()
    numpy.testing.assert_allclose(posterior.pairs, pairs, atol=1e-9)


@given(st.integers(0, 10**6), st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_finds_the_best_path(seed: int, lengths: list[int]) -> None:
    sequences, chain = random_problem(seed, lengths)
    emissions, present = pad(sequences)
    for sequence, path in zip(sequences, best_paths(emissions, present, chain), strict=True):
        paths = enumerate_paths(sequence, chain)
        if paths:
            assert tuple(path) == max(paths, key=lambda item: paths[item])


@given(st.integers(0, 10**6))
def test_probability_of_a_stretch_of_a_path(seed: int) -> None:
    (sequence,), chain = random_problem(seed, [5])
    emissions, present = pad([sequence])
    posterior = infer(emissions, present, chain)
    paths = enumerate_paths(sequence, chain)
    partition = numpy.logaddexp.reduce(list(paths.values()))
    for start, tags in ((1, [0, 2, 1]), (0, [1]), (3, [3, 3]), (4, [0])):
        wanted = sum(
            numpy.exp(score - partition)
            for path, score in paths.items()
            if list(path[start : start + len(tags)]) == tags
        )
        assert posterior.path_probability(0, start, tags) == pytest.approx(wanted, abs=1e-9)


def loss_of(emissions: Any, present: Any, chain: Chain, allowed: Any) -> float:
    full = infer(emissions, present, chain)
    gold = infer(emissions, present, chain, allowed)
    return float((full.log_partition - gold.log_partition).sum())


def test_gradients_agree_with_finite_differences() -> None:
    """Loss of partial labels: of emissions, transitions, start and end."""
    sequences, chain = random_problem(3, [4, 2, 5], forbidden=False)
    emissions, present = pad(sequences)
    allowed = numpy.random.default_rng(0).random(emissions.shape) < 0.6
    allowed[:, :, 0] = True
    full, gold = infer(emissions, present, chain), infer(emissions, present, chain, allowed)
    gradients = {
        "emissions": full.marginals - gold.marginals,
        "transitions": full.pairs - gold.pairs,
        "start": full.firsts - gold.firsts,
        "end": full.lasts - gold.lasts,
    }
    arrays = {"emissions": emissions, "transitions": chain.transitions, "start": chain.start, "end": chain.end}
    epsilon = 1e-6
    for name, array in arrays.items():
        for index in numpy.ndindex(array.shape):
            if name == "emissions" and not present[index[:2]]:
                continue
            kept = array[index]
            array[index] = kept + epsilon
            above = loss_of(emissions, present, chain, allowed)
            array[index] = kept - epsilon
            below = loss_of(emissions, present, chain, allowed)
            array[index] = kept
            assert gradients[name][index] == pytest.approx((above - below) / (2 * epsilon), abs=1e-6), (name, index)


@pytest.mark.parametrize("scale", [0.01, 3.0, 30.0, 100.0])
def test_long_sequences_and_large_scores_stay_exact(scale: float) -> None:
    rng = numpy.random.default_rng(0)
    emissions = rng.normal(size=(2, 5000, TAGS)) * scale
    _, chain = random_problem(0, [1])
    present = numpy.ones((2, 5000), dtype=bool)
    posterior = infer(emissions, present, chain)
    assert numpy.isfinite(posterior.log_partition).all()
    numpy.testing.assert_allclose(posterior.marginals.sum(axis=2), 1.0, atol=1e-6)
    for row in range(2):
        message = chain.start + emissions[row, 0]
        for scores in emissions[row, 1:]:
            message = numpy.logaddexp.reduce(message[:, None] + chain.transitions, axis=0) + scores
        wanted = numpy.logaddexp.reduce(message + chain.end)
        assert posterior.log_partition[row] == pytest.approx(wanted, rel=1e-12)
