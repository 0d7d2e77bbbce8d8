"""`bellwether.PooledClassifier.v1`: probabilities for every doc, and labels that can be added to a trained model."""

import numpy
import pytest
import spacy
from numpy.testing import assert_allclose, assert_array_equal
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Model, Softmax

from bellwether.architectures import build_pooled_classifier, grow_softmax
from tests.components.heads import TOK2VEC, train_model

NLP = spacy.blank("en")
DOCS = [NLP("profit rose"), NLP("loss grew again in the spring"), NLP("sales fell")]
TRUTH = numpy.eye(3, 2, dtype="f")[[0, 1, 1]]


def make_model(nO: int | None = None) -> Model:
    return build_pooled_classifier(registry.resolve({"tok2vec": TOK2VEC})["tok2vec"], nO=nO)


def make_trained(truth: numpy.ndarray = TRUTH, steps: int = 30) -> Model:
    spacy.util.fix_random_seed(0)
    model = make_model()
    model.initialize(X=DOCS, Y=truth)
    train(model, truth, steps)
    return model


def train(model: Model, truth: numpy.ndarray, steps: int) -> None:
    train_model(model, DOCS, truth, steps)


def make_softmax() -> Model:
    layer = Softmax(nO=2, nI=3)
    layer.set_param("W", numpy.arange(6, dtype="f").reshape(2, 3))
    layer.set_param("b", numpy.asarray([0.5, -1.5], dtype="f"))
    return layer


def resize(model: Model, new_nO: int) -> Model:
    return model.attrs["resize_output"](model, new_nO)


def test_a_config_names_it_and_the_data_set_its_shape():
    config = {"@architectures": "bellwether.PooledClassifier.v1", "tok2vec": TOK2VEC}
    model = registry.resolve({"model": config})["model"]
    assert model.get_ref("tok2vec") is model.layers[0]
    assert model.has_dim("nO") is None
    model.initialize(X=DOCS, Y=TRUTH)
    assert model.predict(DOCS).shape == TRUTH.shape
    assert make_model(nO=2).get_dim("nO") == 2


def test_it_learns_and_a_row_is_a_distribution():
    scores = make_trained().predict(DOCS)
    assert_allclose(scores.sum(axis=1), 1.0, atol=1e-5)
    assert_array_equal(scores.argmax(axis=1), TRUTH.argmax(axis=1))


@pytest.mark.parametrize("place", [0, 1, 3])
def test_an_empty_doc_changes_nothing_for_the_others_and_breaks_no_gradient(place):
    model = make_trained()
    batch = [*DOCS[:place], Doc(NLP.vocab), *DOCS[place:]]
    scores = model.predict(batch)
    assert numpy.isfinite(scores).all()
    assert_allclose(numpy.delete(scores, place, axis=0), model.predict(DOCS), atol=1e-6)
    assert_allclose(numpy.vstack([model.predict([doc]) for doc in DOCS]), model.predict(DOCS), atol=1e-6)
    scores, backprop = model.begin_update(batch)
    backprop(scores)
    for node in model.walk():
        assert all(numpy.isfinite(node.get_grad(name)).all() for name in node.grad_names if node.has_grad(name))


def test_grown_softmax_keeps_old_weights_and_starts_at_the_least_likely_bias():
    old = make_softmax()
    grown = grow_softmax(old, 4)
    assert grown.get_dim("nO") == 4
    assert grown.get_dim("nI") == 3
    assert_array_equal(grown.get_param("W")[:2], old.get_param("W"))
    assert_array_equal(grown.get_param("W")[2:], 0.0)
    assert_array_equal(grown.get_param("b"), [0.5, -1.5, -1.5, -1.5])
    scores = grown.predict(numpy.zeros((1, 3), dtype="f"))[0]
    assert_allclose(scores[1:], scores.min(), rtol=1e-5)


def test_growing_before_initialization_only_sets_the_shape():
    layer = Softmax()
    assert grow_softmax(layer, 2) is layer
    grown = grow_softmax(layer, 3)
    assert (layer.get_dim("nO"), grown.get_dim("nO")) == (2, 3)
    assert not grown.has_param("W")
    model = make_model()
    for size in (1, 2, 3):
        model = resize(model, size)
    model.initialize(X=DOCS)
    assert model.predict(DOCS).shape == (3, 3)


def test_resizing_keeps_the_odds_of_old_labels_and_the_new_one_can_be_learnt():
    model = make_trained()
    before = model.predict(DOCS)
    model = resize(model, 3)
    after = model.predict(DOCS)
    assert model.get_dim("nO") == model.get_ref("output_layer").get_dim("nO") == 3
    assert_allclose(after[:, 0] / after[:, 1], before[:, 0] / before[:, 1], rtol=1e-4)
    train(model, numpy.eye(3, dtype="f"), steps=60)
    assert_array_equal(model.predict(DOCS).argmax(axis=1), [0, 1, 2])


def test_a_fresh_model_reads_the_bytes_of_a_resized_one_and_grows_on():
    model = resize(make_trained(), 3)
    loaded = make_model().from_bytes(model.to_bytes())
    assert_array_equal(loaded.predict(DOCS), model.predict(DOCS))
    assert loaded.get_dim("nO") == 3
    assert_array_equal(resize(loaded, 4).predict(DOCS), resize(model, 4).predict(DOCS))
