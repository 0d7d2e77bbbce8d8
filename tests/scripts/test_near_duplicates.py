"""Near-duplicates: what counts as one, that all are found, and that the search stays cheap for boilerplate."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.near_duplicates import cluster, find_near_duplicates, normalize, overlap, word_ngrams

BASE = "Norvane lifted its net profit in the third quarter as orders for pumps came back in force"


@pytest.mark.parametrize(
    ("first", "second", "equal"),
    [
        (BASE, BASE.upper() + "!!", True),
        (BASE, f"{BASE} https://t.co/x1", True),
        (BASE, f"«{BASE}»", True),
        (BASE, BASE.replace("third", "second"), False),
        ("🚀", "🎉", False),
        ("https://t.co/a", "https://t.co/b", False),
        ("🚀  🚀", "🚀\n🚀", True),
    ],
)
def test_equal_texts(first: str, second: str, equal: bool) -> None:
    assert (normalize(first) == normalize(second)) is equal


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (BASE.replace("force", "droves"), True),
        (BASE.replace("third", "second"), True),
        ("Yesterday, in a long and winding statement to its patient owners: " + BASE, True),
        ("Norvane lifted its dividend as orders for valves stayed away in the third quarter", False),
        ("The krone weakens to 11.40 per euro on the day before the holidays in the north", False),
        ("🚀", False),
    ],
)
def test_near_duplicates_share_more_than_half_of_the_shorter_text(other: str, found: bool) -> None:
    assert bool(list(find_near_duplicates([BASE, other]))) is found
    assert (overlap(word_ngrams(BASE), word_ngrams(other)) > 0.5) is found


def test_exactly_half_is_not_more_than_half() -> None:
    first, second = "a b c d e", "a b c d x"
    assert overlap(word_ngrams(first), word_ngrams(second)) == 0.5
    assert list(find_near_duplicates([first, second])) == []


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=9).map(" ".join), max_size=9))
def test_the_search_finds_what_comparing_all_pairs_finds(texts: list[str]) -> None:
    grams = [word_ngrams(text) for text in texts]
    pairs = [
        (first, second, overlap(grams[first], grams[second]))
        for first, second in itertools.combinations(range(len(texts)), 2)
        if overlap(grams[first], grams[second]) > 0.5
    ]
    assert list(find_near_duplicates(texts)) == pairs


def test_single_linkage() -> None:
    words = [f"w{number}" for number in range(30)]
    chain = [" ".join(words[start : start + 12]) for start in (0, 3, 6, 9)]
    assert list(find_near_duplicates([chain[0], chain[3]])) == []
    assert cluster([*chain, "another text that has nothing to do with it"]) == [0, 0, 0, 0, 4]


def test_many_copies_of_one_text_are_one_cluster() -> None:
    texts = [f"{BASE} number {number}" for number in range(350)]
    assert set(cluster(texts)) == {0}
    assert len(list(find_near_duplicates(texts))) <= 350 * 100


def test_nothing() -> None:
    assert cluster([]) == []
    assert list(find_near_duplicates([""])) == []
