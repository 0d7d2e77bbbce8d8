"""`entity_sentiment`: two answers in one sentence, missing-aware learning and scoring, and the contract of spaCy."""

import pickle
from pathlib import Path
from typing import Any

import numpy
import pytest
import spacy
from numpy.testing import assert_allclose
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example
from thinc.api import Adam

from bellwether import heads
from bellwether.calibration import HasTemperature, fit_temperature
from bellwether.entity_sentiment import (
    DEFAULT_ENTITY_SENTIMENT_MODEL,
    EntitySentimentClassifier,
    score_entity_sentiment,
)
from bellwether.targets import align_sentiments, copy_targets
from tests.components.heads import train

Targets = list[tuple[int, int, str]]
# Places are in tokens.
SENTENCES: list[tuple[str, Targets]] = [
    ("Norvane rose while Halden fell", [(0, 1, "good"), (3, 4, "bad")]),
    ("Norvane fell while Halden rose", [(0, 1, "bad"), (3, 4, "good")]),
    ("Halden rose while Norvane fell", [(0, 1, "good"), (3, 4, "bad")]),
    ("Carrow Bank beats Halden", [(0, 2, "good"), (3, 4, "bad")]),
    ("Halden beats Carrow Bank", [(0, 1, "good"), (2, 4, "bad")]),
    ("Norvane beats Halden after Halden cuts its outlook", [(0, 1, "good"), (2, 3, "bad"), (4, 5, "bad")]),
]  # fmt: skip
UNSEEN: list[tuple[str, Targets]] = [
    ("Turku rose while Ilmatar fell", [(0, 1, "good"), (3, 4, "bad")]),
    ("Turku fell while Ilmatar rose", [(0, 1, "bad"), (3, 4, "good")]),
    ("Ilmatar beats Turku", [(0, 1, "good"), (2, 3, "bad")]),
]  # fmt: skip


def make_doc(nlp: Language, text: str) -> Doc:
    return Doc(nlp.vocab, words=text.split())


def make_example(nlp: Language, text: str, targets: Targets, *, layer: bool = True, asked: bool = True) -> Example:
    """Gold for one text. layer: whether the doc says that it was annotated. asked: whether the doc that is to be
    annotated has the places of the targets."""
    reference, predicted = make_doc(nlp, text), make_doc(nlp, text)
    if layer:
        reference._.layers = {"entity_sentiment": True}
    reference.spans["targets"] = [Span(reference, start, end, label="TARGET") for start, end, _ in targets]
    for start, end, label in targets:
        reference[start:end]._.sentiment = label
    if asked:
        copy_targets(reference, predicted)
    return Example(predicted, reference)


def make_examples(nlp: Language, sentences: list[tuple[str, Targets]] = SENTENCES) -> list[Example]:
    return [make_example(nlp, text, targets) for text, targets in sentences]


def new_pipeline(**settings: Any) -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_sentiment", config=settings)
    return nlp


@pytest.fixture
def nlp() -> Language:
    return new_pipeline()


@pytest.fixture(scope="module")
def trained() -> Language:
    nlp = new_pipeline()
    train(nlp, make_examples(nlp), steps=30)
    return nlp


def classifier(nlp: Language) -> EntitySentimentClassifier:
    pipe = nlp.get_pipe("entity_sentiment")
    assert isinstance(pipe, EntitySentimentClassifier)
    return pipe


def run(nlp: Language, text: str, ents: list[tuple[int, int, str]]) -> Doc:
    """Annotate a text whose entities another component has found."""
    doc = make_doc(nlp, text)
    doc.set_ents([Span(doc, *ent) for ent in ents])
    return nlp(doc)


def answers(doc: Doc) -> list[str | None]:
    return [ent._.sentiment for ent in doc.ents]


def test_two_entities_of_a_sentence_get_two_answers(trained: Language) -> None:
    doc = run(trained, "Halden rose while Norvane fell", [(0, 1, "ORG"), (3, 4, "ORG")])
    assert answers(doc) == ["good", "bad"]
    assert all(0.5 < ent._.sentiment_score <= 1.0 for ent in doc.ents)
    text = "Ilmatar beats Turku after Turku cuts its outlook"
    assert answers(run(trained, text, [(0, 1, "ORG"), (2, 3, "ORG"), (4, 5, "ORG")])) == ["good", "bad", "bad"]


