"""Bounds and ranges: the words around an amount."""

import pytest

from bellwether.normalizers.bounds import AFTER, BEFORE, joins_range, read_bound


def bound_of(text):
    start = text.index("5")
    return read_bound(text, start, start + 1).bound


@pytest.mark.parametrize("words", sorted(BEFORE))
def test_every_phrase_before(words):
    joined = "" if not words[-1].isalpha() and words[-1] != "." else " "
    assert bound_of(f"It was {words}{joined}5") == BEFORE[words]


@pytest.mark.parametrize("words", sorted(AFTER))
def test_every_phrase_after(words):
    assert bound_of(f"It was 5{words}") == AFTER[words]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("more than a 5", "at_least"),
        ("no more than 5", "at_most"),
        ("no fund may hold more than 5", "at_most"),
        ("it shall not be less than 5", "at_least"),
        ("an earn-out not to exceed 5", "at_most"),
        ("it did not rise; more than 5", "at_least"),
        ("not only did it pay more than 5", "at_least"),
        ("sales exceeded 5", "at_least"),
        ("it slid beneath 5", "at_most"),
        ("crept up to 5", "exact"),
        ("climbed by up to 5", "at_most"),
        ("rolls over 5", "exact"),
        ("to hand over 5", "exact"),
        ("over 5", "at_least"),
        ("sued over a 5", "exact"),
        ("nearly a 5", "about"),
        ("a row over 5", "exact"),
        ("worried about 5", "exact"),
        ("a new order of 5", "exact"),
        ("a shade above the 5", "exact"),
    ],
)
def test_phrases(text, bound):
    assert bound_of(text) == bound


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3-5", "hyphen"),
        ("3 to 5", "to"),
        ("between 3 and 5", "between"),
        ("3 and 5", None),
        ("from 3 to 5", None),
        ("from an earlier 3 to 5", None),
        ("estimates range from 3 to 5", "to"),
        ("anywhere from 3 to 5", "to"),
        ("3, or 5", None),
    ],
)
def test_ranges(text, kind):
    first, second = text.index("3"), text.index("5")
    assert joins_range(text, (first, first + 1), (second, second + 1)) == kind
