"""Which runs of an experiment are done, and doing the others.

Every run has a folder, OUT/EXPERIMENT/VARIANT/seed-N. Its `run.json` is written last: a run is done when that is there
and was made from the same inputs.
"""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from ..evaluation.provenance import git_state, now
from ..files import write_json
from .inputs import Inputs
from .steps import BEST, LAST, Outcome, remove_models

FORMAT = 1
RECORD = "run.json"


class Record(BaseModel):
    """`run.json`.

    seconds (dict): by step, of the process that did the run.
    git_commit, git_dirty: of the checkout that did it; None outside one.
    copied_from (str | None): folder of the run with the same inputs that this is a copy of.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    experiment: str
    variant: str
    inputs: Inputs
    seconds: dict[str, float]
    scores: dict[str, float]
    by_source: dict[str, dict[str, dict[str, float]]]
    date: str
    git_commit: str | None
    git_dirty: bool | None
    copied_from: str | None = None


@dataclass(frozen=True)
class Twin:
    """A run that is done and has the same inputs as another."""

    folder: Path
    record: Record


@dataclass(frozen=True)
class Run:
    """A variant with a seed.

    record (Record | None): of the last time, whatever its inputs.
    stale (list): why the record does not count.
    twin (Twin | None): a run to copy the result from.
    """

    experiment: str
    variant: str
    inputs: Inputs
    folder: Path
    record: Record | None = None
    stale: list[str] = field(default_factory=list)
    twin: Twin | None = None

    @property
    def name(self) -> str:
        return f"{self.variant}, seed {self.inputs.seed}"

    @property
    def done(self) -> Record | None:
        """The record, if it counts."""
        return None if self.stale else self.record

    @property
    def seconds(self) -> float | None:
        """How long the last time took, whatever its inputs."""
        return sum(self.record.seconds.values()) if self.record is not None else None


def list_runs(
    name: str,
    changes: dict[str, dict[str, Any]],
    seeds: Iterable[int],
    inputs: Inputs,
    out: Path,
    *,
    twins: bool = True,
) -> list[Run]:
    """All runs of an experiment, and what is there of each. Seeds first, so that every variant soon has a score.

    name (str): of the experiment. changes (dict): variant to what it changes in the config.
    inputs (Inputs): what they have in common. twins (bool): look for results to copy, in all experiments of `out`.
    """
    paths = sorted(out.glob(f"*/*/*/{RECORD}")) if twins else []
    others = [Twin(path.parent, record) for path in paths if (record := read_record(path)) is not None]
    runs = []
    for seed in seeds:
        for variant, overrides in changes.items():
            own = inputs.model_copy(update={"seed": seed, "set": overrides})
            run = look_at(Run(name, variant, own, out / name / variant / f"seed-{seed}"))
            if run.done is None:
                run = replace(run, twin=next((other for other in others if other.record.inputs == own), None))
            runs.append(run)
    return runs


def look_at(run: Run) -> Run:
    """The run with what its folder says about it."""
    path = run.folder / RECORD
    if not path.exists():
        return replace(run, record=None, stale=[], twin=None)
    record = read_record(path)
    stale = [f"{RECORD} is not readable"] if record is None else record.inputs.changes(run.inputs)
    return replace(run, record=record, stale=stale, twin=None)


def read_record(path: Path) -> Record | None:
    """None where the file is not a record of this format."""
    try:
        record = Record.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError):
        return None
    return record if record.format == FORMAT else None


def copy_twin(run: Run, twin: Twin) -> Run:
    """Take the result of a run that had the same inputs; its models, if any, stay where they are."""
    (run.folder / RECORD).unlink(missing_ok=True)
    shutil.copytree(twin.folder, run.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(RECORD, BEST, LAST))
    update = {"experiment": run.experiment, "variant": run.variant, "copied_from": str(twin.folder)}
    write_json(run.folder / RECORD, twin.record.model_copy(update=update).model_dump())
    return look_at(run)


def do_run(run: Run, work: Callable[[Run], Outcome], *, keep_models: bool) -> Run:
    """Do a run and write its record.

    work (Callable): trains and evaluates; raises where it fails, and then there is no record.
    """
    (run.folder / RECORD).unlink(missing_ok=True)
    commit, dirty = git_state(Path.cwd())
    outcome = work(run)
    record = Record(
        format=FORMAT,
        experiment=run.experiment,
        variant=run.variant,
        inputs=run.inputs,
        seconds=outcome.seconds,
        scores=outcome.scores,
        by_source=outcome.by_source,
        date=now(),
        git_commit=commit,
        git_dirty=dirty,
    )
    remove_models(run.folder, *([LAST] if keep_models else [BEST, LAST]))
    write_json(run.folder / RECORD, record.model_dump(), allow_nan=False)
    return look_at(run)


def estimate(run: Run, runs: Iterable[Run]) -> float | None:
    """Seconds that a run will take, from those of the same variant, else from all; None where none was ever done."""
    if run.done is not None or run.twin is not None:
        return 0.0
    known = [(other.variant, other.seconds) for other in runs if other.seconds is not None]
    same = [seconds for variant, seconds in known if variant == run.variant]
    return fmean(same or [seconds for _, seconds in known]) if known else None