def test_it_reads_the_context_and_not_the_name(trained: Language) -> None:
    scores = trained.evaluate(make_examples(trained, UNSEEN))
    assert scores["entity_sentiment_accuracy"] == scores["entity_sentiment_macro_f"] == 1.0


def test_the_factory_declares_what_it_reads_and_sets(nlp: Language) -> None:
    meta = nlp.get_factory_meta("entity_sentiment")
    assert meta.assigns == ["span._.sentiment", "span._.sentiment_score"]
    assert meta.default_score_weights["entity_sentiment_macro_f"] == 1.0
    assert nlp.analyze_pipes()["problems"]["entity_sentiment"] == ["doc.ents"]
    nlp.add_pipe("crf_ner", first=True)
    assert nlp.analyze_pipes()["problems"]["entity_sentiment"] == []


def test_labels_come_from_the_gold_or_in_the_order_given(nlp: Language) -> None:
    nlp.initialize(lambda: make_examples(nlp))
    assert classifier(nlp).labels == ("bad", "good")
    assert classifier(nlp).label_data == ["bad", "good"]
    other = new_pipeline()
    classifier(other).initialize(lambda: make_examples(other), nlp=other, labels=["good", "so-so", "bad"])
    assert classifier(other).labels == ("good", "so-so", "bad")


def test_initialize_without_gold_of_its_own_says_what_is_missing(nlp: Language) -> None:
    example = make_example(nlp, *SENTENCES[0], layer=False)
    with pytest.raises(ValueError, match=r"entity_sentiment: needs at least two labels.*layers\['entity_sentiment'\]"):
        nlp.initialize(lambda: [example])


@pytest.mark.parametrize("settings", [{"threshold": 1.5}, {"threshold": -0.1}, {"loss_weight": 0.0}])
def test_settings_are_checked(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        new_pipeline(**settings)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [(0, 2), (1, 3), (3, 4), (4, 5)]),
        ({"entity_labels": ["ORG"]}, [(0, 2), (1, 3), (4, 5)]),
        ({"entity_labels": []}, [(1, 3), (4, 5)]),
        ({"spans_key": None}, [(0, 2), (3, 4)]),
        ({"spans_key": "other"}, [(0, 2), (3, 4)]),
    ],
)  # fmt: skip
def test_which_spans_get_an_answer(settings: dict[str, Any], expected: list[tuple[int, int]]) -> None:
    """Entities of the wanted labels, and the span group; overlapping spans each, equal ones once, empty ones never."""
    nlp = new_pipeline(**settings)
    doc = make_doc(nlp, "Carrow Bank paid $3m on Friday")
    doc.set_ents([Span(doc, 0, 2, "ORG"), Span(doc, 3, 4, "MONEY")])
    doc.spans["targets"] = [Span(doc, 1, 3, "TARGET"), Span(doc, 4, 5, "TARGET"), Span(doc, 4, 5, "X"), doc[5:5]]
    assert classifier(nlp).find_spans(doc) == expected


def test_overlapping_targets_get_an_answer_each(trained: Language) -> None:
    doc = make_doc(trained, "Carrow Bank beats Halden")
    doc.spans["targets"] = [doc[0:2], doc[1:2], doc[0:4]]
    doc = trained(doc)
    assert doc[0:2]._.sentiment == "good"
    assert all(0.0 < span._.sentiment_score <= 1.0 for span in doc.spans["targets"])
    assert doc[3:4]._.sentiment is None


def tokenized_otherwise(nlp: Language) -> Example:
    """The first target is part of a token of the predicted doc; the second aligns."""
    example = make_example(nlp, "Carrow Bank beats Halden", [(1, 2, "good"), (3, 4, "bad")])
    predicted = Doc(nlp.vocab, words=["Carrow Bank", "beats", "Halden"])
    copy_targets(example.reference, predicted)
    return Example(predicted, example.reference)


