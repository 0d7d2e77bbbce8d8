"""Which way a noun of rise or fall moves its figure: "a drop in sales of 5%", "organic growth was 5%", "a 5% drop"."""

import itertools

from ..values import Direction
from . import direction_words as words
from .direction_tokens import without_aside
from .direction_verbs import paced
from .direction_words import NOUNS, VERBS

_AFTER_NOUN: tuple[list[str], ...] = ([], ["in"], ["for"], ["on"], ["at"], ["this"], ["since"], ["over"], ["so"])
_LINKS = frozenset({"in", "for", "on", "at", "this", "since", "over", "so"})
_WORDS_TO_NOUN = 8


def noun_of(tokens: list[str]) -> Direction | None:
    """Of "a drop in sales of", "the latest drop, of"."""
    while tokens and tokens[-1] == ",":
        tokens = tokens[:-1]
    if tokens[-1:] == ["one"]:  # "its third weekly drop, this one of"
        return next((NOUNS[token] for token in reversed(tokens) if token in NOUNS), None)
    if tokens[-1:] and tokens[-1] in words.RANGING:
        tokens = tokens[:-1]
    for index in range(len(tokens) - 1, max(-1, len(tokens) - _WORDS_TO_NOUN), -1):
        if direction := NOUNS.get(tokens[index]):
            following = tokens[index + 1 : index + 2]
            return direction if following in _AFTER_NOUN else None
    if tokens and tokens[-1] in words.PACES:
        return paced(tokens[:-1])
    return None


def noun_is(tokens: list[str]) -> Direction | None:
    """Of "organic growth was", "the drop in sales was"."""
    if not words.CHANCES.isdisjoint(tokens):
        return None
    subject = [token for token in tokens if token not in words.BE and token != "now"]
    if subject[-1:] in (["which"], ["that"]):  # "the fall, which was"
        subject = subject[:-1]
    return noun_of(without_aside(subject))


def noun_at_end(last: str) -> Direction | None:
    return None if last in words.REACHES else NOUNS.get(last)


def is_subject(tokens: list[str]) -> bool:
    """Whether the words up to a comma are a noun phrase of a move and no more: "the rise in rents", "sales growth"."""
    phrase = list(itertools.takewhile(",".__ne__, reversed(tokens[:-1])))
    place = next((index for index, token in enumerate(phrase) if token in NOUNS), None)
    if place is None:
        return False
    return not any(
        token in words.BE or token in words.BEFORE_VERB or (token in VERBS and token not in NOUNS) for token in phrase
    ) and (place == 0 or phrase[place - 1] in _LINKS)
