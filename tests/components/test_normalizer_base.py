"""What every normalizer does with a Doc: alignment, the policy for overlaps, unknown annotation, storage, scoring."""

from decimal import Decimal

import pytest
import spacy
from spacy.tokens import DocBin, Span
from spacy.training import Example

from bellwether import Money, Percent
from bellwether.normalizers.base import Expression, Normalizer
from bellwether.normalizers.money import MoneyNormalizer

TEXT = "Norvane paid $4.2bn in Turku, up 12%."


@pytest.fixture
def nlp():
    nlp = spacy.blank("en")
    nlp.add_pipe("money", config={"scorer": None})
    nlp.add_pipe("percent", config={"scorer": None})
    return nlp


def described(doc):
    return [(ent.text, ent.label_, ent._.value, ent._.source) for ent in doc.ents]


EXPECTED = [
    ("$4.2bn", "MONEY", Money(amount=Decimal("4.2e9"), currency="USD"), "money.symbol_before"),
    ("12%", "PERCENT", Percent(value=Decimal(12), direction="up"), "percent.sign"),
]


def test_works_alone(nlp):
    doc = nlp(TEXT)
    assert described(doc) == EXPECTED
    assert nlp.analyze_pipes()["problems"] == {"money": [], "percent": []}
    assert (nlp.get_pipe("money").labels, nlp.get_pipe("percent").labels) == (("MONEY",), ("PERCENT",))


def test_twice_is_once(nlp):
    doc = nlp(TEXT)
    for _, component in nlp.pipeline:
        doc = component(doc)
    assert described(doc) == EXPECTED


@pytest.mark.parametrize("text", ["", " ", "\n", "no numbers", "$", "🙂", "\u200b"])
def test_nothing_to_find(nlp, text):
    doc = nlp(text)
    assert doc.ents == ()
    assert all(token.ent_iob == 0 for token in doc)


def test_untouched_tokens_keep_what_they_have():
    nlp = spacy.blank("en")
    doc = nlp.make_doc(TEXT)
    doc.set_ents([Span(doc, 0, 1, label="ORG")], outside=[doc[1:2]], default="missing")
    MoneyNormalizer()(doc)
    assert [token.ent_iob for token in doc] == [3, 2, 3, 1, 0, 0, 0, 0, 0, 0, 0]
    assert [ent.label_ for ent in doc.ents] == ["ORG", "MONEY"]


@pytest.mark.parametrize(
    ("overlap", "entities"),
    [
        ("replace", [("Norvane", "ORG"), ("$4.2bn", "MONEY"), ("Turku", "LOC")]),
        ("keep", [("Norvane", "ORG"), ("paid $", "X"), ("4.2bn in", "Y"), ("Turku", "LOC")]),
    ],
)
def test_overlap(overlap, entities):
    nlp = spacy.blank("en")
    doc = nlp.make_doc(TEXT)
    doc.ents = [
        Span(doc, 0, 1, label="ORG", kb_id="Q1", span_id="norvane"),
        Span(doc, 1, 3, label="X", kb_id="Q2", span_id="x"),
        Span(doc, 3, 5, label="Y"),
        Span(doc, 5, 6, label="LOC"),
    ]
    doc.ents[1]._.score = 0.9
    MoneyNormalizer(overlap=overlap)(doc)
    assert [(ent.text, ent.label_) for ent in doc.ents] == entities
    assert (doc.ents[0].kb_id_, doc.ents[0].id_) == ("Q1", "norvane")
    if overlap == "replace":
        assert [token.ent_iob_ for token in doc[1:5]] == ["O", "B", "I", "O"]
        assert (doc.ents[1].kb_id_, doc.ents[1].id_) == ("", "")
        assert doc[1:3]._.score is None


def test_replaced_entity_of_the_same_bounds_loses_its_score():
    nlp = spacy.blank("en")
    doc = nlp.make_doc("$5 fee")
    doc.ents = [Span(doc, 0, 2, label="CARDINAL")]
    doc.ents[0]._.score = 0.9
    MoneyNormalizer()(doc)
    (ent,) = doc.ents
    assert (ent.label_, ent._.score, ent._.source) == ("MONEY", None, "money.symbol_before")


