"""The pipeline against baselines on the same test documents, by paired differences."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import binomtest

from .baselines import Baseline
from .bootstrap import Bootstrap, Counts, Floats, Statistic
from .classification import accuracy_and_macro, all_labels, count_answers, right_of_all
from .measures import MACRO_F1, MICRO_F1, share
from .result import Comparison, Difference, McNemar, Metric, SystemScores

PIPELINE = "pipeline"


def paired_difference(pipeline: Counts, baseline: Counts, statistic: Statistic, bootstrap: Bootstrap) -> Metric:
    """The score of the pipeline minus that of the baseline; each resample scores both on the same documents."""

    def difference(sums: Floats) -> Floats:
        return statistic(np.take(sums, 0, axis=axis)) - statistic(np.take(sums, 1, axis=axis))

    stacked = np.stack([pipeline, baseline], axis=1)
    axis = 1 - stacked.ndim  # counted from the end, so that it holds with and without the axis of the resamples
    return bootstrap.estimate(stacked, difference)


def mcnemar(gold: Sequence[str], pipeline: Sequence[str | None], baseline: Sequence[str | None]) -> McNemar:
    """McNemar's exact test: would a fair coin decide as one-sidedly which of the two is right where they disagree?"""
    only_pipeline = only_baseline = 0
    for truth, ours, theirs in zip(gold, pipeline, baseline, strict=True):
        only_pipeline += ours == truth != theirs
        only_baseline += theirs == truth != ours
    disagreements = only_pipeline + only_baseline
    p_value = float(binomtest(only_pipeline, disagreements).pvalue) if disagreements else 1.0
    return McNemar(only_pipeline, only_baseline, p_value)


def compare_classifiers(
    gold: Sequence[str],
    pipeline: Sequence[str | None],
    baselines: list[Baseline],
    *,
    known: Sequence[str],
    bootstrap: Bootstrap,
) -> Comparison:
    """Accuracy and macro F1 of the pipeline and of each baseline, and the paired differences."""
    answers = [answer for baseline in baselines for answer in baseline.answers]
    labels = all_labels(known, gold, [*pipeline, *answers])
    systems = [SystemScores(PIPELINE, "this pipeline", accuracy_and_macro(gold, pipeline, labels, bootstrap))]
    differences = []
    ours = {
        "accuracy": (right_of_all(gold, pipeline), share),
        "macro_f1": (count_answers(gold, pipeline, labels), MACRO_F1),
    }
    for baseline in baselines:
        theirs = {
            "accuracy": right_of_all(gold, baseline.answers),
            "macro_f1": count_answers(gold, baseline.answers, labels),
        }
        scores = accuracy_and_macro(gold, baseline.answers, labels, bootstrap)
        systems.append(SystemScores(baseline.name, baseline.description, scores))
        metrics = {
            name: paired_difference(counts, theirs[name], statistic, bootstrap)
            for name, (counts, statistic) in ours.items()
        }
        differences.append(Difference(baseline.name, metrics, mcnemar(gold, pipeline, baseline.answers)))
    return Comparison(len(gold), systems, differences)


def compare_entities(
    pipeline: Counts, baseline: Counts, *, name: str, description: str, bootstrap: Bootstrap
) -> Comparison:
    """Micro and macro F1 of exact entities of two systems, from counts of the same documents."""
    statistics = {"micro_f1": MICRO_F1, "macro_f1": MACRO_F1}
    systems = [
        SystemScores(
            system,
            text,
            {metric: bootstrap.estimate(counts, statistic) for metric, statistic in statistics.items()},
        )
        for system, text, counts in ((PIPELINE, "this pipeline", pipeline), (name, description, baseline))
    ]
    metrics = {
        metric: paired_difference(pipeline, baseline, statistic, bootstrap) for metric, statistic in statistics.items()
    }
    return Comparison(len(pipeline), systems, [Difference(name, metrics, None)])
