"""What a date case of Recognizers-Text expects, as `Period` values: the rules of dates of `value_test_rules.RULES`."""

import datetime
import re
from dataclasses import replace
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from bellwether import Period
from tests.components.value_test_rules import RULES, Allowed, rule

Date = datetime.date
Json = dict[str, Any]
ONE_DAY = datetime.timedelta(days=1)

_FIELD = re.compile(r"^(?:(?P<year>\d{4})|XXXX|XX\d\d)(?:-(?:(?P<month>\d\d)|XX))?(?:-(?P<day>\d\d))?$")
_WEEK = re.compile(r"^(\d{4})-W(\d\d)$")
_RANGE = re.compile(r"^\((?P<first>[^,]+),(?P<last>[^,]+),[^,)]+\)$")
_CLOCK_TYPES = frozenset({"time", "timerange", "datetime", "datetimerange", "timezone"})
_BOUNDS = frozenset({"since", "after", "before", "until", "approx"})
_PARTS = frozenset({"start", "mid", "end"})
_JOINER = re.compile(r"\b(?:to|through|till|until|and|between)\b|[-~]", re.IGNORECASE)
_ONE_QUARTER = re.compile(r"\d{4}[- ]?[qh]\d|[qh]\d[- ]?\d{4}", re.IGNORECASE)
_STRETCH = re.compile(r"\b(?:\d+ (?:days|weeks)|for|last|past|within)\b", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:days?|weeks?|months?|quarters?|years?|decades?|fortnight)\b", re.IGNORECASE)
_QUARTER = re.compile(r"\bq[1-4]\b|\bquarter\b", re.IGNORECASE)
_PART_OF = re.compile(r"\b(?:end|start|beginning|middle)\b(?: of\b| )", re.IGNORECASE)
_NO_PART = re.compile(r"\bwork|\bto date\b", re.IGNORECASE)
_TO_DATE = re.compile(r"\bto date\b", re.IGNORECASE)
_SEASON = re.compile(r"^(?:\d{4}-)?(?:SP|SU|FA|WI)$")
_FISCAL = re.compile(r"^FY(\d{4}|XXXX)$")


class Reading(NamedTuple):
    """One of the values that they give to an expression.

    timex (str): in TIMEX3: `2018-W20`, `XXXX-12-25`, `(2018-01-01,2018-04-01,P3M)`.
    type (str): "date", "daterange" and so on.
    start, end (Date | None): the days it resolves to; a date has both. `end` is as they write it.
    mods (frozenset): of "before", "after", "since", "until", "approx", "start", "mid", "end", "ref_undef".
    text (str): the expression. reference (Date | None): the day of the text.
    """

    timex: str
    type: str
    start: Date | None
    end: Date | None
    mods: frozenset[str]
    text: str
    reference: Date | None

    @property
    def resolved(self) -> bool:
        """Whether they give days at all."""
        return self.start is not None or self.end is not None


def readings(item: Json, reference: Date | None) -> list[Reading]:
    """RETURNS (list): the values of an answer, without repetitions."""
    found = []
    for entry in item["values"]:
        start, end = (_to_date(entry.get(name, "")) for name in ("start", "end"))
        if day := _to_date(entry.get("value", "")):
            start = end = day
        mods = frozenset(entry.get("Mod", "").split("-")) - {""}
        found.append(Reading(entry.get("timex", ""), entry["type"], start, end, mods, item["text"], reference))
    return list(dict.fromkeys(found))


def _to_date(text: str) -> Date | None:
    try:
        return Date.fromisoformat(text[:10])
    except ValueError:
        return None


@rule
def clock_time(reading: Reading) -> bool:
    """Out of scope: a clock time, alone or with a date, or a moment ("now", "the end of tomorrow")."""
    return reading.type in _CLOCK_TYPES


@rule
def duration(reading: Reading) -> bool:
    """Out of scope: a length of time without a place in the calendar. By our guideline neither QUANTITY nor PERIOD."""
    return reading.type == "duration"


@rule
def recurrence(reading: Reading) -> bool:
    """Out of scope: a set of times ("every Monday", "quarterly")."""
    return reading.type == "set"


OUT_OF_SCOPE = (clock_time, duration, recurrence)


# ---- where we find nothing


