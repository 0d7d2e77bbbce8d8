"""Reads the periods of one text, from left to right, since "a year earlier" speaks of what came before it: finds the
pattern of `period_grammar` that fits, and calls the function that reads what it covers."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..values import Period
from . import period_calendar as calendar
from . import period_ranges as ranges
from . import period_relative as relative
from . import period_stretches as stretches
from .period_fields import read_fields
from .period_grammar import HEAD, JOINED, RUN, match_at
from .period_scene import Result, Scene
from .period_tokens import Token

# Days that say when something was said, rather than what it was about.
_TELLING = frozenset({"weekday", "today", "day_part", "weekday_word", "ago", "hence", "offset"})
_COMPARING = frozenset({"same", "earlier", "ago"})

Reader = Callable[[Scene, Sequence[Token], int, int], Result]


class Reading(NamedTuple):
    """A period of a text: its first token, the one after its last, what it says, and the rule (`span._.source`)."""

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
    """RETURNS (tuple): what is read at a token, and the token to go on at."""
    matched = match_at(codes, position)
    if matched is not None and matched[0] in JOINED:
        reading = _read(scene, matched[0], position, matched[1])
        if reading is not None:
            return reading, reading.end
        matched = match_at(codes, position, joined=False)
    if matched is None:
        return None, position + 1
    name, end = matched
    reading = _read(scene, name, position, end)
    if reading is None:
        impossible = name == "date" and read_fields(scene.tokens[position:end], scene.order) is None
        return None, end if impossible else position + 1  # "February 30, 2031" is no year either
    return reading, reading.end


def _read(scene: Scene, name: str, start: int, end: int) -> Reading | None:
    tokens = scene.tokens[start:end]
    rule, reader = _READERS[name]
    result = reader(scene, tokens, start, end)
    if result is None:
        return None
    value, first, last = result if isinstance(result, tuple) else (result, start, end)
    scene.remember(value, first, relative=name in _TELLING, compared=name in _COMPARING)
    return Reading(first, last, value, f"period.{rule}")


# For each pattern its rule and its reader.
_READERS: dict[str, tuple[str, Reader]] = {
    "ended": ("ended", ranges.read_ended),
    "days_range": ("range", ranges.read_days_range),
    "between_days": ("range", ranges.read_days_range),
    "range": ("range", ranges.read_range),
    "between": ("range", ranges.read_range),
    "week": ("week", stretches.read_week),
    "offset": ("relative", stretches.read_offset),
    "nth_unit": ("part", stretches.read_nth_unit),
    "date": ("date", calendar.read_date),
    "month": ("month", calendar.read_month),
    "part": ("part", calendar.read_part),
    "year": ("year", calendar.read_year),
    "month_quarter": ("quarter", calendar.read_month_quarter),
    "first_months": ("part", calendar.read_first_months),
    "months_of_year": ("part", calendar.read_months_of_year),
    "weekday": ("weekday", calendar.read_weekday),
    "day_of_month": ("date", calendar.read_day_of_month),
    "same": ("same", relative.read_same),
    "earlier": ("earlier", relative.read_earlier),
    "ago": ("earlier", relative.read_ago),
    "hence": ("relative", relative.read_hence),
    "comparison": ("comparison", relative.read_comparison),
    "to_date": ("to_date", relative.read_to_date),
    "relative": ("relative", relative.read_relative),
    "relative_many": ("relative", relative.read_relative_many),
    "after_next": ("relative", relative.read_after_next),
    "month_word": ("relative", relative.read_month_word),
    "weekday_word": ("relative", relative.read_weekday_word),
    "holiday_word": ("relative", relative.read_holiday_word),
    "day_part": ("relative", relative.read_day_part),
    "today": ("relative", relative.read_today),
    "the_unit": ("relative", relative.read_the_unit),
    "quarter": ("relative", relative.read_quarter),
    "fiscal_year": ("fiscal", relative.read_fiscal_year),
}
