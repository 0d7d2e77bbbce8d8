"""A row becomes a document, or is refused with the reason."""

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scripts.annotation.documents import make_document, row_id
from scripts.annotation.plan import Input, Options, Shard
from scripts.annotation.rows import Row, RowReader, read_cells, read_lines
from scripts.errors import BadInput
from scripts.records import Record

OPTIONS = Options(max_characters=50, max_word_characters=20)


def document(data: Any, **options: Any) -> Record:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    (row,) = read_lines(raw, 17)
    return make_document(row, "news.jsonl", OPTIONS.model_copy(update=options))


def test_other_fields_are_metadata_and_a_missing_id_is_the_place():
    assert document({"text": "x", "url": "u", "n": [1]}) == Record(
        id="news.jsonl:17", text="x", meta={"url": "u", "n": [1]}
    )
    assert document({"id": 5, "text": "x", "meta": {"a": 1}, "b": 2}) == Record(id="5", text="x", meta={"a": 1, "b": 2})
    assert document({"key": "k", "body": "x", "text": "y"}, id_field="key", text_field="body") == Record(
        id="k", text="x", meta={"text": "y"}
    )


def test_annotations_of_a_record_are_left_out_and_those_of_another_row_are_metadata():
    record = {"id": "a", "text": "x", "meta": {"kind": "wire"}, "spans": [], "cats": {"s": "p"}, "layers": {"s": True}}
    assert document(record) == Record(id="a", text="x", meta={"kind": "wire"})
    assert document({"text": "x", "model": "T", "spans": 2}).meta == {"model": "T", "spans": 2}


@pytest.mark.parametrize(
    ("row", "day"),
    [
        ({"reference_date": "2031-10-24"}, "2031-10-24"),
        ({"reference_date": "2031-10-24T23:30:00+02:00"}, "2031-10-24"),
        ({"reference_date": None}, None),
        ({"meta": {"reference_date": "2031-10-24"}}, "2031-10-24"),
        ({"meta": {"reference_date": "2031-10-24"}, "reference_date": "2031-10-25"}, "2031-10-25"),
        ({}, None),
    ],
)
def test_the_reference_date(row: dict[str, Any], day: str | None) -> None:
    record = document({"text": "x", **row})
    assert record.meta.get("reference_date") == day
    assert record.reference_date == (None if day is None else datetime.date.fromisoformat(day))


def test_a_date_in_a_field_of_another_name_stays_there_too():
    record = document({"text": "x", "published": "2031-10-24 08:00"}, date_field="published")
    assert record.meta == {"published": "2031-10-24 08:00", "reference_date": "2031-10-24"}


BAD_LINES = {
    "broken": (b'{"text": "x"', "not valid JSON, column 13: Expecting ',' delimiter (it seems to be truncated)"),
    "not UTF-8": (b'{"text": "\xff"}', "not UTF-8: byte 0xff at position 10; convert the file first"),
    "no object": (b"[1]", "must be a JSON object, got list"),
    "twice": (b'{"text": "x", "text": "y"}', "the key 'text' is given twice"),
    "NaN": (b'{"text": "x", "n": NaN}', "NaN is not JSON"),
    "deep": (b"[" * 100_000, "not valid JSON"),
    "no text": (b'{"txt": "x"}', "no text: there is no 'text' among its fields (txt)"),
    "null": (b'{"text": null}', "the text ('text') must be text, got null"),
    "number": (b'{"text": 5}', "the text ('text') must be text, got the number 5"),
    "list": (b'{"text": ["x"]}', "the text ('text') must be text, got a list"),
    "blank": (b'{"text": "\\u2003"}', "the text is blank"),
    "long": (json.dumps({"text": "ab " * 20}).encode(), "the text has 60 characters, the limit is 50"),
    "word": (json.dumps({"text": "a " + "(" * 21}).encode(), "the text has 21 characters without a blank"),
    "half": (b'{"text": "\\ud83d"}', "half of a surrogate pair"),
    "half in meta": (b'{"text": "x", "m": "\\ud83d"}', "meta: \\ud83d at position 0 is half of a character"),
    "id": (b'{"id": {}, "text": "x"}', "the id ('id') must be text or a number, got an object"),
    "date": (b'{"text": "x", "reference_date": "soon"}', 'must be a day such as 2031-10-24, got "soon"'),
    "number as date": (b'{"text": "x", "reference_date": 20311024}', "must be a day such as 2031-10-24"),
    "huge": (b'{"text": "x", "n": 99999999999999999999}', "a whole number beyond 64 bits must be written as text"),
}


