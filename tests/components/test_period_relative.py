"""The component `period`: what is relative to the day of writing or to what the text spoke of, and financial years."""

import datetime

import pytest

from bellwether import Company, Period
from bellwether.normalizers.period import PeriodNormalizer
from tests.components import periods
from tests.components.periods import NLP, PERIOD, days

WRITTEN = datetime.date(2031, 10, 24)  # a Friday


def read(text, reference=WRITTEN, component=PERIOD):
    return periods.read(text, reference, component)


def open_(grain, label=None, **fields):
    return Period(grain=grain, label=label, **fields)


# text, span, value on the day of writing, value where that day is unknown
RELATIVE = [
    ("It rose today.", "today", days("2031-10-24"), open_("day")),
    ("It fell yesterday.", "yesterday", days("2031-10-23"), open_("day")),
    ("It will open tomorrow.", "tomorrow", days("2031-10-25"), open_("day")),
    ("It fell last night.", "last night", days("2031-10-23"), open_("day")),
    ("It fell on Monday.", "Monday", days("2031-10-20"), open_("day")),
    ("It will open on Monday.", "Monday", days("2031-10-27"), open_("day")),
    ("It fell on Friday.", "Friday", days("2031-10-24"), open_("day")),
    ("It fell last Tuesday.", "last Tuesday", days("2031-10-14"), open_("day")),
    ("It opens next Tuesday.", "next Tuesday", days("2031-10-28"), open_("day")),
    ("It fell this week.", "this week", days("2031-10-20", "2031-10-26", "week"), open_("week")),
    ("It fell last week.", "last week", days("2031-10-13", "2031-10-19", "week"), open_("week")),
    ("It fell last month.", "last month", days("2031-09-01", "2031-09-30", "month"), open_("month")),
    ("It opens next month.", "next month", days("2031-11-01", "2031-11-30", "month"), open_("month")),
    ("It fell last quarter.", "last quarter", days("2031-07-01", "2031-09-30", "quarter"), open_("quarter")),
    ("It grew this quarter.", "this quarter", days("2031-10-01", "2031-12-31", "quarter"), open_("quarter")),
    ("It fell last year.", "last year", days("2030-01-01", "2030-12-31", "year"), open_("year")),
    ("It opens next year.", "next year", days("2032-01-01", "2032-12-31", "year"), open_("year")),
    ("It opens this year.", "this year", days("2031-01-01", "2031-12-31", "year"), open_("year")),
    ("It fell the week before last.", "the week before last", days("2031-10-06", "2031-10-12", "week"), open_("week")),
    ("It opens the week after next.", "the week after next", days("2031-11-03", "2031-11-09", "week"), open_("week")),
    ("It fell in March.", "March", days("2031-03-01", "2031-03-31", "month"), open_("month", "03")),
    ("It will open in March.", "March", days("2032-03-01", "2032-03-31", "month"), open_("month", "03")),
    ("It fell in May.", "May", days("2031-05-01", "2031-05-31", "month"), open_("month", "05")),
    ("It fell last March.", "last March", days("2031-03-01", "2031-03-31", "month"), open_("month", "03")),
    ("Holders of record on 20 October.", "20 October", days("2031-10-20"), open_("day")),
    ("It fell on 14 March.", "14 March", days("2031-03-14"), open_("day")),
    ("It will meet on 14 March.", "14 March", days("2032-03-14"), open_("day")),
    ("It will meet on November 3.", "November 3", days("2031-11-03"), open_("day")),
    ("It met on the 14th.", "the 14th", days("2031-10-14"), open_("day")),
    ("It grew in Q3.", "Q3", days("2031-07-01", "2031-09-30", "quarter"), open_("quarter", "Q3")),
    ("It will grow in Q1.", "Q1", days("2032-01-01", "2032-03-31", "quarter"), open_("quarter", "Q1")),
    ("It grew in the third quarter.", "the third quarter",
     days("2031-07-01", "2031-09-30", "quarter"), open_("quarter", "Q3")),
    ("It grew in the first half.", "the first half", days("2031-01-01", "2031-06-30", "half"), open_("half", "H1")),
    ("It grew in the first nine months.", "the first nine months",
     days("2031-01-01", "2031-09-30", "range"), open_("range")),
    ("It grew in the year to date.", "the year to date", days("2031-01-01", "2031-10-24", "range"), open_("range")),
    ("It is up YTD.", "YTD", days("2031-01-01", "2031-10-24", "range"), open_("range")),
    ("Sales over LTM rose.", "LTM", days("2030-10-25", "2031-10-24", "year"), open_("year")),
    ("It grew in the last twelve months.", "the last twelve months",
     days("2030-10-25", "2031-10-24", "year"), open_("year")),
    ("It grew year-on-year.", "year-on-year", open_("year"), open_("year")),
    ("It grew 5% y/y in all.", "y/y", open_("year"), open_("year")),
    ("It grew 5% q/q in all.", "q/q", open_("quarter"), open_("quarter")),
    ("It was shut from March to today.", "March to today", days("2031-03-01", "2031-10-24", "range"), open_("range")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "span", "dated", "undated"), RELATIVE)
