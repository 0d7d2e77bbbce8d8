"""The number reader: notations, their limits, and that it never raises."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bellwether.normalizers.characters import clean_text
from bellwether.normalizers.numbers import MAX_DIGITS, find_numbers, read_number, read_numeral

# Characters that number expressions are made of, and some that break them.
NOISY_TEXT = st.text(
    st.sampled_from("0123456789.,'’ -−–+()%$€/½mkbn\u200b\u200f\u00a0\uff15١aone ") | st.characters(), max_size=60
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", "1"),
        ("1234", "1234"),
        ("1,234", "1234"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("1 234,56", "1234.56"),
        ("12 345 678", "12345678"),
        ("1'234.56", "1234.56"),
        ("1'234'567", "1234567"),
        ("1,23,456", "123456"),
        ("12,34,567.89", "1234567.89"),
        # the stated rule for what is ambiguous
        ("1.234", "1.234"),
        ("0,125", "0.125"),
        ("12,5", "12.5"),
        ("12,50", "12.50"),
        ("½", "0.5"),
        ("7½", "7.5"),
        ("007", "7"),
    ],
)
def test_numerals(text, number):
    assert read_numeral(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["", "1.2.3", "1,23,4", "1,2345", "2019,2020", "1.234,567.8", "1,234,56", "1 23", "1'23", "12.34.567"]
)
def test_no_numerals(text):
    assert read_numeral(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3.1bn", "3.1e9"),
        ("3.1 BN", "3.1e9"),
        ("12k", "12e3"),
        ("2.3mm", "2.3e6"),
        ("2.3 mn", "2.3e6"),
        ("2.3mln", "2.3e6"),
        ("2.3 million", "2.3e6"),
        ("2.3-million", "2.3e6"),
        ("9.8b", "9.8e9"),
        ("1.2tn", "1.2e12"),
        ("1.2t", "1.2e12"),
        ("1.2 trillion", "1.2e12"),
        ("10.4 crore", "104e6"),
        ("35 lakh", "35e5"),
        ("2 lakh crore", "2e12"),
        ("3 hundred", "300"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("–5", "-5"),
        ("+4", "4"),
        ("minus five", "-5"),
        (".50", "0.5"),
        ("7 3/4", "7.75"),
        ("3/4", "0.75"),
        ("two", "2"),
        ("twenty-two", "22"),
        ("Twenty two", "22"),
        ("one hundred and five", "105"),
        ("twelve hundred", "1200"),
        ("five hundred thousand", "500e3"),
        ("FIVE HUNDRED THOUSAND", "500e3"),
        ("three thousand two hundred", "3200"),
        ("one million two hundred and fifty thousand", "1250e3"),
        ("five-million", "5e6"),
        ("a million", "1e6"),
        ("a hundred thousand", "100e3"),
        ("half a million", "500e3"),
        ("half million", "500e3"),
        ("a quarter of a million", "250e3"),
        ("three quarters of a billion", "750e6"),
        ("one and a half million", "1.5e6"),
        ("a million and a half", "1.5e6"),
        ("two and a half", "2.5"),
    ],
)
def test_expressions(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "none",
        "hundred",
        "half",
        "several million",
        "1.2.3",
        "12/31/2000",
        "11:04",
        "2nd",
        "5 t",
        "1e5",
        "tenth",
        "often",
    ],
)
def test_no_expressions(text):
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("between three and five", ["3", "5"]),
        ("between one million and two million", ["1e6", "2e6"]),
        ("between one hundred and two hundred", ["100", "200"]),
        ("in Q3, F-16 or 3Q23", ["3", "16", "3", "23"]),
        ("a $5 M&A boutique", ["5"]),
        ("A) $5 B) $6", ["5", "6"]),
        ("6 . 2 % in tokenized text", ["6"]),
        ("the first half, a third quarter", []),
        ("7 3/4 and 1/2", ["7.75", "0.5"]),
        ("on 12/31/2000 at 11:04", []),
    ],
)
def test_numbers_in_text(text, numbers):
    assert [number.value for number in find_numbers(text)] == [Decimal(number) for number in numbers]


def test_parts():
    (number,) = find_numbers("about −3.1 billion")
    assert (number.start, number.end, number.mantissa, number.scale) == (6, 18, Decimal("-3.1"), Decimal(10) ** 9)
    assert (number.sign, number.grouped, number.in_words, number.glued) == (-1, True, False, False)
    assert find_numbers("EUR13")[0].glued


def test_long_numbers_are_exact_or_none():
    digits = "1234567890" * 12
    assert read_number(digits) == Decimal(digits)
    assert read_number(f"{digits} million") == Decimal(f"{digits}000000")
    assert read_number("9" * (MAX_DIGITS + 1)) is None
    assert read_numeral("1" * 1_000_000) is None
    assert not find_numbers("1" * 1_000_000)
    assert find_numbers("one million " * 1000)[0].value == Decimal(10) ** 6


def test_characters():
    clean = clean_text("＄５\u200b００\u00a0％ of\u200f it")
    assert clean.text == "$500 % of it"
    assert clean.original_bounds(1, 4) == (1, 5)
    assert clean_text("plain") == ("plain", None)


SEPARATORS = {
    "english": (",", "."),
    "continental": (".", ","),
    "french": (" ", ","),
    "narrow": ("\u202f", ","),
    "swiss": ("'", "."),
    "typographic": ("’", "."),
    "plain": ("", "."),
}


@st.composite
def written_numbers(draw):
    """A number, and one way to write it."""
    group, point = SEPARATORS[draw(st.sampled_from(sorted(SEPARATORS)))]
    whole = draw(st.integers(0, 10**18))
    decimals = draw(st.text("0123456789", min_size=0, max_size=2))
    text = f"{whole:,}".replace(",", group)
    if decimals:
        text += point + decimals
    elif group == "." and text.count(".") == 1:
        text, group = str(whole), ""  # "1.234" reads as a decimal
    return Decimal(f"{whole}.{decimals or 0}"), text


@given(written_numbers())
def test_written_numbers_read_back(case):
    number, text = case
    assert read_number(clean_text(text).text) == number


@given(st.integers(1, 10**9 - 1).map(Decimal), st.booleans())
def test_indian_grouping_reads_back(number, with_scale):
    text = str(number)
    head, tail = text[:-3], text[-3:]
    pairs = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    text = ",".join([*pairs, tail])
    assert read_number(text + " crore" if with_scale else text) == (number * 10**7 if with_scale else number)


@given(NOISY_TEXT)
def test_any_text(text):
    clean = clean_text(text)
    numbers = find_numbers(clean.text)
    ends = [0]
    for number in numbers:
        assert ends[-1] <= number.start < number.end <= len(clean.text)
        assert number.value.is_finite()
        ends.append(number.end)
        start, end = clean.original_bounds(number.start, number.end)
        assert 0 <= start < end <= len(text)
