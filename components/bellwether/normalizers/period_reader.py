"""Reads the periods of one text, from left to right, since "a year earlier" speaks of what came before it: from the
tokens that a pattern of `period_grammar` covers to a `Period`."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..values import Period
from . import period_relative as relative
from .days import Days, day, grain_of, iso_week, last_of_month, months, move, neighbour, stretch_of, week_of
from .period_context import is_month_word, is_weekday_word, is_year
from .period_fields import Direction, Fields, choose_complete, days_in, read_fields, resolve
from .period_grammar import CALENDAR, HEAD, JOIN, JOINED, RUN, TODAY, match_at
from .period_scene import Scene, days_of
from .period_tokens import Token, full_year

_CALENDAR, _TODAY = re.compile(CALENDAR), re.compile(TODAY)
_END = re.compile(r"H|T|B")
_MONTHS = 12
_EDGE = re.compile("tHF")
# After one of these, "from 2031 to 2033" is a move from the one to the other.
_MOVES = frozenset(
    "changed moved pushed shifted raised cut lifted lowered fell rose delayed postponed brought extended slipped "
    "deferred grew increased declined went widened narrowed revised put".split()
)
_SIGNS = frozenset("$#\u20ac\u00a3\u00a5")
_IN_SUCCESSION = frozenset("running straight".split())
_DATED = frozenset(
    "on by until till since from before after between dated due through of to at and or next this".split()
)
_NUMERIC_CUES = _DATED - frozenset("of to at and or through".split())
_RULES = {
    "ended": "ended", "days_range": "range", "between_days": "range", "range": "range", "between": "range",
    "month_quarter": "quarter", "week": "week", "nth_unit": "part", "same": "same", "after_next": "relative", "ago": "earlier",
    "earlier": "earlier", "comparison": "comparison", "to_date": "to_date", "month_word": "relative",
    "weekday_word": "relative", "relative_many": "relative", "part": "part", "relative": "relative",
    "first_months": "part", "months_of_year": "part", "hence": "relative", "offset": "relative", "holiday_word": "relative", "day_part": "relative", "today": "relative", "date": "date", "month": "month",
    "year": "year", "day_of_month": "date", "fiscal_year": "fiscal", "weekday": "weekday", "the_unit": "relative",
    "quarter": "relative",
}  # fmt: skip
# Days that say when something was said, rather than what it was about.
_TELLING = frozenset({"weekday", "today", "day_part", "weekday_word", "ago", "hence", "offset"})

_COMPARING = frozenset({"same", "earlier", "ago"})

Reader = Callable[[Scene, Sequence[Token], int, int], "Period | tuple[Period, int, int] | None"]


class Reading(NamedTuple):
    """A period of a text: its first token, the one after its last, what it says, and by which rule."""

    start: int
    end: int
    value: Period
    rule: str


def read_periods(scene: Scene) -> Iterator[Reading]:
    """Read the periods of a text."""
    codes = scene.tokens.codes
    for run in RUN.finditer(codes):
        position, end = run.span()
        if HEAD.search(codes, position, end) is None:
            continue
        while position < end:
            reading, position = _read_at(scene, codes, position)
            if reading is not None:
                yield reading


def _read_at(scene: Scene, codes: str, position: int) -> tuple[Reading | None, int]:
    """Read what begins at a token. RETURNS (tuple): the reading, and where to go on."""
    matched = match_at(codes, position)
    if matched is not None and matched[0] in JOINED:
        reading = _read(scene, matched[0], position, matched[1])
        if reading is not None:
            return reading, reading.end
        matched = match_at(codes, position, joined=False)
    if matched is None:
        return None, position + 1
    reading = _read(scene, *_bounds(matched, position))
    if reading is None:
        name, end = matched
        impossible = name == "date" and read_fields(scene.tokens[position:end], scene.order) is None
        return None, end if impossible else position + 1  # "February 30, 2031" is no year either
    return reading, reading.end


def _bounds(matched: tuple[str, int], position: int) -> tuple[str, int, int]:
    return matched[0], position, matched[1]


def _read(scene: Scene, name: str, start: int, end: int) -> Reading | None:
    tokens = scene.tokens[start:end]
    result = _READERS[name](scene, tokens, start, end)
    if result is None:
        return None
    value, first, last = result if isinstance(result, tuple) else (result, start, end)
    scene.remember(value, first, relative=name in _TELLING, compared=name in _COMPARING)
    return Reading(first, last, value, _RULES[name])


def read_date(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> "Period | tuple[Period, int, int] | None":
    """ "14 March 2031", "03/14/2031", "Oct. 24"."""
    if tokens[-1].word == ".":
        tokens, end = tokens[:-1], end - 1
    if not _is_date(scene, tokens, start, end):
        return read_month(scene, tokens[:1], start, start + 1) if tokens[0].code in "Mm" else None
    value = _resolve(scene, tokens, start, end)
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
    if codes[0] in "Mm" and "y" not in codes and tokens[-1].code == "d" and after in ("%", "percent", "million", "bn"):
        return False
    return True


def read_month(
    scene: Scene, tokens: Sequence[Token], start: int, end: int
) -> "Period | tuple[Period, int, int] | None":
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
    value = _resolve(scene, tokens, start, end)
    return None if value is None else (value, start, end)


def _is_year_month(scene: Scene, token: Token, start: int) -> bool:
    return scene.word(start - 1) not in ("$", "#", "no", ".", "-", "+") and scene.word(start + 1) not in ("-", "%")


def read_part(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> "Period | tuple[Period, int, int] | None":
    """ "Q3", "the third quarter of 2031", "1H22", "fourth quarter of fiscal 2031"."""
    if scene.word(end) in _IN_SUCCESSION or (
        scene.word(end) in ("in", "of") and scene.word(end + 1) in ("succession", "a")
    ):
        return None
    if tokens[0].code == "t" and "-" in [token.word for token in tokens[1:4]]:
        start, tokens = start + 1, tokens[1:]  # "the third-quarter profit"
    value = _resolve(scene, tokens, start, end)
    return None if value is None else (value, start, end)


def read_year(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "2031", "fiscal 2031", "FY24", "2031-33"."""
    if len(tokens) == 1 and tokens[0].code in "yR":
        token = tokens[0]
        if not is_year(scene.text, scene.tokens, start):
            return None
        if token.code == "y" and token.word.endswith("s") and (token.values[0] or 0) % 10 == 0:
            return _period(months(token.values[0] or 0, 1, 10 * _MONTHS))
        if token.code == "R" and "/" not in token.word:
            first, last = token.values
            return _period(months(first or 0, 1, _MONTHS * ((last or 0) - (first or 0) + 1)), "range")
    if tokens[0].code == "K" and len(tokens[0].values) == 2:
        return _fiscal_years(scene, tokens[0], start)
    if "f" in [token.code for token in tokens] and tokens[-1].code in "dz" and scene.word(end) in ("%", "months"):
        return None
    return _resolve(scene, tokens, start, end)


