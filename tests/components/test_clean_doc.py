"""The text that the normalizers share: once a doc, never that of another one."""

import gc

import pytest
import spacy
from spacy.tokens import Doc

from bellwether.normalizers.base import clean_doc
from bellwether.normalizers.characters import clean_text

NLP = spacy.blank("en")


def test_one_text_for_all_components():
    doc = NLP.make_doc("The fee\u2011cut: \uff15\u200b%")
    assert clean_doc(doc) is clean_doc(doc)
    assert clean_doc(doc) == clean_text(doc.text)
    assert clean_doc(doc).text == "The fee-cut: 5%"


def test_each_doc_has_its_own():
    first, second = NLP.make_doc("rose 5%"), NLP.make_doc("fell 6%")
    assert [clean_doc(doc).text for doc in (first, second, first)] == ["rose 5%", "fell 6%", "rose 5%"]


def test_a_doc_that_is_gone_leaves_nothing_behind():
    for number in range(50):
        assert clean_doc(NLP.make_doc(f"rose {number}%")).text == f"rose {number}%"
        gc.collect()


def test_a_doc_that_is_filled_later():
    doc = Doc(NLP.vocab)
    assert clean_doc(doc).text == ""
    assert clean_doc(doc.from_bytes(NLP.make_doc("rose 5%").to_bytes())).text == "rose 5%"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\uff35\uff33\uff04\uff15", "US$5"),
        ("don\u2019t", "don't"),
        ("\u22125\ufe6a", "\u22125%"),
        ("1\u202f234\u00a0567", "1 234 567"),
        ("caf\u00e9 \U0001f600", "caf\u00e9 \U0001f600"),
        ("\ud800 5%", "\ud800 5%"),
    ],
)
def test_characters(text, clean):
    assert clean_text(text).text == clean
