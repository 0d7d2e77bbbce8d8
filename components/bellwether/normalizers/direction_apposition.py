"""Figures that stand apart from their move: "up $3, or 5%", "91 points, 5%, lower", "the 5% that it lost"."""

import re

from ..values import Direction
from . import direction_words as words
from .direction_tokens import WORDS_AFTER, tokens_after
from .direction_verbs import move_at, of_verb
from .direction_words import STOPS, VERBS

_DEFINITE = ("the ", "every ", "each ")
_APART = re.compile(r"(?:, |\bor )\Z")
_WORDS_OF_CHANGE = 4
_WORDS_TO_VERB = 8
_GOING_ON = (["been"], ["is"], ["are"], ["was"], ["were"])
_AFTER_VERB = frozenset({"last", "in", "so", "at", "on", "since", "from", "over", "for", "this", "by"})
_REACHING = frozenset({"to", "of", "at", "with", "as", "than", "that", "which", "when", "after", "while", "and"})
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
    if text[end : end + 1] != " " or not text[max(0, start - 6) : start].lower().endswith(_DEFINITE):
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


def beside_verb(tokens: list[str], after: list[str]) -> Direction | None:
    """Of "sank like a stone, 41% in all", "went limit up, 6% in an hour": a verb without a figure of its own."""
    if after and after[0] not in _AFTER_VERB:
        return None
    if tokens[-2:-1] == ["that"]:  # "fell by just that, 8%"
        tokens = [*tokens[:-2], ","]
    if tokens[-2:-1] and tokens[-2] in words.PARTICLES:
        return move_at(tokens, len(tokens) - 2)
    for index in range(len(tokens) - 2, max(-1, len(tokens) - 2 - _WORDS_TO_VERB), -1):
        token = tokens[index]
        if token == "," or token in _REACHING or any(char.isdigit() for char in token):
            return None
        if direction := _finite_verb(tokens, index):
            return direction if tokens[index + 1] not in words.NOUNS else None
    return None


def _finite_verb(tokens: list[str], index: int) -> Direction | None:
    """Of "sank", "has been growing", "went up"; words that are nouns as often only at the end."""
    token = tokens[index]
    if token in words.PAST and (index == len(tokens) - 2 or token not in words.NOT_FAR):
        return VERBS[token] if token in words.INTRANSITIVE or token not in words.NOUNS else None
    if token in words.INTRANSITIVE and token.endswith("ing") and tokens[index - 1 : index] in _GOING_ON:
        return VERBS[token]
    phrase = " ".join(tokens[index - 1 : index + 1])
    return VERBS[phrase] if " " in phrase and phrase in words.PAST else None
