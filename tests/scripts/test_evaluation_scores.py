"""Entities, values and classifiers: hand-built docs with known counts. What was not annotated moves nothing."""

from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from bellwether.attributes import set_span_field
from bellwether.scoped_textcat import score_scoped_textcat
from bellwether.scorers import score_entities as spacy_style_entities
from bellwether.scorers import score_values as spacy_style_values
from scripts.evaluation.baselines import Gazetteer, Labelled, majority_baseline, tfidf_baseline
from scripts.evaluation.bootstrap import Bootstrap
from scripts.evaluation.classification import NO_ANSWER, collect_answers, score_classifier
from scripts.evaluation.entities import (
    count_entities,
    entity_documents,
    score_entities,
    training_surfaces,
)
from scripts.evaluation.matching import Entity, count_matches, entity_confusion, match_entities
from scripts.evaluation.result import ClassifierScores, EntityScores, MatchCounts, Metric
from scripts.evaluation.values import score_values
from tests.scripts.evaluation_docs import ASKED, Maker


@pytest.fixture
def bootstrap() -> Bootstrap:
    return Bootstrap(resamples=100)


@pytest.fixture
def make(tokenizer: Language) -> Maker:
    return Maker(tokenizer)


def entities(examples: list[Example], bootstrap: Bootstrap, **kwargs: Any) -> EntityScores:
    settings: dict[str, Any] = {
        "recogniser": ["ORG", "LOC"],
        "normalizers": ["MONEY"],
        "not_found": {},
        "surfaces": None,
        "worst": 5,
    }
    return score_entities(examples, bootstrap=bootstrap, **(settings | kwargs))


def classify(examples: list[Example], bootstrap: Bootstrap, name: str = "sentiment") -> ClassifierScores:
    answers = collect_answers(examples, name)
    return score_classifier(answers, known=["bad", "good"], bootstrap=bootstrap, worst=5)


@pytest.mark.parametrize(
    ("gold", "predicted", "kinds"),
    [
        ([], [], []),
        ([("A", 0, 2)], [("A", 0, 2)], ["exact"]),
        ([("A", 0, 2)], [("B", 0, 2)], ["type"]),
        ([("A", 0, 2)], [("A", 0, 3)], ["boundary"]),
        ([("A", 0, 2)], [("B", 1, 3)], ["boundary_and_type"]),
        ([("A", 0, 2)], [], ["missed"]),
        ([], [("A", 0, 2)], ["spurious"]),
        ([("A", 0, 2)], [("A", 2, 3)], ["missed", "spurious"]),
        ([("A", 0, 5)], [("A", 0, 2), ("A", 3, 5)], ["boundary", "spurious"]),
        ([("A", 0, 5)], [("B", 0, 4), ("A", 4, 5)], ["boundary", "spurious"]),
        ([("A", 0, 2), ("A", 3, 5)], [("A", 0, 5)], ["boundary", "missed"]),
    ],
)
def test_kinds_of_errors(gold: list[Entity], predicted: list[Entity], kinds: list[str]) -> None:
    matches = match_entities(gold, predicted)
    assert sorted(match.kind for match in matches) == kinds
    assert match_entities(gold[::-1], predicted[::-1]) == matches


def spans(labels: str) -> st.SearchStrategy[list[Entity]]:
    """Entities of a document that do not overlap."""

    def build(cuts: list[tuple[int, str]]) -> list[Entity]:
        found, start = [], 0
        for length, label in cuts:
            if label != " ":
                found.append((label, start, start + length))
            start += length
        return found

    return st.lists(st.tuples(st.integers(1, 3), st.sampled_from(labels + " ")), max_size=8).map(build)


@given(spans("AB"), spans("AB"))
def test_every_entity_is_in_exactly_one_kind(gold: list[Entity], predicted: list[Entity]) -> None:
    matches = match_entities(gold, predicted)
    assert sorted(match.gold for match in matches if match.gold) == sorted(gold)
    assert sorted(match.predicted for match in matches if match.predicted) == sorted(predicted)
    total, by_label = count_matches(matches, ["A", "B"])
    assert total.exact == len(set(gold) & set(predicted))
    assert sum(asdict(total).values()) == len(gold) + total.spurious
    assert sum(sum(asdict(counts).values()) for counts in by_label.values()) == len(matches)
    assert sum(map(sum, entity_confusion(matches, ["A", "B"]).counts)) == len(matches)


