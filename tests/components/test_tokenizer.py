"""The tokenizer: spans of numbers can begin and end where they must, and a saved pipeline keeps the rules."""

from pathlib import Path

import pytest
import spacy
from hypothesis import given
from spacy.language import Language

from tests.strategies import texts


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("It cost $180M.", "It cost $ 180 M ."),
        ("worth $600m, he said", "worth $ 600 m , he said"),
        ("about 5k.", "about 5k ."),
        ("a $2B.", "a $ 2B ."),
        ("4.5%-5%", "4.5% - 5 %"),
        ("12%–14%", "12% – 14 %"),
        ("3bn-4bn", "3bn - 4bn"),
        ("(NYSE: NRVN)", "( NYSE : NRVN )"),
        ("$NRVN up", "$ NRVN up"),
        ("the U.S. firm", "the U.S. firm"),
        ("at 9 a.m. today", "at 9 a.m. today"),
        ("Norvane's well-known Co. won't", "Norvane 's well - known Co. wo n't"),
    ],
)
def test_tokens(tokenizer: Language, text: str, tokens: str) -> None:
    assert [token.text for token in tokenizer.make_doc(text)] == tokens.split()


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("It cost $180M.", "$180M"),
        ("It cost $180M, twice that", "$180M"),
        ("guides to $1.2bn-$1.3bn", "$1.2bn-$1.3bn"),
        ("guides to $1.2bn-$1.3bn", "$1.2bn"),
        ("sees €3m–€4m.", "€3m–€4m"),
        ("grew 4.5%-5%", "4.5%"),
        ("grew 4.5%-5%", "5%"),
        ("(EUR 3m)", "EUR 3m"),
        ("up 25bp.", "25bp"),
        ("£40m.", "£40m"),
    ],
)
def test_a_span_can_begin_and_end_there(tokenizer: Language, text: str, surface: str) -> None:
    start = text.rindex(surface)
    assert tokenizer.make_doc(text).char_span(start, start + len(surface)) is not None


@given(texts())
def test_no_character_is_lost(tokenizer: Language, text: str) -> None:
    assert tokenizer.make_doc(text).text == text


def test_a_saved_pipeline_keeps_the_rules(tmp_path: Path, tokenizer: Language) -> None:
    tokenizer.to_disk(tmp_path / "nlp")
    loaded = spacy.load(tmp_path / "nlp")
    for text in ("It cost $180M.", "$1.2bn-$1.3bn", "4.5%-5%", "5 m.", "at 9 a.m. today"):
        assert [token.text for token in loaded(text)] == [token.text for token in tokenizer(text)]
    assert loaded.config["nlp"]["tokenizer"] == {"@tokenizers": "bellwether.Tokenizer.v1"}
