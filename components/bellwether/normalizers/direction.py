"""Whether a figure is how much something moved, and which way: "rose 12%", "a 3% drop", "12% more"; not "rose to 12%".

Read from the words right after the figure first ("a 3% gain"), then from those before it; the words are those of
`direction_words`.
"""

import itertools
import re

from ..values import Direction
from . import direction_words as words
from .bounds import BoundWords, read_bound
from .direction_after import direction_after
from .direction_apposition import beside_verb, comparative_apart, direction_of_amount, is_amount, relative_clause
from .direction_nouns import is_subject, noun_at_end, noun_is, noun_of, particle_noun
from .direction_series import inherits, is_compared, is_points, said_before
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
    for_investors,
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
_OPEN_BRACKET = re.compile(r" ?\( ?(?:or |by )?\Z", re.IGNORECASE)
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
_CONJUNCTIONS = frozenset({"and", "but", "because", "while", "as", "that", "so"})
_WORDS_TO_BID = 7
_WORDS_TO_DRIVER = 5
_AFTER_COST = (["of"], ["since"], ["so"], ["this"])
_AND = (["and"], ["but"])
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
    tokens = _without_now(without_average(skip(tokens_before(text, start))))
    if not tokens or tokens == [","]:
        label = _LABEL.search(text, max(0, start - 12), start)
        return NOUNS[label[1].lower()] if label else None, tokens
    last = tokens[-1]
    if last == ",":
        direction = _at_comma(text, end, tokens, after)
    elif last == "plus" and tokens[-2:-1] in ([], [","], ["by"]):  # "dearer, too: plus 4%"
        direction = "up"
    elif last == "or":
        direction = _of_amount(tokens, after)
    elif last in _PREPOSITIONS or last in words.BE or last in words.RANGING or tokens[-2:] == ["by", "the"]:
        direction = _behind_preposition(text, start, tokens, after)
    else:
        direction = _behind_word(tokens, after, is_points(text, end))
    return direction, tokens


def _without_now(tokens: list[str]) -> list[str]:
    """Without the adverb of "the fall is now 5%", "went up twice, first 4%", "the fall in the shares, now 45%"."""
    is_now = tokens[-1:] == ["now"] and tokens[-2:-1] and tokens[-2] in words.BE
    return tokens[:-1] if is_now or tokens[-2:] in ([",", "first"], [",", "now"]) else tokens


def _at_comma(text: str, end: int, tokens: list[str], after: list[str]) -> Direction | None:
    """Of "the rise in rents, 5% in the capital,", "sank like a stone, 5% in all", "rose by $3m, 5%", "jumped, 5%"."""
    if _is_beside_noun(text, end, tokens, after):
        return noun_of(tokens)
    if direction := beside_verb(tokens, after):
        return direction
    if is_amount(tokens[-3:-1]):
        return _of_amount(tokens, after)
    return _behind_word(tokens, after, is_points(text, end))


def _of_amount(tokens: list[str], after: list[str]) -> Direction | None:
    """Of "rose by $3m, or 5%"; not of "rose to $3m, or 6% of sales"."""
    if after[:1] == ["of"]:
        if not {"to", "at"}.isdisjoint(tokens[-5:]):
            return None
        tokens = [*itertools.takewhile(",".__ne__, reversed(tokens[:-1]))][::-1] + tokens[-1:]
    return direction_of_amount(tokens[:-1])


def _in_brackets(tokens: list[str], is_closed: bool) -> Direction | None:
    """Of "rose 12 points (0.6%)", "sales increased (6%)", "the increase (6%)"."""
    direction = direction_of_amount(tokens)
    if direction is None and is_closed and tokens:
        return verb_at_end(tokens, []) or noun_at_end(tokens)
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
        return noun_of(skip(tokens[:-1])) or particle_noun(tokens[:-1])
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


def _behind_word(tokens: list[str], after: list[str], are_points: bool) -> Direction | None:
    """Of a verb, with its object or without, or a noun: "rose", "raised the dividend", "gave 30% back"."""
    last = tokens[-1]
    if _is_part(tokens, after):
        return None
    if last == "worth":
        return noun_of(tokens[:-1])
    direction = (
        verb_around(last, after)
        or for_investors(tokens)
        or verb_at_end(without_aside(tokens), after)
        or noun_at_end(tokens)
        or transitive_verb(tokens)
        or verb_with_adjunct(tokens, after)
    )
    if direction is None and last in ARTICLES and after and after[0] in words.PACES:
        direction = paced(tokens[:-1])
    if direction is None and (after[:1] in _AFTER_COST or are_points) and costs_its_object(tokens):
        direction = "down"
    if direction is None and are_points and last in words.CONTRIBUTING:
        direction = "up"
    return direction