def test_a_target_that_does_not_align_is_not_learnt_and_counts_as_a_miss(trained: Language) -> None:
    example = tokenized_otherwise(trained)
    assert [(span and (span.start, span.end), label) for span, label in align_sentiments(example)] == [
        (None, "good"),
        ((2, 3), "bad"),
    ]
    scores = numpy.array([[0.9, 0.1]], dtype="f")
    loss, gradient = classifier(trained).get_loss([example], scores)
    assert loss == pytest.approx(-numpy.log(0.9))
    assert gradient.shape == (1, 2)
    nlp = pickle.loads(pickle.dumps(trained))
    assert nlp.update([tokenized_otherwise(nlp)], sgd=nlp.resume_training())["entity_sentiment"] > 0
    example.predicted = trained(example.predicted)
    assert score_entity_sentiment([example])["entity_sentiment_accuracy"] == 0.5


def test_the_gradient_is_that_of_the_loss(nlp: Language) -> None:
    """Finite differences of the summed cross-entropy with respect to the logits."""
    nlp.initialize(lambda: make_examples(nlp))
    pipe = classifier(nlp)
    examples = [*make_examples(nlp)[:2], make_example(nlp, *SENTENCES[2], layer=False)]
    logits = numpy.array([[0.3, -0.7], [1.1, 0.2], [0.4, 0.9], [-0.2, 0.1]])

    def softmax(table: numpy.ndarray) -> numpy.ndarray:
        exponentials = numpy.exp(table)
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    _, gradient = pipe.get_loss(examples, softmax(logits))
    step = 1e-5
    for place in numpy.ndindex(*logits.shape):
        moved = logits.copy()
        moved[place] += step
        up = pipe.get_loss(examples, softmax(moved))[0] * len(logits)
        moved[place] -= 2 * step
        down = pipe.get_loss(examples, softmax(moved))[0] * len(logits)
        assert gradient[place] == pytest.approx((up - down) / (2 * step), abs=1e-4)
    pipe.cfg["loss_weight"] = 0.5
    assert_allclose(pipe.get_loss(examples, softmax(logits))[1], gradient / 2)


def test_docs_without_the_layer_teach_nothing(nlp: Language) -> None:
    """The same step, whether they are in the batch or not."""
    first = nlp
    train(first, make_examples(first), steps=0)
    second = pickle.loads(pickle.dumps(first))
    losses = [first.update(make_examples(first), sgd=first.resume_training())]
    unknown = [make_example(second, *SENTENCES[0], layer=False), make_example(second, "who knows", [])]
    losses.append(second.update([*unknown, *make_examples(second)], sgd=second.resume_training()))
    assert losses[0] == pytest.approx(losses[1])
    for name in ("W", "b"):
        weights = [classifier(nlp).model.get_ref("output_layer").get_param(name) for nlp in (first, second)]
        assert weights[0].any()
        assert_allclose(weights[0], weights[1], atol=1e-6)


def test_a_batch_without_gold_changes_nothing_and_is_no_error(trained: Language) -> None:
    nlp = pickle.loads(pickle.dumps(trained))
    before = classifier(nlp).model.to_bytes()
    optimizer = Adam(0.001, L2=0.0)  # a used one still moves the weights by the gradients of earlier batches
    for text in ("nothing is known", ""):
        losses = nlp.update([make_example(nlp, text, [], layer=False)], sgd=optimizer)
        assert losses == {"entity_sentiment": 0.0}
    assert classifier(nlp).model.to_bytes() == before


def test_an_unknown_gold_label_is_named(trained: Language) -> None:
    nlp = pickle.loads(pickle.dumps(trained))
    with pytest.raises(ValueError, match="'great' is not one of bad, good"):
        nlp.update([make_example(nlp, "Halden rose", [(0, 1, "great")])], sgd=nlp.resume_training())


def shared_pipeline() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec")
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96}
    nlp.add_pipe("scoped_textcat", name="tone", config={
        "model": {"@architectures": "bellwether.PooledClassifier.v1", "tok2vec": listener}
    })  # fmt: skip
    nlp.add_pipe("entity_sentiment", config={
        "model": {"@architectures": "bellwether.SpanClassifier.v1", "tok2vec": listener}
    })  # fmt: skip
    return nlp