@rule
def impossible_day(reading: Reading) -> bool:
    """They find a day that no calendar has (30 February) and give it no value; we find nothing."""
    return not reading.resolved and bool(re.search(r"-02-(?:29|30)", reading.timex))


@rule
def season(reading: Reading) -> bool:
    """They find a season and give it no days; in the starter corpus, "each spring", it is no PERIOD."""
    return not reading.resolved and bool(_SEASON.match(reading.timex))


@rule
def present(reading: Reading) -> bool:
    """ "To date" with nothing before it says no more than "now", which our guideline calls a vague word."""
    return reading.timex == "PRESENT_REF"


FIND_NOTHING = (impossible_day, season, present)


# ---- values


@rule
def fiscal_label(reading: Reading) -> list[Period]:
    """They give a fiscal year no days; with us it is a label, FY2018, without days as long as nobody says when the year
    ends. "Last fiscal year" has no label either: which one it is depends on that as well."""
    match = _FISCAL.match(reading.timex)
    if match is None:
        return []
    numbered = re.search(r"\d", reading.text)
    return [Period(grain="year", fiscal=True, label=f"FY{match[1]}" if numbered else None)]


@rule
def undefined_reference(reading: Reading) -> list[Period]:
    """ "The same week": they say that the reference is undefined, and give the present week; we may leave it open."""
    if "ref_undef" not in reading.mods:
        return []
    whole = _exclusive(reading)
    return [*whole, *(Period(grain=period.grain) for period in whole)]


@rule
def bound_outside(reading: Reading) -> list[Period]:
    """ "Before", "since", "around", "starting" are outside of our span, and a Period has no bound: its value is what is
    named, where they give everything before or after it."""
    if not reading.mods & _BOUNDS:
        return []
    return [_whole(*days) for days in _named(reading)]


@rule
def vague_part(reading: Reading) -> list[Period]:
    """ "Early", "mid-", "later in", "the end of" are outside of our span, and the value is the whole period that is
    named. They choose days for the part, not always the same: the end of a year begins in July or in September."""
    if reading.mods & _BOUNDS or reading.type != "daterange":
        return []
    if reading.mods & _PARTS:
        return [_whole(*days) for days in _named(reading)]
    return [] if reading.mods else [_whole(*days) for days in _parts_of(reading)]


@rule
def last_unit_included(reading: Reading) -> list[Period]:
    """A range of two named ends, "2014 to 2018": with us it includes the last one whole, to 31 December 2018; with them
    it ends where the last one begins."""
    if not _has_two_ends(reading) or _PART_OF.search(reading.text) or reading.start is None or reading.end is None:
        return []
    unit = reading.timex[-2]
    if unit == "M":
        months = 3 if _QUARTER.search(reading.text) else 1
        return [_range(reading.start, reading.end + relativedelta(months=months, days=-1))]
    return [_range(reading.start, reading.end + relativedelta(years=1, days=-1))] if unit == "Y" else []


@rule
def exclusive_end(reading: Reading) -> list[Period]:
    """The end of a period is its last day with us, the day after it with them."""
    if reading.mods or reading.type != "daterange" or reading.start is None or reading.end is None:
        return []
    if _has_two_ends(reading):
        return [_range(reading.start, reading.end - ONE_DAY)] if _PART_OF.search(reading.text) else []
    if _TO_DATE.search(reading.text) or _parts_of(reading):
        return []
    return _exclusive(reading)


@rule
def today_included(reading: Reading) -> list[Period]:
    """A stretch up to the day of the text, "the last three months", "year to date", includes that day with us; with
    them it ends the day before. It is equally long."""
    if reading.mods or reading.start is None or reading.end is None or reading.end != reading.reference:
        return []
    if _TO_DATE.search(reading.text):
        return [_range(reading.start, reading.end)]
    if not _RANGE.match(reading.timex) or _has_two_ends(reading):
        return []
    return [
        Period(start=reading.start + ONE_DAY, end=reading.end, grain=grain)
        for grain in {period.grain for period in _exclusive(reading)}
    ]


