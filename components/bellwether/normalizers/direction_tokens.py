"""The words around a percentage as the rules of `direction` look at them: of one clause, in lower case, and without
adverbs."""

import re

from . import direction_words as words
from .direction_words import ARTICLES, NOUNS, VERBS

ABBREVIATIONS = r"(?:(?:[a-z]\.){2,}|(?:inc|ltd|corp|co|plc|vs|bhd|tbk|approx|est|st|no)\.)"
LEFT_WINDOW = 110
_RIGHT_WINDOW = 72
WORDS_AFTER = 5
_LONGEST_ASIDE = 6
_ABBREVIATION = re.compile(ABBREVIATIONS)
# "a 12% year over year increase"
_PERIOD_ON_PERIOD = re.compile(
    r" ?(?:year|quarter|month|week)(?: | ?[-–] ?)(?:on|over)(?: | ?[-–] ?)(?:year|quarter|month|week)\b", re.IGNORECASE
)
# "down by the best part of 40%"
_QUANTIFIERS = (["best", "part", "of"], ["better", "part", "of"], ["in", "excess", "of"], ["something", "north", "of"])
_ENDS = frozenset(".;:!?)(")
_QUOTES = "\"'“”*_"


def tokens_before(text: str, end: int) -> list[str]:
    """Words and commas of the clause before a position, in lower case."""
    tokens: list[str] = []
    for raw in reversed(text[max(0, end - LEFT_WINDOW) : end].lower().split()):
        word = raw.strip(_QUOTES)
        if not word:
            continue
        if word[-1] in _ENDS and not _ABBREVIATION.fullmatch(word):
            break
        if word[-1] == ",":
            tokens.append(",")
        if bare := word.strip("(,"):
            tokens.append(bare)
        if word[0] == "(":
            break
    tokens.reverse()
    return tokens


def tokens_after(text: str, start: int, count: int = WORDS_AFTER) -> list[str]:
    """The next words of the clause, in lower case."""
    tokens = []
    if period := _PERIOD_ON_PERIOD.match(text, start):
        start = period.end()
    for raw in text[start : start + _RIGHT_WINDOW].lower().split(maxsplit=count)[:count]:
        word = raw.strip(_QUOTES)
        token = word.rstrip(".,;:!?)")
        if not token:
            break
        tokens.append(token)
        if token != word:
            break
    return tokens


def is_skipped(token: str) -> bool:
    return token in words.SKIPPED or (token.endswith("ly") and token not in VERBS and token not in NOUNS)


def skip(tokens: list[str]) -> list[str]:
    """Without the adverbs at the end, and without the article of "a further 5%"."""
    count = len(tokens)
    while count and is_skipped(tokens[count - 1]):
        count -= 1
    if count and count == len(tokens) and tokens[-1] not in words.AFTER_ARTICLE:
        return tokens
    further = count
    while further and (is_skipped(tokens[further - 1]) or tokens[further - 1] in words.AFTER_ARTICLE):
        further -= 1
    if further and tokens[further - 1] in ARTICLES and not words.AFTER_ARTICLE.isdisjoint(tokens[further:]):
        return skip(tokens[: further - 1])
    return tokens[:count]


def without_average(tokens: list[str]) -> list[str]:
    """Without what says how the size of a move was counted: "by an average of", "climbed on average", "has risen twice,
    for a total of"."""
    if tokens[-2:] == ["on", "average"]:
        return tokens[:-2]
    if tokens[-3:] in _QUANTIFIERS:
        return tokens[:-4] if tokens[-4:-3] == ["the"] else tokens[:-3]
    if tokens[-1:] == ["of"] and tokens[-2:-1] and tokens[-2] in words.AVERAGES and tokens[-3:-2] in (["a"], ["an"]):
        return [*tokens[:-4], "by"] if tokens[-4:-3] == ["for"] else tokens[:-3]
    return tokens


def without_aside(tokens: list[str]) -> list[str]:
    """Without what stands between two commas at the end: "the rebound, so far," and "they fell, as expected,"."""
    if tokens[-1:] != [","]:
        return tokens
    size = next((size for size, token in enumerate(reversed(tokens[:-1])) if token == ","), None)
    return tokens if size is None or size > _LONGEST_ASIDE else tokens[: -size - 2]
