"""The pipeline beside other systems."""

from dataclasses import dataclass

from .scores import Metric


@dataclass(frozen=True)
class SystemScores:
    """A system of a comparison."""

    name: str
    description: str
    metrics: dict[str, Metric]


@dataclass(frozen=True)
class McNemar:
    """McNemar's exact test on the documents that exactly one of two systems gets right."""

    only_pipeline_right: int
    only_baseline_right: int
    p_value: float


@dataclass(frozen=True)
class Difference:
    """Pipeline minus baseline, on the same resampled documents. mcnemar is None where answers are not one a
    document.
    """

    baseline: str
    metrics: dict[str, Metric]
    mcnemar: McNemar | None


@dataclass(frozen=True)
class Comparison:
    """The pipeline and other systems on the same test documents; the first system is the pipeline.

    The others are simpler ones ("majority", "tfidf", "gazetteer") and an earlier release ("previous").
    """

    documents: int
    systems: list[SystemScores]
    differences: list[Difference]
