"""`bellwether.SpanClassifier.v1`: its gradient, that a batch equals its singles, and labels that can be added."""

import re
from collections.abc import Callable
from typing import Any

import numpy
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Model, NumpyOps, use_ops

from bellwether import span_architectures
from bellwether.span_architectures import (
    Bounds,
    SpanLayout,
    attend,
    build_span_classifier,
    find_distances,
    first_nearness,
)
from tests.components.heads import TOK2VEC, train_model

NLP = spacy.blank("en")
# Reads each token by itself, whatever stands beside it.
NO_CONTEXT = {
    "@architectures": "spacy.MultiHashEmbed.v2",
    "width": 8,
    "attrs": ["ORTH"],
    "rows": [100],
    "include_static_vectors": False,
}


def make_doc(text: str) -> Doc:
    return Doc(NLP.vocab, words=text.split())


DOCS = [make_doc("Norvane beats Halden"), make_doc("sales fell"), Doc(NLP.vocab), make_doc("no target at all")]
BOUNDS: Bounds = [[(0, 1), (2, 3)], [(0, 2)], [], []]
TRUTH = numpy.eye(3, dtype="f")[[0, 1, 2]]


def make_model(tok2vec: dict[str, Any] = TOK2VEC, **settings: Any) -> Model:
    return build_span_classifier(registry.resolve({"tok2vec": tok2vec})["tok2vec"], **settings)


def make_trained(
    tok2vec: dict[str, Any] = TOK2VEC, truth: numpy.ndarray = TRUTH, docs: list[Doc] = DOCS, bounds: Bounds = BOUNDS
) -> Model:
    spacy.util.fix_random_seed(0)
    model = make_model(tok2vec, hidden_width=16, head_width=4)
    model.initialize(X=(docs, bounds), Y=truth)
    train(model, truth, docs, bounds)
    return model


def train(model: Model, truth: numpy.ndarray, docs: list[Doc] = DOCS, bounds: Bounds = BOUNDS, steps: int = 40) -> None:
    train_model(model, (docs, bounds), truth, steps)


def make_table(docs: list[Doc], width: int, dtype: str = "float32") -> Model:
    """Token vectors that are parameters, a row for each token of the batch: their gradients can be read."""
    ends = numpy.cumsum([len(doc) for doc in docs]).tolist()

    def forward(model: Model, docs: list[Doc], is_train: bool) -> tuple[list[Any], Callable[[list[Any]], list[Doc]]]:
        def backprop(gradients: list[Any]) -> list[Doc]:
            model.inc_grad("vectors", numpy.vstack(gradients))
            return []

        table = model.get_param("vectors")
        return [table[end - len(doc) : end] for doc, end in zip(docs, ends, strict=True)], backprop

    vectors = numpy.random.default_rng(0).normal(size=(ends[-1], width)).astype(dtype)
    return Model("table", forward, dims={"nO": width}, params={"vectors": vectors})


def test_a_config_names_it_and_the_data_set_its_shape() -> None:
    config = {"@architectures": "bellwether.SpanClassifier.v1", "tok2vec": TOK2VEC}
    model = registry.resolve({"model": config})["model"]
    assert model.has_dim("nO") is None
    model.initialize(X=(DOCS, BOUNDS), Y=TRUTH)
    assert model.predict((DOCS, BOUNDS)).shape == TRUTH.shape
    assert make_model(nO=2).get_dim("nO") == 2


@pytest.mark.parametrize("tok2vec", [TOK2VEC, NO_CONTEXT])
def test_two_spans_of_the_same_words_get_two_answers(tok2vec: dict[str, Any]) -> None:
    """Even where the encoder gives a token the same vector in every place."""
    docs = [make_doc("Halden beats Halden"), make_doc("Halden rose while Halden fell")]
    bounds: Bounds = [[(0, 1), (2, 3)], [(0, 1), (3, 4)]]
    truth = numpy.eye(2, dtype="f")[[0, 1, 0, 1]]
    scores = make_trained(tok2vec, truth, docs, bounds).predict((docs, bounds))
    assert_allclose(scores.sum(axis=1), 1.0, atol=1e-5)
    assert_array_equal(scores.argmax(axis=1), truth.argmax(axis=1))
    assert scores.max(axis=1).min() > 0.9


