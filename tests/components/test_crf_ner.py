"""`crf_ner`: partial labels, probabilities, and all that spaCy expects of a trainable component."""

import pickle
from pathlib import Path
from typing import Any

import numpy
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.training import Example

from bellwether import heads
from bellwether.bilou import allowed_ends, allowed_pairs, allowed_starts, count_tags
from bellwether.crf_ner import CrfRecognizer
from tests.components.heads import train

SENTENCES = [
    ("Norvane Oyj bought Halden in Turku .", [(0, 2, "ORG"), (3, 4, "ORG"), (5, 6, "LOC")]),
    ("Halden opened a plant in Oslo .", [(0, 1, "ORG"), (5, 6, "LOC")]),
    ("Shares of Norvane Oyj fell in Oslo .", [(2, 4, "ORG"), (6, 7, "LOC")]),
    ("In Turku the price of oil rose .", [(1, 2, "LOC")]),
    ("The price of oil fell .", []),
]


def make_example(
    nlp: Language, text: str, ents: list[tuple[int, int, str]] | None, asked: list[str] | None = None
) -> Example:
    """Gold entities in tokens; None: nothing is known."""
    reference = Doc(nlp.vocab, words=text.split())
    if ents is not None:
        reference.set_ents([Span(reference, *ent) for ent in ents], default="outside")
    if asked is not None:
        reference._.layers = {"ner": asked}
    return Example(Doc(nlp.vocab, words=text.split()), reference)


def make_examples(nlp: Language) -> list[Example]:
    return [make_example(nlp, text, ents) for text, ents in SENTENCES]


def new_pipeline(**settings: Any) -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("crf_ner", config=settings)
    return nlp


@pytest.fixture(scope="module")
def trained() -> Language:
    nlp = new_pipeline()
    train(nlp, make_examples(nlp), steps=60)
    return nlp


def entities(doc: Doc) -> list[tuple[int, int, str]]:
    return [(ent.start, ent.end, ent.label_) for ent in doc.ents]


def recognizer(nlp: Language) -> CrfRecognizer:
    pipe = nlp.get_pipe("crf_ner")
    assert isinstance(pipe, CrfRecognizer)
    return pipe


def run(nlp: Language, text: str) -> Doc:
    return nlp(Doc(nlp.vocab, words=text.split()))


def test_learns_and_scores(trained: Language) -> None:
    for text, gold in SENTENCES:
        assert entities(run(trained, text)) == gold
    scores = trained.evaluate(make_examples(trained))
    assert scores["ents_f"] == 1.0


def test_every_entity_has_a_probability(trained: Language) -> None:
    doc = run(trained, SENTENCES[0][0])
    assert all(0.5 < ent._.score <= 1.0 for ent in doc.ents)


def test_temperature_makes_it_less_sure_and_is_stored(trained: Language, tmp_path: Path) -> None:
    trained.to_disk(tmp_path)
    nlp = spacy.load(tmp_path)
    recognizer(nlp).temperature = 3.0
    nlp.to_disk(tmp_path)
    softer = run(spacy.load(tmp_path), SENTENCES[0][0])
    for before, after in zip(run(trained, SENTENCES[0][0]).ents, softer.ents, strict=True):
        assert after._.score < before._.score


def test_threshold_leaves_out_what_is_unsure(trained: Language, tmp_path: Path) -> None:
    trained.to_disk(tmp_path)
    nlp = spacy.load(tmp_path)
    scores = [ent._.score for ent in run(nlp, SENTENCES[0][0]).ents]
    recognizer(nlp).cfg["threshold"] = sum(sorted(scores)[:2]) / 2
    assert len(run(nlp, SENTENCES[0][0]).ents) == 2


def test_a_fitted_threshold_counts_where_none_was_set(trained: Language, tmp_path: Path) -> None:
    trained.to_disk(tmp_path)
    nlp = spacy.load(tmp_path)
    scores = sorted(ent._.score for ent in run(nlp, SENTENCES[0][0]).ents)
    recognizer(nlp).cfg["fitted_threshold"] = sum(scores[:2]) / 2
    nlp.to_disk(tmp_path)
    nlp = spacy.load(tmp_path)
    assert len(run(nlp, SENTENCES[0][0]).ents) == len(scores) - 1
    recognizer(nlp).cfg["threshold"] = 0.0
    assert len(run(nlp, SENTENCES[0][0]).ents) == len(scores)


