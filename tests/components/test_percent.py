"""The component `percent`: what issue 5 and the annotation guideline quote, phrase by phrase, and properties."""

from decimal import Decimal

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from bellwether import Percent
from bellwether.normalizers.percent import PercentNormalizer

NLP = spacy.blank("en")
PERCENT = PercentNormalizer()
UNITS = {"pp": "percentage_point", "bp": "basis_point"}


def read(text):
    doc = PERCENT(NLP.make_doc(text))
    return [(ent.text, ent._.value) for ent in doc.ents]


def percent(markup):
    """A Percent from what the guideline writes: `12 up`, `>=3`, `2..4 pp down`."""
    number, *words = markup.split()
    fields = dict(("unit", UNITS[word]) if word in UNITS else ("direction", word) for word in words)
    if ".." in number:
        low, high = number.split("..")
        return Percent(low=Decimal(low), high=Decimal(high), bound="range", **fields)
    for sign, bound, end in ((">=", "at_least", "low"), ("<=", "at_most", "high"), ("~", "about", None)):
        if number.startswith(sign):
            value = Decimal(number.removeprefix(sign))
            return Percent(value=value, bound=bound, **fields, **({end: value} if end else {}))
    return Percent(value=Decimal(number), **fields)


# text, then for each figure its span and its value as the guideline writes it
CASES = [
    # issue 5 and the guideline
    ("rose 12%", [("12%", "12 up")]),
    ("a 3% drop", [("3%", "3 down")]),
    ("+4%", [("+4%", "4 up")]),
    ("-3%", [("-3%", "-3 down")]),
    ("cut rates by 25 basis points", [("25 basis points", "25 bp down")]),
    ("gained 2%", [("2%", "2 up")]),
    ("12% more", [("12%", "12 up")]),
    ("down 4%", [("4%", "4 down")]),
    ("a margin of 12%", [("12%", "12")]),
    ("a 30% stake", [("30%", "30")]),
    ("inflation at 3.1%", [("3.1%", "3.1")]),
    ("rose to 12%", [("12%", "12")]),
    ("yields 4%", [("4%", "4")]),
    ("the loss narrowed 12%", [("12%", "12 down")]),
    ("half a percent", [("half a percent", "0.5")]),
    # units
    ("12 percent, 12 per cent", [("12 percent", "12"), ("12 per cent", "12")]),
    ("12 pct, 12pct, 12pc", [("12 pct", "12"), ("12pct", "12"), ("12pc", "12")]),
    ("12 %", [("12 %", "12")]),
    ("up 15 pc, 0.32 PC", [("15 pc", "15 up")]),
    ("twenty percent", [("twenty percent", "20")]),
    ("240 percents", [("240 percents", "240")]),
    ("1.5pp", [("1.5pp", "1.5 pp")]),
    ("2 percentage points", [("2 percentage points", "2 pp")]),
    ("half a percentage point", [("half a percentage point", "0.5 pp")]),
    ("a quarter of a percentage point", [("a quarter of a percentage point", "0.25 pp")]),
    ("rose by a percentage point", [("a percentage point", "1 pp up")]),
    ("25bp, 25 bps", [("25bp", "25 bp"), ("25 bps", "25 bp")]),
    ("a 25-basis-point cut", [("25-basis-point", "25 bp down")]),
    ("a 3-percent rise", [("3-percent", "3 up")]),
    ("7 3/4 %", [("7 3/4 %", "7.75")]),
    ("½%", [("½%", "0.5")]),
    ("３．５％", [("３．５％", "3.5")]),
    # signs
    ("(3.2)%", [("(3.2)%", "-3.2 down")]),
    ("(3.2%)", [("3.2%", "3.2")]),
    ("−3%", [("−3%", "-3 down")]),
    ("minus five percent", [("minus five percent", "-5 down")]),
    ("went at minus 0.08%", [("minus 0.08%", "-0.08")]),
    # behind the unit, where nothing else is said
    ("percent of 10", [("percent of 10", "10")]),
    ("percents of twenty", [("percents of twenty", "20")]),
    ("per cent of twenty-two.", [("per cent of twenty-two", "22")]),
    ("12 percent of 210", [("12 percent", "12")]),
    # bounds
    ("at least 15%", [("15%", ">=15")]),
    ("more than a 5% stake", [("5%", ">=5")]),
    ("no more than 15%", [("15%", "<=15")]),
    ("15% or less", [("15%", "<=15")]),
    ("fell nearly 30%", [("30%", "~30 down")]),
    ("fell more than 7%", [("7%", ">=7 down")]),
    ("rose above 6%", [("6%", ">=6")]),
    ("dipped under 110 per cent", [("110 per cent", "<=110")]),
    # ranges
    ("3-5%", [("3-5%", "3..5")]),
    ("3% to 5%", [("3% to 5%", "3..5")]),
    ("3%-5%", [("3%-5%", "3..5")]),
    ("between 3 and 5 percent", [("3 and 5 percent", "3..5")]),
    ("between 18% and 20%", [("18% and 20%", "18..20")]),
    ("25 to 50 basis points", [("25 to 50 basis points", "25..50 bp")]),
    ("would fall 35% to 45%", [("35% to 45%", "35..45 down")]),
    ("between minus 2% and plus 1%", [("minus 2% and plus 1%", "-2..1")]),
    ("from 3% to 5%", [("3%", "3"), ("5%", "5")]),
    ("rose 3% to 5%", [("3%", "3 up"), ("5%", "5")]),
    ("3% and 5%", [("3%", "3"), ("5%", "5")]),
    # direction, from the words before
    ("raised the dividend 4%", [("4%", "4 up")]),
    ("lifting sales 9 percent", [("9 percent", "9 up")]),
    ("put on another 5.5%", [("5.5%", "5.5 up")]),
    ("gave back the whole 1.2%", [("1.2%", "1.2 down")]),
    ("cut its forecast for 2033 sales at Norvane by 40 per cent", [("40 per cent", "40 down")]),
    ("fell for a seventh month, by 1.6 percent", [("1.6 percent", "1.6 down")]),
    ("an increase of 11 percent", [("11 percent", "11 up")]),
    ("the latest drop, of 4.4%", [("4.4%", "4.4 down")]),
    ("a rally of 70%", [("70%", "70 up")]),
    ("a drop in sales of 12%", [("12%", "12 down")]),
    ("a yield of 4.83%", [("4.83%", "4.83")]),
    ("increased by $11.2 million, or 6.3%,", [("6.3%", "6.3 up")]),
    ("fell to $3m, or 6.3% of sales", [("6.3%", "6.3")]),
    ("wrote off just half a percent", [("half a percent", "0.5")]),
    ("raised its 30% stake", [("30%", "30")]),
    ("up 5% in Europe and 3% in Asia", [("5%", "5 up"), ("3%", "3 up")]),
    ("returned 14.6%, compared with 11.2%", [("14.6%", "14.6 up"), ("11.2%", "11.2 up")]),
    ("It fell. A 3% fee", [("3%", "3")]),
    # direction, from the words after
    ("from a 3% loss to a 3% gain", [("3%", "3 down"), ("3%", "3 up")]),
    ("300 basis points higher", [("300 basis points", "300 bp up")]),
    ("closed 11 per cent lower", [("11 per cent", "11 down")]),
    ("12% year-on-year growth", [("12%", "12 up")]),
    ("a 25bp rate cut", [("25bp", "25 bp down")]),
    ("8.0% below its previous price", [("8.0%", "8 down")]),
    ("3 basis points above where they closed", [("3 basis points", "3 bp up")]),
    ("trades 9 per cent above the offer", [("9 per cent", "9")]),
    ("4% above its average of the past year", [("4%", "4")]),
    ("an 80% chance of a cut", [("80%", "80")]),
    ("a 32% discount", [("32%", "32")]),
    ("moved by 0.02%", [("0.02%", "0.02")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "figures"), CASES)
def test_figures(text, figures):
    assert read(text) == [(span, percent(markup)) for span, markup in figures]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%",
        "a small percent of them",
        "What percent of 10?",
        "percent of 10 people",
        "1" * 110 + "%",
        "the % of increase",
        "1.2.3%",
        "F1%",
        "5 points",
        "5 million %",
        "https://example.com/search?q=30%25%2020%",
        "5 bpm, 3 ppm, 2 pcs",
    ],
)
def test_no_figure(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("5%", "percent.sign"),
        ("5 percent", "percent.word"),
        ("5pp", "percent.points"),
        ("5bp", "percent.basis_points"),
    ],
)
def test_rule(text, rule):
    (ent,) = PERCENT(NLP.make_doc(text)).ents
    assert (ent._.source, ent.label_) == (rule, "PERCENT")


