"""Scorers: exact matches, and nothing that an annotator was not asked for is right or wrong."""

from decimal import Decimal
from typing import Any

import pytest
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import registry
from spacy.vocab import Vocab

from bellwether import Money, Percent, Value
from bellwether.scorers import asked_labels, score_entities, score_values
from bellwether.values import VALUE_TYPES

VOCAB = Vocab()
WORDS = ["Norvane", "Oyj", "earned", "$", "3", "in", "Turku"]
Place = tuple[int, int, str]
ORG, MONEY, LOC = (0, 2, "ORG"), (3, 5, "MONEY"), (6, 7, "LOC")


def make_doc(places: list[Place] | None, asked: list[str] | None = None, words: list[str] = WORDS) -> Doc:
    doc = Doc(VOCAB, words=words)
    if places is not None:
        doc.set_ents([Span(doc, *place) for place in places], default="outside")
    if asked is not None:
        doc._.layers = {"ner": asked}
    return doc


def example(found: list[Place], gold: list[Place] | None, asked: list[str] | None = None) -> Example:
    return Example(make_doc(found), make_doc(gold, asked))


def micro(examples: list[Example], **settings: Any) -> tuple[Any, Any, Any]:
    scores = score_entities(examples, **settings)
    return scores["ents_p"], scores["ents_r"], scores["ents_f"]


def test_exact_matches() -> None:
    scores = score_entities([example([ORG, (3, 4, "MONEY"), (6, 7, "ORG")], [ORG, MONEY, LOC])])
    assert (scores["ents_p"], scores["ents_r"], scores["ents_f"]) == (1 / 3, 1 / 3, 1 / 3)
    assert scores["ents_per_type"] == {
        "LOC": {"p": 0.0, "r": 0.0, "f": 0.0},
        "MONEY": {"p": 0.0, "r": 0.0, "f": 0.0},
        "ORG": {"p": 0.5, "r": 1.0, "f": 2 / 3},
    }


def test_all_right_and_nothing_to_find() -> None:
    assert micro([example([ORG, LOC], [ORG, LOC])]) == (1, 1, 1)
    assert micro([example([ORG], []), example([ORG], [ORG])]) == (0.5, 1, 2 / 3)


UNKNOWN = {
    "no annotation": example([ORG, MONEY, LOC], None),
    "no annotation, other layers": example([ORG, MONEY, LOC], None, None),
}


@pytest.mark.parametrize("unknown", UNKNOWN.values(), ids=UNKNOWN)
def test_docs_without_the_layer_change_nothing(unknown: Example) -> None:
    known = [example([ORG, (6, 7, "ORG")], [ORG, LOC], ["ORG", "LOC", "MONEY"]), example([], [MONEY])]
    assert score_entities(known) == score_entities([unknown, *known, unknown])


def test_nothing_known_is_no_score() -> None:
    assert score_entities([UNKNOWN["no annotation"]]) == dict.fromkeys(("ents_p", "ents_r", "ents_f", "ents_per_type"))
    assert score_entities([]) == dict.fromkeys(("ents_p", "ents_r", "ents_f", "ents_per_type"))


def test_labels_that_were_not_asked_for_are_neither_right_nor_wrong() -> None:
    assert micro([example([ORG, MONEY, LOC], [ORG], ["ORG"])]) == (1, 1, 1)
    assert micro([example([ORG, MONEY, LOC], [ORG], ["ORG", "LOC"])]) == (0.5, 1, 2 / 3)
    assert micro([example([ORG, MONEY, LOC], [ORG])]) == (1 / 3, 1, 0.5)


def test_what_was_asked_for_survives_docbin() -> None:
    # DocBin reads a list back as a tuple.
    gold = make_doc([ORG], ["ORG"])
    gold.user_data["bellwether"]["layers"] = {"ner": ("ORG",)}
    assert asked_labels(gold) == frozenset({"ORG"})
    assert micro([Example(make_doc([ORG, MONEY]), gold)]) == (1, 1, 1)


