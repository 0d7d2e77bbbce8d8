"""The converter of SEntFiN, on invented headlines in its format."""

import csv
import dataclasses
from pathlib import Path
from typing import Any

import pytest

from scripts.corpora.sentfin import NO_TARGET, NOT_THERE, parse_decisions, read
from scripts.corpora.splitting import is_test
from scripts.domain import Domain
from scripts.errors import BadInput, ErrorLog
from scripts.records import Record
from scripts.sources import SourceFile

HEADLINES = {
    "Norvane gains; Halvorsen slips": "{'Norvane': 'positive', 'Halvorsen': 'negative'}",
    "Turku Pump gains on Turku  orders": "{'Turku': 'neutral', 'Turku Pump': 'positive'}",
    "Drachmann's cuts; Drachmann's  Labs holds": "{'Drachmann's': 'negative', 'Drachmann's Labs': 'neutral'}",
    'Norvane "buys" Dr Ode\'s': """{'Norvane': 'positive', "Dr Ode's": 'neutral'}""",
    "Oil up as oil demand grows; oily day": "{'oil': 'positive', 'Oil': 'neutral'}",
    "Norvanes profit up; Brent flat": "{'Norvane': 'positive', 'B': 'neutral', ' flat ': 'neutral'}",
    "FTSE Russell and Norvane": "{'FTSE Rusnegative': 'neutral', 'Norvane': 'neutral'}",
    "Avant Holdings sells": "{'Avant neutralings': 'neutral'}",
}


def write(path: Path, rows: list[tuple[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["S No.", "Title", "Decisions", "Words"])
        writer.writerows([number, *row, "5"] for number, row in enumerate(rows, 1))


def source_file(path: Path, domain: Domain, split: str = "all") -> SourceFile:
    return SourceFile("sentfin", domain.sources["sentfin"], split, path, domain)


def targets(record: Record) -> list[tuple[str, str | None]]:
    assert {span.label for span in record.spans} == {"TARGET"}
    return [(record.text[span.start : span.end], span.sentiment) for span in record.spans]


def test_headlines_become_records(tmp_path: Path, domain: Domain) -> None:
    write(tmp_path / "s.csv", list(HEADLINES.items()))
    log = ErrorLog()
    found = list(read(source_file(tmp_path / "s.csv", domain), log))
    assert [targets(record) for record in found] == [
        [("Norvane", "positive"), ("Halvorsen", "negative")],
        [("Turku Pump", "positive"), ("Turku", "neutral")],
        [("Drachmann's", "negative"), ("Drachmann's Labs", "neutral")],
        [("Norvane", "positive"), ("Dr Ode's", "neutral")],
        [("Oil", "neutral"), ("oil", "positive")],
        [("Norvane", "positive"), ("B", "neutral"), ("flat", "neutral")],
        [("Norvane", "neutral")],
    ]
    assert found[1].text == "Turku Pump gains on Turku orders"
    # The sentiment of a headline is what all of its targets have, also one that is not found in it.
    sentiments = [None, None, None, None, None, None, "neutral"]
    for record, sentiment in zip(found, sentiments, strict=True):
        assert record.cats == ({} if sentiment is None else {"sentiment": sentiment})
        assert record.layers == {"entity_sentiment": True} | ({} if sentiment is None else {"sentiment": True})
        assert record.ner_labels is None
    assert log.notes == {
        NOT_THERE: ["sentfin-all-000007 'FTSE Rusnegative'", "sentfin-all-000008 'Avant neutralings'"],
        NO_TARGET: ["sentfin-all-000008"],
    }
    assert log.skipped == []


def test_headlines_have_a_sentiment_only_where_the_source_has_a_table_for_it(tmp_path: Path, domain: Domain) -> None:
    write(tmp_path / "s.csv", [("Norvane gains as Halden gains", "{'Norvane': 'positive', 'Halden': 'positive'}")])
    file = source_file(tmp_path / "s.csv", domain)
    (record,) = read(file, ErrorLog())
    assert record.cats == {"sentiment": "positive"}
    labels = {"entity_sentiment": file.source.labels["entity_sentiment"]}
    without = dataclasses.replace(file, source=file.source.model_copy(update={"labels": labels}))
    (record,) = read(without, ErrorLog())
    assert record.cats == {}
    assert record.layers == {"entity_sentiment": True}


def test_every_mention_of_a_target_is_marked(tmp_path: Path, domain: Domain) -> None:
    write(tmp_path / "s.csv", [("Norvane buys Norvane bonds", "{'Norvane': 'positive'}")])
    (record,) = read(source_file(tmp_path / "s.csv", domain), ErrorLog())
    assert [(span.start, span.end) for span in record.spans] == [(0, 7), (13, 20)]


def test_the_file_is_split_by_the_title(tmp_path: Path, domain: Domain) -> None:
    rows = [(f"Norvane  sells {number} pumps", "{'Norvane': 'positive'}") for number in range(300)]
    write(tmp_path / "s.csv", rows)
    files = {split: source_file(tmp_path / "s.csv", domain, split) for split in ("train", "test")}
    parts = {split: list(read(file, ErrorLog())) for split, file in files.items()}
    assert [record.id for record in parts["test"]] == [
        f"sentfin-test-{number:06d}" for number, (title, _) in enumerate(rows, 1) if is_test(title)
    ]
    assert len(parts["train"]) + len(parts["test"]) == 300
    assert 0.15 < len(parts["test"]) / 300 < 0.25


BAD: dict[str, tuple[str, str, str]] = {
    "no dict": ("x", "Norvane: positive", "Decisions: 'Norvane: positive' is not a dict of targets and sentiments"),
    "empty dict": ("x", "{}", "is not a dict"),
    "half a dict": ("x", "{'Norvane': 'positive', 'Hal", "is not a dict"),
    "unknown sentiment": ("Norvane", "{'Norvane': 'glad'}", "unknown sentiment 'glad'"),
    "a target twice": ("Norvane", "{'Norvane': 'neutral', 'Norvane': 'positive'}", "'Norvane' is given twice"),
}


@pytest.mark.parametrize(("title", "decisions", "reason"), BAD.values(), ids=BAD)
def test_a_bad_row_is_named_by_its_place(
    tmp_path: Path, domain: Domain, title: str, decisions: str, reason: str
) -> None:
    good = ("Norvane gains", "{'Norvane': 'positive'}")
    write(tmp_path / "s.csv", [good, (title, decisions), good])
    file = source_file(tmp_path / "s.csv", domain)
    with pytest.raises(BadInput) as caught:
        list(read(file, ErrorLog()))
    assert str(caught.value).startswith(f"{tmp_path}/s.csv:3: id 'sentfin-all-000002': ")
    assert reason in caught.value.problem
    log = ErrorLog("skip")
    assert [record.id for record in read(file, log)] == ["sentfin-all-000001", "sentfin-all-000003"]
    assert len(log.skipped) == 1


def test_a_table_without_the_columns(tmp_path: Path, domain: Domain) -> None:
    (tmp_path / "s.csv").write_text("Title,Mood\nNorvane,positive\n")
    with pytest.raises(BadInput, match=r"s\.csv:1: no column 'Decisions' \(there are: Title, Mood\)"):
        list(read(source_file(tmp_path / "s.csv", domain), ErrorLog("skip")))


@pytest.mark.parametrize("junk", ["", "{", "}", "{'", "{" * 1000, "'" * 1000, "{" + "'a': 'b', " * 1000])
def test_junk_is_bad_input(junk: Any) -> None:
    with pytest.raises(BadInput):
        parse_decisions(junk)
