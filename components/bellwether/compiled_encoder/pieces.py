"""From docs to word pieces, and from the vectors of word pieces to those of tokens.

The same windows, pieces and means as spacy-transformers 1.4 gives (`strided_spans`, `get_alignment_via_offset_mapping`,
`trfs2arrays`), without a loop over tokens: spaCy's tokens cover a text without gaps but for one blank after some, so
the token of a character is found by a binary search among the tokens' starts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDX, LENGTH
from spacy.tokens import Doc
from thinc.api import NumpyOps

from .runtimes import Floats, Ints

_ops = NumpyOps()


@dataclass(frozen=True)
class Pieces:
    """The word pieces of the windows of some docs, and the tokens that they are of.

    ids (Ints): of the word pieces, window by window, special ones included.
    begins (Ints): the first piece of each window, and the end of the last: (windows + 1,).
    piece (Ints), token (Ints): pairs of a piece and a token that share a character, by piece.
    pairs (Ints): the first pair of each window, and the end of the last: (windows + 1,).
    counts (Ints): pieces of each token, over all windows that it is in: (tokens,).
    """

    ids: Ints
    begins: Ints
    piece: Ints
    token: Ints
    pairs: Ints
    counts: Ints

    @property
    def lengths(self) -> Ints:
        """Pieces of each window."""
        return np.diff(self.begins)


@dataclass(frozen=True)
class PieceBatch:
    """Windows that go through the encoder together, padded to one length.

    input_ids (Ints), attention_mask (Ints): (windows, length).
    rows (Ints): a row of the output, as (windows × length, width), for each pair of piece and token, by token.
    tokens (Ints): each token that is in the batch, once. widths (NDArray[int32]): its pairs, one after another.
    """

    input_ids: Ints
    attention_mask: Ints
    rows: Ints
    tokens: Ints
    widths: NDArray[np.int32]


def cut_windows(length: int, window: int, stride: int) -> list[tuple[int, int]]:
    """The windows of a doc of so many tokens: begin and end. The same as `spacy-transformers.strided_spans.v1`."""
    windows = []
    begin = 0
    for _ in range(length // stride):
        windows.append((begin, min(begin + window, length)))
        if begin + window >= length:
            return windows
        begin += stride
    if begin < length:
        windows.append((begin, length))
    return windows


def read_pieces(docs: Sequence[Doc], tokenizer: Any, *, window: int, stride: int, max_pieces: int) -> Pieces:
    """Tokenize docs into word pieces, in one call of the tokenizer.

    tokenizer (tokenizers.Tokenizer): with offsets, without padding and truncation.
    window (int), stride (int): tokens of a window, and from the begin of one to that of the next.
    max_pieces (int): what is over this in a window is cut off.
    """
    texts: list[str] = []
    starts: list[Ints] = []  # of the tokens of each window, in its text
    firsts: list[int] = []  # the first token of each window, counted over all docs
    total = 0
    for doc in docs:
        extents = doc.to_array([IDX, LENGTH]).astype(np.int64).reshape(-1, 2)
        text = doc.text
        for begin, end in cut_windows(len(doc), window, stride):
            first, last = extents[begin, 0], extents[end - 1].sum()
            texts.append(text[first:last])
            starts.append(extents[begin:end, 0] - first)
            firsts.append(total + begin)
        total += len(doc)
    encodings = tokenizer.encode_batch(texts, add_special_tokens=True)
    sizes = np.fromiter((min(len(encoding), max_pieces) for encoding in encodings), np.int64, len(encodings))
    ids = np.fromiter(chain.from_iterable(encoding.ids[:max_pieces] for encoding in encodings), np.int64, sizes.sum())
    offsets = np.fromiter(
        chain.from_iterable(chain.from_iterable(encoding.offsets[:max_pieces] for encoding in encodings)),
        np.int64,
        2 * sizes.sum(),
    ).reshape(-1, 2)
    begins = np.concatenate([[0], np.cumsum(sizes)])
    return _align(ids, offsets, begins, starts, np.array(firsts, np.int64), total)


def _align(ids: Ints, offsets: Ints, begins: Ints, starts: list[Ints], firsts: Ints, total: int) -> Pieces:
    """Find the tokens of each piece, by its offsets."""
    windows = len(firsts)
    # One search for all windows: each has a stretch of its own, longer than any text.
    stretch = 1 + int(max((offsets.max(initial=0), *(array[-1] for array in starts)), default=0))
    of_piece = np.repeat(np.arange(windows), np.diff(begins))
    sizes = np.fromiter(map(len, starts), np.int64, windows)
    of_token = np.repeat(np.arange(windows), sizes)
    keys = np.concatenate([*starts, np.empty(0, np.int64)]) + of_token * stretch
    shift = firsts - np.concatenate([[0], np.cumsum(sizes)])[:-1]
    low = np.searchsorted(keys, offsets[:, 0] + of_piece * stretch, side="right") - 1 + shift[of_piece]
    high = np.searchsorted(keys, offsets[:, 1] - 1 + of_piece * stretch, side="right") - 1 + shift[of_piece]
    width = np.where(offsets[:, 1] > offsets[:, 0], high - low + 1, 0)  # special pieces have no characters
    piece = np.repeat(np.arange(len(ids)), width)
    within = np.arange(len(piece)) - np.repeat(np.cumsum(width) - width, width)
    token = low[piece] + within
    pairs = np.concatenate([[0], np.cumsum(width)])[begins]
    return Pieces(ids, begins, piece, token, pairs, np.bincount(token, minlength=total))


def make_batches(pieces: Pieces, *, size: int, pad_id: int, multiple: int = 1) -> Iterator[PieceBatch]:
    """Windows of similar length, shortest first.

    size (int): pieces of a batch, padding included; a single window may have more.
    pad_id (int): the word piece that pads.
    multiple (int): the padded length is one of these.
    """
    lengths = pieces.lengths
    padded = -(-lengths // multiple) * multiple
    order = np.argsort(lengths, kind="stable")
    begin = 0
    while begin < len(order):
        # As many of the next windows as fit, padded to the longest of them.
        longest = padded[order[begin:]]
        fits = int(np.searchsorted(longest * np.arange(1, len(longest) + 1), size, side="right"))
        end = begin + max(1, fits)
        yield _make_batch(pieces, order[begin:end], int(padded[order[end - 1]]), pad_id)
        begin = end


def _make_batch(pieces: Pieces, windows: Ints, length: int, pad_id: int) -> PieceBatch:
    begins, sizes = pieces.begins[windows], pieces.lengths[windows]
    attention = np.arange(length) < sizes[:, None]
    input_ids = np.full((len(windows), length), pad_id, np.int64)
    input_ids[attention] = pieces.ids[_ranges(begins, sizes)]
    firsts = pieces.pairs[windows]
    widths = pieces.pairs[windows + 1] - firsts
    pairs = _ranges(firsts, widths)
    rows = pieces.piece[pairs] + np.repeat(np.arange(len(windows)) * length - begins, widths)
    token = pieces.token[pairs]
    order = np.argsort(token, kind="stable")
    tokens, counts = np.unique(token, return_counts=True)
    return PieceBatch(input_ids, attention.astype(np.int64), rows[order], tokens, counts.astype(np.int32))


def _ranges(begins: Ints, sizes: Ints) -> Ints:
    """The numbers begin, begin + 1, … of each range, one range after another."""
    return np.arange(sizes.sum()) + np.repeat(begins - np.cumsum(sizes) + sizes, sizes)


def add_token_sums(sums: Floats, batch: PieceBatch, output: Floats) -> None:
    """Add what a batch says about its tokens to the sum of each token's pieces.

    sums (Floats): of all docs: (tokens, width). output (Floats): the encoder's: (windows, length, width).
    """
    if not len(batch.tokens):
        return
    vectors = output.reshape(-1, output.shape[-1])[batch.rows]
    if len(batch.tokens) < len(batch.rows):
        vectors = _ops.reduce_sum(vectors, batch.widths)  # numpy.add.reduceat takes thirty times as long
    sums[batch.tokens] += vectors


def mean_of_sums(sums: Floats, counts: NDArray[np.int64]) -> Floats:
    """The mean vector of each token's pieces, in place; zeros for a token without any, such as a line break."""
    sums /= np.maximum(counts, 1)[:, None].astype(np.float32)
    return sums
