"""Targets of a tone: which spans are gold, and what of them a doc that is to be annotated may know."""

from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from bellwether.targets import copy_targets, gold_sentiments

VOCAB = Vocab()


def make_doc() -> Doc:
    return Doc(VOCAB, words=["Carrow", "Bank", "beats", "Halden"])


def gold_docs() -> dict[str, Doc]:
    docs = {name: make_doc() for name in ("layer", "false", "other", "unknown")}
    docs["layer"]._.layers = {"entity_sentiment": True}
    docs["false"]._.layers = {"entity_sentiment": False}
    docs["other"]._.layers = {"sentiment": True}
    for doc in docs.values():
        doc.set_ents([Span(doc, 0, 2, "ORG"), Span(doc, 2, 3, "EVENT")])
        doc.spans["targets"] = [Span(doc, 3, 4, "TARGET"), Span(doc, 0, 2, "TARGET")]
        doc[0:2]._.sentiment, doc[3:4]._.sentiment = "good", "bad"
    return docs


def test_gold_is_every_entity_and_target_with_a_tone_where_the_layer_is() -> None:
    docs = gold_docs()
    found = [(span.start, span.end, label) for span, label in gold_sentiments(docs["layer"])]
    assert found == [(0, 2, "good"), (3, 4, "bad")]
    assert [gold_sentiments(docs[name]) for name in ("false", "other", "unknown")] == [[], [], []]


def test_targets_are_copied_without_tone_and_type() -> None:
    source, doc = gold_docs()["layer"], make_doc()
    copy_targets(source, doc)
    assert [(span.start, span.end, span.label_) for span in doc.spans["targets"]] == [
        (0, 2, "TARGET"),
        (3, 4, "TARGET"),
    ]
    assert [span._.sentiment for span in doc.spans["targets"]] == [None, None]
    assert not doc.has_annotation("ENT_IOB")
    other = make_doc()
    copy_targets(gold_docs()["other"], other)
    assert "targets" not in other.spans


def test_a_target_that_does_not_align_is_left_out() -> None:
    doc = Doc(VOCAB, words=["Carrow", "Bank beats", "Halden"])
    copy_targets(gold_docs()["layer"], doc)
    assert [span.text for span in doc.spans["targets"]] == ["Halden"]