@pytest.mark.parametrize(("most_spans", "most_cells"), [(32, 8192), (2, 6), (1, 1)])
def test_the_gradient_of_every_weight_is_that_of_the_loss(
    monkeypatch: pytest.MonkeyPatch, most_spans: int, most_cells: int
) -> None:
    """Finite differences in float64, with overlapping spans, a doc without spans, an empty one, several blocks."""
    monkeypatch.setattr(span_architectures, "_MAX_SPANS", most_spans)
    monkeypatch.setattr(span_architectures, "_MAX_CELLS", most_cells)
    docs = [make_doc("a b c d e f g"), Doc(NLP.vocab), make_doc("a b"), make_doc("x y z w")]
    bounds: Bounds = [[(0, 1), (2, 4), (3, 6)], [], [], [(0, 4)]]
    truth = numpy.eye(3)[[0, 1, 2, 1]]
    generator = numpy.random.default_rng(1)
    with use_ops("numpy", use_blis=False):
        model = build_span_classifier(
            make_table(docs, 5, "float64"), hidden_width=4, heads=2, head_width=3, dropout=0.0
        )
        model.initialize(X=(docs, bounds), Y=truth)
        weights = [(node, name) for node in model.walk() for name in node.param_names if node.has_param(name)]
        for node, name in weights:
            node.set_param(name, generator.normal(size=node.get_param(name).shape))

        def loss() -> float:
            return float(-numpy.log((model.predict((docs, bounds)) * truth).sum(axis=1)).sum())

        scores, backprop = model.begin_update((docs, bounds))
        backprop(scores - truth)
        step = 1e-6
        for node, name in weights:
            found, weight = node.get_grad(name), node.get_param(name)
            expected = numpy.zeros_like(weight)
            for place in numpy.ndindex(*weight.shape):
                losses = []
                for sign in (1, -1):
                    moved = weight.copy()
                    moved[place] += sign * step
                    node.set_param(name, moved)
                    losses.append(loss())
                expected[place] = (losses[0] - losses[1]) / (2 * step)
            node.set_param(name, weight)
            assert_allclose(found, expected, atol=1e-6, err_msg=f"{node.name}.{name}")
    assert {name for _, name in weights} >= {"vectors", "key", "value", "nearness", "W", "G"}


@st.composite
def layouts(draw: st.DrawFn) -> tuple[list[int], Bounds]:
    """Lengths of docs, and bounds of spans in them, which may overlap."""
    lengths = draw(st.lists(st.integers(0, 12), min_size=1, max_size=5))
    bounds: Bounds = []
    for length in lengths:
        pairs = st.tuples(st.integers(0, max(0, length - 1)), st.integers(1, max(1, length))).filter(
            lambda pair: pair[0] < pair[1]
        )
        bounds.append(draw(st.lists(pairs, max_size=6)) if length else [])
    return lengths, bounds


@given(layouts(), st.integers(1, 4), st.sampled_from([1, 20, 8192]), st.sampled_from([1, 3, 256]))
def test_attention_is_what_its_formula_says(
    layout: tuple[list[int], Bounds], most_spans: int, cells: int, reach: int
) -> None:
    lengths, bounds = layout
    generator = numpy.random.default_rng(0)
    count = sum(map(len, bounds))
    queries = generator.normal(size=(count, 2, 3))
    tokens = generator.normal(size=(sum(lengths), 3))
    nearness = generator.normal(size=(2, span_architectures.DISTANCES))
    ops = NumpyOps()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(span_architectures, "_MAX_SPANS", most_spans)
        patch.setattr(span_architectures, "_MAX_CELLS", cells)
        patch.setattr(span_architectures, "REACH", reach)
        found, _ = attend(queries, tokens, nearness, SpanLayout(lengths, bounds, ops), ops)
    row = offset = 0
    for length, spans in zip(lengths, bounds, strict=True):
        own = tokens[offset : offset + length]
        for start, end in spans:
            signed = [min(place - start, 0) or max(place - end + 1, 0) for place in range(length)]
            columns = find_distances(numpy.array(signed))
            for head in range(2):
                weight = numpy.exp(own @ queries[row, head] + nearness[head, columns]) * (numpy.abs(signed) <= reach)
                assert_allclose(found[row, head], weight @ own / weight.sum(), rtol=1e-6)
            row += 1
        offset += length
    assert row == count


@given(layouts())
def test_a_batch_equals_its_singles(layout: tuple[list[int], Bounds]) -> None:
    lengths, bounds = layout
    docs = [make_doc(" ".join(f"w{index % 5}" for index in range(length))) for length in lengths]
    model = TRAINED
    pairs = [(doc, span) for doc, spans in zip(docs, bounds, strict=True) for span in spans]
    if not any(lengths):
        return
    batch = model.predict((docs, bounds))
    assert batch.shape == (len(pairs), 3)
    for row, (doc, span) in zip(batch, pairs, strict=True):
        assert_allclose(model.predict(([doc], [[span]]))[0], row, atol=1e-5)


TRAINED = make_trained()


