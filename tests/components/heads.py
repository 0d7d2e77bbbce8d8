"""What the tests of the trainable components share: a tiny encoder, and a training of seconds."""

from typing import Any

import numpy
import spacy
from spacy.language import Language
from spacy.training import Example
from thinc.api import Adam, Model

TOK2VEC = {
    "@architectures": "spacy.HashEmbedCNN.v2",
    "pretrained_vectors": None,
    "width": 8,
    "depth": 1,
    "embed_size": 50,
    "window_size": 1,
    "maxout_pieces": 2,
    "subword_features": True,
}


def train(nlp: Language, examples: list[Example], steps: int) -> None:
    spacy.util.fix_random_seed(0)
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(steps):
        nlp.update(examples, sgd=optimizer)


def train_model(model: Model, inputs: Any, truth: numpy.ndarray, steps: int) -> None:
    """Towards the one-hot truth of each row that the model predicts."""
    optimizer = Adam(0.02)
    for _ in range(steps):
        scores, backprop = model.begin_update(inputs)
        backprop(scores - truth)
        model.finish_update(optimizer)
