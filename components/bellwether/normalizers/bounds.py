"""Bounds and ranges around an amount: "at least $5m", "$5m or more", "3-5%", "between $3bn and $4bn". The words are
data."""

import re
from typing import NamedTuple

from ..values import Bound

BEFORE: dict[str, Bound] = {
    **dict.fromkeys(
        (
            "at least", "more than", "over", "above", "a minimum of", "minimum of", "minimum", "no less than",
            "not less than",
            "no fewer than", "not fewer than", "in excess of", "excess of", "upwards of", "upward of", "north of",
            "exceeding",
            "greater than", "higher than", "as little as", "well over", ">", ">=", "≥",
        ),
        "at_least",
    ),
    **dict.fromkeys(
        (
            "up to", "at most", "less than", "under", "below", "a maximum of", "maximum of", "maximum", "no more than",
            "not more than", "as much as", "as many as", "fewer than", "lower than", "not exceeding", "south of",
            "a cap of", "<", "<=",
            "≤",
        ),
        "at_most",
    ),
    **dict.fromkeys(
        (
            "about", "around", "roughly", "nearly", "almost", "some", "approximately", "approx", "approx.",
            "close to", "circa", "ca.",
            "ca", "c.", "in the region of", "region of", "in the order of", "on the order of", "order of", "~", "≈",
        ),
        "about",
    ),
}  # fmt: skip
"""What an amount's bound is by the words before it; an article may stand between ("more than a 5% stake")."""

AFTER: dict[str, Bound] = {
    **dict.fromkeys(
        (
            " or more", " or higher", " or above", " or over", " or greater", " and above", " and over", " at least",
            "-plus", "+",
        ),
        "at_least",
    ),
    **dict.fromkeys(
        (" or less", " or lower", " or below", " or under", " or fewer", " and below", " at most"), "at_most"
    ),
    **dict.fromkeys((" or so", "-ish", " or thereabouts"), "about"),
}  # fmt: skip

_ARTICLES = frozenset({"a", "an"})
_HYPHENS = frozenset({"-", "–", "—", " - ", " – ", " — ", "- ", "– "})
_TO = frozenset({" to ", "-to-", " to plus "})
_AND = frozenset({" and ", " & ", " and plus "})
_LONGEST_GAP = len(" and plus ")
_WINDOW = 28
_AFTER = re.compile("|".join(re.escape(words) for words in AFTER))
_CHANGE_FROM = re.compile(r"\bfrom (?:[^\W\d_][\w'-]* ){0,4}$")


class BoundWords(NamedTuple):
    """bound (str): "exact" where no words set one. start (int): where the words before the amount begin. words
    (str): those words."""

    bound: Bound
    start: int
    words: str = ""


def words_before(text: str, end: int, window: int = _WINDOW) -> list[str]:
    """The last whole words of a text before a position, in lower case, without looking further back than `window`
    characters."""
    start = max(0, end - window)
    words = text[start:end].lower().split()
    if start and words and not text[start - 1].isspace() and not text[start].isspace():
        del words[0]
    return words


def read_bound(text: str, start: int, end: int) -> BoundWords:
    """Read the bound of an amount.

    start, end (int): of the amount; `end` after its "a share".
    """
    sign = text[start - 1 : start]
    if sign in BEFORE and sign:
        return BoundWords(BEFORE[sign], start - 1)
    words = words_before(text, start)
    skipped = 0
    if words and words[-1] in _ARTICLES:
        skipped = len(words.pop()) + 1
    for count in (3, 2, 1):
        phrase = " ".join(words[-count:])
        if len(words) >= count and phrase in BEFORE:
            return BoundWords(BEFORE[phrase], max(0, start - len(phrase) - 1 - skipped), phrase)
    match = _AFTER.match(text, end)
    if match and (not match[0][-1].isalpha() or not text[match.end() : match.end() + 1].isalpha()):
        return BoundWords(AFTER[match[0]], start)
    return BoundWords("exact", start)


def joins_range(text: str, first: tuple[int, int], second: tuple[int, int]) -> str | None:
    """Whether what stands between two amounts makes them the ends of a range.

    first, second (tuple): bounds of the two.
    RETURNS (str | None): "hyphen", "to" or "between"; None where they are two amounts: "from $3m to $4m", "$3m and
        $4m".
    """
    if not 0 < second[0] - first[1] <= _LONGEST_GAP:
        return None
    gap = text[first[1] : second[0]].lower()
    if gap in _HYPHENS:
        return "hyphen"
    if gap in _AND:
        return "between" if words_before(text, first[0], 12)[-1:] == ["between"] else None
    if gap in _TO:
        before = text[max(0, first[0] - 48) : first[0]].lower()
        return None if _CHANGE_FROM.search(before) else "to"
    return None
