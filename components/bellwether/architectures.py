"""Models on top of token vectors: `bellwether.PooledClassifier.v1` of a document classifier, `bellwether.CrfTagger.v1`
of a recogniser, and `bellwether.TokenShape.v1`, what an uncased encoder cannot see."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

from spacy.ml.models.tok2vec import MaxoutWindowEncoder, MultiHashEmbed
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import (
    Dropout,
    LayerNorm,
    Linear,
    Maxout,
    Model,
    NumpyOps,
    Softmax,
    chain,
    list2ragged,
    reduce_mean,
    resizable,
    with_array,
    zero_init,
)
from thinc.layers.resizable import resize_model
from thinc.types import Floats2d, Floats3d

Inputs = TypeVar("Inputs")


@registry.architectures("bellwether.PooledClassifier.v1")
def build_pooled_classifier(
    tok2vec: Model[list[Doc], list[Floats2d]],
    ngrams: Model[list[Doc], Floats2d] | None = None,
    dropout: float = 0.1,
    nO: int | None = None,
) -> Model[list[Doc], Floats2d] | Model[list[Doc], Floats3d]:
    """Mean of the token vectors, layer norm, softmax over exclusive labels.

    The layer norm makes the size of the steps independent of the encoder's scale. Unlike spaCy's `TextCatReduce`, a
    label added later starts as likely as the least likely old one, so that it can be learnt (there its bias is -5000).

    tok2vec (Model[List[Doc], List[Floats2d]]): token vectors.
    ngrams (Model[List[Doc], Floats2d] | None): a second classifier, which gives its opinion beside the first one's: the
        model then predicts both, (2, docs, labels). What to make of them is the component's to say.
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
    return model if ngrams is None else opinions(model, ngrams)


def opinions(*classifiers: Model[Inputs, Floats2d]) -> Model[Inputs, Floats3d]:
    """The probabilities of several classifiers, one above another. Each learns from a gradient of its own; the encoder
    is that of the first."""
    model: Model[Inputs, Floats3d] = Model(
        "opinions", _forward_opinions, init=_init_opinions, layers=classifiers, dims={"nO": None}
    )
    for name in ("tok2vec", "output_layer"):
        model.set_ref(name, classifiers[0].get_ref(name))
    model.attrs["resize_output"] = resize_opinions
    return model


def _forward_opinions(
    model: Model[Inputs, Floats3d], inputs: Inputs, is_train: bool
) -> tuple[Floats3d, Callable[[Floats3d], Inputs]]:
    outputs, callbacks = zip(*(layer(inputs, is_train) for layer in model.layers), strict=True)

    def backprop(gradients: Floats3d) -> Inputs:
        first, *_ = [callback(gradient) for callback, gradient in zip(callbacks, gradients, strict=True)]
        return cast(Inputs, first)

    return model.ops.xp.stack(outputs), backprop


def _init_opinions(model: Model[Inputs, Floats3d], X: Inputs | None = None, Y: Any = None) -> None:
    """Y (Floats2d): the truth, the same for all."""
    for layer in model.layers:
        layer.initialize(X=X, Y=Y)
    model.set_dim("nO", model.layers[0].get_dim("nO"), force=True)


def resize_opinions(model: Model[Inputs, Floats3d], new_nO: int) -> Model[Inputs, Floats3d]:
    """Give every classifier more labels."""
    for place, layer in enumerate(model.layers):
        model.layers[place] = layer.attrs["resize_output"](layer, new_nO)
    model.set_ref("output_layer", model.layers[0].get_ref("output_layer"))
    model.set_dim("nO", new_nO, force=True)
    return model


def resize_output(
    model: Model[list[Doc], Floats2d], new_nO: int, *, head: Model[Floats2d, Floats2d]
) -> Model[list[Doc], Floats2d]:
    """Give the classifier more labels; the old ones keep their weights."""
    resize_model(head, new_nO)
    model.set_ref("output_layer", head.layers[0])
    model.set_dim("nO", new_nO, force=True)
    return model