def _is_part(tokens: list[str], after: list[str]) -> bool:
    """Whether a verb governs a part: "fell 6% short", "recovered 6% of its loans", "rising stocks made up 5% of it"."""
    if not after:
        return False
    last = tokens[-1]
    if after[0] == "of" and (last in words.RECOVERING or (last == "up" and not words.MAKE.isdisjoint(tokens[-2:-1]))):
        return True
    return f"{last} {after[0]}" in words.PHRASAL


def is_past_move(text: str, start: int) -> bool:
    """Whether the figure that begins here says how far something has moved: "rose 3% to 5%" is no range, "to rise 3%
    to 5%" is one."""
    tokens = skip(tokens_before(text, read_bound(text, start, start).start))
    if tokens and tokens[-1] == "by":
        return has_moved(tokens[:-1])
    return bool(tokens) and (tokens[-1] in PAST or tokens[-1] in PARTICLES or " ".join(tokens[-2:]) in PAST)


def _subject(tokens: list[str]) -> list[str]:
    """The words since the last comma or conjunction: of "yields 5% because the stock is", the last three."""
    start = next((index for index in range(len(tokens) - 1, -1, -1) if tokens[index] in _CONJUNCTIONS), -1)
    return tokens[start + 1 :]


def _is_signed_level(tokens: list[str], are_points: bool) -> bool:
    """Of "at minus 0.1%", "a yield of -0.3%", "the margin was -5.9%"; points are a change: "gross margin -30bp"."""
    while tokens and (tokens[-1] in ARTICLES or tokens[-1] in words.LEVEL_ADJECTIVES):
        del tokens[-1]
    if not tokens:
        return False
    last = tokens[-1]
    if last == "at" and "growth" in tokens:  # "growth was negative at -4%"
        return False
    if last == "of" and tokens[-2:-1] and tokens[-2] in NOUNS:  # "organic growth of -3%"
        return False
    if last in words.BE:
        return not words.LEVEL_NOUNS.isdisjoint(_subject(tokens))
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
        is_level = sign < 0 and _is_signed_level(tokens_before(text, bound.start), is_points(text, end))
        return None if is_level else "up" if sign > 0 else "down"
    direction = direction_after(text, end, bound.start) or comparative_apart(text, bound.start, end)
    if direction and text.startswith(_POSITIONS, end):
        return direction if words.BIDS.isdisjoint(tokens_before(text, bound.start)[-_WORDS_TO_BID:]) else None
    if direction or _is_level(text, bound, end):
        return direction
    return relative_clause(text, bound.start, end) or _from_left(text, bound.start, end, previous)


def _is_level(text: str, bound: BoundWords, end: int) -> bool:
    """Of "fell below 5%", not of "rose just under 5%"; of "pushed its margin up to 36%", where "up" belongs to the
    verb."""
    if bound.words in _LEVEL_BOUNDS:
        return not _JUST_UNDER.search(text, max(0, bound.start - 9), end)
    return bound.words == "up to" and _is_driven(text, bound.start)


def _is_driven(text: str, start: int) -> bool:
    """Of "pushed its margin up to 36%", where "up" belongs to the verb."""
    tokens = tokens_before(text, start)[-_WORDS_TO_DRIVER:]
    return not words.DRIVERS.isdisjoint(tokens) and "by" not in tokens


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
    if text.startswith(_POSITIONS, end):  # "contracted 180bp to 22.6%, 40bp short of"
        return None if tokens[-1:] == [","] else direction
    if direction := direction or said_before(text, start, tokens, after):
        return direction
    if after[:1] == ["over"] and tokens[-1:] == [","] and tokens_after(text, end)[2:3] == ["year's"]:
        return "up"  # "31 million tonnes, 6% over last year's"
    return previous[1] if previous and _goes_on(text, previous[0], (start, end), tokens, after) else None


def _goes_on(text: str, before: int, place: tuple[int, int], tokens: list[str], after: list[str]) -> bool:
    """Whether a figure goes on from the one that ends before it."""
    start, end = place
    if start - before > LEFT_WINDOW:
        return False
    if after[:1] == ["of"] and not (tokens[-1:] == ["the"] and is_compared(text[before:start], after)):
        return tokens[-1:] in _AND and text.startswith(" of ", before)  # "cut 8% of its flights and 5% of its staff"
    return inherits(text, (before, start), end, tokens, after)
