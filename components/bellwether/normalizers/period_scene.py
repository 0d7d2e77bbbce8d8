"""The text that is being read: its tokens, the day it was written, and the periods that it has spoken of so far."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..values import Period
from .days import Days
from .period_context import direction
from .period_fields import DateOrder, Direction, read_fields, resolve
from .period_tokens import Token, Tokens

_words = str.split

# What a reader gives: the value, with the tokens of the span where they are not those of the pattern.
Result = Period | tuple[Period, int, int] | None

# "more than in February": what something is compared with is not what the text speaks of.
_COMPARED = frozenset(_words("than since from against vs versus to"))
# How many periods back a text may refer.
_REMEMBERED = 24


@dataclass(slots=True)
class Spoken:
    """A period that the text has spoken of.

    relative (bool): a weekday or "today": when something was said rather than what it was about.
    compared (bool): what something is compared with.
    """

    value: Period
    relative: bool
    compared: bool


@dataclass(slots=True)
class Scene:
    """A text and what is known of it.

    reference (datetime.date | None): the day it was written.
    find_year_end (Callable): for a character of the text, the last month of the financial year that is meant there.
    order (str): how an ambiguous numeric date is read.
    anchored (bool): whether "two weeks ago" is a period.
    """

    text: str
    tokens: Tokens
    reference: datetime.date | None
    find_year_end: Callable[[int], int | None]
    order: DateOrder
    anchored: bool
    spoken: list[Spoken] = field(default_factory=list)

    def year_end(self, index: int) -> int | None:
        return self.find_year_end(self.tokens[index].start)

    def direction(self, start: int, end: int) -> Direction:
        return direction(self.text, self.tokens, start, end)

    def resolve(self, tokens: Sequence[Token], start: int, end: int) -> Period | None:
        """The value of a calendar expression.

        tokens (Sequence[Token]): what names it, among the tokens `start` to `end`.
        RETURNS (Period | None): None where they contradict themselves or no calendar has such a day.
        """
        fields = read_fields(tokens, self.order)
        if fields is None:
            return None
        return resolve(
            fields,
            self.reference,
            self.direction(start, end) if fields.yearless else None,
            self.year_end(start) if fields.fiscal else None,
        )

    def word(self, index: int) -> str:
        """RETURNS (str): the word of a token; nothing beyond the ends of the text."""
        return self.tokens.words[index] if 0 <= index < len(self.tokens.words) else ""

    def remember(self, value: Period, start: int, *, relative: bool, compared: bool) -> None:
        """Keep a period that the text has spoken of, if it says which."""
        if value.start is None and not value.fiscal:
            return
        words = {self.word(start - 1)}
        if self.word(start - 1) in ("in", "for", "of"):
            words.add(self.word(start - 2))
        self.spoken.append(Spoken(value, relative, compared or not _COMPARED.isdisjoint(words)))

    def topic(self, *, grains: frozenset[str] | None = None, days: bool = False) -> Period | None:
        """The period that the text speaks of at this point.

        grains (frozenset | None): what it may be.
        days (bool): whether a weekday or "today" may be meant.
        RETURNS (Period | None): the last that fits; one that something was compared with only where there is no other.
        """
        spare = None
        for item in reversed(self.spoken[-_REMEMBERED:]):
            if (item.relative and not days) or (grains and item.value.grain not in grains):
                continue
            if not item.compared:
                return item.value
            spare = spare or item.value
        return spare


def days_of(value: Period) -> Days | None:
    """RETURNS (Days | None): the days of a period that has them."""
    if value.start is None or value.end is None:
        return None
    return Days(value.start, value.end, value.grain)
