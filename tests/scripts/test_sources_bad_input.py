"""Input files: every mistake is one clear message with file, line and id."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scripts.domain import Domain
from scripts.errors import BadInput, ErrorLog
from tests.conftest import MINI_DOMAIN
from tests.scripts.source_domain import read

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
