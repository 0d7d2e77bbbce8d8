"""Percentile bootstrap over documents.

Documents, not entities, are drawn: the entities of one document stand or fall together. Every score here is a
function of counts that add up over documents, so a resample is a weighted sum of precomputed counts, and a thousand of
them are one matrix product.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .result import Metric

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
# From sums of shape (…, counts) to scores of shape (…); NaN where the score is undefined.
Statistic = Callable[[Floats], Floats]

_BLOCK = 128


def sum_by_document(counts: Counts, document: Sequence[int]) -> Counts:
    """Counts of answers as counts of documents, since it is documents that the bootstrap draws.

    document (Sequence[int]): the number of each row's document.
    """
    numbers, rows = np.unique(document, return_inverse=True)
    total = np.zeros((len(numbers), *counts.shape[1:]), dtype=counts.dtype)
    np.add.at(total, rows, counts)
    return total


class Bootstrap:
    """Draws documents with replacement. Equal numbers of documents get equal draws, so two systems on the same
    documents are paired.

    resamples (int), seed (int), confidence (float): how many draws, their seed, and the share of them inside the
        interval.
    """

    def __init__(self, *, resamples: int = 1000, seed: int = 0, confidence: float = 0.95) -> None:
        self.resamples = resamples
        self.seed = seed
        self.confidence = confidence
        self._draws: dict[int, NDArray[np.uint16]] = {}

    def draws(self, documents: int) -> NDArray[np.uint16]:
        """RETURNS: (resamples, documents): how often each document was drawn; rows sum to `documents`."""
        if documents not in self._draws:
            generator = np.random.default_rng([self.seed, documents])
            table = np.empty((self.resamples, documents), dtype=np.uint16)
            for row in table:
                row[:] = np.bincount(generator.integers(0, documents, documents), minlength=documents)
            self._draws[documents] = table
        return self._draws[documents]

    def sums(self, counts: Counts) -> Floats:
        """Sum counts of shape (documents, …) over each resample. RETURNS: (resamples, …)."""
        documents = len(counts)
        flat = counts.reshape(documents, -1).astype(np.float64)
        draws = self.draws(documents)
        sums = np.empty((self.resamples, flat.shape[1]))
        for begin in range(0, self.resamples, _BLOCK):
            block = slice(begin, begin + _BLOCK)
            sums[block] = draws[block].astype(np.float64) @ flat
        return sums.reshape(self.resamples, *counts.shape[1:])

    def estimate(self, counts: Counts, statistic: Statistic) -> Metric:
        """The score of all documents with its interval; see `estimates`."""
        return self.estimates(counts, [statistic])[0]

    def estimates(self, counts: Counts, statistics: Sequence[Statistic]) -> list[Metric]:
        """Several scores of the same documents, with their intervals.

        counts (Counts): (documents, …).
        RETURNS (list): a Metric each; all None where the score is undefined. Resamples in which it is undefined are
            left out of the interval.
        """
        if not len(counts):
            return [Metric(None) for _ in statistics]
        total, sums = counts.sum(axis=0).astype(np.float64), self.sums(counts)
        tail = (1.0 - self.confidence) / 2.0
        metrics = []
        for statistic in statistics:
            value = float(statistic(total))
            if np.isnan(value):
                metrics.append(Metric(None))
                continue
            samples = statistic(sums)
            low, high = np.quantile(samples[~np.isnan(samples)], [tail, 1.0 - tail])
            metrics.append(Metric(value, float(low), float(high)))
        return metrics
