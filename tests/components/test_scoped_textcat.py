"""`scoped_textcat`: a namespace of its own, missing-aware learning and scoring.

And all that spaCy expects of a trainable component.
"""

import pickle

import numpy
import pytest
import spacy
import srsly
from spacy.language import Language
from spacy.tokens import DocBin
from spacy.training import Example
from spacy.util import registry

from bellwether.scoped_textcat import (
    ScopedTextCategorizer,
    best_labels,
    gold_label,
    make_scoped_textcat,
    score_scoped_textcat,
)
from tests.components.heads import TOK2VEC

TONE = [("profit rose", "good"), ("loss grew", "bad"), ("profit grew", "good"), ("loss rose", "bad")]
TOPIC = [
    ("the oil price", "energy"),
    ("the bank lends", "finance"),
    ("an oil well", "energy"),
    ("a bank pays", "finance"),
]


def make_examples(nlp: Language, tone=(), topic=(), unlabelled=()) -> list[Example]:
    """One Example a text, with gold for one classifier only."""
    examples = []
    for name, table in (("tone", tone), ("topic", topic)):
        for text, label in table:
            examples.append(Example.from_dict(nlp.make_doc(text), {"cats": {f"{name}:{label}": 1.0}}))
    return examples + [Example.from_dict(nlp.make_doc(text), {}) for text in unlabelled]


@pytest.fixture
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("scoped_textcat", name="tone")
    nlp.add_pipe("scoped_textcat", name="topic")
    return nlp


def train(nlp: Language, examples: list[Example], steps: int = 40) -> None:
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(steps):
        nlp.update(examples, sgd=optimizer)


@pytest.fixture(scope="module")
def trained() -> Language:
    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("scoped_textcat", name="tone")
    nlp.add_pipe("scoped_textcat", name="topic")
    train(nlp, make_examples(nlp, TONE, TOPIC))
    return nlp


def test_two_exclusive_heads_share_one_pipeline_and_one_training(trained):
    doc = trained("oil profit grew")
    assert set(doc.cats) == {"tone:good", "tone:bad", "topic:energy", "topic:finance"}
    assert doc._.tone == "good"
    assert doc._.topic == "energy"
    assert doc._.tone_score == pytest.approx(doc.cats["tone:good"])
    assert doc.cats["tone:good"] + doc.cats["tone:bad"] == pytest.approx(1.0, abs=1e-5)
    scores = trained.evaluate(make_examples(trained, TONE, TOPIC))
    assert scores["tone_macro_f"] == scores["topic_macro_f"] == 1.0


def test_factory_is_an_entry_point_and_declares_what_it_sets():
    assert registry._entry_point_factories.get("scoped_textcat") is make_scoped_textcat
    nlp = spacy.blank("en")
    nlp.add_pipe("scoped_textcat")
    meta = nlp.get_factory_meta("scoped_textcat")
    assert meta.assigns == ["doc.cats"]
    assert meta.default_score_weights["scoped_textcat_macro_f"] == 1.0
    assert not nlp.analyze_pipes()["problems"]["scoped_textcat"]


def test_initialize_takes_labels_of_its_own_namespace_only(nlp):
    nlp.initialize(lambda: make_examples(nlp, TONE, TOPIC))
    assert nlp.get_pipe("tone").labels == ("bad", "good")
    assert nlp.get_pipe("topic").labels == ("energy", "finance")
    assert nlp.get_pipe("tone").label_data == ["bad", "good"]


def test_initialize_keeps_the_order_of_given_labels(nlp):
    examples = make_examples(nlp, TONE)
    nlp.get_pipe("tone").initialize(lambda: examples, nlp=nlp, labels=["good", "bad", "so-so"])
    assert nlp.get_pipe("tone").labels == ("good", "bad", "so-so")


def test_initialize_without_gold_of_its_own_says_what_is_missing(nlp):
    with pytest.raises(ValueError, match=r"tone.*at least two labels.*tone:LABEL"):
        nlp.initialize(lambda: make_examples(nlp, topic=TOPIC))


@pytest.mark.parametrize(
    "cats", [{"tone:good": 1.0, "tone:bad": 1.0}, {"tone:good": 0.5}, {"tone:good": 0.0, "tone:bad": 0.0}]
)
def test_gold_must_be_exactly_one_label(nlp, cats):
    doc = nlp.make_doc("profit rose")
    doc.cats.update(cats)
    with pytest.raises(ValueError, match="exactly one label"):
        gold_label(doc, "tone")


