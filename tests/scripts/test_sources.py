"""Input files: every format gives the same records, and every mistake is one clear message with file, line and id."""

import csv
import datetime
import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from scripts.domain import Domain
from scripts.errors import BadInput, ErrorLog
from scripts.records import Record, make_record, write_jsonl
from scripts.sources import find_reader, read_source, source_files
from tests.conftest import MINI_DOMAIN
from tests.strategies import CLASSES, LABELS, record_lists

COLUMNS = {
    "id": "key",
    "text": "body text",
    "sentiment": "tone",
    "category": "kind",
    "spans": "entities",
    "reference_date": "day",
}


def label(name: str) -> dict[str, str]:
    return {"definition": name, "example": name}


def make_domain(**source: Any) -> Domain:
    """The domain of `tests.strategies`, with one source "mine"."""
    return Domain.model_validate(
        {
            "name": "any",
            "entities": {name: label(name) | {"found_by": "ner"} for name in LABELS},
            "classifiers": {
                name: {"definition": name, "labels": {answer: label(answer) for answer in answers}}
                for name, answers in CLASSES.items()
            },
            "sources": {"mine": {"licence": "none", **source}},
        }
    )


def read(domain: Domain, root: Path, log: ErrorLog | None = None) -> list[Record]:
    """The records of the source, without the name of the source, which `read_source` adds."""
    found = [record for _, record in read_source("mine", domain.sources["mine"], domain, root, log or ErrorLog())]
    for record in found:
        assert record.meta.pop("source") == "mine"
    return found


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


# Bad input: file name, content, place, id, reason. A good row "a" is first, "c" last; `bad_source` maps it.
HEAD = "key,words,tone,ents\na,good,positive,\n"
TAIL = "c,also good,negative,\n"
Case = tuple[str, str | bytes, str, str | None, str]


def row(text: str | bytes) -> bytes:
    return HEAD.encode() + (text if isinstance(text, bytes) else text.encode()) + b"\n" + TAIL.encode()


def line(data: str | bytes) -> bytes:
    return (
        b'{"id":"a","text":"good"}\n'
        + (data if isinstance(data, bytes) else data.encode())
        + b'\n{"id":"c","text":"also good"}\n'
    )


def items(data: str) -> str:
    return '[{"id":"a","text":"good"},\n' + data + ',\n{"id":"c","text":"also good"}]'


def spans(*found: tuple[int, int, str]) -> str:
    text = json.dumps([{"start": start, "end": end, "label": name} for start, end, name in found])
    return '"' + text.replace('"', '""') + '"'


def record(**fields: Any) -> str:
    return json.dumps({"id": "b", "text": "Norvane Oyj rose", **fields})


NER = {"layers": {"ner": ["ORG", "LOC"]}}
ORG = {"start": 0, "end": 7, "label": "ORG"}
DEEP = "[" * 40 + "]" * 40