def toned(nlp: Language) -> list[Example]:
    """Gold for the other head."""
    gold = {"profit rose": "good", "profit fell": "bad"}
    return [Example.from_dict(make_doc(nlp, text), {"cats": {f"tone:{label}": 1.0}}) for text, label in gold.items()]


def test_heads_that_share_an_encoder_learn_from_docs_of_their_own(tmp_path: Path) -> None:
    nlp = shared_pipeline()
    train(nlp, [*make_examples(nlp), *toned(nlp)], steps=40)
    scores = nlp.evaluate([*make_examples(nlp), *toned(nlp)])
    assert scores["entity_sentiment_accuracy"] == scores["tone_accuracy"] == 1.0
    nlp.to_disk(tmp_path)
    loaded = spacy.load(tmp_path)
    assert loaded.evaluate(make_examples(loaded, UNSEEN))["entity_sentiment_accuracy"] is not None
    docs = list(loaded.pipe([example.predicted for example in make_examples(loaded)], batch_size=2))
    assert [span._.sentiment for span in docs[0].spans["targets"]] == ["good", "bad"]


def test_the_last_listener_lets_the_encoder_learn_whatever_its_own_gold(nlp: Language) -> None:
    """It runs the encoder's backward pass, so the other head's gradient depends on it."""
    nlp = shared_pipeline()
    train(nlp, [*make_examples(nlp), *toned(nlp)], steps=3)
    encoder = nlp.get_pipe("tok2vec").model
    nlp.update(toned(nlp), sgd=False)
    gradients = [node.get_grad(name) for node in encoder.walk() for name in node.grad_names if node.has_grad(name)]
    assert any(gradient.any() for gradient in gradients)


def test_scores_by_hand(nlp: Language) -> None:
    examples = []
    for gold, answer in zip("aabc", ["a", "b", "b", None], strict=True):
        example = make_example(nlp, "Halden rose", [(0, 1, gold)])
        example.predicted[0:1]._.sentiment = answer
        examples.append(example)
    unknown = make_example(nlp, "Halden rose", [(0, 1, "a")], layer=False)
    unknown.predicted[0:1]._.sentiment = "b"
    scores = score_entity_sentiment([*examples, unknown])
    assert set(scores) == {f"entity_sentiment_{key}" for key in ("accuracy", "macro_f", "f_per_type")}
    assert scores["entity_sentiment_accuracy"] == 0.5
    assert scores["entity_sentiment_macro_f"] == pytest.approx((2 / 3 + 2 / 3 + 0.0) / 3)
    assert scores["entity_sentiment_f_per_type"]["b"] == {"p": 0.5, "r": 1.0, "f": pytest.approx(2 / 3)}
    assert scores["entity_sentiment_f_per_type"]["c"] == {"p": 0.0, "r": 0.0, "f": 0.0}
    assert set(score_entity_sentiment([unknown]).values()) == {None}
    assert set(score_entity_sentiment([make_example(nlp, "Halden rose", [])]).values()) == {None}


def test_the_score_does_not_depend_on_a_recogniser(trained: Language) -> None:
    """Without entities and without targets to answer for, every gold target is a miss."""
    asked = [make_example(trained, *sentence) for sentence in SENTENCES]
    unasked = [make_example(trained, *sentence, asked=False) for sentence in SENTENCES]
    assert trained.evaluate(asked)["entity_sentiment_accuracy"] == 1.0
    assert trained.evaluate(unasked)["entity_sentiment_accuracy"] == 0.0


def test_threshold_turns_an_unsure_answer_into_none(trained: Language) -> None:
    nlp = pickle.loads(pickle.dumps(trained))
    ents = [(0, 1, "ORG"), (3, 4, "ORG")]
    scores = [ent._.sentiment_score for ent in run(nlp, SENTENCES[0][0], ents).ents]
    classifier(nlp).cfg["threshold"] = 1.0
    doc = run(nlp, SENTENCES[0][0], ents)
    assert answers(doc) == [None, None]
    assert [ent._.sentiment_score for ent in doc.ents] == pytest.approx(scores)
    assert nlp.evaluate(make_examples(nlp))["entity_sentiment_accuracy"] == 0.0


