"""Windows, word pieces and means are those of spacy-transformers, without its loops."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from spacy_transformers.align import get_alignment_via_offset_mapping
from spacy_transformers.layers.transformer_model import huggingface_tokenize
from spacy_transformers.span_getters import get_strided_spans
from tokenizers import Tokenizer

from bellwether.compiled_encoder.pieces import add_token_sums, cut_windows, make_batches, mean_of_sums, read_pieces
from scripts.docbin import blank_pipeline

WINDOW, STRIDE = 6, 4
WIDTH = 3
texts = st.lists(
    st.text(alphabet=st.sampled_from("ab É\n\t .,-$ö😀\u200b\u0301½Xnorvane")) | st.text(max_size=30), max_size=5
)
nlp = blank_pipeline("en")


@pytest.fixture(scope="module")
def fast(tiny_encoder):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(tiny_encoder)


@pytest.fixture(scope="module")
def pieces_of(fast):
    tokenizer = Tokenizer.from_str(fast.backend_tokenizer.to_str())

    def read(docs, max_pieces=512):
        return read_pieces(docs, tokenizer, window=WINDOW, stride=STRIDE, max_pieces=max_pieces)

    return read


def spans_of(docs):
    return list(itertools.chain.from_iterable(get_strided_spans(docs, WINDOW, STRIDE)))


@given(length=st.integers(0, 60), window=st.integers(1, 12), overlap=st.integers(0, 11))
def test_windows_are_the_strided_spans(length, window, overlap):
    stride = max(1, window - overlap)
    doc = nlp.make_doc("a " * length)
    assert len(doc) == length
    expected = [(span.start, span.end) for span in get_strided_spans([doc], window, stride)[0]]
    assert cut_windows(length, window, stride) == expected


@given(texts)
@example(["", "a", " ", "a b c d e f g h i j"])
@example(["norvane\u200bab", "e\u0301", "\n\n", "½ of it"])
def test_tokens_get_the_pieces_that_spacy_transformers_gives_them(pieces_of, fast, found):
    docs = [nlp.make_doc(text) for text in found]
    spans = spans_of(docs)
    pieces = pieces_of(docs)
    if not spans:
        assert len(pieces.ids) == 0
        return
    encoded = huggingface_tokenize(fast, [span.text for span in spans])
    assert pieces.ids.tolist() == encoded["input_ids"][encoded["attention_mask"] == 1].tolist()
    align = get_alignment_via_offset_mapping(spans, encoded["offset_mapping"])
    assert pieces.counts.tolist() == list(align.lengths)
    # Rows of the padded array, as spacy-transformers counts them, against ours of the pieces without padding.
    flat = np.flatnonzero(encoded["attention_mask"].ravel())
    ours = sorted(zip(pieces.token.tolist(), flat[pieces.piece].tolist(), strict=True))
    tokens = np.repeat(np.arange(len(align.lengths)), align.lengths)
    assert ours == sorted(zip(tokens.tolist(), align.dataXd.ravel().tolist(), strict=True))


@given(texts, st.integers(1, 40), st.sampled_from([1, 4, 8]))
def test_a_token_is_the_mean_of_its_pieces_however_they_are_batched(pieces_of, found, size, multiple):
    """With an encoder that answers with each piece's id, and nonsense where there is padding."""
    docs = [nlp.make_doc(text) for text in found]
    pieces = pieces_of(docs)
    sums = np.zeros((len(pieces.counts), WIDTH), np.float32)
    windows = 0
    for batch in make_batches(pieces, size=size, pad_id=0, multiple=multiple):
        rows, length = batch.input_ids.shape
        assert rows == 1 or rows * length <= size
        assert length % multiple == 0
        windows += rows
        values = np.where(batch.attention_mask == 1, batch.input_ids, 10**6)
        add_token_sums(sums, batch, np.repeat(values[:, :, None], WIDTH, axis=2).astype(np.float32))
    assert windows == len(pieces.lengths)
    expected = np.zeros(len(pieces.counts))
    for piece, token in zip(pieces.piece, pieces.token, strict=True):
        expected[token] += pieces.ids[piece] / pieces.counts[token]
    np.testing.assert_allclose(mean_of_sums(sums, pieces.counts)[:, 0], expected, rtol=1e-5)


def test_what_is_over_the_most_pieces_of_a_window_is_cut_off(pieces_of):
    doc = nlp.make_doc("abcdefgh norvane")
    pieces = pieces_of([doc], max_pieces=5)
    assert pieces.lengths.tolist() == [5]
    assert pieces.counts.tolist() == [4, 0]


def test_nothing_comes_of_nothing(pieces_of):
    pieces = pieces_of([nlp.make_doc("")])
    assert list(make_batches(pieces, size=8, pad_id=0)) == []
    assert pieces.counts.tolist() == []
