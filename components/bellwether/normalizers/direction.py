"""Whether a figure is how much something moved, and which way: "rose 12%", "a 3% drop", "12% more"; not "rose to 12%".

Read from the words right after the figure first ("a 3% gain"), then from those before it; the words are those of
`direction_words`.
"""

import itertools
import re

from ..values import Direction
from . import direction_words as words
from .bounds import BoundWords, read_bound
from .direction_series import ABBREVIATIONS, inherits
from .direction_words import ARTICLES, NOUNS, PARTICLES, PAST, STOPS, VERBS

# "rose above 6%": a bound like these turns the figure into a level; so does a preposition before a sign ("at minus
# 0.1%").
_LEVEL_BOUNDS = frozenset(
    {
        "above", "below", "under", "beneath", "past", "beyond", "exceeded", "exceeding", "exceed", "exceeds", "topped",
        "tops", "top", "topping", "surpassed", "surpasses", "surpass", "crossed",
    }
)  # fmt: skip
_LEVELS = frozenset({"at", "to", "of", "between", "from"})
_ABBREVIATION = re.compile(ABBREVIATIONS)
_OPEN_BRACKET = re.compile(r" ?\( ?(?:or )?\Z")
# "organic growth: 4%"
_LABEL = re.compile(r"\b(growth|increase|rise|gain|decline|decrease|drop|fall):\s?\Z", re.IGNORECASE)
_APART = re.compile(r"(?:, |\bor )\Z")
_AFTER_NOUN: tuple[list[str], ...] = ([], ["in"], ["for"], ["on"], ["at"], ["this"], ["since"], ["over"])
_AFTER_APART: tuple[list[str], ...] = ([], ["at"], ["on"], ["in"], ["to"], ["than"], ["after"], ["for"])
_POSITIONS = tuple(f" {word}" for word in words.POSITIONS)
# "rose just under 5%" is a move, "fell below 5%" a level.
_JUST_UNDER = re.compile(r"\b(?:just|little|shade|touch|slightly) under\b", re.IGNORECASE)
# "a 12% year over year increase"
_PERIOD_ON_PERIOD = re.compile(
    r" ?(?:year|quarter|month|week)(?: | ?[-–] ?)(?:on|over)(?: | ?[-–] ?)(?:year|quarter|month|week)\b", re.IGNORECASE
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_POINTS = re.compile(r"(?:bps?|pp|pps|ppts?|points?)\Z", re.IGNORECASE)
_ENDS = frozenset(".;:!?)(")
_QUOTES = "\"'“”*_"
_LEFT_WINDOW = 110
_RIGHT_WINDOW = 72
_WORDS_AFTER = 5
_WORDS_BETWEEN = 5
_WORDS_TO_NOUN = 8


def _tokens_before(text: str, end: int) -> list[str]:
    """Words and commas of the clause before a position, in lower case."""
    tokens: list[str] = []
    for raw in reversed(text[max(0, end - _LEFT_WINDOW) : end].lower().split()):
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


def _tokens_after(text: str, start: int, count: int = _WORDS_AFTER) -> list[str]:
    """The next words of the clause, in lower case."""
    tokens = []
    if period := _PERIOD_ON_PERIOD.match(text, start):
        start = period.end()
    for raw in text[start : start + _RIGHT_WINDOW].lower().split()[:count]:
        word = raw.strip(_QUOTES)
        token = word.rstrip(".,;:!?)")
        if not token:
            break
        tokens.append(token)
        if token != word:
            break
    return tokens


def _is_skipped(token: str) -> bool:
    return token in words.SKIPPED or (token.endswith("ly") and token not in VERBS and token not in NOUNS)


def _skip(tokens: list[str]) -> list[str]:
    """Without the adverbs at the end, and without the article of "a further 5%"."""
    count = len(tokens)
    while count and _is_skipped(tokens[count - 1]):
        count -= 1
    if count and count == len(tokens) and tokens[-1] not in words.AFTER_ARTICLE:
        return tokens
    further = count
    while further and (_is_skipped(tokens[further - 1]) or tokens[further - 1] in words.AFTER_ARTICLE):
        further -= 1
    if further and tokens[further - 1] in ARTICLES and not words.AFTER_ARTICLE.isdisjoint(tokens[further:]):
        return _skip(tokens[: further - 1])
    return tokens[:count]


def _of_verb(tokens: list[str], index: int) -> Direction | None:
    """Which way the verb at a place moves its figure; verbs of two words count at their first."""
    token = tokens[index]
    if index + 1 < len(tokens):
        particle = tokens[index + 1]
        phrase = f"{token} {particle}"
        direction = VERBS.get(phrase)
        if direction or phrase in words.PHRASAL:
            return None if phrase in words.PHRASAL else direction
        if token in words.DRIVERS and particle in ("up", "down"):
            return PARTICLES[particle]
    if token in words.GOOD_UP:
        return "down" if _is_adverse(tokens) else "up"
    if token in words.BAD_DOWN:
        return "up" if _is_adverse(tokens) else "down"
    if token in words.TIGHTEN:
        return "up" if words.SPREADS.isdisjoint(tokens) or "policy" in tokens else "down"
    return VERBS.get(token)


def _move_at(tokens: list[str], index: int) -> Direction | None:
    """What the verb or the particle at a place says: "rose", "up"; the "up" of "gave up" belongs to its verb."""
    token = tokens[index]
    if token in PARTICLES:
        phrase = " ".join(tokens[max(0, index - 1) : index + 1])
        if phrase in words.PHRASAL:
            return None
        return VERBS.get(phrase) or PARTICLES[token]
    return _of_verb(tokens, index)


def _is_far(tokens: list[str], index: int) -> bool:
    """Whether a word that is as often a noun is too far from the figure to be its verb."""
    return (
        tokens[index] in words.NOT_FAR
        and index < len(tokens) - 1
        and not (index and tokens[index - 1] in words.BEFORE_VERB)
    )


def _is_adverse(tokens: list[str]) -> bool:
    return not words.ADVERSE.isdisjoint(tokens) and words.FAVOURABLE.isdisjoint(tokens)


def _verb_around(last: str, after: list[str]) -> Direction | None:
    """Of "gave 30% back", "took 5% off"; not of "gave 30% back to its owners"."""
    return VERBS.get(f"{last} {after[0]}") if after and after[1:2] != ["to"] else None


def _verb_at_end(tokens: list[str], after: list[str]) -> Direction | None:
    """Of "rose", "clawed back", "up" right before the figure."""
    last = tokens[-1]
    if len(tokens) > 1:
        phrase = f"{tokens[-2]} {last}"
        if phrase in words.PHRASAL:
            return "down" if phrase in words.SOLD_OFF and after[:1] != ["of"] else None
        if direction := VERBS.get(phrase):
            return direction
    if last in words.WEAK_UP:
        return None if after[:1] == ["of"] else "up"
    if last in words.WEAK_DOWN and after[:1] in ([], ["on"], ["in"]):
        return "down"
    if last == "up" and tokens[-2:-1] and tokens[-2] in words.WEAK_UP:
        return None if after[:1] == ["of"] else "up"
    return _move_at(tokens, len(tokens) - 1)


def _nearest_verb(tokens: list[str]) -> Direction | None:
    """Of "cut its forecast for 2033 sales by": the nearest verb, else the nearest noun; of "wider by" the adjective."""
    if tokens and tokens[-1] in words.COMPARATIVES:
        return words.COMPARATIVES[tokens[-1]]
    for index in range(len(tokens) - 1, -1, -1):
        direction = _move_at(tokens, index)
        if direction and not _is_far(tokens, index) and not (index and tokens[index - 1] in ARTICLES):
            return direction
    for index in range(len(tokens) - 1, -1, -1):
        if direction := NOUNS.get(tokens[index]):
            return direction
    return None


def _noun_of(tokens: list[str]) -> Direction | None:
    """Of "a drop in sales of", "the latest drop, of"."""
    while tokens and tokens[-1] == ",":
        tokens = tokens[:-1]
    for index in range(len(tokens) - 1, max(-1, len(tokens) - _WORDS_TO_NOUN), -1):
        if direction := NOUNS.get(tokens[index]):
            following = tokens[index + 1 : index + 2]
            return direction if following in _AFTER_NOUN else None
    if tokens and tokens[-1] in words.PACES:
        return _paced(tokens[:-1])
    return None


def _paced(tokens: list[str]) -> Direction | None:
    """Of "growing at an annual rate of", "grew at a 5% pace"."""
    for token in reversed(tokens[-4:]):
        if token in words.PACED:
            return VERBS.get(token)
        if token not in ("at", "a", "an", "the") and token not in words.PACES and not _is_skipped(token):
            return None
    return None


def _direction_of_amount(tokens: list[str]) -> Direction | None:
    """Of "rose by US$11.2 million, or"; a level has "to" or "at" before its amount."""
    has_amount = False
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token in ("at", "to"):
            has_amount = False
        elif token in words.COMPARATIVES and any(char.isdigit() for char in "".join(tokens[max(0, index - 2) : index])):
            return words.COMPARATIVES[token]  # "closed 26 points lower, or"
        elif token in words.FRACTIONS or any(char.isdigit() for char in token):
            has_amount = True
            direction = VERBS.get(token)  # "halved"
            if direction:
                return direction
        elif has_amount and (direction := _move_at(tokens, index)):
            return direction
    return None


def _noun_is(tokens: list[str]) -> Direction | None:
    """Of "organic growth was", "the drop in sales was"."""
    return _noun_of([token for token in tokens if token not in words.BE]) if words.CHANCES.isdisjoint(tokens) else None


def _noun_at_end(last: str) -> Direction | None:
    return None if last in words.REACHES else NOUNS.get(last)


def _transitive_verb(tokens: list[str]) -> Direction | None:
    """Of "lifting sales", "raised the dividend": with its object between."""
    if tokens[-1] in ARTICLES:
        return None
    start = max(0, len(tokens) - _WORDS_BETWEEN)
    for index in range(len(tokens) - 1, start - 1, -1):
        token = tokens[index]
        if token in STOPS or not token[0].isalpha():
            break
        if not _is_far(tokens, index) and (direction := _of_verb(tokens, index)):
            return direction
    return None


def _without_average(tokens: list[str]) -> list[str]:
    """Without what says how the size of a move was counted: "by an average of", "climbed on average"."""
    if tokens[-2:] == ["on", "average"]:
        return tokens[:-2]
    if tokens[-1:] == ["of"] and tokens[-2:-1] and tokens[-2] in words.AVERAGES and tokens[-3:-2] in (["a"], ["an"]):
        return tokens[:-3]
    return tokens


def direction_before(text: str, start: int, after: list[str]) -> tuple[Direction | None, list[str]]:
    """What the words before a figure say.

    after (list): the words behind it.
    RETURNS (tuple): the direction, and the words of the clause, adverbs skipped.
    """
    if bracket := _OPEN_BRACKET.search(text, max(0, start - 5), start):  # "rose 12 points (0.6%)"
        return _direction_of_amount(_tokens_before(text, bracket.start())), []
    tokens = _without_average(_skip(_tokens_before(text, start)))
    if not tokens or tokens == [","]:
        return (NOUNS[label[1].lower()] if (label := _LABEL.search(text, max(0, start - 12), start)) else None), tokens
    last = tokens[-1]
    direction: Direction | None
    if last in ("at", "to") and " ".join(tokens[-3:]).endswith(words.COPULAS):
        direction = None if after[:1] == ["of"] else _noun_is(_skip(tokens[:-2]))
    elif last == "," and not after and NOUNS.keys() & set(tokens[-4:-2]):  # "the decline in sales, 17%, was"
        direction = _noun_of(tokens)
    elif last == "or" or (last == "," and any(char.isdigit() for char in "".join(tokens[-3:-1]))):
        direction = _direction_of_amount(tokens[:-1])
    elif last == "by":
        direction = _nearest_verb(tokens[:-1])
    elif last == "of":
        direction = _noun_of(_skip(tokens[:-1]))
    elif last == "at":
        direction = _paced(tokens[:-1])
    elif last in words.BE:
        direction = _noun_is(tokens[:-1])
    else:
        direction = (
            _verb_around(last, after) or _verb_at_end(tokens, after) or _noun_at_end(last) or _transitive_verb(tokens)
        )
        if direction is None and last in ARTICLES and after and after[0] in words.PACES:
            direction = _paced(tokens[:-1])
        if direction is None and after[:1] == ["of"] and not words.WEAK_DOWN.isdisjoint(tokens[-6:]):
            direction = "down"  # "cost it 20 basis points of margin"
    return direction, tokens


def _is_earlier(text: str, start: int) -> bool:
    """Whether what is compared with is a time: "where it closed", "its settlement price", not "its average"."""
    tokens = _tokens_after(text, start, _WORDS_AFTER + 2)
    return not words.EARLIER.isdisjoint(tokens) and words.NOT_EARLIER.isdisjoint(tokens)


def _is_of_next(tokens: list[str]) -> bool:
    """Whether a comparative belongs to the figure behind it: "5%, up 2%", "5% up from 4%"; not "lower by Friday"."""
    if tokens[:1] in (["from"], ["by"]):
        near = itertools.takewhile(lambda token: token not in ("and", "or", "but"), tokens[1:4])
        return any(token[0].isdigit() and not _YEAR.fullmatch(token) for token in near)
    return bool(tokens) and tokens[0][0].isdigit()


def direction_after(text: str, end: int) -> Direction | None:
    """What the words after a figure say: "12% higher", "a 3% year-on-year drop", "2% to the good"."""
    tokens = _tokens_after(text, end + 1) if text[end : end + 1] in (" ", "-", "\n") else []
    if not tokens:
        return None
    first = tokens[0]
    if first in words.COMPARATIVES:
        return None if _is_of_next(tokens[1:]) else words.COMPARATIVES[first]
    if first in words.POSITIONS:
        return words.POSITIONS[first] if _is_earlier(text, end + 1 + len(first)) else None
    if first == "of":
        return next((words.POLICY_MOVES[token] for token in tokens[1:4] if token in words.POLICY_MOVES), None)
    if first in words.PASSIVE:
        participle = next((token for token in tokens if token not in words.PASSIVE), "")
        return words.PARTED.get(participle)
    return words.IDIOMS_AFTER.get(" ".join(tokens[:3])) or _noun_after(tokens)


def _noun_after(tokens: list[str]) -> Direction | None:
    """Of "year-on-year drop"; not of "loss ratio", "chance of a cut"."""
    for index, token in enumerate(tokens):
        if token in STOPS or token in words.CHANCES or (token in ARTICLES and index) or not token[0].isalpha():
            return None
        if token in NOUNS:
            return NOUNS[token] if words.HEADS.isdisjoint(tokens[index + 1 : index + 2]) else None
    return None


def _comparative_apart(text: str, start: int, end: int) -> Direction | None:
    """Of "opened 91 points, 0.3%, lower"."""
    if not text.startswith(", ", end) or not _APART.search(text, max(0, start - 8), start):
        return None
    tokens = _tokens_after(text, end + 1, 2)
    return words.COMPARATIVES.get(tokens[0]) if tokens and tokens[1:] in _AFTER_APART else None


def _relative_clause(text: str, start: int, end: int) -> Direction | None:
    """Of "the 19% that it shed last month", "the 5% they gained", "the 9% lost since"."""
    if text[end : end + 1] != " " or text[max(0, start - 4) : start].lower() != "the ":
        return None
    tokens = _tokens_after(text, end, _WORDS_AFTER + 1)
    if tokens and (direction := words.PARTED.get(tokens[0])):
        return direction
    if not tokens or tokens[0] not in words.PRONOUNS:
        return None
    for index in range(1, len(tokens)):
        if tokens[index - 1] not in STOPS and (direction := _of_verb(tokens, index)):
            return direction
    return None


def is_past_move(text: str, start: int) -> bool:
    """Whether the figure that begins here says how far something has moved: "rose 3% to 5%" is no range, "to rise 3%
    to 5%" is one."""
    tokens = _skip(_tokens_before(text, read_bound(text, start, start).start))
    if tokens and tokens[-1] == "by":
        return _has_moved(tokens[:-1])
    return bool(tokens) and (tokens[-1] in PAST or tokens[-1] in PARTICLES or " ".join(tokens[-2:]) in PAST)


def _has_moved(tokens: list[str]) -> bool:
    """Of "raised its target by"; not of "expected to fall by", "would cut it by"."""
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index] in VERBS and not _is_far(tokens, index) and tokens[index - 1 : index] not in (["a"], ["the"]):
            return tokens[index] in PAST or not (index and tokens[index - 1] in words.BEFORE_VERB)
    return False