def test_temperature_makes_it_less_sure_in_the_same_order_and_is_stored(trained: Language, tmp_path: Path) -> None:
    nlp = pickle.loads(pickle.dumps(trained))
    classifier(nlp).temperature = 3.0
    nlp.to_disk(tmp_path)
    softer = spacy.load(tmp_path)
    assert classifier(softer).temperature == 3.0
    for example, other in zip(make_examples(trained), make_examples(softer), strict=True):
        before, after = trained(example.predicted).spans["targets"], softer(other.predicted).spans["targets"]
        for first, second in zip(before, after, strict=True):
            odds = [span._.sentiment_score / (1 - span._.sentiment_score) for span in (first, second)]
            assert second._.sentiment == first._.sentiment
            assert numpy.log(odds[1]) == pytest.approx(numpy.log(odds[0]) / 3, rel=1e-2)
    with pytest.raises(ValueError, match="entity_sentiment: temperature"):
        classifier(nlp).temperature = 0.0


def test_it_can_be_calibrated(trained: Language) -> None:
    pipe = classifier(trained)
    assert isinstance(pipe, HasTemperature)
    wrong = make_example(trained, "Halden rose", [(0, 1, "bad")])
    unknown = make_example(trained, "Halden rose", [(0, 1, "great")])
    found = pipe.read_answers([*make_examples(trained), wrong, unknown])
    assert found.right.tolist() == [True] * 13 + [False]
    nothing = pipe.read_answers([make_example(trained, "Halden rose", [], layer=False)])
    assert fit_temperature([found, nothing]).answers == 14
    assert fit_temperature([pipe.read_answers([*make_examples(trained) * 5, *[wrong] * 20])]).temperature > 1.5


def test_add_label_grows_an_output_and_keeps_what_was_learnt(trained: Language) -> None:
    nlp = pickle.loads(pickle.dumps(trained))
    pipe = classifier(nlp)
    assert pipe.add_label("so-so") == 1
    assert pipe.add_label("so-so") == 0
    assert pipe.labels == ("bad", "good", "so-so")
    assert nlp.evaluate(make_examples(nlp))["entity_sentiment_accuracy"] == 1.0
    examples = make_examples(nlp, [*SENTENCES, ("Halden stayed flat", [(0, 1, "so-so")])])
    optimizer = nlp.resume_training()
    for _ in range(40):
        nlp.update(examples, sgd=optimizer)
    assert answers(run(nlp, "Halden stayed flat", [(0, 1, "ORG")])) == ["so-so"]
    assert nlp.evaluate(make_examples(nlp))["entity_sentiment_accuracy"] == 1.0


def assert_same_answers(first: Language, second: Language) -> None:
    for text, targets in SENTENCES:
        ents = [(start, end, "ORG") for start, end, _ in targets]
        docs = [run(nlp, text, ents) for nlp in (first, second)]
        assert answers(docs[0]) == answers(docs[1])
        first_scores, second_scores = ([ent._.sentiment_score for ent in doc.ents] for doc in docs)
        assert_allclose(first_scores, second_scores, atol=1e-6)


def test_disk_bytes_pickle_and_source_keep_the_answers(trained: Language, tmp_path: Path) -> None:
    trained.to_disk(tmp_path)
    assert_same_answers(trained, spacy.load(tmp_path))
    assert_same_answers(trained, pickle.loads(pickle.dumps(trained)))
    fresh = spacy.util.get_lang_class("en").from_config(trained.config)
    assert_same_answers(trained, fresh.from_bytes(trained.to_bytes()))
    sourced = spacy.blank("en")
    sourced.add_pipe("entity_sentiment", source=trained)
    assert_same_answers(trained, sourced)


def test_a_frozen_head_keeps_its_answers(trained: Language) -> None:
    nlp = pickle.loads(pickle.dumps(trained))
    nlp.add_pipe("scoped_textcat", name="tone")
    nlp.get_pipe("tone").initialize(lambda: toned(nlp), nlp=nlp)
    with nlp.select_pipes(disable=["entity_sentiment"]):
        nlp.update(toned(nlp), sgd=nlp.resume_training())
    assert_same_answers(trained, nlp)


