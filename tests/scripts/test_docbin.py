"""Records, Docs and DocBin files: nothing is lost, unknown stays unknown, and every moved span is reported."""

import datetime
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from thinc.api import Model

from bellwether import Percent
from bellwether.crf_ner import CrfRecognizer
from bellwether.readers import GoldCorpus
from bellwether.scorers import scorable_entities
from scripts.docbin import Misalignment, doc_to_record, read_docbin, record_to_doc, write_docbin
from scripts.errors import BadInput
from scripts.records import Record, make_record
from tests.strategies import record_lists, records

ANY_LABELS = ["ORG", "PERCENT"]


def make(text: str, *spans: tuple[int, int, str], **fields: object) -> Record:
    data = [{"start": start, "end": end, "label": label} for start, end, label in spans]
    return make_record({"id": "a-1", "text": text, "spans": data, "layers": {"ner": ANY_LABELS}, **fields})


@given(record_lists())
def test_a_file_gives_the_same_records_back(
    tmp_path_factory: pytest.TempPathFactory, tokenizer: Language, written: list[Record]
) -> None:
    path = tmp_path_factory.mktemp("docbin") / "gold.spacy"
    docs = []
    for record in written:
        doc, misaligned = record_to_doc(record, tokenizer)
        assert misaligned == []
        docs.append(doc)
    assert write_docbin(path, docs) == len(written)
    found = list(read_docbin(path))
    assert [doc_to_record(doc) for doc in found] == written
    for doc, record in zip(found, written, strict=True):
        assert doc.text == record.text
        assert doc.has_annotation("ENT_IOB") == (record.ner_labels is not None)
        assert all((token.ent_iob == 0) == (record.ner_labels is None) for token in doc)


def test_what_a_doc_says(tmp_path: Path, tokenizer: Language) -> None:
    record = make_record(
        {
            "id": "a-1",
            "text": "Norvane rose 12%",
            "meta": {"reference_date": "2031-10-24", "tags": ["x"]},
            "spans": [{"start": 13, "end": 16, "label": "PERCENT", "value": {"type": "percent", "value": "12"}}],
            "cats": {"sentiment": "positive"},
            "layers": {"ner": ["PERCENT"], "sentiment": True},
        }
    )
    write_docbin(tmp_path / "gold.spacy", [record_to_doc(record, tokenizer)[0]])
    (doc,) = read_docbin(tmp_path / "gold.spacy")
    assert doc.cats == {"sentiment:positive": 1.0}
    assert doc._.sentiment == "positive"
    assert doc._.category is None
    assert doc._.record_id == "a-1"
    assert doc._.layers == {"ner": ["PERCENT"], "sentiment": True}
    assert doc._.record_meta == {"reference_date": "2031-10-24", "tags": ["x"]}
    assert doc._.reference_date == datetime.date(2031, 10, 24)
    (ent,) = doc.ents
    assert ent._.value == Percent(value=ent._.value.value)
    assert str(ent._.value.value) == "12"


def test_unknown_entities_are_not_no_entities(tokenizer: Language) -> None:
    unknown, _ = record_to_doc(make("Norvane rose", layers={}), tokenizer)
    empty, _ = record_to_doc(make("Norvane rose"), tokenizer)
    assert [token.ent_iob for token in unknown] == [0, 0]
    assert [token.ent_iob for token in empty] == [2, 2]


TARGETS = {
    "id": "a-1",
    "text": "Norvane gains as Halvorsen slips",
    "spans": [
        {"start": 0, "end": 7, "label": "TARGET", "sentiment": "positive"},
        {"start": 17, "end": 26, "label": "TARGET", "sentiment": "negative"},
    ],
    "layers": {"entity_sentiment": True},
}