def _fiscal_years(scene: Scene, token: Token, start: int) -> Period | None:
    """ "FY24-26"."""
    first, last = (resolve(Fields(year=year, fiscal=True), None, None, scene.year_end(start)) for year in token.values)
    if first is None or last is None:
        return None
    return Period(start=first.start, end=last.end, grain="range", fiscal=True, label=f"{first.label}..{last.label}")


def read_first_months(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the first nine months", of the year."""
    first = next(token for token in tokens if token.code == "O")
    unit, count = relative.unit_of(tokens), relative.count_of(tokens)
    if unit != "month" or first.values[0] != 1 or not 1 < count < _MONTHS or tokens[0].code != "t":
        return None
    if scene.reference is None:
        grain = grain_of(count, "month")
        return Period(grain=grain, label={"quarter": "Q1", "half": "H1"}.get(grain))
    options = [months(scene.reference.year + offset, 1, count) for offset in (-1, 0, 1)]
    return _period(choose_complete(options, scene.reference, scene.direction(start, end)))


def read_months_of_year(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "9M 2031", "9M31"."""
    count, year = tokens[0].values
    if len(tokens) > 1:
        year = full_year(tokens[-1].values[0] or 0)
    return None if year is None or count is None else _period(months(year, 1, count))


def read_weekday(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "Monday"."""
    return _resolve(scene, tokens, start, end) if is_weekday_word(scene.text, scene.tokens, start) else None


def read_day_of_month(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the 14th"."""
    after = scene.word(end)
    if not tokens[1].word[0].isdigit() or not (
        after in _DATED or not after.isalpha() or after in ("in", "for", "when")
    ):
        return None
    if (tokens[1].values[0] or 0) > 31:
        return None
    modifier = next((token for token in tokens[2:] if token.code in "1208"), None)
    if modifier is not None and scene.reference is not None:  # "the 14th of next month"
        whole = neighbour(scene.reference, "month", relative.OFFSETS[modifier.code])
        return None if whole is None else _period(day(whole.start.year, whole.start.month, tokens[1].values[0] or 0))
    return _resolve(scene, tokens[:2], start, end)


def _resolve(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    fields = read_fields(tokens, scene.order)
    if fields is None:
        return None
    return resolve(
        fields,
        scene.reference,
        scene.direction(start, end) if fields.yearless else None,
        scene.year_end(start) if fields.fiscal else None,
    )


def read_ended(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the year ended June 30, 2031", "three months to September", "the week to Tuesday"."""
    codes = "".join([token.code for token in tokens])
    joint = next(match for match in _END.finditer(codes) if match.start() > 0)
    head, tail = tokens[: joint.start()], tokens[joint.end() :]
    while tail and tail[0].code in "%it":
        tail = tail[1:]
    unit, count = relative.unit_of([token for token in head if token.code not in "f"]), relative.count_of(head)
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


def read_days_range(
    scene: Scene, tokens: Sequence[Token], start: int, end: int
) -> "Period | tuple[Period, int, int] | None":
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


def read_range(
    scene: Scene, tokens: Sequence[Token], start: int, end: int
) -> "Period | tuple[Period, int, int] | None":
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


def _join(
    scene: Scene, left: Sequence[Token], right: Sequence[Token], start: int, end: int
) -> tuple[Period, int, int] | None:
    middle = start + len(left)
    second = end - len(right)
    for tokens, position in ((left, start), (right, second)):
        if len(tokens) == 1 and tokens[0].code == "y" and not is_year(scene.text, scene.tokens, position):
            return None
        if len(tokens) == 1 and tokens[0].code in "Mm" and scene.text[tokens[0].start].islower():
            if not is_month_word(scene.text, scene.tokens, position) and scene.word(start - 1) != "from":
                return None
    looks = scene.direction(start, end)
    if scene.word(start - 1) == "from" and scene.tokens[middle].code == "T" and _moves(scene, start):
        return None
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
    if first is None or last is None:
        return None
    fiscal = first.fiscal and last.fiscal
    if first.start is None or last.end is None:
        label = f"{first.label}..{last.label}" if fiscal and first.label and last.label else None
        return Period(grain="range", fiscal=fiscal, label=label), start, end
    if last.end < first.start:
        return None
    return Period(start=first.start, end=last.end, grain="range", fiscal=fiscal), start, end


def _fields_of(scene: Scene, tokens: Sequence[Token]) -> Fields | None:
    """The fields of an end of a range; None where it is the day of writing, or no date."""
    return None if tokens[-1].code in "JvL" else read_fields(tokens, scene.order)


def _end_of(scene: Scene, tokens: Sequence[Token], start: int, looks: Direction) -> Period | None:
    if tokens[0].code == "J":
        return relative.read_today(scene, tokens, start, start + 1)
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
            return _period(days)
    return None


def _after(fields: Fields, first: Period) -> Period | None:
    base = first.start.year if first.start else 1
    for year in (base, base + 1):
        days = days_in(fields, year)
        if days is not None and first.start is not None and days.end >= first.start:
            return _period(days)
    return None


def _moves(scene: Scene, start: int) -> bool:
    return any(scene.word(index) in _MOVES for index in range(max(start - 12, 0), start))


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
        return _period(choose_complete(options, reference, scene.direction(start, end)))
    value = resolve(fields, reference, None, None)
    if value is None or value.end is None:
        return Period(grain="quarter")
    return _period(stretch_of(3, "month", ending=value.end))


def read_week(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the week of 22 March 2032", "week 13 of 2032"."""
    head = 1 if tokens[0].code == "t" else 0
    if tokens[head + 1].code in "FB" or tokens[0].code == "3":
        skip = head + 1 if tokens[0].code == "3" else head + 2
        tail = [token for token in tokens[skip:] if token.code != "%"]
        value = _resolve(scene, tail, start, end)
        if value is None:
            return None
        return _period(week_of(value.start)) if value.start else Period(grain="week")
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
    return _period(iso_week(year, number))


def read_offset(
    scene: Scene, tokens: Sequence[Token], start: int, end: int
) -> "Period | tuple[Period, int, int] | None":
    """ "two weeks after 12 January", "three days from Tuesday", "two weeks starting Monday", where durations are read
    at all; else only the date."""
    joint = next(index for index, token in enumerate(tokens) if token.code in "CjB")
    skip = joint + 1 + (tokens[joint].code == "B" and tokens[joint + 1].code in "%j")
    head, tail = tokens[:joint], tokens[skip:]
    unit, first = relative.unit_of(head), start + skip
    base: Period | None
    if tail[0].code in "Jv":
        base = relative.read_today(scene, tail, first, end)
    elif len(tail) == 2 and tail[0].code in "12":
        base = relative.read_weekday_word(scene, tail, first, end)
    else:
        reading = _read(scene, match_at("".join([token.code for token in tail]), 0, joined=False)[0], first, end)  # type: ignore[index]
        base = reading.value if reading else None
    if base is None or unit is None:
        return None
    if not scene.anchored:
        return base, first, end
    if base.start is None:
        return Period(grain="range" if tokens[joint].code == "B" else "day")
    if tokens[joint].code == "B":
        return _period(stretch_of(relative.count_of(head), unit, starting=base.start))
    sign = -1 if tokens[joint].values[0] == -1 else 1
    date = move(base.start, unit, sign * relative.count_of(head))
    return None if date is None else Period(start=date, end=date, grain="day")


def read_nth_unit(scene: Scene, tokens: Sequence[Token], start: int, end: int) -> Period | None:
    """ "the final three months of 2036", "the first week of January", "the last four months of 2021"."""
    joint = next(index for index, token in enumerate(tokens) if token.code == "F")
    head, tail = tokens[:joint], tokens[joint + 1 :]
    unit, count = relative.unit_of(head), relative.count_of(head[1:] if len(head) > 1 else head)
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
        unit = relative.unit_of(tokens) or "year"
        return _period(neighbour(scene.reference, unit, offset)) if scene.reference else Period(grain="range")
    return _resolve(scene, tokens, start, end)


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
    return _period(first) if count == 1 else _period(stretch_of(count, "week", starting=first.start))


def _inside(days: Days | None, whole: Days) -> Period | None:
    return _period(days) if days is not None and whole.start <= days.start and days.end <= whole.end else None


def _period(days: Days | None, grain: str | None = None) -> Period | None:
    if days is None:
        return None
    return Period(start=days.start, end=days.end, grain=grain or days.grain)  # type: ignore[arg-type]


_READERS: dict[str, Reader] = {
    "ended": read_ended,
    "days_range": read_days_range,
    "between_days": read_days_range,
    "month_quarter": read_month_quarter,
    "range": read_range,
    "between": read_range,
    "week": read_week,
    "nth_unit": read_nth_unit,
    "same": relative.read_same,
    "after_next": relative.read_after_next,
    "ago": relative.read_ago,
    "earlier": relative.read_earlier,
    "comparison": relative.read_comparison,
    "to_date": relative.read_to_date,
    "month_word": relative.read_month_word,
    "weekday_word": relative.read_weekday_word,
    "relative_many": relative.read_relative_many,
    "part": read_part,
    "relative": relative.read_relative,
    "hence": relative.read_hence,
    "first_months": read_first_months,
    "months_of_year": read_months_of_year,
    "offset": read_offset,
    "holiday_word": relative.read_holiday_word,
    "day_part": relative.read_day_part,
    "today": relative.read_today,
    "date": read_date,
    "month": read_month,
    "year": read_year,
    "day_of_month": read_day_of_month,
    "fiscal_year": relative.read_fiscal_year,
    "weekday": read_weekday,
    "the_unit": relative.read_the_unit,
    "quarter": relative.read_quarter,
}
