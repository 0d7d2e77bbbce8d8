"""The component `period`: expressions that name their place in the calendar, what is none, settings and storage.

`test_period_relative` has what needs a day of writing or a financial year, `test_period_properties` the properties.
"""

import datetime
import pickle

import pytest
import spacy

from bellwether.normalizers.period import PeriodNormalizer
from tests.components.periods import NLP, PERIOD, days, read


def year(number):
    return days(f"{number}-01-01", f"{number}-12-31", "year")


FIRST_QUARTER = days("2031-01-01", "2031-03-31", "quarter")
THIRD_QUARTER = days("2031-07-01", "2031-09-30", "quarter")
FIRST_HALF = days("2031-01-01", "2031-06-30", "half")
MARCH = days("2031-03-01", "2031-03-31", "month")
MARCH_14 = days("2031-03-14")


@pytest.mark.parametrize(
    "text",
    [
        "14 March 2031", "14th March 2031", "14th of March 2031", "14 March, 2031", "the 14th of March 2031",
        "March 14, 2031", "March 14 2031", "March 14th, 2031", "Mar. 14, 2031", "Mar 14, 2031", "14 Mar 2031",
        "14-Mar-2031", "14 Mar '31", "14-Mar-31", "MARCH 14, 2031", "Friday, March 14, 2031", "Friday 14 March 2031",
        "2031-03-14", "2031/03/14", "2031.03.14", "20310314", "3/14/2031", "03/14/2031", "14/03/2031", "14.03.2031",
        "14.3.2031", "14-03-2031", "3/14/31", "the fourteenth of March 2031", "2031-Mar-14",
    ],
)  # fmt: skip
def test_orders_of_a_date(text):
    assert read(f"It met on {text}.") == [(text, MARCH_14)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("March 2031", MARCH),
        ("March, 2031", MARCH),
        ("March of 2031", MARCH),
        ("Mar 2031", MARCH),
        ("Mar-2031", MARCH),
        ("March '31", MARCH),
        ("2031-03", MARCH),
        ("Feb 2032", days("2032-02-01", "2032-02-29", "month")),
        ("Q3 2031", THIRD_QUARTER),
        ("Q3 of 2031", THIRD_QUARTER),
        ("Q3-2031", THIRD_QUARTER),
        ("Q3'31", THIRD_QUARTER),
        ("3Q31", THIRD_QUARTER),
        ("3Q 2031", THIRD_QUARTER),
        ("Q32031", THIRD_QUARTER),
        ("2031Q3", THIRD_QUARTER),
        ("2031-Q3", THIRD_QUARTER),
        ("2031 Q3", THIRD_QUARTER),
        ("the third quarter of 2031", THIRD_QUARTER),
        ("third quarter 2031", THIRD_QUARTER),
        ("third-quarter 2031", THIRD_QUARTER),
        ("the 3rd quarter of 2031", THIRD_QUARTER),
        ("the September quarter of 2031", THIRD_QUARTER),
        ("the July-September quarter of 2031", THIRD_QUARTER),
        ("the first three months of 2031", FIRST_QUARTER),
        ("the last quarter of 2031", days("2031-10-01", "2031-12-31", "quarter")),
        ("H1 2031", FIRST_HALF),
        ("1H31", FIRST_HALF),
        ("1H 2031", FIRST_HALF),
        ("the first half of 2031", FIRST_HALF),
        ("the second half of 2031", days("2031-07-01", "2031-12-31", "half")),
        ("the first nine months of 2031", days("2031-01-01", "2031-09-30", "range")),
        ("9M 2031", days("2031-01-01", "2031-09-30", "range")),
        ("9M31", days("2031-01-01", "2031-09-30", "range")),
        ("2031", year(2031)),
        ("the year 2031", year(2031)),
        ("calendar 2031", year(2031)),
        ("CY31", year(2031)),
        ("twenty thirty-one", year(2031)),
        ("the 2030s", None),
        ("week 13 of 2032", days("2032-03-22", "2032-03-28", "week")),
        ("the week of 22 March 2032", days("2032-03-22", "2032-03-28", "week")),
        ("the week of March 24, 2032", days("2032-03-22", "2032-03-28", "week")),
        ("Christmas 2031", days("2031-12-25")),
        ("Good Friday 2031", days("2031-04-11")),
        ("Black Friday 2031", days("2031-11-28")),
    ],
)
def test_months_quarters_halves_and_years(text, value):
    ((span, found),) = read(f"It grew in {text}.")
    if value is None:  # the article of a decade stays outside
        assert (span, found) == ("2030s", days("2030-01-01", "2039-12-31", "range"))
    else:
        assert (span, found) == (text, value)


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("from 2031 to 2033", "2031 to 2033", days("2031-01-01", "2033-12-31", "range")),
        ("in 2031-33", "2031-33", days("2031-01-01", "2033-12-31", "range")),
        ("in 2031-2033", "2031-2033", days("2031-01-01", "2033-12-31", "range")),
        ("in 2031–2033", "2031–2033", days("2031-01-01", "2033-12-31", "range")),
        ("between 2031 and 2033", "2031 and 2033", days("2031-01-01", "2033-12-31", "range")),
        ("on March 3-7, 2031", "March 3-7, 2031", days("2031-03-03", "2031-03-07", "range")),
        ("on 3-7 March 2031", "3-7 March 2031", days("2031-03-03", "2031-03-07", "range")),
        ("from 3 to 7 March 2031", "3 to 7 March 2031", days("2031-03-03", "2031-03-07", "range")),
        ("from 3 June to 6 July 2031", "3 June to 6 July 2031", days("2031-06-03", "2031-07-06", "range")),
        ("from 3 March 2031 to 6 May 2032", "3 March 2031 to 6 May 2032", days("2031-03-03", "2032-05-06", "range")),
        ("from January to May 2031", "January to May 2031", days("2031-01-01", "2031-05-31", "range")),
        ("from November to May 2031", "November to May 2031", days("2030-11-01", "2031-05-31", "range")),
        ("between March and May 2031", "March and May 2031", days("2031-03-01", "2031-05-31", "range")),
        ("from Q1 2031 to Q2 2032", "Q1 2031 to Q2 2032", days("2031-01-01", "2032-06-30", "range")),
        ("from Q1 to Q3 2031", "Q1 to Q3 2031", days("2031-01-01", "2031-09-30", "range")),
    ],
)
def test_ranges(text, span, value):
    assert read(f"It will run {text}.") == [(span, value)]


