"""The structure of the report's JSON, and how it is made of the records of runs.

Scores are those of `evaluation.json`, on the split that the experiment names, under the keys that they have there. A
score that no run of a variant gives is not there: that is not zero.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from .plan import Experiment
from .runs import Record, Run
from .statistics import Spread, spread

FORMAT = 1
_HEADLINES = ("ents_f", "entity_sentiment_accuracy")
_WORDS = {
    "p": "precision",
    "r": "recall",
    "f": "F1",
    "f1": "F1",
    "ece": "calibration error",
    "ents": "entities",
}

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class VariantResult:
    """One variant.

    set (dict): its overrides. changes (dict): what of them differs from the config.
    seeds (list): of the runs that are done. missing (list): seeds of those that are not.
    minutes (Spread | None): of training. scores (dict): by key.
    by_source (dict): "entities" or a classifier, to source, to metric.
    """

    description: str
    set: dict[str, Any]
    changes: dict[str, Any]
    x: float | None
    seeds: list[int]
    missing: list[int]
    minutes: Spread | None
    scores: dict[str, Spread]
    by_source: dict[str, dict[str, dict[str, Spread]]]


@dataclass(frozen=True)
class Origin:
    """When and from what the report was made. split (str): the one that was scored."""

    date: str
    command: str
    git_commit: str | None
    mix: str
    corpus_sha256: dict[str, str]
    documents: dict[str, int]
    split: str


@dataclass(frozen=True)
class Report:
    """All of it. remarks (list): what a reader must know to read the numbers rightly."""

    format: int
    name: str
    title: str
    description: str
    x_label: str | None
    baseline: str | None
    seeds: list[int]
    origin: Origin
    variants: dict[str, VariantResult]
    remarks: list[str]

    @property
    def has_one_seed(self) -> bool:
        """No variant has a second seed, so there is no deviation to show."""
        return all(len(variant.seeds) < 2 for variant in self.variants.values())


def make_report(name: str, experiment: Experiment, runs: Sequence[Run], origin: Origin) -> Report:
    """Summarize the runs that are done."""
    variants = {variant: summarize_variant(variant, experiment, runs) for variant in experiment.variants}
    return Report(
        format=FORMAT,
        name=name,
        title=experiment.title,
        description=" ".join(experiment.description.split()),
        x_label=experiment.x_label,
        baseline=experiment.baseline,
        seeds=list(experiment.seeds),
        origin=origin,
        variants=variants,
        remarks=make_remarks(runs),
    )


def summarize_variant(name: str, experiment: Experiment, runs: Sequence[Run]) -> VariantResult:
    """One variant over its seeds, beside the baseline."""
    variant = experiment.variants[name]
    own = [run for run in runs if run.variant == name]
    records = _records(runs, name)
    baseline = {} if name == experiment.baseline else _records(runs, experiment.baseline)
    by_source: dict[str, dict[str, dict[str, Spread]]] = {}
    for (part, source, metric), value in _summarize(records, baseline, _by_source).items():
        by_source.setdefault(part, {}).setdefault(source, {})[metric] = value
    return VariantResult(
        description=variant.description,
        set=dict(variant.set),
        changes=dict(own[0].inputs.set) if own else {},
        x=variant.x,
        seeds=list(records),
        missing=[run.inputs.seed for run in own if run.done is None],
        minutes=_summarize(records, baseline, _minutes).get("train"),
        scores=_summarize(records, baseline, _scores),
        by_source=by_source,
    )


def make_remarks(runs: Sequence[Run]) -> list[str]:
    """What a reader must know to read the numbers rightly."""
    remarks = []
    missing = [run.name for run in runs if run.done is None]
    if missing:
        remarks.append(f"{len(missing)} of {len(runs)} runs are not there: {'; '.join(missing)}.")
    done = [run.done for run in runs if run.done is not None]
    commits = sorted({record.git_commit[:10] for record in done if record.git_commit is not None})
    if len(commits) > 1:
        remarks.append(f"The runs come from {len(commits)} commits of the code: {', '.join(commits)}.")
    if any(record.git_dirty for record in done):
        remarks.append("A run was done with uncommitted changes: the commit alone may not reproduce its numbers.")
    return remarks


def headline_keys(report: Report) -> list[str]:
    """The scores to look at first, those where higher is better; in the order of the evaluation."""
    return [key for key in _all_keys(report) if _is_headline(key) and not is_error(key)]


def error_keys(report: Report) -> list[str]:
    """The scores where lower is better."""
    return [key for key in _all_keys(report) if is_error(key)]


def other_keys(report: Report) -> list[str]:
    return [key for key in _all_keys(report) if not _is_headline(key) and not is_error(key)]


def is_error(key: str) -> bool:
    return key.endswith("_ece")


def title_of(key: str) -> str:
    """A score in words: `sentiment_macro_f` is "sentiment macro F1"."""
    return " ".join(_WORDS.get(word, word) for word in key.split("_"))


def _is_headline(key: str) -> bool:
    return key in _HEADLINES or (key.endswith("_macro_f") and key != "ents_macro_f")


def _all_keys(report: Report) -> list[str]:
    return list(dict.fromkeys(key for variant in report.variants.values() for key in variant.scores))


def _records(runs: Iterable[Run], variant: str | None) -> dict[int, Record]:
    """The records that count, by seed."""
    return {run.inputs.seed: run.done for run in runs if run.variant == variant and run.done is not None}


def _summarize(
    records: Mapping[int, Record], baseline: Mapping[int, Record], read: Callable[[Record], dict[Key, float]]
) -> dict[Key, Spread]:
    """Every number that `read` finds in a record, over the seeds."""
    own, other = _by_key(records, read), _by_key(baseline, read)
    return {key: spread(values, other.get(key)) for key, values in own.items()}


def _by_key(records: Mapping[int, Record], read: Callable[[Record], dict[Key, float]]) -> dict[Key, dict[int, float]]:
    found: dict[Key, dict[int, float]] = {}
    for seed, record in records.items():
        for key, value in read(record).items():
            found.setdefault(key, {})[seed] = value
    return found


def _scores(record: Record) -> dict[str, float]:
    return record.scores


def _minutes(record: Record) -> dict[str, float]:
    return {step: seconds / 60 for step, seconds in record.seconds.items()}


def _by_source(record: Record) -> dict[tuple[str, str, str], float]:
    return {
        (part, source, metric): value
        for part, sources in record.by_source.items()
        for source, metrics in sources.items()
        for metric, value in metrics.items()
    }
