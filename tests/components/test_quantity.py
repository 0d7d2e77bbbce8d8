"""The component `quantity`: what issue 5 and the annotation guideline quote, phrase by phrase, and properties."""

from decimal import Decimal

import pytest
import spacy
from hypothesis import assume, given
from hypothesis import strategies as st
from spacy.tokens import Span

import bellwether.normalizers.money
import bellwether.normalizers.percent
from bellwether import Quantity
from bellwether.normalizers.quantity import QuantityNormalizer

NLP = spacy.blank("en")
QUANTITY = QuantityNormalizer()


def read(text):
    doc = QUANTITY(NLP.make_doc(text))
    return [(ent.text, ent._.value) for ent in doc.ents]


def quantity(markup):
    """A Quantity from what the guideline writes: `1.2e3 employee`, `>=3 store`, `10..12 aircraft`."""
    number, unit = markup.split()
    if ".." in number:
        low, high = number.split("..")
        return Quantity(low=Decimal(low), high=Decimal(high), bound="range", unit=unit)
    for sign, bound, end in ((">=", "at_least", "low"), ("<=", "at_most", "high"), ("~", "about", None)):
        if number.startswith(sign):
            value = Decimal(number.removeprefix(sign))
            return Quantity(value=value, bound=bound, unit=unit, **({end: value} if end else {}))
    return Quantity(value=Decimal(number), unit=unit)


