"""The custom attributes: what they default to, and that they survive DocBin, bytes, pickle and copies of a Doc."""

import datetime
import pickle
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from bellwether import Money, attributes
from bellwether.attributes import get_field, register_head

MONEY = Money(amount=Decimal("3.5"), currency="USD", candidates=("USD", "CAD"))


@pytest.fixture
def doc() -> Doc:
    doc = Doc(Vocab(), words=["Norvane", "earned", "$", "3.5", "."], ents=["B-ORG", "O", "B-MONEY", "I-MONEY", "O"])
    doc._.record_id = "a-1"
    doc._.layers = {"ner": ["ORG", "MONEY"], "sentiment": True}
    doc._.record_meta = {"tags": ["x", ["y"]]}
    doc._.reference_date = "2031-10-24"
    doc._.sentiment = "positive"
    doc._.sentiment_score = 0.75
    org, money = doc.ents
    org._.sentiment = "positive"
    org._.sentiment_score = 0.875
    org._.score = 0.5
    money._.value = MONEY
    money._.source = "money.sign"
    return doc


def through_docbin(doc: Doc) -> Doc:
    data = DocBin(docs=[doc], store_user_data=True).to_bytes()
    return next(iter(DocBin().from_bytes(data).get_docs(Vocab())))


def through_bytes(doc: Doc) -> Doc:
    return Doc(Vocab()).from_bytes(doc.to_bytes())


def through_pickle(doc: Doc) -> Doc:
    return pickle.loads(pickle.dumps(doc))


@pytest.mark.parametrize("through", [through_docbin, through_bytes, through_pickle, Doc.copy])
def test_everything_survives(doc: Doc, through: Callable[[Doc], Doc]) -> None:
    found = through(doc)
    assert found._.record_id == "a-1"
    assert found._.layers == {"ner": ["ORG", "MONEY"], "sentiment": True}
    assert found._.record_meta == {"tags": ["x", ["y"]]}
    assert found._.reference_date == datetime.date(2031, 10, 24)
    assert (found._.sentiment, found._.sentiment_score) == ("positive", 0.75)
    org, money = found.ents
    assert (org._.sentiment, org._.sentiment_score) == ("positive", 0.875)
    assert (money._.sentiment, money._.sentiment_score) == (None, None)
    assert (org._.score, org._.source, org._.value) == (0.5, "model", None)
    assert (money._.value, money._.source, money._.score) == (MONEY, "money.sign", None)
    assert money._.value.candidates == ("USD", "CAD")


def test_a_bare_doc_knows_nothing() -> None:
    doc = Doc(Vocab(), words=["Norvane"])
    for name in ("record_id", "layers", "reference_date", "sentiment", "sentiment_score", "category", "category_score"):
        assert getattr(doc._, name) is None
    assert doc._.record_meta == {}
    span = doc[:1]
    assert (span._.value, span._.score, span._.source) == (None, None, "model")
    assert (span._.sentiment, span._.sentiment_score) == (None, None)
    assert doc.user_data == {}


def test_docs_do_not_share_what_is_read_from_them() -> None:
    first, second = (Doc(Vocab(), words=["Norvane"]) for _ in range(2))
    first._.record_meta["x"] = 1
    assert second._.record_meta == {}
    first._.layers = {"ner": ["ORG"]}
    first._.layers["ner"].append("LOC")
    assert first._.layers == {"ner": ["ORG"]}


def test_a_span_is_known_by_its_place(doc: Doc) -> None:
    assert doc[2:4]._.value == MONEY
    assert Span(doc, 2, 4, label="OTHER")._.value == MONEY
    assert doc[2:3]._.value is None
    doc[2:4]._.value = None
    assert doc.ents[1]._.value is None
    assert doc.ents[1]._.source == "money.sign"


@pytest.mark.parametrize(
    ("day", "read"),
    [
        (datetime.date(2031, 10, 24), datetime.date(2031, 10, 24)),
        (datetime.datetime(2031, 10, 24, 23, 59), datetime.date(2031, 10, 24)),
        ("2031-10-24", datetime.date(2031, 10, 24)),
        ("2031-10-24T09:30:00+02:00", datetime.date(2031, 10, 24)),
        (None, None),
    ],
)
def test_a_reference_date_can_be_a_date_or_text(doc: Doc, day: Any, read: datetime.date | None) -> None:
    doc._.reference_date = day
    assert doc._.reference_date == read
    assert through_docbin(doc)._.reference_date == read


@pytest.mark.parametrize("day", ["yesterday", "2031-13-01", "", 2031, 5.5])
def test_a_reference_date_that_is_none_is_refused(doc: Doc, day: Any) -> None:
    with pytest.raises(ValueError, match=r"doc\._\.reference_date must be a date or ISO 8601 text, got"):
        doc._.reference_date = day
    assert doc._.reference_date == datetime.date(2031, 10, 24)


def test_a_value_must_be_one(doc: Doc) -> None:
    with pytest.raises(ValueError, match=r"span\._\.value must be one of bellwether\.values, got '3 USD'"):
        doc[2:4]._.value = "3 USD"


def test_none_takes_an_answer_back(doc: Doc) -> None:
    doc._.sentiment = None
    assert doc._.sentiment is None
    assert "sentiment" not in doc.user_data[attributes.STORE]


def test_registering_again_changes_nothing(doc: Doc) -> None:
    attributes.register_attributes()
    register_head("urgency")
    register_head("urgency")
    doc._.urgency = "high"
    assert (doc._.urgency, doc._.sentiment) == ("high", "positive")


def test_a_field_can_be_read_without_the_store_appearing() -> None:
    doc = Doc(Vocab(), words=["Norvane"])
    assert get_field(doc, name="layers", default={"a": 1}) == {"a": 1}
    assert doc.user_data == {}


def test_attributes_survive_other_processes() -> None:
    code = """
import spacy, bellwether
from decimal import Decimal
from spacy.language import Language
@Language.component("stamp")
def stamp(doc):
    doc._.sentiment = "positive"
    doc[:1]._.value = bellwether.Money(amount=Decimal("1.5"), currency="USD")
    return doc
if __name__ == "__main__":
    nlp = spacy.blank("en")
    nlp.add_pipe("stamp")
    docs = list(nlp.pipe(["one", "two", "three"], n_process=2))
    assert [doc._.sentiment for doc in docs] == ["positive"] * 3
    assert [doc[:1]._.value.amount for doc in docs] == [Decimal("1.5")] * 3
    print("fine")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "fine\n", done.stderr


def test_a_doc_can_be_read_where_nothing_is_registered(doc: Doc) -> None:
    data = DocBin(docs=[doc], store_user_data=True).to_bytes()
    code = """
import sys
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab
(doc,) = DocBin().from_bytes(sys.stdin.buffer.read()).get_docs(Vocab())
assert not Doc.has_extension("reference_date")
print(doc.user_data["bellwether"]["id"])
"""
    done = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=False)
    assert done.stdout == b"a-1\n", done.stderr


def test_the_store_is_plain_json(doc: Doc) -> None:
    def check(value: Any) -> None:
        assert value is None or isinstance(value, str | int | float | bool | dict | list)
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            check(item)

    check(doc.user_data[attributes.STORE])
