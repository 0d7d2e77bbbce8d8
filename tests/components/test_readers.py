"""Readers of the training config: what `ner` may learn from a doc, the order of docs, the labels of a domain."""

import datetime
from collections import Counter
from pathlib import Path

import pytest
import srsly
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry

from bellwether.readers import GoldCorpus, read_domain_labels
from bellwether.scorers import score_entities
from scripts.docbin import record_to_doc, write_docbin
from scripts.domain import Domain
from scripts.records import make_record
from tests.conftest import ROOT

TEXT = "Norvane earned $3 in Turku"
SPANS = [
    {"start": 0, "end": 7, "label": "ORG"},
    {"start": 15, "end": 17, "label": "MONEY"},
    {"start": 21, "end": 26, "label": "LOC"},
]
ALL = ["ORG", "LOC", "MONEY"]


def gold(tokenizer: Language, asked: list[str] | None, record_id: str = "a", **meta: str) -> Doc:
    layers = {} if asked is None else {"ner": asked}
    spans = [span for span in SPANS if asked is not None and span["label"] in asked]
    record = make_record({"id": record_id, "text": TEXT, "meta": meta, "spans": spans, "layers": layers})
    return record_to_doc(record, tokenizer)[0]


def read(path: Path, nlp: Language, docs: list[Doc], **settings: object) -> list[Example]:
    write_docbin(path, docs)
    return list(registry.readers.get("bellwether.Corpus.v1")(path, **settings)(nlp))


def tags(doc: Doc) -> str:
    """One character a token: a label's first letter, "-" outside of entities, "?" unknown."""
    return "".join("?" if token.ent_iob == 0 else token.ent_type_[:1] or "-" for token in doc)


@pytest.mark.parametrize(
    ("asked", "kept", "restricted"),
    [
        (ALL, "O-MM-L", "O----L"),
        (["ORG", "LOC"], "O----L", "O----L"),
        (["ORG", "MONEY"], "O-MM--", "O?????"),
        (["MONEY"], "--MM--", "??????"),
        ([], "------", "??????"),
        (None, "??????", "??????"),
    ],
)
def test_ner_learns_only_what_was_annotated(
    tmp_path: Path, tokenizer: Language, asked: list[str] | None, kept: str, restricted: str
) -> None:
    docs = [gold(tokenizer, asked)]
    (example,) = read(tmp_path / "x.spacy", tokenizer, docs)
    assert tags(example.reference) == kept
    (example,) = read(tmp_path / "x.spacy", tokenizer, docs, ner_labels=["ORG", "LOC"])
    assert tags(example.reference) == restricted
    assert example.reference.has_annotation("ENT_IOB") == ("?" not in restricted or "O" in restricted)


def test_a_doc_that_does_not_say_what_was_asked_for_was_asked_for_everything(
    tmp_path: Path, tokenizer: Language
) -> None:
    doc = gold(tokenizer, ALL)
    del doc.user_data["bellwether"]["layers"]
    (example,) = read(tmp_path / "x.spacy", tokenizer, [doc], ner_labels=["ORG"])
    assert tags(example.reference) == "O-----"


def test_an_example_predicts_from_the_bare_tokens(tmp_path: Path, tokenizer: Language) -> None:
    doc = gold(tokenizer, ALL, reference_date="2031-10-24")
    doc.cats = {"sentiment:positive": 1.0}
    (example,) = read(tmp_path / "x.spacy", tokenizer, [doc])
    assert example.predicted.text == example.reference.text == TEXT
    assert [token.text for token in example.predicted] == [token.text for token in doc]
    assert example.predicted.ents == ()
    assert example.predicted.cats == {}
    assert example.predicted._.layers is None
    assert example.predicted._.reference_date == datetime.date(2031, 10, 24)
    assert example.reference.cats == {"sentiment:positive": 1.0}


def test_scores_of_a_stored_corpus_respect_what_was_asked_for(tmp_path: Path, tokenizer: Language) -> None:
    (example,) = read(tmp_path / "x.spacy", tokenizer, [gold(tokenizer, ["ORG"])])
    example.predicted.ents = [
        example.predicted.char_span(0, 7, label="ORG"),
        example.predicted.char_span(21, 26, label="LOC"),
    ]
    assert score_entities([example])["ents_f"] == 1


def order(path: Path, nlp: Language, seed: int | None) -> list[str]:
    return [example.reference._.record_id for example in GoldCorpus(path, shuffle_seed=seed)(nlp)]


def test_the_order_is_that_of_the_file_or_of_the_seed(tmp_path: Path, tokenizer: Language) -> None:
    path = tmp_path / "x.spacy"
    names = [f"d{number}" for number in range(20)]
    write_docbin(path, [gold(tokenizer, ALL, name) for name in names])
    assert order(path, tokenizer, None) == names
    shuffled = order(path, tokenizer, 7)
    assert shuffled != names
    assert sorted(shuffled) == sorted(names)
    assert order(path, tokenizer, 7) == shuffled
    assert order(path, tokenizer, 8) != shuffled


