"""Cut a file into shards of whole rows, in one pass that takes its SHA-256 as well.

Every row is in exactly one shard. A line of JSONL ends at a line feed and nowhere else; a row of a table may have line
breaks between quotes, so that its end is known only to who has read the table from its begin.
"""

import codecs
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import BadInput
from ..files import file_sha256
from ..parquet import open_parquet
from .inputs import DELIMITERS, Source
from .tables import read_table

# A shard ends where it has this many bytes, however few its rows.
SHARD_BYTES = 4 * 2**20


@dataclass(frozen=True)
class Cut:
    """A shard of one file: see `plan.Shard`."""

    start: int
    end: int
    line: int
    rows: int
    group: int | None = None


@dataclass(frozen=True)
class Pieces:
    """A file, cut."""

    cuts: list[Cut]
    sha256: str
    columns: list[str] | None = None


@dataclass(frozen=True)
class Stretch:
    """What cannot be cut: a row with its line breaks, or a blank line."""

    size: int
    lines: int
    row: bool


def cut(source: Source, text_field: str, rows: int, advance: Callable[[int], object] | None = None) -> Pieces:
    """Cut a file into shards of at most `rows` rows.

    advance (Callable | None): is told of bytes that were read.
    RAISES (BadInput): a table without the column of the texts, a Parquet file that is none.
    """
    if source.format == "parquet":
        return _cut_parquet(source.path, text_field, rows, advance)
    digest = hashlib.sha256()
    with source.path.open("rb") as file:

        def lines() -> Iterator[bytes]:
            for line in file:
                digest.update(line)
                if advance is not None:
                    advance(len(line))
                yield line

        if source.format == "jsonl":
            cuts = list(cut_lines(lines(), rows))
            columns = None
        else:
            columns, cuts = cut_table(lines(), DELIMITERS[source.format], rows, text_field, source.path)
    return Pieces(cuts, digest.hexdigest(), columns)


def gather(stretches: Iterable[Stretch], start: int, line: int, rows: int, size: int = SHARD_BYTES) -> Iterator[Cut]:
    """Put stretches together to shards; blank lines at the end of a file are in none."""
    begin, begin_line, counted = start, line, 0
    for stretch in stretches:
        start += stretch.size
        line += stretch.lines
        counted += stretch.row
        if counted and (counted == rows or start - begin >= size):
            yield Cut(begin, start, begin_line, counted)
            begin, begin_line, counted = start, line, 0
    if counted:
        yield Cut(begin, start, begin_line, counted)


def cut_lines(lines: Iterator[bytes], rows: int) -> Iterator[Cut]:
    """Cut JSONL; a byte order mark at its begin is left out."""
    first = next(lines, b"")
    mark = len(codecs.BOM_UTF8) if first.startswith(codecs.BOM_UTF8) else 0

    def stretches() -> Iterator[Stretch]:
        for line in _chain(first[mark:], lines):
            yield Stretch(len(line), 1, bool(line.strip()))

    yield from gather(stretches(), mark, 1, rows)


def cut_table(
    lines: Iterator[bytes], delimiter: str, rows: int, text_field: str, path: Path
) -> tuple[list[str] | None, list[Cut]]:
    """Cut a table behind its header.

    RETURNS (tuple): the header, None for an empty file, and the shards.
    RAISES (BadInput): the header is broken, or is without the column of the texts.
    """
    first = next(lines, b"")
    mark = len(codecs.BOM_UTF8) if first.startswith(codecs.BOM_UTF8) else 0
    table = read_table(_chain(first[mark:], lines), delimiter)
    start, line = mark, 1
    for row in table:
        start += len(row.raw)
        line += row.lines
        if row.problem is not None:
            raise BadInput(f"the header: {row.problem}", path=path, line=line - row.lines)
        if row.cells:
            check_columns(row.cells, text_field, path)
            stretches = (Stretch(len(row.raw), row.lines, row.cells != []) for row in table)
            return row.cells, list(gather(stretches, start, line, rows))
    return None, []


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def check_columns(columns: list[str], text_field: str, path: Path) -> None:
    """RAISES (BadInput): no column has the texts, or two columns have one name."""
    if text_field not in columns:
        raise BadInput(f"no column '{text_field}' (there are: {', '.join(columns)}); see --text-field", path=path)
    twice = next((column for column in columns if columns.count(column) > 1), None)
    if twice is not None:
        raise BadInput(f"two columns are called '{twice}': rename one", path=path)


def _cut_parquet(path: Path, text_field: str, rows: int, advance: Callable[[int], object] | None) -> Pieces:
    file = open_parquet(path)
    check_columns(file.schema_arrow.names, text_field, path)
    cuts = []
    line = 1
    for group in range(file.num_row_groups):
        meta = file.metadata.row_group(group)
        step = rows
        if meta.num_rows:
            step = max(1, min(rows, SHARD_BYTES * meta.num_rows // max(1, meta.total_byte_size)))
        for start in range(0, meta.num_rows, step):
            end = min(start + step, meta.num_rows)
            cuts.append(Cut(start, end, line + start, end - start, group))
        line += meta.num_rows
    sha256 = file_sha256(path)
    if advance is not None:
        advance(path.stat().st_size)
    return Pieces(cuts, sha256)
