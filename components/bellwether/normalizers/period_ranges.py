"""Reads what has two ends: "2031 to 2033", "3-7 March", "between March and May", and what has a length and an end, "the
year ended June 30, 2031"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ..values import Period
from .days import day, grain_of, stretch_of
from .period_context import is_month_word, is_year
from .period_fields import Direction, Fields, as_period, choose_complete, days_in, read_fields, resolve
from .period_grammar import CALENDAR, JOIN, TODAY
from .period_relative import count_of, read_today, unit_of
from .period_scene import Result, Scene
from .period_tokens import Token

_words = str.split

_CALENDAR, _TODAY = re.compile(CALENDAR), re.compile(TODAY)
_END = re.compile(r"H|T|B")
_EDGE = re.compile("tHF")
_MONTHS = 12
# After one of these, "from 2031 to 2033" is a move from the one to the other.
_MOVES = frozenset(
    _words(
        "changed moved pushed shifted raised cut lifted lowered fell rose delayed postponed brought extended slipped "
        "deferred grew increased declined went widened narrowed revised put"
    )
)


def read_ended(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the year ended June 30, 2031", "three months to September", "the week to Tuesday"."""
    codes = "".join([token.code for token in tokens])
    joint = next(match for match in _END.finditer(codes) if match.start() > 0)
    head, tail = tokens[: joint.start()], tokens[joint.end() :]
    while tail and tail[0].code in "%it":
        tail = tail[1:]
    unit, count = unit_of([token for token in head if token.code not in "f"]), count_of(head)
    if codes.startswith("t") is False and joint[0] != "H" and unit in ("day", "week"):
        return None
    if codes[: joint.start()].strip("tfk").startswith("h"):
        unit = "half"
    fields = read_fields(tail, scene.order)
    if unit is None or fields is None or (fields.month is None and fields.weekday is None):
        return None
    looks: Direction = scene.direction(start, end)
    if joint[0] == "H" and tokens[joint.start()].word == "ended":
        looks = "past"
    reference = scene.reference
    if fields.yearless and fields.day is None and fields.weekday is None and reference is not None:
        options = [days_in(fields, reference.year + offset) for offset in (-1, 0, 1)]
        last = choose_complete(options, reference, looks)
        close = None if last is None else last.end
    else:
        value = resolve(fields, reference, looks, None)
        close = None if value is None else value.end
        if value is None:
            return None
    fiscal = "f" in codes[: joint.start()] or (
        unit not in ("day", "week")
        and (joint[0] == "H" or ((fields.month or 1) % 3 == 0 and (unit, count) != ("month", _MONTHS)))
    )
    ended = stretch_of(count, unit, ending=close) if close is not None else None
    if joint[0] == "B":
        ended = stretch_of(count, unit, starting=close) if close is not None else None
        if codes[0] != "t":
            return None
    if ended is None:
        grain = grain_of(count, unit)
        return Period(grain=grain, fiscal=fiscal)
    return Period(start=ended.start, end=ended.end, grain=ended.grain, fiscal=fiscal)


