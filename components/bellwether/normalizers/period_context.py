"""What the words around an expression say: whether the text looks back or ahead, and whether a word or a number is one
of the calendar at all ("may", "march", "2031 units")."""

import re

from .period_fields import Direction
from .period_tokens import Tokens

_words = str.split

_FUTURE = frozenset(
    _words(
        "will shall ll expects expect expecting expected plans planned plan planning due may might could should can "
        "would forecasts hopes hope sees predicts predict scheduled slated ahead unlikely likely upcoming pending must "
        "proposes preparing unless tomorrow until till going"
    )
)
# Of these the ones that tell also where they come after the expression.
_FUTURE_BEHIND = frozenset(_words("will shall ll may expected expects due scheduled slated"))
# The present tense of what is on a calendar: "reopens on Tuesday".
_SCHEDULED = frozenset(
    _words(
        "begins begin reopens reopen publishes publish meets meet goes go decides decide resumes resume expires expire "
        "opens open unveils joins join takes lands becomes retires convenes convene commences occur happen arrive "
        "arrives come comes gets enters starts"
    )
)
# The same, of words that are nouns as well: only where they stand right before.
_SCHEDULED_NEARBY = frozenset(
    _words(
        "reports report votes vote leaves leave returns return launches launch calls prices releases ends closes "
        "holds starts start visits sit is are falls listing election payrolls"
    )
)
_PAST = frozenset(
    _words(
        "since was were had did said rose fell came made took sold won lost grew shrank got went saw beat ran began "
        "left paid kept held met sank leapt told spent found drove wrote bought brought knew gave became froze swung "
        "broke drew struck flew hid laid lay led lent rang sang shed shook shot slid spoke stood stole swore threw "
        "tore woke wore built burnt caught dealt dug fed felt fought forgot hung heard lit meant overtook sent sought "
        "slept slumped stuck taught thought understood withdrew wound ago yesterday earlier ended "
        "closed up down "
    )
)
_NOT_PAST = frozenset(
    _words(
        "need indeed speed feed seed fed red bed unprecedented supposed limited united ed expected scheduled planned"
    )
)
_STOPS = frozenset(".!;?")
# Before an expression these begin a clause whose verb comes after it: "and on Tuesday it fell".
_OPENERS = frozenset(_words(", ; : and but . ! ?"))
_PREPOSITIONS = frozenset(_words("on in by from at for during since until till to"))
# "pushed back to", "delayed until"
_POSTPONED = frozenset(
    _words("pushed postponed delayed moved put shifted deferred pushes postpones delays moves defers shifts slips")
)
_REACH = 24
_REACH_AHEAD = 14

_MONTH_CUES = frozenset(
    _words(
        "in since by until till from of last next this early mid late for to and through during between than early "
        "end beginning start before after or vs versus against mid- previous past every each per around a the"
    )
)
_YEAR_CUES = frozenset(
    _words(
        "in since by before after until till for from during through early mid late year fy end late to of into "
        "over throughout back than"
    )
)
_COUNTED = frozenset(
    _words(
        "employees staff workers jobs people units shares stores homes tonnes tons barrels points mw megawatts km "
        "kilometres miles customers cars vehicles aircraft positions pieces dollars euros pounds yen contracts hours "
        "days weeks months minutes times square cubic hectares acres rooms seats branches outlets bps basis percent "
        "pct kg grams ounces items companies students users subscribers members passengers households megabytes gb "
        "rpm hp volts copies tickets visitors residents beds ships trucks flights locations restaurants shops managers "
        "applicants patients cases deaths troops houses buildings apartments families farmers"
    )
)
# "a 2000-seat hall"
_MEASURED = frozenset(_words("page room seat unit strong member mile day year hour megawatt acre foot tonne point"))
_NUMBERED = frozenset(
    _words("no nos number item section rule form page code room flight model series article note route")
)
_CURRENCY = re.compile(
    r"(?:[$\u20ac\u00a3\u00a5\u20b9#@/\\&=]"
    r"|\b(?:usd|eur|gbp|jpy|chf|rs|inr|cny|sek|nok|dkk|aud|cad|hkd|sgd|[a-z]{1,2}\$)) ?$"
)


def direction(text: str, tokens: Tokens, start: int, end: int) -> Direction:
    """Where the sentence looks at an expression, the tokens `start` to `end`.

    RETURNS (str | None): "since" where it surely lies in the past; "past", "future" or "soon" (a present tense that may
        be about what is coming) after the nearest word that tells; None where none does.
    """
    before = tokens.words[start - 1] if start else ""
    if before == "since":
        return "since"
    head = start - (before in _PREPOSITIONS)
    opens = head <= 0 or tokens.words[head - 1] in _OPENERS
    if opens and (found := _look_ahead(text, tokens, end)):
        return found
    found = _look_back(text, tokens, head)
    if before in ("to", "until", "till", "from") and _is_postponed(tokens, head):
        return "future"
    if before in ("by", "until", "till", "from", "into") and found != "past":
        return "future"
    return found or (None if opens else _look_ahead(text, tokens, end))


