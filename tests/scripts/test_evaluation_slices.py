"""Parts of the documents and of the labels: hand-built docs with known counts."""

import pytest
from spacy.language import Language

from scripts.evaluation.bootstrap import Bootstrap
from scripts.evaluation.classification import collect_answers, score_classifier
from scripts.evaluation.entities import ONLY_SEEN, SOME_UNSEEN, score_entities, training_counts, training_surfaces
from scripts.evaluation.result import ClassifierScores, EntityScores
from scripts.evaluation.slices import LENGTH_BANDS, describe_bands, frequency_bands, group, length_band
from tests.scripts.evaluation_docs import Maker

BOOTSTRAP = Bootstrap(resamples=100)
LABELS = ["ORG", "LOC"]


@pytest.fixture
def make(tokenizer: Language) -> Maker:
    return Maker(tokenizer)


def entities(make: Maker, marked: list[tuple[str, str, str]], train: list[str] | None = None) -> EntityScores:
    """marked (list): gold, predicted, source. train (list | None): marked training texts."""
    docs = None if train is None else [make.gold(text) for text in train]
    return score_entities(
        [make.example(gold, predicted, source=source) for gold, predicted, source in marked],
        recogniser=LABELS,
        normalizers=["MONEY"],
        not_found={},
        surfaces=None if docs is None else training_surfaces(docs, LABELS),
        bootstrap=BOOTSTRAP,
        worst=0,
        train=None if docs is None else training_counts(docs, LABELS),
    )


def classify(make: Maker, pairs: list[tuple[str, str]], train: dict[str, int] | None = None) -> ClassifierScores:
    """pairs (list): gold and predicted label."""
    examples = [make.example("up", "up", {f"tone:{predicted}": 1.0}, tone=gold) for gold, predicted in pairs]
    answers = collect_answers(examples, "tone")
    return score_classifier(answers, known=["a", "b", "c"], bootstrap=BOOTSTRAP, worst=0, train=train)


@pytest.mark.parametrize(
    ("tokens", "band"), [(0, 0), (1, 0), (15, 0), (16, 1), (30, 1), (31, 2), (60, 2), (61, 3), (5000, 3)]
)
def test_bands_of_lengths(tokens: int, band: int) -> None:
    assert length_band(tokens) == LENGTH_BANDS[band]


def test_groups_are_in_order_and_need_two_keys() -> None:
    assert group(["b", "a", "b"]) == {"a": [1], "b": [0, 2]}
    assert list(group(["b", "a", "b"], ["b", "a", "c"])) == ["b", "a"]
    assert group(["b", None, "a"]) == {"a": [2], "b": [0]}
    assert group(["b", None, "b"]) == {}
    assert group([]) == {}


def test_bands_of_labels() -> None:
    """An even spread would give each label 10."""
    train = {"a": 25, "b": 11, "c": 4}
    assert frequency_bands(["a", "b", "c", "d"], train) == {"rare": ["c", "d"], "medium": ["b"], "frequent": ["a"]}
    assert "rare below 5, frequent above 20" in describe_bands(["a", "b", "c", "d"], train)
    assert frequency_bands(["a", "b"], {"a": 5, "b": 6}) == {}
    assert frequency_bands([], {}) == {}


def test_entities_by_length(make: Maker) -> None:
    filler = " ".join(["word"] * 20)
    scores = entities(
        make,
        [
            ("Norvane|ORG paid $3|MONEY", "Norvane|ORG paid $3|MONEY", "one"),
            (f"Halden|ORG {filler}", f"Halden|LOC {filler}", "one"),
        ],
    )
    slicing = scores.slices["length"]
    assert list(slicing.slices) == list(LENGTH_BANDS[:2])
    short, long = slicing.slices.values()
    assert (short.documents, short.gold) == (1, {"recogniser": 1, "normalizers": 1})
    assert (short.metrics["recogniser_f1"].value, short.metrics["normalizers_f1"].value) == (1.0, 1.0)
    assert (long.metrics["recogniser_f1"].value, long.metrics["normalizers_f1"].value) == (0.0, None)
    assert set(scores.slices) == {"length"}, "without train nothing is known about labels and names"


