"""The output folder of a run.

    manifest.json             the plan, written first and then left alone
    part-000000.jsonl …       the documents of a shard, in the order of its input; there once they are all written
    quarantine-000003.jsonl   the bad rows of a shard that has some
    summary.json              counts, written last: it is there when everything is done

A shard is done where its part is there: so a run that was stopped, by whatever, goes on with those that are not.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import ValidationError

from ..errors import BadInput
from ..files import file_sha256
from .inputs import Source
from .output import TEMPORARY, appearing
from .plan import Input, Model, Options, OutputFormat, Plan

MANIFEST, SUMMARY = "manifest.json", "summary.json"
_PARTS = ("part-*.jsonl", "part-*.parquet", "quarantine-*.jsonl")
# What a process that was killed was writing.
_UNFINISHED = tuple(f"{pattern}.*{TEMPORARY}" for pattern in (*_PARTS, MANIFEST))
_OR_ELSE = "name another folder, or add --restart to delete what is there and begin anew"


def part_path(out: Path, number: int, form: OutputFormat) -> Path:
    return out / f"part-{number:06d}.{form}"


def quarantine_path(out: Path, number: int) -> Path:
    return out / f"quarantine-{number:06d}.jsonl"


def check_folder(out: Path) -> None:
    """RAISES (BadInput): it is a file, or a folder with something else in it."""
    if out.suffix in (".jsonl", ".parquet", ".csv") or out.is_file():
        raise BadInput("the output is a folder with a file for every shard: name a folder", path=out)
    if (out / MANIFEST).exists() or not out.exists():
        return
    if any(not path.name.endswith(TEMPORARY) for path in out.iterdir()):
        raise BadInput("the folder is not empty, and 'annotate' has not written it: name another", path=out)


def read_plan(out: Path) -> Plan | None:
    """The plan of a folder that was begun, None for a new one. RAISES (BadInput): its manifest is damaged."""
    manifest = out / MANIFEST
    if not manifest.exists():
        return None
    try:
        return Plan.model_validate_json(manifest.read_bytes())
    except ValidationError as error:
        raise BadInput(
            f"is no manifest of this version ({error.error_count()} problems): {_OR_ELSE}", path=manifest
        ) from None


def write_plan(out: Path, plan: Plan) -> None:
    with appearing(out / MANIFEST) as temporary:
        temporary.write_text(plan.model_dump_json(indent=1, exclude_none=True) + "\n", encoding="utf-8")


def check_same(plan: Plan, sources: Sequence[Source], model: Model, options: Options, out: Path) -> Plan:
    """Go on only with the same inputs, model and options.

    RETURNS (Plan): with the times that the inputs have now.
    RAISES (BadInput): what is another.
    """
    changes = [
        f"{name.replace('_', '-')} was {was!r} and is {now!r}"
        for name, was in plan.options
        if was != (now := getattr(options, name))
    ]
    if plan.model != model:
        was, now = (f"{one.name} {one.version} {one.sha256[:8]}, library {one.library}" for one in (plan.model, model))
        changes.append(f"the model was {was} and is {now}")
    names = [source.name for source in sources]
    before = {file.name: file for file in plan.inputs}
    changes += [f"{name} is new" for name in names if name not in before]
    changes += [f"{name} is not among the inputs" for name in before if name not in names]
    if not changes and list(before) != names:
        changes.append("the inputs are in another order")
    inputs = [_current(before[source.name], source.path) for source in sources if source.name in before]
    changes += [f"{name} was changed" for name, file in zip(names, inputs, strict=False) if file is None]
    if changes:
        raise BadInput(f"holds documents of another run: {'; '.join(changes)}. To go on, {_OR_ELSE}", path=out)
    return plan.model_copy(update={"inputs": inputs})


def _current(file: Input, path: Path) -> Input | None:
    """The input with its present time; None where its content is another."""
    stat = path.stat()
    if stat.st_size != file.size:
        return None
    if stat.st_mtime_ns == file.modified_ns:
        return file
    return file.model_copy(update={"modified_ns": stat.st_mtime_ns}) if file_sha256(path) == file.sha256 else None


def finished_shards(out: Path, plan: Plan) -> set[int]:
    there = {path.name for path in out.glob("part-*")}
    return {shard.number for shard in plan.shards if part_path(out, shard.number, plan.options.format).name in there}


def clear(out: Path) -> None:
    """Delete what `annotate` has written, the manifest last."""
    for pattern in (*_PARTS, SUMMARY, MANIFEST):
        for path in out.glob(pattern):
            path.unlink()


def sweep(out: Path) -> None:
    """Delete what a killed process was writing; were it still alive, it could not put it in place any more."""
    for pattern in _UNFINISHED:
        for path in out.glob(pattern):
            path.unlink(missing_ok=True)


@contextmanager
def taken(out: Path) -> Iterator[None]:
    """Make the folder and hold it, so that no other process of this machine annotates into it.

    RAISES (BadInput): another process holds it.
    """
    out.mkdir(parents=True, exist_ok=True)
    folder = os.open(out, os.O_RDONLY)
    try:
        with suppress(OSError):  # a network file system without locks
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BadInput("another process is annotating into this folder", path=out) from None
        yield
    finally:
        os.close(folder)
        with suppress(OSError):  # it is not empty, unless nothing came of it
            out.rmdir()
