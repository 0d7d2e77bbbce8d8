"""dateparser: dates in a text, by its `search_dates`."""

import calendar
import datetime
from typing import Any, ClassVar

from bellwether.values import Period

from ..sentences import Sentence
from .base import NO_DAY, Reading, Tool, import_library


class Dateparser(Tool):
    """A day with the part that the text names: day, week, month or year."""

    name: ClassVar[str] = "dateparser"
    distributions: ClassVar[tuple[str, ...]] = ("dateparser", "regex")
    labels = ("PERIOD",)
    how: ClassVar[str] = (
        "search_dates(text, languages=['en'], add_period=True) with RELATIVE_BASE on the reference date of the text; a "
        "date of which the text names only month or year is that month or year. Clock times are ignored."
    )

    def __init__(self) -> None:
        self.search = import_library(self.name, "dateparser.search").search_dates

    def run(self, prepared: Sentence) -> list[Any]:
        base = datetime.datetime.combine(prepared.day or NO_DAY, datetime.time())
        return self.search(prepared.text, languages=["en"], settings={"RELATIVE_BASE": base}, add_period=True) or []

    def readings(self, raw: list[Any]) -> list[Reading]:
        return [to_reading(moment.date(), part) for _, moment, part in raw if part != "time"]


def to_reading(day: datetime.date, part: str) -> Reading:
    """The days of a date of which the text names this part."""
    start = end = day
    if part == "week":
        start = day - datetime.timedelta(days=day.weekday())
        end = start + datetime.timedelta(days=6)
    elif part == "month":
        start, end = day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    elif part == "year":
        start, end = datetime.date(day.year, 1, 1), datetime.date(day.year, 12, 31)
    return (Period(start=start, end=end, grain="range"),)
