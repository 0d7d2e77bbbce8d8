"""Figures that stand apart from their move: "up $3, or 5%", "91 points, 5%, lower", "the 5% that it lost"."""

import re

from ..values import Direction
from . import direction_words as words
from .direction_tokens import WORDS_AFTER, tokens_after
from .direction_verbs import move_at, of_verb
from .direction_words import STOPS, VERBS

_APART = re.compile(r"(?:, |\bor )\Z")
_WORDS_OF_CHANGE = 4
_AFTER_APART: tuple[list[str], ...] = ([], ["at"], ["on"], ["in"], ["to"], ["than"], ["after"], ["for"])


def is_amount(tokens: list[str]) -> bool:
    """Of "$11.2 million", "half its value", "low single digits"."""
    return any(token in words.FRACTIONS or any(char.isdigit() for char in token) for token in tokens)


def direction_of_amount(tokens: list[str]) -> Direction | None:
    """Of "rose by US$11.2 million, or"; a level has "to" or "at" before its amount."""
    has_amount = False
    is_change = "from" in tokens[-_WORDS_OF_CHANGE:]  # "climbed to $6m from $5m, or"
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token == "at" and tokens[index + 1 : index + 2] in (["its"], ["the"]) and tokens[index + 2][-3:] == "est":
            continue  # "grew at its slowest since 2031, just"
        if token in ("at", "to"):
            has_amount = has_amount and is_change
        elif token in words.COMPARATIVES and is_amount(tokens[max(0, index - 2) : index]):
            return words.COMPARATIVES[token]  # "closed 26 points lower, or"
        elif token in words.FRACTIONS or any(char.isdigit() for char in token):
            has_amount = True
            direction = VERBS.get(token)  # "halved"
            if direction:
                return direction
        elif has_amount and (direction := move_at(tokens, index)):
            return direction
    return None


def comparative_apart(text: str, start: int, end: int) -> Direction | None:
    """Of "opened 91 points, 0.3%, lower"."""
    if not text.startswith(", ", end) or not _APART.search(text, max(0, start - 8), start):
        return None
    tokens = tokens_after(text, end + 1, 2)
    return words.COMPARATIVES.get(tokens[0]) if tokens and tokens[1:] in _AFTER_APART else None


def relative_clause(text: str, start: int, end: int) -> Direction | None:
    """Of "the 19% that it shed last month", "the 5% they gained", "the 9% lost since"."""
    if text[end : end + 1] != " " or text[max(0, start - 4) : start].lower() != "the ":
        return None
    tokens = tokens_after(text, end, WORDS_AFTER + 1)
    if tokens and (direction := words.PARTED.get(tokens[0])):
        return direction
    if not tokens or tokens[0] not in words.PRONOUNS:
        return None
    for index in range(1, len(tokens)):
        if (tokens[index - 1] not in STOPS or tokens[index - 1] in words.PERFECT) and (
            direction := of_verb(tokens, index)
        ):
            return direction
    return None
