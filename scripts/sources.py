"""Readers of input files: markup, JSONL, JSON, CSV, TSV, Parquet, and the corpora that need a converter of their own.

A source of the domain file names a reader, its files, and how columns and labels map onto ours. Every reader yields
records and sends what is wrong to the log with file and line; ids that the input does not give are made from the
source's name, the split and the row.
"""

import codecs
import csv
import datetime
import html
import importlib
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from .domain import META_PREFIX, Domain, Part, Source
from .errors import BadInput, ErrorLog
from .markup import read_markup
from .parquet import import_parquet, open_parquet
from .records import MEND_UTF8, NER, REFERENCE_DATE, Record, make_record, parse_json, read_jsonl, read_text

# Fields of a record that are objects or lists.
_NESTED = frozenset({"meta", "spans", "cats", "layers"})


@dataclass(frozen=True)
class SourceFile:
    """One file of a source."""

    name: str
    source: Source
    split: Part
    path: Path
    domain: Domain
    part: str = ""

    def record_id(self, number: int) -> str:
        """The id of the nth row, where the input gives none; `part` tells the files of a split apart."""
        return "-".join(word for word in (self.name, self.split, self.part, f"{number:06d}") if word)


def _cell(value: Any) -> Any:
    """A cell as the record wants it; None where it says nothing."""
    if value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    return value


def map_row(row: dict[str, Any], file: SourceFile, number: int) -> Record:
    """Turn a row of a table, or a JSON object with foreign names, into a record by the source's mapping.

    An empty cell of a classifier's column is unknown. A label that the source's table does not name is an error.
    """
    columns = _columns(file)
    record_id = _cell(row.get(columns.get("id", "")))
    data: dict[str, Any] = {"id": file.record_id(number) if record_id is None else str(record_id)}
    try:
        data |= _map_fields(row, columns, file)
    except BadInput as error:
        raise error.at(record_id=data["id"]) from None
    return make_record(data)


def _map_fields(row: dict[str, Any], columns: dict[str, str], file: SourceFile) -> dict[str, Any]:
    for column in columns.values():
        _check_column(column, row, file)
    data: dict[str, Any] = {"meta": {}, "cats": {}, "layers": dict(file.source.layers)}
    for field, column in columns.items():
        value = _cell(row[column])
        if field != "id" and value is not None:
            _set_field(data, field, value, file)
    if "text" not in data:
        raise BadInput(f"the text is missing (column '{columns['text']}')")
    return data


def _set_field(data: dict[str, Any], field: str, value: Any, file: SourceFile) -> None:
    if field == "text":
        data["text"] = html.unescape(value) if file.source.unescape_html and isinstance(value, str) else value
    elif field.startswith(META_PREFIX):
        data["meta"][field.removeprefix(META_PREFIX)] = _plain(value)
    elif field == REFERENCE_DATE:
        data["meta"][REFERENCE_DATE] = str(_plain(value)).partition("T")[0]
    elif field == "spans":
        table = file.source.labels.get(NER)
        spans = parse_json(value) if isinstance(value, str) else value
        data["spans"] = _map_spans(spans, file)
        asked = file.domain.entity_labels if table is None else sorted({label for label in table.values() if label})
        data["layers"].setdefault(NER, asked)
    elif (label := _map_label(value, field, file)) is not None:
        data["cats"][field] = label
        data["layers"][field] = True


def _plain(value: Any) -> Any:
    """A date, time or decimal number, which a Parquet file may hold, as the text that JSON writes for it."""
    if isinstance(value, datetime.date | datetime.time):  # a datetime too
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _map_label(value: Any, layer: str, file: SourceFile) -> Any:
    if isinstance(value, list):
        return value  # refused by the record, which says why
    table = file.source.labels.get(layer)
    if table is None:
        return str(value)
    if str(value) not in table:
        raise BadInput(f"unknown {layer} label {value!r}: the source's table has {', '.join(table)}")
    return table[str(value)]


def _map_spans(spans: Any, file: SourceFile) -> Any:
    if not isinstance(spans, list):
        return spans  # refused by the record, which says why
    mapped = []
    for span in spans:
        if not isinstance(span, dict) or "label" not in span:
            raise BadInput(f"spans: {span!r} is not an object with start, end and label")
        label = _map_label(span["label"], NER, file)
        if label is not None:
            file.domain.check_entity(label)
            mapped.append({**span, "label": label})
    return mapped


def _finish(
    records: Iterator[tuple[int, Callable[[], Record]]], file: SourceFile, log: ErrorLog, *, unit: str = "line"
) -> Iterator[Record]:
    """Make the records; `unit` is what their numbers count: lines, or the items or rows of a file without lines."""
    seen: dict[str, int] = {}
    for number, make in records:
        try:
            record = make()
            file.domain.check_labels(record)
            if record.id in seen:
                raise BadInput(f"duplicate id, first used in {unit} {seen[record.id]}", record_id=record.id)
        except BadInput as error:
            if unit == "line":
                log.handle(error.at(path=file.path, line=number))
            else:
                log.handle(BadInput(f"{unit} {number}: {error.problem}", path=file.path, record_id=error.record_id))
            continue
        seen[record.id] = number
        yield record