def _look_back(text: str, tokens: Tokens, start: int) -> Direction:
    for index in range(start - 1, max(start - _REACH, -1), -1):
        word = tokens.words[index]
        if word in _STOPS and not _is_abbreviation(tokens, index):
            break
        before = tokens.words[index - 1] if index else ""
        if word in _FUTURE:
            if before in ("to", "had", "have", "has", "not"):  # "had told them to expect"
                continue
            return "future"
        if word in _SCHEDULED or (word in _SCHEDULED_NEARBY and index == start - 1):
            if before in ("to", "will", "would", "could", "may", "should"):
                continue
            return "soon"
        if before not in ("be", "to") and _is_past(text, tokens, index):
            return "past"
    return None


def _look_ahead(text: str, tokens: Tokens, end: int) -> Direction:
    if end < len(tokens) and tokens.words[end] in ("is", "are"):
        return "soon"
    for index in range(end, min(end + _REACH_AHEAD, len(tokens))):
        word = tokens.words[index]
        if word in _STOPS:
            break
        if word in _FUTURE_BEHIND:
            return "future"
        if _is_past(text, tokens, index):
            return "past"
    return None


def _is_postponed(tokens: Tokens, start: int) -> bool:
    return any(tokens.words[index] in _POSTPONED for index in range(max(start - _REACH, 0), start))


def _is_past(text: str, tokens: Tokens, index: int) -> bool:
    token = tokens[index]
    word = token.word
    if word == "set":
        return index + 1 < len(tokens) and tokens.words[index + 1] not in ("to", "for")
    if word in _PAST:
        return True
    return word.endswith("ed") and len(word) > 3 and word not in _NOT_PAST and text[token.start].islower()


def _is_abbreviation(tokens: Tokens, index: int) -> bool:
    return tokens.words[index] == "." and index > 0 and len(tokens.words[index - 1]) < 3


def is_month_word(text: str, tokens: Tokens, index: int) -> bool:  # noqa: PLR0911
    """Whether a month without a day and a year is one: "in May", "strong March"; not "may", "march", "$DEC"."""
    token = tokens[index]
    start = token.start
    if start and text[start - 1] in "$#@_&":
        return False
    before = tokens.words[index - 1] if index else ""
    after = tokens.words[index + 1] if index + 1 < len(tokens) else ""
    word = token.word
    capital = text[start].isupper()
    cue = before in _MONTH_CUES
    if word == "may":
        if not capital:
            return cue and before not in ("a", "the", "this", "that", "and", "or", "to", "of", "than", "each")
        if cue and before not in ("and", "or", "a", "than", "that"):
            return True
        first = not index or before in _STOPS
        follows_name = index > 0 and text[tokens[index - 1].start].isupper()
        following_upper = bool(after) and after.isalpha() and text[tokens[index + 1].start].isupper()
        return not first and not (follows_name and following_upper) and after not in ("i", "we", "not", "be")
    if word in ("march", "mar", "sep", "dec", "jan", "jun", "nov") and not capital:
        ends = word not in ("march", "mar") and after in ("", ".", ",", "and")
        return ends or (cue and before not in ("the", "a", "to"))
    if word == "march":
        return after not in ("on", "of", "into", "toward", "towards", "past") or cue
    if token.code == "m" and not capital:
        return cue or not before.isalpha()
    return True


def is_weekday_word(text: str, tokens: Tokens, index: int) -> bool:
    """Whether "sun", "sat", "mon", "wed" are days."""
    token = tokens[index]
    if token.start and text[token.start - 1] in "$#@_&":
        return False
    if len(token.word) > 5 or token.word in ("tues", "thurs", "thur"):
        return True
    before = tokens.words[index - 1] if index else ""
    cue = before in ("on", "next", "last", "this", "by", "until", "every", "since", "from", "to", "til", "till")
    if token.word in ("sun", "sat", "wed"):
        return cue and (token.word != "sun" or before not in ("to", "from", "by"))
    return cue or text[token.start].islower() or before in (",", "")


def is_year(text: str, tokens: Tokens, index: int) -> bool:  # noqa: PLR0911
    """Whether a bare number of four digits is a year."""
    token = tokens[index]
    year = token.values[0] or 0
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    word = before.word if before else ""
    head = text[max(0, token.start - 6) : token.start].lower()
    if _CURRENCY.search(head):
        return False
    if before is not None and before.end == token.start and (before.word.isalnum() or before.word in ("_", "+")):
        return False
    if before is not None and before.end == token.start and before.word == "-" and word:
        head_word = tokens.words[index - 2] if index > 1 else ""
        if head_word not in ("mid", "end", "early", "late", "pre", "post", "since", "year", "start"):
            return False
    if word in _NUMBERED or (word == "." and index > 1 and tokens.words[index - 2] in _NUMBERED):
        return False
    follower = after.word if after else ""
    glued = after is not None and after.start == token.end
    if glued and (follower in ("%", "_") or tokens.codes[index + 1] == "_"):
        return False
    if glued and follower == "-":
        third = tokens.words[index + 2] if index + 2 < len(tokens) else ""
        if third in _MEASURED:
            return False
    counted = follower in _COUNTED or follower in ("million", "billion", "m", "bn", "mn", "trillion", "thousand")
    if counted:
        return word in ("in", "since", "during", "throughout", "until") and 1900 <= year < 2100
    if token.word.startswith("cy"):
        return True
    if not token.word[0].isdigit():
        return word in ("in", "since", "until", "by", "during", "year", "before", "after")
    if 1900 <= year < 2100:
        return True
    return (
        word in ("in", "since", "until", "before", "after", "year", "to")
        and 1500 <= year < 2300
        and not (after is not None and after.code == "_" and follower.endswith("s") and word == "to")
    )
