"""What a span is told by the tokens near it, if they know which of them are the span and which are other spans.

An encoder that is shared by all components reads a document once, for no span in particular. Here its vectors are read
again for each span, marked, by a small convolution.
"""

from collections.abc import Callable
from typing import Any, TypeAlias, cast

import numpy
from spacy.ml.models.tok2vec import MaxoutWindowEncoder
from thinc.api import Embed, Linear, Model, Ops
from thinc.types import Floats2d, Ints1d

# Tokens on either side of a span that are read for it.
NEAR = 32
PLAIN, THIS, OTHER = range(3)


class Near:
    """The tokens near each span of a batch, span after span.

    rows (near tokens,): their rows among all tokens. roles (near tokens,): whether each is of this span, of another or
    of none. lengths (spans,): how many there are. own: where, among the near tokens, those of each span itself are.
    sizes (spans,): how many these are.
    """

    def __init__(self, spans: numpy.ndarray, limits: numpy.ndarray, ops: Ops) -> None:
        """spans (spans, 2): the rows of the first token of each span, and of the first one after it.
        limits (spans, 2): the same of its document.
        """
        begins = numpy.maximum(spans[:, 0] - NEAR, limits[:, 0])
        lengths = numpy.minimum(spans[:, 1] + NEAR, limits[:, 1]) - begins
        rows = _ranges(begins, lengths)
        in_a_span = numpy.zeros(int(limits[:, 1].max(initial=0)), dtype=bool)
        in_a_span[_ranges(spans[:, 0], spans[:, 1] - spans[:, 0])] = True
        first, after = (numpy.repeat(column, lengths) for column in spans.T)
        is_own = (rows >= first) & (rows < after)
        roles = numpy.where(is_own, THIS, numpy.where(in_a_span[rows], OTHER, PLAIN))
        self.rows: Ints1d = ops.asarray1i(rows.astype("i"))
        self.roles: Ints1d = ops.asarray1i(roles.astype("i"))
        self.own: Ints1d = ops.asarray1i(numpy.flatnonzero(is_own).astype("i"))
        self.lengths: Ints1d = ops.asarray1i(lengths.astype("i"))
        self.sizes: Ints1d = ops.asarray1i((spans[:, 1] - spans[:, 0]).astype("i"))
        ends = numpy.cumsum(lengths)
        self.slices = list(zip((ends - lengths).tolist(), ends.tolist(), strict=True))


MarkedInputs: TypeAlias = tuple[Floats2d, Near]


def _ranges(begins: numpy.ndarray, lengths: numpy.ndarray) -> numpy.ndarray:
    """Runs of integers, one after another."""
    shift = begins - (numpy.cumsum(lengths) - lengths)
    return numpy.repeat(shift, lengths) + numpy.arange(int(lengths.sum()))


def read_marked_tokens(width: int, window_size: int = 2, depth: int = 2) -> Model[MarkedInputs, Floats2d]:
    """One vector a span, (spans, 2 * width): the mean of its tokens and the maximum of those near it, after a
    convolution over the near tokens.

    width (int): of the convolution. window_size (int): tokens on each side that a layer sees. depth (int): its layers.
    """
    parts: dict[str, Model] = {
        "project": Linear(nO=width),
        "mark": Embed(nO=width, nV=3),
        "convolve": cast(Model, MaxoutWindowEncoder(width, window_size, maxout_pieces=2, depth=depth)),
    }
    return Model(
        "read_marked_tokens",
        _forward,
        init=_init,
        layers=list(parts.values()),
        dims={"nI": None, "nO": 2 * width},
        refs=cast(dict[str, Model | None], parts),
    )


def _init(model: Model[MarkedInputs, Floats2d], X: Any = None, Y: Any = None) -> None:
    model.get_ref("project").set_dim("nI", model.get_dim("nI"))
    for layer in model.layers:
        layer.initialize()


def _forward(
    model: Model[MarkedInputs, Floats2d], inputs: MarkedInputs, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], Any]]:
    tokens, near = inputs
    ops = model.ops
    width = model.get_dim("nO") // 2
    if not len(near.rows):
        return ops.alloc2f(0, 2 * width), lambda gradient: ops.alloc2f(*tokens.shape)
    projected, backprop_project = model.get_ref("project")(tokens, is_train)
    marks, backprop_mark = model.get_ref("mark")(near.roles, is_train)
    marked = projected[near.rows] + marks
    lists, backprop_convolve = model.get_ref("convolve")([marked[begin:end] for begin, end in near.slices], is_train)
    read = ops.xp.vstack(lists)
    largest, which = ops.reduce_max(read, near.lengths)
    mean = ops.reduce_mean(read[near.own], near.sizes)

    def backprop(gradient: Floats2d) -> Floats2d:
        d_mean, d_largest = (ops.as_contig(part) for part in ops.xp.split(gradient, [width], axis=1))
        d_read = ops.backprop_reduce_max(d_largest, which, near.lengths)
        d_read[near.own] += ops.backprop_reduce_mean(d_mean, near.sizes)
        d_marked = ops.xp.vstack(backprop_convolve([d_read[begin:end] for begin, end in near.slices]))
        backprop_mark(d_marked)
        d_projected = ops.alloc2f(*projected.shape, dtype=projected.dtype)
        ops.scatter_add(d_projected, near.rows, d_marked)
        d_tokens: Floats2d = backprop_project(d_projected)
        return d_tokens

    return ops.xp.hstack([mean, largest]), backprop
