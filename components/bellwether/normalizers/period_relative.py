"""Periods that are relative: to the day the text was written ("last month"), or to what it spoke of before ("a year
earlier", "the same quarter of 2030")."""

import datetime
import re
from collections.abc import Sequence

from ..values import Grain, Period
from .calendar_terms import COMPARISONS, TO_DATE, TRAILING_MONTHS, UNITS
from .days import containing, fiscal_year_of, grain_of, months, move, neighbour, shift, stretch_of
from .period_fields import Fields, as_period, choose_weekday, days_in, fiscal_label, to_period
from .period_scene import Result, Scene, days_of
from .period_tokens import Token

_words = str.split

OFFSETS = {"1": 0, "2": 1, "0": -1, "8": -1, "5": 1}
_LONG = frozenset({"month", "quarter", "half", "year", "range"})
_FISCAL_LABEL = re.compile(r"FY([0-9]+)(.*)")
_YEARS_IN_A_DECADE = 10
_MONTHS = 12
_SATURDAY = 5
_MOST_BUSINESS_DAYS = 1000
_AWARDED = frozenset(
    _words("employer person manager fund bank deal partner product company man woman book player bond")
)
_AFTER_CLAUSE = frozenset(
    _words(". , ; : ! ? ) \" ' and but when as with in to on at because while was were is had by from or for")
)


def count_of(tokens: Sequence[Token]) -> int:
    """RETURNS (int): the number before a unit; 1 without one."""
    counts = [token.values[0] or 0 for token in tokens if token.code in "cdzn"]
    return sum(counts) if counts else 1


def unit_of(tokens: Sequence[Token]) -> str | None:
    """RETURNS (str | None): the unit of time among the tokens: "year" of "two years"."""
    for token in tokens:
        if unit := UNITS.get(token.word):
            return unit
    return None


def shift_value(value: Period, unit: str, count: int) -> Period | None:
    """RETURNS (Period | None): a period so many units later; a fiscal label moves with it."""
    label = value.label
    if value.fiscal and label and (match := _FISCAL_LABEL.fullmatch(label)):
        if unit != "year":
            return None
        label = f"FY{int(match[1]) + count}{match[2]}"
    days = days_of(value)
    if days is None:
        return Period(grain=value.grain, fiscal=value.fiscal, label=label) if value.fiscal and label else None
    moved = shift(days, unit, count)
    return None if moved is None else to_period(moved, value.grain, fiscal=value.fiscal, label=label)


