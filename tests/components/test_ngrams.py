"""`bellwether.NgramClassifier.v1` and `bellwether.SpanNgramClassifier.v1`: what they see, and that they learn it."""

from collections.abc import Iterator
from typing import Any

import numpy
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Model, use_ops

from bellwether.ngrams import (
    REACH,
    Units,
    build_ngram_classifier,
    build_span_ngram_classifier,
    cut_around,
    find_ngrams,
    hash_characters,
    hash_into_rows,
    read_docs,
)
from bellwether.span_architectures import Bounds
from tests.components.heads import train_model

NLP = spacy.blank("en")
TEXTS = ["profit rose", "loss grew", "profit grew", "loss rose"]
TRUTH = numpy.eye(2, dtype="f")[[0, 1, 0, 1]]
HALDEN_WINS = ("Norvane loses to Halden", "Halden beats Norvane", "Halden rose while Norvane fell")
BOTH: Bounds = [[(0, 1), (3, 4)], [(0, 1), (2, 3)], [(0, 1), (3, 4)]]
WINNERS = numpy.eye(2, dtype="f")[[0, 1, 1, 0, 1, 0]]


def train(model: Model, inputs: Any, truth: numpy.ndarray, steps: int = 60) -> Model:
    train_model(model, inputs, truth, steps)
    return model


def make_trained(**settings: Any) -> Model:
    docs = list(NLP.pipe(TEXTS))
    model = build_ngram_classifier(**{"rows": 4096, **settings})
    model.initialize(X=docs, Y=TRUTH)
    return train(model, docs, TRUTH)


TRAINED = make_trained()


def rows_of(text: str, **settings: Any) -> set[int]:
    """The rows of the table that a text reads."""
    model = build_ngram_classifier(**settings)
    words, shortest, longest = (model.attrs[name] for name in ("words", "shortest", "longest"))
    _, of_words, of_characters = read_docs([NLP(text)], words=words > 0, characters=longest > 0)
    found = [*find_ngrams(of_words, 1, words)] if of_words else []
    found += find_ngrams(of_characters, shortest, longest) if of_characters else []
    return set(hash_into_rows(found, 1, model.attrs["rows"])[0].tolist())


@pytest.mark.parametrize("name", ["NgramClassifier", "SpanNgramClassifier"])
def test_a_config_names_it_and_the_data_set_its_shape(name: str) -> None:
    model = registry.resolve({"model": {"@architectures": f"bellwether.{name}.v1", "rows": 64}})["model"]
    assert model.has_dim("nO") is None
    model.initialize(Y=TRUTH)
    assert model.get_param("W").shape == (64, 2)


@pytest.mark.parametrize("settings", [{"longest": 0}, {"words": 0}, {"words": 1, "shortest": 2, "longest": 2}])
def test_it_learns_from_words_and_from_characters_alone(settings: dict[str, Any]) -> None:
    scores = make_trained(**settings).predict(list(NLP.pipe(TEXTS)))
    assert_allclose(scores.sum(axis=1), 1.0, atol=1e-6)
    assert_array_equal(scores.argmax(axis=1), TRUTH.argmax(axis=1))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rows": 0}, "rows must be at least 1"),
        ({"words": -1}, "-1"),
        ({"shortest": 5, "longest": 3}, "shortest 5, longest 3"),
        ({"shortest": 0}, "shortest 0"),
        ({"words": 0, "longest": 0}, "not both 0"),
    ],
)
def test_settings_that_make_no_sense_are_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build_ngram_classifier(**settings)


@pytest.mark.parametrize("settings", [{}, {"words": 0}, {"longest": 0}])
def test_case_spaces_and_the_code_in_a_link_do_not_matter(settings: dict[str, Any]) -> None:
    assert rows_of("Profit ROSE https://t.co/a1", **settings) == rows_of("profit rose https://t.co/ZZ9x", **settings)
    assert rows_of("profit rose", **settings) != rows_of("rose profit", **settings)
    if settings.get("words") == 0:
        assert rows_of("profit \n  rose", **settings) == rows_of("profit rose", **settings)


def test_a_word_is_another_ngram_than_its_characters() -> None:
    assert not rows_of("art", longest=0) & rows_of("art", words=0, shortest=3, longest=3)


@given(st.lists(st.text(max_size=12), max_size=4), st.integers(1, 3), st.integers(0, 2))
def test_ngrams_of_a_batch_are_those_of_its_texts(texts: list[str], shortest: int, more: int) -> None:
    """No run crosses from one text into the next, none is left out, and equal runs have equal hashes."""
    owners = numpy.repeat(numpy.arange(len(texts)), [len(text) for text in texts])
    units = Units(hash_characters(texts), owners)
    found = [pair for batch in find_ngrams(units, shortest, shortest + more) for pair in zip(*batch, strict=True)]
    expected = [
        (row, text[begin : begin + size])
        for size in range(shortest, shortest + more + 1)
        for row, text in enumerate(texts)
        for begin in range(len(text) - size + 1)
    ]
    assert [int(owner) for owner, _ in found] == [owner for owner, _ in expected]
    names = {}
    for (_, hashed), (_, run) in zip(found, expected, strict=True):
        assert names.setdefault(int(hashed), run) == run
    assert len(names) == len({run for _, run in expected})


@given(st.lists(st.sampled_from(["profit rose", "", "loss", " ", "🙂 x", "a" * 50]), max_size=5))
def test_a_batch_equals_its_singles(texts: list[str]) -> None:
    docs = [NLP.make_doc(text) for text in texts]
    batch = TRAINED.predict(docs)
    assert batch.shape == (len(docs), 2)
    for row, doc in zip(batch, docs, strict=True):
        assert_allclose(row, TRAINED.predict([doc])[0], atol=1e-6)