def _table_lines(path: Path) -> Iterator[str]:
    """Every line of a file; a byte that is not UTF-8 becomes a surrogate: its row is one error (`_check_cells`)."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines):
            yield (line if number else line.removeprefix(codecs.BOM_UTF8)).decode("utf-8", "surrogateescape")


def _table_rows(path: Path, log: ErrorLog, delimiter: str) -> Iterator[tuple[int, list[str] | None]]:
    """Yield (line, cells) of every row that is not blank, the header first; None for a broken row, which is logged."""
    reader = csv.reader(_table_lines(path), delimiter=delimiter, strict=True)
    header = True
    while True:
        line = reader.line_num + 1
        cells: list[str] | None = None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lost = f"; lines {line} to {reader.line_num} are one broken row" if reader.line_num > line else ""
            broken = BadInput(f"not valid CSV: {error}{lost}", path=path, line=line)
            if header:
                raise broken from None
            log.handle(broken)
        if cells != []:
            header = False
            yield line, cells


def _read_table(file: SourceFile, log: ErrorLog, delimiter: str) -> Iterator[Record]:
    def rows() -> Iterator[tuple[int, Callable[[], Record]]]:
        table = _table_rows(file.path, log, delimiter)
        line, header = next(table, (1, None))
        if header is None:
            return  # an empty file
        _check_header(header, file, line)
        for number, (line, cells) in enumerate(table, 1):
            if file.source.rows is not None and number > file.source.rows and file.split == "train":
                return
            if cells is not None:
                yield line, _row_maker(header, cells, file, number)

    yield from _finish(rows(), file, log)


def read_rows(path: Path, columns: Iterable[str], log: ErrorLog) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, cells by column) of a CSV file, for a converter; bad rows go to the log.

    RAISES (BadInput): where one of the columns is missing.
    """
    header: list[str] | None = None
    for line, cells in _table_rows(path, log, ","):
        if cells is None:
            continue
        if header is None:
            missing = [column for column in columns if column not in cells]
            if missing:
                raise BadInput(f"no column '{missing[0]}' (there are: {', '.join(cells)})", path=path, line=line)
            header = cells
            continue
        try:
            row = _make_row(header, cells)
        except BadInput as error:
            log.handle(error.at(path=path, line=line))
            continue
        yield line, row


def _make_row(header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise BadInput(f"{len(cells)} fields, the header has {len(header)} (a quote or a delimiter too many?)")
    _check_cells(cells)
    return dict(zip(header, cells, strict=True))


def _check_header(cells: list[str], file: SourceFile, line: int) -> None:
    try:
        _check_cells(cells)
        for column in _columns(file).values():
            _check_column(column, cells, file)
            if cells.count(column) > 1:
                raise BadInput(f"two columns are called '{column}': rename one")
    except BadInput as error:
        raise error.at(path=file.path, line=line) from None


def _columns(file: SourceFile) -> dict[str, str]:
    return file.source.columns or {"text": "text"}


def _check_column(column: str, there: Iterable[str], file: SourceFile) -> None:
    if column not in there:
        names = ", ".join(there)
        raise BadInput(f"no column '{column}' (there are: {names}); see 'columns' of source '{file.name}'")


def _check_cells(cells: list[str]) -> None:
    for cell in cells:
        try:
            cell.encode()
        except UnicodeEncodeError as error:
            byte = ord(cell[error.start]) - 0xDC00  # as `surrogateescape` has it
            shown = cell[:40].encode("ascii", "backslashreplace").decode()
            raise BadInput(f"not UTF-8: byte 0x{byte:02x} in '{shown}'; {MEND_UTF8}") from None


def _row_maker(header: list[str], cells: list[str], file: SourceFile, number: int) -> Callable[[], Record]:
    def make() -> Record:
        return map_row(_make_row(header, cells), file, number)

    return make


def read_csv(file: SourceFile, log: ErrorLog) -> Iterator[Record]:
    """A CSV file with a header."""
    yield from _read_table(file, log, ",")


def read_tsv(file: SourceFile, log: ErrorLog) -> Iterator[Record]:
    """A tab-separated file with a header."""
    yield from _read_table(file, log, "\t")


def read_json_lines(file: SourceFile, log: ErrorLog) -> Iterator[Record]:
    """One object a line: records as they are, or foreign objects if the source has `columns`."""
    number = 0

    def make(data: dict[str, Any]) -> Record:
        nonlocal number
        number += 1
        record = map_row(data, file, number) if file.source.columns else make_record(data)
        file.domain.check_labels(record)
        return record

    yield from read_jsonl(file.path, log, make=make)


def read_json(file: SourceFile, log: ErrorLog) -> Iterator[Record]:
    """One JSON array of objects."""

    def rows() -> Iterator[tuple[int, Callable[[], Record]]]:
        for number, item in enumerate(read_json_array(file.path, log), 1):
            yield number, _item_maker(item, file, number)

    yield from _finish(rows(), file, log, unit="item")


def read_json_array(path: Path, log: ErrorLog) -> list[Any]:
    """The items of a JSON array; a file that is none goes to the log as a whole."""
    try:
        data = parse_json(read_text(path))
        if not isinstance(data, list):
            raise BadInput(f"expected a JSON array of objects, got {type(data).__name__}")
    except BadInput as error:
        log.handle(error.at(path=path))
        return []
    return data


def _item_maker(item: Any, file: SourceFile, number: int) -> Callable[[], Record]:
    def make() -> Record:
        if not isinstance(item, dict):
            raise BadInput(f"must be a JSON object, got {type(item).__name__}")
        return map_row(item, file, number) if file.source.columns else make_record(item)

    return make


def read_parquet(file: SourceFile, log: ErrorLog) -> Iterator[Record]:
    """A Parquet file (needs the `scale` extra)."""
    import_parquet(path=file.path)  # a library that is missing is no bad record to be skipped
    try:
        table = open_parquet(file.path)
    except BadInput as error:
        log.handle(error)
        return

    def rows() -> Iterator[tuple[int, Callable[[], Record]]]:
        number = 0
        for batch in table.iter_batches(batch_size=1000):
            for item in batch.to_pylist():
                number += 1
                yield number, _parquet_row_maker(item, file, number)

    yield from _finish(rows(), file, log, unit="row")


def _parquet_row_maker(row: dict[str, Any], file: SourceFile, number: int) -> Callable[[], Record]:
    """Parquet fills what a row does not say with nulls, deep down too; objects whose keys vary come as JSON text."""

    def make() -> Record:
        if file.source.columns:
            return map_row({column: _drop_nulls(value) for column, value in row.items()}, file, number)
        try:
            return make_record(
                {
                    field: parse_json(value) if field in _NESTED and isinstance(value, str) else _drop_nulls(value)
                    for field, value in row.items()
                    if value is not None
                }
            )
        except BadInput as error:
            raise error.at(record_id=row["id"] if isinstance(row.get("id"), str) else None) from None

    return make


def _drop_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _drop_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_drop_nulls(item) for item in value]
    return value


