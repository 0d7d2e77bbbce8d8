"""Whether a figure is how much something moved, and which way: "rose 12%", "a 3% drop", "12% more"; not "rose to 12%".

Read from the words right after the figure first ("a 3% gain"), then from those before it; the words are those of
`direction_words`.
"""

import re

from ..values import Direction
from . import direction_words as words
from .bounds import BoundWords, read_bound
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
_CLAUSE_END = re.compile(r"[.;:!?)\n](?:\s|$)")
_ABBREVIATION = re.compile(r"(?:[a-z]\.){2,}|(?:inc|ltd|corp|co|plc|vs|bhd|tbk|approx|est|st|no)\.")
_RELATIVE = tuple(f" {pronoun} " for pronoun in words.PRONOUNS)
_OPEN_BRACKET = re.compile(r" ?\( ?(?:or )?\Z")
_ENDS = frozenset(".;:!?)(")
_QUOTES = "\"'“”*_"
_LEFT_WINDOW = 110
_RIGHT_WINDOW = 72
_WORDS_AFTER = 5
_WORDS_BETWEEN = 5
_WORDS_TO_NOUN = 8
_WORDS_OF_GAP = 3


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
    if count > 1 and tokens[count - 1] in words.AFTER_ARTICLE:
        further = count - 1
        while further and _is_skipped(tokens[further - 1]):
            further -= 1
        if further and tokens[further - 1] in ARTICLES:
            count = further - 1
    return tokens[:count]


def _of_verb(tokens: list[str], index: int) -> Direction | None:
    """Which way the verb at a place moves its figure; verbs of two words count at their first."""
    token = tokens[index]
    if index + 1 < len(tokens):
        phrase = f"{token} {tokens[index + 1]}"
        if phrase in words.PHRASAL:
            return None
        if direction := VERBS.get(phrase):
            return direction
    if token in words.GOOD_UP:
        return "down" if _is_adverse(tokens) else "up"
    if token in words.BAD_DOWN:
        return "up" if _is_adverse(tokens) else "down"
    if token in words.TIGHTEN:
        return "down" if not words.SPREADS.isdisjoint(tokens) else "up"
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


def _verb_at_end(tokens: list[str], after: list[str]) -> Direction | None:
    """Of "rose", "clawed back", "up" right before the figure."""
    last = tokens[-1]
    if len(tokens) > 1:
        phrase = f"{tokens[-2]} {last}"
        if phrase in words.PHRASAL:
            return None
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
            return direction if following in ([], ["in"], ["for"], ["on"], ["at"]) else None
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
        elif any(char.isdigit() for char in token):
            has_amount = True
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


def direction_before(text: str, start: int, after: list[str]) -> tuple[Direction | None, list[str]]:
    """What the words before a figure say.

    after (list): the words behind it.
    RETURNS (tuple): the direction, and the words of the clause, adverbs skipped.
    """
    if bracket := _OPEN_BRACKET.search(text, max(0, start - 5), start):  # "rose 12 points (0.6%)"
        return _direction_of_amount(_tokens_before(text, bracket.start())), []
    tokens = _skip(_tokens_before(text, start))
    if not tokens or tokens == [","]:
        return None, tokens
    last = tokens[-1]
    direction: Direction | None
    if last == "or" or (last == "," and any(char.isdigit() for char in tokens[-2])):
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
        direction = _verb_at_end(tokens, after) or _noun_at_end(last) or _transitive_verb(tokens)
        if direction is None and last in ARTICLES and after and after[0] in words.PACES:
            direction = _paced(tokens[:-1])
        if direction is None and after[:1] == ["of"] and not words.WEAK_DOWN.isdisjoint(tokens[-6:]):
            direction = "down"  # "cost it 20 basis points of margin"
    return direction, tokens


def _is_earlier(text: str, start: int) -> bool:
    """Whether what is compared with is a time: "where it closed", "its settlement price", not "its average"."""
    tokens = _tokens_after(text, start, _WORDS_AFTER + 2)
    return not words.EARLIER.isdisjoint(tokens) and words.NOT_EARLIER.isdisjoint(tokens)


def direction_after(text: str, end: int) -> Direction | None:
    """What the words after a figure say: "12% higher", "a 3% year-on-year drop", "2% to the good"."""
    tokens = _tokens_after(text, end + 1) if text[end : end + 1] in (" ", "-", "\n") else []
    if not tokens:
        return None
    first = tokens[0]
    if first in words.COMPARATIVES:
        is_of_next = tokens[1:] and (tokens[1] in ("from", "by") or tokens[1][0].isdigit())  # "5%, up 2% …"
        return None if is_of_next else words.COMPARATIVES[first]
    if first in words.POSITIONS:
        return words.POSITIONS[first] if _is_earlier(text, end + 1 + len(first)) else None
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


def _relative_clause(text: str, start: int, end: int) -> Direction | None:
    """Of "the 19% that it shed last month", "the 5% they gained"."""
    if not text.startswith(_RELATIVE, end) or _tokens_before(text, start)[-1:] != ["the"]:
        return None
    tokens = _tokens_after(text, end, _WORDS_AFTER + 1)
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


def _inherits(text: str, gap: tuple[int, int], tokens: list[str], after: list[str]) -> bool:
    """Whether a figure goes on from the one before it: "5% and 3%", "5% in Europe and 3% in Asia", "gold rose 3%,
    silver 5%"."""
    between = text[gap[0] : gap[1]]
    if _CLAUSE_END.search(between.rstrip()):
        return False
    if between in (", ", " and "):
        return True
    if tokens and (tokens[-1] in words.INHERITS or " ".join(tokens[-2:]) in words.INHERITING_PAIRS):
        return True
    subject = between.lower().removeprefix(",").split()
    if not between.startswith((", ", " and ")) or not 0 < len(subject) <= _WORDS_OF_GAP + 1:
        return False
    if subject[0] == "and":
        del subject[0]
    blocked = any(word in STOPS or word in words.LEVEL_NOUNS or word in ARTICLES or "," in word for word in subject)
    return not blocked and (not after or after[0] in ("and", "to", "in"))


def _is_signed_level(tokens: list[str]) -> bool:
    """Of "at minus 0.1%", "a yield of -0.3%", "the margin was -5.9%"."""
    if tokens and tokens[-1] in ARTICLES:
        del tokens[-1]
    if not tokens:
        return False
    last = tokens[-1]
    if last in words.BE:
        return not words.LEVEL_NOUNS.isdisjoint(tokens)
    return last in _LEVELS or last in words.LEVEL_NOUNS


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
        return None if _is_signed_level(_tokens_before(text, bound.start)) else "up" if sign > 0 else "down"
    direction = direction_after(text, end)
    if direction or bound.words in _LEVEL_BOUNDS:
        return direction
    return _relative_clause(text, bound.start, end) or _from_left(text, bound.start, end, previous)


def _from_left(text: str, start: int, end: int, previous: tuple[int, Direction | None] | None) -> Direction | None:
    """What the words before a figure say, or the figure before it."""
    after = _tokens_after(text, end, 2) if text[end : end + 1] == " " else []
    if after and after[0] in words.PARTS:
        return None
    direction, tokens = direction_before(text, start, after)
    if direction or previous is None or start - previous[0] > _LEFT_WINDOW or after[:1] == ["of"]:
        return direction
    return previous[1] if _inherits(text, (previous[0], start), tokens, after) else None