@pytest.mark.parametrize("settings", [{"threshold": 1.5}, {"threshold": -0.1}, {"loss_weight": 0.0}])
def test_settings_are_checked(settings: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        new_pipeline(**settings)


def test_initialize_without_labels_says_what_to_do() -> None:
    nlp = new_pipeline()
    with pytest.raises(ValueError, match="list the labels"):
        nlp.initialize(lambda: [make_example(nlp, "The price fell .", [])])


@pytest.mark.parametrize("labels", [1, 2, 5])
def test_paths_are_valid_bilou(labels: int) -> None:
    names = ["O", *(f"{action}-{index}" for index in range(labels) for action in "BILU")]
    assert len(names) == count_tags(labels)
    for row, before in enumerate(names):
        assert allowed_starts(labels)[row] == (before[0] in "OBU")
        assert allowed_ends(labels)[row] == (before[0] in "OLU")
        for column, after in enumerate(names):
            valid = after[0] in "IL" and after[1:] == before[1:] if before[0] in "BI" else after[0] in "OBU"
            assert allowed_pairs(labels)[row, column] == valid


def allowed_names(nlp: Language, example: Example) -> list[set[str]]:
    pipe = recognizer(nlp)
    names = numpy.array(["O", *(f"{action}-{label}" for label in pipe.labels for action in "BILU")])
    return [set(names[row]) for row in pipe.read_gold(example)]


def test_gold_of_a_partly_labelled_doc(trained: Language) -> None:
    """Asked for LOC only: a token outside may be an ORG; unknown tokens may be anything; other labels are O."""
    everything = {"O", *(f"{action}-{label}" for label in ("ORG", "LOC") for action in "BILU")}
    org_or_nothing = {name for name in everything if not name.endswith("LOC")}
    example = make_example(trained, "Halden opened in Oslo", [(3, 4, "LOC")], asked=["LOC"])
    assert allowed_names(trained, example) == [org_or_nothing, org_or_nothing, org_or_nothing, {"U-LOC"}]
    full = make_example(trained, "Halden opened in Oslo", [(3, 4, "LOC")])
    assert allowed_names(trained, full)[0] == {"O"}
    assert allowed_names(trained, make_example(trained, "Halden opened", None)) == [everything, everything]
    other = make_example(trained, "It paid $5m", [(2, 3, "MONEY")], asked=["MONEY", "LOC"])
    assert allowed_names(trained, other) == [org_or_nothing, org_or_nothing, {"O"}]


def test_labels_that_were_not_asked_for_are_learnt_elsewhere() -> None:
    """Half of the docs are labelled for ORG only, the other half for LOC only; together they teach both."""
    nlp = new_pipeline()
    examples = []
    for text, ents in SENTENCES:
        for label in ("ORG", "LOC"):
            examples.append(make_example(nlp, text, [ent for ent in ents if ent[2] == label], asked=[label]))
    train(nlp, examples, steps=60)
    for text, gold in SENTENCES:
        assert entities(run(nlp, text)) == gold


def test_unknown_docs_change_neither_loss_nor_gradient(trained: Language) -> None:
    pipe = recognizer(trained)
    known = make_examples(trained)
    unknown = [make_example(trained, "Halden fell in Oslo", None)]
    loss, gradients = pipe.get_loss(known, pipe.model.predict([example.predicted for example in known]))
    both = known + unknown
    more, more_gradients = pipe.get_loss(both, pipe.model.predict([example.predicted for example in both]))
    assert more == pytest.approx(loss)
    assert not more_gradients[-1].any()
    for before, after in zip(gradients, more_gradients, strict=False):
        numpy.testing.assert_allclose(before, after, atol=1e-6)


def test_scores_do_not_move_when_unknown_docs_are_added(trained: Language) -> None:
    alone = trained.evaluate(make_examples(trained))
    mixed = trained.evaluate([*make_examples(trained), make_example(trained, "Halden fell in Oslo", None)])
    assert mixed["ents_f"] == alone["ents_f"]


def test_gradient_is_that_of_the_loss(trained: Language) -> None:
    pipe = recognizer(trained)
    examples = make_examples(trained)[:2]
    scores = [scores * 0.2 for scores in pipe.model.predict([example.predicted for example in examples])]
    _, gradients = pipe.get_loss(examples, scores)
    tokens = sum(len(example.predicted) for example in examples)
    for row, column in ((0, 0), (1, 2), (3, 4)):
        kept = float(scores[0][row, column])
        scores[0][row, column] = kept + 0.01
        above = pipe.get_loss(examples, scores)[0]
        scores[0][row, column] = kept - 0.01
        below = pipe.get_loss(examples, scores)[0]
        scores[0][row, column] = kept
        # The gradient of the summed loss, times documents by tokens.
        wanted = (above - below) / 0.02 * len(examples)
        assert float(gradients[0][row, column]) == pytest.approx(wanted, abs=2e-3), tokens


def test_add_label_keeps_what_was_learnt(trained: Language, tmp_path: Path) -> None:
    trained.to_disk(tmp_path)
    nlp = spacy.load(tmp_path)
    assert recognizer(nlp).add_label("PERSON") == 1
    assert recognizer(nlp).add_label("PERSON") == 0
    for text, gold in SENTENCES:
        assert [ent for ent in entities(run(nlp, text)) if ent[2] != "PERSON"] == gold
    examples = [*make_examples(nlp), make_example(nlp, "Ilse Marchetti resigned .", [(0, 2, "PERSON")])]
    optimizer = nlp.resume_training()
    for _ in range(60):
        nlp.update(examples, sgd=optimizer)
    assert entities(run(nlp, "Ilse Marchetti resigned .")) == [(0, 2, "PERSON")]
    assert entities(run(nlp, SENTENCES[0][0])) == SENTENCES[0][1]


def test_disk_bytes_and_pickle_keep_the_answers(trained: Language, tmp_path: Path) -> None:
    trained.to_disk(tmp_path)
    copies = [
        spacy.load(tmp_path),
        new_pipeline().from_bytes(trained.to_bytes()),
        pickle.loads(pickle.dumps(trained)),
    ]
    for nlp in copies:
        for text, _ in SENTENCES:
            before, after = run(trained, text), run(nlp, text)
            assert entities(after) == entities(before)
            assert [ent._.score for ent in after.ents] == pytest.approx([ent._.score for ent in before.ents])


@pytest.mark.parametrize("part_tokens", [1, 1024])
def test_batch_equals_singles(trained: Language, part_tokens: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "_PART_TOKENS", part_tokens)
    texts = [text for text, _ in SENTENCES] + ["", "Halden " * 300]
    batch = list(trained.pipe(texts))
    for text, doc in zip(texts, batch, strict=True):
        single = trained(text)
        assert entities(doc) == entities(single)
        assert [ent._.score for ent in doc.ents] == pytest.approx([ent._.score for ent in single.ents], abs=1e-5)


def test_pipe_with_two_processes(trained: Language) -> None:
    texts = [text for text, _ in SENTENCES]
    answers = [[(ent.text, ent._.score) for ent in doc.ents] for doc in trained.pipe(texts)]
    assert [[(ent.text, ent._.score) for ent in doc.ents] for doc in trained.pipe(texts, n_process=2)] == answers


def test_answers_survive_docbin(trained: Language) -> None:
    doc = run(trained, SENTENCES[0][0])
    (again,) = DocBin(docs=[doc], store_user_data=True).get_docs(trained.vocab)
    assert [(ent.text, ent._.score) for ent in again.ents] == [(ent.text, ent._.score) for ent in doc.ents]


def test_keeps_entities_that_are_there(trained: Language) -> None:
    doc = Doc(trained.vocab, words=SENTENCES[0][0].split())
    doc.set_ents([Span(doc, 4, 6, label="EVENT")])
    assert entities(trained(doc)) == [(0, 2, "ORG"), (3, 4, "ORG"), (4, 6, "EVENT")]


def test_frozen_and_sourced_use(trained: Language) -> None:
    nlp = spacy.blank("en", vocab=trained.vocab)
    nlp.add_pipe("crf_ner", source=trained)
    nlp.add_pipe("scoped_textcat", name="tone")
    gold = [("Halden rose", "good"), ("Halden fell", "bad")]
    examples = [Example.from_dict(nlp.make_doc(text), {"cats": {f"tone:{label}": 1.0}}) for text, label in gold]
    with nlp.select_pipes(disable=["crf_ner"]):
        optimizer = nlp.initialize(lambda: examples)
        for _ in range(5):
            nlp.update(examples, sgd=optimizer, exclude=["crf_ner"])
    assert entities(run(nlp, SENTENCES[0][0])) == SENTENCES[0][1]


@pytest.mark.parametrize("temperature", [0.01, 0.3, 2.0, 100.0])
def test_temperature_does_not_change_what_is_found(trained: Language, tmp_path: Path, temperature: float) -> None:
    trained.to_disk(tmp_path)
    nlp = spacy.load(tmp_path)
    recognizer(nlp).temperature = temperature
    for text in [*(text for text, _ in SENTENCES), "Oslo rose in Norvane and the Halden of Turku fell", ""]:
        assert entities(run(nlp, text)) == entities(run(trained, text))


def test_answers_for_calibration(trained: Language, tmp_path: Path) -> None:
    """At any temperature they have the scores that the component would give, and they leave the docs alone."""
    trained.to_disk(tmp_path)
    nlp = spacy.load(tmp_path)
    examples = [*make_examples(nlp), make_example(nlp, "Halden fell in Oslo", None), make_example(nlp, "", [])]
    wrong = make_example(nlp, "Halden opened a plant in Oslo .", [(5, 6, "ORG")])
    not_asked = make_example(nlp, "Halden opened a plant in Oslo .", [(5, 6, "LOC")], asked=["LOC"])
    recognizer(nlp).temperature = 7.0
    answers = recognizer(nlp).read_answers([*examples, wrong, not_asked])
    assert sorted(answers.right) == [False] * 2 + [True] * 9
    assert answers.gold == 10
    assert not any(example.predicted.ents for example in examples)
    for temperature in (1.0, 4.0):
        recognizer(nlp).temperature = temperature
        texts = [*(text for text, _ in SENTENCES), wrong.reference.text]
        scores = [ent._.score for text in texts for ent in run(nlp, text).ents]
        oslo = run(nlp, not_asked.reference.text).ents[1]._.score
        assert sorted(answers.probabilities(temperature)) == pytest.approx(sorted([*scores, oslo]), abs=1e-4)


def test_nothing_to_answer_is_no_error(trained: Language) -> None:
    answers = recognizer(trained).read_answers([make_example(trained, "", [])])
    assert len(answers.right) == len(answers.probabilities(2.0)) == 0
