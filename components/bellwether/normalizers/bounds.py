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
            "greater than", "higher than", "better than", "as little as", "as few as", "as low as", "no lower than",
            "not lower than", "beyond",
            "exceed", "exceeds", "exceeded", "surpass", "surpasses", "surpassed", "surpassing", "tops", "topped",
            "topping",
            "past", "at the least", "at the very least", "at very least", "at a minimum", ">", ">=", "≥",
        ),
        "at_least",
    ),
    **dict.fromkeys(
        (
            "up to", "upto",
            "at most", "less than", "under", "below", "a maximum of", "maximum of", "maximum", "no more than",
            "not more than", "as much as", "as many as", "fewer than", "lower than", "not exceeding", "south of",
            "a cap of", "beneath", "as high as", "no higher than", "not higher than", "not to exceed", "not exceed",
            "never exceed", "at the most", "at a maximum", "shy of", "just short of",
            "smaller than", "cheaper than", "<", "<=", "≤",
        ),
        "at_most",
    ),
    **dict.fromkeys(
        (
            "about", "around", "roughly", "nearly", "almost", "some", "approximately", "approx", "approx.",
            "close to", "near", "circa", "ca.",
            "ca", "c.", "in the region of", "region of", "in the order of", "on the order of", "order of",
            "in the neighbourhood of", "in the neighborhood of", "in the area of", "neighbourhood of",
            "neighborhood of",
            "something like", "give or take", "approaching", "more or less", "~", "≈",
        ),
        "about",
    ),
}  # fmt: skip
"""What an amount's bound is by the words before it; an article may stand between ("more than a 5% stake")."""

AFTER: dict[str, Bound] = {
    **dict.fromkeys(
        (
            " or more", " or higher", " or above", " or over", " or greater", " and above", " and over", " and up",
            " at least", "-plus", "+",
        ),
        "at_least",
    ),
    **dict.fromkeys(
        (" or less", " or lower", " or below", " or under", " or fewer", " and below", " at most"), "at_most"
    ),
    **dict.fromkeys((" or so", "-ish", " or thereabouts"), "about"),
}  # fmt: skip

_words = str.split

# After one of these the words belong to a verb or a noun: "crept up to 19%", "rolled over $2bn", "a row over $5m".
NOT_AFTER: dict[str, frozenset[str]] = {
    "up to": frozenset(
        _words(
            "add adds added adding amount amounts amounted amounting back bid bring brings bringing brought built "
            "bumped came come comes coming creep creeping creeps crept drive driven driving drove edge edged edges "
            "edging go goes going gone went hike hiked inch inched inches inching jack jacked lead leading leads led "
            "lift lifted line lined lives live lived mark marked move moved moves moving nudge nudged own owned "
            "picked pull pulled push pushed pushes pushing ratcheted round rounded run running ran send sends sent "
            "shoot shot shooting sign signed step stepped steps sum summed sums take takes taking taken took tick "
            "ticked ticking ticks topped wake wakes waking woke"
        )
    ),
    "over": frozenset(
        _words(
            "roll rolls rolled rolling hand hands handed handing take takes took taken taking turn turns turned "
            "turning carry carries carried carrying sign signs signed signing pass passes passed passing mull mulls "
            "mulled mulling row dispute fight battle clash feud quarrel lawsuit sue sues sued fined probe talks "
            "haggle haggles haggled haggling argue argues argued arguing premium spread fork forks forked bring "
            "brings brought make made pore"
        )
    ),
    "about": frozenset(
        _words(
            "worry worries worried worrying concern concerns concerned talk talks talked talking question questions "
            "complaint complaints complain complains complained doubt doubts nothing something what fears anything "
            "said asked asks"
        )
    ),
    "near": frozenset(_words("nowhere anywhere drew draw draws")),
    "around": frozenset(_words("turn turns turned turning bring brought")),
    "past": frozenset(_words("half the over in")),
    "order of": frozenset(_words("an new big large first this that the")),
    "top": frozenset(_words("the its a of on")),
}  # fmt: skip
# "no fund may hold more than 8%" sets an upper limit.
NEGATED: dict[str, Bound] = {
    **dict.fromkeys(("more than", "exceed", "higher than", "greater than", "surpass", "over"), "at_most"),
    **dict.fromkeys(("less than", "fewer than", "lower than"), "at_least"),
}  # fmt: skip
_NEGATION = re.compile(
    r"(?:\b(?:no|not|never|nor|neither|none|cannot)|n't)(?! (?:only|longer|less|doubt|just|sooner|least))"
    r"(?: (?!(?:that|because|but|while|and|as|if|when|since|which|who|where)\b)[\w'-]+){0,5} $"
)
_NEGATION_WINDOW = 64

