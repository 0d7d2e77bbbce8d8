"""The structure of `reports/evaluation.json`: an `Evaluation`, with every field in the order and under the name that
it has here.

All scores lie in 0..1; differences in -1..1. `null` is "cannot be said" (no gold, nothing predicted), which is not
zero. Within one `FORMAT` fields may be added, but none is renamed, removed or given another meaning.
"""

from dataclasses import dataclass, field
from typing import Any

FORMAT = 1


@dataclass(frozen=True)
class Metric:
    """A score with the bounds of its bootstrap interval over documents."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class LabelScores:
    """One label.

    gold, predicted, right (int): how many there are of each; `right` counts predictions that equal gold.
    documents (int): documents whose annotator was asked for the label; the interval resamples these.
    gold_documents (int): documents in which it occurs. With few of them the interval says little.
    """

    precision: Metric
    recall: Metric
    f1: Metric
    gold: int
    predicted: int
    right: int
    documents: int
    gold_documents: int


@dataclass(frozen=True)
class Average:
    """Micro: over all decisions alike. Macro: the plain mean over the labels that occur as gold or as answer, as in
    scikit-learn.
    """

    precision: Metric
    recall: Metric
    f1: Metric


@dataclass(frozen=True)
class ScoreTable:
    """Labels that are scored together, on the documents that carry at least one of them."""

    documents: int
    labels: dict[str, LabelScores]
    micro: Average
    macro: Average


@dataclass(frozen=True)
class Confusion:
    """counts[i][j]: how often gold `gold[i]` was answered by `predicted[j]`."""

    gold: list[str]
    predicted: list[str]
    counts: list[list[int]]


@dataclass(frozen=True)
class SourceScores:
    """The same scores on the documents of one source."""

    documents: int
    metrics: dict[str, Metric]


@dataclass(frozen=True)
class EntitySpan:
    """Characters `start` to `end` (exclusive) of the document's text."""

    start: int
    end: int
    label: str
    text: str


@dataclass(frozen=True)
class EntityError:
    """kind (str): "boundary", "type", "boundary_and_type", "missed" (no predicted) or "spurious" (no gold)."""

    kind: str
    gold: EntitySpan | None
    predicted: EntitySpan | None


@dataclass(frozen=True)
class EntityErrorDocument:
    """A document with wrong entities, all of its entities, and the errors one by one."""

    id: str
    source: str
    text: str
    gold: list[EntitySpan]
    predicted: list[EntitySpan]
    errors: list[EntityError]


@dataclass(frozen=True)
class MatchCounts:
    """Every gold and every predicted entity is in exactly one of these.

    exact: same bounds, same label. boundary: overlap, same label. type: same bounds, another label.
        boundary_and_type: overlap,
    another label. missed: gold without a counterpart. spurious: predicted without one.
    """

    exact: int = 0
    boundary: int = 0
    type: int = 0
    boundary_and_type: int = 0
    missed: int = 0
    spurious: int = 0


@dataclass(frozen=True)
class UnfoundLabel:
    """A label of the domain that no component of this pipeline finds; it has no scores."""

    label: str
    found_by: str
    gold: int


@dataclass(frozen=True)
class ReliabilityBin:
    """The answers with a probability above `low` and up to `high` (the first bin holds 0 too).

    probability (float | None): their mean. right (Metric): the share of right ones, with Wilson's interval, which takes
        every answer for itself.
    """

    low: float
    high: float
    answers: int
    probability: float | None
    right: Metric


@dataclass(frozen=True)
class ThresholdScores:
    """What happens if only answers with at least this probability count.

    answers (int), answered (Metric): how many there are, and their share of all. right (Metric): the share of right
        ones among them.
    """

    threshold: float
    answers: int
    answered: Metric
    right: Metric


@dataclass(frozen=True)
class RiskPoint:
    """A point of the risk-coverage curve: the share of answers with at least this probability, and the share of wrong
    ones among them.
    """

    threshold: float
    coverage: float
    error: float


@dataclass(frozen=True)
class Calibration:
    """Whether the probabilities of a component mean what they say. A classifier's answer is its likeliest label,
    whatever its threshold; a recogniser's answers are the entities that it found.

    temperature (float | None): by which the component divides its scores; not in 0..1.
    ece (Metric): expected calibration error over 15 bins of equal width, with the basic bootstrap interval.
    chance (Metric): the mean and the quantiles of the error that the same probabilities would show if each were true.
    probability (float), right (Metric): mean probability, and share of right answers.
    risk (list): the risk-coverage curve, from the surest answers to all. risk_area (float): mean error along it.
    """

    documents: int
    answers: int
    temperature: float | None
    ece: Metric
    chance: Metric
    probability: float
    right: Metric
    bins: list[ReliabilityBin]
    thresholds: list[ThresholdScores]
    risk: list[RiskPoint]
    risk_area: float


@dataclass(frozen=True)
class SeenRecall:
    """Recall of the recogniser's gold entities, by whether train has an entity of the same text (ignoring case) and
    label.
    """

    gold: int
    recall: Metric


