"""What the trainable components share."""

from itertools import pairwise

import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from bellwether.heads import _PART_TOKENS, split_docs

VOCAB = spacy.blank("en").vocab


@given(st.lists(st.sampled_from([0, 1, 30, _PART_TOKENS // 2, _PART_TOKENS, _PART_TOKENS + 1]), max_size=12))
def test_parts_of_a_batch(lengths: list[int]) -> None:
    docs = [Doc(VOCAB, words=["a"] * length) for length in lengths]
    parts = [docs[part] for part in split_docs(docs)]
    assert [doc for part in parts for doc in part] == docs  # each once, in their order
    sizes = [[len(doc) for doc in part if len(doc)] for part in parts]
    assert all(sizes) or not any(lengths)
    assert all(sum(part) <= _PART_TOKENS or len(part) == 1 for part in sizes)
    assert all(sum(left) + right[0] > _PART_TOKENS for left, right in pairwise(sizes))