def test_gold_of_another_classifier_is_no_gold(nlp):
    doc = nlp.make_doc("profit rose")
    doc.cats["topic:energy"] = 1.0
    assert gold_label(doc, "tone") is None


def test_unknown_gold_label_is_named(nlp):
    nlp.initialize(lambda: make_examples(nlp, TONE, TOPIC))
    examples = make_examples(nlp, tone=[("profit rose", "great")])
    with pytest.raises(ValueError, match="'great' is not one of bad, good"):
        nlp.update(examples, sgd=nlp.create_optimizer())


def test_loss_ignores_docs_without_gold(nlp):
    """An unlabelled doc adds nothing to the loss, and its row of the gradient is zero."""
    nlp.initialize(lambda: make_examples(nlp, TONE, TOPIC))
    pipe = nlp.get_pipe("tone")
    labelled = make_examples(nlp, TONE)
    mixed = labelled + make_examples(nlp, topic=TOPIC, unlabelled=["nothing known"])
    scores = pipe.predict([example.predicted for example in mixed])
    loss_labelled, gradient_labelled = pipe.get_loss(labelled, scores[: len(labelled)])
    loss_mixed, gradient_mixed = pipe.get_loss(mixed, scores)
    assert loss_mixed == pytest.approx(loss_labelled)
    numpy.testing.assert_allclose(gradient_mixed[: len(labelled)], gradient_labelled)
    assert not gradient_mixed[len(labelled) :].any()
    assert pipe.get_loss(mixed[len(labelled) :], scores[len(labelled) :])[0] == 0.0


def test_gradient_is_that_of_the_loss(nlp):
    """Finite differences of the summed cross-entropy with respect to the logits."""
    nlp.initialize(lambda: make_examples(nlp, TONE, TOPIC))
    pipe = nlp.get_pipe("tone")
    examples = make_examples(nlp, TONE[:2], unlabelled=["unknown"])
    logits = numpy.array([[0.3, -0.7], [1.1, 0.2], [0.4, 0.9]])

    def softmax(table):
        exponentials = numpy.exp(table)
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    _, gradient = pipe.get_loss(examples, softmax(logits).astype("f"))
    step = 1e-4
    for row in range(3):
        for column in range(2):
            moved = logits.copy()
            moved[row, column] += step
            up = pipe.get_loss(examples, softmax(moved))[0] * 2
            moved[row, column] -= 2 * step
            down = pipe.get_loss(examples, softmax(moved))[0] * 2
            assert gradient[row, column] == pytest.approx((up - down) / (2 * step), abs=1e-3)


def test_scores_do_not_move_when_docs_without_the_layer_are_added(trained):
    def scores(examples):
        for example in examples:
            example.predicted = trained(example.reference.text)
        return score_scoped_textcat(examples, name="tone")

    alone = scores(make_examples(trained, [*TONE, ("profit fell", "bad")]))
    mixed = scores(make_examples(trained, [*TONE, ("profit fell", "bad")], TOPIC, ["who knows", "not me"]))
    assert mixed == alone
    assert alone["tone_accuracy"] is not None


def test_scores_are_none_where_nothing_is_annotated(trained):
    scores = score_scoped_textcat(make_examples(trained, topic=TOPIC), name="tone")
    assert set(scores.values()) == {None}


def test_scores_by_hand():
    nlp = spacy.blank("en")
    gold = ["a", "a", "b", "c"]
    answers = ["a", "b", "b", "b"]
    examples = []
    for truth, answer in zip(gold, answers, strict=True):
        example = Example.from_dict(nlp.make_doc("x"), {"cats": {f"k:{truth}": 1.0}})
        example.predicted.cats = {f"k:{label}": 0.8 if label == answer else 0.1 for label in "abc"}
        examples.append(example)
    scores = score_scoped_textcat(examples, name="k")
    assert scores["k_accuracy"] == 0.5
    assert scores["k_f_per_type"]["b"] == {"p": pytest.approx(1 / 3), "r": 1.0, "f": pytest.approx(0.5)}
    assert scores["k_macro_f"] == pytest.approx((2 / 3 + 0.5 + 0.0) / 3)
    unsure = score_scoped_textcat(examples, name="k", threshold=0.9)
    assert unsure["k_accuracy"] == 0.0
    assert unsure["k_f_per_type"]["b"]["p"] == 0.0