def test_targets_of_a_tone_are_no_entities(tmp_path: Path, tokenizer: Language) -> None:
    write_docbin(tmp_path / "gold.spacy", [record_to_doc(make_record(TARGETS), tokenizer)[0]])
    (doc,) = read_docbin(tmp_path / "gold.spacy")
    assert not doc.has_annotation("ENT_IOB")
    assert not doc.ents
    assert [(span.text, span.label_, span._.sentiment) for span in doc.spans["targets"]] == [
        ("Norvane", "TARGET", "positive"),
        ("Halvorsen", "TARGET", "negative"),
    ]
    assert doc_to_record(doc) == make_record(TARGETS)
    doc.user_data.clear()
    for span in doc.spans["targets"]:
        span._.sentiment = "neutral"
    assert doc_to_record(doc, record_id="x").layers == {"entity_sentiment": True}


def test_no_recogniser_learns_a_target_and_no_scorer_counts_it(tmp_path: Path, tokenizer: Language) -> None:
    half = TARGETS | {"layers": {"entity_sentiment": True, "ner": ["ORG"]}, "id": "half"}
    half["spans"] = [{"start": 0, "end": 7, "label": "ORG", "sentiment": "positive"}, TARGETS["spans"][1]]
    docs = [record_to_doc(make_record(data), tokenizer)[0] for data in (TARGETS, half)]
    write_docbin(tmp_path / "gold.spacy", docs)
    unknown, asked = GoldCorpus(tmp_path / "gold.spacy", ner_labels=["ORG", "LOC"])(tokenizer)
    assert unknown.get_aligned_ner() == [None] * 5
    assert scorable_entities(unknown) is None
    assert asked.get_aligned_ner() == ["U-ORG", *[None] * 4]
    assert scorable_entities(asked) == ({("ORG", 0, 1)}, set())
    for example in (unknown, asked):
        assert not example.predicted.ents
        places = example.predicted.spans["targets"]  # where to answer, and not what
        assert {(span.label_, span._.sentiment) for span in places} == {("TARGET", None)}
    recogniser = CrfRecognizer(tokenizer.vocab, Model("none", lambda *_: None))
    recogniser.cfg["labels"] = ["ORG", "LOC"]
    assert recogniser.read_gold(unknown).all()
    ner = spacy.blank("en").add_pipe("ner")
    ner.initialize(lambda: [asked, unknown])
    assert ner.labels == ("ORG",)


@pytest.fixture
def misaligned() -> Record:
    return make("Norvane's plan: 12months at EURO7x now", (0, 7, "ORG"), (16, 18, "PERCENT"), (28, 32, "ORG"))


def test_error_names_the_span_and_the_record(misaligned: Record, tokenizer: Language) -> None:
    with pytest.raises(BadInput, match=r"PERCENT 16-18 '12' does not align with the tokens '12months'") as caught:
        record_to_doc(misaligned, tokenizer, align="error")
    assert caught.value.record_id == "a-1"
    assert "--align expand or drop" in caught.value.problem


def test_expand_takes_whole_tokens_and_says_so(misaligned: Record, tokenizer: Language) -> None:
    doc, moved = record_to_doc(misaligned, tokenizer, align="expand")
    assert [(ent.text, ent.label_) for ent in doc.ents] == [
        ("Norvane", "ORG"),
        ("12months", "PERCENT"),
        ("EURO7x", "ORG"),
    ]
    assert [str(line) for line in moved] == [
        "id 'a-1': PERCENT 16-18 '12' expanded (tokens '12months')",
        "id 'a-1': ORG 28-32 'EURO' expanded (tokens 'EURO7x')",
    ]


def test_drop_leaves_the_span_out_and_says_so(misaligned: Record, tokenizer: Language) -> None:
    doc, moved = record_to_doc(misaligned, tokenizer, align="drop")
    assert [ent.text for ent in doc.ents] == ["Norvane"]
    assert [(line.text, line.action) for line in moved] == [("12", "dropped"), ("EURO", "dropped")]


