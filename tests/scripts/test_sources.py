"""Input files: every format gives the same records."""

import csv
import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from scripts.errors import BadInput, ErrorLog
from scripts.records import Record, make_record, write_jsonl
from scripts.sources import find_reader, read_source, source_files
from tests.scripts.source_domain import make_domain, read
from tests.strategies import record_lists

COLUMNS = {
    "id": "key",
    "text": "body text",
    "sentiment": "tone",
    "category": "kind",
    "spans": "entities",
    "reference_date": "day",
}


def to_row(record: Record) -> dict[str, Any]:
    spans = [span.model_dump(exclude_none=True) for span in record.spans]
    row = {
        "key": record.id,
        "body text": record.text,
        "tone": record.cats.get("sentiment"),
        "kind": record.cats.get("category"),
        "entities": None if record.ner_labels is None else json.dumps(spans),
        "day": record.meta.get("reference_date"),
    }
    return row | {"a column of no interest": "x"}


def write_table(path: Path, rows: list[dict[str, Any]], delimiter: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    if path.suffix in (".csv", ".tsv"):
        write_table(path, rows, "," if path.suffix == ".csv" else "\t")
    elif path.suffix == ".parquet":
        columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]}
        pq.write_table(pa.table(columns), path)
    elif path.suffix == ".json":
        path.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    else:
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


@given(record_lists(aligned=False, flat=True))
def test_a_table_of_any_format_gives_the_same_records(
    tmp_path_factory: pytest.TempPathFactory, written: list[Record]
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    for reader in ("csv", "tsv", "jsonl", "json", "parquet"):
        write_rows(folder / f"data.{reader}", [to_row(record) for record in written])
        domain = make_domain(reader=reader, files={"all": f"data.{reader}"}, columns=COLUMNS)
        assert read(domain, folder) == written, reader


@given(record_lists(aligned=False))
def test_records_themselves_can_be_read_from_any_format_that_nests(
    tmp_path_factory: pytest.TempPathFactory, written: list[Record]
) -> None:
    folder = tmp_path_factory.mktemp("records")
    rows = [json.loads(record.to_line()) for record in written]
    write_jsonl(folder / "data.jsonl", written)
    (folder / "data.json").write_text(json.dumps(rows))
    nested = [{name: cell if isinstance(cell, str) else json.dumps(cell) for name, cell in row.items()} for row in rows]
    pq.write_table(pa.Table.from_pylist(nested), folder / "data.parquet")
    for reader in ("jsonl", "json", "parquet"):
        domain = make_domain(reader=reader, files={"all": f"data.{reader}"})
        assert read(domain, folder) == written, reader


def test_what_parquet_fills_with_nulls_stays_unknown(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": "full",
            "text": "Norvane rose 12%",
            "meta": {"outlet": "wire"},
            "spans": [
                {"start": 0, "end": 7, "label": "ORG", "sentiment": "positive"},
                {
                    "start": 13,
                    "end": 16,
                    "label": "PERCENT",
                    "value": {"type": "percent", "value": "12", "direction": "up"},
                },
            ],
            "cats": {"sentiment": "positive"},
            "layers": {"sentiment": True, "ner": ["ORG", "PERCENT"]},
        },
        {"id": "topic", "text": "x", "cats": {"category": "macro"}, "layers": {"category": True}},
        {"id": "empty", "text": "y", "layers": {"ner": ["ORG"]}},
        {"id": "unknown", "text": "z"},
    ]
    schema = pa.Table.from_pylist(rows[:2]).schema
    for field in ("cats", "layers"):
        both = pa.Table.from_pylist([{field: rows[0][field]}, {field: rows[1][field]}]).schema.field(field)
        schema = schema.set(schema.get_field_index(field), both)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), tmp_path / "data.parquet")
    assert read(make_domain(reader="parquet", files={"all": "*.parquet"}), tmp_path) == [
        make_record(row) for row in rows
    ]


def test_typed_cells_of_parquet(tmp_path: Path) -> None:
    row = {
        "text": "x",
        "key": 7,
        "tone": 1,
        "day": datetime.datetime(2031, 10, 24, 9, 30),
        "price": Decimal("1.50"),
        "seen": datetime.date(2031, 1, 2),
        "share": 0.5,
        "gap": float("nan"),
    }
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "data.parquet")
    meta = {f"meta.{name}": name for name in ("price", "seen", "share", "gap")}
    domain = make_domain(
        reader="parquet",
        files={"all": "data.parquet"},
        columns={"text": "text", "id": "key", "sentiment": "tone", "reference_date": "day", **meta},
        labels={"sentiment": {"1": "positive"}},
    )
    (record,) = read(domain, tmp_path)
    assert record.id == "7"
    assert record.cats == {"sentiment": "positive"}
    assert record.meta == {"reference_date": "2031-10-24", "price": "1.50", "seen": "2031-01-02", "share": 0.5}


