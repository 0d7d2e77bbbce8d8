"""Whether a percentage goes on from the one before it: "5% in Europe and 3% in Asia", "gold rose 3%, silver 5%",
"grew 0.3%, against a consensus of 0.2%"."""

import re

from . import direction_words as words
from .direction_words import ARTICLES, STOPS

_CLAUSE_END = re.compile(r"[.;:!?)\n](?:\s|$)")
ABBREVIATIONS = r"(?:(?:[a-z]\.){2,}|(?:inc|ltd|corp|co|plc|vs|bhd|tbk|approx|est|st|no)\.)"
_ABBREVIATED = re.compile(rf"\b{ABBREVIATIONS}(?= )", re.IGNORECASE)
_EXPECTED = re.compile(
    r" \((?:forecast|consensus|estimate|expected|est|exp|previous|prev|prior)\b\.?:? ?", re.IGNORECASE
)
# "Brent is up 20% this quarter, WTI 18%"
_ADJUNCT = re.compile(
    r"\A (?:(?:this|last|on|in|over|for|since|so|from|to) [\w' -]{1,40}|overnight|today|yesterday|y/y)(?=, )",
    re.IGNORECASE,
)
_HEDGE = re.compile(r" (?:just|slightly|well|far|a (?:little|bit|shade|touch|fraction)) ?\Z", re.IGNORECASE)
_WORDS_OF_GAP = 3
_WORDS_OF_COMPARISON = 6


def _is_expectation(between: str, after: list[str]) -> bool:
    """Of "against a consensus of", "less than the 5% expected"."""
    compared = between.lower().replace(",", " ").split()[-_WORDS_OF_COMPARISON:]
    if words.COMPARING.isdisjoint(compared) or not words.LEVEL_NOUNS.isdisjoint(compared):
        return False
    clause = after if after[:1] in (["that"], ["which"]) else after[:1]
    return not words.EXPECTATIONS.isdisjoint([*compared[-4:], *clause])


def inherits(text: str, gap: tuple[int, int], tokens: list[str], after: list[str]) -> bool:
    """Whether a figure goes on from the one before it: "5% and 3%", "5% in Europe and 3% in Asia", "gold rose 3%,
    silver 5%"."""
    between = text[gap[0] : gap[1]]
    if _CLAUSE_END.search(_ABBREVIATED.sub("", between.rstrip())):
        return _EXPECTED.fullmatch(between) is not None or (between[0] == ";" and tokens[-1:] == ["by"])
    if between in (", ", " and ") or _EXPECTED.fullmatch(between) or _is_expectation(between, after):
        return True
    if tokens and (tokens[-1] in words.INHERITS or " ".join(tokens[-2:]) in words.INHERITING_PAIRS):
        return True
    between = _HEDGE.sub("", _ADJUNCT.sub("", between))
    subject = between.lower().removeprefix(",").split()
    if not between.startswith((", ", " and ")) or not 0 < len(subject) <= _WORDS_OF_GAP + 1:
        return False
    if subject[0] == "and":
        del subject[0]
    blocked = any(word in STOPS or word in words.LEVEL_NOUNS or word in ARTICLES or "," in word for word in subject)
    return not blocked and (not after or after[0] in ("and", "to", "in"))
