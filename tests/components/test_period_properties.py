"""`period`: what is written in any supported notation reads back as it was meant, and no text breaks it."""

import calendar
import datetime
import functools
from collections.abc import Callable

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from bellwether import Period
from bellwether.normalizers.days import fiscal_part, last_of_month, part_of_year
from bellwether.tokenizer import create_tokenizer

MONTHS = list(calendar.month_name)[1:]
ABBREVIATIONS = [month[:3] for month in MONTHS]
REFERENCE = datetime.date(2031, 10, 24)


@functools.cache
def make_pipeline(**config: object) -> Language:
    nlp = spacy.blank("en")
    nlp.tokenizer = create_tokenizer(nlp)
    nlp.add_pipe("period", config=config)
    return nlp


NLP = make_pipeline()


def read(text: str, nlp: Language = NLP, reference: datetime.date | None = None) -> list[tuple[str, Period]]:
    doc = nlp.make_doc(text)
    doc._.reference_date = reference
    return [(ent.text, ent._.value) for ent in nlp(doc).ents]


def span_of(start: datetime.date, end: datetime.date, grain: str, **more: object) -> Period:
    return Period(start=start, end=end, grain=grain, **more)  # type: ignore[arg-type]


days = st.dates(datetime.date(1950, 1, 1), datetime.date(2069, 12, 31))
years = st.integers(1950, 2069)
CARRIERS = ["It closed the deal on {}.", "On {}, it closed the deal.", "The report of {} said so."]

DAY_NOTATIONS: list[Callable[[datetime.date], str]] = [
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    lambda day: f"{MONTHS[day.month - 1]} {day.day}, {day.year}",
    lambda day: f"{ABBREVIATIONS[day.month - 1]} {day.day}, {day.year}",
    lambda day: f"{day.day} {ABBREVIATIONS[day.month - 1]} {day.year}",
    lambda day: f"the {ordinal(day.day)} of {MONTHS[day.month - 1]} {day.year}",
    lambda day: f"{MONTHS[day.month - 1]} {ordinal(day.day)}, {day.year}",
    lambda day: f"{day.day}-{ABBREVIATIONS[day.month - 1]}-{day.year}",
    lambda day: day.isoformat(),
    lambda day: f"{day.year}/{day.month:02}/{day.day:02}",
    lambda day: f"{day.month:02}/{day.day:02}/{day.year}",
    lambda day: f"{day.day:02}.{day.month:02}.{day.year}",
    lambda day: f"{day:%A}, {MONTHS[day.month - 1]} {day.day}, {day.year}",
]


def ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


@given(days, st.sampled_from(DAY_NOTATIONS), st.sampled_from(CARRIERS))
def test_a_day_in_any_notation(day: datetime.date, notation: Callable[[datetime.date], str], carrier: str) -> None:
    assert [value for _, value in read(carrier.format(notation(day)))] == [span_of(day, day, "day")]


@given(days)
def test_the_order_of_a_numeric_date_is_a_setting(day: datetime.date) -> None:
    for order, text in (("dmy", f"{day.day}/{day.month}/{day.year}"), ("mdy", f"{day.month}/{day.day}/{day.year}")):
        found = read(f"It was filed on {text}.", make_pipeline(date_order=order))
        assert found == [(text, span_of(day, day, "day"))]


MONTH_NOTATIONS = ["{name} {year}", "{short} {year}", "{name} of {year}", "{year}-{number:02}"]


@given(years, st.integers(1, 12), st.sampled_from(MONTH_NOTATIONS))
def test_a_month_in_any_notation(year: int, month: int, notation: str) -> None:
    text = notation.format(name=MONTHS[month - 1], short=ABBREVIATIONS[month - 1], number=month, year=year)
    expected = span_of(datetime.date(year, month, 1), last_of_month(year, month), "month")
    assert read(f"Output rose in {text}.") == [(text, expected)]


PARTS = {
    "quarter": [
        "Q{n} {year}",
        "{n}Q{short:02}",
        "Q{n} of {year}",
        "the {word} quarter of {year}",
        "{year} Q{n}",
        "Q{n}'{short:02}",
    ],
    "half": ["H{n} {year}", "{n}H{short:02}", "the {word} half of {year}"],
}


@given(st.data())
def test_a_quarter_or_half_in_any_notation(data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(sorted(PARTS)))
    number = data.draw(st.integers(1, 4 if unit == "quarter" else 2))
    year = data.draw(st.integers(2000, 2059))
    word = ("first", "second", "third", "fourth")[number - 1]
    text = data.draw(st.sampled_from(PARTS[unit])).format(n=number, year=year, short=year % 100, word=word)
    expected = part_of_year(year, unit, number)
    assert expected is not None
    assert read(f"Sales grew in {text}.") == [(text, span_of(expected.start, expected.end, unit))]


FISCAL = ["Q{n} FY{short:02}", "Q{n} FY{year}", "Q{n} of fiscal {year}", "the {word} quarter of fiscal {year}"]


@given(st.integers(2000, 2059), st.integers(1, 4), st.integers(1, 12), st.sampled_from(FISCAL))
def test_a_fiscal_quarter_ends_where_the_setting_says(year: int, number: int, year_end: int, notation: str) -> None:
    word = ("first", "second", "third", "fourth")[number - 1]
    text = notation.format(n=number, year=year, short=year % 100, word=word)
    label = f"FY{year}-Q{number}"
    expected = fiscal_part(year, "quarter", number, year_end)
    assert expected is not None
    anchored = read(f"Sales grew in {text}.", make_pipeline(fiscal_year_end=year_end))
    assert anchored == [(text, span_of(expected.start, expected.end, "quarter", fiscal=True, label=label))]
    open_end = read(f"Sales grew in {text}.")
    assert open_end == [(text, Period(grain="quarter", fiscal=True, label=label))]
    assert open_end[0][1].unanchored