def test_relative_to_the_day_of_writing(text, span, dated, undated):
    assert read(text) == [(span, dated)]
    assert read(text, None) == [(span, undated)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("It rose in Q3 2031 from a year earlier.",
         [days("2031-07-01", "2031-09-30", "quarter"), days("2030-07-01", "2030-09-30", "quarter")]),
        ("It rose in March 2031 on a year ago.",
         [days("2031-03-01", "2031-03-31", "month"), days("2030-03-01", "2030-03-31", "month")]),
        ("It rose in February 2032 against a year earlier.",
         [days("2032-02-01", "2032-02-29", "month"), days("2031-02-01", "2031-02-28", "month")]),
        ("It rose in Q3 2031 compared with the same period of 2029.",
         [days("2031-07-01", "2031-09-30", "quarter"), days("2029-07-01", "2029-09-30", "quarter")]),
        ("It rose in Q3 2031 compared with the prior-year period.",
         [days("2031-07-01", "2031-09-30", "quarter"), days("2030-07-01", "2030-09-30", "quarter")]),
        ("It rose in Q3 2031, more than in the previous quarter.",
         [days("2031-07-01", "2031-09-30", "quarter"), days("2031-04-01", "2031-06-30", "quarter")]),
        ("It rose in Q3 FY31 from a year earlier.",
         [open_("quarter", "FY2031-Q3", fiscal=True), open_("quarter", "FY2030-Q3", fiscal=True)]),
        ("It rose in the year ended June 30, 2031 from a year earlier.",
         [days("2030-07-01", "2031-06-30", "year", fiscal=True),
          days("2029-07-01", "2030-06-30", "year", fiscal=True)]),
    ],
)  # fmt: skip
def test_relative_to_what_the_text_spoke_of(text, values):
    assert [value for _, value in read(text, None)] == values


def test_nothing_was_spoken_of():
    assert read("It rose from a year earlier.", None) == [("a year earlier", open_("year"))]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("It met two weeks ago.", "two weeks ago", days("2031-10-10")),
        ("It meets in three days.", "in three days", days("2031-10-27")),
        ("It meets three days from now.", "three days from now", days("2031-10-27")),
        ("It grows in the next two months.", "the next two months", days("2031-10-25", "2031-12-24", "range")),
        ("It met two weeks after 12 January 2031.", "two weeks after 12 January 2031", days("2031-01-26")),
        ("It is closed for the next 4 business days.", "the next 4 business days",
         days("2031-10-27", "2031-10-30", "range")),
    ],
)  # fmt: skip
def test_anchored_durations_are_periods_where_the_setting_says_so(text, span, value):
    assert read(text, component=PeriodNormalizer(anchored_durations=True)) == [(span, value)]
    assert span not in dict(read(text))


ENDED = [
    ("the year ended June 30, 2031", days("2030-07-01", "2031-06-30", "year", fiscal=True)),
    ("the year ended 29 February 2032", days("2031-03-01", "2032-02-29", "year", fiscal=True)),
    ("the fiscal year ended March 31, 2034", days("2033-04-01", "2034-03-31", "year", fiscal=True)),
    ("the six months ended 30 June 2031", days("2031-01-01", "2031-06-30", "half", fiscal=True)),
    ("the half year ended 30 June 2031", days("2031-01-01", "2031-06-30", "half", fiscal=True)),
    ("the half-year ended 31 December 2031", days("2031-07-01", "2031-12-31", "half", fiscal=True)),
    ("the three months ended September 30, 2031", days("2031-07-01", "2031-09-30", "quarter", fiscal=True)),
    ("the nine months ended September 30, 2031", days("2031-01-01", "2031-09-30", "range", fiscal=True)),
    ("the year to March 2033", days("2032-04-01", "2033-03-31", "year", fiscal=True)),
]


