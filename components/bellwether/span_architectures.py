"""`bellwether.SpanClassifier.v1`: a model that classifies spans of a document by their tokens and what is near them."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple, cast

import numpy
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import (
    Dropout,
    LayerNorm,
    Linear,
    Maxout,
    Model,
    Ops,
    Softmax,
    chain,
    glorot_uniform_init,
    resizable,
)
from thinc.types import Floats2d, Floats3d, Ints1d, Ints2d, Ints3d

from .architectures import grow_softmax, multiply_with_numpy, opinions, resize_output

# The bounds (start, end), in tokens, of the spans of each doc; none is empty.
Bounds = list[list[tuple[int, int]]]
SpanInputs = tuple[list[Doc], Bounds]

# Tokens before a span are told apart by their distance to it, in steps that double: 1, 2, 3-4, 5-8, …, 33 and more.
# So are those after it; those inside of it are at distance 0.
_STEPS = (1, 2, 4, 8, 16, 32)
_FARTHEST = len(_STEPS) + 1
DISTANCES = 2 * _FARTHEST + 1
# What each step of distance takes from the attention of a head at first, by head: any, near, before, after the span;
# and what the last two take from tokens on the other side.
_NEAR = (0.0, 0.5, 0.5, 0.5)
_WRONG_SIDE = 2.0
# Tokens that a span attends to on either side: twice what the encoder reads at a time. More would make the time go with
# the square of a document's length.
REACH = 256
# Bounds of the memory for attention: spans of one doc that are read at once, and tokens of a padded block. Small blocks
# have little padding, and stay in the processor's cache.
_MAX_SPANS = 32
_MAX_CELLS = 1024


@registry.architectures("bellwether.SpanClassifier.v1")
def build_span_classifier(
    tok2vec: Model[list[Doc], list[Floats2d]],
    ngrams: Model[SpanInputs, Floats2d] | None = None,
    hidden_width: int = 128,
    heads: int = 4,
    head_width: int = 32,
    dropout: float = 0.1,
    nO: int | None = None,
) -> Model[SpanInputs, Floats2d] | Model[SpanInputs, Floats3d]:
    """Mean and maximum of the token vectors of a span, mean of its document, and what the span attends to among the
    `REACH` tokens on either side; then a hidden layer, and softmax over exclusive labels.

    Attention sees the distance of a token to the span and on which side it is, so two spans of one sentence are told
    apart by the words around each, whatever the encoder knows about order. The output layer starts at zero, so that the
    first gradient to reach the encoder is small.

    tok2vec (Model[List[Doc], List[Floats2d]]): token vectors.
    ngrams (Model[SpanInputs, Floats2d] | None): a second opinion, as in `bellwether.PooledClassifier.v1`.
    hidden_width (int): of the hidden layer.
    heads (int): number of attention heads. head_width (int): of the queries, keys and values of each.
    dropout (float): on what is read of the span, and on the hidden layer.
    nO (int | None): number of labels, set at initialization.
    RETURNS (Model): from docs and the bounds of their spans to one row of probabilities a span, doc after doc; with
        `ngrams` to two of them, (2, spans, labels).
    RAISES (ValueError): bounds that are empty or reach out of their doc.
    """
    reader = read_spans(tok2vec, heads=heads, head_width=head_width)
    output: Model[Floats2d, Floats2d] = Softmax(nO=nO, nI=hidden_width)
    head: Model[Floats2d, Floats2d] = resizable(output, resize_layer=grow_softmax)
    classify: Model[Floats2d, Floats2d] = chain(
        cast(Model, LayerNorm()),
        cast(Model, Dropout(dropout)),
        cast(Model, Maxout(nO=hidden_width, nP=2, normalize=True, dropout=dropout)),
        head,
    )
    model: Model[SpanInputs, Floats2d] = Model(
        "span_classifier",
        _forward_classifier,
        init=_init_classifier,
        layers=[reader, classify],
        dims={"nO": nO},
        refs={"reader": reader, "classify": classify, "tok2vec": tok2vec, "output_layer": output},
    )
    model.attrs["resize_output"] = partial(resize_output, head=head)
    multiply_with_numpy(model)
    return model if ngrams is None else opinions(model, ngrams)


def _forward_classifier(
    model: Model[SpanInputs, Floats2d], inputs: SpanInputs, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], SpanInputs]]:
    spans, backprop_reader = model.get_ref("reader")(inputs, is_train)
    if spans.shape[0]:
        scores, backprop_classify = model.get_ref("classify")(spans, is_train)
    else:  # not every thinc layer can be without rows
        scores = model.ops.alloc2f(0, model.get_dim("nO"))

    def backprop(gradient: Floats2d) -> SpanInputs:
        result: SpanInputs = backprop_reader(backprop_classify(gradient) if spans.shape[0] else spans)
        return result

    return scores, backprop


def _init_classifier(
    model: Model[SpanInputs, Floats2d], X: SpanInputs | None = None, Y: Floats2d | None = None
) -> None:
    if Y is not None:
        model.set_dim("nO", Y.shape[1], force=True)
    reader = model.get_ref("reader")
    reader.initialize(X=X)
    classify = model.get_ref("classify")
    classify.layers[0].set_dim("nI", reader.get_dim("nO"))
    classify.initialize(X=None if X is None else reader.predict(X), Y=Y)


def read_spans(
    tok2vec: Model[list[Doc], list[Floats2d]], *, heads: int = 4, head_width: int = 32
) -> Model[SpanInputs, Floats2d]:
    """One vector a span: mean and maximum of its tokens, mean of its document, and what it attends to.

    A layer norm brings the token vectors to one scale first. There are few spans and many tokens, so keys and values
    are not made for each token: each span's query is taken back through the key weights and meets the token vectors
    themselves, and the value weights come after the weighted mean.
    """
    parts: dict[str, Model] = {"tok2vec": tok2vec, "norm": LayerNorm(), "query": Linear(nO=heads * head_width)}
    return Model(
        "read_spans",
        _forward_reader,
        init=_init_reader,
        layers=list(parts.values()),
        dims={"nO": None},
        params={"key": None, "value": None, "nearness": None},
        refs=cast(dict[str, Model | None], parts),
        attrs={"heads": heads, "head_width": head_width},
    )


def _init_reader(model: Model[SpanInputs, Floats2d], X: SpanInputs | None = None, Y: Any = None) -> None:
    tok2vec = model.get_ref("tok2vec")
    tok2vec.initialize(X=None if X is None else X[0])
    width = tok2vec.maybe_get_dim("nO")
    if width is None:  # not every encoder says how wide it is
        if X is None:
            raise ValueError("read_spans: an encoder that does not say its width needs docs to initialize with")
        width = tok2vec.predict(X[0])[0].shape[1]
    for name in ("norm", "query"):
        model.get_ref(name).set_dim("nI", width)
        model.get_ref(name).initialize()
    heads, head_width = model.attrs["heads"], model.attrs["head_width"]
    weights = [glorot_uniform_init(model.ops, (heads * head_width, width)) for _ in range(2)]
    model.set_param("key", weights[0].reshape((heads, head_width, width)))
    model.set_param("value", weights[1].reshape((heads, width, head_width)))
    model.set_param("nearness", model.ops.asarray2f(first_nearness(heads)))
    model.set_dim("nO", 3 * width + heads * head_width)


def first_nearness(heads: int) -> numpy.ndarray:
    """What is added to the attention of each head at each distance before anything is learnt: (heads, distances).

    The heads begin with different views: all of the document, what is near, what is near and before the span, what is
    near and after it; then again.
    """
    signed = numpy.arange(DISTANCES) - _FARTHEST
    table = numpy.zeros((heads, DISTANCES), dtype="f")
    for head in range(heads):
        kind = head % len(_NEAR)
        table[head] = -_NEAR[kind] * numpy.abs(signed)
        if kind == 2:
            table[head] -= _WRONG_SIDE * (signed > 0)
        elif kind == 3:
            table[head] -= _WRONG_SIDE * (signed < 0)
    return table


def _forward_reader(
    model: Model[SpanInputs, Floats2d], inputs: SpanInputs, is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], SpanInputs]]:
    docs, bounds = inputs
    ops = model.ops
    vectors, backprop_vectors = model.get_ref("tok2vec")(docs, is_train)
    layout = SpanLayout([len(rows) for rows in vectors], bounds, ops)
    tokens, backprop_norm = model.get_ref("norm")(ops.xp.vstack(vectors), is_train)
    members = tokens[layout.members]
    mean = ops.reduce_mean(members, layout.sizes)
    largest, which = ops.reduce_max(members, layout.sizes)
    overall = ops.reduce_mean(tokens, layout.lengths)[layout.owners]
    context, backprop_context = _read_context(model, mean, tokens, layout, is_train)
    width = tokens.shape[1]

    def backprop(gradient: Floats2d) -> SpanInputs:
        d_mean, d_largest, d_overall, d_context = (
            ops.as_contig(part) for part in ops.xp.split(gradient, [width, 2 * width, 3 * width], axis=1)
        )
        d_mean_of_context, d_tokens = backprop_context(d_context)
        d_docs = ops.alloc2f(len(docs), width, dtype=tokens.dtype)
        ops.scatter_add(d_docs, layout.owners, d_overall)
        d_tokens += ops.backprop_reduce_mean(d_docs, layout.lengths)
        d_members = ops.backprop_reduce_mean(d_mean + d_mean_of_context, layout.sizes)
        d_members += ops.backprop_reduce_max(d_largest, which, layout.sizes)
        ops.scatter_add(d_tokens, layout.members, d_members)
        d_vectors = backprop_norm(d_tokens)
        backprop_vectors([d_vectors[begin:end] for begin, end in layout.slices])
        return [], []

    return ops.xp.hstack([mean, largest, overall, context]), backprop


def _read_context(
    model: Model[SpanInputs, Floats2d], mean: Floats2d, tokens: Floats2d, layout: "SpanLayout", is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], tuple[Floats2d, Floats2d]]]:
    """What each span attends to; the callback gives the gradients of `mean` and `tokens`."""
    ops = model.ops
    heads, head_width = model.attrs["heads"], model.attrs["head_width"]
    key, value = model.get_param("key"), model.get_param("value")
    scale = 1.0 / math.sqrt(head_width)
    query, backprop_query = model.get_ref("query")(mean, is_train)
    by_head = query.reshape((-1, heads, head_width)).transpose(1, 0, 2)
    queries = (by_head @ key).transpose(1, 0, 2) * scale
    taken, backprop_attend = attend(queries, tokens, model.get_param("nearness"), layout, ops)
    taken_by_head = taken.transpose(1, 0, 2)
    context = (taken_by_head @ value).transpose(1, 0, 2).reshape(query.shape)

    def backprop(gradient: Floats2d) -> tuple[Floats2d, Floats2d]:
        d_context = gradient.reshape((-1, heads, head_width)).transpose(1, 0, 2)
        model.inc_grad("value", taken_by_head.transpose(0, 2, 1) @ d_context)
        d_taken = (d_context @ value.transpose(0, 2, 1)).transpose(1, 0, 2)
        d_queries, d_tokens, d_nearness = backprop_attend(d_taken)
        model.inc_grad("nearness", d_nearness)
        d_queries = d_queries.transpose(1, 0, 2) * scale
        model.inc_grad("key", by_head.transpose(0, 2, 1) @ d_queries)
        d_query = (d_queries @ key.transpose(0, 2, 1)).transpose(1, 0, 2).reshape(query.shape)
        return backprop_query(ops.as_contig(d_query)), d_tokens

    return ops.as_contig(context), backprop


class Block(NamedTuple):
    """Some spans and the documents around them, padded: `spans` (units, spans) and `tokens` (units, tokens) are rows of
    the batch, `visible` (units, spans, tokens) says what a span attends to, and `distances`, of the same shape, are
    columns of `nearness`. A unit is a doc, or some spans of it and the tokens within their reach."""

    spans: Ints2d
    has_span: Any
    tokens: Ints2d
    has_token: Any
    visible: Any
    distances: Ints3d


class SpanLayout:
    """Where the tokens and spans of a batch are, if its docs are put one after another.

    lengths (docs,): tokens of each doc. slices: the rows of its tokens. owners (spans,): the doc of each span.
    sizes (spans,): tokens of each span. members (sum of sizes,): the rows of these tokens.
    blocks (List[Block]): the spans with their documents, each span once.
    """

    def __init__(self, lengths: list[int], bounds: Bounds, ops: Ops) -> None:
        ends = numpy.cumsum(lengths, dtype="i")
        offsets = ends - numpy.asarray(lengths, dtype="i")
        counts = [len(spans) for spans in bounds]
        owners = numpy.repeat(numpy.arange(len(lengths), dtype="i"), counts)
        local = numpy.asarray([pair for spans in bounds for pair in spans], dtype="i").reshape(-1, 2)
        limits = numpy.asarray(lengths, dtype="i")[owners]
        wrong = (local[:, 0] < 0) | (local[:, 0] >= local[:, 1]) | (local[:, 1] > limits)
        if wrong.any():
            place = int(wrong.argmax())
            raise ValueError(
                f"span {tuple(local[place].tolist())} of doc {int(owners[place])} of the batch is empty or reaches out "
                f"of its {int(limits[place])} tokens"
            )
        rows = local + offsets[owners][:, None]
        sizes = rows[:, 1] - rows[:, 0]
        shift = rows[:, 0] - (numpy.cumsum(sizes, dtype="i") - sizes)
        members = numpy.repeat(shift, sizes) + numpy.arange(int(sizes.sum()), dtype="i")
        self.slices = list(zip(offsets.tolist(), ends.tolist(), strict=True))
        self.lengths: Ints1d = ops.asarray1i(numpy.asarray(lengths, dtype="i"))
        self.owners: Ints1d = ops.asarray1i(owners)
        self.sizes: Ints1d = ops.asarray1i(sizes)
        self.members: Ints1d = ops.asarray1i(members.astype("i"))
        units = _group_units(_cut_units(counts, self.slices, rows))
        self.blocks = [_make_block(group, rows, ops.xp) for group in units]


class _Unit(NamedTuple):
    """Some spans of a doc: their rows, and those of the tokens within their reach."""

    first_span: int
    spans: int
    first_token: int
    tokens: int


def _cut_units(counts: list[int], slices: list[tuple[int, int]], rows: numpy.ndarray) -> Iterator[_Unit]:
    first = 0
    for count, (begin, end) in zip(counts, slices, strict=True):
        for start in range(first, first + count, _MAX_SPANS):
            spans = min(_MAX_SPANS, first + count - start)
            near = rows[start : start + spans]
            low, high = max(begin, int(near.min()) - REACH), min(end, int(near.max()) + REACH)
            yield _Unit(start, spans, low, high - low)
        first += count


def _group_units(units: Iterator[_Unit]) -> Iterator[list[_Unit]]:
    """Units of similar length, which saves padding."""
    group: list[_Unit] = []
    for unit in sorted(units, key=lambda unit: (unit.tokens, unit.spans, unit.first_span)):
        if group and unit.tokens * (len(group) + 1) > _MAX_CELLS:
            yield group
            group = []
        group.append(unit)
    if group:
        yield group


def _make_block(units: list[_Unit], rows: numpy.ndarray, xp: Any) -> Block:
    """rows (spans, 2): the rows of the first token of each span, and of the first one after it."""
    table = numpy.asarray(units, dtype="i")
    spans = numpy.arange(table[:, 1].max(), dtype="i")[None, :]
    has_span = spans < table[:, 1:2]
    spans = numpy.where(has_span, spans + table[:, 0:1], table[:, 0:1])
    tokens = numpy.arange(table[:, 3].max(), dtype="i")[None, :]
    has_token = tokens < table[:, 3:4]
    tokens = numpy.where(has_token, tokens + table[:, 2:3], table[:, 2:3])
    starts, ends = rows[spans, 0][:, :, None], rows[spans, 1][:, :, None]
    place = tokens[:, None, :]
    signed = numpy.where(place < starts, place - starts, numpy.maximum(place - ends + 1, 0))
    visible = has_token[:, None, :] & (numpy.abs(signed) <= REACH)
    distances = find_distances(signed)
    return Block(*(xp.asarray(array) for array in (spans, has_span, tokens, has_token, visible, distances)))


def find_distances(signed: numpy.ndarray) -> numpy.ndarray:
    """Columns of `nearness`, from how many tokens after the span a token is (negative: before it; 0: inside of it)."""
    steps = numpy.searchsorted(numpy.asarray(_STEPS), numpy.abs(signed)) + 1
    return numpy.asarray(numpy.sign(signed) * steps + _FARTHEST)


def attend(
    queries: Floats3d, tokens: Floats2d, nearness: Floats2d, layout: SpanLayout, ops: Ops
) -> tuple[Floats3d, Callable[[Floats3d], tuple[Floats3d, Floats2d, Floats2d]]]:
    """A weighted mean of the tokens of its document for each span and head: a token weighs more the better it fits the
    query, and the likelier its distance is.

    queries (spans, heads, width), tokens (tokens, width).
    nearness (heads, distances): what is added to the fit at each distance.
    RETURNS (tuple): (spans, heads, width), and the callback that gives the gradients of the three inputs.
    """
    xp = ops.xp
    heads, width = queries.shape[1:]
    taken = xp.zeros_like(queries)
    kept = []
    for block in layout.blocks:
        units, spans = block.spans.shape
        query = queries[block.spans].reshape((units, spans * heads, width))
        token = tokens[block.tokens]
        fit = (query @ token.transpose(0, 2, 1)).reshape((units, spans, heads, -1))
        fit += nearness.T[block.distances].transpose(0, 1, 3, 2)
        fit = xp.where(block.visible[:, :, None, :], fit, -xp.inf)
        share = xp.exp(fit - fit.max(axis=-1, keepdims=True))
        share /= share.sum(axis=-1, keepdims=True)
        found = (share.reshape((units, spans * heads, -1)) @ token).reshape((units, spans, heads, width))
        taken[block.spans[block.has_span]] = found[block.has_span]
        kept.append((block, query, token, share))

    def backprop(d_taken: Floats3d) -> tuple[Floats3d, Floats2d, Floats2d]:
        d_queries, d_tokens, d_nearness = (xp.zeros_like(array) for array in (queries, tokens, nearness))
        for block, query, token, share in kept:
            units, spans = block.spans.shape
            gradient = d_taken[block.spans] * block.has_span[:, :, None, None]
            gradient = gradient.reshape((units, spans * heads, width))
            d_share = (gradient @ token.transpose(0, 2, 1)).reshape(share.shape)
            d_fit = share * (d_share - (share * d_share).sum(axis=-1, keepdims=True))
            columns = block.distances.ravel()
            for head in range(heads):
                weights = d_fit[:, :, head].ravel()
                d_nearness[head] += xp.bincount(columns, weights=weights, minlength=DISTANCES)
            shares, d_fits = (array.reshape((units, spans * heads, -1)) for array in (share, d_fit))
            d_query = (d_fits @ token).reshape((units, spans, heads, width))
            d_queries[block.spans[block.has_span]] = d_query[block.has_span]
            d_token = d_fits.transpose(0, 2, 1) @ query + shares.transpose(0, 2, 1) @ gradient
            present = block.has_token  # a doc of many spans is here more than once
            ops.scatter_add(d_tokens, ops.as_contig(block.tokens[present]), ops.as_contig(d_token[present]))
        return d_queries, d_tokens, d_nearness

    return taken, backprop