def read_comparison(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "year-on-year", "q/q", "YTD", "LTM"."""
    word = tokens[0].word
    if tokens[0].code != "X":
        return Period(grain=UNITS[word])
    written = scene.text[tokens[0].start : tokens[0].end]
    if word in COMPARISONS:
        if word in ("mom", "wow") and written not in ("MoM", "WoW"):
            return None
        return Period(grain=COMPARISONS[word])
    if word in TO_DATE:
        return _to_date(scene, TO_DATE[word], fiscal=False, index=start)
    if scene.reference is None:
        return Period(grain="year")
    return as_period(stretch_of(TRAILING_MONTHS, "month", ending=scene.reference))


def read_to_date(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "year to date"."""
    fiscal = any(token.code == "f" for token in tokens)
    return _to_date(scene, unit_of(tokens) or "year", fiscal=fiscal, index=start)


def _to_date(scene: Scene, unit: str, *, fiscal: bool, index: int) -> Period | None:
    if scene.reference is None:
        return Period(grain="range", fiscal=fiscal)
    whole = _this(scene, unit, 0, fiscal=fiscal, index=index)
    if whole is None or whole.start is None:
        return Period(grain="range", fiscal=fiscal)
    return Period(start=whole.start, end=scene.reference, grain="range", fiscal=fiscal)


def read_earlier(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Result:
    """ "a year earlier", "twelve months before", "the day before": as much before what the text speaks of."""
    unit, count, last = unit_of(tokens), count_of(tokens), tokens[-1]
    if unit is None:
        return None
    if last.word in ("before", "after") and end < len(scene.tokens) and scene.word(end) not in _AFTER_CLAUSE:
        if last.word == "before" or unit == "day" or tokens[0].code != "t":
            return None
        value = read_the_unit(scene, tokens[:-1], start, end - 1)  # "the year, after the bank …"
        return None if value is None else (value, start, end - 1)
    if unit == "month" and count == TRAILING_MONTHS:
        unit, count = "year", 1
    sign = last.values[0] or -1
    if (sign > 0 and tokens[0].code != "t") or (count != 1 and not scene.anchored):
        return None
    return _from_topic(scene, unit, sign * count)


def read_ago(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "a year ago", as "a year earlier"; "two weeks ago" is a day, where durations are read at all."""
    unit, count = unit_of(tokens), count_of(tokens)
    if unit is None:
        return None
    if count == 1 and unit != "day" and not (scene.anchored and scene.topic() is None):
        return _from_topic(scene, unit, -1)
    if not scene.anchored:
        return None
    return _counted_from(scene.reference, unit, -count)


def read_hence(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "in two weeks", "three days from now", where durations are read at all."""
    unit = unit_of(tokens)
    if not scene.anchored or unit is None:
        return None
    base = scene.reference
    if base is not None and tokens[-1].code == "J":
        base = move(base, "day", tokens[-1].values[0] or 0)
    sign = -1 if any(token.code == "C" and token.values[0] == -1 for token in tokens) else 1
    return _counted_from(base, unit, sign * count_of(tokens))


def _counted_from(base: datetime.date | None, unit: str, count: int) -> Period | None:
    if base is None:
        return Period(grain=unit)  # type: ignore[arg-type]
    date = move(base, unit, count)
    return None if date is None else Period(start=date, end=date, grain="day")


def _from_topic(scene: Scene, unit: str, count: int) -> Period:
    days = unit == "day"
    grains = frozenset({"day"}) if days else frozenset({"month", "day"}) if unit == "month" else None
    topic = scene.topic(grains=grains, days=days)
    if topic is None and days and scene.reference is not None:
        topic = Period(start=scene.reference, end=scene.reference, grain="day")
    moved = shift_value(topic, unit, count) if topic else None
    return moved or Period(grain=unit)  # type: ignore[arg-type]


def read_same(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the same period of 2030", "the corresponding quarter", "the prior-year period"."""
    first = next(token for token in tokens if token.code != "t")
    codes = "".join([token.code for token in tokens])
    unit = unit_of([token for token in tokens if token.code in "qhNDWS"]) or unit_of(tokens)
    named = next((token for token in tokens if token.code in "yK"), None)
    back = int(
        first.word not in ("same",)
        or codes.endswith("aYC")
        or any(code in codes[codes.index("7") + 1 :] for code in "08")
        if "7" in codes
        else True
    )
    grain = unit or "year"
    topic = scene.topic(grains=frozenset({grain}) if unit in ("day", "week") else None, days=unit == "day")
    if topic is None and first.word == "same" and unit and scene.reference is not None and named is None:
        return _this(scene, unit, -back, fiscal=False, index=start)
    if topic is None:
        return Period(grain="year" if grain == "year" or unit is None else grain)  # type: ignore[arg-type]
    count = -back
    if "8" in codes and "Y" not in codes and "7" not in codes:
        return shift_value(topic, topic.grain if topic.grain in UNITS.values() else "year", -1)
    if named is not None:
        spoken = topic.end.year if topic.end else int(_FISCAL_LABEL.sub(r"\1", topic.label or "FY0"))
        count = (named.values[0] or spoken) - spoken
    return shift_value(topic, "year", count) or Period(grain=topic.grain, fiscal=topic.fiscal)


def read_relative(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:  # noqa: PLR0911
    """ "last month", "this quarter", "the prior fiscal year", "the following day"."""
    modifiers = [token for token in tokens if token.code in OFFSETS]
    last = tokens[-1]
    fiscal = any(token.code == "f" for token in tokens)
    code, word = modifiers[-1].code, modifiers[-1].word
    offset = OFFSETS[code]
    if last.code == "p":
        topic = scene.topic() if code == "8" else None
        return shift_value(topic, topic.grain, -1) if topic and topic.grain in _LONG - {"range"} else None
    if last.code == "D":
        return _from_topic(scene, "day", offset) if code in "58" or word == "next" else None
    if last.code == "G":
        return _decade(scene, offset)
    if last.code == "V":
        return _weekend(scene, offset)
    unit = UNITS[last.word]
    if code in "85":
        topic = scene.topic(grains=frozenset({unit}))
        moved = shift_value(topic, unit, offset) if topic else None
        if moved:
            return moved
        if unit == "year" and not fiscal and (other := scene.topic()) and other.end:
            return as_period(containing(move(other.end, "year", offset) or other.end, "year"))
    if word == "past" and unit != "quarter" and scene.reference is not None and not fiscal:
        return as_period(stretch_of(1, unit, ending=scene.reference))
    return _this(scene, unit, offset, fiscal=fiscal, index=start)


def _this(scene: Scene, unit: str, offset: int, *, fiscal: bool, index: int) -> Period | None:
    """The week, month, quarter … of the reference date, or one next to it."""
    grain: Grain = unit  # type: ignore[assignment]
    reference = scene.reference
    if reference is None:
        return Period(grain=grain, fiscal=fiscal)
    if not fiscal:
        return as_period(neighbour(reference, unit, offset))
    year_end = scene.year_end(index)
    if year_end is None or unit not in ("year", "quarter", "half"):
        return Period(grain=grain, fiscal=True)
    moved = move(reference, unit, offset)
    if moved is None:
        return None
    fields = Fields(year=fiscal_year_of(moved, year_end), fiscal=True)
    if unit != "year":
        months_in = (moved.month - year_end - 1) % _MONTHS
        fields.part = (unit, months_in // (3 if unit == "quarter" else 6) + 1)
    days = days_in(fields, fields.year or 1, year_end)
    return to_period(days, grain, fiscal=True, label=fiscal_label(fields))


def _decade(scene: Scene, offset: int) -> Period | None:
    if scene.reference is None:
        return Period(grain="range")
    first = scene.reference.year // _YEARS_IN_A_DECADE * _YEARS_IN_A_DECADE + offset * _YEARS_IN_A_DECADE
    return as_period(months(first, 1, _MONTHS * _YEARS_IN_A_DECADE))


def _weekend(scene: Scene, offset: int) -> Period | None:
    week = None if scene.reference is None else neighbour(scene.reference, "week", offset)
    if week is None:
        return Period(grain="range")
    return Period(start=move(week.end, "day", -1), end=week.end, grain="range")


def read_relative_many(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the last twelve months"; "the next three days" where durations are read at all."""
    unit, count = unit_of(tokens), count_of(tokens)
    code = next(token.code for token in tokens if token.code in "08215l")
    trailing = unit == "month" and count == TRAILING_MONTHS and code in "0"
    business = any(token.code == "I" for token in tokens)
    if unit is None or not (trailing or scene.anchored) or (business and unit != "day"):
        return None
    if business:
        return _business_days(scene, count, ahead=code in "25")
    if (reference := scene.reference) is None:
        return Period(grain=grain_of(count, unit))
    if unit == "quarter":
        return _whole_quarters(reference, count, ahead=code in "25")
    if code in "25":
        return as_period(stretch_of(count, unit, starting=move(reference, "day", 1)))
    return as_period(stretch_of(count, unit, ending=reference if trailing else move(reference, "day", -1)))


def _whole_quarters(reference: datetime.date, count: int, *, ahead: bool) -> Period | None:
    nearest = neighbour(reference, "quarter", 1 if ahead else -1)
    if nearest is None:
        return None
    if ahead:
        return as_period(stretch_of(count, "quarter", starting=nearest.start))
    return as_period(stretch_of(count, "quarter", ending=nearest.end))


def _business_days(scene: Scene, count: int, *, ahead: bool) -> Period | None:
    """The next or the last so many days from Monday to Friday, today not included. Holidays are not known here."""
    if not 0 < count <= _MOST_BUSINESS_DAYS:
        return None
    if scene.reference is None:
        return Period(grain="range")
    found: list[datetime.date] = []
    date = scene.reference
    while len(found) < count:
        beside = move(date, "day", 1 if ahead else -1)
        if beside is None:
            return None
        date = beside
        if date.weekday() < _SATURDAY:
            found.append(date)
    return Period(start=min(found), end=max(found), grain="range" if len(found) > 1 else "day")


def read_after_next(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the week after next", "the year before last"."""
    sign = tokens[-2].values[0] or 0
    if tokens[-1].word not in ("next", "last") or OFFSETS[tokens[-1].code] != sign:
        return None
    if tokens[1].code == "V":
        return _weekend(scene, 2 * sign)
    return _this(scene, UNITS[tokens[1].word], 2 * sign, fiscal=False, index=start)


def read_the_unit(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the quarter", "the year": the one that the text speaks of, or that of the day it was written."""
    if tokens[-1].code == "V":
        return _weekend(scene, 0)
    unit = UNITS[tokens[-1].word]
    if scene.word(start - 1) == "of" and scene.word(start - 2) in _AWARDED:
        return None
    if unit in ("quarter", "year") and (topic := scene.topic(grains=frozenset({unit}))):
        return topic
    return _this(scene, unit, 0, fiscal=False, index=start)


def read_quarter(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "a record quarter": the last one that is over."""
    if scene.word(start - 2) != "a" or scene.word(end) in ("of", "for") or tokens[0].word != "quarter":
        return None
    if scene.tokens[start - 1].code != "_" or scene.word(start - 1) in ("straight", "whole", "full", "single"):
        return None
    return _this(scene, "quarter", -1, fiscal=False, index=start)


def read_fiscal_year(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the fiscal year"."""
    if tokens[0].code != "t" or scene.word(start - 1) == "of" or scene.word(end) in ("of", "end"):
        return None
    return _this(scene, "year", 0, fiscal=True, index=start)


def read_today(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "today", "tomorrow"."""
    return _day_at(scene, tokens[0].values[0] or 0)


def read_day_part(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "this morning", "last night"."""
    return _day_at(scene, 0 if tokens[0].code == "1" else -1)


def _day_at(scene: Scene, offset: int) -> Period | None:
    if scene.reference is None:
        return Period(grain="day")
    date = move(scene.reference, "day", offset)
    return None if date is None else Period(start=date, end=date, grain="day")


def read_weekday_word(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "next Tuesday", "Tuesday of next week", "this past Wednesday"."""
    number = next(token.values[0] or 0 for token in tokens if token.code == "w")
    modifiers = [token for token in tokens if token.code in OFFSETS]
    word, reference = modifiers[-1].word, scene.reference
    if reference is None:
        return Period(grain="day")
    if word in ("upcoming", "past") or len(modifiers) > 1:
        ahead = word not in ("past", "last")
        beside = move(reference, "day", 1 if ahead else -1)
        return None if beside is None else as_period(choose_weekday(number, beside, "future" if ahead else "past"))
    week = neighbour(reference, "week", OFFSETS[modifiers[-1].code])
    date = None if week is None else move(week.start, "day", number)
    return None if date is None else as_period(containing(date, "day"))


def read_holiday_word(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "next Easter", "last Christmas"."""
    if scene.reference is None:
        return Period(grain="day")
    ahead = OFFSETS[tokens[0].code] > 0
    beside = move(scene.reference, "day", 1 if ahead else -1)
    if beside is None or tokens[0].code == "1":
        return as_period(days_in(Fields(holiday=tokens[1].word), scene.reference.year))
    options = [days_in(Fields(holiday=tokens[1].word), beside.year + offset) for offset in (-1, 0, 1)]
    fitting = [days for days in options if days and (days.start >= beside if ahead else days.start <= beside)]
    return as_period(min(fitting) if ahead else max(fitting)) if fitting else None


def read_month_word(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "next June", "last March", "this September"."""
    number = next(token.values[0] or 1 for token in tokens if token.code in "Mm")
    reference = scene.reference
    if tokens[0].code == "1" and scene.text[tokens[1].start].islower() and tokens[1].word in ("may", "march"):
        return None
    if reference is None:
        return Period(grain="month", label=f"{number:02}")
    offset = OFFSETS[tokens[0].code]
    year = reference.year
    if offset > 0:
        year += number <= reference.month
    elif offset < 0:
        year -= number >= reference.month
    return as_period(months(year, number, 1))