@pytest.mark.parametrize(("span", "value"), ENDED)
def test_stretches_that_say_when_they_end(span, value):
    assert read(f"It grew in {span}.", None) == [(span, value)]


# text, label, grain; days where the year ends in June; days where it ends in January
FISCAL = [
    ("fiscal 2032", "FY2032", "year", ("2031-07-01", "2032-06-30"), ("2031-02-01", "2032-01-31")),
    ("fiscal year 2032", "FY2032", "year", ("2031-07-01", "2032-06-30"), ("2031-02-01", "2032-01-31")),
    ("FY2032", "FY2032", "year", ("2031-07-01", "2032-06-30"), ("2031-02-01", "2032-01-31")),
    ("FY32", "FY2032", "year", ("2031-07-01", "2032-06-30"), ("2031-02-01", "2032-01-31")),
    ("FY 2032", "FY2032", "year", ("2031-07-01", "2032-06-30"), ("2031-02-01", "2032-01-31")),
    ("FY2031/32", "FY2032", "year", ("2031-07-01", "2032-06-30"), ("2031-02-01", "2032-01-31")),
    ("FY31-32", "FY2032", "year", ("2031-07-01", "2032-06-30"), ("2031-02-01", "2032-01-31")),
    ("Q3 FY32", "FY2032-Q3", "quarter", ("2032-01-01", "2032-03-31"), ("2031-08-01", "2031-10-31")),
    ("3QFY32", "FY2032-Q3", "quarter", ("2032-01-01", "2032-03-31"), ("2031-08-01", "2031-10-31")),
    ("FY32 Q3", "FY2032-Q3", "quarter", ("2032-01-01", "2032-03-31"), ("2031-08-01", "2031-10-31")),
    ("the third quarter of fiscal 2032", "FY2032-Q3", "quarter",
     ("2032-01-01", "2032-03-31"), ("2031-08-01", "2031-10-31")),
    ("fiscal Q3 2032", "FY2032-Q3", "quarter", ("2032-01-01", "2032-03-31"), ("2031-08-01", "2031-10-31")),
    ("H1 FY2032", "FY2032-H1", "half", ("2031-07-01", "2031-12-31"), ("2031-02-01", "2031-07-31")),
    ("the first half of fiscal 2032", "FY2032-H1", "half",
     ("2031-07-01", "2031-12-31"), ("2031-02-01", "2031-07-31")),
]  # fmt: skip


@pytest.mark.parametrize(("span", "label", "grain", "june", "january"), FISCAL)
def test_fiscal_periods(span, label, grain, june, january):
    text = f"It grew in {span}."
    ((found, unanchored),) = read(text)
    assert (found, unanchored) == (span, open_(grain, label, fiscal=True))
    assert unanchored.unanchored
    for month, bounds in ((6, june), (1, january)):
        expected = days(*bounds, grain, fiscal=True, label=label)
        assert read(text, component=PeriodNormalizer(fiscal_year_end=month)) == [(span, expected)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It fell last fiscal year.", days("2030-07-01", "2031-06-30", "year", fiscal=True, label="FY2031")),
        ("It grows this fiscal year.", days("2031-07-01", "2032-06-30", "year", fiscal=True, label="FY2032")),
        ("It fell last fiscal quarter.", days("2031-07-01", "2031-09-30", "quarter", fiscal=True, label="FY2032-Q1")),
    ],
)
def test_relative_fiscal_periods(text, value):
    ((_, found),) = read(text, component=PeriodNormalizer(fiscal_year_end=6))
    assert found == value
    ((_, unanchored),) = read(text)
    assert unanchored == open_(value.grain, fiscal=True)


def test_the_financial_year_of_the_company_named_last():
    """June for Acme, December for Bolt, whatever the setting says."""
    doc = NLP.make_doc("Acme grew in Q1 FY24 and Bolt in Q1 FY24.")
    acme, bolt = doc.char_span(0, 4, label="ORG"), doc.char_span(25, 29, label="ORG")
    doc.set_ents([acme, bolt])
    for ent, month in ((acme, 6), (bolt, 12)):
        ent._.company = Company(id=ent.text, name=ent.text, fiscal_year_end=month)
    _, first, _, second = PeriodNormalizer(fiscal_year_end=3)(doc).ents
    assert first._.value == days("2023-07-01", "2023-09-30", "quarter", fiscal=True, label="FY2024-Q1")
    assert second._.value == days("2024-01-01", "2024-03-31", "quarter", fiscal=True, label="FY2024-Q1")
