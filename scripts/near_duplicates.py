"""Near-duplicate texts: two that share more than half of the word 4-grams of the shorter one."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

NGRAM = 4
MAX_OVERLAP = 0.5
# An n-gram proposes pairs of a text with this many of the next texts that hold it, so that the search stays linear
# where the n-gram is boilerplate ("for the year ended december").
MAX_PAIRS_A_NGRAM = 100
_WORD = re.compile(r"\w+", re.UNICODE)
_URL = re.compile(r"https?://\S+")


def normalize(text: str) -> str:
    """What makes two texts equal: the words, lower case, without URLs and punctuation; if none, the text itself."""
    return " ".join(_WORD.findall(_URL.sub(" ", text).lower()) or text.split())


def word_ngrams(text: str, n: int = NGRAM) -> frozenset[tuple[str, ...]]:
    """The distinct word n-grams of a text, lower case, URLs and punctuation left out; a shorter text is one n-gram."""
    words = normalize(text).split()
    if len(words) <= n:
        return frozenset({tuple(words)})
    return frozenset(tuple(words[index : index + n]) for index in range(len(words) - n + 1))


def overlap(first: frozenset[tuple[str, ...]], second: frozenset[tuple[str, ...]]) -> float:
    """Shared n-grams as a share of the smaller set, 0..1."""
    return len(first & second) / max(1, min(len(first), len(second)))


def find_near_duplicates(texts: Sequence[str], *, threshold: float = MAX_OVERLAP) -> Iterator[tuple[int, int, float]]:
    """Yield (i, j, overlap), i < j, for the pairs of texts whose overlap is above the threshold.

    Of more than `MAX_PAIRS_A_NGRAM` copies of one text each is paired with the next ones only, which is enough to
    cluster them.
    """
    grams = [word_ngrams(text) for text in texts]
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, own in enumerate(grams):
        for gram in own:
            index[gram].append(number)
    for number, own in enumerate(grams):
        candidates: set[int] = set()
        for gram in own:
            holders = index[gram]
            following = bisect_right(holders, number)
            candidates.update(holders[following : following + MAX_PAIRS_A_NGRAM])
        for other in sorted(candidates):
            share = overlap(own, grams[other])
            if share > threshold:
                yield number, other, share


def cluster(texts: Sequence[str], *, threshold: float = MAX_OVERLAP) -> list[int]:
    """For each text the smallest index of its cluster of near-duplicates (single linkage)."""
    parent = list(range(len(texts)))

    def find(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for first, second, _ in find_near_duplicates(texts, threshold=threshold):
        roots = sorted((find(first), find(second)))
        parent[roots[1]] = roots[0]
    return [find(number) for number in range(len(texts))]
