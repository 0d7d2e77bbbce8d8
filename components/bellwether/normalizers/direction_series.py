"""Whether a percentage goes on from the one before it: "5% in Europe and 3% in Asia", "gold rose 3%, silver 5%",
"grew 0.3%, against a consensus of 0.2%", "grew 3%, half the 6% of the year before"."""

import re

from ..values import Direction
from . import direction_words as words
from .direction_apposition import direction_of_amount
from .direction_tokens import ABBREVIATIONS, LEFT_WINDOW, is_skipped, skip, tokens_after, tokens_before
from .direction_verbs import nearest_verb
from .direction_words import ARTICLES, NOUNS, STOPS, VERBS

_CLAUSE_END = re.compile(r"[.;:!?)\n](?:\s|$)")
_ABBREVIATED = re.compile(rf"\b{ABBREVIATIONS}(?=[ ,])", re.IGNORECASE)
_EXPECTED = re.compile(
    r"(?: \(|[,;.] )(?:the )?(?:forecast|consensus|estimate|expected|est|exp|previous|prev|prior)\b\.?:?(?: was)? ?",
    re.IGNORECASE,
)
# "Brent is up 20% this quarter, WTI 18%", "rose 2% on the dollar and the pound 1%"
_ADJUNCT = re.compile(
    r"\A (?:(?P<link>this|last|on|in|over|for|since|so|from|to|against|at|of|by|after|with|during|through|per|among)"
    r" [\w'. -]{1,40}?|overnight|today|yesterday|[ymqw]/[ymqw])(?=, | and | but |; )",
    re.IGNORECASE,
)
# "exports fell 12%, the most in three years, and imports 8%"
# "claims were 14% up, premiums 5%"
_MOVE = re.compile(
    r"\A (?P<move>[a-z]+)(?=(?: (?:in|at|on|for|this|last|from|against|to) [\w' -]{1,40}?)?(?:, | and ))", re.IGNORECASE
)
_PREPOSITION = re.compile(r"\b(by|of|at|to) \S*\d\S*(?: (?:points?|basis points?|percentage points?|per ?cent))?\Z")
_ASIDE = re.compile(r"\A, (?:the|its|a|an|their|his|her) [^,.;:%()\d]{3,60}(?=, )", re.IGNORECASE)
_ASIDE_BEHIND = re.compile(
    r", (?:the|its|a|an|their|his|her|excluding|including|before|without) [^,.;:%()\d]{3,60}, \Z", re.IGNORECASE
)
_HEDGE = re.compile(r" (?:just|slightly|well|far|a (?:little|bit|shade|touch|fraction)) ?\Z", re.IGNORECASE)
_POINTS = re.compile(r"(?:bps?|pp|pps|ppts?|points?)\Z", re.IGNORECASE)
_COMPARED = (["compared"], ["compares"], ["contrasted"], ["contrasts"])
_HAD = frozenset({"had", "has", "have", "saw", "see", "sees"})
_WORDS_SINCE_WHERE = 6
_WORDS_OF_GAP = 3
_WORDS_OF_COMPARISON = 8
_WORDS_TO_RIVAL = 5
_LONGEST_UNIT = 8
_LONGEST_FIGURE = 40
_TIMES = frozenset({"by", "at", "in", "on", "after", "since"})
_REASONS = frozenset({"through", "because", "from", "due", "by", "in"})
_SEPARATORS = (", ", " and ", " but ", "; ")
_REPEATED = (" by ", " of ", " at ", " to ")
_AGAIN = re.compile(r"\b(?:another|an? (?:further|additional|extra|second|third|final|similar)) \Z", re.IGNORECASE)
_LONGEST_AGAIN = 16
# "The bank hikes!! 25bp", "They cut. 50bp"
_FRAGMENT = re.compile(r"[.!?:…]{1,3} \Z")
_LONGEST_FRAGMENT = 4
# "The sell-off was orderly: 1% on Monday, 2% on Tuesday"
_IN_TURN: tuple[list[str], ...] = ([], ["on"], ["in"], ["from"], ["since"], ["by"], ["through"], ["because"])
_WORDS_OF_SUBJECT = 6
_WORDS_LEFT_OUT = 9
# "it did so by 5%", "on Tuesday they were, by 5%"
_CLAUSE_START = re.compile(r".*[.;:!?] ", re.DOTALL)
# "has lost a fifth since March and nickel 27%", "was up $3 and silver 2%"
_AMOUNT = re.compile(
    r".*\b(?:half|an? (?:third|quarter|fifth|tenth)|two-thirds|"
    r"[\d.,]*\d(?:[a-z]{1,2}| (?:points|million|billion|cents))?)(?= |,)",
    re.IGNORECASE | re.DOTALL,
)


def is_points(text: str, end: int) -> bool:
    """Whether the figure that ends here counts percentage points or basis points."""
    return _POINTS.search(text, max(0, end - _LONGEST_UNIT), end) is not None