def equal_value(reading: Reading) -> list[Period]:
    """A date, a range whose last end is a date, and a label that no rule is about: these are equal."""
    if reading.type == "date" and not reading.mods and reading.start is not None:
        return [Period(start=reading.start, end=reading.start, grain="day")]
    if _has_two_ends(reading) and reading.timex[-2] == "D" and reading.start is not None and reading.end is not None:
        return [] if _PART_OF.search(reading.text) else [_range(reading.start, reading.end)]
    if not reading.resolved and not _FISCAL.match(reading.timex):
        return [Period(grain="year", label=reading.timex)]
    return []


VALUE_RULES = (
    equal_value,
    fiscal_label,
    undefined_reference,
    bound_outside,
    vague_part,
    last_unit_included,
    exclusive_end,
    today_included,
)


@rule
def either_candidate(found: list[list[Allowed]]) -> list[Allowed]:
    """For "Friday" they give the past one and the coming one, for "12/12/30" both centuries; ours is one of the two."""
    several = len(found) > 1
    added = {either_candidate.__name__} if several else set()
    return [Allowed(value, rules | added) for allowed in found for value, rules in allowed]


def period_allowed(found: list[Reading]) -> tuple[Allowed, ...]:
    """The periods that we may give for an answer of theirs."""
    options = []
    for reading in found:
        options.append(
            [
                Allowed(value, frozenset({function.__name__} & RULES.keys()))
                for function in VALUE_RULES
                for value in function(reading)
            ]
        )
    return tuple(either_candidate([option for option in options if option]))


def _has_two_ends(reading: Reading) -> bool:
    """Whether it is a range "from … to …", not a stretch of so many days."""
    if not _RANGE.match(reading.timex) or _ONE_QUARTER.fullmatch(reading.text):
        return False
    return bool(_JOINER.search(reading.text)) and not _STRETCH.search(reading.text)


def _exclusive(reading: Reading) -> list[Period]:
    """The days before their end. Three counted months are a quarter or a range."""
    if reading.start is None or reading.end is None:
        return []
    whole = _whole(reading.start, reading.end - ONE_DAY)
    counted = _RANGE.match(reading.timex) and _COUNTED.search(reading.text)
    return [whole, replace(whole, grain="range")] if counted and whole.grain != "range" else [whole]


def _whole(start: Date, end: Date) -> Period:
    """A period whose grain is what so many days are called."""
    count = (end - start).days + 1
    after = end + ONE_DAY
    grain: Any = "range"
    if count == 1:
        grain = "day"
    elif count == 7:
        grain = "week"
    else:
        for months, name in ((1, "month"), (3, "quarter"), (6, "half"), (12, "year")):
            if start + relativedelta(months=months) == after:
                grain = name
    return Period(start=start, end=end, grain=grain)


def _range(start: Date, end: Date) -> Period:
    return Period(start=start, end=end, grain="range")


def _parts_of(reading: Reading) -> list[tuple[Date, Date]]:
    """What the timex names, where the days that they give are a part of it: not all, and none outside."""
    if reading.start is None or reading.end is None or _RANGE.match(reading.timex) or _NO_PART.search(reading.text):
        return []
    first, last = reading.start, reading.end - ONE_DAY
    return [days for days in _named(reading) if days != (first, last) and days[0] <= first <= last <= days[1]]


def _named(reading: Reading) -> list[tuple[Date, Date]]:
    """First and last day of what a timex names. Where it leaves the year open: of the years in which the days that they
    give begin or end."""
    edges = [edge for edge in (reading.start, reading.end) if edge]
    if week := _WEEK.match(reading.timex):
        monday = Date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return [(monday, monday + 6 * ONE_DAY)]
    if match := _RANGE.match(reading.timex):
        first, last = _to_date(match["first"]), _to_date(match["last"])
        return [] if first is None or last is None else [(first, last - ONE_DAY)]
    field = _FIELD.match(reading.timex)
    if field is None or (not field["month"] and (field["day"] or reading.timex.endswith("-XX"))):
        return []
    open_years = {year for edge in edges for year in (edge.year - 1, edge.year)}
    found = []
    for year in [int(field["year"])] if field["year"] else sorted(open_years):
        start, length = Date(year, int(field["month"] or 1), int(field["day"] or 1)), relativedelta(years=1)
        if field["month"]:
            length = relativedelta(days=1) if field["day"] else relativedelta(months=1)
        end = start + length - ONE_DAY
        if field["year"] or any(start <= edge <= end + ONE_DAY for edge in edges):
            found.append((start, end))
    return found