BAD: dict[str, Case] = {
    "csv: missing text": ("d.csv", row("b,,positive,"), ":3", "b", "the text is missing (column 'words')"),
    "csv: blank text": ("d.csv", row("b,  ,positive,"), ":3", "b", "text: the text is empty"),
    "csv: unknown label": ("d.csv", row("b,x,glad,"), ":3", "b", "unknown sentiment label 'glad'"),
    "csv: duplicate id": ("d.csv", row("a,x,positive,"), ":3", "a", "duplicate id, first used in line 2"),
    "csv: not UTF-8": ("d.csv", row(b"b,caf\xe9,positive,"), ":3", None, "not UTF-8: byte 0xe9"),
    "csv: too many fields": ("d.csv", row("b,one, two,positive,"), ":3", None, "5 fields, the header has 4"),
    "csv: too few fields": ("d.csv", row("b,one"), ":3", None, "2 fields, the header has 4"),
    "csv: text after a quote": (
        "d.csv",
        row('b,"one" two,positive,'),
        ":3",
        None,
        "not valid CSV: ',' expected after '\"'",
    ),
    "csv: offset out of range": ("d.csv", row(f"b,x,,{spans((0, 9, 'ORG'))}"), ":3", "b", "ends after the text"),
    "csv: overlapping entities": ("d.csv", row(f"b,one,,{spans((0, 2, 'ORG'), (1, 3, 'LOC'))}"), ":3", "b", "overlaps"),
    "csv: unknown entity label": (
        "d.csv",
        row(f"b,one,,{spans((0, 3, 'COMPANY'))}"),
        ":3",
        "b",
        "unknown entity label 'COMPANY'",
    ),
    "csv: spans that are not JSON": ("d.csv", row("b,one,,[1"), ":3", "b", "not valid JSON, column 3"),
    "csv: spans that are none": ("d.csv", row("b,one,,[1]"), ":3", "b", "1 is not an object with start, end and label"),
    "csv: spans that are a number": ("d.csv", row("b,one,,5"), ":3", "b", "spans: Input should be a valid list"),
    "jsonl: missing text": ("d.jsonl", line('{"id":"b"}'), ":2", "b", "text: is missing"),
    "jsonl: blank text": ("d.jsonl", line(record(text=" \n")), ":2", "b", "text: the text is empty"),
    "jsonl: number as text": ("d.jsonl", line(record(text=5)), ":2", "b", "text: Input should be a valid string"),
    "jsonl: unknown field": ("d.jsonl", line(record(label="positive")), ":2", "b", "label: is not a field of a record"),
    "jsonl: offset out of range": (
        "d.jsonl",
        line(record(spans=[ORG | {"end": 99}], **NER)),
        ":2",
        "b",
        "ends after the text",
    ),
    "jsonl: padded span": (
        "d.jsonl",
        line(record(spans=[ORG | {"end": 8}], **NER)),
        ":2",
        "b",
        "begins or ends with white space",
    ),
    "jsonl: overlapping entities": (
        "d.jsonl",
        line(record(spans=[ORG, ORG], **NER)),
        ":2",
        "b",
        "overlaps span 0-7 ORG",
    ),
    "jsonl: unknown entity label": (
        "d.jsonl",
        line(record(spans=[ORG | {"label": "COMPANY"}], layers={"ner": ["COMPANY"]})),
        ":2",
        "b",
        "unknown entity label 'COMPANY': the domain has ORG, LOC, MONEY",
    ),
    "jsonl: unknown label": (
        "d.jsonl",
        line(record(cats={"sentiment": "glad"}, layers={"sentiment": True})),
        ":2",
        "b",
        "unknown sentiment label 'glad': the domain has positive, negative, neutral",
    ),
    "jsonl: unknown layer": ("d.jsonl", line(record(layers={"mood": False})), ":2", "b", "unknown layer 'mood'"),
    "jsonl: two sentiments": (
        "d.jsonl",
        line(record(cats={"sentiment": ["positive", "negative"]}, layers={"sentiment": True})),
        ":2",
        "b",
        "two labels for 'sentiment' (positive, negative)",
    ),
    "jsonl: two sentiments by key": (
        "d.jsonl",
        line('{"id":"b","text":"x","cats":{"sentiment":"positive","sentiment":"negative"}}'),
        ":2",
        None,
        "the key 'sentiment' is given twice",
    ),
    "jsonl: not a number": ("d.jsonl", line('{"id":"b","text":NaN}'), ":2", None, "NaN is not JSON"),
    "jsonl: truncated": ("d.jsonl", line('{"id":"b","text":"cut'), ":2", None, "seems to be truncated"),
    "jsonl: not UTF-8": (
        "d.jsonl",
        line(b'{"id":"b","text":"caf\xe9"}'),
        ":2",
        None,
        "not UTF-8: byte 0xe9 at position 21",
    ),
    "jsonl: duplicate id": ("d.jsonl", line('{"id":"a","text":"x"}'), ":2", "a", "duplicate id, first used on line 1"),
    "jsonl: deep nesting": (
        "d.jsonl",
        line('{"id":"b","text":"x","meta":{"x":' + DEEP + "}}"),
        ":2",
        "b",
        "nested deeper",
    ),
    "jsonl: very deep nesting": (
        "d.jsonl",
        line('{"id":"b","meta":' + "[" * 10**5 + "]" * 10**5 + "}"),
        ":2",
        None,
        "nested too deeply",
    ),
    "json: missing text": ("d.json", items('{"id":"b"}'), "", "b", "item 2: text: is missing"),
    "json: not an object": ("d.json", items("5"), "", None, "item 2: must be a JSON object, got int"),
    "json: duplicate id": (
        "d.json",
        items('{"id":"a","text":"x"}'),
        "",
        "a",
        "item 2: duplicate id, first used in item 1",
    ),
}


def bad_source(name: str) -> dict[str, Any]:
    columns = {"id": "key", "text": "words", "sentiment": "tone", "spans": "ents"} if name.endswith("csv") else {}
    return {"reader": name.partition(".")[2], "files": {"all": name}, "columns": columns, "licence": "none"}


@pytest.fixture(params=BAD.values(), ids=BAD)
def bad(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    case: Case = request.param
    content = case[1]
    (tmp_path / case[0]).write_bytes(content if isinstance(content, bytes) else content.encode())
    return case


def test_bad_input_is_one_message_with_its_place(tmp_path: Path, bad: Case) -> None:
    name, _, place, record_id, reason = bad
    domain = Domain.model_validate(MINI_DOMAIN | {"sources": {"mine": bad_source(name)}})
    with pytest.raises(BadInput) as caught:
        read(domain, tmp_path)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / name}{place}: " + (f"id '{record_id}': " if record_id else ""))
    assert reason in message
    assert "\n" not in message
    log = ErrorLog("skip")
    assert [record.id for record in read(domain, tmp_path, log)] == ["a", "c"]
    assert [str(error) for error in log.skipped] == [message]