_ARTICLES = frozenset({"a", "an"})
_LETTERS_ONLY = re.compile(r"[\w ]*")
_MORE = frozenset({"additional", "extra", "further"})
# "to buy back up to $800m" is a bound, "came back up to $8" is not
_BUYS_BACK = (["buy", "back"], ["buys", "back"], ["bought", "back"], ["buying", "back"])
_OPENING = "(\"'"  # "(approximately $5m)"
_QUOTES = frozenset("\"'")
# "sued over a $5m loan"; "more than a 5% stake" is a bound.
_NOT_BEFORE_ARTICLE = frozenset({"over", "about", "around", "under", "above", "below", "past", "beyond", "top", "some"})
_HYPHENS = frozenset({"-", "–", "—", " - ", " – ", " — ", "- ", "– "})
_TO = frozenset({" to ", "-to-", " to plus "})
_AND = frozenset({" and ", " & ", " and plus "})
_LONGEST_GAP = len(" and plus ")
_WINDOW = 28
_AFTER = re.compile(
    "|".join(re.escape(words) + (r"(?=[.;)]|$)" if words.endswith(" up") else "") for words in AFTER), re.IGNORECASE
)
_CHANGE_FROM = re.compile(r"\bfrom (?:[^\W\d_][\w'-]* ){0,4}$")
_RANGE_FROM = re.compile(
    r"\b(?:rang(?:e|es|ed|ing)|var(?:y|ies|ied|ying)|anywhere|anything|spread|spreads|runs?|running|ran|"
    r"stretch(?:es|ed|ing)?|extend(?:s|ed|ing)?) from $"
)


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
    closing = 0
    if words and not _LETTERS_ONLY.fullmatch(
        text, max(0, start - _WINDOW), start
    ):  # (approximately $5m, "comfortably above" $30m
        if words[-1][-1] in _QUOTES:
            words[-1] = words[-1][:-1]
            closing = 1
        words = [word.lstrip(_OPENING) for word in words]
    skipped = 0
    if len(words) > 1 and words[-1] in _MORE:  # "up to an additional $5m"
        skipped = len(words.pop()) + 1
    if words and words[-1] in _ARTICLES:
        skipped += len(words.pop()) + 1
    for count in (4, 3, 2, 1):
        phrase = " ".join(words[-count:])
        if len(words) >= count and phrase in BEFORE:
            if skipped and phrase in _NOT_BEFORE_ARTICLE:
                break
            before = words[-count - 1] if len(words) > count else ""
            if before in NOT_AFTER.get(phrase, ()) and words[-count - 2 : -count] not in _BUYS_BACK:
                break
            begin = max(0, start - len(phrase) - 1 - skipped - closing)
            return BoundWords(_negate(text, begin, phrase), begin, phrase)
    match = _AFTER.match(text, end)
    if match and (not match[0][-1].isalpha() or not text[match.end() : match.end() + 1].isalpha()):
        return BoundWords(AFTER[match[0].lower()], start)
    return BoundWords("exact", start)


def _negate(text: str, start: int, phrase: str) -> Bound:
    """The bound of a phrase that begins at a place, turned round by a "not" before it."""
    if phrase in NEGATED and _NEGATION.search(text[max(0, start - _NEGATION_WINDOW) : start].lower()):
        return NEGATED[phrase]
    return BEFORE[phrase]


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
        return None if _CHANGE_FROM.search(before) and not _RANGE_FROM.search(before) else "to"
    return None