@pytest.mark.parametrize(("signed", "column"), [
    (0, 7),
    (1, 8), (2, 9), (3, 10), (4, 10), (5, 11), (8, 11), (9, 12), (16, 12), (17, 13), (32, 13), (33, 14), (100_000, 14),
    (-1, 6), (-2, 5), (-3, 4), (-4, 4), (-32, 1), (-33, 0), (-100_000, 0),
])  # fmt: skip
def test_distances_before_and_after_a_span_in_steps_that_double(signed: int, column: int) -> None:
    assert find_distances(numpy.array([signed])).tolist() == [column]


def test_heads_begin_with_different_views() -> None:
    anywhere, near, before, after, again = first_nearness(5)
    assert_array_equal(anywhere, 0.0)
    assert near.argmax() == before.argmax() == after.argmax() == 7
    assert before[6] > before[8]
    assert after[8] > after[6]
    assert_array_equal(before, after[::-1])
    assert_array_equal(again, anywhere)


@pytest.mark.parametrize("span", [(1, 1), (2, 1), (-1, 1), (1, 4), (7, 9)])
def test_bounds_out_of_the_doc_are_named(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=re.escape(f"span {span} of doc 0 of the batch is empty or reaches out")):
        TRAINED.predict((DOCS, [[(0, 1), span], [(0, 1)], [], []]))


def test_docs_without_spans_have_no_rows_and_the_encoder_gets_zeros() -> None:
    docs = [make_doc("no target"), Doc(NLP.vocab)]
    table = make_table(docs, 4)
    model = build_span_classifier(table, nO=3)
    model.initialize(X=(docs, [[(0, 2)], []]))
    scores, backprop = model.begin_update((docs, [[], []]))
    assert scores.shape == (0, 3)
    assert not table.has_grad("vectors")
    backprop(scores)
    assert_array_equal(table.get_grad("vectors"), numpy.zeros((2, 4)))


def test_a_long_doc_with_many_spans() -> None:
    doc = make_doc("profit rose while Halden fell " * 1000)
    bounds: Bounds = [[(start, start + 3) for start in range(0, 4990, 50)] + [(0, 5000)]]
    scores, backprop = TRAINED.begin_update(([doc], bounds))
    backprop(scores - TRUTH[0])
    assert_allclose(scores.sum(axis=1), 1.0, atol=1e-5)
    for node in TRAINED.walk():
        assert all(numpy.isfinite(node.get_grad(name)).all() for name in node.grad_names if node.has_grad(name))
        for name in node.grad_names:
            node.set_grad(name, node.get_grad(name) * 0)


def test_the_work_grows_with_the_length_of_a_doc_and_not_with_its_square() -> None:
    def cells(tokens: int) -> int:
        bounds: Bounds = [[(start, start + 3) for start in range(0, tokens - 3, 20)]]
        return sum(block.visible.size for block in SpanLayout([tokens], bounds, NumpyOps()).blocks)

    assert cells(40_000) < 1.1 * 10 * cells(4_000)


def test_the_first_gradient_that_reaches_the_encoder_is_zero() -> None:
    table = make_table(DOCS, 4)
    model = build_span_classifier(table)
    model.initialize(X=(DOCS, BOUNDS), Y=TRUTH)
    scores, backprop = model.begin_update((DOCS, BOUNDS))
    assert_allclose(scores, 1 / 3, atol=1e-6)
    backprop(scores - TRUTH)
    assert_array_equal(table.get_grad("vectors"), 0.0)
    assert model.get_ref("output_layer").get_grad("W").any()


def test_resizing_keeps_the_odds_of_old_labels_and_the_new_one_can_be_learnt() -> None:
    model = make_trained()
    before = model.predict((DOCS, BOUNDS))
    model = model.attrs["resize_output"](model, 4)
    after = model.predict((DOCS, BOUNDS))
    assert model.get_dim("nO") == model.get_ref("output_layer").get_dim("nO") == 4
    assert_allclose(after[:, 0] / after[:, 1], before[:, 0] / before[:, 1], rtol=1e-4)
    truth = numpy.eye(4, dtype="f")[[0, 3, 2]]
    train(model, truth, steps=60)
    assert_array_equal(model.predict((DOCS, BOUNDS)).argmax(axis=1), [0, 3, 2])
    assert model.predict((DOCS[3:], [[]])).shape == (0, 4)


def test_a_fresh_model_reads_the_bytes_of_a_resized_one() -> None:
    model = make_trained()
    model = model.attrs["resize_output"](model, 4)
    loaded = make_model(hidden_width=16, head_width=4).from_bytes(model.to_bytes())
    assert_array_equal(loaded.predict((DOCS, BOUNDS)), model.predict((DOCS, BOUNDS)))
    assert loaded.predict((DOCS[3:], [[]])).shape == (0, 4)
