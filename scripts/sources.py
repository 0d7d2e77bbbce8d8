"""Readers of input files: markup, JSONL, JSON, CSV, TSV, Parquet, and the corpora that need a converter of their own.

A source of the domain file names a reader, its files, and how columns and labels map onto ours. Every reader yields records and sends what
is wrong to the log with file and line; ids that the input does not give are made from the source's name, the split and the row.
"""

import csv
import html
import importlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .domain import Domain, Source
from .errors import BadInput, ErrorLog
from .markup import read_markup
from .records import NER, REFERENCE_DATE, Record, make_record, parse_json, read_jsonl, read_lines


@dataclass(frozen=True)
class SourceFile:
    """One file of a source."""

    name: str
    source: Source
    split: str
    path: Path
    domain: Domain

    def record_id(self, number: int) -> str:
        return f"{self.name}-{self.split}-{number:06d}"


def _cell(value: Any) -> Any:
    """A cell as the record wants it; None where it says nothing."""
    if value is None or value == "" or value != value:  # NaN is not equal to itself
        return None
    return value


def map_row(row: dict[str, Any], file: SourceFile, number: int) -> Record:
    """Turn a row of a table, or a JSON object with foreign names, into a record by the source's mapping.

    An empty cell of a classifier's column is unknown. A label that the source's table does not name is an error.
    """
    source, domain = file.source, file.domain
    columns = source.columns or {"text": "text"}
    missing = [column for column in columns.values() if column not in row]
    if missing:
        raise BadInput(f"no column '{missing[0]}' (there are: {', '.join(map(str, row))}); see 'columns' of source '{file.name}'")
    data: dict[str, Any] = {"id": file.record_id(number), "meta": {}, "cats": {}, "layers": dict(source.layers)}
    for field, column in columns.items():
        value = _cell(row[column])
        if field == "text":
            data["text"] = html.unescape(value) if source.unescape_html and isinstance(value, str) else value
        elif field == "id":
            if value is not None:
                data["id"] = str(value)
        elif field.startswith("meta."):
            if value is not None:
                data["meta"][field.removeprefix("meta.")] = value
        elif field == REFERENCE_DATE:
            if value is not None:
                data["meta"][REFERENCE_DATE] = str(value)
        elif field == "spans":
            if value is not None:
                data["spans"] = parse_json(value) if isinstance(value, str) else list(value)
                data["layers"].setdefault(NER, domain.entity_labels)
        elif field in domain.classifiers:
            if value is not None:
                data["cats"][field] = _map_label(value, field, file)
                data["layers"][field] = True
        else:
            raise BadInput(f"source '{file.name}': '{field}' is neither a field of a record nor a classifier of the domain")
    if data.get("text") is None:
        raise BadInput(f"the text is missing (column '{columns.get('text')}')", record_id=data["id"])
    return make_record(data)


def _map_label(value: Any, layer: str, file: SourceFile) -> Any:
    if isinstance(value, list):
        return value  # refused by the record, which says why
    table = file.source.labels.get(layer)
    if table is None:
        return str(value)
    if str(value) not in table:
        raise BadInput(f"unknown {layer} label {value!r}: the source's table has {', '.join(table)}")
    return table[str(value)]


def _finish(records: Iterator[tuple[int, Callable[[], Record]]], file: SourceFile, log: ErrorLog) -> Iterator[Record]:
    seen: dict[str, int] = {}
    for number, make in records:
        try:
            record = make()
            file.domain.check_labels(record)
            if record.id in seen:
                raise BadInput(f"duplicate id, first used on line {seen[record.id]}", record_id=record.id)
        except BadInput as error:
            log.handle(error.at(path=file.path, line=number))
            continue
        seen[record.id] = number
        yield record


def _read_table(file: SourceFile, log: ErrorLog, delimiter: str) -> Iterator[Record]:
    def rows() -> Iterator[tuple[int, Callable[[], Record]]]:
        reader = csv.reader((line for _, line in read_lines(file.path, log)), delimiter=delimiter, strict=True)
        header: list[str] | None = None
        number = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                log.handle(BadInput(f"not valid CSV: {error}", path=file.path, line=reader.line_num))
                return
            if header is None:
                header = cells
                continue
            number += 1
            if file.source.rows is not None and number > file.source.rows and file.split == "train":
                return
            yield reader.line_num, _row_maker(header, cells, file, number)

    yield from _finish(rows(), file, log)


def _row_maker(header: list[str], cells: list[str], file: SourceFile, number: int) -> Callable[[], Record]:
    def make() -> Record:
        if len(cells) != len(header):
            raise BadInput(f"{len(cells)} fields, the header has {len(header)} (a quote or a delimiter too many?)")
        return map_row(dict(zip(header, cells, strict=True)), file, number)

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
    try:
        data = parse_json(file.path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8 at byte {error.start}", path=file.path) from None
    except BadInput as error:
        raise error.at(path=file.path) from None
    if not isinstance(data, list):
        raise BadInput("expected a JSON array of objects", path=file.path)

    def rows() -> Iterator[tuple[int, Callable[[], Record]]]:
        for number, item in enumerate(data, 1):
            yield number, _item_maker(item, file, number)

    yield from _finish(rows(), file, log)


def _item_maker(item: Any, file: SourceFile, number: int) -> Callable[[], Record]:
    def make() -> Record:
        if not isinstance(item, dict):
            raise BadInput(f"item {number} must be a JSON object, got {type(item).__name__}")
        return map_row(item, file, number) if file.source.columns else make_record(item)

    return make


def read_parquet(file: SourceFile, log: ErrorLog) -> Iterator[Record]:
    """A Parquet file (needs the `scale` extra)."""
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415 (an extra)
    except ImportError:
        raise BadInput("reading Parquet needs pyarrow: pip install 'spacy-bellwether[scale]'", path=file.path) from None
    try:
        table = pq.ParquetFile(file.path)
    except Exception as error:  # pyarrow raises its own and OSError
        raise BadInput(f"not a Parquet file: {error}", path=file.path) from None

    def rows() -> Iterator[tuple[int, Callable[[], Record]]]:
        number = 0
        for batch in table.iter_batches(batch_size=1000):
            for item in batch.to_pylist():
                number += 1
                yield number, _item_maker(_without_nulls(item), file, number)

    yield from _finish(rows(), file, log)


def _without_nulls(item: dict[str, Any]) -> dict[str, Any]:
    """Parquet fills what a row does not say with nulls, deep down too; JSON text stands for nested objects whose keys vary."""
    cleaned: dict[str, Any] = {}
    for key, value in item.items():
        if key in ("meta", "cats", "layers", "spans") and isinstance(value, str):
            value = json.loads(value)
        cleaned[key] = _drop_nulls(value)
    return cleaned


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
            files += [SourceFile(name, source, split, path, domain) for path in paths]
    return files


def read_source(name: str, source: Source, domain: Domain, root: Path, log: ErrorLog) -> Iterator[tuple[str, Record]]:
    """Yield (split, record) of every file of a source; split is "all" where the source leaves it to us."""
    reader = find_reader(source.reader)
    for file in source_files(name, source, domain, root):
        for record in reader(file, log):
            record.meta.setdefault("source", name)
            yield file.split, record