def _is_expectation(between: str, after: list[str]) -> bool:
    """Of "against a consensus of", "less than the 5% expected"."""
    compared = between.lower().replace(",", " ").split()[-_WORDS_OF_COMPARISON:]
    if words.COMPARING.isdisjoint(compared) or not words.LEVEL_NOUNS.isdisjoint(compared):
        return False
    clause = after if after[:1] in (["that"], ["which"]) else after[:1]
    return not words.EXPECTATIONS.isdisjoint([*compared[-4:], *clause])


def is_compared(between: str, after: list[str]) -> bool:
    """Of "quicker than the 5% of May", "half the 5% pace", "well short of the 5% that it sought", "up from"."""
    compared = between.lower().replace(",", " ").split()[-_WORDS_OF_COMPARISON:]
    if not words.LEVEL_NOUNS.isdisjoint(compared) or not words.NORMS.isdisjoint(after):
        return False
    while compared and (compared[-1] in ARTICLES or is_skipped(compared[-1])):
        del compared[-1]
    if compared and compared[-1].endswith("'s") and not words.RIVALLING.isdisjoint(compared[-_WORDS_TO_RIVAL:]):
        return True  # "far above the system's 9%"
    return bool(compared) and (compared[-1] in words.COMPARATORS or " ".join(compared[-2:]) in words.COMPARATOR_PAIRS)


def _preposition(text: str, end: int) -> str:
    """Of "by 5%", the "by"."""
    match = _PREPOSITION.search(text, max(0, end - _LONGEST_FIGURE), end)
    return match[1] if match else ""


def _is_gapped(text: str, gap: tuple[int, int], after: list[str]) -> bool:
    """Of "gold rose 3%, silver 5%", "rose 3% this year and the rouble 5%": a subject, and the verb is left out;
    "put the fall at 3%, the union at 5%": the same preposition as before the first figure."""
    between = text[gap[0] : gap[1]]
    if not any(separator in between for separator in _SEPARATORS):
        return False
    is_repeated = between.endswith(_REPEATED) and between.endswith(f" {_preposition(text, gap[0])} ")
    if is_repeated:
        between = between[: between.rindex(" ", 0, -1)] + " "
    if (move := _MOVE.match(between)) and (move["move"] in words.COMPARATIVES or move["move"] in words.NOUNS):
        between = between[move.end() :]
    adjunct = _ADJUNCT.match(between)
    between = between[adjunct.end() :] if adjunct else between
    if adjunct and between in _SEPARATORS:  # "fell 5% against the euro, 3% against the yen"
        return after[:1] == [adjunct["link"]] or (adjunct["link"] in _REASONS and not _REASONS.isdisjoint(after[:1]))
    between = _HEDGE.sub("", _ASIDE_BEHIND.sub(" ", _ASIDE.sub("", between)))
    if between == " and ":
        return True
    if not between.startswith(_SEPARATORS):
        return False
    subject = between.lower().lstrip(",;").removesuffix(", " if is_repeated or between[0] == ";" else "").split()
    is_last = subject[:1] in (["and"], ["but"])
    if is_last:
        del subject[0]
    if is_repeated and subject[:1] in (["in"], ["for"]):  # "a rise in exports of 6% and in imports of 4%"
        del subject[0]
    if subject[:1] and subject[0] in _TIMES and len(subject) > 1:  # "By lunch it was up 12%, by the close 4%"
        subject = [word for word in subject[1:] if word not in ARTICLES]
    has_article = subject[:1] == ["the"]
    if has_article:
        del subject[0]
    if not 0 < len(subject) <= _WORDS_OF_GAP + is_last or (has_article and not words.AFTER_ARTICLE.isdisjoint(subject)):
        return False
    blocked = any(word in STOPS or word in words.LEVEL_NOUNS or word in ARTICLES or "," in word for word in subject)
    if between[0] == ";":  # "profit up 71%; interim dividend 50%", "shares fall 5%; issue subscribed 24%"
        blocked = blocked or subject[-1] == "dividend" or subject[-1].endswith("ed")
    return not blocked and (not after or after[0] in words.AFTER_GAP)


def _is_of_one(tokens: list[str]) -> bool:
    """Of "feared a plunge of 30%; the actual one was", "the new one says": "one" stands for the move before."""
    while tokens and (tokens[-1] in words.BE or tokens[-1] in ("says", "of", "has", "had", "at")):
        tokens = tokens[:-1]
        if tokens[-1:] == ["one"] and tokens[-2:-1] != ["the"]:
            return True
    return False


def _is_asked(tokens: list[str]) -> bool:
    """Of "the company had asked for", "analysts had expected": another size of the same move."""
    if tokens[-3:] == ["would", "have", "been"]:  # "without which it would have been"
        return True
    return bool(tokens) and (tokens[-1] in words.ASKING or " ".join(tokens[-2:]) in words.ASKING)


def _is_left_out(tokens: list[str]) -> bool:
    """Of "went up by 5%; the average wage, by": a subject without a verb."""
    return tokens[-1:] == ["by"] and len(tokens) <= _WORDS_LEFT_OUT and words.PASSIVE.isdisjoint(tokens)


def _is_where(tokens: list[str]) -> bool:
    """Of "growing by 0.4% where forecasters had"."""
    return bool(tokens) and tokens[-1] in _HAD and "where" in tokens[-_WORDS_SINCE_WHERE:]


