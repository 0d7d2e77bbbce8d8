"""Which way a noun of rise or fall moves its figure: "a drop in sales of 5%", "organic growth was 5%", "a 5% drop"."""

import itertools

from ..values import Direction
from . import direction_words as words
from .direction_tokens import without_aside
from .direction_verbs import paced
from .direction_words import NOUNS, PARTICLES, VERBS

_AFTER_NOUN: tuple[list[str], ...] = ([], ["in"], ["for"], ["on"], ["at"], ["this"], ["since"], ["over"], ["so"])
_LINKS = frozenset({"in", "for", "on", "at", "this", "since", "over", "so"})
_IN_DEFAULT = frozenset({"recovery", "loss", "losses"})
_WORDS_TO_NOUN = 8


def noun_of(tokens: list[str]) -> Direction | None:
    """Of "a drop in sales of", "the latest drop, of"."""
    while tokens and tokens[-1] == ",":
        tokens = tokens[:-1]
    if tokens[-1:] == ["one"]:  # "its third weekly drop, this one of"
        return next((NOUNS[token] for token in reversed(tokens) if token in NOUNS), None)
    if tokens[-1:] and tokens[-1] in words.RANGING:
        tokens = tokens[:-1]
    if not words.LENT.isdisjoint(tokens) and not _IN_DEFAULT.isdisjoint(tokens):
        return None
    for index in range(len(tokens) - 1, max(-1, len(tokens) - _WORDS_TO_NOUN), -1):
        if direction := NOUNS.get(tokens[index]):
            following = tokens[index + 1 : index + 2]
            if following == ["to"]:  # "cuts to forecasts of", but "a rise to a record of"
                return direction if _is_changed(tokens[index + 2 :]) else None
            return direction if following in _AFTER_NOUN else None
    if tokens and tokens[-1] in words.PACES:
        return paced(tokens[:-1])
    return None


def _is_changed(tokens: list[str]) -> bool:
    """Whether what stands behind "to" is changed, no level that is reached."""
    return bool(tokens) and not any(
        token in words.ARTICLES - words.POSSESSIVES or token in words.LEVEL_ADJECTIVES or token[0].isdigit()
        for token in tokens
    )


def noun_is(tokens: list[str]) -> Direction | None:
    """Of "organic growth was", "the drop in sales was"."""
    if not words.CHANCES.isdisjoint(tokens):
        return None
    subject = [token for token in tokens if token not in words.BE and token != "now"]
    if subject[-1:] in (["which"], ["that"]):  # "the fall, which was"
        subject = subject[:-1]
    return noun_of(without_aside(subject))


def noun_at_end(tokens: list[str]) -> Direction | None:
    """Of "sales growth"; not of "loan losses"."""
    if tokens[-1] in words.REACHES or not words.LENT.isdisjoint(tokens[-2:-1]):
        return None
    return NOUNS.get(tokens[-1])


def is_subject(tokens: list[str]) -> bool:
    """Whether the words up to a comma are a noun phrase of a move and no more: "the rise in rents", "sales growth"."""
    phrase = list(itertools.takewhile(",".__ne__, reversed(tokens[:-1])))
    place = next((index for index, token in enumerate(phrase) if token in NOUNS), None)
    if place is None:
        return False
    return not any(
        token in words.BE or token in words.BEFORE_VERB or (token in VERBS and token not in NOUNS) for token in phrase
    ) and (place == 0 or phrase[place - 1] in _LINKS)


def particle_noun(tokens: list[str]) -> Direction | None:
    """Of "a tick up in the krona, of"."""
    for index in range(2, len(tokens)):
        if tokens[index] in PARTICLES and tokens[index - 2] in words.DETERMINERS:
            return PARTICLES[tokens[index]] if tokens[index + 1 : index + 2] in (*_AFTER_NOUN, [","]) else None
    return None