def test_two_spans_of_one_token_cannot_both_be_expanded(tokenizer: Language) -> None:
    record = make("EURO7x", (0, 4, "ORG"), (4, 6, "PERCENT"))
    doc, moved = record_to_doc(record, tokenizer, align="expand")
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("EURO7x", "ORG")]
    assert [line.action for line in moved] == ["expanded", "dropped"]


@given(records(aligned=False))
def test_no_span_is_ever_lost_silently(tokenizer: Language, record: Record) -> None:
    spans = {(span.start, span.end, span.label) for span in record.spans}
    reported = {}
    for policy in ("expand", "drop"):
        doc, moved = record_to_doc(record, tokenizer, align=policy)
        reported[policy] = {(line.start, line.end, line.label) for line in moved}
        assert all(line.record_id == record.id for line in moved)
        assert reported[policy] <= spans
        kept = {(ent.start_char, ent.end_char, ent.label_) for ent in (*doc.ents, *doc.spans.get("targets", ()))}
        expanded = [line for line in moved if line.action == "expanded"]
        assert spans - reported[policy] <= kept
        assert len(kept) == len(spans - reported[policy]) + len(expanded)
        for line in expanded:
            assert any(start <= line.start and line.end <= end and label == line.label for start, end, label in kept)
    assert reported["expand"] == reported["drop"]
    if reported["drop"]:
        first: Misalignment = record_to_doc(record, tokenizer, align="drop")[1][0]
        with pytest.raises(BadInput) as caught:
            record_to_doc(record, tokenizer, align="error")
        assert f"{first.label} {first.start}-{first.end} {first.text!r}" in caught.value.problem
    else:
        assert record_to_doc(record, tokenizer, align="error")[1] == []


def test_a_value_moves_with_its_span(tokenizer: Language) -> None:
    span = {"start": 0, "end": 4, "label": "PERCENT", "value": {"type": "percent", "value": "5"}}
    doc, _ = record_to_doc(make("EURO7x", spans=[span]), tokenizer, align="expand")
    assert doc.ents[0].text == "EURO7x"
    assert str(doc.ents[0]._.value.value) == "5"


def test_a_doc_that_no_record_was_made_into(tokenizer: Language) -> None:
    doc = tokenizer("Norvane rose 12%")
    assert doc_to_record(doc, record_id="x") == make_record({"id": "x", "text": "Norvane rose 12%"})
    doc.ents = [doc.char_span(0, 7, label="ORG")]
    doc.cats = {"sentiment:positive": 0.7, "sentiment:negative": 0.3}
    record = doc_to_record(doc, record_id="x")
    assert record.cats == {"sentiment": "positive"}
    assert [span.label for span in record.spans] == ["ORG"]
    assert record.layers == {"ner": ["ORG"], "sentiment": True}
    with pytest.raises(BadInput, match="id"):
        doc_to_record(doc)


def test_docs_can_be_read_without_bellwether_into_any_vocab(tmp_path: Path, tokenizer: Language) -> None:
    write_docbin(tmp_path / "gold.spacy", [record_to_doc(make("Norvane rose", (0, 7, "ORG")), tokenizer)[0]])
    (doc,) = DocBin().from_disk(tmp_path / "gold.spacy").get_docs(spacy.blank("de").vocab)
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Norvane", "ORG")]


@pytest.mark.parametrize("content", [b"", b"not a docbin", b"\x78\x9c\x00"])
def test_a_damaged_file_is_bad_input(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gold.spacy"
    with pytest.raises(BadInput, match="run the step 'convert' first"):
        list(read_docbin(path))
    path.write_bytes(content)
    with pytest.raises(BadInput, match="not a DocBin file") as caught:
        list(read_docbin(path))
    assert caught.value.path == path


def test_an_empty_file_has_no_docs(tmp_path: Path) -> None:
    docs: list[Doc] = []
    assert write_docbin(tmp_path / "gold.spacy", docs) == 0
    assert list(read_docbin(tmp_path / "gold.spacy")) == []