@given(years, st.integers(1, 20), st.sampled_from(["from {} to {}", "between {} and {}", "{}-{}"]))
def test_a_range_of_years(first: int, count: int, notation: str) -> None:
    last = first + count
    (found,) = read(f"Output doubled {notation.format(first, last)}.")
    assert found[1] == span_of(datetime.date(first, 1, 1), datetime.date(last, 12, 31), "range")


@given(days)
def test_relative_days_and_months_need_the_day_of_writing(reference: datetime.date) -> None:
    yesterday = reference - datetime.timedelta(days=1)
    last_month = reference.replace(day=1) - datetime.timedelta(days=1)
    assert read("It said so yesterday.", reference=reference) == [("yesterday", span_of(yesterday, yesterday, "day"))]
    assert read("It said so yesterday.") == [("yesterday", Period(grain="day"))]
    expected = span_of(last_month.replace(day=1), last_month, "month")
    assert read("Exports fell last month.", reference=reference) == [("last month", expected)]


@pytest.mark.parametrize(
    ("text", "found", "start", "end", "grain"),
    [
        ("It has sold less from Jan 2031 to now.", "Jan 2031 to now", "2031-01-01", "2031-10-24", "range"),
        ("It has sold less from March to date.", "March to date", "2031-03-01", "2031-10-24", "range"),
        ("It meets the week after next.", "the week after next", "2031-11-03", "2031-11-09", "week"),
        ("It paid less in the year before last.", "the year before last", "2029-01-01", "2029-12-31", "year"),
        ("Prices for w/c 4 February 2032 are out.", "w/c 4 February 2032", "2032-02-02", "2032-02-08", "week"),
        ("It meets on the 14th of next month.", "the 14th of next month", "2031-11-14", "2031-11-14", "day"),
        ("It sold more in the fiscal year 2030.", "the fiscal year 2030", None, None, "year"),
        ("Year to date, it sold more.", "Year to date", "2031-01-01", "2031-10-24", "range"),
    ],
)  # fmt: skip
def test_as_of_the_day_of_writing(text: str, found: str, start: str | None, end: str | None, grain: str) -> None:
    ((words, value),) = read(text, reference=REFERENCE)
    assert words == found
    assert (value.start and value.start.isoformat(), value.end and value.end.isoformat(), value.grain) == (
        start,
        end,
        grain,
    )


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("It will answer within the next 4 business days.", "2031-10-27", "2031-10-30"),
        ("It is closed for two weeks starting May 20th, 2032.", "2032-05-20", "2032-06-02"),
        ("It leaves two days from today.", "2031-10-26", "2031-10-26"),
        ("It left 3 weeks ago.", "2031-10-03", "2031-10-03"),
    ],
)
def test_durations_are_read_where_the_setting_says_so(text: str, start: str, end: str) -> None:
    ((_, value),) = read(text, make_pipeline(anchored_durations=True), REFERENCE)
    assert value.start is not None
    assert value.end is not None
    assert (value.start.isoformat(), value.end.isoformat()) == (start, end)
    assert value not in [other for _, other in read(text, reference=REFERENCE)]


@pytest.mark.parametrize(
    "text",
    [
        "It made revenue of 1200 units.",
        "It sold at a price of 12.5.",
        "Prices may march on.",
        "The vote was 3-1.",
        "It works 24/7.",
        "Call 555-2031 or room 2024.",
        "It bought 21st Century Holdings.",
        "Version 2.0 costs $2,031 and 1,999 shares.",
        "It has a ratio of 1:4 and 4/5.",
    ],
)
def test_what_is_no_period(text: str) -> None:
    assert read(text, reference=REFERENCE) == []


@pytest.mark.parametrize("text", ["It met on 31 February 2031.", "It met on 45/13/2031.", "It met on 2031-02-30."])
def test_an_impossible_day_is_none(text: str) -> None:
    assert all(value.grain != "day" for _, value in read(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Q3\u200b 2031", span_of(datetime.date(2031, 7, 1), datetime.date(2031, 9, 30), "quarter")),
        ("２０３１-０３-１４", span_of(datetime.date(2031, 3, 14), datetime.date(2031, 3, 14), "day")),
        ("\u200e14 March 2031\u200f", span_of(datetime.date(2031, 3, 14), datetime.date(2031, 3, 14), "day")),
    ],
)
def test_what_looks_the_same_reads_the_same(text: str, expected: Period) -> None:
    assert [value for _, value in read(f"It fell in {text}.")] == [expected]


PIECES = "in on of the Q3 FY24 2031 31 May March first quarter to from between and last next week ago / - , . % 12/3"


@given(st.text(max_size=120) | st.lists(st.sampled_from(PIECES.split(" ")), max_size=14).map(" ".join))
@settings(max_examples=300)
def test_any_text_gives_spans_with_values(text: str) -> None:
    for reference in (None, REFERENCE):
        for words, value in read(text, reference=reference):
            assert words in text
            assert (value.start is None) == (value.end is None)
            assert value.start is None or value.end is None or value.start <= value.end


@pytest.mark.parametrize("piece", ["1 ", "Q1 ", "in 2024 ", "May ", "31/12/2031 ", "last year "])
def test_a_long_text(piece: str) -> None:
    words = piece.split() * (300_000 // len(piece))
    doc = NLP.get_pipe("period")(Doc(NLP.vocab, words=words))
    assert len(doc) == len(words)
