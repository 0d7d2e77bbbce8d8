"""Reads what names its place in the calendar: a date, a month, a quarter or half, a year, a fiscal year, a weekday,
"the 14th", "the first nine months", "the September quarter"."""

from collections.abc import Sequence

from ..values import Period
from .days import day, grain_of, last_of_month, months, neighbour, stretch_of
from .period_context import is_month_word, is_weekday_word, is_year
from .period_fields import Fields, as_period, choose_complete, read_fields, resolve
from .period_relative import OFFSETS, count_of, unit_of
from .period_scene import Result, Scene
from .period_tokens import Token, full_year

_words = str.split

_MONTHS = 12
_LONGEST_DAY = 31
_SIGNS = frozenset("$#\u20ac\u00a3\u00a5")
_IN_SUCCESSION = frozenset(_words("running straight"))
_DATED = frozenset(
    _words("on by until till since from before after between dated due through of to at and or next this")
)
_NUMERIC_CUES = _DATED - frozenset(_words("of to at and or through"))


def read_date(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Result:
    """ "14 March 2031", "03/14/2031", "Oct. 24"."""
    if tokens[-1].word == ".":
        tokens, end = tokens[:-1], end - 1
    if not _is_date(scene, tokens, start, end):
        return read_month(scene, tokens[:1], start, start + 1) if tokens[0].code in "Mm" else None
    value = scene.resolve(tokens, start, end)
    return None if value is None else (value, start, end)


def _is_date(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> bool:
    codes = "".join([token.code for token in tokens])
    before, after = scene.word(start - 1), scene.word(end)
    if codes[0] in "eor" or (codes[0] == "E" and "." in tokens[0].word and len(tokens[0].word.split(".")[2]) < 4):
        listed = start > 1 and scene.tokens.codes[start - 2] == "e"  # "11/20, 11/22 or 11/25"
        return (before in _NUMERIC_CUES or listed) and after not in ("%", "percent", "per")
    if codes[0] in "eEd" and before in _SIGNS:
        return False
    if codes[0] == "O" and tokens[0].word.isalpha() and tokens[1].code in "Mm":
        return False  # "the second May"
    month = next((token for token in tokens if token.code in "Mm"), None)
    if month is not None and month.word in ("may", "march", "mar") and "y" not in codes:
        if scene.text[month.start].islower() and before not in _DATED and codes[0] in "Mm":
            return False
        glued = end < len(scene.tokens) and scene.tokens[end].start == tokens[-1].end
        return not (glued and after not in (".", ",", ";", ":", ")", "!", "?", "'", "-"))
    counted = after in ("%", "percent", "million", "bn")
    return not (counted and codes[0] in "Mm" and "y" not in codes and tokens[-1].code == "d")


def read_month(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Result:
    """ "March 2031", "May", "2031-03"."""
    names = [token for token in tokens if token.code in "Mm"]
    if len(names) == 1 and not any(token.code in "yzd" for token in tokens):
        if not is_month_word(scene.text, scene.tokens, start + tokens.index(names[0])):
            return None
        if tokens[-1].word == ".":
            end -= 1
            tokens = tokens[:-1]
    if tokens[0].code == "U" and not _is_year_month(scene, tokens[0], start):
        return None
    value = scene.resolve(tokens, start, end)
    return None if value is None else (value, start, end)


def _is_year_month(scene: Scene, token: Token, start: int) -> bool:
    return scene.word(start - 1) not in ("$", "#", "no", ".", "-", "+") and scene.word(start + 1) not in ("-", "%")


def read_part(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Result:
    """ "Q3", "the third quarter of 2031", "1H22", "fourth quarter of fiscal 2031"."""
    if scene.word(end) in _IN_SUCCESSION or (
        scene.word(end) in ("in", "of") and scene.word(end + 1) in ("succession", "a")
    ):
        return None
    if tokens[0].code == "t" and "-" in [token.word for token in tokens[1:4]]:
        start, tokens = start + 1, tokens[1:]  # "the third-quarter profit"
    value = scene.resolve(tokens, start, end)
    return None if value is None else (value, start, end)


def read_year(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "2031", "fiscal 2031", "FY24", "2031-33"."""
    if len(tokens) == 1 and tokens[0].code in "yR":
        token = tokens[0]
        if not is_year(scene.text, scene.tokens, start):
            return None
        if token.code == "y" and token.word.endswith("s") and (token.values[0] or 0) % 10 == 0:
            return as_period(months(token.values[0] or 0, 1, 10 * _MONTHS))
        if token.code == "R" and "/" not in token.word:
            first, last = token.values
            return as_period(months(first or 0, 1, _MONTHS * ((last or 0) - (first or 0) + 1)), "range")
    if tokens[0].code == "K" and len(tokens[0].values) == 2:
        return _fiscal_years(scene, tokens[0], start)
    if "f" in [token.code for token in tokens] and tokens[-1].code in "dz" and scene.word(end) in ("%", "months"):
        return None
    return scene.resolve(tokens, start, end)


def _fiscal_years(scene: Scene, token: Token, start: int) -> Period | None:
    """ "FY24-26"."""
    first, last = (resolve(Fields(year=year, fiscal=True), None, None, scene.year_end(start)) for year in token.values)
    if first is None or last is None:
        return None
    return Period(start=first.start, end=last.end, grain="range", fiscal=True, label=f"{first.label}..{last.label}")


def read_first_months(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the first nine months", of the year."""
    first = next(token for token in tokens if token.code == "O")
    unit, count = unit_of(tokens), count_of(tokens)
    if unit != "month" or first.values[0] != 1 or not 1 < count < _MONTHS or tokens[0].code != "t":
        return None
    if scene.reference is None:
        grain = grain_of(count, "month")
        return Period(grain=grain, label={"quarter": "Q1", "half": "H1"}.get(grain))
    options = [months(scene.reference.year + offset, 1, count) for offset in (-1, 0, 1)]
    return as_period(choose_complete(options, scene.reference, scene.direction(start, end)))


def read_months_of_year(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "9M 2031", "9M31"."""
    count, year = tokens[0].values
    if len(tokens) > 1:
        year = full_year(tokens[-1].values[0] or 0)
    return None if year is None or count is None else as_period(months(year, 1, count))


def read_month_quarter(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the September quarter of 2034", "the July-September quarter": named by its last month."""
    names = [token for token in tokens if token.code in "Mm"]
    rest = [token for token in tokens if token.code not in "Mmq-T\u2013."]
    fields = read_fields([names[-1], *rest], scene.order)
    if fields is None:
        return None
    if len(names) == 2 and ((names[1].values[0] or 0) - (names[0].values[0] or 0)) % _MONTHS != 2:
        return None
    reference = scene.reference
    if fields.yearless:
        if reference is None:
            month = fields.month or 1
            return Period(grain="quarter", label=f"Q{month // 3}" if month % 3 == 0 else None)
        options = [
            stretch_of(3, "month", ending=last_of_month(reference.year + offset, fields.month or 1))
            for offset in (-1, 0, 1)
        ]
        return as_period(choose_complete(options, reference, scene.direction(start, end)))
    value = resolve(fields, reference, None, None)
    if value is None or value.end is None:
        return Period(grain="quarter")
    return as_period(stretch_of(3, "month", ending=value.end))


def read_weekday(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "Monday"."""
    return scene.resolve(tokens, start, end) if is_weekday_word(scene.text, scene.tokens, start) else None


def read_day_of_month(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the 14th"."""
    after = scene.word(end)
    if not tokens[1].word[0].isdigit() or not (
        after in _DATED or not after.isalpha() or after in ("in", "for", "when")
    ):
        return None
    if (tokens[1].values[0] or 0) > _LONGEST_DAY:
        return None
    modifier = next((token for token in tokens[2:] if token.code in "1208"), None)
    if modifier is not None and scene.reference is not None:  # "the 14th of next month"
        whole = neighbour(scene.reference, "month", OFFSETS[modifier.code])
        return None if whole is None else as_period(day(whole.start.year, whole.start.month, tokens[1].values[0] or 0))
    return scene.resolve(tokens[:2], start, end)