def _is_signed_level(tokens: list[str], is_points: bool) -> bool:
    """Of "at minus 0.1%", "a yield of -0.3%", "the margin was -5.9%"; points are a change: "gross margin -30bp"."""
    while tokens and (tokens[-1] in ARTICLES or tokens[-1] in words.LEVEL_ADJECTIVES):
        del tokens[-1]
    if not tokens:
        return False
    last = tokens[-1]
    if last in words.BE:
        return not words.LEVEL_NOUNS.isdisjoint(tokens)
    return last in _LEVELS or (last in words.LEVEL_NOUNS and not is_points)


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
        is_points = _POINTS.search(text, max(0, end - 8), end) is not None
        is_level = _is_signed_level(_tokens_before(text, bound.start), is_points)
        return None if is_level else "up" if sign > 0 else "down"
    direction = direction_after(text, end) or _comparative_apart(text, bound.start, end)
    if direction and text.startswith(_POSITIONS, end):
        return direction if words.BIDS.isdisjoint(_tokens_before(text, bound.start)) else None
    if direction or (bound.words in _LEVEL_BOUNDS and not _JUST_UNDER.search(text, max(0, bound.start - 9), end)):
        return direction
    return _relative_clause(text, bound.start, end) or _from_left(text, bound.start, end, previous)


def _from_left(text: str, start: int, end: int, previous: tuple[int, Direction | None] | None) -> Direction | None:
    """What the words before a figure say, or the figure before it."""
    after = _tokens_after(text, end, 2) if text[end : end + 1] == " " else []
    if after[:1] in (["that"], ["which"]):
        after = _tokens_after(text, end)
    if after and after[0] in words.PARTS:
        return None
    direction, tokens = direction_before(text, start, after)
    if direction or previous is None or start - previous[0] > _LEFT_WINDOW or after[:1] == ["of"]:
        return direction
    return previous[1] if inherits(text, (previous[0], start), tokens, after) else None
