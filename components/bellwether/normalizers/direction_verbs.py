"""Which way a verb moves the figure behind it: "rose 5%", "clawed back 5%", "raised the dividend 5%", "grew at 5%"."""

from ..values import Direction
from . import direction_words as words
from .direction_tokens import is_skipped
from .direction_words import ARTICLES, NOUNS, PARTICLES, PAST, STOPS, VERBS

_OBJECTS = ARTICLES | words.PRONOUNS | {"them", "us", "him"}
_ADJUNCT_PREPOSITIONS = frozenset({"in", "on", "during", "over", "since"})
_BEHIND_ADJUNCT = frozenset({"to", "from", "and", "but", "after", "as", "against", "while"})
_WORDS_OF_ADJUNCT = 3
_WORDS_BETWEEN = 5
_WORDS_TO_COST = 6


def of_verb(tokens: list[str], index: int) -> Direction | None:
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


def move_at(tokens: list[str], index: int) -> Direction | None:
    """What the verb or the particle at a place says: "rose", "up"; the "up" of "gave up" belongs to its verb."""
    token = tokens[index]
    if token in PARTICLES:
        phrase = " ".join(tokens[max(0, index - 1) : index + 1])
        if phrase in words.PHRASAL:
            return None
        return VERBS.get(phrase) or PARTICLES[token]
    return of_verb(tokens, index)


def _is_far(tokens: list[str], index: int) -> bool:
    """Whether a word that is as often a noun is too far from the figure to be its verb."""
    return (
        tokens[index] in words.NOT_FAR
        and index < len(tokens) - 1
        and not (index and tokens[index - 1] in words.BEFORE_VERB)
    )


def _is_adverse(tokens: list[str]) -> bool:
    return not words.ADVERSE.isdisjoint(tokens) and words.FAVOURABLE.isdisjoint(tokens)


def verb_around(last: str, after: list[str]) -> Direction | None:
    """Of "gave 30% back", "took 5% off"; not of "gave 30% back to its owners"."""
    return VERBS.get(f"{last} {after[0]}") if after and after[1:2] != ["to"] else None


def verb_at_end(tokens: list[str], after: list[str]) -> Direction | None:
    """Of "rose", "clawed back", "up" right before the figure."""
    last = tokens[-1]
    if len(tokens) > 1:
        phrase = f"{tokens[-2]} {last}"
        if phrase in words.PHRASAL:
            return "down" if phrase in words.SOLD_OFF and after[:1] != ["of"] else None
        if direction := VERBS.get(phrase):
            return direction
    if last == "up" and tokens[-2:-1] and tokens[-2] in words.WEAK_UP:  # "made up 2% from its low"
        return "up" if after[:1] in (["from"], ["on"], ["since"]) else None
    return _weak_verb(last, after) or move_at(tokens, len(tokens) - 1)


def _weak_verb(verb: str, after: list[str]) -> Direction | None:
    """Of "made", "cost", "contributed", which are moves by what follows the figure."""
    following = after[:1]
    if (verb in words.WEAK_UP and following != ["of"]) or (verb in words.CONTRIBUTING and following == ["to"]):
        return "up"
    return "down" if verb in words.WEAK_DOWN and following in ([], ["on"], ["in"]) else None


def nearest_verb(tokens: list[str]) -> Direction | None:
    """Of "cut its forecast for 2033 sales by": the nearest verb, else the nearest noun; of "wider by" the adjective."""
    if tokens and tokens[-1] in words.COMPARATIVES:
        return words.COMPARATIVES[tokens[-1]]
    for index in range(len(tokens) - 1, -1, -1):
        direction = move_at(tokens, index)
        if direction and not _is_far(tokens, index) and not (index and tokens[index - 1] in ARTICLES):
            return direction
    for index in range(len(tokens) - 1, -1, -1):
        if direction := NOUNS.get(tokens[index]):
            return direction
    return None


def transitive_verb(tokens: list[str]) -> Direction | None:
    """Of "lifting sales", "raised the dividend": with its object between."""
    if tokens[-1] in ARTICLES or tokens[-1] in words.LINKS or _is_gerund(tokens[-1]):
        return None
    start = max(0, len(tokens) - _WORDS_BETWEEN)
    for index in range(len(tokens) - 1, start - 1, -1):
        token = tokens[index]
        if token in STOPS or not token[0].isalpha():
            break
        if _is_far(tokens, index) or _is_attribute(tokens, index):
            continue
        if direction := of_verb(tokens, index):
            return direction
    return None


def _is_gerund(token: str) -> bool:
    """Whether a participle or gerund that is no move has the figure as its object: "covering", "by selling"."""
    return token.endswith("ing") and token not in VERBS and token not in words.ACTIVITIES


def _is_attribute(tokens: list[str], index: int) -> bool:
    """Of "falling" in "falling rates mean that savers get 5%"; "is growing sales" and ", growing sales" are verbs."""
    return (
        tokens[index].endswith("ing")
        and tokens[index] in words.INTRANSITIVE
        and tokens[index] not in words.ALSO_TRANSITIVE
        and index < len(tokens) - 1
        and (index == 0 or (tokens[index - 1] != "," and tokens[index - 1] not in words.BE))
    )


def verb_with_adjunct(tokens: list[str], after: list[str]) -> Direction | None:
    """Of "fell in early trading", "rose in April": when or where, between a verb without an object and its figure."""
    if after and after[0] not in _BEHIND_ADJUNCT:
        return None
    for index in range(len(tokens) - 2, max(-1, len(tokens) - 2 - _WORDS_OF_ADJUNCT), -1):
        if tokens[index] in _ADJUNCT_PREPOSITIONS:
            verb = tokens[index - 1] if index else ""
            return VERBS.get(verb) if verb in words.INTRANSITIVE and verb in PAST else None
        if tokens[index] in STOPS or tokens[index] == ",":
            return None
    return None


def paced(tokens: list[str]) -> Direction | None:
    """Of "growing at an annual rate of", "grew at a 5% pace"."""
    for token in reversed(tokens[-4:]):
        if token in words.PACED:
            return VERBS.get(token)
        if token not in ("at", "a", "an", "the") and token not in words.PACES and not is_skipped(token):
            return None
    return None


def has_moved(tokens: list[str]) -> bool:
    """Of "raised its target by"; not of "expected to fall by", "would cut it by"."""
    for index in range(len(tokens) - 1, -1, -1):
        if tokens[index] in VERBS and not _is_far(tokens, index) and tokens[index - 1 : index] not in (["a"], ["the"]):
            return tokens[index] in PAST or not (index and tokens[index - 1] in words.BEFORE_VERB)
    return False


def costs_its_object(tokens: list[str]) -> bool:
    """Of "cost it 20 basis points of margin"; not of "costs ate 60% of sales"."""
    for index in range(max(0, len(tokens) - _WORDS_TO_COST), len(tokens)):
        if tokens[index] in words.WEAK_DOWN and (
            tokens[index] != "costs" or (index and tokens[index + 1 : index + 2] and tokens[index + 1] in _OBJECTS)
        ):
            return True
    return False