def test_counts_per_label(make: Maker, bootstrap: Bootstrap) -> None:
    examples = [
        make.example("Norvane|ORG opens in Turku|LOC", "Norvane|ORG opens in Turku|ORG"),
        make.example("Halden_Group|ORG pays $3|MONEY", "Halden Group|ORG pays $3|MONEY"),
        make.example("nothing here", "nothing here"),
    ]
    scores = entities(examples, bootstrap)
    assert scores.recogniser is not None
    org, loc = scores.recogniser.labels["ORG"], scores.recogniser.labels["LOC"]
    assert (org.gold, org.predicted, org.right, org.documents, org.gold_documents) == (2, 3, 1, 3, 2)
    assert (org.precision.value, org.recall.value) == (pytest.approx(1 / 3), 0.5)
    assert (loc.gold, loc.predicted, loc.right) == (1, 0, 0)
    assert loc.precision == Metric(None)
    assert loc.f1.value == 0.0
    assert scores.recogniser.micro.f1.value == pytest.approx(2 / 6)
    assert scores.normalizers is not None
    assert scores.normalizers.labels["MONEY"].f1 == Metric(1.0, 1.0, 1.0)
    assert scores.errors == MatchCounts(exact=2, boundary=1, type=1)
    assert scores.errors_by_label["LOC"] == MatchCounts(type=1)
    assert scores.confusion.gold == ["ORG", "LOC", "MONEY", "none"]
    assert scores.confusion.counts == [[2, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]


def test_entity_scores_are_those_of_the_scorer(make: Maker, bootstrap: Bootstrap) -> None:
    examples = [
        make.example("Norvane|ORG in Turku|LOC and Oslo|LOC", "Norvane|ORG in Turku|ORG and Oslo|LOC"),
        make.example("Halden|ORG", "Halden|LOC", asked=["ORG"]),
        make.example("Halden cut", "Halden|LOC cut", asked=[]),
    ]
    ours = entities(examples, bootstrap).recogniser
    theirs = spacy_style_entities(examples, labels=["ORG", "LOC"])
    assert ours is not None
    assert ours.micro.f1.value == pytest.approx(theirs["ents_f"])
    for label, prf in theirs["ents_per_type"].items():
        assert (ours.labels[label].f1.value or 0.0) == pytest.approx(prf["f"])


def test_documents_without_the_layer_move_nothing(make: Maker, bootstrap: Bootstrap) -> None:
    some = [
        make.example(
            "Norvane|ORG in Turku|LOC",
            "Norvane|ORG in|LOC Turku",
            {"sentiment:bad": 0.2, "sentiment:good": 0.8},
            sentiment="good",
        ),
        make.example("Halden|ORG up", "Halden|ORG up", {"sentiment:bad": 0.7, "sentiment:good": 0.3}, sentiment="good"),
    ]
    others = [
        make.example("Oslo cut", "Oslo|LOC cut|ORG", {"sentiment:bad": 1.0}, asked=[]),
        make.example("Paris cut", "Paris|LOC cut|ORG", {"sentiment:bad": 1.0}, asked=[], topic="macro"),
    ]
    assert entities(some + others, bootstrap) == entities(some, bootstrap)
    assert classify(some + others, bootstrap) == classify(some, bootstrap)


def test_documents_not_asked_for_a_label_do_not_move_it(make: Maker, bootstrap: Bootstrap) -> None:
    some = [make.example("Turku|LOC", "Turku|LOC"), make.example("Oslo|LOC", "Oslo")]
    others = [make.example("Norvane|ORG in Turku", "Norvane|ORG in Turku|LOC", asked=["ORG"]) for _ in range(5)]
    tables = [entities(examples, bootstrap).recogniser for examples in (some, some + others)]
    assert tables[0] is not None
    assert tables[1] is not None
    assert tables[0].labels["LOC"] == tables[1].labels["LOC"]
    assert (tables[0].labels["ORG"].documents, tables[1].labels["ORG"].documents) == (2, 7)
    assert tables[1].labels["ORG"].f1.value == 1.0


def test_labels_that_nobody_finds_are_listed_and_not_scored(make: Maker, bootstrap: Bootstrap) -> None:
    asked = [*ASKED, "TICKER"]
    examples = [make.example("NRVN|TICKER beats Halden|ORG", "NRVN|ORG beats Halden|ORG", asked=asked)]
    scores = entities(examples, bootstrap, not_found={"TICKER": "ticker"})
    assert [(row.label, row.found_by, row.gold) for row in scores.not_found] == [("TICKER", "ticker", 1)]
    assert "TICKER" not in scores.confusion.gold
    assert scores.errors == MatchCounts(exact=1, spurious=1)
    assert scores.spurious_on_not_found == {"TICKER": 1}


def test_predictions_with_another_tokenization_are_aligned(make: Maker, tokenizer: Language) -> None:
    reference = make.gold("Halden_Group|ORG pays")
    predicted = Doc(tokenizer.vocab, words=["Hal", "den", "Group", "pays"], spaces=[False, True, True, False])
    predicted.set_ents([predicted.char_span(0, 12, label="ORG")])
    (document,) = entity_documents([Example(predicted, reference)], ["ORG"])
    assert count_entities([document], ["ORG"]).tolist() == [[[1, 0, 0]]]


def test_seen_and_unseen(make: Maker, bootstrap: Bootstrap) -> None:
    surfaces = training_surfaces([make.gold("Norvane|ORG in Oslo|LOC")], ["ORG", "LOC"])
    examples = [make.example("NORVANE|ORG left Turku|LOC and Bergen|LOC", "NORVANE|ORG left Turku|LOC and Bergen")]
    scores = entities(examples, bootstrap, surfaces=surfaces)
    assert scores.seen is not None
    assert scores.unseen is not None
    assert (scores.seen.gold, scores.seen.recall.value) == (1, 1.0)
    assert (scores.unseen.gold, scores.unseen.recall.value) == (2, 0.5)


def test_by_source_only_where_there_are_several(make: Maker, bootstrap: Bootstrap) -> None:
    cats = {"sentiment:bad": 0.1, "sentiment:good": 0.9}
    first = make.example("Norvane|ORG", "Norvane|ORG", cats, sentiment="good")
    second = make.example("Turku|LOC", "Turku|ORG", cats, source="two", sentiment="bad")
    assert entities([first], bootstrap).by_source == {}
    assert classify([first], bootstrap).by_source == {}
    found = entities([first, second], bootstrap).by_source
    assert {name: scores.metrics["recogniser_f1"].value for name, scores in found.items()} == {"one": 1.0, "two": 0.0}
    by_source = classify([first, second], bootstrap).by_source
    assert {name: scores.metrics["accuracy"].value for name, scores in by_source.items()} == {"one": 1.0, "two": 0.0}


def test_the_worst_documents_come_first(make: Maker, bootstrap: Bootstrap) -> None:
    examples = [
        make.example("Norvane|ORG up", "Norvane|ORG up"),
        make.example("Turku|LOC up", "Turku up"),
        make.example("Oslo|LOC and Bergen|LOC", "Oslo|ORG and Bergen"),
    ]
    worst = entities(examples, bootstrap).worst
    assert [(document.id, [error.kind for error in document.errors]) for document in worst] == [
        ("d-3", ["type", "missed"]),
        ("d-2", ["missed"]),
    ]
    error = worst[0].errors[0]
    assert error.gold is not None
    assert (error.gold.start, error.gold.end, error.gold.label, error.gold.text) == (0, 4, "LOC", "Oslo")
    assert len(entities(examples, bootstrap, worst=1).worst) == 1


def money(amount: str, **fields: str) -> dict[str, Any]:
    return {"type": "money", "amount": amount, **fields}


def with_values(example: Example, gold: list[dict[str, Any] | None], predicted: list[dict[str, Any] | None]) -> Example:
    for doc, values in ((example.reference, gold), (example.predicted, predicted)):
        for ent, value in zip(doc.ents, values, strict=True):
            set_span_field(ent, value, name="value")
    return example


def test_values(make: Maker, bootstrap: Bootstrap) -> None:
    usd = {"currency": "USD"}
    examples = [
        with_values(
            make.example("$3|MONEY or $4|MONEY or $5|MONEY", "$3|MONEY or $4|MONEY or $5"),
            [money("3", **usd), money("4", **usd), money("5", **usd)],
            [money("3", **usd), money("4", currency="CAD")],
        ),
        with_values(make.example("$6|MONEY paid", "$6|MONEY paid"), [money("6", **usd)], [None]),
        with_values(make.example("$7|MONEY paid", "$7|MONEY paid"), [None], [money("8", **usd)]),
        make.example("$9 paid", "$9|MONEY paid", asked=["ORG"]),
    ]
    scores = score_values(examples, "MONEY", "money", bootstrap)
    assert (scores.documents, scores.gold) == (3, 4)
    assert (scores.right, scores.wrong_value, scores.not_found) == (1, 2, 1)
    assert scores.accuracy.value == pytest.approx(1 / 4)
    assert scores.accuracy_of_found.value == pytest.approx(1 / 3)
    assert {name: (field.right, field.filled) for name, field in scores.fields.items()} == {
        "amount": (2, 3),
        "currency": (1, 3),
    }
    assert [(wrong.text, wrong.gold["amount"], wrong.predicted) for wrong in scores.wrong] == [
        ("$4", "4", money("4", currency="CAD")),
        ("$6", "6", None),
    ]
    assert scores.wrong[0].before.endswith("or ")
    assert scores.accuracy.value == spacy_style_values(examples, label="MONEY")["money_value_accuracy"]


def test_fields_that_do_not_count_are_not_wrong(make: Maker, bootstrap: Bootstrap) -> None:
    example = with_values(
        make.example("$3|MONEY", "$3|MONEY"),
        [money("3", currency="USD")],
        [{**money("3", currency="USD"), "candidates": ["USD", "CAD"]}],
    )
    scores = score_values([example], "MONEY", "money", bootstrap)
    assert scores.right == 1
    assert "candidates" not in scores.fields


def test_a_classifier(make: Maker, bootstrap: Bootstrap) -> None:
    examples = [
        make.example("up", "up", {"sentiment:bad": 0.1, "sentiment:good": 0.9}, sentiment="good"),
        make.example("so so", "so so", {"sentiment:bad": 0.4, "sentiment:good": 0.6}, sentiment="bad"),
        make.example("down", "down", {"sentiment:bad": 0.05, "sentiment:good": 0.95}, sentiment="bad"),
        make.example("none", "none", {"sentiment:bad": 0.5, "sentiment:good": 0.5}),
    ]
    scores = classify(examples, bootstrap)
    assert scores.documents == 3
    assert scores.accuracy.value == pytest.approx(1 / 3)
    assert scores.confusion.counts == [[0, 2], [0, 1]]
    assert [(wrong.text, wrong.predicted, wrong.probability) for wrong in scores.worst] == [
        ("down", "good", 0.95),
        ("so so", "good", 0.6),
    ]
    assert scores.worst[0].gold_probability == 0.05
    theirs = score_scoped_textcat(examples, name="sentiment")
    assert scores.table.macro.f1.value == pytest.approx(theirs["sentiment_macro_f"])
    assert scores.table.macro.precision.value == pytest.approx(theirs["sentiment_macro_p"])
    assert scores.accuracy.value == pytest.approx(theirs["sentiment_accuracy"])


def test_an_answer_below_the_threshold_is_no_answer(make: Maker, bootstrap: Bootstrap) -> None:
    example = make.example("up", "up", {"sentiment:bad": 0.45, "sentiment:good": 0.55}, sentiment="good")
    example.predicted._.sentiment_score = 0.55  # and no doc._.sentiment: the component was not sure enough
    scores = classify([example], bootstrap)
    assert scores.no_answer == 1
    assert scores.confusion.predicted == ["bad", "good", NO_ANSWER]
    assert scores.accuracy.value == 0.0
    assert scores.worst[0].predicted is None
    assert scores.worst[0].probability == 0.55


def test_the_majority_baseline() -> None:
    train = Labelled(["x"] * 5, ["b", "a", "b", "a", "c"])
    assert majority_baseline(train, ["1", "2"]).answers == ["a", "a"]


def test_the_tfidf_baseline_learns_words() -> None:
    texts = ["profit rises sharply", "profit rises", "loss widens badly", "loss widens"] * 3
    train = Labelled(texts, ["good", "good", "bad", "bad"] * 3)
    dev = Labelled(["profit rises again", "loss widens again"], ["good", "bad"])
    baseline = tfidf_baseline(train, dev, ["sharply rises profit", "badly widens"])
    assert baseline.answers == ["good", "bad"]
    assert "chosen on dev" in baseline.description
    assert "dev has no gold" in tfidf_baseline(train, Labelled([], []), ["profit"]).description
    assert tfidf_baseline(Labelled(["x"], ["good"]), dev, ["any text"]).answers == ["good"]


def test_the_gazetteer_takes_the_longest_match_and_the_usual_label(make: Maker, tokenizer: Language) -> None:
    train = [
        make.gold("Halden|LOC"),
        make.gold("Halden|ORG"),
        make.gold("Halden|ORG"),
        make.gold("Halden_Group|ORG"),
        make.gold("$3|MONEY"),
    ]
    gazetteer = Gazetteer(tokenizer.vocab, train, ["ORG", "LOC"])
    assert gazetteer.size == 2
    example = gazetteer.annotate(make.gold("Halden Group left Halden with $3"))
    assert [(ent.text, ent.label_) for ent in example.predicted.ents] == [("Halden Group", "ORG"), ("Halden", "ORG")]
