"""The rows of a shard, each with what is wrong with it where it cannot be read."""

import datetime
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import BadInput
from ..parquet import import_parquet, open_parquet
from ..records import MEND_UTF8, parse_json
from .inputs import DELIMITERS
from .plan import Input, Shard
from .tables import read_table

_PARQUET_BATCH = 1_000


@dataclass(frozen=True)
class Row:
    """A row of an input.

    line (int): line, or row of a Parquet file, from 1. raw (bytes | dict): as it stands there.
    data (dict | None): its fields, None where it cannot be read: `problem` says why.
    """

    line: int
    raw: bytes | dict[str, Any]
    data: dict[str, Any] | None
    problem: str = ""

    @property
    def raw_text(self) -> str:
        """The row as text; bytes that are not UTF-8 as `\\xNN`."""
        if isinstance(self.raw, bytes):
            return self.raw.decode("utf-8", "backslashreplace").rstrip("\r\n")
        return json.dumps(self.raw, ensure_ascii=False)


class RowReader:
    """Reads shards, one after the other.

    A row group of a Parquet file can only be decoded from its begin: the reader goes on where it is, if it can.
    """

    def __init__(self) -> None:
        self._group: _RowGroup | None = None

    def read(self, shard: Shard, file: Input, path: Path) -> Iterator[Row]:
        """Yield as many rows as the shard has. RAISES (BadInput): the file is not what it was when it was cut."""
        check_unchanged(file, path)
        if file.format == "parquet":
            yield from self._read_parquet(shard, path)
            return
        with path.open("rb") as opened:
            opened.seek(shard.start)
            raw = opened.read(shard.end - shard.start)
        if file.format == "jsonl":
            yield from read_lines(raw, shard.line)
        else:
            yield from read_cells(raw, shard.line, file.columns or [], DELIMITERS[file.format])

    def _read_parquet(self, shard: Shard, path: Path) -> Iterator[Row]:
        group = self._group
        if group is None or not group.reaches(path, shard):
            group = self._group = _RowGroup(path, shard.group or 0)
        try:
            rows = group.take(shard.start, shard.end)
        except Exception as error:  # pyarrow raises its own, OSError, ValueError
            self._group = None
            problem = f"cannot be read: {type(error).__name__}: {error}"
            yield from (Row(shard.line + number, {}, None, problem) for number in range(shard.rows))
            return
        for line, row in enumerate(rows, shard.line):
            data = {column: plain(value) for column, value in row.items()}
            yield Row(line, data, data)


def check_unchanged(file: Input, path: Path) -> None:
    """RAISES (BadInput): the file has another size or time than when it was cut."""
    try:
        stat = path.stat()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", path=path) from None
    if (stat.st_size, stat.st_mtime_ns) != (file.size, file.modified_ns):
        raise BadInput("was changed while it was annotated: start again, with --restart", path=path)


def read_lines(raw: bytes, line: int) -> Iterator[Row]:
    """The rows of some JSONL, blank lines left out; `line` is the number of its first."""
    for number, text in enumerate(io.BytesIO(raw), line):
        if text.strip():
            try:
                data = parse_json(_decode(text))
                if not isinstance(data, dict):
                    raise BadInput(f"must be a JSON object, got {type(data).__name__}")
            except BadInput as error:
                yield Row(number, text, None, error.problem)
            else:
                yield Row(number, text, data)


def read_cells(raw: bytes, line: int, columns: list[str], delimiter: str) -> Iterator[Row]:
    """The rows of a part of a table, blank lines left out; an empty cell says nothing and is left out too."""
    for row in read_table(io.BytesIO(raw), delimiter):
        if row.cells != []:
            try:
                yield Row(line, row.raw, _fields(row.cells, columns, row.raw, row.problem))
            except BadInput as error:
                yield Row(line, row.raw, None, error.problem)
        line += row.lines


def _fields(cells: list[str] | None, columns: list[str], raw: bytes, problem: str | None) -> dict[str, str]:
    _decode(raw)
    if cells is None:
        raise BadInput(problem or "not valid CSV")
    if len(cells) != len(columns):
        raise BadInput(f"{len(cells)} fields, the header has {len(columns)} (a quote or a delimiter too many?)")
    return {column: cell for column, cell in zip(columns, cells, strict=True) if cell}


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8: byte 0x{raw[error.start]:02x} at position {error.start}; {MEND_UTF8}") from None


def plain(value: Any) -> Any:
    """A value of a Parquet file as JSON can say it: days and decimal numbers as text, what is no number as nothing."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, datetime.date | datetime.time):  # a datetime too
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return str(value) if isinstance(value, Decimal | datetime.timedelta) else value


class _RowGroup:
    """A row group of a Parquet file that is being decoded, from its begin on."""

    def __init__(self, path: Path, group: int) -> None:
        self.path = path
        self.group = group
        self._file = open_parquet(path)
        self._batches = self._file.iter_batches(batch_size=_PARQUET_BATCH, row_groups=[group])
        self._batch: Any = None
        self._first = 0  # row of the batch

    def reaches(self, path: Path, shard: Shard) -> bool:
        return (self.path, self.group) == (path, shard.group) and shard.start >= self._first

    def take(self, start: int, end: int) -> list[dict[str, Any]]:
        """RAISES (Exception): pyarrow's, where the rows are broken."""
        rows: list[dict[str, Any]] = []
        while start < end:
            last = self._first + (0 if self._batch is None else self._batch.num_rows)
            if start >= last:
                self._first, self._batch = last, next(self._batches)
                continue
            part = self._batch.slice(start - self._first, min(end, last) - start)
            rows += _in_microseconds(part).to_pylist()
            start += part.num_rows
        return rows


def _in_microseconds(batch: Any) -> Any:
    """Python knows no nanoseconds."""
    pa, _ = import_parquet()
    columns = [
        column.cast(pa.timestamp("us", column.type.tz), safe=False)
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns"
        else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