def test_a_move_from_one_period_to_another_is_two():
    text = "It pushed the start from 2031 to 2033."
    assert read(text) == [("2031", year(2031)), ("2033", year(2033))]


@pytest.mark.parametrize("bound", ["since", "before", "after", "until", "by", "from", "early in", "by the end of"])
def test_words_of_a_bound_are_outside(bound):
    assert read(f"It will hold {bound} March 2031.") == [("March 2031", MARCH)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "A revenue of 1200 units.",
        "A price of 12.5.",
        "It sold 2031 units.",
        "A target of $2031.",
        "It has 1,990 employees and 2010 shops.",
        "It may rise.",
        "They march on.",
        "Rates may rise 5% to 4.2.",
        "The ratio is 3/4.",
        "A score of 4-3.",
        "Section 12.3 of form 2031",
        "Room 2031",
        "It runs at 1.2.3.",
        "Call 555-2031.",
        "It took six months.",
        "It took a decade.",
        "It falls due within 30 days.",
        "Two weeks after the deal it fell.",
        "It will come soon, and did recently.",
        "It was up at 10:30.",
        "https://example.com/2031/03/14/news",
        "a second opinion, a third party, a quarter of them",
        "half of it",
        "$MAR and $DEC fell",
    ],
)
def test_no_period(text):
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "31 February 2031", "February 31, 2031", "2031-02-31", "31/02/2031", "30.02.2031", "29 February 2031",
        "45/13/2031", "31 April 2031", "2031-13-01",
    ],
)  # fmt: skip
def test_a_day_that_no_calendar_has_is_no_day(text):
    """Nor is the year in it one of its own."""
    assert read(f"It met on {text}.") == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("It grew in \u200bQ3\u200b 20\u200b31.", "Q3\u200b 20\u200b31"),
        ("It grew in Ｑ３ ２０３１.", "Ｑ３ ２０３１"),
        ("\u200fIt grew in \u200eQ3 2031\u200f.", "Q3 2031"),
        ("It grew in Q3\u00a02031.", "Q3\u00a02031"),
    ],
)
def test_what_looks_the_same_reads_the_same(text, span):
    ((found, value),) = read(text)
    assert value == THIRD_QUARTER
    assert span in found