def test_an_empty_cell_is_unknown_and_null_in_a_table_too(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("text,tone\na,1\nb,\nc,9\n")
    domain = make_domain(
        reader="csv",
        files={"all": "data.csv"},
        columns={"text": "text", "sentiment": "tone"},
        labels={"sentiment": {"1": "positive", "9": None}},
    )
    assert [record.layers for record in read(domain, tmp_path)] == [{"sentiment": True}, {}, {}]


def test_foreign_entity_labels_are_mapped(tmp_path: Path) -> None:
    spans = [{"start": 0, "end": 1, "label": "Company"}, {"start": 2, "end": 3, "label": "Emoji"}]
    write_rows(tmp_path / "data.csv", [{"text": "a 🚀", "entities": json.dumps(spans)}])
    domain = make_domain(
        reader="csv",
        files={"all": "data.csv"},
        columns={"text": "text", "spans": "entities"},
        labels={"ner": {"Company": "ORG", "Emoji": None}},
    )
    (record,) = read(domain, tmp_path)
    assert [(span.start, span.label) for span in record.spans] == [(0, "ORG")]
    assert record.layers == {"ner": ["ORG"]}


def test_cells_with_quotes_blank_lines_and_a_byte_order_mark(tmp_path: Path) -> None:
    content = b'\xef\xbb\xbftext,tone\r\n"first\n\nsays ""x"", then",positive\r\n\r\nplain,\r\n'
    (tmp_path / "data.csv").write_bytes(content)
    domain = make_domain(reader="csv", files={"all": "data.csv"}, columns={"text": "text", "sentiment": "tone"})
    assert [record.text for record in read(domain, tmp_path)] == ['first\n\nsays "x", then', "plain"]


def test_html_is_unescaped_on_demand(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("text\nR&amp;D\n")
    plain = make_domain(reader="csv", files={"all": "data.csv"})
    assert [record.text for record in read(plain, tmp_path)] == ["R&amp;D"]
    unescaped = make_domain(reader="csv", files={"all": "data.csv"}, unescape_html=True)
    assert [record.text for record in read(unescaped, tmp_path)] == ["R&D"]


def test_only_the_first_rows_of_train_belong_to_the_corpus(tmp_path: Path) -> None:
    for split in ("train", "test"):
        (tmp_path / f"{split}.csv").write_text("text\na\nb\nc\n")
    domain = make_domain(reader="csv", files={"train": "train.csv", "test": "test.csv"}, rows=2)
    found = list(read_source("mine", domain.sources["mine"], domain, tmp_path, ErrorLog()))
    assert [(split, record.id) for split, record in found] == [
        ("train", "mine-train-000001"),
        ("train", "mine-train-000002"),
        ("test", "mine-test-000001"),
        ("test", "mine-test-000002"),
        ("test", "mine-test-000003"),
    ]


def test_the_rows_of_several_files_have_ids_of_their_own(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"text\nfrom {name}\n")
    domain = make_domain(reader="csv", files={"all": "*.csv"})
    assert [record.id for record in read(domain, tmp_path)] == ["mine-all-a-000001", "mine-all-b-000001"]


def test_an_id_of_two_files_is_reported(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"id,text\n7,from {name}\n")
    domain = make_domain(reader="csv", files={"all": "*.csv"}, columns={"id": "id", "text": "text"})
    with pytest.raises(BadInput, match=r"b\.csv: id '7': duplicate id, first used in .*a\.csv"):
        read(domain, tmp_path)
    log = ErrorLog("skip")
    assert [record.text for record in read(domain, tmp_path, log)] == ["from a"]
    assert len(log.skipped) == 1


@pytest.mark.parametrize("pattern", ["nothing.csv", "*.nothing", "folder"])
def test_a_source_without_files_is_no_empty_source(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "folder").mkdir()
    domain = make_domain(reader="csv", files={"all": pattern})
    with pytest.raises(BadInput, match=f"source 'mine': no file matches '{pattern.replace('*', '.')}'"):
        source_files("mine", domain.sources["mine"], domain, tmp_path)


@pytest.mark.parametrize("name", ["xml", "base.sources", "__init__x", "../records"])
def test_an_unknown_reader_names_those_there_are(name: str) -> None:
    with pytest.raises(BadInput, match=r"unknown reader .*: use markup, jsonl, json, csv, tsv, parquet, or a module"):
        find_reader(name)