@dataclass(frozen=True)
class EntityScores:
    """Named things and expressions.

    recogniser, normalizers (ScoreTable | None): labels found by the trained recogniser and by rules; None where the
        pipeline has none.
    not_found (list): labels that no component finds yet.
    errors (MatchCounts), errors_by_label (dict): a spurious entity counts under its predicted label, all else under
        the gold label.
    spurious_on_not_found (dict): spurious entities that overlap a gold entity of a label in `not_found`, by that label.
    confusion (Confusion): entities that overlap, one to one; "none" is the row of spurious and the column of missed
        ones.
    seen, unseen (SeenRecall | None): None without training entities.
    calibration (Calibration | None): of the recogniser; None where its entities have no probability.
    """

    documents: int
    recogniser: ScoreTable | None
    normalizers: ScoreTable | None
    not_found: list[UnfoundLabel]
    errors: MatchCounts
    errors_by_label: dict[str, MatchCounts]
    spurious_on_not_found: dict[str, int]
    confusion: Confusion
    seen: SeenRecall | None
    unseen: SeenRecall | None
    by_source: dict[str, SourceScores]
    calibration: Calibration | None
    worst: list[EntityErrorDocument]


@dataclass(frozen=True)
class FieldScores:
    """One field of a value, over the spans that were found and where gold or prediction fills the field."""

    filled: int
    right: int
    accuracy: Metric


@dataclass(frozen=True)
class WrongValue:
    """A span that was found, with a wrong value: the fields that count. `predicted` is None where the component gave
    none.

    before, after (str): the text around it.
    """

    id: str
    text: str
    before: str
    after: str
    gold: dict[str, Any]
    predicted: dict[str, Any] | None


@dataclass(frozen=True)
class ValueScores:
    """Values of one label: gold = right + wrong_value + not_found.

    component (str): the normalizer that reads them.
    gold (int): gold spans that carry a value.
    right, wrong_value (int): span found with the same bounds, and the value equal or not.
    not_found (int): no predicted span of this label has the same bounds.
    accuracy (Metric): right / gold. accuracy_of_found (Metric): right / (right + wrong_value).
    """

    component: str
    documents: int
    gold: int
    right: int
    wrong_value: int
    not_found: int
    accuracy: Metric
    accuracy_of_found: Metric
    fields: dict[str, FieldScores]
    wrong: list[WrongValue]


@dataclass(frozen=True)
class WrongAnswer:
    """A wrong answer of a classifier, with the probability that it gave to it and to the gold label."""

    id: str
    source: str
    text: str
    gold: str
    predicted: str | None
    probability: float
    gold_probability: float | None


@dataclass(frozen=True)
class ClassifierScores:
    """One classifier, on the documents that carry its layer.

    answers (int): one a document, or one a span of a classifier of spans.
    no_answer (int): documents or spans where the best probability is below the component's threshold.
    calibration (Calibration | None): None where it gives no probabilities.
    """

    documents: int
    answers: int
    accuracy: Metric
    table: ScoreTable
    no_answer: int
    confusion: Confusion
    by_source: dict[str, SourceScores]
    calibration: Calibration | None
    worst: list[WrongAnswer]


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
    """The pipeline and simpler systems on the same test documents; the first system is the pipeline."""

    documents: int
    systems: list[SystemScores]
    differences: list[Difference]


@dataclass(frozen=True)
class Pipeline:
    """The pipeline that was evaluated. name (str): language and name, as the package is called."""

    name: str
    version: str
    path: str
    description: str
    components: list[str]


@dataclass(frozen=True)
class CorpusInfo:
    """From the corpus' manifest: `sources` with licence, description and documents by split; `sha256` of the records
    by split.
    """

    path: str
    domain: str
    mix: str
    sources: dict[str, dict[str, Any]]
    sha256: dict[str, str]
    documents: dict[str, int]


@dataclass(frozen=True)
class Run:
    """When and how. git_dirty is None outside a git checkout; `prediction_seconds` is wall time, not a benchmark."""

    date: str
    git_commit: str | None
    git_dirty: bool | None
    command: str
    seed: int
    resamples: int
    confidence: float
    prediction_seconds: float
    versions: dict[str, str]


@dataclass(frozen=True)
class Evaluation:
    """All of it.

    format (int): of this file.
    scores (dict): headline numbers, flat, each in 0..1, under the keys that spaCy's scorers use (`ents_f`,
        `sentiment_macro_f`, `money_value_accuracy`, …); packaging copies them into `meta.json`. Higher is better, but
        `ents_ece` and `NAME_ece` are errors.
    entities (EntityScores | None): None where the pipeline finds no entity label of the domain.
    values (dict): by label. classifiers (dict), comparisons (dict): by classifier; comparisons has "ner" too.
    remarks (list): what a reader must know to read the numbers rightly.
    """

    format: int
    scores: dict[str, float]
    pipeline: Pipeline
    corpus: CorpusInfo
    run: Run
    entities: EntityScores | None
    values: dict[str, ValueScores]
    classifiers: dict[str, ClassifierScores]
    comparisons: dict[str, Comparison]
    remarks: list[str] = field(default_factory=list)
