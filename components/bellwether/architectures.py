"""`bellwether.PooledClassifier.v1`: the model of a document classifier on top of token vectors."""

from functools import partial
from typing import cast

from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Dropout, LayerNorm, Model, Softmax, chain, list2ragged, reduce_mean, resizable
from thinc.layers.resizable import resize_model
from thinc.types import Floats2d


@registry.architectures("bellwether.PooledClassifier.v1")
def build_pooled_classifier(
    tok2vec: Model[list[Doc], list[Floats2d]], dropout: float = 0.1, nO: int | None = None
) -> Model[list[Doc], Floats2d]:
    """Mean of the token vectors, layer norm, softmax over exclusive labels.

    The layer norm makes the size of the steps independent of the encoder's scale. Unlike spaCy's `TextCatReduce`, a
    label added later starts as likely as the least likely old one, so that it can be learnt (there its bias is -5000).

    tok2vec (Model[List[Doc], List[Floats2d]]): token vectors.
    dropout (float): on the pooled vector.
    nO (int | None): number of labels, set at initialization.
    """
    width = tok2vec.maybe_get_dim("nO")
    output: Model[Floats2d, Floats2d] = Softmax(nO=nO, nI=width)
    head: Model[Floats2d, Floats2d] = resizable(output, resize_layer=grow_softmax)
    model = chain(
        tok2vec,
        cast(Model, list2ragged()),
        cast(Model, reduce_mean()),
        cast(Model, LayerNorm(nI=width)),
        cast(Model, Dropout(dropout)),
        head,
    )
    model.set_ref("tok2vec", tok2vec)
    model.set_ref("output_layer", output)
    model.attrs["resize_output"] = partial(resize_output, head=head)
    if nO is not None:
        model.set_dim("nO", nO)
    return model


def resize_output(
    model: Model[list[Doc], Floats2d], new_nO: int, *, head: Model[Floats2d, Floats2d]
) -> Model[list[Doc], Floats2d]:
    """Give the classifier more labels; the old ones keep their weights."""
    resize_model(head, new_nO)
    model.set_ref("output_layer", head.layers[0])
    model.set_dim("nO", new_nO, force=True)
    return model


def grow_softmax(layer: Model[Floats2d, Floats2d], new_nO: int) -> Model[Floats2d, Floats2d]:
    """A softmax layer with more outputs and the weights of `layer`.

    The new outputs are as likely as its least likely one.
    """
    if layer.has_dim("nO") is None:
        layer.set_dim("nO", new_nO)
        return layer
    old_nO = layer.get_dim("nO")
    grown: Model[Floats2d, Floats2d] = Softmax(nO=new_nO, nI=layer.maybe_get_dim("nI"))
    if layer.has_param("W"):
        weights, bias = layer.get_param("W"), layer.get_param("b")
        new_weights = layer.ops.alloc2f(new_nO, weights.shape[1])
        new_weights[:old_nO] = weights
        new_bias = layer.ops.alloc1f(new_nO)
        new_bias[:old_nO] = bias
        new_bias[old_nO:] = bias.min()
        grown.set_param("W", new_weights)
        grown.set_param("b", new_bias)
    return grown
