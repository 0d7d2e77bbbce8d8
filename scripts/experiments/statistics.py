"""Means, deviations and paired differences over seeds. What a run does not say is left out, never 0."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from scipy.stats import t

_DIGITS = 6


@dataclass(frozen=True)
class Difference:
    """A variant less the baseline, seed by seed.

    values (dict): by seed, of those that both have. error (float | None): the standard error of the mean; None with one
        seed.
    """

    values: dict[int, float]
    mean: float
    error: float | None


@dataclass(frozen=True)
class Spread:
    """One number of a variant over its seeds.

    values (dict): by seed. deviation (float | None): that of a sample; None with one seed.
    difference (Difference | None): None for the baseline, and where no seed is in both.
    """

    values: dict[int, float]
    mean: float
    deviation: float | None
    difference: Difference | None = None


def spread(values: Mapping[int, float], baseline: Mapping[int, float] | None = None) -> Spread:
    """Summarize a number.

    values (Mapping): by seed, at least one. baseline (Mapping | None): those of the baseline.
    """
    mean, deviation = _mean_and_deviation(values)
    return Spread(dict(values), mean, deviation, None if baseline is None else paired_difference(values, baseline))


def paired_difference(values: Mapping[int, float], baseline: Mapping[int, float]) -> Difference | None:
    """None where the two share no seed."""
    pairs = {seed: round(value - baseline[seed], _DIGITS) for seed, value in values.items() if seed in baseline}
    if not pairs:
        return None
    mean, deviation = _mean_and_deviation(pairs)
    return Difference(pairs, mean, None if deviation is None else round(deviation / sqrt(len(pairs)), _DIGITS))


def chance_factor(seeds: int) -> float:
    """How many standard errors the mean of so many differences may be from 0 by chance, in 95 of 100 cases.

    seeds (int): two or more.
    """
    return float(t.ppf(0.975, seeds - 1))


def _mean_and_deviation(values: Mapping[int, float]) -> tuple[float, float | None]:
    numbers = list(values.values())
    deviation = round(stdev(numbers), _DIGITS) if len(numbers) > 1 else None
    return round(fmean(numbers), _DIGITS), deviation