@pytest.mark.parametrize(("line", "reason"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_has_its_reason(line: bytes, reason: str) -> None:
    with pytest.raises(BadInput) as caught:
        document(line)
    assert reason in caught.value.problem


def test_a_bad_row_is_told_as_it_stands_with_its_id_if_that_can_be_read():
    rows = list(read_lines(b'{"id": 7, "text": ""}\r\n\n{"id": "caf\xe9"}\n', 3))
    assert [(row.line, row.raw_text, row_id(row, OPTIONS)) for row in rows] == [
        (3, '{"id": 7, "text": ""}', "7"),
        (5, '{"id": "caf\\xe9"}', None),
    ]


def test_rows_of_a_table_with_what_is_wrong_with_them():
    raw = b'a,"two\nlines"\n\nb\nc,d,e\n,x\n"q" z,y\nr,\xff\n'
    rows = list(read_cells(raw, 2, ["id", "text"], ","))
    assert [(row.line, row.data) for row in rows[:1]] == [(2, {"id": "a", "text": "two\nlines"})]
    assert [(row.line, row.problem.partition(";")[0]) for row in rows[1:3]] == [
        (5, "1 fields, the header has 2 (a quote or a delimiter too many?)"),
        (6, "3 fields, the header has 2 (a quote or a delimiter too many?)"),
    ]
    assert (rows[3].line, rows[3].data) == (7, {"text": "x"})
    assert rows[4].problem.startswith("not valid CSV")
    assert rows[5].problem.startswith("not UTF-8: byte 0xff")
    assert len(rows) == 6


def read_parquet(path: Path, table: pa.Table, *places: tuple[int, int, int], group_size: int = 10) -> list[Row]:
    pq.write_table(table, path, row_group_size=group_size)
    stat = path.stat()
    file = Input(name="a", format="parquet", size=stat.st_size, modified_ns=stat.st_mtime_ns, sha256="")
    reader = RowReader()
    rows: list[Row] = []
    for group, start, end in places:
        line = group * group_size + start + 1
        shard = Shard(number=0, input=0, start=start, end=end, line=line, rows=end - start, group=group)
        rows += reader.read(shard, file, path)
    return rows


def test_rows_of_a_parquet_file_in_any_order_of_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.annotation.rows._PARQUET_BATCH", 3)
    table = pa.table({"text": [f"{number}" for number in range(25)]})
    places = [(0, 2, 5), (0, 7, 10), (0, 0, 2), (1, 0, 10), (2, 3, 5), (2, 0, 1)]
    rows = read_parquet(tmp_path / "a.parquet", table, *places)
    expected = [*range(2, 5), *range(7, 10), *range(2), *range(10, 20), *range(23, 25), 20]
    assert [(row.line, row.data) for row in rows] == [(number + 1, {"text": str(number)}) for number in expected]


def test_what_only_parquet_can_hold_becomes_json(tmp_path: Path) -> None:
    moment = datetime.datetime(2031, 10, 24, 8, 30)
    columns = {
        "text": ["x"],
        "when": pa.array([moment.timestamp() * 1e9 + 1], pa.float64()).cast(pa.int64()).cast(pa.timestamp("ns")),
        "day": [moment.date()],
        "price": [Decimal("1.50")],
        "nothing": pa.array([float("nan")]),
        "raw": [b"ab\xff"],
        "deep": [{"a": [moment.date(), None], "b": None}],
    }
    (row,) = read_parquet(tmp_path / "a.parquet", pa.table(columns), (0, 0, 1))
    assert row.data is not None
    record = make_document(row, "a", OPTIONS)
    assert record.meta["day"] == "2031-10-24"
    assert record.meta["when"].startswith("2031-10-2")
    assert record.meta["price"] == "1.50"
    assert record.meta["nothing"] is None
    assert record.meta["raw"] == "ab\\xff"
    assert record.meta["deep"] == {"a": ["2031-10-24", None]}
    assert json.loads(row.raw_text) == row.data


def test_rows_that_pyarrow_cannot_read_are_bad_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> list[Any]:
        raise OSError("corrupt page")

    monkeypatch.setattr("scripts.annotation.rows._RowGroup.take", fail)
    rows = read_parquet(tmp_path / "a.parquet", pa.table({"text": ["x"] * 5}), (0, 1, 4))
    assert [(row.line, row.data) for row in rows] == [(2, None), (3, None), (4, None)]
    assert rows[0].problem == "cannot be read: OSError: corrupt page"


def test_a_file_that_was_changed_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x"}\n')
    file = Input(name="a", format="jsonl", size=1, modified_ns=0, sha256="")
    with pytest.raises(BadInput, match="was changed while it was annotated"):
        list(RowReader().read(Shard(number=0, input=0, start=0, end=9, line=1, rows=1), file, path))
