"""The plan of a run: what is read, cut into shards, with which options and which model.

It is the manifest of the output folder, so that a later start does the same shards and no others.
"""

import hashlib
from collections.abc import Callable, Sequence
from importlib import metadata
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ..evaluation.pipeline import locate, read_meta
from ..files import file_sha256
from .cutting import cut
from .inputs import Source

OutputFormat = Literal["jsonl", "parquet"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Options(_Frozen):
    """What the annotated documents depend on, besides input and model."""

    text_field: str = "text"
    id_field: str = "id"
    date_field: str = "reference_date"
    format: OutputFormat = "jsonl"
    max_characters: int = 100_000
    max_word_characters: int = 2_048
    shard_rows: int = 1_000


class Model(_Frozen):
    """The pipeline: its name and version, a hash of all its files, and the version of this library."""

    name: str
    version: str
    sha256: str
    library: str


class Input(_Frozen):
    """A file that is annotated. columns (list | None): the header of a table."""

    name: str
    format: str
    size: int
    modified_ns: int
    sha256: str
    columns: list[str] | None = None


class Shard(_Frozen):
    """Some rows of an input.

    input (int): its position in the plan. start (int), end (int): bytes, or rows of the row group of a Parquet file.
    line (int): of the first row: line, or row of a Parquet file, from 1. rows (int): those that are not blank.
    """

    number: int
    input: int
    start: int
    end: int
    line: int
    rows: int
    group: int | None = None


class Plan(_Frozen):
    """A run: the manifest of the output folder."""

    model: Model
    options: Options
    inputs: list[Input]
    shards: list[Shard]

    @property
    def rows(self) -> int:
        return sum(shard.rows for shard in self.shards)


def identify_model(model: str) -> Model:
    """RAISES (BadInput): where there is no such pipeline."""
    folder = locate(model)
    meta = read_meta(model)
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(folder).as_posix()} {file_sha256(path)}\n".encode())
    return Model(
        name=f"{meta['lang']}_{meta['name']}",
        version=meta["version"],
        sha256=digest.hexdigest(),
        library=metadata.version("spacy-bellwether"),
    )


def make_plan(
    sources: Sequence[Source], model: Model, options: Options, advance: Callable[[int], object] | None = None
) -> Plan:
    """Read all inputs once, and cut them.

    advance (Callable | None): is told of bytes that were read.
    RAISES (BadInput): a table without the column of the texts, a Parquet file that is none.
    """
    inputs: list[Input] = []
    shards: list[Shard] = []
    for source in sources:
        stat = source.path.stat()
        pieces = cut(source, options.text_field, options.shard_rows, advance)
        for piece in pieces.cuts:
            shards.append(
                Shard(
                    number=len(shards),
                    input=len(inputs),
                    start=piece.start,
                    end=piece.end,
                    line=piece.line,
                    rows=piece.rows,
                    group=piece.group,
                )
            )
        inputs.append(
            Input(
                name=source.name,
                format=source.format,
                size=stat.st_size,
                modified_ns=stat.st_mtime_ns,
                sha256=pieces.sha256,
                columns=pieces.columns,
            )
        )
    return Plan(model=model, options=options, inputs=inputs, shards=shards)
