"""The converter of FIRE, on invented sentences in its format."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.corpora.fire import join_tokens, read, resolve_overlaps
from scripts.domain import Domain
from scripts.errors import BadInput, ErrorLog
from scripts.records import Record
from scripts.sources import SourceFile

TOKENS = [
    "$",
    "€",
    "US$",
    "(",
    ")",
    ",",
    ".",
    "%",
    "'s",
    "n't",
    "'",
    "’",
    "-",
    "–",
    "6.5",
    "million",
    "oil",
    "É",
    "🚀",
    " ",
    "",
]


@given(st.lists(st.sampled_from(TOKENS) | st.text(max_size=5), max_size=15))
def test_every_token_is_at_its_offset_and_none_is_lost(tokens: list[str]) -> None:
    text, offsets = join_tokens(tokens)
    assert [text[start:end] for start, end in offsets] == [token.strip() for token in tokens]
    position = 0
    for start, end in offsets:
        assert text[position:start] in ("", " ")
        position = end
    assert position == len(text)
    assert text == text.strip()


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("Norvane 's profit rose 12 % , to $ 6.5 million .", "Norvane's profit rose 12%, to $6.5 million."),
        ("oil - to - technology", "oil-to-technology"),
        ("It did n't ( yet ) say", "It didn't (yet) say"),
        ("- 4 % , US$ 3", "- 4%, US$3"),
        ("a - ", "a -"),
    ],
)
def test_running_text(tokens: str, text: str) -> None:
    assert join_tokens(tokens.split(" "))[0] == text


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), max_size=6))
def test_of_overlapping_spans_the_longest_stays_and_none_is_lost(places: list[tuple[int, int]]) -> None:
    spans = [
        {"start": start, "end": start + length, "label": str(number)} for number, (start, length) in enumerate(places)
    ]
    kept, dropped = resolve_overlaps(spans)
    assert sorted(span["label"] for span in kept + dropped) == sorted(span["label"] for span in spans)

    def crosses(first: dict[str, Any], second: dict[str, Any]) -> bool:
        return first["start"] < second["end"] and second["start"] < first["end"]

    assert not any(crosses(first, second) for first in kept for second in kept if first is not second)
    for span in dropped:
        assert any(
            crosses(span, other) and other["end"] - other["start"] >= span["end"] - span["start"] for other in kept
        )


def words(text: str) -> list[str]:
    return text.split()


def entity(kind: str, start: int, end: int) -> dict[str, Any]:
    return {"type": kind, "start": start, "end": end}


SENTENCES = [
    {
        "tokens": words("Norvane Oyj 's revenue fell 12 % to $ 6.5 million in March 2031 ."),
        "entities": [
            entity("Company", 0, 2),
            entity("FinancialEntity", 3, 4),
            entity("Quantity", 5, 7),
            entity("Money", 8, 11),
            entity("Date", 12, 14),
        ],
    },
    {
        "tokens": words("It shut 40 stores , cutting 25 basis points of cost in Turku ."),
        "entities": [
            entity("Quantity", 2, 3),
            entity("Quantity", 6, 9),
            entity("Location", 12, 13),
            entity("Action", 1, 2),
        ],
    },
    {
        "tokens": ["The", "Turku", "Pump", "Works", " ", "closed", "."],
        "entities": [entity("Company", 1, 5), entity("Location", 1, 2)],
    },
    {"tokens": ["Nothing", "here", "."], "entities": []},
]


def fire_file(path: Path, domain: Domain, data: Any) -> SourceFile:
    path.write_text(json.dumps(data))
    return SourceFile("fire", domain.sources["fire"], "train", path, domain)


def surfaces(record: Record) -> list[tuple[str, str]]:
    return [(record.text[span.start : span.end], span.label) for span in record.spans]


def test_sentences_become_records(tmp_path: Path, domain: Domain) -> None:
    log = ErrorLog()
    first, second, third, fourth = read(fire_file(tmp_path / "fire.json", domain, SENTENCES), log)
    assert first.text == "Norvane Oyj's revenue fell 12% to $6.5 million in March 2031."
    assert surfaces(first) == [
        ("Norvane Oyj", "ORG"),
        ("revenue", "METRIC"),
        ("12%", "PERCENT"),
        ("$6.5 million", "MONEY"),
        ("March 2031", "PERIOD"),
    ]
    assert surfaces(second) == [("25 basis points", "PERCENT"), ("Turku", "LOC")]
    assert surfaces(third) == [("Turku Pump Works", "ORG")]
    assert log.notes == {"fire: span inside or across a longer one": ["fire-train-000003 4-9 LOC"]}
    assert fourth.spans == []
    for record in (first, second, third, fourth):
        assert record.layers == {"ner": domain.sources["fire"].layers["ner"]}
        assert "QUANTITY" not in (record.ner_labels or [])
        assert record.cats == {}
    assert [first.id, fourth.id] == ["fire-train-000001", "fire-train-000004"]


@pytest.mark.parametrize(
    ("quantity", "percentage"),
    [
        ("12 %", True),
        ("20 - basis - point", True),
        ("25 bps", True),
        ("3 per cent", True),
        ("7,000 bpd", False),
        ("40 stores", False),
    ],
)
def test_a_quantity_is_a_percentage_or_no_entity(
    tmp_path: Path, domain: Domain, quantity: str, percentage: bool
) -> None:
    tokens = words(quantity)
    data = [{"tokens": tokens, "entities": [entity("Quantity", 0, len(tokens))]}]
    (record,) = read(fire_file(tmp_path / "fire.json", domain, data), ErrorLog())
    assert [span.label for span in record.spans] == ["PERCENT"] * percentage


BAD = {
    "no tokens": ({"entities": []}, "not a FIRE sentence"),
    "tokens in one text": ({"tokens": "a b", "entities": []}, "not a FIRE sentence"),
    "tokens that are numbers": ({"tokens": [1, 2], "entities": []}, "not a FIRE sentence"),
    "not an object": ("a sentence", "not a FIRE sentence"),
    "entity without type": ({"tokens": ["a"], "entities": [{"start": 0, "end": 1}]}, "not a FIRE sentence"),
    "offset out of range": (
        {"tokens": ["a"], "entities": [entity("Company", 0, 2)]},
        "Company 0-2 is outside the 1 tokens",
    ),
    "empty entity": ({"tokens": ["a"], "entities": [entity("Company", 1, 1)]}, "Company 1-1 is outside"),
    "blank entity": ({"tokens": ["a", " "], "entities": [entity("Company", 1, 2)]}, "covers blank tokens only"),
    "unknown type": ({"tokens": ["a"], "entities": [entity("Ship", 0, 1)]}, "unknown entity type 'Ship'"),
    "no text": ({"tokens": [" "], "entities": []}, "the text is empty"),
}


@pytest.mark.parametrize(("item", "reason"), BAD.values(), ids=BAD)
def test_a_bad_sentence_is_named_by_its_id(tmp_path: Path, domain: Domain, item: Any, reason: str) -> None:
    file = fire_file(tmp_path / "fire.json", domain, [SENTENCES[3], item, SENTENCES[0]])
    with pytest.raises(BadInput) as caught:
        list(read(file, ErrorLog()))
    assert str(caught.value).startswith(f"{tmp_path}/fire.json: id 'fire-train-000002': ")
    assert reason in caught.value.problem
    log = ErrorLog("skip")
    assert [record.id for record in read(file, log)] == ["fire-train-000001", "fire-train-000003"]
    assert len(log.skipped) == 1


@pytest.mark.parametrize("content", [b"{}", b"[{", b'["\xe9"]'])
def test_a_file_that_is_not_fire(tmp_path: Path, domain: Domain, content: bytes) -> None:
    file = fire_file(tmp_path / "fire.json", domain, [])
    file.path.write_bytes(content)
    with pytest.raises(BadInput, match=r"fire\.json"):
        list(read(file, ErrorLog()))