@registry.architectures("bellwether.TokenShape.v1")
def build_token_shape(width: int = 64, rows: int = 1000, window_size: int = 1) -> Model[list[Doc], list[Floats2d]]:
    """Vectors of what an uncased encoder cannot see: hashed shape, prefix and suffix of a token, and of its neighbours.

    width (int): of the vectors. rows (int): of each hash table. window_size (int): neighbours on each side.
    """
    embed = MultiHashEmbed(
        width=width, attrs=["SHAPE", "PREFIX", "SUFFIX"], rows=[rows] * 3, include_static_vectors=False
    )
    encode = MaxoutWindowEncoder(width=width, window_size=window_size, maxout_pieces=2, depth=1)
    model: Model[list[Doc], list[Floats2d]] = chain(embed, encode)
    model.set_dim("nO", width)
    return model


@registry.architectures("bellwether.CrfTagger.v1")
def build_crf_tagger(
    tok2vec: Model[list[Doc], list[Floats2d]],
    shape: Model[list[Doc], list[Floats2d]] | None = None,
    hidden_width: int = 128,
    dropout: float = 0.1,
    nO: int | None = None,
) -> Model[list[Doc], list[Floats2d]]:
    """Emissions of a linear-chain CRF for each token, and the chain's own parameters (`bellwether.crf`).

    The output layer starts at zero, so that the first gradient to reach the encoder is small.

    tok2vec (Model[List[Doc], List[Floats2d]]): token vectors.
    shape (Model[List[Doc], List[Floats2d]] | None): more token vectors, side by side with the first.
    hidden_width (int): of a hidden layer; 0: none.
    dropout (float): on the token vectors, and on the hidden layer.
    nO (int | None): number of tags, set at initialization.
    """
    vectors = tok2vec if shape is None else side_by_side(tok2vec, shape)
    parts = [tok2vec] if shape is None else [tok2vec, shape]
    widths = [part.maybe_get_dim("nO") for part in parts]
    width = None if None in widths else sum(cast(int, part) for part in widths)
    output: Model[Floats2d, Floats2d] = Linear(nO=nO, nI=hidden_width or width, init_W=zero_init)
    head: Model[Floats2d, Floats2d] = resizable(output, resize_layer=grow_linear)
    layers: list[Model] = [cast(Model, LayerNorm(nI=width)), cast(Model, Dropout(dropout))]
    if hidden_width:
        layers.append(cast(Model, Maxout(nO=hidden_width, nI=width, nP=2, normalize=True, dropout=dropout)))
    emit = chain(vectors, cast(Model, with_array(chain(*layers, head))))
    parameters = chain_parameters(nO)
    model: Model[list[Doc], list[Floats2d]] = Model(
        "crf_tagger", _forward_tagger, init=_init_tagger, layers=[emit, parameters], dims={"nO": nO}
    )
    model.set_ref("tok2vec", tok2vec)
    model.set_ref("emit", emit)
    model.set_ref("chain", parameters)
    model.set_ref("output_layer", output)
    model.attrs["resize_output"] = partial(resize_tagger, head=head)
    multiply_with_numpy(model)
    return model


def multiply_with_numpy(model: Model) -> None:
    """Let numpy multiply the matrices of a model on the CPU, instead of blis: three times as fast with AVX-512.

    Its threads are OpenBLAS's: `bellwether.threads.set_threads` limits them.
    """
    for node in model.walk():
        if type(node.ops) is NumpyOps:
            node.ops = NumpyOps(use_blis=False)


def side_by_side(*layers: Model[list[Doc], list[Floats2d]]) -> Model[list[Doc], list[Floats2d]]:
    """The vectors of several layers for each token, one after another. (thinc's `concatenate` adds up the gradients of
    the input, which docs and listeners do not have.)"""
    return Model("side_by_side", _forward_side_by_side, init=_init_side_by_side, layers=layers, dims={"nO": None})