def test_settings_are_checked():
    with pytest.raises(ValueError, match="'overlap' must be one of replace, keep, got 'drop'"):
        MoneyNormalizer(overlap="drop")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a $40m+ deal", "$40m+"),
        ("worth ~$3m now", "~$3m"),
        ("$\u200b5 million", "$\u200b5 million"),
        ("see https://example.com/$5m now", None),
        ("write to EUR5@example.com", None),
    ],
)
def test_alignment(nlp, text, span):
    assert [ent.text for ent in nlp(text).ents] == ([span] if span else [])


class Everything(Normalizer):
    """Finds every other character and the one after it, to test the base alone."""

    def find(self, text):
        for start in range(0, len(text) - 1, 2):
            yield Expression(start, start + 2, Percent(value=Decimal(start)), "test.pair")


def test_expressions_that_share_a_token():
    nlp = spacy.blank("en")
    doc = Everything("everything", label="PAIR")(nlp.make_doc("abcd ef"))
    assert [(ent.text, ent._.value.value) for ent in doc.ents] == [("abcd", 0), ("ef", 4)]


def test_label():
    nlp = spacy.blank("en")
    nlp.add_pipe("money", config={"label": "AMOUNT", "scorer": None})
    assert [ent.label_ for ent in nlp(TEXT).ents] == ["AMOUNT"]


def test_storage(nlp, tmp_path):
    nlp.get_pipe("money").to_disk(tmp_path / "money")
    assert nlp.get_pipe("money").from_disk(tmp_path / "money") is nlp.get_pipe("money")
    nlp.to_disk(tmp_path / "model")
    assert described(spacy.load(tmp_path / "model")(TEXT)) == EXPECTED
    copy = spacy.blank("en")
    copy.add_pipe("money", config={"scorer": None})
    copy.add_pipe("percent", config={"scorer": None})
    assert described(copy.from_bytes(nlp.to_bytes())(TEXT)) == EXPECTED


def test_settings_survive(tmp_path):
    nlp = spacy.blank("en")
    nlp.add_pipe("money", config={"currencies": {"$": "CAD", "£": None}, "overlap": "keep", "scorer": None})
    nlp.to_disk(tmp_path)
    money = spacy.load(tmp_path).get_pipe("money")
    assert (money.currencies["$"], money.currencies["£"], money.currencies["¥"], money.overlap) == (
        "CAD",
        None,
        "JPY",
        "keep",
    )


def test_docbin_keeps_values(nlp):
    stored = DocBin(docs=[nlp(TEXT)], store_user_data=True).to_bytes()
    (doc,) = DocBin().from_bytes(stored).get_docs(spacy.blank("en").vocab)
    assert described(doc) == EXPECTED


@pytest.mark.parametrize("n_process", [1, 2])
def test_batches_equal_singles(nlp, n_process):
    texts = [TEXT, "", "no numbers", "EUR 13.1 mn", TEXT] * 3
    batch = [described(doc) for doc in nlp.pipe(texts, n_process=n_process, batch_size=4)]
    assert batch == [described(nlp(text)) for text in texts]


def test_errors_go_to_the_handler(monkeypatch):
    nlp = spacy.blank("en")
    nlp.add_pipe("money", config={"scorer": None})
    failed = []

    def keep(name, component, docs, error):
        failed.append((name, str(error)))

    nlp.set_error_handler(keep)

    def fail(text):
        raise RuntimeError(text)

    monkeypatch.setattr(nlp.get_pipe("money"), "find", fail)
    assert list(nlp.pipe(["one"])) == []
    assert failed == [("money", "one")]


def test_score():
    nlp = spacy.blank("en")
    component = nlp.add_pipe("money")
    gold = nlp.make_doc("$5m and $6m")
    gold.ents = [Span(gold, 0, 3, label="MONEY"), Span(gold, 4, 7, label="MONEY")]
    gold.ents[0]._.value = Money(amount=Decimal("5e6"), currency="USD")
    gold.ents[1]._.value = Money(amount=Decimal("6e6"), currency="EUR")
    scores = component.score([Example(nlp("$5m and $6m"), gold)])
    assert (scores["money_f"], scores["money_value_accuracy"]) == (1.0, 0.5)
    assert MoneyNormalizer().score([Example(nlp("$5m"), nlp("$5m"))]) == {}
