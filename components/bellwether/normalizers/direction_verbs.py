"""Which way a verb moves the figure behind it: "rose 5%", "clawed back 5%", "raised the dividend 5%", "grew at 5%"."""

from ..values import Direction
from . import direction_words as words
from .direction_tokens import is_skipped
from .direction_words import ARTICLES, DETERMINERS, NOUNS, PARTICLES, PAST, STOPS, VERBS

_OBJECTS = ARTICLES | words.PRONOUNS | {"them", "us", "him"}
_ADJUNCT_PREPOSITIONS = frozenset({"in", "on", "during", "over", "since"})
_BEHIND_ADJUNCT = frozenset({"to", "from", "and", "but", "after", "as", "against", "while"})
_ABOUT = frozenset({"for", "on", "of", "at"})
_PUT = (["put"], ["puts"], ["putting"])
_COME = (["come"], ["came"], ["coming"])
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
        and " ".join(tokens[index : index + 2]) not in VERBS
        and not (index and tokens[index - 1] in words.BEFORE_VERB)
    )


def _is_adverse(tokens: list[str]) -> bool:
    return not words.ADVERSE.isdisjoint(tokens) and words.FAVOURABLE.isdisjoint(tokens)


def verb_around(last: str, after: list[str]) -> Direction | None:
    """Of "gave 30% back", "took 5% off"; not of "gave 30% back to its owners"."""
    return VERBS.get(f"{last} {after[0]}") if after and (after[1:2] != ["to"] or after[0] == "on") else None


def verb_at_end(tokens: list[str], after: list[str]) -> Direction | None:
    """Of "rose", "clawed back", "up" right before the figure."""
    last = tokens[-1]
    if len(tokens) > 1:
        phrase = f"{tokens[-2]} {last}"
        if phrase in words.PHRASAL:
            return "down" if phrase in words.SOLD_OFF and after[:1] != ["of"] else None
        if direction := VERBS.get(phrase):
            return direction
    if last == "up" and tokens[-2:-1] and tokens[-2] in words.MAKE:  # "made up 2% from its low"
        return "up" if after[:1] in (["from"], ["on"], ["since"]) else None
    return _weak_verb(last, after) or move_at(tokens, len(tokens) - 1)


def _weak_verb(verb: str, after: list[str]) -> Direction | None:
    """Of "made", "cost", "contributed", which are moves by what follows the figure."""
    following = after[:1]
    if (verb in words.WEAK_UP and following != ["of"]) or (verb in words.CONTRIBUTING and following == ["to"]):
        return "up"
    return "down" if verb in words.WEAK_DOWN and verb != "cost" and following in ([], ["on"], ["in"]) else None


def nearest_verb(tokens: list[str]) -> Direction | None:
    """Of "cut its forecast for 2033 sales by": the nearest verb, else the nearest noun; of "wider by" the adjective."""
    while tokens[-1:] == [","]:
        tokens = tokens[:-1]
    if tokens and tokens[-1] in words.COMPARATIVES:
        return words.COMPARATIVES[tokens[-1]]
    for index in range(len(tokens) - 1, -1, -1):
        if _compares(tokens, index):
            return _beaten(tokens, index)
        if tokens[index] in words.NEUTRAL and PARTICLES.keys().isdisjoint(tokens[index:]):
            return None
        if direction := _only_with_by(tokens, index) or _governing(tokens, index):
            return direction
    return _nearest_noun(tokens)


def _governing(tokens: list[str], index: int) -> Direction | None:
    """What a verb says that is near enough: "the firm's margin", "a cut" are nouns."""
    if (index and tokens[index - 1] in DETERMINERS) or (
        tokens[index] not in words.ONLY_NEAR and _is_far(tokens, index)
    ):
        return None
    if tokens[index] in PARTICLES and tokens[index + 1 : index + 2] == ["to"]:  # "save up to 5% and another"
        return None
    return move_at(tokens, index)


def _nearest_noun(tokens: list[str]) -> Direction | None:
    """Of "the third rise in a row, by"; of "earned more than in 2032, by" the comparative."""
    for index in range(len(tokens) - 1, -1, -1):
        if direction := NOUNS.get(tokens[index]):
            return direction
        if index and tokens[index] == "than":
            return words.COMPARATIVES.get(tokens[index - 1])
    return None


def _only_with_by(tokens: list[str], index: int) -> Direction | None:
    """Of "hurt margins by", "put up premiums by", "spreads have come in by", which are no moves without "by"."""
    token, before = tokens[index], tokens[index - 1 : index]
    if token in words.WITH_BY:
        is_verb = before not in (["a"], ["the"]) and tokens[index + 1 : index + 2] != ["by"]  # "helped by"
        return words.WITH_BY[token] if is_verb else None
    if token == "up" and before in _PUT:
        return "up"
    return "down" if token == "in" and before in _COME and not words.SPREADS.isdisjoint(tokens) else None


def _compares(tokens: list[str], index: int) -> bool:
    """Of "beat", "trailed", "fell short"."""
    token = tokens[index]
    return token in words.BEATING and (
        token != "short" or f"{' '.join(tokens[index - 1 : index])} short" in words.PHRASAL
    )


def _beaten(tokens: list[str], index: int) -> Direction | None:
    """Of "beat last year's by"; None for "beat forecasts by"."""
    rest = tokens[index + 1 :]
    is_dated = not words.EARLIER.isdisjoint(token.removesuffix("'s") for token in rest)
    return words.BEATING[tokens[index]] if is_dated and words.NOT_EARLIER.isdisjoint(rest) else None


def transitive_verb(tokens: list[str]) -> Direction | None:
    """Of "lifting sales", "raised the dividend", "boosts estimates for Norvane": with its object between."""
    if tokens[-1] in ARTICLES or tokens[-1] in words.LINKS or _is_gerund(tokens[-1]):
        return None
    if tokens[-1].endswith(("'s", "s'")):  # "adding Quinta's 9%"
        return None
    start = max(0, len(tokens) - _WORDS_BETWEEN)
    index = len(tokens)
    while index > start:
        index -= 1
        token = tokens[index]
        if token in _ABOUT and not words.CHANGED.isdisjoint(tokens[index - 1 : index]):
            start = max(0, index - _WORDS_BETWEEN)
            continue
        if token in STOPS or token in words.ODDS or not token[0].isalpha():
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
        if (
            tokens[index] in words.WEAK_DOWN
            and tokens[index + 1 : index + 2] != ["of"]
            and (
                tokens[index] != "costs" or (index and tokens[index + 1 : index + 2] and tokens[index + 1] in _OBJECTS)
            )
        ):
            return True
    return False


def for_investors(tokens: list[str]) -> Direction | None:
    """Of "earned its owners", "cost holders"."""
    if tokens[-1] not in words.INVESTORS:
        return None
    return next((words.EARNING[token] for token in reversed(tokens[-4:-1]) if token in words.EARNING), None)
