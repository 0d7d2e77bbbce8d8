"""What the words behind a percentage say: "12% higher", "a 3% year-on-year drop", "2% below its peak"; not "rose 3%
despite losses"."""

import itertools
import re

from ..values import Direction
from . import direction_words as words
from .direction_tokens import WORDS_AFTER, skip, tokens_after, tokens_before
from .direction_verbs import move_at
from .direction_words import ARTICLES, NOUNS, STOPS, VERBS

_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_COMPARATIVE = 12
_ARTICLES = (" a ", " an ", " the ")
_LONGEST_ARTICLE = 5


def _is_earlier(text: str, start: int) -> bool:
    """Whether what is compared with is a time: "where it closed", "its settlement price", not "its average"."""
    tokens = tokens_after(text, start, WORDS_AFTER + 2)
    is_dated = not words.EARLIER.isdisjoint(tokens) or any(
        _YEAR.fullmatch(token.removesuffix("'s")) for token in tokens
    )
    return is_dated and words.NOT_EARLIER.isdisjoint(tokens)


def _is_of_next(tokens: list[str]) -> bool:
    """Whether a comparative belongs to the figure behind it: "5%, up 2%", "5% up from 4%"; not "lower by Friday"."""
    if tokens[:1] in (["from"], ["by"]):
        near = itertools.takewhile(lambda token: token not in ("and", "or", "but"), tokens[1:4])
        return any(token[0].isdigit() and not _YEAR.fullmatch(token) for token in near)
    return bool(tokens) and tokens[0][0].isdigit()


def _read_after(text: str, end: int) -> Direction | None:
    """What the words after a figure say: "12% higher", "a 3% year-on-year drop", "2% to the good"."""
    tokens = tokens_after(text, end + 1) if text[end : end + 1] in (" ", "-", "\n") else []
    if not tokens:
        return None
    if tokens[0] == "the" and tokens[1:2] and tokens[1] in words.COMPARATIVES:  # "5% the lighter for it"
        tokens = tokens[1:]
    if idiom := _idiom_after(tokens):
        return idiom
    first = tokens[0]
    if position := words.POSITIONS.get(first) or (tokens[1:2] == ["of"] and words.POSITIONS.get(f"{first} of")):
        return position if _is_earlier(text, end + 1 + len(first)) else None
    if first in words.COMPARATIVES:
        return _comparative(first, tokens[1:])
    if first == "of":
        return next((words.POLICY_MOVES[token] for token in tokens[1:4] if token in words.POLICY_MOVES), None)
    return _participle_after(tokens) or _noun_after(tokens)


def _comparative(word: str, following: list[str]) -> Direction | None:
    """Of "5% higher", "5% off"; what is "5% off its low" has risen."""
    if word == "off" and not words.BOTTOMS.isdisjoint(following[:3]):
        return "up"
    return None if _is_of_next(following) or following[:1] == ["front"] else words.COMPARATIVES[word]


def _idiom_after(tokens: list[str]) -> Direction | None:
    """Of "5% to the good", "5% in arrears"."""
    phrases = (" ".join(tokens[:size]) for size in (3, 2, 1))
    return next((words.IDIOMS_AFTER[phrase] for phrase in phrases if phrase in words.IDIOMS_AFTER), None)


def _participle_after(tokens: list[str]) -> Direction | None:
    """Of "5% was wiped off the index", "had 5% wiped off its value"."""
    if tokens[0] in words.PASSIVE:
        return words.PARTED.get(next((token for token in tokens if token not in words.PASSIVE), ""))
    if tokens[1:2] in (["off"], ["from"]):
        return words.PARTED.get(tokens[0]) or VERBS.get(" ".join(tokens[:2]))
    return None


def _noun_after(tokens: list[str]) -> Direction | None:
    """Of "year-on-year drop"; not of "loss ratio", "chance of a cut"."""
    for index, token in enumerate(tokens):
        following = tokens[index + 1 : index + 2]
        if token in STOPS or token in words.BOUNDARIES or token in words.CHANCES or not token[0].isalpha():
            return None
        if not index and token in words.AFTER_ONLY and words.HEADS.isdisjoint(following):
            return words.AFTER_ONLY[token]
        if token in words.MOVES and following and following[0] in words.COMPARATIVES:
            return words.COMPARATIVES[following[0]]
        if token in NOUNS and not (token in words.REACHES and following == ["by"]):
            return NOUNS[token] if words.HEADS.isdisjoint(following) else None
        if (token in ARTICLES and index) or following == ["by"]:
            return None
    return None


def _moved(text: str, start: int) -> Direction | None:
    """Of "fell", "down", "grew by" right before a figure, whatever follows: "fell 3% ahead of results"."""
    if text[max(0, start - _LONGEST_ARTICLE) : start].lower().endswith(_ARTICLES):
        return None
    tokens = skip(tokens_before(text, start))
    if tokens[-1:] == ["by"]:
        tokens = tokens[:-1]
    if not tokens or (tokens[-1] not in words.INTRANSITIVE and tokens[-1] not in words.PARTICLES):
        return None
    return move_at(tokens, len(tokens) - 1)


def direction_after(text: str, end: int, start: int | None = None) -> Direction | None:
    """Which way a figure moved, by the words behind it.

    end (int): where the figure ends.
    start (int | None): where it begins with its bound, to see whether a verb of its own goes before; None if the figure
        has none.
    """
    direction = _read_after(text, end)
    if direction is None or start is None:
        return direction
    first = text[end + 1 : end + 1 + _LONGEST_COMPARATIVE].split(maxsplit=1)[0].lower().rstrip(".,;:!?)")
    if first in words.COMPARATIVES and first not in words.OF_AMOUNT:
        return direction
    return _moved(text, start) or direction