def test_only_the_wanted_labels_count() -> None:
    examples = [example([ORG, MONEY], [ORG, LOC])]
    assert micro(examples, labels=["ORG"]) == (1, 1, 1)
    assert micro(examples, labels=["ORG", "LOC"]) == (1, 0.5, 2 / 3)
    assert set(score_entities(examples, labels=["LOC"])["ents_per_type"]) == {"LOC"}


def test_a_label_that_nobody_was_asked_for_has_no_score() -> None:
    assert micro([example([MONEY], [ORG], ["ORG"])], labels=["MONEY"]) == (None, None, None)
    assert micro([example([MONEY], [], ["ORG"]), example([MONEY], [MONEY])], labels=["MONEY"]) == (1, 1, 1)


def test_predictions_on_tokens_of_unknown_annotation_do_not_count() -> None:
    gold = Doc(VOCAB, words=WORDS)
    gold.set_ents([Span(gold, *ORG)], missing=[gold[5:7]], default="outside")
    assert micro([Example(make_doc([ORG, LOC]), gold)]) == (1, 1, 1)
    assert micro([Example(make_doc([ORG, MONEY]), gold)]) == (0.5, 1, 2 / 3)


def test_other_tokens_than_those_of_the_gold() -> None:
    predicted = make_doc([(0, 1, "ORG"), (4, 5, "LOC")], words=["Norvane Oyj", "earned", "$3", "in", "Turku"])
    assert micro([Example(predicted, make_doc([ORG, MONEY, LOC]))])[:2] == (1, 2 / 3)


def test_the_registered_scorer_is_limited_to_the_labels_of_the_recogniser() -> None:
    score = registry.scorers.get("bellwether.ner_scorer.v1")(labels=["ORG"])
    assert score([example([ORG, MONEY], [ORG])])["ents_f"] == 1
    score = registry.scorers.get("bellwether.value_scorer.v1")(label="MONEY")
    assert set(score([example([ORG], [ORG])])) == {"money_p", "money_r", "money_f", "money_value_accuracy"}


THREE = Money(amount=Decimal(3), currency="USD")


def valued(found: Value | None, gold: Value | None, place: Place = MONEY, asked: list[str] | None = None) -> Example:
    pair = example([place], [MONEY], asked)
    pair.predicted[place[0] : place[1]]._.value = found
    pair.reference[3:5]._.value = gold
    return pair


@pytest.mark.parametrize(
    ("found", "place", "accuracy"),
    [
        (THREE, MONEY, 1.0),
        (Money(amount=Decimal("3.00"), currency="USD", candidates=("USD", "CAD")), MONEY, 1.0),
        (Money(amount=Decimal(3), currency="EUR"), MONEY, 0.0),
        (Money(amount=Decimal(3), currency="USD", bound="about"), MONEY, 0.0),
        (Percent(value=Decimal(3)), MONEY, 0.0),
        (None, MONEY, 0.0),
        (THREE, (4, 5, "MONEY"), 0.0),
        (THREE, (3, 5, "QUANTITY"), 0.0),
    ],
)
def test_a_value_is_right_with_the_same_bounds_label_and_amount(
    found: Value | None, place: Place, accuracy: float
) -> None:
    assert score_values([valued(found, THREE, place)], label="MONEY")["money_value_accuracy"] == accuracy


def test_value_accuracy_is_a_share_of_the_gold_values() -> None:
    examples = [valued(THREE, THREE), valued(None, THREE), example([], [MONEY]), example([ORG], None)]
    scores = score_values(examples, label="MONEY")
    assert scores == {"money_p": 1.0, "money_r": 2 / 3, "money_f": 0.8, "money_value_accuracy": 0.5}


def test_values_that_nobody_annotated_are_not_scored() -> None:
    unknown = valued(THREE, THREE)
    unknown.reference = make_doc(None)
    for examples in ([], [unknown], [example([MONEY], [ORG], ["ORG"])]):
        assert set(score_values(examples, label="MONEY").values()) == {None}
    assert score_values([valued(THREE, None)], label="MONEY")["money_value_accuracy"] is None


def test_every_kind_of_value_has_its_keys() -> None:
    for kind in VALUE_TYPES:
        assert f"{kind}_value_accuracy" in score_values([example([ORG], [ORG])], label=kind.upper())
