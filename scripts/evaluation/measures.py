"""Precision, recall, F1 and accuracy as functions of counts, and tables of them.

Counts have the shape (…, labels, 3) or (…, 3), the last axis being true positives, false positives, false negatives.
What is undefined (no prediction, no gold) is NaN, except inside a macro average, where an undefined precision or
recall of a label that occurs is 0.
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from .bootstrap import Bootstrap, Counts, Floats, Statistic
from .result import Average, LabelScores, ScoreTable

TP, FP, FN = range(3)


def ratio(part: Floats, whole: Floats) -> Floats:
    """part / whole, NaN where whole is 0."""
    result: Floats = np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=np.asarray(whole) > 0)
    return result


def precision(sums: Floats) -> Floats:
    return ratio(sums[..., TP], sums[..., TP] + sums[..., FP])


def recall(sums: Floats) -> Floats:
    return ratio(sums[..., TP], sums[..., TP] + sums[..., FN])


def f1(sums: Floats) -> Floats:
    return ratio(2 * sums[..., TP], 2 * sums[..., TP] + sums[..., FP] + sums[..., FN])


def share(sums: Floats) -> Floats:
    """The first count over the second: (…, 2) to (…)."""
    return ratio(sums[..., 0], sums[..., 1])


def micro(sums: Floats, *, measure: Statistic) -> Floats:
    """The measure over all labels together."""
    return measure(sums.sum(axis=-2))


def macro(sums: Floats, *, measure: Statistic) -> Floats:
    """The mean over the labels that occur as gold or as answer."""
    occurs = sums.sum(axis=-1) > 0
    return ratio(
        np.where(occurs, np.nan_to_num(measure(sums)), 0.0).sum(axis=-1), occurs.sum(axis=-1).astype(np.float64)
    )


# In the order of `LabelScores` and `Average`.
MEASURES: tuple[Statistic, ...] = (precision, recall, f1)
MICRO_F1: Statistic = partial(micro, measure=f1)
MACRO_F1: Statistic = partial(macro, measure=f1)


def score_table(counts: Counts, labels: list[str], bootstrap: Bootstrap, asked: NDArray[np.bool_]) -> ScoreTable:
    """Scores of each label and their averages.

    counts (Counts): (documents, labels, 3).
    asked (NDArray[bool]): (documents, labels): whether the annotator was asked for the label. A label's interval
        resamples only the documents where that is so, so that other documents cannot move it.
    """
    table = {}
    for index, label in enumerate(labels):
        own = counts[asked[:, index], index]
        true, false, missed = (int(count) for count in own.sum(axis=0))
        metrics = bootstrap.estimates(own, MEASURES)
        table[label] = LabelScores(
            precision=metrics[0],
            recall=metrics[1],
            f1=metrics[2],
            gold=true + missed,
            predicted=true + false,
            right=true,
            documents=len(own),
            gold_documents=int((own[:, TP] + own[:, FN] > 0).sum()),
        )
    carrying = counts[asked.any(axis=1)]
    return ScoreTable(
        len(carrying),
        table,
        micro=Average(*bootstrap.estimates(carrying, [partial(micro, measure=measure) for measure in MEASURES])),
        macro=Average(*bootstrap.estimates(carrying, [partial(macro, measure=measure) for measure in MEASURES])),
    )