def test_bad_input_ends_the_step(
    tmp_path: Path, bad: Case, run_step: Callable[..., Any], write_domain: Callable[..., Path]
) -> None:
    name, _, place, record_id, reason = bad
    write_domain(mine=bad_source(name))
    arguments = ("convert", "--domain", "mini.yml", "--mix", "mine", "--out", "out")
    stopped = run_step(*arguments)
    assert stopped.status == 1
    (message,) = stopped.failures
    assert message.startswith(f"{tmp_path / name}{place}: " + (f"id '{record_id}': " if record_id else ""))
    assert reason in message
    assert not (tmp_path / "out").exists()

    skipped = run_step(*arguments, "--on-error", "skip")
    assert skipped.status == 0
    assert skipped.failures == []
    assert "Skipped 1 bad records" in skipped.out
    assert message in skipped.out
    kept = [json.loads(text) for path in (tmp_path / "out").glob("*.jsonl") for text in path.read_text().splitlines()]
    assert sorted(data["id"] for data in kept) == ["a", "c"]
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["skipped"] == [message]


WHOLE: dict[str, tuple[str, str | bytes, str]] = {
    "wrong column": (
        "d.csv",
        "key,body,tone,ents\na,x,,\n",
        ":1: no column 'words' (there are: key, body, tone, ents)",
    ),
    "column twice": ("d.csv", "key,words,tone,ents,words\na,x,,,y\n", ":1: two columns are called 'words'"),
    "header that is not UTF-8": ("d.csv", b"key,words,tone,ents,caf\xe9\n", ":1: not UTF-8: byte 0xe9 in 'caf"),
}


@pytest.mark.parametrize(("name", "content", "reason"), WHOLE.values(), ids=WHOLE)
def test_a_table_that_does_not_fit_its_mapping_is_never_skipped(
    tmp_path: Path, mini_domain: Domain, name: str, content: str | bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    domain = Domain.model_validate(MINI_DOMAIN | {"sources": {"mine": bad_source(name)}})
    with pytest.raises(BadInput) as caught:
        read(domain, tmp_path, ErrorLog("skip"))
    assert str(caught.value).startswith(f"{tmp_path / name}{reason}")


BROKEN: dict[str, tuple[str, str | bytes, str]] = {
    "json: truncated": ("d.json", '[{"id":"a",\n"text":"x"', ": not valid JSON, line 2, column 11"),
    "json: not an array": ("d.json", '{"id":"a"}', ": expected a JSON array of objects, got dict"),
    "json: not UTF-8": ("d.json", b'["\n\xe9"]', ":2: not UTF-8: byte 0xe9"),
    "parquet: not one": ("d.parquet", b"PAR1 no", ": not a Parquet file"),
}


@pytest.mark.parametrize(("name", "content", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_read_at_all(tmp_path: Path, name: str, content: str | bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    domain = Domain.model_validate(MINI_DOMAIN | {"sources": {"mine": bad_source(name)}})
    with pytest.raises(BadInput) as caught:
        read(domain, tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / name}{reason}")
    log = ErrorLog("skip")
    assert read(domain, tmp_path, log) == []
    assert [str(error) for error in log.skipped] == [str(caught.value)]


def test_a_quote_that_is_never_closed_says_which_lines_are_gone(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(HEAD + 'b,"never closed,positive,\n' + TAIL)
    domain = Domain.model_validate(MINI_DOMAIN | {"sources": {"mine": bad_source("d.csv")}})
    log = ErrorLog("skip")
    assert [record.id for record in read(domain, tmp_path, log)] == ["a"]
    (error,) = log.skipped
    assert str(error).startswith(
        f"{tmp_path}/d.csv:3: not valid CSV: unexpected end of data; lines 3 to 4 are one broken row"
    )


def test_bad_parquet_rows(tmp_path: Path) -> None:
    rows: Iterable[dict[str, Any]] = [
        {"id": "a", "text": "good", "layers": "{}"},
        {"id": "b", "text": None, "layers": None},
        {"id": "c", "text": "x", "layers": "{not json"},
    ]
    pq.write_table(pa.Table.from_pylist(list(rows)), tmp_path / "d.parquet")
    domain = Domain.model_validate(MINI_DOMAIN | {"sources": {"mine": bad_source("d.parquet")}})
    log = ErrorLog("skip")
    assert [record.id for record in read(domain, tmp_path, log)] == ["a"]
    assert [str(error).removeprefix(f"{tmp_path}/d.parquet: ") for error in log.skipped] == [
        "id 'b': row 2: text: is missing",
        "id 'c': row 3: not valid JSON, column 2: Expecting property name enclosed in double quotes",
    ]
