"""Reads stretches that hang on a date or lie in a longer one: "the week of 22 March", "two weeks after 12 January",
"the final three months of 2036"."""

from collections.abc import Sequence

from ..values import Period
from .days import Days, grain_of, iso_week, move, neighbour, stretch_of, week_of
from .period_calendar import read_date, read_month, read_weekday
from .period_fields import as_period
from .period_grammar import match_at
from .period_relative import count_of, read_today, read_weekday_word, unit_of
from .period_scene import Result, Scene, days_of
from .period_tokens import Token

_DATE_READERS = {"date": read_date, "month": read_month, "weekday": read_weekday}


def read_week(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the week of 22 March 2032", "week 13 of 2032"."""
    head = 1 if tokens[0].code == "t" else 0
    if tokens[head + 1].code in "FB" or tokens[0].code == "3":
        skip = head + 1 if tokens[0].code == "3" else head + 2
        tail = [token for token in tokens[skip:] if token.code != "%"]
        value = scene.resolve(tail, start, end)
        if value is None:
            return None
        return as_period(week_of(value.start)) if value.start else Period(grain="week")
    number = tokens[head + 1].values[0] or 0
    year = next((token.values[0] for token in tokens if token.code == "y"), None)
    if year is None:
        if scene.reference is None:
            return None
        year = scene.reference.year
        if offset := next((token for token in tokens[head + 2 :] if token.code in "128"), None):
            year += {"1": 0, "2": 1, "8": -1}[offset.code]
        elif any(token.code == "0" for token in tokens):
            year -= 1
    return as_period(iso_week(year, number))


def read_offset(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Result:
    """ "two weeks after 12 January", "three days from Tuesday", "two weeks starting Monday", where durations are read
    at all; else only the date."""
    joint = next(index for index, token in enumerate(tokens) if token.code in "CjB")
    skip = joint + 1 + (tokens[joint].code == "B" and tokens[joint + 1].code in "%j")
    head, tail = tokens[:joint], tokens[skip:]
    unit, first = unit_of(head), start + skip
    base: Period | None
    if tail[0].code in "Jv":
        base = read_today(scene, tail, first, end)
    elif len(tail) == 2 and tail[0].code in "12":
        base = read_weekday_word(scene, tail, first, end)
    else:
        base = _read_date(scene, tail, first, end)
    if base is None or unit is None:
        return None
    if not scene.anchored:
        return base, first, end
    if base.start is None:
        return Period(grain="range" if tokens[joint].code == "B" else "day")
    if tokens[joint].code == "B":
        return as_period(stretch_of(count_of(head), unit, starting=base.start))
    sign = -1 if tokens[joint].values[0] == -1 else 1
    date = move(base.start, unit, sign * count_of(head))
    return None if date is None else Period(start=date, end=date, grain="day")


def _read_date(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """The date, month or weekday that a stretch is counted from, which the text speaks of then."""
    matched = match_at("".join([token.code for token in tokens]), 0, joined=False)
    reader = None if matched is None else _DATE_READERS.get(matched[0])
    result = None if reader is None else reader(scene, tokens, start, end)
    if result is None:
        return None
    value, first, _ = result if isinstance(result, tuple) else (result, start, end)
    scene.remember(value, first, relative=reader is read_weekday, compared=False)
    return value


def read_nth_unit(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the final three months of 2036", "the first week of January", "the last four months of 2021"."""
    joint = next(index for index, token in enumerate(tokens) if token.code == "F")
    head, tail = tokens[:joint], tokens[joint + 1 :]
    unit, count = unit_of(head), count_of(head[1:] if len(head) > 1 else head)
    which = next(token for token in head if token.code in "O0l")
    base = _base(scene, tail, start + joint + 1, end)
    if unit is None or base is None:
        return None
    days = days_of(base)
    if days is None:
        return Period(grain=grain_of(count, unit))
    number = which.values[0] or 1
    if unit == "week":
        return _weeks_in(days, -1 if which.code in "0l" else number, count)
    if which.code in "0l":
        return _inside(stretch_of(count, unit, ending=days.end), days)
    first = days.start if number == 1 else move(days.start, unit, number - 1)
    return None if first is None else _inside(stretch_of(count, unit, starting=first), days)


def _base(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    codes = "".join([token.code for token in tokens])
    if codes[-1] in "YqN" and "f" not in codes:
        modified = [token for token in tokens if token.code in "1208"]
        offset = {"1": 0, "2": 1, "0": -1, "8": -1}[modified[0].code] if modified else 0
        unit = unit_of(tokens) or "year"
        return as_period(neighbour(scene.reference, unit, offset)) if scene.reference else Period(grain="range")
    return scene.resolve(tokens, start, end)


def _weeks_in(days: Days, number: int, count: int) -> Period | None:
    """The n-th week, which is the first with most of its days in the stretch; -1 is the last."""
    if number > 0:
        anchor = move(days.start, "day", 3)
        first = None if anchor is None else neighbour(anchor, "week", number - 1)
    else:
        anchor = move(days.end, "day", -3)
        first = None if anchor is None else neighbour(anchor, "week", 1 - count)
    if first is None:
        return None
    return as_period(first) if count == 1 else as_period(stretch_of(count, "week", starting=first.start))


def _inside(days: Days | None, whole: Days) -> Period | None:
    return as_period(days) if days is not None and whole.start <= days.start and days.end <= whole.end else None