def make_mixed_docs(nlp: Language) -> list[Doc]:
    docs = [example.predicted for example in make_examples(nlp)]
    return [*docs[:2], Doc(nlp.vocab), *docs[2:], make_doc(nlp, "no entity here"), Doc(nlp.vocab)]


def scores_of(doc: Doc) -> list[float]:
    return [span._.sentiment_score for span in doc.spans.get("targets", ())]


@pytest.mark.parametrize("part_tokens", [1, 1024])
def test_a_batch_equals_its_singles_and_docs_without_entities_stay_as_they_are(
    trained: Language, part_tokens: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "_PART_TOKENS", part_tokens)
    batch = list(trained.pipe(make_mixed_docs(trained)))
    for doc, single in zip(batch, make_mixed_docs(trained), strict=True):
        assert_allclose(scores_of(doc), scores_of(trained(single)), atol=1e-5)
    assert "bellwether" not in batch[-2].user_data
    assert "bellwether" not in batch[-1].user_data
    assert [len(doc) for doc in trained.pipe(["", ""])] == [0, 0]


def test_two_processes(trained: Language) -> None:
    expected = [scores_of(doc) for doc in trained.pipe(make_mixed_docs(trained))]
    found = [scores_of(doc) for doc in trained.pipe(make_mixed_docs(trained), n_process=2, batch_size=3)]
    assert list(map(len, found)) == list(map(len, expected))
    for first, second in zip(found, expected, strict=True):
        assert_allclose(first, second, atol=1e-5)


def test_a_doc_of_5000_tokens(trained: Language) -> None:
    text = "Norvane rose while Halden fell " * 1000
    ents = [(place, place + 1, "ORG") for sentence in range(0, 5000, 250) for place in (sentence, sentence + 3)]
    doc = run(trained, text, ents)
    assert len(doc) == 5000
    assert answers(doc) == ["good", "bad"] * 20


def test_answers_survive_docbin(trained: Language) -> None:
    doc = run(trained, SENTENCES[0][0], [(0, 1, "ORG"), (3, 4, "ORG")])
    data = DocBin(docs=[doc], store_user_data=True).to_bytes()
    restored = next(iter(DocBin().from_bytes(data).get_docs(trained.vocab)))
    assert answers(restored) == ["good", "bad"]
    assert restored.ents[0]._.sentiment_score == doc.ents[0]._.sentiment_score


def test_ngrams_beside_the_encoder(tmp_path: Path) -> None:
    model = {
        **DEFAULT_ENTITY_SENTIMENT_MODEL,
        "ngrams": {"@architectures": "bellwether.SpanNgramClassifier.v1", "rows": 2048},
    }
    nlp = new_pipeline(model=model, ngram_weight=0.5)
    train(nlp, make_examples(nlp), steps=60)
    for sentences in (SENTENCES, UNSEEN):
        assert nlp.evaluate(make_examples(nlp, sentences))["entity_sentiment_accuracy"] == 1.0
    answers = classifier(nlp).read_answers(make_examples(nlp, UNSEEN))
    assert answers.opinions.shape == (2, 6, 2)
    nlp.to_disk(tmp_path)
    again = spacy.load(tmp_path)
    doc = nlp.get_pipe("entity_sentiment")(make_example(nlp, *UNSEEN[0]).predicted)
    other = again.get_pipe("entity_sentiment")(make_example(again, *UNSEEN[0]).predicted)
    assert other[0:1]._.sentiment_score == pytest.approx(doc[0:1]._.sentiment_score, abs=1e-6)
    assert doc[0:1]._.sentiment == "good"
    classifier(nlp).add_label("flat")
    optimizer = nlp.resume_training()
    examples = [*make_examples(nlp), make_example(nlp, "Norvane stagnates", [(0, 1, "flat")])]
    for _ in range(60):
        nlp.update(examples, sgd=optimizer)
    assert nlp.evaluate(examples)["entity_sentiment_accuracy"] == 1.0
    assert not classifier(nlp).predict([nlp.make_doc("no target")]).probabilities.size
