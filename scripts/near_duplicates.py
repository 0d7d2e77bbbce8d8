"""Near-duplicate texts: two texts are near-duplicates when they share more than half of the word 4-grams of the shorter one."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

NGRAM = 4
MAX_OVERLAP = 0.5
# An n-gram found in more texts than this is boilerplate ("for the year ended december"): it proposes no pair, so that the search stays
# linear, but it still counts in the overlap of the pairs that rarer n-grams propose.
MAX_TEXTS_A_NGRAM = 100
_WORD = re.compile(r"\w+", re.UNICODE)
_URL = re.compile(r"https?://\S+")


def normalize(text: str) -> str:
    """The words of a text, lower case, without URLs and punctuation: what makes two texts equal."""
    return " ".join(_WORD.findall(_URL.sub(" ", text).lower()))


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
    """Yield (i, j, overlap), i < j, for the pairs of texts whose overlap is above the threshold."""
    grams = [word_ngrams(text) for text in texts]
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, own in enumerate(grams):
        for gram in own:
            index[gram].append(number)
    for number, own in enumerate(grams):
        candidates: Counter[int] = Counter()
        for gram in own:
            holders = index[gram]
            if len(holders) <= MAX_TEXTS_A_NGRAM or len(own) == 1:
                candidates.update(other for other in holders if other > number)
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