def test_what_has_one_part_only_is_not_set_apart(make: Maker) -> None:
    assert entities(make, [("Norvane|ORG", "Norvane|ORG", "one")], ["Norvane|ORG in Oslo|LOC"]).slices == {}
    assert classify(make, [("a", "a")], {"a": 1, "b": 1, "c": 1}).slices == {}


def test_entities_by_what_train_has(make: Maker) -> None:
    train = ["Norvane|ORG and Halden|ORG", "Carrow|ORG", "Norvane|ORG", "Halden|ORG in Oslo|LOC"]
    scores = entities(
        make,
        [
            ("NORVANE|ORG in Oslo|LOC", "NORVANE|ORG in Oslo|LOC", "one"),
            ("Norvane|ORG in Turku|LOC", "Norvane|ORG in Turku", "one"),
            ("nothing here", "nothing|LOC here", "one"),
        ],
        train,
    )
    unseen = scores.slices["unseen_entities"].slices
    assert {name: part.documents for name, part in unseen.items()} == {ONLY_SEEN: 1, SOME_UNSEEN: 1}
    assert unseen[SOME_UNSEEN].metrics["recogniser_f1"].value == pytest.approx(2 / 3)
    assert set(unseen[SOME_UNSEEN].metrics) == {"recogniser_f1"}
    frequency = scores.slices["label_frequency"]
    assert frequency.train == {"ORG": 5, "LOC": 1}
    assert {name: part.labels for name, part in frequency.slices.items()} == {"rare": ["LOC"], "medium": ["ORG"]}
    assert frequency.slices["rare"].metrics["recogniser_f1"].value == pytest.approx(2 / 4)
    assert (frequency.slices["rare"].documents, frequency.slices["rare"].gold) == (3, {"recogniser": 2})


def test_a_source_that_asked_for_some_labels_is_scored_on_these(make: Maker) -> None:
    examples = [
        make.example("Norvane|ORG in Oslo", "Norvane|ORG in Oslo|LOC", asked=["ORG"], source="names"),
        make.example("Norvane|ORG in Oslo|LOC for $3|MONEY", "Norvane|ORG in Oslo for $3|MONEY", source="all"),
    ]
    scores = score_entities(
        examples,
        recogniser=LABELS,
        normalizers=["MONEY"],
        not_found={},
        surfaces=None,
        bootstrap=BOOTSTRAP,
        worst=0,
    )
    names, everything = scores.by_source["names"], scores.by_source["all"]
    assert names.labels == ["ORG"]
    assert names.gold == {"recogniser": 1, "normalizers": 0, "all": 1}
    assert (names.metrics["recogniser_f1"].value, names.metrics["normalizers_f1"].value) == (1.0, None)
    assert everything.labels is None
    assert everything.gold == {"recogniser": 2, "normalizers": 1, "all": 3}
    assert everything.metrics["all_f1"].value == pytest.approx(4 / 5)  # two of three are found


def test_labels_of_a_classifier_by_frequency(make: Maker) -> None:
    pairs = [("a", "a"), ("a", "a"), ("a", "c"), ("b", "b"), ("c", "c")]
    slicing = classify(make, pairs, {"a": 90, "b": 9, "c": 0}).slices["label_frequency"]
    rare, frequent = slicing.slices["rare"], slicing.slices["frequent"]
    assert (rare.labels, rare.documents, rare.gold) == (["b", "c"], 2, {"answers": 2})
    assert rare.metrics["accuracy"].value == 1.0
    # b: 1; c: precision 1/2 through the answer to a text of another band, recall 1.
    assert rare.metrics["macro_f1"].value == pytest.approx((1 + 2 / 3) / 2)
    assert frequent.metrics["accuracy"].value == pytest.approx(2 / 3)


def test_answers_of_one_document_are_one_document(make: Maker) -> None:
    example = make.example("up", "up", {"tone:a": 1.0}, tone="a")
    other = make.example(" ".join(["up"] * 20), " ".join(["up"] * 20), {"tone:a": 1.0}, tone="b")
    answers = [*collect_answers([example], "tone") * 3, *collect_answers([other], "tone")]
    scores = score_classifier(answers, known=["a", "b"], bootstrap=BOOTSTRAP, worst=0)
    short = scores.slices["length"].slices[LENGTH_BANDS[0]]
    assert (short.documents, short.gold) == (1, {"answers": 3})
