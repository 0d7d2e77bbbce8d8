"""Records: what is valid, what is refused and how, and that JSONL keeps everything."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.errors import BadInput, ErrorLog
from scripts.records import Record, make_record, parse_json, read_jsonl, write_jsonl
from tests.strategies import record_lists, records

TEXT = "Norvane Oyj rose 12% in Turku."
VALID: dict[str, Any] = {
    "id": "a-1",
    "text": TEXT,
    "meta": {"reference_date": "2031-10-24", "tags": ["x", {"deep": None}]},
    "spans": [
        {"start": 0, "end": 11, "label": "ORG", "sentiment": "positive"},
        {"start": 17, "end": 20, "label": "PERCENT", "value": {"type": "percent", "value": "12", "direction": "up"}},
    ],
    "cats": {"sentiment": "positive"},
    "layers": {"ner": ["ORG", "PERCENT"], "sentiment": True, "category": False},
}


def changed(**fields: Any) -> dict[str, Any]:
    return VALID | fields


@given(records(aligned=False))
def test_a_line_says_all_that_the_record_says(record: Record) -> None:
    line = record.to_line()
    assert "\n" not in line
    assert make_record(parse_json(line)) == record


@given(record_lists(aligned=False))
def test_a_file_keeps_every_record_in_order(tmp_path_factory: pytest.TempPathFactory, written: list[Record]) -> None:
    path = tmp_path_factory.mktemp("jsonl") / "records.jsonl"
    assert write_jsonl(path, written) == len(written)
    assert list(read_jsonl(path, ErrorLog())) == written


@given(records(aligned=False), st.randoms())
def test_the_order_of_the_spans_does_not_matter(record: Record, random: Any) -> None:
    data = record.model_dump(exclude_none=True)
    random.shuffle(data["spans"])
    assert make_record(data) == record


def test_offsets_count_code_points() -> None:
    record = make_record(
        {
            "id": "a",
            "text": "🚀👩‍👩‍👧 e\u0301 Norvane",
            "spans": [{"start": 10, "end": 17, "label": "ORG"}],
            "layers": {"ner": ["ORG"]},
        }
    )
    assert record.text[record.spans[0].start : record.spans[0].end] == "Norvane"


@pytest.mark.parametrize("layers", [{}, {"ner": False}])
def test_unknown_entities_are_not_no_entities(layers: dict[str, Any]) -> None:
    unknown = make_record({"id": "a", "text": "x", "layers": layers})
    empty = make_record({"id": "a", "text": "x", "layers": {"ner": ["ORG"]}})
    assert unknown.ner_labels is None
    assert empty.ner_labels == ["ORG"]
    assert empty.spans == []
    assert not unknown.has_layer("ner")
    assert empty.has_layer("ner")


def test_a_value_is_stored_in_its_shortest_form() -> None:
    value = {"type": "money", "amount": 13.10e6, "currency": "EUR", "bound": "exact", "low": None}
    span = {"start": 0, "end": 7, "label": "MONEY", "value": value}
    record = make_record({"id": "a", "text": TEXT, "spans": [span], "layers": {"ner": ["MONEY"]}})
    assert record.spans[0].value == {"type": "money", "amount": "13100000", "currency": "EUR"}


ORG = {"start": 0, "end": 7, "label": "ORG"}
NESTED: Any = "x"
for _ in range(40):
    NESTED = [NESTED]

BAD_RECORDS = {
    "missing text": ({"id": "a-1"}, "text: is missing"),
    "blank text": (changed(text=" \n\t"), "the text is empty"),
    "number as text": (changed(text=5), "text: Input should be a valid string"),
    "null text": (changed(text=None), "text: Input should be a valid string"),
    "number in cats": (changed(cats={"sentiment": 1}), "cats.sentiment: Input should be a valid string"),
    "half a character": (changed(text="x\ud800"), r"\ud800 at position 1"),
    "half a character in meta": (changed(meta={"x": ["\udfff"]}), r"\udfff at position 0"),
    "offset as text": (changed(spans=[ORG | {"start": "0"}]), "spans.0.start: Input should be a valid integer"),
    "negative offset": (changed(spans=[ORG | {"start": -1}]), "spans.0.start"),
    "offset out of range": (
        changed(spans=[ORG | {"end": 99}]),
        f"ends after the text, which has {len(TEXT)} characters",
    ),
    "empty span": (changed(spans=[ORG | {"start": 7}]), "span 7-7 ORG is empty"),
    "reversed span": (changed(spans=[ORG | {"start": 9}]), "span 9-7 ORG is empty"),
    "padded span": (changed(spans=[ORG | {"end": 8}]), "begins or ends with white space: 'Norvane '"),
    "overlapping entities": (
        changed(spans=[ORG, ORG | {"start": 3, "end": 11}]),
        "span 3-11 ORG overlaps span 0-7 ORG",
    ),
    "the same span twice": (changed(spans=[ORG, ORG]), "span 0-7 ORG overlaps span 0-7 ORG"),
    "span without label": (changed(spans=[{"start": 0, "end": 7}]), "spans.0.label: is missing"),
    "span of unknown layer": (changed(layers={"sentiment": True}), "layers['ner'] is not: name the labels"),
    "span that was not asked for": (changed(spans=[ORG | {"label": "LOC"}]), "layers['ner'] does not name this label"),
    "target without its layer": (
        changed(spans=[ORG | {"label": "TARGET", "sentiment": "positive"}]),
        "span 0-7 TARGET is given but layers['entity_sentiment'] is not true",
    ),
    "target without sentiment": (
        changed(spans=[ORG | {"label": "TARGET"}], layers={"sentiment": True, "entity_sentiment": True}),
        "span 0-7 TARGET has no sentiment",
    ),
    "a layer of spans in cats": (
        changed(
            cats={"sentiment": "positive", "entity_sentiment": "positive"},
            layers=VALID["layers"] | {"entity_sentiment": True},
        ),
        "cats has 'entity_sentiment', which is a layer of spans",
    ),
    "two sentiments": (
        changed(cats={"sentiment": ["positive", "negative"]}),
        "two labels for 'sentiment' (positive, negative)",
    ),
    "cats without layer": (
        changed(cats={"sentiment": "positive", "category": "macro"}),
        "layers['category'] is not true",
    ),
    "layer without cats": (changed(cats={}), "layers['sentiment'] is true but cats has no 'sentiment'"),
    "ner without its labels": (changed(layers={"ner": True}), "layers['ner'] must be the list of labels"),
    "labels of a classifier": (
        changed(layers={"sentiment": ["positive"]}),
        "layers['sentiment'] must be true or false",
    ),
    "unknown field": (changed(label="positive"), "label: is not a field of a record"),
    "unknown field of a span": (changed(spans=[ORG | {"id": 1}]), "spans.0.id: is not a field of a record"),
    "value of unknown type": (changed(spans=[ORG | {"value": {"type": "mass"}}]), "value type must be one of money"),
    "value with a bad number": (
        changed(spans=[ORG | {"value": {"type": "percent", "value": "a lot"}}]),
        "'value' must be a decimal number, got 'a lot'",
    ),
    "deep nesting": (changed(meta={"x": NESTED}), "nested deeper than 32 levels"),
    "infinity": (changed(meta={"x": float("inf")}), "x: inf is not a number of JSON"),
    "not a number": (changed(meta={"x": [float("nan")]}), "x: nan is not a number of JSON"),
    "number that DocBin cannot hold": (changed(meta={"x": {"y": 2**64}}), "x.y: a whole number beyond 64 bits"),
    "object that is not JSON": (changed(meta={"x": {1, 2}}), "x: set is not plain JSON"),
    "reference date that is none": (
        changed(meta={"reference_date": "last week"}),
        "must be a day such as '2031-10-24'",
    ),
    "reference date as number": (changed(meta={"reference_date": 2031}), "must be a day such as '2031-10-24'"),
}


@pytest.mark.parametrize(("data", "reason"), BAD_RECORDS.values(), ids=BAD_RECORDS)
def test_a_bad_record_is_refused_in_one_line_that_says_why(data: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadInput) as caught:
        make_record(data)
    assert reason in caught.value.problem
    assert "\n" not in str(caught.value)
    assert caught.value.record_id == "a-1"


@pytest.mark.parametrize("record_id", ["", 5, None, ["a"]])
def test_an_id_is_text(record_id: Any) -> None:
    with pytest.raises(BadInput, match=r"^id"):
        make_record(changed(id=record_id))


BAD_LINES = {
    "truncated": (
        b'{"id": "b", "text": "cut of',
        "column 21: Unterminated string starting at (it seems to be truncated)",
    ),
    "truncated after a value": (
        b'{"id": "b", "text": "x"',
        "column 24: Expecting ',' delimiter (it seems to be truncated)",
    ),
    "not JSON": (b"id,text", "not valid JSON, column 1"),
    "not an object": (b'["b", "x"]', "a record must be a JSON object, got list"),
    "not UTF-8": (b'{"id": "b", "text": "caf\xe9"}', "not UTF-8: byte 0xe9 at position 24; convert the file first"),
    "two sentiments": (b'{"id": "b", "text": "x", "cats": {"s": "a", "s": "b"}}', "the key 's' is given twice"),
    "not a number": (b'{"id": "b", "text": NaN}', "NaN is not JSON"),
    "deep nesting": (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    "endless number": (b'{"id": "b", "meta": {"n": ' + b"1" * 5000 + b"}}", "not valid JSON: Exceeds the limit"),
    "half a character": (b'{"id": "b", "text": "\\ud83d"}', r"\ud83d at position 0"),
    "duplicate id": (b'{"id": "a", "text": "another"}', "duplicate id, first used on line 1"),
    "missing text": (b'{"id": "b"}', "text: is missing"),
}


@pytest.mark.parametrize(("line", "reason"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_reported_with_its_place_and_the_others_are_kept(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(b'{"id": "a", "text": "x"}\n\n' + line + b'\n{"id": "c", "text": "y"}\n')
    with pytest.raises(BadInput) as caught:
        list(read_jsonl(path, ErrorLog("error")))
    assert (caught.value.path, caught.value.line) == (path, 3)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert reason in str(caught.value)

    log = ErrorLog("skip")
    assert [record.id for record in read_jsonl(path, log)] == ["a", "c"]
    assert [str(error) for error in log.skipped] == [str(caught.value)]


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_data(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": "a", "text": "x"}\r\n{"id": "b", "text": "y"}\r\n')
    assert [record.text for record in read_jsonl(path, ErrorLog())] == ["x", "y"]


def test_a_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"

    def broken() -> Any:
        yield make_record(VALID)
        raise BadInput("no more")

    with pytest.raises(BadInput, match="no more"):
        write_jsonl(path, broken())
    assert not path.exists()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_a_record_never_fails_but_by_bad_input(junk: Any) -> None:
    for name in VALID:
        try:
            make_record(json.loads(json.dumps(changed(**{name: junk}))))
        except BadInput as error:
            assert "\n" not in error.problem  # noqa: PT017
