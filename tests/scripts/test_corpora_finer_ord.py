"""The converter of FiNER-ORD, on invented sentences in its format."""

import csv
from pathlib import Path

import pytest

from scripts.corpora.finer_ord import HEADLESS, read
from scripts.domain import Domain
from scripts.errors import BadInput, ErrorLog
from scripts.records import Record
from scripts.sources import SourceFile

Sentence = tuple[str, str]
# Tokens, and a tag each.
SENTENCES: list[Sentence] = [
    ("Norvane Oyj 's chief Ilse Marchetti did n't visit Turku .", "5 6 0 0 1 2 0 0 0 3 0"),
    ('" Mid - June , " said Halden X2 ( Reuters )', "0 0 0 0 0 0 0 5 6 0 5 0"),
    ("We & # 39 ; ve left Turku", "0 0 0 0 0 0 0 3"),
    ("Turku Oslo Bergen Pump", "3 3 6 2"),
    ("AT&T rose", "5 0"),
    ("Nothing here", "0 0"),
]


def write(path: Path, sentences: list[Sentence]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["gold_label", "gold_token", "doc_idx", "sent_idx"])
        for number, (tokens, tags) in enumerate(sentences):
            for token, tag in zip(tokens.split(" "), tags.split(), strict=True):
                writer.writerow([tag, token, number // 2, number])


def source_file(path: Path, domain: Domain) -> SourceFile:
    return SourceFile("finer_ord", domain.sources["finer_ord"], "train", path, domain)


def surfaces(record: Record) -> list[tuple[str, str]]:
    return [(record.text[span.start : span.end], span.label) for span in record.spans]


def test_sentences_become_records(tmp_path: Path, domain: Domain) -> None:
    write(tmp_path / "f.csv", SENTENCES)
    log = ErrorLog()
    found = list(read(source_file(tmp_path / "f.csv", domain), log))
    assert [(record.text, surfaces(record)) for record in found] == [
        (
            "Norvane Oyj's chief Ilse Marchetti didn't visit Turku.",
            [("Norvane Oyj", "ORG"), ("Ilse Marchetti", "PERSON"), ("Turku", "LOC")],
        ),
        ('"Mid-June," said Halden X2 (Reuters)', [("Halden X2", "ORG"), ("Reuters", "ORG")]),
        ("We've left Turku", [("Turku", "LOC")]),
        ("Turku Oslo Bergen Pump", [("Turku", "LOC"), ("Oslo", "LOC"), ("Bergen", "ORG"), ("Pump", "PERSON")]),
        ("AT&T rose", [("AT&T", "ORG")]),
        ("Nothing here", []),
    ]
    for record in found:
        assert record.layers == {"ner": ["ORG", "PERSON", "LOC"]}
        assert record.cats == {}
    assert log.notes == {HEADLESS: ["finer_ord-train-000004 11-17 ORG", "finer_ord-train-000004 18-22 PER"]}


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        (("Norvane rose", "7 0"), "gold_label '7' is none of 0, 1"),
        (("Norvane rose", "B-ORG 0"), "gold_label 'B-ORG' is none of"),
        ((" ", "0 0"), "the text is empty"),
        (("a ", "0 5"), "ORG 1-2 covers blank tokens only"),
    ],
)
def test_a_bad_sentence_is_named_by_its_place(tmp_path: Path, domain: Domain, sentence: Sentence, reason: str) -> None:
    write(tmp_path / "f.csv", [SENTENCES[5], sentence, SENTENCES[4]])
    file = source_file(tmp_path / "f.csv", domain)
    with pytest.raises(BadInput) as caught:
        list(read(file, ErrorLog()))
    assert str(caught.value).startswith(f"{tmp_path}/f.csv:4: id 'finer_ord-train-000002': ")
    assert reason in caught.value.problem
    log = ErrorLog("skip")
    assert [record.text for record in read(file, log)] == ["Nothing here", "AT&T rose"]
    assert len(log.skipped) == 1


def test_a_row_with_a_field_too_many_is_bad_input(tmp_path: Path, domain: Domain) -> None:
    (tmp_path / "f.csv").write_text("gold_label,gold_token,doc_idx,sent_idx\n0,a,0,0\n0,b,0,0,0\n0,c,0,1\n")
    with pytest.raises(BadInput, match=r"f\.csv:3: 5 fields, the header has 4"):
        list(read(source_file(tmp_path / "f.csv", domain), ErrorLog()))


def test_a_table_without_the_columns(tmp_path: Path, domain: Domain) -> None:
    (tmp_path / "f.csv").write_text("token,tag\na,0\n")
    with pytest.raises(BadInput, match=r"f\.csv:1: no column 'gold_label'"):
        list(read(source_file(tmp_path / "f.csv", domain), ErrorLog()))
