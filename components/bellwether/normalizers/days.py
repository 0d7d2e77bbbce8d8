"""Calendar arithmetic on stretches of days: the quarter of a date, a stretch a year earlier, an ISO week, a fiscal
year.

Pure functions. A date that the calendar does not have gives None, never an exception.
"""

import datetime
from calendar import monthrange
from typing import NamedTuple

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from ..values import Grain
from .calendar_terms import HOLIDAYS, Unit

Date = datetime.date

_MONTHS_IN: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_GRAIN_OF_MONTHS: dict[int, Grain] = {1: "month", 3: "quarter", 6: "half", 12: "year"}


class Days(NamedTuple):
    """A stretch of days, both ends included."""

    start: Date
    end: Date
    grain: Grain


def day(year: int, month: int, number: int) -> Days | None:
    """RETURNS (Days | None): one day; None where there is no such day."""
    try:
        date = Date(year, month, number)
    except ValueError:
        return None
    return Days(date, date, "day")


def last_of_month(year: int, month: int) -> Date:
    return Date(year, month, monthrange(year, month)[1])


def months(year: int, month: int, count: int) -> Days | None:
    """RETURNS (Days | None): so many whole months from a first one, which may lie before January or after December."""
    first, last = year * 12 + month - 1, year * 12 + month + count - 2
    if first < 12 or last >= 12 * (datetime.MAXYEAR + 1):
        return None
    start = Date(first // 12, first % 12 + 1, 1)
    return Days(start, last_of_month(last // 12, last % 12 + 1), _GRAIN_OF_MONTHS.get(count, "range"))


def part_of_year(year: int, unit: str, number: int = 1) -> Days | None:
    """RETURNS (Days | None): the n-th month, quarter or half of a calendar year, or the year."""
    count = _MONTHS_IN[unit]
    return months(year, count * (number - 1) + 1, count) if 1 <= number <= 12 // count else None


def fiscal_part(year: int, unit: str, number: int, year_end: int) -> Days | None:
    """A quarter or half of a fiscal year, or the year. A fiscal year is named by the calendar year in which it ends.

    year_end (int): the month in which it ends.
    """
    count = _MONTHS_IN[unit]
    first = year_end + 1 + count * (number - 1) - 12
    return months(year, first, count)


def fiscal_year_of(date: Date, year_end: int) -> int:
    """RETURNS (int): the fiscal year that a day belongs to."""
    return date.year + (date.month > year_end)


def week_of(date: Date) -> Days | None:
    """RETURNS (Days | None): Monday to Sunday."""
    try:
        monday = date - datetime.timedelta(days=date.weekday())
        return Days(monday, monday + datetime.timedelta(days=6), "week")
    except OverflowError:
        return None


def iso_week(year: int, number: int) -> Days | None:
    try:
        return week_of(Date.fromisocalendar(year, number, 1))
    except ValueError:
        return None


def containing(date: Date, unit: str) -> Days | None:
    """RETURNS (Days | None): the day, week, month, quarter, half or year of a day."""
    if unit == "day":
        return Days(date, date, "day")
    if unit == "week":
        return week_of(date)
    return part_of_year(date.year, unit, (date.month - 1) // _MONTHS_IN[unit] + 1)


def move(date: Date, unit: str, count: int) -> Date | None:
    """RETURNS (Date | None): so many units later; the last day of a shorter month where it lacks the day."""
    try:
        if unit == "day":
            return date + datetime.timedelta(days=count)
        if unit == "week":
            return date + datetime.timedelta(weeks=count)
        return date + relativedelta(months=count * _MONTHS_IN[unit])
    except (ValueError, OverflowError):
        return None


def shift(days: Days, unit: str, count: int) -> Days | None:
    """RETURNS (Days | None): the same stretch so many units later. The end of a month stays one."""
    if days.grain == "week" and unit in ("year", "quarter", "month", "half"):
        moved = move(days.start + datetime.timedelta(days=3), unit, count)
        return None if moved is None else week_of(moved)
    start = move(days.start, unit, count)
    end = move(days.end, unit, count)
    if start is None or end is None:
        return None
    whole_months = days.start.day == 1 and days.end == last_of_month(days.end.year, days.end.month)
    if whole_months and unit not in ("day", "week"):
        end = last_of_month(end.year, end.month)
    return Days(start, end, days.grain)


def neighbour(date: Date, unit: str, offset: int) -> Days | None:
    """RETURNS (Days | None): this (0), the next (1) or the last (-1) week, month, quarter … as seen from a day."""
    moved = containing(date, unit)
    return moved and shift(moved, unit, offset)


def stretch_of(count: int, unit: str, *, ending: Date | None = None, starting: Date | None = None) -> Days | None:
    """RETURNS (Days | None): so many units up to or from a day, that day included."""
    one = datetime.timedelta(days=1)
    try:
        if ending is not None:
            whole = unit in _MONTHS_IN and ending == last_of_month(ending.year, ending.month)
            before = move(ending + one, unit, -count) if whole else move(ending, unit, -count)
            if before is None:
                return None
            return Days(before if whole else before + one, ending, grain_of(count, unit))
        if starting is not None:
            after = move(starting, unit, count)
            return None if after is None else Days(starting, after - one, grain_of(count, unit))
    except OverflowError:
        pass
    return None


def grain_of(count: int, unit: str) -> Grain:
    """RETURNS (str): what so many units are called: three months are a quarter."""
    if unit in _MONTHS_IN:
        return _GRAIN_OF_MONTHS.get(count * _MONTHS_IN[unit], "range")
    if count == 1:
        return "week" if unit == "week" else "day"
    return "week" if unit == "day" and count == 7 else "range"


def holiday(name: str, year: int) -> Days | None:
    """RETURNS (Days | None): the day of a feast in a year."""
    rule = HOLIDAYS[name]
    try:
        if isinstance(rule, int):
            date = easter(year) + datetime.timedelta(days=rule)
            return Days(date, date, "day")
        if len(rule) == 2:
            return day(year, *rule)
        month, weekday, which = rule
        first = Date(year, month, 1)
        date = first + datetime.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (max(which, 1) - 1))
        while which < 0 and (date + datetime.timedelta(days=7)).month == month:
            date += datetime.timedelta(days=7)
        return Days(date, date, "day")
    except (ValueError, OverflowError):
        return None


def unit_of(days: Days) -> Unit | None:
    return None if days.grain == "range" else days.grain