def test_threshold_turns_an_unsure_answer_into_none(trained, tmp_path):
    trained.to_disk(tmp_path)
    sure = spacy.load(tmp_path, config={"components": {"tone": {"threshold": 0.0}}})
    sure.get_pipe("tone").cfg["threshold"] = 1.0
    doc = sure("profit or loss")
    assert doc._.tone is None
    assert 0.0 < doc._.tone_score < 1.0
    assert "tone" not in best_labels(doc)
    assert doc._.topic is not None


@pytest.mark.parametrize("settings", [{"threshold": 1.5}, {"threshold": -0.1}, {"loss_weight": 0.0}])
def test_settings_are_checked(settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        spacy.blank("en").add_pipe("scoped_textcat", name="tone", config=settings)


def test_name_must_not_contain_the_separator():
    with pytest.raises(ValueError, match="parts name and label"):
        spacy.blank("en").add_pipe("scoped_textcat", name="a:b")


def test_add_label_resizes_and_keeps_what_was_learnt(trained):
    nlp = pickle.loads(pickle.dumps(trained))
    before = nlp("profit rose").cats
    assert nlp.get_pipe("tone").add_label("so-so") == 1
    assert nlp.get_pipe("tone").add_label("so-so") == 0
    doc = nlp("profit rose")
    assert set(doc.cats) >= {"tone:so-so"}
    assert doc.cats["tone:good"] == pytest.approx(before["tone:good"], abs=0.05)
    examples = make_examples(nlp, [*TONE, ("it stayed flat", "so-so")] * 2)
    optimizer = nlp.resume_training()
    for _ in range(60):
        nlp.update(examples, sgd=optimizer)
    assert nlp("it stayed flat")._.tone == "so-so"
    assert nlp("profit rose")._.tone == "good"


def assert_same_answers(first: Language, second: Language) -> None:
    for text in ("profit rose at the oil bank", "loss grew"):
        assert first(text).cats == pytest.approx(second(text).cats)
        assert first(text)._.tone == second(text)._.tone


def test_disk_bytes_and_pickle_keep_the_answers(trained, tmp_path):
    trained.to_disk(tmp_path / "pipeline")
    assert_same_answers(trained, spacy.load(tmp_path / "pipeline"))
    fresh = spacy.util.get_lang_class("en").from_config(trained.config).from_bytes(trained.to_bytes())
    assert_same_answers(trained, fresh)
    assert_same_answers(trained, pickle.loads(pickle.dumps(trained)))
    pipe = trained.get_pipe("tone")
    again = ScopedTextCategorizer(
        trained.vocab, spacy.util.get_lang_class("en").from_config(trained.config).get_pipe("tone").model, "tone"
    )
    again.from_bytes(pipe.to_bytes())
    assert again.labels == pipe.labels


def test_batch_equals_singles_and_empty_docs_get_no_answer(trained):
    texts = ["profit rose", "", "loss grew at the bank", "   ", "oil"]
    batch = list(trained.pipe(texts))
    for text, doc in zip(texts, batch, strict=True):
        assert doc.cats == pytest.approx(trained(text).cats, abs=1e-5)
    assert batch[1]._.tone is None
    assert set(batch[1].cats.values()) == {0.0}
    assert [doc._.tone for doc in trained.pipe(["", ""])] == [None, None]


def test_pipe_with_two_processes(trained):
    texts = ["profit rose", "loss grew"] * 3
    docs = list(trained.pipe(texts, n_process=2, batch_size=2))
    assert [doc._.tone for doc in docs] == ["good", "bad"] * 3
    assert [doc.text for doc in docs] == texts


def test_answers_survive_docbin(trained):
    doc = trained("profit rose")
    restored = next(
        DocBin().from_bytes(DocBin([], docs=[doc], store_user_data=True).to_bytes()).get_docs(trained.vocab)
    )
    assert restored._.tone == doc._.tone
    assert restored._.tone_score == pytest.approx(doc._.tone_score)


def test_rehearsal_keeps_old_answers_without_gold(trained):
    nlp = pickle.loads(pickle.dumps(trained))
    optimizer = nlp.resume_training()
    examples = make_examples(nlp, unlabelled=["profit rose", "loss grew"])
    losses = nlp.rehearse(examples, sgd=optimizer)
    assert losses["tone"] == pytest.approx(0.0, abs=1e-6)
    assert nlp("profit rose")._.tone == "good"


def test_rehearsal_with_a_shared_encoder_is_refused_with_a_reason():
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec")
    model = {
        "@architectures": "bellwether.PooledClassifier.v1",
        "tok2vec": {"@architectures": "spacy.Tok2VecListener.v1", "width": 96},
    }
    nlp.add_pipe("scoped_textcat", name="tone", config={"model": model})
    examples = make_examples(nlp, TONE)
    nlp.initialize(lambda: examples)
    nlp.resume_training()
    with pytest.raises(ValueError, match="shared encoder"):
        nlp.rehearse(examples)


def test_frozen_head_keeps_its_answers(trained):
    nlp = pickle.loads(pickle.dumps(trained))
    before = nlp("profit rose").cats["tone:good"]
    optimizer = nlp.resume_training()
    with nlp.select_pipes(disable=["tone"]):
        for _ in range(5):
            nlp.update(make_examples(nlp, topic=TOPIC), sgd=optimizer)
    assert nlp("profit rose").cats["tone:good"] == pytest.approx(before)


def test_sourced_head_answers_as_before(trained):
    nlp = spacy.blank("en")
    nlp.add_pipe("tone", source=trained)
    assert nlp("profit rose").cats["tone:good"] == pytest.approx(trained("profit rose").cats["tone:good"], abs=1e-5)


def tempered_copy(nlp: Language, temperature: float) -> Language:
    copy = pickle.loads(pickle.dumps(nlp))
    for name in ("tone", "topic"):
        copy.get_pipe(name).temperature = temperature
    return copy


@pytest.mark.parametrize("temperature", [0.01, 0.5, 3.0, 100.0])
def test_temperature_changes_how_sure_it_is_and_not_the_answer(trained, temperature):
    texts = [text for text, _ in TONE + TOPIC] + ["oil", "nothing of these", "", "profit loss"]
    tempered = tempered_copy(trained, temperature)
    for before, after in zip(trained.pipe(texts), tempered.pipe(texts), strict=True):
        assert after._.tone == before._.tone
        if not len(before):
            assert not any(after.cats.values())
            continue
        good, bad = (before.cats[f"tone:{label}"] for label in ("good", "bad"))
        assert after.cats["tone:good"] + after.cats["tone:bad"] == pytest.approx(1.0)
        # The same as the softmax of the scores divided by the temperature.
        odds = numpy.log(good / bad) / temperature
        assert after.cats["tone:good"] == pytest.approx(1 / (1 + numpy.exp(-odds)), abs=1e-4)


def test_temperature_survives_saving(trained, tmp_path):
    tempered = tempered_copy(trained, 2.5)
    tempered.to_disk(tmp_path)
    for nlp in (spacy.load(tmp_path), pickle.loads(pickle.dumps(tempered))):
        assert nlp.get_pipe("tone").temperature == 2.5
        assert nlp("oil profit").cats == pytest.approx(tempered("oil profit").cats, abs=1e-6)
    from_bytes = spacy.blank("en")
    for name in ("tone", "topic"):
        from_bytes.add_pipe("scoped_textcat", name=name)
    assert from_bytes.from_bytes(tempered.to_bytes()).get_pipe("topic").temperature == 2.5


def test_a_pipeline_saved_without_a_temperature_loads(trained, tmp_path):
    trained.to_disk(tmp_path)
    for name in ("tone", "topic"):
        path = tmp_path / name / "cfg"
        cfg = srsly.read_json(path)
        del cfg["temperature"]
        srsly.write_json(path, cfg)
    nlp = spacy.load(tmp_path)
    assert nlp.get_pipe("tone").temperature == 1.0
    assert nlp("oil profit").cats == trained("oil profit").cats


def test_temperature_plays_no_part_in_training(trained):
    copies = [tempered_copy(trained, temperature) for temperature in (1.0, 5.0)]
    losses = []
    for nlp in copies:
        optimizer = nlp.resume_training()
        spacy.util.fix_random_seed(0)
        losses.append([nlp.update(make_examples(nlp, TONE, TOPIC), sgd=optimizer) for _ in range(3)])
        for name in ("tone", "topic"):
            nlp.get_pipe(name).temperature = 1.0
    assert losses[0] == losses[1]
    assert copies[0]("oil profit").cats == copies[1]("oil profit").cats


def test_answers_for_calibration(trained):
    """Only docs with gold of its own, at temperature 1 whatever the component's is."""
    nlp = tempered_copy(trained, 4.0)
    examples = make_examples(nlp, [*TONE, ("profit fell", "bad"), ("", "bad")], TOPIC, ["no gold here"])
    answers = nlp.get_pipe("tone").read_answers(examples)
    assert len(answers.gold) == len(TONE) + 1
    assert answers.right[: len(TONE)].all()
    docs = [trained(text) for text in (*(text for text, _ in TONE), "profit fell")]
    assert answers.probabilities(1.0) == pytest.approx([doc._.tone_score for doc in docs], abs=1e-5)
    assert answers.probabilities(4.0) == pytest.approx([nlp(doc.text)._.tone_score for doc in docs], abs=1e-5)
    assert not any(example.predicted.cats for example in examples)
    assert len(nlp.get_pipe("tone").read_answers(make_examples(nlp, (), TOPIC)).right) == 0
    unknown = make_examples(nlp, [("profit fell", "middling")])
    assert len(nlp.get_pipe("tone").read_answers(unknown).right) == 0


NGRAMS = {
    "@architectures": "bellwether.PooledClassifier.v1",
    "tok2vec": TOK2VEC,
    "ngrams": {"@architectures": "bellwether.NgramClassifier.v1", "rows": 512},
}


@pytest.fixture(scope="module")
def with_ngrams() -> Language:
    spacy.util.fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("scoped_textcat", name="tone", config={"model": NGRAMS, "ngram_weight": 0.5})
    train(nlp, make_examples(nlp, TONE, (), ["no gold here"]))
    return nlp


def opinions_of(nlp: Language, text: str) -> numpy.ndarray:
    return nlp.get_pipe("tone").model.predict([nlp.make_doc(text)])[:, 0]


def test_both_opinions_learn_and_their_weight_says_what_the_second_counts(with_ngrams):
    examples = make_examples(with_ngrams, TONE)
    assert with_ngrams.evaluate(examples)["tone_macro_f"] == 1.0
    good = with_ngrams.get_pipe("tone").labels.index("good")
    first, second = opinions_of(with_ngrams, "profit rose")
    assert first[good] > 0.5
    assert second[good] > 0.5
    expected = first * second**0.5
    assert with_ngrams("profit rose").cats["tone:good"] == pytest.approx(expected[good] / expected.sum(), abs=1e-5)
    assert not any(with_ngrams("").cats.values())


def test_each_opinion_has_a_gradient_of_its_own(with_ngrams):
    pipe = with_ngrams.get_pipe("tone")
    examples = make_examples(with_ngrams, TONE[:1], (), ["no gold"])
    scores = numpy.array([[[0.25, 0.75], [0.5, 0.5]], [[0.5, 0.5], [0.5, 0.5]]], dtype="f")
    loss, gradient = pipe.get_loss(examples, scores)
    assert loss == pytest.approx(-(numpy.log(0.75) + numpy.log(0.5)) / 2)
    assert gradient.tolist() == [[[0.25, -0.25], [0.0, 0.0]], [[0.5, -0.5], [0.0, 0.0]]]


def test_a_pipeline_with_ngrams_survives_saving_and_takes_another_label(with_ngrams, tmp_path):
    with_ngrams.to_disk(tmp_path)
    nlp = spacy.load(tmp_path)
    assert nlp("profit grew").cats == pytest.approx(with_ngrams("profit grew").cats, abs=1e-6)
    pipe = nlp.get_pipe("tone")
    pipe.add_label("flat")
    optimizer = nlp.resume_training()
    for _ in range(40):
        nlp.update(make_examples(nlp, [*TONE, ("sales stagnate", "flat")]), sgd=optimizer)
    assert nlp("sales stagnate")._.tone == "flat"
    assert nlp("profit rose")._.tone == "good"
    again = pickle.loads(pickle.dumps(nlp))
    assert again("sales stagnate").cats == pytest.approx(nlp("sales stagnate").cats, abs=1e-6)


def test_answers_for_calibration_can_be_weighed_anew(with_ngrams):
    examples = make_examples(with_ngrams, [("profit fell", "bad"), ("loss", "bad")])
    answers = with_ngrams.get_pipe("tone").read_answers(examples)
    docs = [with_ngrams(example.text) for example in examples]
    assert answers.probabilities(1.0) == pytest.approx([doc._.tone_score for doc in docs], abs=1e-5)
    alone = answers.weighted(0.0).probabilities(1.0)
    assert alone == pytest.approx([opinions_of(with_ngrams, eg.text)[0].max() for eg in examples], abs=1e-5)


def test_a_weight_below_zero_is_named():
    with pytest.raises(ValueError, match="tone: ngram_weight must be at least 0, got -1"):
        spacy.blank("en").add_pipe("scoped_textcat", name="tone", config={"ngram_weight": -1.0})
