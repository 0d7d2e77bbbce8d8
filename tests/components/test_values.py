"""Values: exact, frozen, and the same after JSON, msgpack and pickle."""

import dataclasses
import datetime
import json
import pickle
from decimal import Decimal
from typing import Any

import pytest
import srsly
from hypothesis import given
from hypothesis import strategies as st

from bellwether import Company, Money, Percent, Period, Quantity, Ticker, Value, value_from_json
from bellwether.values import VALUE_TYPES, format_decimal, parse_decimal
from tests.strategies import values


@given(values())
def test_json_says_all_of_a_value(value: Value) -> None:
    data = value.to_json()
    for copy in (data, json.loads(json.dumps(data)), srsly.msgpack_loads(srsly.msgpack_dumps(data))):
        found = value_from_json(copy)
        assert found == value
        assert found.to_json() == data
        for spec in dataclasses.fields(value):  # also what == does not compare
            assert getattr(found, spec.name) == getattr(value, spec.name)
    assert pickle.loads(pickle.dumps(value)) == value


def test_json_is_plain_and_short() -> None:
    assert Money(amount=Decimal("13.10e6"), currency="EUR").to_json() == {
        "type": "money",
        "amount": "13100000",
        "currency": "EUR",
    }
    assert Period(start=datetime.date(2031, 7, 1), end=datetime.date(2031, 9, 30), grain="quarter").to_json() == {
        "type": "period",
        "start": "2031-07-01",
        "end": "2031-09-30",
        "grain": "quarter",
    }
    assert Percent(value=Decimal(0), direction="down").to_json() == {
        "type": "percent",
        "value": "0",
        "direction": "down",
    }
    assert Money(currency="USD", candidates=("USD", "CAD")).to_json()["candidates"] == ["USD", "CAD"]


@given(st.integers(-(10**25), 10**25), st.integers(-30, 30))
def test_a_number_keeps_its_amount_but_no_zeros(digits: int, exponent: int) -> None:
    number = Decimal(digits).scaleb(exponent)
    text = format_decimal(number)
    assert Decimal(text) == number
    assert "E" not in text
    assert not text.startswith("-0") or number != 0
    assert format_decimal(number.normalize()) == text


@pytest.mark.parametrize(
    ("text", "plain"), [("1.310E+7", "13100000"), ("0.50", "0.5"), ("-0.00", "0"), ("100", "100"), ("1e-3", "0.001")]
)
def test_the_shortest_notation(text: str, plain: str) -> None:
    assert format_decimal(Decimal(text)) == plain


def test_values_are_frozen_and_compared_by_what_they_say() -> None:
    value = Money(amount=Decimal("1.50"), currency="USD", candidates=("USD", "CAD"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.amount = Decimal(2)  # type: ignore[misc]
    assert value == Money(amount=Decimal("1.5"), currency="USD")
    assert hash(value) == hash(Money(amount=Decimal("1.5"), currency="USD"))
    assert value != Money(amount=Decimal("1.5"), currency="EUR")
    assert Percent(value=Decimal(1)) != Quantity(value=Decimal(1))
    with pytest.raises(TypeError):
        Money(Decimal(1), "USD")  # type: ignore[misc]


BAD: dict[str, tuple[Any, str]] = {
    "not an object": ("13 EUR", "a value must be a JSON object"),
    "no type": (
        {"amount": "1"},
        "value type must be one of money, percent, quantity, period, ticker, company, got None",
    ),
    "unknown type": ({"type": "mass"}, "got 'mass'"),
    "type that is no text": ({"type": ["money"]}, "value type must be one of"),
    "unknown field": ({"type": "money", "sum": "1"}, "money value: unknown field sum; known are amount, bound"),
    "number in words": (
        {"type": "money", "amount": "three"},
        "money value: 'amount' must be a decimal number, got 'three'",
    ),
    "infinite number": ({"type": "percent", "low": "Infinity"}, "'low' must be a decimal number"),
    "not a number": ({"type": "percent", "low": float("nan")}, "'low' must be a decimal number"),
    "endless number": ({"type": "money", "amount": "1e999999999"}, "'amount' must be a decimal number"),
    "endless fraction": ({"type": "money", "amount": "1e-999999999"}, "'amount' must be a decimal number"),
    "true as number": ({"type": "money", "amount": True}, "'amount' must be a decimal number"),
    "number as currency": ({"type": "money", "currency": 5}, "money value: 'currency' must be text, got 5"),
    "unknown bound": (
        {"type": "money", "bound": "maybe"},
        "'bound' must be one of exact, at_least, at_most, about, range",
    ),
    "unknown unit": (
        {"type": "percent", "unit": "permille"},
        "'unit' must be one of percent, percentage_point, basis_point",
    ),
    "day that is none": ({"type": "period", "grain": "day", "start": "2031-02-30"}, "'start' must be an ISO 8601 date"),
    "number as day": ({"type": "period", "grain": "day", "start": 2031}, "'start' must be an ISO 8601 date"),
    "unknown grain": ({"type": "period", "grain": "decade"}, "'grain' must be one of day, week"),
    "period without grain": ({"type": "period"}, "period value: missing 1 required keyword-only argument: 'grain'"),
    "fiscal in words": ({"type": "period", "grain": "year", "fiscal": "yes"}, "'fiscal' must be true or false"),
    "ticker without symbol": (
        {"type": "ticker", "symbol": None},
        "ticker value: missing 1 required keyword-only argument",
    ),
    "candidates in one text": ({"type": "money", "candidates": "USD"}, "'candidates' must be a list of texts"),
    "candidates that are numbers": ({"type": "money", "candidates": [1]}, "'candidates' must be a list of texts"),
}


@pytest.mark.parametrize(("data", "reason"), BAD.values(), ids=BAD)
def test_what_is_no_value_is_refused_with_a_reason(data: Any, reason: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        value_from_json(data)
    assert reason in str(caught.value)


def test_null_is_as_good_as_absent() -> None:
    assert value_from_json({"type": "money", "amount": None, "bound": None, "candidates": None}) == Money()


@pytest.mark.parametrize("text", ["", "a", "NaN", "sNaN", "-Infinity", "1e101", "1e-101", "1" * 101])
def test_numbers_that_no_text_means(text: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        parse_decimal(text)


def test_every_type_reads_what_it_writes() -> None:
    assert list(VALUE_TYPES) == ["money", "percent", "quantity", "period", "ticker", "company"]
    assert Company(id="c1", name="Norvane Oyj", score=Decimal("0.9")).to_json()["score"] == "0.9"
    assert Ticker(symbol="NRVN").to_json() == {"type": "ticker", "symbol": "NRVN"}