def read_days_range(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Result:
    """ "March 3-7, 2031", "3 to 7 March", "between 3 and 12 of September"."""
    if tokens[0].code == "b":
        start, tokens = start + 1, tokens[1:]
    numbers = [value or 0 for token in tokens if token.code in "rdO" for value in token.values]
    if tokens[0].code in "Mm" and tokens[0].word == "may" and scene.text[tokens[0].start].islower():
        return None
    rest = [token for token in tokens if token.code in "Mmy"]
    fields = read_fields(rest, scene.order)
    if fields is None or len(numbers) < 2:
        return None
    first = resolve(
        replace(fields, day=numbers[0]) if _has(fields, numbers) else fields,
        scene.reference, scene.direction(start, end), None,
    )  # fmt: skip
    if not _has(fields, numbers) or first is None:
        return None
    if first.start is None:
        return Period(grain="range"), start, end
    last = day(first.start.year, first.start.month, numbers[1])
    return None if last is None else (Period(start=first.start, end=last.end, grain="range"), start, end)


def _has(fields: Fields, numbers: Sequence[int]) -> bool:
    year = fields.year or 2000
    valid = [day(year, fields.month or 1, number) for number in numbers]
    return None not in valid and numbers[0] < numbers[1]


def read_range(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Result:
    """ "2031 to 2033", "3 June to 6 June 2036", "between March and May"."""
    if tokens[0].code == "b":
        start, tokens = start + 1, tokens[1:]
    codes = "".join([token.code for token in tokens])
    if _EDGE.match(codes):
        start, tokens, codes = start + 3, tokens[3:], codes[3:]
    for join in JOIN.finditer(codes):
        left, right = tokens[: join.start()], tokens[join.end() :]
        skip = 3 if _EDGE.match(codes, join.end()) else 0
        right = right[skip:]
        if not left or not right or not _is_end(left) or not _is_end(right):
            continue
        return _join(scene, left, right, start, end)
    return None


def _is_end(tokens: Sequence[Token]) -> bool:
    codes = "".join([token.code for token in tokens])
    return codes == "L" or _TODAY.fullmatch(codes) is not None or _CALENDAR.fullmatch(codes) is not None


def _is_readable(scene: Scene, tokens: Sequence[Token], position: int, before: str) -> bool:
    """Whether an end of a range that is one word is a year or a month: not "2031 units", not "may"."""
    first = tokens[0]
    if len(tokens) > 1:
        return True
    if first.code == "y":
        return is_year(scene.text, scene.tokens, position)
    if first.code in "Mm" and scene.text[first.start].islower():
        return before == "from" or is_month_word(scene.text, scene.tokens, position)
    return True


def _join(scene: Scene, left: Sequence[Token], right: Sequence[Token], start: int, end: int) -> Result:
    middle, second = start + len(left), end - len(right)
    before = scene.word(start - 1)
    if not _is_readable(scene, left, start, before) or not _is_readable(scene, right, second, before):
        return None
    if before == "from" and scene.tokens[middle].code == "T" and _moves(scene, start):
        return None
    ends = _read_ends(scene, left, right, start, end)
    if ends is None:
        return None
    first, last = ends
    fiscal = first.fiscal and last.fiscal
    if first.start is None or last.end is None:
        label = f"{first.label}..{last.label}" if fiscal and first.label and last.label else None
        return Period(grain="range", fiscal=fiscal, label=label), start, end
    if last.end < first.start:
        return None
    return Period(start=first.start, end=last.end, grain="range", fiscal=fiscal), start, end


def _read_ends(
    scene: Scene, left: Sequence[Token], right: Sequence[Token], start: int, end: int
) -> tuple[Period, Period] | None:
    """Read both ends of a range; one without a year takes that of the other."""
    second = end - len(right)
    looks = scene.direction(start, end)
    last = _end_of(scene, right, second, looks)
    first_fields, last_fields = _fields_of(scene, left), _fields_of(scene, right)
    if last is None:
        return None
    if first_fields is None:
        first = _end_of(scene, left, start, looks)
    elif (
        last_fields is not None and first_fields.unit != last_fields.unit and first_fields.unit == "year" != last.grain
    ):
        first = resolve(first_fields, scene.reference, looks, None)
    elif first_fields.yearless and first_fields.weekday is None and last.start is not None and not first_fields.fiscal:
        first = _before(first_fields, last)
    else:
        first = resolve(
            first_fields, scene.reference, "past" if first_fields.weekday is not None else looks, scene.year_end(start)
        )
        if first_fields.year is not None and last_fields is not None and last_fields.yearless and first and first.start:
            last = _after(last_fields, first)
    return None if first is None or last is None else (first, last)


def _fields_of(scene: Scene, tokens: Sequence[Token]) -> Fields | None:
    """The fields of an end of a range; None where it is the day of writing, or no date."""
    return None if tokens[-1].code in "JvL" else read_fields(tokens, scene.order)


def _end_of(scene: Scene, tokens: Sequence[Token], start: int, looks: Direction) -> Period | None:
    if tokens[0].code == "J":
        return read_today(scene, tokens, start, start + 1)
    if tokens[-1].code in "vL":
        return Period(start=scene.reference, end=scene.reference, grain="day")
    fields = read_fields(tokens, scene.order)
    return None if fields is None else resolve(fields, scene.reference, looks, scene.year_end(start))


def _before(fields: Fields, last: Period) -> Period | None:
    """The latest stretch that the fields may name and that does not begin after another period."""
    assert_year = last.start.year if last.start else 1
    for year in (assert_year, assert_year - 1):
        days = days_in(fields, year)
        if days is not None and last.start is not None and days.start <= last.start:
            return as_period(days)
    return None


def _after(fields: Fields, first: Period) -> Period | None:
    base = first.start.year if first.start else 1
    for year in (base, base + 1):
        days = days_in(fields, year)
        if days is not None and first.start is not None and days.end >= first.start:
            return as_period(days)
    return None


def _moves(scene: Scene, start: int) -> bool:
    return any(scene.word(index) in _MOVES for index in range(max(start - 12, 0), start))