def inherits(text: str, gap: tuple[int, int], end: int, tokens: list[str], after: list[str]) -> bool:
    """Whether a figure goes on from the one before it.

    gap (tuple): end of the figure before, start of this one.
    end (int): where this one ends.
    tokens (list): the words of the clause before it.
    after (list): the words behind it.
    """
    between = text[gap[0] : gap[1]]
    is_alike = is_points(text, gap[0]) == is_points(text, end)
    if _is_of_one(tokens) or (between == ": " and after[:1] in _IN_TURN) or _EXPECTED.fullmatch(between):
        return True  # "shrank 3%: 2% through withdrawals"
    if _CLAUSE_END.search(_ABBREVIATED.sub("", between.rstrip())):
        return is_alike and (_is_asked(tokens) or ("; " in between and _is_clause_of(text, gap, tokens, after)))
    if between in (", ", " and ") or _is_expectation(between, after):
        return True
    last_two = " ".join(tokens[-2:])
    if tokens and (tokens[-1] in words.INHERITS or last_two in words.INHERITING_PAIRS):
        return (is_alike or tokens[-1] not in words.COMPARING) and not _is_apart(between, tokens)
    return is_alike and (
        last_two == "one of"
        or (tokens[-1:] == ["to"] and not words.RANGING.isdisjoint(tokens))
        or is_compared(between, after)
        or _is_asked(tokens)
        or _is_where(tokens)
        or _is_gapped(text, gap, after)
    )


def _is_clause_of(text: str, gap: tuple[int, int], tokens: list[str], after: list[str]) -> bool:
    """Of "sales went up by 5%; fees by 3%": the clause behind a semicolon leaves out the verb."""
    return (text[gap[0]] == ";" and tokens[-1:] == ["by"]) or _is_left_out(tokens) or _is_gapped(text, gap, after)


def _is_apart(between: str, tokens: list[str]) -> bool:
    """Of "rose 5% when a fund was seen with 4.9%", unlike "compared with 4%"."""
    return tokens[-1] == "with" and tokens[-2:-1] not in _COMPARED and len(between.split()) > _WORDS_OF_GAP


def said_before(text: str, start: int, tokens: list[str], after: list[str]) -> Direction | None:
    """What a figure takes from a move that stands before its own clause, or is not a percentage: "another 5%",
    "The bank hikes!! 25bp", "it did so by 5%", "lost a fifth and nickel 27%"."""
    if not tokens:
        return _fragment(text, start, after)
    last = tokens[-1]
    if _AGAIN.search(text, max(0, start - _LONGEST_AGAIN), start):
        is_part = last in words.DEALING or after[:1] == ["of"]
        return None if is_part else nearest_verb(tokens) or _verb_of_clause_before(text, start)
    if last == "by" and _is_auxiliary([token for token in tokens if token != ","][-2:-1]):
        return nearest_verb(tokens[:-1]) or _verb_of_clause_before(text, start)
    if last == "the" and tokens[-2:-1] == ["than"] and after[:1] == ["that"]:  # "a bigger decline than the 5% that"
        return NOUNS.get(" ".join(tokens[-3:-2]))
    is_level = last in STOPS or last in ARTICLES or last in words.LEVEL_NOUNS
    return None if is_level else _behind_amount(text, start, after)


def _is_auxiliary(verb: list[str]) -> bool:
    return not words.PASSIVE.isdisjoint(verb) or not words.BEFORE_VERB.isdisjoint(verb) or verb == ["so"]


def _behind_amount(text: str, start: int, after: list[str]) -> Direction | None:
    """Of "lost a fifth and nickel 27%", "home claims were a third costlier, motor claims 8%"."""
    amount = _AMOUNT.match(text, max(0, start - LEFT_WINDOW), start)
    if amount is None or not _is_gapped(text, (amount.end(), start), after):
        return None
    behind = " ".join(tokens_after(text, amount.end(), 1))
    return words.COMPARATIVES.get(behind) or direction_of_amount(tokens_before(text, amount.end()))


def _verb_of_clause_before(text: str, start: int) -> Direction | None:
    clause = _CLAUSE_START.match(text, max(0, start - LEFT_WINDOW), start)
    return nearest_verb(tokens_before(text, clause.end() - 2)) if clause else None


def _fragment(text: str, start: int, after: list[str]) -> Direction | None:
    """Of "The bank hikes!! 25bp"."""
    match = _FRAGMENT.search(text, max(0, start - _LONGEST_FRAGMENT), start)
    if not words.LEVEL_NOUNS.isdisjoint(after) or after[:1] in (["of"], ["for"]):
        return None
    word = "".join(skip(tokens_before(text, match.start()))[-1:]) if match else ""
    direction = VERBS.get(word) or (None if word in words.REACHES else NOUNS.get(word))
    if direction is None and text.endswith(": ", 0, start) and after[:1] in _IN_TURN:
        subject = tokens_before(text, start - 2)[:_WORDS_OF_SUBJECT]
        return next((NOUNS[token] for token in subject if token in NOUNS and token not in words.REACHES), None)
    return direction
