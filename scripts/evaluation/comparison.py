"""The pipeline against other systems on the same test documents, by paired differences."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from .baselines import Baseline
from .bootstrap import Bootstrap, Counts, Floats, Statistic, sum_by_document
from .classification import all_labels, count_answers, right_of_all
from .measures import MACRO_F1, MICRO_F1, share
from .result import Comparison, Difference, McNemar, Metric, SystemScores

PIPELINE = "pipeline"
# Scores of a comparison, each a function of counts.
OF_CLASSIFIERS: dict[str, Statistic] = {"accuracy": share, "macro_f1": MACRO_F1}
OF_ENTITIES: dict[str, Statistic] = {"micro_f1": MICRO_F1, "macro_f1": MACRO_F1}


@dataclass(frozen=True)
class System:
    """A system of a comparison.

    counts (dict): score to the counts of each document that it is a function of; those of all systems have the same
        documents.
    """

    name: str
    description: str
    counts: dict[str, Counts]

    def score(self, statistics: dict[str, Statistic], bootstrap: Bootstrap) -> SystemScores:
        metrics = {name: bootstrap.estimate(self.counts[name], statistic) for name, statistic in statistics.items()}
        return SystemScores(self.name, self.description, metrics)


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


def compare_systems(
    ours: System,
    others: Sequence[System],
    statistics: dict[str, Statistic],
    bootstrap: Bootstrap,
    tests: Sequence[McNemar | None],
) -> Comparison:
    """Scores of each system, and what separates the first from each of the others.

    tests (Sequence): McNemar's test against each of the others, where their answers can be paired.
    """
    differences = []
    for other, test in zip(others, tests, strict=True):
        metrics = {
            name: paired_difference(ours.counts[name], other.counts[name], statistic, bootstrap)
            for name, statistic in statistics.items()
        }
        differences.append(Difference(other.name, metrics, test))
    documents = len(next(iter(ours.counts.values())))
    return Comparison(documents, [system.score(statistics, bootstrap) for system in (ours, *others)], differences)


def compare_classifiers(
    gold: Sequence[str],
    pipeline: Sequence[str | None],
    baselines: Sequence[Baseline],
    *,
    known: Sequence[str],
    bootstrap: Bootstrap,
    document: Sequence[int] | None = None,
) -> Comparison:
    """Accuracy and macro F1 of the pipeline and of each baseline, and the paired differences.

    document (Sequence[int] | None): the number of each answer's document; None where each document has one answer.
    """
    answers = [answer for baseline in baselines for answer in baseline.answers]
    labels = all_labels(known, gold, [*pipeline, *answers])
    rows = range(len(gold)) if document is None else document

    def system(name: str, description: str, given: Sequence[str | None]) -> System:
        counts = {"accuracy": right_of_all(gold, given), "macro_f1": count_answers(gold, given, labels)}
        return System(name, description, {metric: sum_by_document(table, rows) for metric, table in counts.items()})

    return compare_systems(
        system(PIPELINE, "this pipeline", pipeline),
        [system(baseline.name, baseline.description, baseline.answers) for baseline in baselines],
        OF_CLASSIFIERS,
        bootstrap,
        [mcnemar(gold, pipeline, baseline.answers) for baseline in baselines],
    )


def compare_entities(pipeline: Counts, others: Sequence[tuple[str, str, Counts]], bootstrap: Bootstrap) -> Comparison:
    """Micro and macro F1 of exact entities, from counts of the same documents. Entities that nobody marked in advance
    are not answers that could be paired, so that there is no McNemar's test.

    others (Sequence): name, description and counts of each of the other systems.
    """
    ours, *theirs = (
        System(name, text, dict.fromkeys(OF_ENTITIES, counts))
        for name, text, counts in ((PIPELINE, "this pipeline", pipeline), *others)
    )
    return compare_systems(ours, theirs, OF_ENTITIES, bootstrap, [None] * len(theirs))