@pytest.mark.parametrize("make", [build_ngram_classifier, build_span_ngram_classifier])
def test_the_gradient_is_that_of_the_loss(make: Any) -> None:
    """Finite differences; the last doc, or span, shares n-grams with the first, one has none."""
    docs = [Doc(NLP.vocab, words=text.split()) for text in ("a b c", "", "a b d e")]
    bounds: Bounds = [[(1, 2)], [], [(1, 2), (3, 4)]]
    inputs: Any = docs if make is build_ngram_classifier else (docs, bounds)
    truth = numpy.eye(2)[[0, 1, 1]]
    with use_ops("numpy", use_blis=False):
        model = make(rows=16, shortest=2, longest=2, scale=1.5)
        model.initialize(Y=truth)
        generator = numpy.random.default_rng(0)
        for name in ("W", "b"):
            model.set_param(name, generator.normal(size=model.get_param(name).shape).astype("f"))
        scores, backprop = model.begin_update(inputs)
        backprop((scores - truth).astype("f"))

        def loss() -> float:
            return float(-numpy.log((model.predict(inputs).astype("float64") * truth).sum(axis=1)).sum())

        for name in ("W", "b"):
            weights, found = model.get_param(name), model.get_grad(name)
            for index in numpy.ndindex(weights.shape):
                before, step = weights[index].copy(), 1e-2
                weights[index] = before + step
                above = loss()
                weights[index] = before - step
                below = loss()
                weights[index] = before
                assert found[index] == pytest.approx((above - below) / (2 * step), abs=2e-3)


def test_more_labels_keep_the_odds_of_the_old_ones_and_can_be_learnt() -> None:
    model = make_trained()
    docs = list(NLP.pipe(TEXTS))
    before = model.predict(docs)
    model = model.attrs["resize_output"](model, 3)
    after = model.predict(docs)
    assert_allclose(after[:, 0] / after[:, 1], before[:, 0] / before[:, 1], rtol=1e-4)
    truth = numpy.eye(3, dtype="f")[[0, 2, 0, 2]]
    assert_array_equal(train(model, docs, truth).predict(docs).argmax(axis=1), [0, 2, 0, 2])
    loaded = build_ngram_classifier(rows=4096).from_bytes(model.to_bytes())
    assert_array_equal(loaded.predict(docs), model.predict(docs))


def make_pairs() -> tuple[list[Doc], Bounds]:
    return list(NLP.pipe(HALDEN_WINS)), BOTH


def test_spans_of_one_text_are_told_apart_by_what_is_before_and_after_them() -> None:
    model = build_span_ngram_classifier(rows=4096)
    model.initialize(Y=WINNERS)
    train(model, make_pairs(), WINNERS)
    docs = [NLP("Kestrel beats Odeon"), NLP("Kestrel loses to Odeon")]
    scores = model.predict((docs, [[(0, 1), (2, 3)], [(0, 1), (3, 4)]]))
    assert_array_equal(scores.argmax(axis=1), [1, 0, 0, 1])


def test_the_words_of_the_spans_play_no_part() -> None:
    model = build_span_ngram_classifier(rows=4096)
    model.initialize(Y=WINNERS)
    train(model, make_pairs(), WINNERS)
    one = model.predict(([NLP("Kestrel beats Odeon")], [[(0, 1), (2, 3)]]))
    longer = model.predict(([NLP("Kestrel Air Lines beats The Odeon")], [[(0, 3), (4, 6)]]))
    assert_array_equal(one, longer)
    unmarked = model.predict(([NLP("Kestrel beats Odeon")], [[(0, 1)]]))
    assert not numpy.allclose(one[0], unmarked[0], atol=1e-4), "another span is more than a word"


@st.composite
def layouts(draw: st.DrawFn) -> tuple[list[tuple[int, int]], int]:
    length = draw(st.integers(1, 120))
    pairs = st.tuples(st.integers(0, length - 1), st.integers(1, 40))
    spans = draw(st.lists(pairs, max_size=6))
    return [(start, min(length, start + size)) for start, size in spans], length


@given(layouts())
def test_pieces_around_a_span_cover_its_surroundings_once(layout: tuple[list[tuple[int, int]], int]) -> None:
    bounds, length = layout
    found = list(cut_around(bounds, length))
    assert len(found) == len(bounds)
    for (start, end), (before, after) in zip(bounds, found, strict=True):
        assert list(_tokens(before)) == list(range(max(0, start - REACH), start))
        assert list(_tokens(after)) == list(range(end, min(length, end + REACH)))
        assert all((piece.start, piece.end) in bounds for piece in [*before, *after] if piece.is_span)


def _tokens(pieces: list[Any]) -> Iterator[int]:
    for piece in pieces:
        yield from range(piece.start, piece.end)


def test_no_spans_no_rows() -> None:
    model = build_span_ngram_classifier(rows=64)
    model.initialize(Y=TRUTH)
    scores, backprop = model.begin_update(([NLP("profit rose"), NLP("")], [[], []]))
    assert scores.shape == (0, 2)
    backprop(scores)
    assert not model.get_grad("W").any()


def test_the_work_for_a_span_does_not_grow_with_its_document() -> None:
    bounds = [(start, start + 2) for start in range(0, 20_000, 5)]
    pieces = sum(len(before) + len(after) for before, after in cut_around(bounds, 20_000))
    assert pieces < 4 * REACH * len(bounds)