@given(
    st.decimals(0, 10**6, places=2, allow_nan=False),
    st.sampled_from(["", "-", "−", "+"]),
    st.sampled_from(["%", " %", " percent", " per cent", "pct", " percentage points", "pp", "bp", " basis points"]),
    st.booleans(),
)
def test_written_figures_read_back(number, sign, unit, grouped):
    text = f"{sign}{number:,}{unit}" if grouped else f"{sign}{number}{unit}"
    ((span, value),) = read(f"at the end {text}")
    assert span == text
    assert value.value == (-number if sign in ("-", "−") else number)
    assert value.unit == {
        "pe": "percentage_point",
        "pp": "percentage_point",
        "bp": "basis_point",
        "ba": "basis_point",
    }.get(unit.strip()[:2] if "point" in unit or len(unit) == 2 else "", "percent")


PIECES = (
    "%| percent|bp| basis points| percentage point|a| a |half a|5|1.5|-|–| to | and |(|)| rose | by |"
    ' of | or | drop| higher|between |at least |,|. |\u200b|\n|½|1/2|"'
)
MIXTURES = st.lists(st.sampled_from(PIECES.split("|")), max_size=14).map("".join)


@given(MIXTURES | st.text(max_size=40))
def test_any_text(text):
    doc = PERCENT(NLP.make_doc(text))
    for ent in doc.ents:
        value = ent._.value
        assert value.value is not None or value.low <= value.high


@pytest.mark.parametrize("text", ["%", "1", "1%", "(1", "up ", "a percentage point ", "half a ", "1-", "by 1%,", "½"])
def test_long_repetitions(text):
    list(PERCENT.find(text * 2000))
