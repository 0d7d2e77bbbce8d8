"""From a doc to plain data."""

import json
from dataclasses import asdict
from decimal import Decimal

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from bellwether import Company, Money
from bellwether.annotations import Classification, annotations_of_doc
from bellwether.attributes import set_field


def make_doc(nlp: Language) -> Doc:
    doc = nlp.make_doc("Zoë 👩‍👩‍👧 paid $3m")
    doc.ents = [Span(doc, 0, 1, "ORG"), Span(doc, len(doc) - 3, len(doc), "MONEY")]
    return doc


def test_what_a_doc_carries_is_told_in_plain_json():
    doc = make_doc(spacy.blank("en"))
    org, money = doc.ents
    org._.score, org._.sentiment, org._.sentiment_score = 0.5, "positive", 0.75
    org._.value = Company(id="c1", name="Zoë")
    money._.value, money._.source = Money(amount=Decimal("3E+6"), currency="USD"), "money.symbol"
    found = annotations_of_doc(doc)
    assert [found.text[entity.start : entity.end] for entity in found.entities] == [org.text, "$3m"]
    assert [entity.source for entity in found.entities] == ["model", "money.symbol"]
    assert found.entities[0].company == {"type": "company", "id": "c1", "name": "Zoë"}
    assert found.entities[1].value == {"type": "money", "amount": "3000000", "currency": "USD"}
    assert (found.entities[0].sentiment, found.entities[0].sentiment_score) == ("positive", 0.75)
    assert json.loads(json.dumps(asdict(found))) == asdict(found)


def test_a_classifier_that_is_not_sure_has_scores_and_no_label():
    doc = make_doc(spacy.blank("en"))
    doc.cats = {"tone:good": 0.75, "tone:bad": 0.25, "length:short": 0.5, "length:long": 0.5, "foreign": 1.0}
    set_field(doc, "good", name="tone")
    for name, score in (("tone", 0.75), ("length", 0.5)):
        set_field(doc, score, name=f"{name}_score")
    assert annotations_of_doc(doc).classifications == {
        "tone": Classification(label="good", score=0.75, scores={"good": 0.75, "bad": 0.25}),
        "length": Classification(label=None, score=0.5, scores={"short": 0.5, "long": 0.5}),
    }


def test_a_doc_without_anything():
    found = annotations_of_doc(spacy.blank("en").make_doc(""))
    assert (found.text, found.entities, found.classifications) == ("", [], {})
