"""Whether a percentage goes on from the one before it: "5% in Europe and 3% in Asia", "gold rose 3%, silver 5%",
"grew 0.3%, against a consensus of 0.2%", "grew 3%, half the 6% of the year before"."""

import re

from . import direction_words as words
from .direction_tokens import ABBREVIATIONS, is_skipped
from .direction_words import ARTICLES, STOPS

_CLAUSE_END = re.compile(r"[.;:!?)\n](?:\s|$)")
_ABBREVIATED = re.compile(rf"\b{ABBREVIATIONS}(?= )", re.IGNORECASE)
_EXPECTED = re.compile(
    r" \((?:forecast|consensus|estimate|expected|est|exp|previous|prev|prior)\b\.?:? ?", re.IGNORECASE
)
# "Brent is up 20% this quarter, WTI 18%", "rose 2% on the dollar and the pound 1%"
_ADJUNCT = re.compile(
    r"\A (?:(?:this|last|on|in|over|for|since|so|from|to|against|at) [\w' -]{1,40}?|overnight|today|yesterday|y/y)"
    r"(?=, | and )",
    re.IGNORECASE,
)
# "exports fell 12%, the most in three years, and imports 8%"
# "claims were 14% up, premiums 5%"
_MOVE = re.compile(
    r"\A (?P<move>[a-z]+)(?: (?:in|at|on|for|this|last|from) [\w' -]{1,40}?)?(?=, | and )", re.IGNORECASE
)
_PREPOSITION = re.compile(r"\b(by|of|at) \S*\d\S*(?: (?:points?|basis points?|percentage points?|per ?cent))?\Z")
_ASIDE = re.compile(r"\A, (?:the|its|a|an|their|his|her) [^,.;:%()\d]{3,60}(?=, )", re.IGNORECASE)
_HEDGE = re.compile(r" (?:just|slightly|well|far|a (?:little|bit|shade|touch|fraction)) ?\Z", re.IGNORECASE)
_POINTS = re.compile(r"(?:bps?|pp|pps|ppts?|points?)\Z", re.IGNORECASE)
_WORDS_OF_GAP = 3
_WORDS_OF_COMPARISON = 6
_LONGEST_UNIT = 8
_LONGEST_FIGURE = 40
_REPEATED = (" by ", " of ", " at ")


def is_points(text: str, end: int) -> bool:
    """Whether the figure that ends here counts percentage points or basis points."""
    return _POINTS.search(text, max(0, end - _LONGEST_UNIT), end) is not None


def _is_expectation(between: str, after: list[str]) -> bool:
    """Of "against a consensus of", "less than the 5% expected"."""
    compared = between.lower().replace(",", " ").split()[-_WORDS_OF_COMPARISON:]
    if words.COMPARING.isdisjoint(compared) or not words.LEVEL_NOUNS.isdisjoint(compared):
        return False
    clause = after if after[:1] in (["that"], ["which"]) else after[:1]
    return not words.EXPECTATIONS.isdisjoint([*compared[-4:], *clause])


def is_compared(between: str, after: list[str]) -> bool:
    """Of "quicker than the 5% of May", "half the 5% pace", "well short of the 5% that it sought", "up from"."""
    compared = between.lower().replace(",", " ").split()[-_WORDS_OF_COMPARISON:]
    if not words.LEVEL_NOUNS.isdisjoint(compared) or not words.NORMS.isdisjoint(after):
        return False
    while compared and (compared[-1] in ARTICLES or is_skipped(compared[-1])):
        del compared[-1]
    return bool(compared) and (compared[-1] in words.COMPARATORS or " ".join(compared[-2:]) in words.COMPARATOR_PAIRS)


def _preposition(text: str, end: int) -> str:
    """Of "by 5%", the "by"."""
    match = _PREPOSITION.search(text, max(0, end - _LONGEST_FIGURE), end)
    return match[1] if match else ""


def _is_gapped(text: str, gap: tuple[int, int], after: list[str]) -> bool:
    """Of "gold rose 3%, silver 5%", "rose 3% this year and the rouble 5%": a subject, and the verb is left out;
    "put the fall at 3%, the union at 5%": the same preposition as before the first figure."""
    between = text[gap[0] : gap[1]]
    if ", " not in between and " and " not in between:
        return False
    is_repeated = between.endswith(_REPEATED) and between.endswith(f" {_preposition(text, gap[0])} ")
    if is_repeated:
        between = between[: between.rindex(" ", 0, -1)] + " "
    if (move := _MOVE.match(between)) and (move["move"] in words.COMPARATIVES or move["move"] in words.NOUNS):
        between = between[move.end() :]
    between = _HEDGE.sub("", _ASIDE.sub("", _ADJUNCT.sub("", between)))
    if not between.startswith((", ", " and ")):
        return False
    subject = between.lower().removeprefix(",").split()
    is_last = subject[:1] == ["and"]
    if is_last:
        del subject[0]
    if (is_last or is_repeated) and subject[:1] == ["the"]:
        del subject[0]
    if not 0 < len(subject) <= _WORDS_OF_GAP + is_last:
        return False
    blocked = any(word in STOPS or word in words.LEVEL_NOUNS or word in ARTICLES or "," in word for word in subject)
    return not blocked and (not after or after[0] in words.AFTER_GAP)


def inherits(text: str, gap: tuple[int, int], end: int, tokens: list[str], after: list[str]) -> bool:
    """Whether a figure goes on from the one before it.

    gap (tuple): end of the figure before, start of this one.
    end (int): where this one ends.
    tokens (list): the words of the clause before it.
    after (list): the words behind it.
    """
    between = text[gap[0] : gap[1]]
    if _CLAUSE_END.search(_ABBREVIATED.sub("", between.rstrip())):
        return _EXPECTED.fullmatch(between) is not None or (between[0] == ";" and tokens[-1:] == ["by"])
    if between in (", ", " and ") or _EXPECTED.fullmatch(between) or _is_expectation(between, after):
        return True
    is_alike = is_points(text, gap[0]) == is_points(text, end)
    last_two = " ".join(tokens[-2:])
    if tokens and (tokens[-1] in words.INHERITS or last_two in words.INHERITING_PAIRS):
        return is_alike or tokens[-1] not in words.COMPARING
    return is_alike and (
        last_two == "one of"
        or (tokens[-1:] == ["to"] and not words.RANGING.isdisjoint(tokens))
        or is_compared(between, after)
        or _is_gapped(text, gap, after)
    )