def _read_markup_file(file: SourceFile, log: ErrorLog) -> Iterator[Record]:
    yield from read_markup(file.path, file.domain, log)


READERS: dict[str, Callable[[SourceFile, ErrorLog], Iterator[Record]]] = {
    "markup": _read_markup_file,
    "jsonl": read_json_lines,
    "json": read_json,
    "csv": read_csv,
    "tsv": read_tsv,
    "parquet": read_parquet,
}


def find_reader(name: str) -> Callable[[SourceFile, ErrorLog], Iterator[Record]]:
    """The reader of a format, or `read` of the module `scripts/corpora/NAME.py`."""
    if name in READERS:
        return READERS[name]
    try:
        module = importlib.import_module(f".corpora.{name}", __package__)
    except ModuleNotFoundError:
        raise BadInput(f"unknown reader '{name}': use {', '.join(READERS)}, or a module of scripts/corpora/") from None
    reader: Callable[[SourceFile, ErrorLog], Iterator[Record]] = module.read
    return reader


def source_files(name: str, source: Source, domain: Domain, root: Path) -> list[SourceFile]:
    """The files of a source, globs resolved below `root`, in a stable order.

    Where a split may have several files (a glob, or more than one path), the ids made for their rows carry the name of
    the file.
    RAISES (BadInput): where a path or glob matches nothing.
    """
    files = []
    for split, patterns in source.files.items():
        for pattern in patterns:
            paths = [Path(pattern)] if Path(pattern).is_absolute() else sorted(root.glob(pattern))
            if not paths or not all(path.is_file() for path in paths):
                raise BadInput(
                    f"source '{name}': no file matches '{pattern}'. A public corpus is fetched by "
                    "'spacy project run fetch . --vars.mix MIX' first"
                )
            several = len(patterns) > 1 or any(sign in pattern for sign in "*?[")
            files += [SourceFile(name, source, split, path, domain, path.stem if several else "") for path in paths]
    return files


def read_source(name: str, source: Source, domain: Domain, root: Path, log: ErrorLog) -> Iterator[tuple[str, Record]]:
    """Yield (split, record) of every file of a source; split is "all" where the source leaves it to us."""
    reader = find_reader(source.reader)
    owners: dict[str, Path] = {}
    for file in source_files(name, source, domain, root):
        for record in reader(file, log):
            if record.id in owners:
                log.handle(
                    BadInput(f"duplicate id, first used in {owners[record.id]}", path=file.path, record_id=record.id)
                )
                continue
            owners[record.id] = file.path
            record.meta.setdefault("source", name)
            yield file.split, record