def _forward_side_by_side(
    model: Model[list[Doc], list[Floats2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    outputs, callbacks = zip(*(layer(docs, is_train) for layer in model.layers), strict=True)
    widths = [rows[0].shape[1] for rows in outputs]

    def backprop(gradients: list[Floats2d]) -> list[Doc]:
        begin = 0
        for width, callback in zip(widths, callbacks, strict=True):
            callback([model.ops.as_contig(rows[:, begin : begin + width]) for rows in gradients])
            begin += width
        return []

    return [model.ops.xp.hstack(rows) for rows in zip(*outputs, strict=True)], backprop


def _init_side_by_side(model: Model[list[Doc], list[Floats2d]], X: Any = None, Y: Any = None) -> None:
    for layer in model.layers:
        layer.initialize(X=X)
    model.set_dim("nO", sum(layer.get_dim("nO") for layer in model.layers), force=True)


def chain_parameters(count: int | None) -> Model[Any, Any]:
    """A node that only holds the transitions of a chain, all zero at first: no transition is likelier than another."""
    return Model(
        "crf_chain",
        _forward_chain,
        init=_init_chain,
        dims={"nO": count},
        params={"transitions": None, "start": None, "end": None},
    )


def _forward_chain(model: Model[Any, Any], X: Any, is_train: bool) -> tuple[Any, Callable[[Any], Any]]:
    raise NotImplementedError("crf_chain holds parameters, it is not called")


def _init_chain(model: Model[Any, Any], X: Any = None, Y: Any = None) -> None:
    count = model.get_dim("nO")
    model.set_param("transitions", model.ops.alloc2f(count, count))
    model.set_param("start", model.ops.alloc1f(count))
    model.set_param("end", model.ops.alloc1f(count))


def _forward_tagger(
    model: Model[list[Doc], list[Floats2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    emissions, backprop = model.get_ref("emit")(docs, is_train)
    return emissions, backprop


def _init_tagger(model: Model[list[Doc], list[Floats2d]], X: Any = None, Y: Any = None) -> None:
    if Y is not None:
        model.set_dim("nO", Y[0].shape[1], force=True)
        model.get_ref("chain").set_dim("nO", Y[0].shape[1], force=True)
    model.get_ref("emit").initialize(X=X, Y=Y)
    model.get_ref("chain").initialize()


def resize_tagger(
    model: Model[list[Doc], list[Floats2d]], new_nO: int, *, head: Model[Floats2d, Floats2d]
) -> Model[list[Doc], list[Floats2d]]:
    """Give the tagger more tags; the old ones keep their weights."""
    resize_model(head, new_nO)
    model.set_ref("output_layer", head.layers[0])
    model.set_dim("nO", new_nO, force=True)
    old = model.get_ref("chain")
    grown = chain_parameters(new_nO)
    if old.has_param("transitions"):
        grown.initialize()
        for name in ("transitions", "start", "end"):
            weights = old.get_param(name)
            larger = grown.get_param(name)
            larger[tuple(slice(size) for size in weights.shape)] = weights
            grown.set_param(name, larger)
    model.layers[1] = grown
    model.set_ref("chain", grown)
    return model


def grow_softmax(layer: Model[Floats2d, Floats2d], new_nO: int) -> Model[Floats2d, Floats2d]:
    """A softmax layer with more outputs and the weights of `layer`; see `_grow`."""
    return _grow(layer, new_nO, cast(Callable[..., Model[Floats2d, Floats2d]], Softmax))


def grow_linear(layer: Model[Floats2d, Floats2d], new_nO: int) -> Model[Floats2d, Floats2d]:
    """A linear layer with more outputs and the weights of `layer`; see `_grow`."""
    return _grow(layer, new_nO, partial(Linear, init_W=zero_init))


def _grow(
    layer: Model[Floats2d, Floats2d], new_nO: int, make: Callable[..., Model[Floats2d, Floats2d]]
) -> Model[Floats2d, Floats2d]:
    """The new outputs are as likely as the layer's least likely one."""
    if layer.has_dim("nO") is None:
        layer.set_dim("nO", new_nO)
        return layer
    old_nO = layer.get_dim("nO")
    grown = make(nO=new_nO, nI=layer.maybe_get_dim("nI"))
    grown.ops = layer.ops
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