# text, then for each quantity its span and its value as the guideline writes it
CASES = [
    # the guideline
    ("employs 1,200 employees", [("1,200 employees", "1.2e3 employee")]),
    ("pumps 50,000 barrels per day", [("50,000 barrels per day", "50e3 barrel/day")]),
    ("a 300 MW plant", [("300 MW", "300 megawatt")]),
    ("two million shares", [("two million shares", "2e6 share")]),
    ("12,000 square metres", [("12,000 square metres", "12e3 square_meter")]),
    ("ordered 45 aircraft", [("45 aircraft", "45 aircraft")]),
    ("three banks, two plants", [("three banks", "3 bank"), ("two plants", "2 plant")]),
    ("cut it by one notch", [("one notch", "1 notch")]),
    ("lost 71 points", [("71 points", "71 point")]),
    ("hired 420 managers", [("420 managers", "420 manager")]),
    # measures
    ("4.5m tonnes, 1.2 bn barrels", [("4.5m tonnes", "4.5e6 tonne"), ("1.2 bn barrels", "1.2e9 barrel")]),
    ("9,400 boe/d", [("9,400 boe/d", "9400 boe/day")]),
    ("12 MMboe", [("12 MMboe", "12e6 boe")]),
    ("3.2 Mt of ore", [("3.2 Mt", "3.2e6 tonne")]),
    ("a 300-MW plant", [("300-MW", "300 megawatt")]),
    ("a 24,000-tonne shipment", [("24,000-tonne", "24e3 tonne")]),
    ("a 500,000-barrel-a-day refinery", [("500,000-barrel-a-day", "500e3 barrel/day")]),
    ("300MW and 60,000bpd", [("300MW", "300 megawatt"), ("60,000bpd", "60e3 barrel/day")]),
    ("2.1 lakh square feet", [("2.1 lakh square feet", "210e3 square_foot")]),
    ("a million tonnes a year", [("a million tonnes a year", "1e6 tonne/year")]),
    ("half a tonne of gold", [("half a tonne", "0.5 tonne")]),
    ("minus 5 degrees", [("minus 5 degrees", "-5 degree")]),
    ("500 m²", [("500 m²", "500 square_meter")]),
    ("３００ ＭＷ", [("３００ ＭＷ", "300 megawatt")]),
    ("300\u200b MW", [("300\u200b MW", "300 megawatt")]),
    ("5 million pounds at $2 a pound", [("5 million pounds", "5e6 pound")]),
    # nouns
    ("40,000 loaves a day", [("40,000 loaves a day", "40e3 loaf/day")]),
    ("10,000 shares a day earlier", [("10,000 shares", "10e3 share")]),
    ("240 lease amendments", [("240 lease amendments", "240 lease_amendment")]),
    ("1,200 new stores", [("1,200 new stores", "1200 store")]),
    ("5m ordinary shares", [("5m ordinary shares", "5e6 share")]),
    ("640 people", [("640 people", "640 person")]),
    ("a dozen stores", [("a dozen stores", "12 store")]),
    ("half a dozen banks", [("half a dozen banks", "6 bank")]),
    ("two dozen lenders", [("two dozen lenders", "24 lender")]),
    ("Recall of 88,000 Prams Leaves Tumla in the Red", [("88,000 Prams", "88e3 pram")]),
    ("+318k jobs", [("+318k jobs", "318e3 job")]),
    ("owns 3 million shares, minus six zeros", [("3 million shares", "3e6 share"), ("six zeros", "6 zero")]),
    ("the last 12 of 14 plants", [("14 plants", "14 plant")]),
    ("lost 2.5 points", [("2.5 points", "2.5 point")]),
    ("Ltd has 12 LNG tankers", [("12 LNG tankers", "12 lng_tanker")]),
    ("fund 40 ETFs", [("40 ETFs", "40 etf")]),
    ("12 banks' loans", [("12 banks", "12 bank")]),
    # bounds
    ("at least 300 stores", [("300 stores", ">=300 store")]),
    ("fewer than 5,000 accounts", [("5,000 accounts", "<=5000 account")]),
    ("some 40,000 customers", [("40,000 customers", "~40000 customer")]),
    ("300 stores or more", [("300 stores", ">=300 store")]),
    ("300 or more stores", [("300 or more stores", ">=300 store")]),
    ("300+ stores", [("300+ stores", ">=300 store")]),
    ("20-odd ships", [("20-odd ships", "~20 ship")]),
    ("orders passed 4,000 machines", [("4,000 machines", ">=4000 machine")]),
    ("exports topped one million barrels per day", [("one million barrels per day", ">=1e6 barrel/day")]),
    ("the House passed two bills", [("two bills", "2 bill")]),
    # ranges
    ("10 to 12 aircraft", [("10 to 12 aircraft", "10..12 aircraft")]),
    ("between 300 and 400 stores", [("300 and 400 stores", "300..400 store")]),
    ("5,000-6,000 tonnes", [("5,000-6,000 tonnes", "5000..6000 tonne")]),
    ("between 9.4 and 9.8 TWh", [("9.4 and 9.8 TWh", "9.4..9.8 terawatt_hour")]),
    ("2 to 3 million shares", [("2 to 3 million shares", "2e6..3e6 share")]),
    ("41 million to 44 million tonnes", [("41 million to 44 million tonnes", "41e6..44e6 tonne")]),
    ("5 tonnes to 6 tonnes", [("5 tonnes to 6 tonnes", "5..6 tonne")]),
    ("3-4 Mtpa", [("3-4 Mtpa", "3e6..4e6 tonne/year")]),
    ("two or three banks", [("two or three banks", "2..3 bank")]),
    ("from 500 to 600 stores", [("600 stores", "600 store")]),
    ("300 stores and 400 stores", [("300 stores", "300 store"), ("400 stores", "400 store")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "quantities"), CASES)
def test_quantities(text, quantities):
    assert read(text) == [(span, quantity(markup)) for span, markup in quantities]


@pytest.mark.parametrize(
    "text",
    [
        # no unit, or one that is "a"
        "", "1,200", "5", "from 140. And everyone", "one bank", "only one way", "no two of them", "two",
        "half a sandwich",
        # durations, multiples, fractions, odds
        "six months", "30 days", "two weeks after", "a decade", "five business days", "four-year low",
        "three consecutive quarters",
        "31 times earnings", "9x earnings", "two thirds", "three quarters of it", "two in three",
        "one in five households",
        "two out of ten clients",
        # money and percent
        "50 million dollars", "5 million pounds", "$50 million notes", "EUR 5 million bonds", "Rs 5 crore deposits",
        "12 percent",
        "25 basis points", "12 cents",
        # dates, periods, clock times
        "in 2033 companies fell", "3Q23 results", "FY24 targets", "March 3 results", "2 March", "at 3 pm",
        "its 2034 targets",
        # names and numbering
        "Item 2 disclosures", "phase 1 and 2 programmes", "S&P 500 companies", "the Mariner 600 gains", "Q3 sales",
        "an F-35 jets deal",
        "737-8 jets", "Prairie 1000 Outruns the Giants", "the Boeing 737 jets of the fleet", "COVID-19 cases",
        "a 5-4 votes split",
        "the year to 11 Siemens said", "a 360-degree view", "7 April 2006-TJ Group",
        # adjectives before a small count, and no noun
        "two bigger rivals", "three largest clients", "a two-bedroom flat", "the index at 53.9 beats forecasts",
        "5,000 sent shares lower",
        "the one foot in the door", "12 was", "4 this week", "that Five Star currently manages",
        # guarded letters
        "5 m", "5 t", "5 b", "5 g", "500k", "5 l",
        # URLs
        "https://example.com/5-tonnes",
    ],
)  # fmt: skip
def test_no_quantity(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [("5 MW", "quantity.measure"), ("5 stores", "quantity.noun"), ("5 to 6 tonnes", "quantity.measure")],
)
def test_rule(text, rule):
    (ent,) = QUANTITY(NLP.make_doc(text)).ents
    assert (ent._.source, ent.label_) == (rule, "QUANTITY")


@pytest.fixture(scope="module")
def pipeline():
    nlp = spacy.blank("en")
    for name in ("money", "percent", "quantity"):
        nlp.add_pipe(name)
    return nlp


@pytest.mark.parametrize(
    ("text", "ents"),
    [
        ("$50 million notes", [("$50 million", "MONEY")]),
        ("12% shares", [("12%", "PERCENT")]),
        (
            "sold 5 million francs and 5 million shares",
            [("5 million francs", "MONEY"), ("5 million shares", "QUANTITY")],
        ),
        ("paid $3 for 12 stores, up 4%", [("$3", "MONEY"), ("12 stores", "QUANTITY"), ("4%", "PERCENT")]),
    ],
)
def test_after_money_and_percent(pipeline, text, ents):
    assert [(ent.text, ent.label_) for ent in pipeline(text).ents] == ents


def test_other_values_stay_and_entities_of_a_model_do_not(pipeline):
    doc = NLP.make_doc("It hired 420 managers")
    doc.ents = [Span(doc, 2, 4, label="TITLE")]
    assert [ent.label_ for ent in QUANTITY(doc).ents] == ["QUANTITY"]
    doc = NLP.make_doc("It hired 420 managers")
    doc.ents = [Span(doc, 2, 3, label="PERCENT")]
    doc.ents[0]._.value = bellwether.Percent(value=Decimal(420))
    assert [ent.label_ for ent in QUANTITY(doc).ents] == ["PERCENT"]
    keeping = QuantityNormalizer(overlap="keep")
    doc = NLP.make_doc("It hired 420 managers")
    doc.ents = [Span(doc, 3, 4, label="TITLE")]
    assert [ent.label_ for ent in keeping(doc).ents] == ["TITLE"]


def test_twice_is_once(pipeline):
    doc = pipeline("It runs 300 MW and 12 stores.")
    before = [(ent.text, ent._.value) for ent in doc.ents]
    doc = QUANTITY(doc)
    assert [(ent.text, ent._.value) for ent in doc.ents] == before
    assert len(before) == 2


# written unit: its name and a factor
UNITS = {
    " MW": ("megawatt", 1), " tonnes": ("tonne", 1), " barrels per day": ("barrel/day", 1), " boe/d": ("boe/day", 1),
    " square metres": ("square_meter", 1), " hectares": ("hectare", 1), " GWh": ("gigawatt_hour", 1),
    " km": ("kilometer", 1), " MMboe": ("boe", 10**6), " Mtpa": ("tonne/year", 10**6), " shares": ("share", 1),
    " employees": ("employee", 1), " aircraft": ("aircraft", 1), " stores a year": ("store/year", 1),
    " oil tankers": ("oil_tanker", 1), " people": ("person", 1),
}  # fmt: skip
SCALES = {"": 1, " thousand": 10**3, "k": 10**3, " million": 10**6, "m": 10**6, " bn": 10**9}
BOUNDS = {"": "exact", "at least ": "at_least", "up to ": "at_most", "about ": "about"}


@given(
    st.integers(2, 10**5), st.sampled_from(list(SCALES)), st.sampled_from(list(UNITS)), st.sampled_from(list(BOUNDS)),
    st.booleans(),
)  # fmt: skip
def test_written_quantities_read_back(number, scale, unit, bound, grouped):
    assume(scale or grouped or not 1900 <= number < 2100)
    written = f"{number:,}{scale}{unit}" if grouped else f"{number}{scale}{unit}"
    ((span, value),) = read(f"they have {bound}{written}")
    name, factor = UNITS[unit]
    amount = Decimal(number * SCALES[scale] * factor)
    assert span == written
    assert value == Quantity(
        value=amount,
        unit=name,
        bound=BOUNDS[bound],
        low=amount if bound == "at least " else None,
        high=amount if bound == "up to " else None,
    )


@given(
    st.integers(2, 800), st.integers(1, 100), st.sampled_from(list(SCALES)), st.sampled_from(list(UNITS)),
    st.sampled_from(["{}-{}", "{} to {}", "{} or {}", "between {} and {}"]),
)  # fmt: skip
def test_written_ranges_read_back(low, more, scale, unit, form):
    written = form.format(low, f"{low + more}{scale}{unit}")
    ((span, value),) = read(f"they have {written}")
    name, factor = UNITS[unit]
    assert span == written.removeprefix("between ")
    assert (value.low, value.high) == (low * SCALES[scale] * factor, (low + more) * SCALES[scale] * factor)
    assert (value.unit, value.bound, value.value) == (name, "range", None)


PIECES = (
    "5|1.5|two| a dozen| dozen|half a| million| MW|MW| tonnes| barrels| per day|/d|-| to | or | and |between | of|"
    " oil| shares| new| sales|+| stores|°|C|$|(|)|,|. |\u200b|\n|½|²| pounds| a pound|'s|'|\ud800|🙂|\u200f"
)
MIXTURES = st.lists(st.sampled_from(PIECES.split("|")), max_size=14).map("".join)


@given(MIXTURES | st.text(max_size=40))
def test_any_text(text):
    end = 0
    for start, stop, value, rule in QUANTITY.find(text):
        assert end <= start < stop <= len(text)
        assert value.unit
        assert value.value is not None or value.low < value.high
        assert rule.startswith("quantity.")
        end = stop


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "a",
        "5 MW ",
        "12 stores ",
        "12 new big ",
        "a dozen ",
        "(",
        "5 pounds a pound ",
        "12 Stores ",
        "1-2-",
        "5 of ",
    ],
)
def test_long_repetitions(text):
    list(QUANTITY.find(text * 5000))


def test_a_hundred_digits():
    assert read("1" * 100 + " stores") == [("1" * 100 + " stores", Quantity(value=Decimal("1" * 100), unit="store"))]
    for digits in (101, 120, 1000):
        assert read("1" * digits + " stores") == []
    assert read("1" * 99 + " trillion MMboe") == []
    assert read("1.2.3 stores") == []
