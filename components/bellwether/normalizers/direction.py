"""Whether a figure is how much something moved, and which way: "rose 12%", "a 3% drop", "12% more"; not "rose to 12%".

Read from the words right after the figure first ("a 3% gain"), then from those before it; the words are those of
`direction_words`.
"""

import re

from ..values import Direction
from . import direction_words as words
from .bounds import BoundWords, read_bound
from .direction_after import direction_after
from .direction_apposition import comparative_apart, direction_of_amount, is_amount, relative_clause
from .direction_nouns import is_subject, noun_at_end, noun_is, noun_of
from .direction_series import inherits, is_compared, is_points
from .direction_tokens import (
    LEFT_WINDOW,
    skip,
    tokens_after,
    tokens_before,
    without_aside,
    without_average,
)
from .direction_verbs import (
    costs_its_object,
    has_moved,
    nearest_verb,
    paced,
    transitive_verb,
    verb_around,
    verb_at_end,
    verb_with_adjunct,
)
from .direction_words import ARTICLES, NOUNS, PARTICLES, PAST

# "rose above 6%": a bound like these turns the figure into a level; so does a preposition before a sign ("at minus
# 0.1%").
_LEVEL_BOUNDS = frozenset(
    {
        "above", "below", "under", "beneath", "past", "beyond", "exceeded", "exceeding", "exceed", "exceeds", "topped",
        "tops", "top", "topping", "surpassed", "surpasses", "surpass", "crossed",
    }
)  # fmt: skip
_LEVELS = frozenset({"at", "to", "of", "between", "from"})
_OPEN_BRACKET = re.compile(r" ?\( ?(?:or )?\Z")
# "organic growth: 4%"
_LABEL = re.compile(r"\b(growth|increase|rise|gain|decline|decrease|drop|fall):\s?\Z", re.IGNORECASE)
_POSITIONS = tuple(f" {word}" for word in words.POSITIONS)
# "rose just under 5%" is a move, "fell below 5%" a level.
_JUST_UNDER = re.compile(r"\b(?:just|little|shade|touch|slightly) under\b", re.IGNORECASE)
# "rose sharply: by 6%"
_COLON = re.compile(r": ?by \Z")
# "gave back 40% of its gains"
_MOVES = frozenset(
    {"gains", "losses", "gain", "loss", "rise", "fall", "advance", "decline", "drop", "increase", "rally"}
)
_PREPOSITIONS = frozenset({"by", "at", "to", "of", "from"})
# "the rise in rents, 8% in the capital alone, has"
_CLOSED = re.compile(r"(?: (?!of\b|\w+ by\b)[\w' -]{1,32})?,")


def direction_before(text: str, start: int, end: int, after: list[str]) -> tuple[Direction | None, list[str]]:
    """What the words before a figure say.

    start, end (int): of the figure.
    after (list): the words behind it.
    RETURNS (tuple): the direction, and the words of the clause, adverbs skipped.
    """
    if bracket := _OPEN_BRACKET.search(text, max(0, start - 5), start):
        return _in_brackets(tokens_before(text, bracket.start()), text[end : end + 1] == ")"), []
    tokens = without_average(skip(tokens_before(text, start)))
    if tokens[-1:] == ["now"] and tokens[-2:-1] and tokens[-2] in words.BE:
        tokens = tokens[:-1]
    if not tokens or tokens == [","]:
        return (NOUNS[label[1].lower()] if (label := _LABEL.search(text, max(0, start - 12), start)) else None), tokens
    last = tokens[-1]
    if last == "," and _is_beside_noun(text, end, tokens, after):
        return noun_of(tokens), tokens
    if last == "or" or (last == "," and is_amount(tokens[-3:-1])):
        is_share = after[:1] == ["of"] and not {"to", "at"}.isdisjoint(tokens[-5:])  # "rose to $3m, or 6% of sales"
        return None if is_share else direction_of_amount(tokens[:-1]), tokens
    if last in _PREPOSITIONS or last in words.BE or last in words.RANGING or tokens[-2:] == ["by", "the"]:
        return _behind_preposition(text, start, tokens, after), tokens
    return _behind_word(tokens, after), tokens


def _in_brackets(tokens: list[str], is_closed: bool) -> Direction | None:
    """Of "rose 12 points (0.6%)", "sales increased (6%)", "the increase (6%)"."""
    direction = direction_of_amount(tokens)
    if direction is None and is_closed and tokens:
        return verb_at_end(tokens, []) or noun_at_end(tokens[-1])
    return direction


def _is_beside_noun(text: str, end: int, tokens: list[str], after: list[str]) -> bool:
    """Whether a figure is the size of the noun before it: "the rise in rents, 8% in the capital, has"."""
    if not after and not NOUNS.keys().isdisjoint(tokens[-4:-2]):
        return True
    return _CLOSED.match(text, end) is not None and is_subject(tokens)


def _behind_preposition(text: str, start: int, tokens: list[str], after: list[str]) -> Direction | None:
    """Of "raised its target by", "a drop in sales of", "growing at", "growth was", "losses ranged from"."""
    last = tokens[-1]
    if last in ("by", "the"):
        if tokens == ["by"] and (colon := _COLON.search(text, max(0, start - 8), start)):  # "rose sharply: by 6%"
            return nearest_verb(tokens_before(text, colon.start()))
        return nearest_verb(tokens[: -1 if last == "by" else -2])
    if last == "of":
        return noun_of(skip(tokens[:-1]))
    if last in words.RANGING or (last == "from" and tokens[-2:-1] and tokens[-2] in words.RANGING):
        return noun_of(tokens if last in words.RANGING else tokens[:-1])
    return None if after[:1] == ["of"] else _behind_copula(tokens)