def test_every_pass_predicts_on_new_docs_in_another_order(tmp_path: Path, tokenizer: Language) -> None:
    path = tmp_path / "x.spacy"
    write_docbin(path, [gold(tokenizer, ALL, f"d{number}") for number in range(20)])
    corpus = GoldCorpus(path, ner_labels=["ORG"], shuffle_seed=0)
    first, second = list(corpus(tokenizer)), list(corpus(tokenizer))
    names = [[example.reference._.record_id for example in examples] for examples in (first, second)]
    assert names[0] != names[1]
    assert sorted(names[0]) == sorted(names[1])
    assert not {id(example.predicted) for example in first} & {id(example.predicted) for example in second}


def passes(path: Path, nlp: Language, count: int, **settings: float) -> list[list[str]]:
    """The ids that each of so many passes yields."""
    corpus = GoldCorpus(path, shuffle_seed=0, **settings)
    return [[example.reference._.record_id for example in corpus(nlp)] for _ in range(count)]


@pytest.fixture
def unequal(tmp_path: Path, tokenizer: Language) -> Path:
    """90 docs of a large source and 10 of a small one."""
    sources = ["large"] * 90 + ["small"] * 10
    docs = [gold(tokenizer, ALL, f"{source}{number}", source=source) for number, source in enumerate(sources)]
    write_docbin(tmp_path / "unequal.spacy", docs)
    return tmp_path / "unequal.spacy"


@pytest.mark.parametrize(("balance", "small"), [(1.0, 10), (0.5, 25), (0.0, 50)])
def test_a_small_source_counts_for_more(unequal: Path, tokenizer: Language, balance: float, small: int) -> None:
    for names in passes(unequal, tokenizer, 4, balance=balance):
        assert len(names) == 100
        counts = Counter(name for name in names if name.startswith("small"))
        assert sum(counts.values()) == small
        assert max(counts.values()) - min(counts.values(), default=0) <= 1
        assert len(counts) == 10


def test_what_one_pass_leaves_out_the_next_ones_draw(unequal: Path, tokenizer: Language) -> None:
    drawn = passes(unequal, tokenizer, 9, balance=0.0)  # 50 of 90 a pass: 450 are five times all
    counts = Counter(name for names in drawn for name in names if name.startswith("large"))
    assert set(counts.values()) == {5}
    assert len(counts) == 90


def test_a_share_of_each_source(unequal: Path, tokenizer: Language) -> None:
    (names, again) = passes(unequal, tokenizer, 2, share=0.2)
    assert Counter(name[:5] for name in names) == {"large": 18, "small": 2}
    assert sorted(names) == sorted(again)


@pytest.mark.parametrize("settings", [{"balance": -0.1}, {"balance": 1.5}, {"share": 0.0}, {"share": 2.0}])
def test_settings_out_of_range_are_refused(unequal: Path, tokenizer: Language, settings: dict[str, float]) -> None:
    (name,) = settings
    with pytest.raises(ValueError, match=rf"bellwether\.Corpus\.v1: {name} must be "):
        passes(unequal, tokenizer, 1, **settings)


def test_a_missing_corpus_says_which_step_makes_it(tmp_path: Path, tokenizer: Language) -> None:
    with pytest.raises(FileNotFoundError, match=r"x\.spacy: no such corpus file; run the step 'convert' first"):
        list(GoldCorpus(tmp_path / "x.spacy")(tokenizer))


@given(st.lists(st.sampled_from([None, [], ["ORG"], ALL]), max_size=6))
def test_no_doc_is_ever_left_out(
    tmp_path_factory: pytest.TempPathFactory, tokenizer: Language, layers: list[list[str] | None]
) -> None:
    path = tmp_path_factory.mktemp("readers") / "x.spacy"
    docs = [gold(tokenizer, asked, f"d{number}") for number, asked in enumerate(layers)]
    found = read(path, tokenizer, docs, ner_labels=["ORG"], shuffle_seed=1)
    assert sorted(example.reference._.record_id for example in found) == sorted(doc._.record_id for doc in docs)


def test_labels_of_the_finance_domain(domain: Domain) -> None:
    path = ROOT / "configs" / "finance.yml"
    read_labels = registry.readers.get("bellwether.DomainLabels.v1")
    assert read_labels(path, "ner") == domain.recogniser_labels
    assert read_labels(str(path), "sentiment") == domain.labels_of("sentiment")
    assert read_labels(path, "category") == domain.labels_of("category")


def test_an_unknown_layer_names_those_there_are(tmp_path: Path) -> None:
    path = tmp_path / "domain.yml"
    srsly.write_yaml(path, {"entities": {}, "classifiers": {"tone": {"labels": {}}}})
    with pytest.raises(ValueError, match=r"domain\.yml: unknown layer 'mood'; there are ner, tone"):
        read_domain_labels(path, "mood")