@pytest.mark.parametrize(
    "piece",
    ["1", "1/", "Q1 ", "Q1", "in 2024 ", "May ", "to ", "from 2024 to ", "between ", "- ", "the ", "last ", "a year "],
)
def test_long_repetitions(piece):
    """A quadratic rule would not come back."""
    list(PERIOD.find(piece * (200_000 // len(piece))))


def test_a_million_digits():
    assert list(PERIOD.find("1" * 1_000_000)) == []


@pytest.mark.parametrize(
    ("order", "value"), [("mdy", days("2031-03-04")), ("dmy", days("2031-04-03"))]
)  # fmt: skip
def test_order_of_numeric_dates(order, value):
    component = PeriodNormalizer(date_order=order)
    assert read("It met on 03/04/2031.", component=component) == [("03/04/2031", value)]
    assert read("It met on 14/03/2031.", component=component) == [("14/03/2031", MARCH_14)]
    assert read("It met on 03.04.2031.", component=component) == [("03.04.2031", days("2031-04-03"))]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"date_order": "ymd"}, "'date_order' must be one of mdy, dmy"),
        ({"fiscal_year_end": 0}, "'fiscal_year_end' must be a month"),
        ({"fiscal_year_end": 13}, "'fiscal_year_end' must be a month"),
        ({"overlap": "merge"}, "'overlap' must be one of"),
    ],
)
def test_settings_are_checked(settings, message):
    with pytest.raises(ValueError, match=message):
        PeriodNormalizer(**settings)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("on 14 March 2031", "date"),
        ("in March 2031", "month"),
        ("in Q3 2031", "part"),
        ("in 2031", "year"),
        ("in fiscal 2031", "year"),
        ("from 2031 to 2033", "range"),
        ("in the year ended June 30, 2031", "ended"),
        ("in the week of 22 March 2032", "week"),
        ("on Monday", "weekday"),
        ("last month", "relative"),
        ("up on a year earlier", "earlier"),
        ("up year-on-year", "comparison"),
        ("up YTD", "comparison"),
        ("in the year to date", "to_date"),
        ("in the same period of 2030", "same"),
    ],
)
def test_rule(text, rule):
    (ent,) = PERIOD(NLP.make_doc(f"It was {text}.")).ents
    assert (ent.label_, ent._.source) == ("PERIOD", f"period.{rule}")


TEXTS = ["It fell in Q3 FY24.", "", "It met on 03/04/2031.", "Nothing.", "It ended two weeks ago.", "Up YTD in May."]
SETTINGS = {"date_order": "dmy", "fiscal_year_end": 6, "anchored_durations": True, "label": "WHEN"}


def make_pipeline():
    nlp = spacy.blank("en")
    nlp.add_pipe("period", config=SETTINGS)
    return nlp


def described(doc):
    return [(ent.text, ent.label_, ent._.value, ent._.source) for ent in doc.ents]


def described_all(nlp, **settings):
    docs = [nlp.make_doc(text) for text in TEXTS]
    for doc in docs:
        doc._.reference_date = datetime.date(2031, 10, 24)
    return [described(doc) for doc in nlp.pipe(docs, **settings)]


def test_settings_and_values_survive(tmp_path):
    nlp = make_pipeline()
    expected = described_all(nlp)
    assert [len(ents) for ents in expected] == [1, 0, 1, 0, 1, 2]
    assert expected[0][0][2] == days("2024-01-01", "2024-03-31", "quarter", fiscal=True, label="FY2024-Q3")
    nlp.to_disk(tmp_path)
    assert described_all(spacy.load(tmp_path)) == expected
    assert described_all(make_pipeline().from_bytes(nlp.to_bytes())) == expected
    assert described_all(pickle.loads(pickle.dumps(nlp))) == expected


@pytest.mark.parametrize("n_process", [1, 2])
def test_batches_equal_singles(n_process):
    nlp = make_pipeline()
    assert described_all(nlp, n_process=n_process, batch_size=2) == described_all(nlp)


def test_a_component_of_its_own_in_any_pipeline():
    nlp = spacy.blank("en")
    nlp.add_pipe("period")
    assert [(ent.text, ent.label_) for ent in nlp("It grew in Q3 2031.").ents] == [("Q3 2031", "PERIOD")]