def _behind_copula(tokens: list[str]) -> Direction | None:
    """Of "organic growth was", "the gain stands at", "a fall equal to", "growing at"."""
    last = tokens[-1]
    if last in ("at", "to") and " ".join(tokens[-3:]).endswith(words.COPULAS):
        return noun_is(skip(tokens[:-2]))
    if last in words.BE:
        return noun_is(tokens[:-1])
    if last == "to" and tokens[-2:-1] in (["equal"], ["equivalent"], ["amounting"]):
        return noun_of(tokens[:-2])
    return paced(tokens[:-1]) if last == "at" else None


def _behind_word(tokens: list[str], after: list[str]) -> Direction | None:
    """Of a verb, with its object or without, or a noun: "rose", "raised the dividend", "gave 30% back"."""
    last = tokens[-1]
    if after and (f"{last} {after[0]}" in words.PHRASAL or (after[0] == "of" and last in words.RECOVERING)):
        return None  # "fell 6% short", "recovered 6% of its loans"
    if last == "worth":
        return noun_of(tokens[:-1])
    direction = (
        verb_around(last, after)
        or verb_at_end(without_aside(tokens), after)
        or noun_at_end(last)
        or transitive_verb(tokens)
        or verb_with_adjunct(tokens, after)
    )
    if direction is None and last in ARTICLES and after and after[0] in words.PACES:
        return paced(tokens[:-1])
    if direction is None and after[:1] == ["of"] and costs_its_object(tokens):
        return "down"
    return direction


def is_past_move(text: str, start: int) -> bool:
    """Whether the figure that begins here says how far something has moved: "rose 3% to 5%" is no range, "to rise 3%
    to 5%" is one."""
    tokens = skip(tokens_before(text, read_bound(text, start, start).start))
    if tokens and tokens[-1] == "by":
        return has_moved(tokens[:-1])
    return bool(tokens) and (tokens[-1] in PAST or tokens[-1] in PARTICLES or " ".join(tokens[-2:]) in PAST)


def _is_signed_level(tokens: list[str], are_points: bool) -> bool:
    """Of "at minus 0.1%", "a yield of -0.3%", "the margin was -5.9%"; points are a change: "gross margin -30bp"."""
    while tokens and (tokens[-1] in ARTICLES or tokens[-1] in words.LEVEL_ADJECTIVES):
        del tokens[-1]
    if not tokens:
        return False
    last = tokens[-1]
    if last == "of" and tokens[-2:-1] and tokens[-2] in NOUNS:  # "organic growth of -3%"
        return False
    if last in words.BE:
        return not words.LEVEL_NOUNS.isdisjoint(tokens)
    return last in _LEVELS or (last in words.LEVEL_NOUNS and not are_points)


def read_direction(
    text: str, bound: BoundWords, end: int, sign: int, previous: tuple[int, Direction | None] | None
) -> Direction | None:
    """Read which way a figure moved.

    bound (BoundWords): the words before the figure that set its bound, where it begins.
    end (int): where it ends.
    sign (int): of the figure itself.
    previous (tuple | None): end and direction of the figure before it in the text, for "5% in Europe and 3% in Asia".
    RETURNS (str | None): "up" or "down"; None for a level.
    """
    if sign:
        is_level = _is_signed_level(tokens_before(text, bound.start), is_points(text, end))
        return None if is_level else "up" if sign > 0 else "down"
    direction = direction_after(text, end, bound.start) or comparative_apart(text, bound.start, end)
    if direction and text.startswith(_POSITIONS, end):
        return direction if words.BIDS.isdisjoint(tokens_before(text, bound.start)) else None
    if direction or (bound.words in _LEVEL_BOUNDS and not _JUST_UNDER.search(text, max(0, bound.start - 9), end)):
        return direction
    return relative_clause(text, bound.start, end) or _from_left(text, bound.start, end, previous)


def _is_part_of_move(text: str, end: int) -> bool:
    """Of "gave back 40% of its gains"."""
    part = tokens_after(text, end)[1:4]
    return not _MOVES.isdisjoint(part)


def _from_left(text: str, start: int, end: int, previous: tuple[int, Direction | None] | None) -> Direction | None:
    """What the words before a figure say, or the figure before it."""
    after = tokens_after(text, end, 2) if text[end : end + 1] == " " else []
    if after[:1] in (["that"], ["which"]):
        after = tokens_after(text, end)
    if after and (after[0] in words.PARTS or (after[0] == "of" and _is_part_of_move(text, end))):
        return None
    direction, tokens = direction_before(text, start, end, after)
    if tokens[-1:] == [","] and text.startswith(_POSITIONS, end):  # "contracted 180bp to 22.6%, 40bp short of"
        return None
    if direction or previous is None or start - previous[0] > LEFT_WINDOW or text.startswith(_POSITIONS, end):
        return direction
    if after[:1] == ["of"] and not (tokens[-1:] == ["the"] and is_compared(text[previous[0] : start], after)):
        return None
    return previous[1] if inherits(text, (previous[0], start), end, tokens, after) else None
