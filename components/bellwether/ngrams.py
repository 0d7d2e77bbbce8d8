"""Classifiers on hashed n-grams of words and of characters: `bellwether.NgramClassifier.v1` of documents, and
`bellwether.SpanNgramClassifier.v1` of spans in their context.

They know nothing of meaning, and so err elsewhere than an encoder does: the opinions of both together are better than
either (`bellwether.architectures.opinions`). Both are logistic regressions on the set of n-grams, hashed into a table
(Weinberger et al. 2009, "Feature hashing for large scale multitask learning"), in lower case and with every link as one
word.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, NamedTuple, TypeAlias

import numpy
from numpy.typing import NDArray
from spacy.attrs import IDX, LENGTH, LIKE_URL, LOWER
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Model
from thinc.types import Floats2d

from .encoder import LINK
from .span_architectures import SpanInputs

Hashes = NDArray[numpy.uint64]
Integers = NDArray[numpy.int64]

# Tokens on either side of a span whose n-grams it has.
REACH = 32

# Odd 64-bit numbers: the golden ratio's fraction, and a multiplier of SplitMix64 (Steele et al. 2014).
_STEP = numpy.uint64(0x9E3779B97F4A7C15)
_STIR = numpy.uint64(0xBF58476D1CE4E5B9)
_HIGH, _LOW = numpy.uint64(31), numpy.uint64(29)
# Words that stand for a link, for the span that is asked about, and for another one: no hash of a string is this small.
_LINK_WORD, _THIS_WORD, _OTHER_WORD = (numpy.uint64(number) for number in (2, 3, 4))
# The spans as characters, of Unicode's private use area.
_THIS, _OTHER = "\ue000", "\ue001"
# Added to the hashes of words, so that "art" is another n-gram as a word than as three characters; and to those of
# n-grams before and after the span.
_WORDS, _BEFORE, _AFTER = (numpy.uint64(number) for number in (5, 6, 7))


class Piece(NamedTuple):
    """Tokens near a span: the text between spans, or another span."""

    start: int
    end: int
    is_span: bool


class Units(NamedTuple):
    """Words or characters of several texts, one after another.

    hashes (units,). owners (units,): the number of the text of each.
    sides (units,) | None: whether it is before (-1) or after (1) the span that is asked about, or stands for it (0).
    """

    hashes: Hashes
    owners: Integers
    sides: Integers | None = None


ReadUnits: TypeAlias = Callable[..., tuple[int, Units | None, Units | None]]


@registry.architectures("bellwether.NgramClassifier.v1")
def build_ngram_classifier(
    rows: int = 65536,
    words: int = 2,
    shortest: int = 3,
    longest: int = 5,
    scale: float = 16.0,
    nO: int | None = None,
) -> Model[list[Doc], Floats2d]:
    """Softmax over exclusive labels from the n-grams of a document.

    rows (int): of the table; n-grams that fall into one row share it.
    words (int): n-grams of 1 to so many tokens; 0: none.
    shortest, longest (int): n-grams of so many characters, across words; longest = 0: none.
    scale (float): the length of a document's vector, whose numbers are all the same. It multiplies the learning rate.
    nO (int | None): number of labels, set at initialization.
    """
    return _build("ngram_classifier", read_docs, rows, words, shortest, longest, scale, nO)


@registry.architectures("bellwether.SpanNgramClassifier.v1")
def build_span_ngram_classifier(
    rows: int = 65536,
    words: int = 2,
    shortest: int = 3,
    longest: int = 5,
    scale: float = 8.0,
    nO: int | None = None,
) -> Model[SpanInputs, Floats2d]:
    """Softmax over exclusive labels from the n-grams of the `REACH` tokens on either side of a span.

    The span's own words play no part, nor do those of the other spans of the document: a word of its own stands for
    each. An n-gram is counted once as it is, and once as one before the span, or after it. Arguments as in
    `bellwether.NgramClassifier.v1`.

    RETURNS (Model): from docs and the bounds of their spans to one row of probabilities a span, doc after doc.
    """
    return _build("span_ngram_classifier", read_spans, rows, words, shortest, longest, scale, nO)


def _build(
    name: str,
    read_units: ReadUnits,
    rows: int,
    words: int,
    shortest: int,
    longest: int,
    scale: float,
    nO: int | None,
) -> Model[Any, Floats2d]:
    if rows < 1 or words < 0 or not words + longest or (longest and not 0 < shortest <= longest):
        raise ValueError(
            f"{name}: rows must be at least 1, words at least 0, shortest at least 1 and at most longest, words and "
            f"longest not both 0; got rows {rows!r}, words {words!r}, shortest {shortest!r}, longest {longest!r}"
        )
    return Model(
        name,
        partial(_forward, read_units=read_units),
        init=_init,
        dims={"nO": nO},
        params={"W": None, "b": None},
        attrs={
            "rows": rows,
            "words": words,
            "shortest": shortest,
            "longest": longest,
            "scale": scale,
            "resize_output": partial(_resize, read_units=read_units),
        },
    )


def _init(model: Model[Any, Floats2d], X: Any = None, Y: Floats2d | None = None) -> None:
    if Y is not None:
        model.set_dim("nO", Y.shape[1], force=True)
    model.set_param("W", model.ops.alloc2f(model.attrs["rows"], model.get_dim("nO")))
    model.set_param("b", model.ops.alloc1f(model.get_dim("nO")))


def _forward(
    model: Model[Any, Floats2d],
    inputs: Any,
    is_train: bool,
    *,
    read_units: ReadUnits,
) -> tuple[Floats2d, Callable[[Floats2d], Any]]:
    ops = model.ops
    table = model.get_param("W")
    words, shortest, longest = (model.attrs[name] for name in ("words", "shortest", "longest"))
    count, of_words, of_characters = read_units(inputs, words=words > 0, characters=longest > 0)
    found = [] if of_words is None else list(find_ngrams(of_words, 1, words))
    if of_characters is not None:
        found += find_ngrams(of_characters, shortest, longest)
    rows, lengths = (ops.asarray1i(array) for array in hash_into_rows(found, count, len(table)))
    values = (model.attrs["scale"] / ops.xp.sqrt(ops.xp.maximum(lengths, 1))).astype("f")[:, None]
    logits = ops.alloc2f(count, table.shape[1])
    if len(rows):
        # `take` is three times as fast as an index where rows are as short as here.
        logits += ops.reduce_sum(table.take(rows, axis=0), lengths) * values
    logits += model.get_param("b")

    def backprop(gradient: Floats2d) -> Any:
        d_table = ops.alloc2f(*table.shape)
        if len(rows):
            ops.scatter_add(d_table, rows, ops.backprop_reduce_sum(ops.as_contig(gradient * values), lengths))
        model.inc_grad("W", d_table)
        model.inc_grad("b", gradient.sum(axis=0))
        return []

    return ops.softmax(logits), backprop


def _resize(model: Model[Any, Floats2d], new_nO: int, *, read_units: ReadUnits) -> Model[Any, Floats2d]:
    """A classifier with more labels, as likely as its least likely one; the old ones keep their weights."""
    settings = {name: model.attrs[name] for name in ("rows", "words", "shortest", "longest", "scale")}
    grown = _build(model.name, read_units, nO=new_nO, **settings)
    if model.has_param("W"):
        table, bias = model.get_param("W"), model.get_param("b")
        grown.initialize()
        grown.get_param("W")[:, : len(bias)] = table
        grown.get_param("b")[:] = bias.min()
        grown.get_param("b")[: len(bias)] = bias
    return grown


def read_docs(docs: list[Doc], *, words: bool, characters: bool) -> tuple[int, Units | None, Units | None]:
    """RETURNS: the number of docs, their words, and their characters, as far as wanted."""
    numbers = [number_words(doc) for doc in docs] if words else []
    texts = [f" {_normalise(doc.text)} " for doc in docs] if characters else []
    of_words = Units(hash_words(numbers), _name_owners(list(map(len, numbers)))) if words else None
    of_characters = Units(hash_characters(texts), _name_owners(list(map(len, texts)))) if characters else None
    return len(docs), of_words, of_characters


def read_spans(inputs: SpanInputs, *, words: bool, characters: bool) -> tuple[int, Units | None, Units | None]:
    """RETURNS: the number of spans, and the words and the characters around them, as far as wanted."""
    numbers: list[Hashes] = []
    lengths: list[int] = []
    texts: list[str] = []
    this_word, other_word = (numpy.array([number]) for number in (_THIS_WORD, _OTHER_WORD))
    count = 0
    for doc, bounds in zip(*inputs, strict=True):
        if not bounds:
            continue
        numbered = number_words(doc) if words else this_word
        read_text = _text_reader(doc)
        for before, after in cut_around(bounds, len(doc)):
            count += 1
            if words:
                preceding, following = (
                    [other_word if piece.is_span else numbered[piece.start : piece.end] for piece in side]
                    for side in (before, after)
                )
                numbers += [*preceding, this_word, *following]
                lengths += [sum(map(len, preceding)), 1, sum(map(len, following))]
            if characters:
                left, right = (
                    [_OTHER if piece.is_span else read_text(piece.start, piece.end) for piece in side]
                    for side in (before, after)
                )
                texts += [f" {' '.join(filter(None, left))} ", _THIS, f" {' '.join(filter(None, right))} "]
    of_words = _around(hash_words(numbers), lengths) if words else None
    of_characters = _around(hash_characters(texts), list(map(len, texts))) if characters else None
    return count, of_words, of_characters


def _text_reader(doc: Doc) -> Callable[[int, int], str]:
    """The text from a token to another, normalised: what is between two spans is asked for once for each span."""
    text = doc.text
    places = doc.to_array([IDX, LENGTH]).reshape(-1, 2).astype("int64")
    begins, ends = places[:, 0].tolist(), places.sum(axis=1).tolist()

    @cache
    def read_text(start: int, end: int) -> str:
        return _normalise(text[begins[start] : ends[end - 1]]) if start < end else ""

    return read_text


def cut_around(bounds: list[tuple[int, int]], length: int) -> Iterator[tuple[list[Piece], list[Piece]]]:
    """For each span, in the order of `bounds`, the text and the other spans before it, and after it.

    Others that overlap with the span, or reach out of `REACH`, count as text.

    bounds: of the spans of one doc. length (int): its tokens.
    """
    ordered = sorted(set(bounds))
    for start, end in bounds:
        low, high = max(0, start - REACH), min(length, end + REACH)
        others = ordered[bisect_left(ordered, (low, 0)) : bisect_left(ordered, (high, 0))]
        before = _cut(low, start, [other for other in others if other[1] <= start])
        yield before, _cut(end, high, [other for other in others if other[0] >= end and other[1] <= high])


def _cut(start: int, end: int, spans: list[tuple[int, int]]) -> list[Piece]:
    pieces = []
    for begin, stop in spans:
        if begin >= start:
            pieces += [Piece(start, begin, is_span=False), Piece(begin, stop, is_span=True)]
            start = stop
    return [*pieces, Piece(start, end, is_span=False)]


def number_words(doc: Doc) -> Hashes:
    """(tokens,): a number for each word, the same for words that differ in case only."""
    table = doc.to_array([LOWER, LIKE_URL]).reshape(-1, 2)
    return numpy.where(table[:, 1] > 0, _LINK_WORD, table[:, 0])


def hash_words(numbers: list[Hashes]) -> Hashes:
    """(words,), of all texts. numbers: what `number_words` gives."""
    return _stir(_concatenate(numbers) + _WORDS)


def hash_characters(texts: list[str]) -> Hashes:
    """(characters,), of all texts."""
    codes = numpy.frombuffer("".join(texts).encode("utf-32-le"), dtype="<u4")
    return _stir(codes.astype("uint64") * _STEP)


def _normalise(text: str) -> str:
    return " ".join(LINK.sub("link", text).lower().split())


def _concatenate(parts: list[Hashes]) -> Hashes:
    return numpy.concatenate([numpy.zeros(0, dtype="uint64"), *parts])


def _name_owners(lengths: list[int]) -> Integers:
    return numpy.repeat(numpy.arange(len(lengths)), lengths)


def _around(hashes: Hashes, lengths: list[int]) -> Units:
    """lengths: of what is before each span, of what stands for it, and of what is after it."""
    parts = numpy.arange(len(lengths))
    return Units(hashes, numpy.repeat(parts // 3, lengths), numpy.repeat(parts % 3 - 1, lengths))


def find_ngrams(units: Units, shortest: int, longest: int) -> Iterator[tuple[Integers, Hashes]]:
    """Runs of units of one text: the number of the text of each, and a hash made from that of its first units and of
    its last one. A run before or after the span, the span included, comes a second time, as that."""
    hashes = units.hashes
    for size in range(1, longest + 1):
        if size > 1:
            hashes = _stir(hashes[:-1] * _STEP + units.hashes[size - 1 :])
        if size < shortest:
            continue
        count = len(hashes)
        whole = units.owners[:count] == units.owners[size - 1 :]
        yield units.owners[:count][whole], hashes[whole]
        if units.sides is not None:
            before, after = units.sides[size - 1 :] <= 0, units.sides[:count] >= 0
            for side, salt in ((whole & before, _BEFORE), (whole & after, _AFTER)):
                yield units.owners[:count][side], _stir(hashes[side] + salt)


def hash_into_rows(
    found: list[tuple[Integers, Hashes]], count: int, rows: int
) -> tuple[NDArray[numpy.int32], NDArray[numpy.int32]]:
    """The rows of the n-grams of each of `count` texts, text after text, each row once a text; how many each has."""
    owners = numpy.concatenate([numpy.zeros(0, dtype="int64"), *(owner for owner, _ in found)])
    hashes = _concatenate([hashed for _, hashed in found])
    # Text after text: this sort merges what each size and side of n-grams has in that order already.
    keys = (hashes % numpy.uint64(rows)).astype("i")[owners.argsort(kind="stable")]
    sizes = numpy.bincount(owners, minlength=count)
    ends = numpy.cumsum(sizes)
    begins = ends - sizes
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        keys[begin:end].sort()  # many small sorts take a fifth of the time of a large one
    is_new = numpy.append(True, keys[1:] != keys[:-1])[: len(keys)]
    is_new[begins[sizes > 0]] = True
    counted = numpy.append(0, numpy.cumsum(is_new))
    return keys[is_new], (counted[ends] - counted[begins]).astype("i")


def _stir(hashes: Hashes) -> Hashes:
    """Let every bit of a number change all the others; overflow is meant."""
    hashes = hashes ^ (hashes >> _HIGH)
    hashes = hashes * _STIR
    return hashes ^ (hashes >> _LOW)
