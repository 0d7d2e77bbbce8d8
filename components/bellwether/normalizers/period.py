"""The component `period`: dates, months, quarters, years, fiscal periods and ranges, as `Period` values with their
first and last day.

Reads text, `doc._.reference_date`, and `ent._.company` of the entities; writes `doc.ents`, `span._.value`,
`span._.source`.

    text ─▶ period_tokens ─▶ period_grammar ─▶ period_reader ─▶ values
            (letters)        (patterns)        period_calendar   "14 March", "Q3", "fiscal 2031"
                                               period_ranges     "2031 to 2033", "the year ended June 30"
                                               period_stretches  "the week of 22 March"
                                               period_relative   "last month", "a year earlier"
                                               period_fields     "Q3" and a reference date to days
                                               period_scene      the text, and what it spoke of so far
                                               period_context    past or future; "may", "2031 units"

`days` has the calendar arithmetic, `calendar_terms` the words. A fiscal year is named by the calendar year in which it
ends: FY2024 with a year end in June is July 2023 to June 2024, and FY2023/24 is FY2024.
"""

import datetime
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any, get_args

from spacy.language import Language
from spacy.tokens import Doc

from .base import Expression, Normalizer, Overlap
from .characters import CleanText
from .period_fields import DateOrder
from .period_grammar import HEAD
from .period_reader import read_periods
from .period_scene import Scene
from .period_tokens import Tokens, lower

DATE_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)
_MONTHS = range(1, 13)


@Language.factory(
    "period",
    assigns=["doc.ents", "span._.value", "span._.source"],
    default_config={
        "label": "PERIOD",
        "overlap": "replace",
        "date_order": "mdy",
        "fiscal_year_end": None,
        "anchored_durations": False,
        "scorer": {"@scorers": "bellwether.value_scorer.v1", "label": "PERIOD"},
    },
    default_score_weights={"period_f": 0.0, "period_p": 0.0, "period_r": 0.0, "period_value_accuracy": 0.0},
)
def make_period(
    nlp: Language,
    name: str,
    *,
    label: str,
    overlap: Overlap,
    date_order: DateOrder,
    fiscal_year_end: int | None,
    anchored_durations: bool,
    scorer: Callable[..., dict[str, Any]] | None,
) -> "PeriodNormalizer":
    """Make a component that finds dates and periods and reads their values.

    label (str): the label of the entities.
    overlap (str): "replace" removes entities that overlap with a period, "keep" drops the period.
    date_order (str): "mdy" or "dmy": how to read a numeric date that may be either (03/04/2031). With dots it is always
        "dmy".
    fiscal_year_end (int | None): the month, 1 to 12, in which a financial year ends where no company says so. None
        leaves a fiscal period without days.
    anchored_durations (bool): whether "two weeks ago", "in three days" and "the next two months" are periods. In the
        guideline of the starter corpus they are durations, and none.
    scorer (Callable | None): the scoring method; by default precision, recall and F1 of the spans and the accuracy of
        their values.
    """
    return PeriodNormalizer(
        name,
        label=label,
        overlap=overlap,
        date_order=date_order,
        fiscal_year_end=fiscal_year_end,
        anchored_durations=anchored_durations,
        scorer=scorer,
    )


class PeriodNormalizer(Normalizer):
    """Finds `14 March 2031`, `Q3 FY24`, `the year ended June 30, 2031`, `a year earlier`, `3-7 March` and so on.

    What is relative needs `doc._.reference_date`; without it the value says only what the text does. A fiscal period
    gets its days from the financial year of the company that was named last before it (or else first after it).

    Rules (`span._.source`): "period." and one of date, weekday, month, part, quarter, year, fiscal, week, range, ended,
    relative, earlier, same, comparison, to_date.
    """

    def __init__(
        self,
        name: str = "period",
        *,
        label: str = "PERIOD",
        overlap: Overlap = "replace",
        date_order: DateOrder = "mdy",
        fiscal_year_end: int | None = None,
        anchored_durations: bool = False,
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        """Initialize the component; the arguments are those of `make_period`.

        RAISES (ValueError): a setting is none of its values.
        """
        super().__init__(name, label=label, overlap=overlap, scorer=scorer)
        if date_order not in DATE_ORDERS:
            raise ValueError(f"{name}: 'date_order' must be one of {', '.join(DATE_ORDERS)}, got {date_order!r}")
        if fiscal_year_end is not None and fiscal_year_end not in _MONTHS:
            raise ValueError(f"{name}: 'fiscal_year_end' must be a month, 1 to 12, or null, got {fiscal_year_end!r}")
        self.date_order = date_order
        self.fiscal_year_end = fiscal_year_end
        self.anchored_durations = anchored_durations

    def find(self, text: str) -> Iterable[Expression]:
        """Find the periods of a text of which nothing else is known."""
        return find_periods(
            text,
            fiscal_year_end=self.fiscal_year_end,
            date_order=self.date_order,
            anchored_durations=self.anchored_durations,
        )

    def find_in_doc(self, doc: Doc, clean: CleanText) -> Iterable[Expression]:
        """Find the periods of a doc, with its reference date and the financial years of its companies."""

        year_ends: list[tuple[int, int]] | None = None

        def year_end(position: int) -> int | None:
            nonlocal year_ends
            if year_ends is None:
                year_ends = _company_year_ends(doc)
            if not year_ends:
                return self.fiscal_year_end
            original = clean.original_bounds(position, position + 1)[0]
            return year_ends[max(bisect_right(year_ends, (original, _MONTHS.stop)) - 1, 0)][1]

        return find_periods(
            clean.text,
            reference_date=doc._.reference_date,
            fiscal_year_end=year_end,
            date_order=self.date_order,
            anchored_durations=self.anchored_durations,
        )


def _company_year_ends(doc: Doc) -> list[tuple[int, int]]:
    """RETURNS (list): for each entity that was resolved to a company whose financial year is known, its first character
    and the month in which the year ends."""
    companies = ((ent.start_char, ent._.company) for ent in doc.ents)
    return [(start, company.fiscal_year_end) for start, company in companies if company and company.fiscal_year_end]


def find_periods(
    text: str,
    *,
    reference_date: datetime.date | None = None,
    fiscal_year_end: int | Callable[[int], int | None] | None = None,
    date_order: DateOrder = "mdy",
    anchored_durations: bool = False,
) -> list[Expression]:
    """Find the periods of a text.

    text (str): cleaned by `clean_text`.
    reference_date (datetime.date | None): the day it was written.
    fiscal_year_end (int | Callable | None): the month in which the financial year ends, or a function from a position
        in the text to that month.
    date_order, anchored_durations: as for `make_period`.
    RETURNS (list): the expressions, in the order of the text.
    """
    tokens = Tokens(lower(text))
    if HEAD.search(tokens.codes) is None:
        return []
    scene = Scene(
        text=text,
        tokens=tokens,
        reference=reference_date,
        find_year_end=fiscal_year_end if callable(fiscal_year_end) else _constant(fiscal_year_end),
        order=date_order,
        anchored=anchored_durations,
    )
    return [
        Expression(tokens[first].start, tokens[last - 1].end, value, rule)
        for first, last, value, rule in read_periods(scene)
    ]


def _constant(value: int | None) -> Callable[[int], int | None]:
    def constant(position: int) -> int | None:
        return value

    return constant
