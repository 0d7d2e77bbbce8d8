"""A calendar expression as fields ("Q3 FY24": third quarter, fiscal 2024), and from fields to days.

A field that the text does not name is filled from the reference date, as a reader of that day would; without one it
stays open, and the value says only what the text does.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..values import Grain, Period
from .days import Days, containing, day, fiscal_part, fiscal_year_of, holiday, move, part_of_year
from .period_tokens import Token, full_year

Direction = Literal["since", "past", "future", "soon"] | None
DateOrder = Literal["mdy", "dmy"]

# The fields that the values of a token fill.
_NAMES = {
    "M": ("month",),
    "m": ("month",),
    "A": ("month", "day"),
    "w": ("weekday",),
    "y": ("year",),
    "U": ("year", "month"),
}
_FOUR_DIGITS = 1000
_LEAP_DAY = 29
_MONTHS = 12
# How many times as far as the nearest one a stretch may be, if the sentence looks its way.
_FURTHER, _MUCH_FURTHER = 3, 10
# Days in which a quarter that is over is still what "the quarter" means, without and with a verb in the past.
_LATELY, _LONG_AGO = 150, 270


@dataclass(slots=True)
class Fields:
    """What a calendar expression names.

    part (tuple): ("quarter", 3), ("half", 1); -1 is the last.
    year_offset (int | None): the year as seen from the reference date: 1 for "next year".
    """

    year: int | None = None
    year_offset: int | None = None
    part: tuple[str, int] | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    holiday: str | None = None
    fiscal: bool = False

    @property
    def yearless(self) -> bool:
        return self.year is None and self.year_offset is None

    @property
    def unit(self) -> Grain:
        if self.day is not None or self.holiday is not None or self.weekday is not None:
            return "day"
        if self.month is not None:
            return "month"
        return self.part[0] if self.part else "year"  # type: ignore[return-value]


def read_fields(tokens: Sequence[Token], order: DateOrder) -> Fields | None:
    """Read the tokens of a calendar expression.

    order (str): "mdy" or "dmy", how an ambiguous numeric date is read.
    RETURNS (Fields | None): None where they contradict themselves or no calendar has such a day.
    """
    fields = Fields()
    for index, token in enumerate(tokens):
        code = token.code
        if code in "Odzc0l":
            _read_number(fields, tokens, index)
        elif code in "128t":
            _read_year_word(fields, tokens, index)
        elif code == "Q":
            months, number, year, fiscal = token.values
            fields.part = ("quarter" if months == 3 else "half", number or 0)
            fields.year = year if fields.year is None else fields.year
            fields.fiscal = fields.fiscal or bool(fiscal)
        elif (code == "q" and fields.part is None) or (
            code in "eEor" and not _read_numeric(fields, token.values, token.word, order)
        ):
            return None
        else:
            _read_name(fields, token)
    return fields if _is_possible(fields) else None


def _read_name(fields: Fields, token: Token) -> None:
    """Months, weekdays, holidays, years."""
    code = token.code
    if code in "U9" and fields.month is not None:  # of "Mar-31-2031"
        fields.year, fields.day = token.values
        return
    for name, value in zip(_NAMES.get(code, ()), token.values, strict=False):
        setattr(fields, name, value)
    if code == "Z":
        fields.holiday = token.word
    elif code in "RK":
        fields.year = token.values[-1]
    if code in "RKf":
        fields.fiscal = True


def _read_number(fields: Fields, tokens: Sequence[Token], index: int) -> None:
    """A number or an ordinal: of a day, a quarter or half, or a year of two digits."""
    code, values = tokens[index].code, tokens[index].values
    number = values[0] or 0
    unit = next((item.code for item in tokens[index + 1 : index + 4] if item.code not in "-fk"), "")
    if code in "O0l" and unit in ("q", "h"):
        fields.part = ("quarter" if unit == "q" else "half", -1 if code in "0l" else number)
    elif code == "0" and unit in ("Y", "f"):
        fields.year_offset = -1
    elif code in "dO" and fields.day is None and not (index and tokens[index - 1].code == "'"):
        if fields.month is None and (fields.part is not None or (code == "d" and fields.fiscal)):
            fields.year = full_year(number)
        else:
            fields.day = number
    elif code == "c" or (code == "O" and tokens[index - 1].code in "c-"):  # "twenty third"
        fields.day = (fields.day or 0) + number
    elif fields.year is None:
        fields.year = full_year(number)


def _read_year_word(fields: Fields, tokens: Sequence[Token], index: int) -> None:
    """ "next year"; "the year" behind a part of it."""
    code = tokens[index].code
    following = tokens[index + 1].code if index + 1 < len(tokens) else ""
    if code == "t":
        if index and following == "Y" and index == len(tokens) - 2:
            fields.year_offset = 0
    elif following in ("Y", "f"):
        fields.year_offset = {"1": 0, "2": 1, "8": -1}[code]


def _read_numeric(fields: Fields, values: Sequence[int | None], word: str, order: DateOrder) -> bool:
    """Numeric dates. Of day and month, the one beyond 12 says which is which; else `order`; else what ISO says."""
    numbers = [value or 0 for value in values]
    if len(numbers) == 3:
        first, second, third = numbers
        if first >= _FOUR_DIGITS or (first > 31 and third <= 31):  # year first
            fields.year, fields.month, fields.day = full_year(first), second, third
            return True
        if 31 < third < 100 or third >= _FOUR_DIGITS or third < 100:
            fields.year = full_year(third)
        if third >= 100 and third < _FOUR_DIGITS:
            return False
        if "." in word:  # 14.03.2031 is the order of the continent
            order = "dmy"
    else:
        first, second = numbers
    if first > _MONTHS:
        order = "dmy"
    elif second > _MONTHS:
        order = "mdy"
    fields.day, fields.month = (first, second) if order == "dmy" else (second, first)
    return True


def _is_possible(fields: Fields) -> bool:
    if fields.month is not None and not 1 <= fields.month <= _MONTHS:
        return False
    if fields.year is not None and not datetime.MINYEAR < fields.year < datetime.MAXYEAR:
        return False
    if fields.part is not None:
        number, most = fields.part[1], 4 if fields.part[0] == "quarter" else 2
        if number == -1:
            fields.part = (fields.part[0], most)
        elif not 1 <= number <= most:
            return False
    if fields.day is not None:
        year = 2000 if fields.year is None else fields.year
        return fields.month is None or day(year, fields.month, fields.day) is not None
    return True


def fiscal_label(fields: Fields) -> str | None:
    """RETURNS (str | None): "FY2024-Q3", "FY2024", "Q3"."""
    part = f"{fields.part[0][0].upper()}{fields.part[1]}" if fields.part else None
    if fields.year is None:
        return part
    return f"FY{fields.year}-{part}" if part else f"FY{fields.year}"


def days_in(fields: Fields, year: int, year_end: int | None = None) -> Days | None:
    """RETURNS (Days | None): the days that the fields name in a year; None where it lacks them (February 29)."""
    if fields.holiday is not None:
        return holiday(fields.holiday, year)
    if fields.day is not None and fields.month is not None:
        return day(year, fields.month, fields.day)
    if fields.month is not None:
        return part_of_year(year, "month", fields.month)
    unit, number = fields.part or ("year", 1)
    if fields.fiscal:
        return None if year_end is None else fiscal_part(year, unit, number, year_end)
    return part_of_year(year, unit, number)


def choose(options: Iterable[Days | None], reference: datetime.date, direction: Direction) -> Days | None:
    """Of the stretches that the text may mean, the one that a reader of a day understands: the nearest, unless the
    sentence looks the other way and the next one that way is not much further.

    direction (str | None): where the sentence looks; see `period_context.direction`.
    """
    stretches = sorted(days for days in options if days is not None)
    begun = [days for days in stretches if days.start <= reference]
    ahead = [days for days in stretches if days.end >= reference]
    if direction == "since":
        return begun[-1] if begun else None
    if not begun or not ahead:
        return begun[-1] if begun else ahead[0] if ahead else None
    past, future = _distance(begun[-1], reference), _distance(ahead[0], reference)
    if direction in ("future", "soon"):
        return ahead[0] if future <= (_MUCH_FURTHER if direction == "future" else _FURTHER) * past else begun[-1]
    if direction == "past":
        return begun[-1] if past <= _FURTHER * future else ahead[0]
    return begun[-1] if past <= future else ahead[0]


def _distance(days: Days, reference: datetime.date) -> int:
    if days.start > reference:
        return (days.start - reference).days
    return max((reference - days.end).days, 0)


def choose_complete(options: Iterable[Days | None], reference: datetime.date, direction: Direction) -> Days | None:
    """As `choose`, for quarters and halves: the last that is over, unless that is long ago or the sentence looks
    ahead."""
    stretches = sorted(days for days in options if days is not None)
    over = [days for days in stretches if days.end <= reference]
    ahead = [days for days in stretches if days.end > reference]
    if not over or not ahead or direction in ("past", "since", "future"):
        if direction == "future" and ahead:
            return ahead[0]
        if over and (direction != "past" or not ahead or (reference - over[-1].end).days <= _LONG_AGO):
            return over[-1]
        return ahead[0] if ahead else None
    past, future = _distance(over[-1], reference), _distance(ahead[0], reference)
    return over[-1] if past <= max(_LATELY, future) else ahead[0]


def resolve(
    fields: Fields, reference: datetime.date | None, direction: Direction, year_end: int | None
) -> Period | None:
    """The value of a calendar expression.

    reference (datetime.date | None): the day the text was written.
    direction (str | None): where the text looks.
    year_end (int | None): the last month of the financial year.
    RETURNS (Period | None): None where no calendar has such a day.
    """
    if fields.year_offset is not None and fields.year is None and reference is not None:
        base = fiscal_year_of(reference, year_end) if fields.fiscal and year_end else reference.year
        if not fields.fiscal or year_end:
            fields = replace(fields, year=base + fields.year_offset, year_offset=None)
    if fields.year is not None:
        days = days_in(fields, fields.year, year_end)
        if fields.fiscal:
            return to_period(days, fields.unit, fiscal=True, label=fiscal_label(fields))
        return None if days is None else to_period(days, fields.unit)
    if reference is not None and fields.yearless and not (fields.fiscal and year_end is None):
        return _resolve_yearless(fields, reference, direction, year_end)
    label = None
    if fields.month is not None and fields.day is None:
        label = f"{fields.month:02}"
    elif fields.part is not None:
        label = fiscal_label(fields)
    return Period(grain=fields.unit, label=label, fiscal=fields.fiscal)


def _resolve_yearless(
    fields: Fields, reference: datetime.date, direction: Direction, year_end: int | None
) -> Period | None:
    reach = 4 if fields.day == _LEAP_DAY else 1  # for February 29
    around = range(max(reference.year - reach, 1), reference.year + reach + 1)
    if fields.weekday is not None and fields.day is None:
        days = choose_weekday(fields.weekday, reference, direction)
        return None if days is None else to_period(days, "day")
    if fields.month is None and fields.holiday is None and fields.day is not None:  # "the 14th"
        reach = 2 if fields.weekday is None else _MONTHS
        near = [move(reference.replace(day=1), "month", offset) for offset in range(-reach, reach + 1)]
        dates = [day(first.year, first.month, fields.day) for first in near if first is not None]
        days = choose([date for date in dates if date and _falls_on(date, fields.weekday)], reference, direction)
        return None if days is None else to_period(days, "day")
    options = [(year, days_in(fields, year, year_end)) for year in around]
    stretches = [days for _, days in options]
    if fields.part is not None or fields.unit == "year":
        days = choose_complete(stretches, reference, direction)
    elif fields.weekday is not None and fields.day is not None:
        close = [days for days in stretches if days and abs(days.start.year - reference.year) <= 1]
        days = choose([days for days in close if _falls_on(days, fields.weekday)] or close, reference, direction)
    else:
        days = choose(stretches, reference, direction)
    if days is None:
        return None
    if fields.fiscal:
        year = next(year for year, option in options if option == days)
        return to_period(days, fields.unit, fiscal=True, label=fiscal_label(replace(fields, year=year)))
    return to_period(days, fields.unit)


def _falls_on(days: Days, weekday: int | None) -> bool:
    return weekday is None or days.start.weekday() == weekday


def choose_weekday(number: int, reference: datetime.date, direction: Direction) -> Days | None:
    """RETURNS (Days | None): the weekday before a day, that day included, or the one after."""
    ahead = (number - reference.weekday()) % 7
    date = move(reference, "day", ahead if direction in ("future", "soon") or ahead == 0 else ahead - 7)
    return None if date is None else containing(date, "day")


def as_period(days: Days | None, grain: Grain | None = None) -> Period | None:
    """RETURNS (Period | None): the days as a value; None where there are none."""
    return None if days is None else Period(start=days.start, end=days.end, grain=grain or days.grain)


def to_period(days: Days | None, grain: Grain, *, fiscal: bool = False, label: str | None = None) -> Period:
    """RETURNS (Period): the days as a value; without days, what else is known."""
    if days is None:
        return Period(grain=grain, fiscal=fiscal, label=label)
    return Period(start=days.start, end=days.end, grain=days.grain, fiscal=fiscal, label=label)
