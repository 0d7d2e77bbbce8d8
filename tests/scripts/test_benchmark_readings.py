"""The benchmark of the normalizers: how each library is read."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from bellwether.values import Money, Percent, Period, Quantity
from scripts.benchmark.normalizers.accuracy import is_same
from scripts.benchmark.normalizers.sentences import Sentence
from scripts.benchmark.normalizers.tools import (
    TOOLS,
    Reading,
    ToolMissing,
    dateparser,
    price_parser,
    quantulum3,
    recognizers_text,
)
from scripts.benchmark.normalizers.tools.currency_names import currency_of
from tests.scripts.benchmark_values import days, gold, score, usd

D = Decimal


RECOGNIZED: dict[str, tuple[str, dict[str, Any], Reading]] = {
    "code": ("currency", {"value": "5", "unit": "Euro", "isoCurrency": "EUR"}, (Money(amount=D(5), currency="EUR"),)),
    "bare dollar": ("currency", {"value": "5000000", "unit": "Dollar"}, (usd("5000000"),)),
    "a code of its own": ("currency", {"value": "5", "unit": "Dollar", "isoCurrency": "__D"}, (usd("5"),)),
    "no number": ("currency", {"value": None, "unit": "Dollar"}, ()),
    "percent": ("percentage", {"value": "-2%"}, (Percent(value=D(-2)),)),
    "unit": ("dimension", {"value": "12", "unit": "Square meter"}, (Quantity(value=D(12), unit="square_meter"),)),
    "ton": (
        "dimension",
        {"value": "5", "unit": "Ton"},
        (Quantity(value=D(5), unit="ton"), Quantity(value=D(5), unit="tonne")),
    ),
    "nothing": ("dimension", None, ()),
}


@pytest.mark.parametrize(("kind", "resolution", "reading"), RECOGNIZED.values(), ids=RECOGNIZED)
def test_readings_of_recognizers_text(kind: str, resolution: dict[str, Any], reading: Reading) -> None:
    assert recognizers_text.to_reading(kind, resolution) == reading


DATED: dict[str, tuple[list[dict[str, str]], Period]] = {
    "date": ([{"type": "date", "timex": "2031-03-14", "value": "2031-03-14"}], days("2031-03-14", "2031-03-14")),
    "end not included": (
        [{"type": "daterange", "timex": "(2031-07-01,2031-10-01,P3M)", "start": "2031-07-01", "end": "2031-10-01"}],
        days("2031-07-01", "2031-09-30"),
    ),
    "end included": (
        [{"type": "daterange", "timex": "(2031-03-03,2031-03-07,P4D)", "start": "2031-03-03", "end": "2031-03-07"}],
        days("2031-03-03", "2031-03-07"),
    ),
    "since a year": (
        [{"type": "daterange", "timex": "2031", "Mod": "since", "start": "2031-01-01"}],
        days("2031-01-01", "2031-12-31"),
    ),
    "week": (
        [{"type": "daterange", "timex": "2031-W43", "start": "2031-10-20", "end": "2031-10-27"}],
        days("2031-10-20", "2031-10-26"),
    ),
    "the second of two": (
        [
            {"type": "date", "timex": "XXXX-WXX-1", "value": "2031-10-20"},
            {"type": "date", "timex": "XXXX-WXX-1", "value": "2031-10-27"},
        ],
        days("2031-10-27", "2031-10-27"),
    ),
    "time of a day": (
        [{"type": "datetime", "timex": "2031-10-25T15", "value": "2031-10-25 15:00:00"}],
        days("2031-10-25", "2031-10-25"),
    ),
}


@pytest.mark.parametrize(("values", "expected"), DATED.values(), ids=DATED)
def test_days_of_recognizers_text(values: list[dict[str, str]], expected: Period) -> None:
    reading = recognizers_text.to_reading("datetimeV2.x", {"values": values})
    assert score(gold(expected), [reading], "PERIOD") == (1, 1, 0)


@pytest.mark.parametrize("value", [{"type": "duration", "value": "1209600"}, {"type": "date", "value": "not resolved"}])
def test_what_recognizers_text_cannot_date_is_no_reading(value: dict[str, str]) -> None:
    assert recognizers_text.to_reading("datetimeV2.x", {"values": [value]}) == ()
    assert recognizers_text.to_reading("datetimeV2.x", {}) == ()


QUANTULUM: dict[str, tuple[tuple[float, float | None, str, str, str | None], Reading]] = {
    "dollar": ((5e6, None, "dollar", "currency", "USD"), (usd("5000000"),)),
    "name": ((250e6, None, "united states dollar", "currency", None), (usd("250000000"),)),
    "pence": ((12.0, None, "penny", "currency", None), (Money(amount=D("0.12"), currency="GBP"),)),
    "money range": (
        (3.205, 0.105, "dollar", "currency", "USD"),
        (Money(low=D("3.1"), high=D("3.31"), bound="range", currency="USD"),),
    ),
    "percent": ((12.0, None, "percentage", "dimensionless", None), (Percent(value=D(12)),)),
    "percent range": (
        (4.0, 1.0, "percentage", "dimensionless", None),
        (Percent(low=D(3), high=D(5), bound="range"),),
    ),
    "basis points": (
        (25.0, None, "basis point", "dimensionless", None),
        (Percent(value=D(25), unit="basis_point"),),
    ),
    "unit": (
        (5e4, None, "barrel per day", "volumetric flow", None),
        (Quantity(value=D(50000), unit="barrel/day"),),
    ),
    "spelling": ((12e3, None, "square metre", "area", None), (Quantity(value=D(12000), unit="square_meter"),)),
    "bare number": ((45.0, None, "dimensionless", "dimensionless", None), ()),
    "duration": ((3.0, None, "week", "time", None), ()),
}


@pytest.mark.parametrize(("arguments", "reading"), QUANTULUM.values(), ids=QUANTULUM)
def test_readings_of_quantulum3(arguments: tuple[float, float | None, str, str, str | None], reading: Reading) -> None:
    assert quantulum3.to_reading(*arguments) == reading


def test_readings_of_price_parser() -> None:
    assert price_parser.to_reading(D("4.2"), "$") == (usd("4.2"),)
    assert price_parser.to_reading(D("4.2"), "EUR") == (Money(amount=D("4.2"), currency="EUR"),)
    assert price_parser.to_reading(D("4.2"), None) == ()
    assert price_parser.to_reading(None, "$") == ()


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("day", days("2032-02-25", "2032-02-25")),
        ("week", days("2032-02-23", "2032-02-29")),
        ("month", days("2032-02-01", "2032-02-29")),
        ("year", days("2032-01-01", "2032-12-31")),
    ],
)
def test_readings_of_dateparser(part: str, expected: Period) -> None:
    assert dateparser.to_reading(datetime.date(2032, 2, 25), part) == (expected,)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("US$", ("USD", 1)),
        ("sek", ("SEK", 1)),
        ("Hong Kong dollar", ("HKD", 1)),
        ("United States dollar", ("USD", 1)),
        ("cent", ("USD", D("0.01"))),
        ("dollar bit newton", None),
        ("__D", None),
    ],
)
def test_names_of_currencies(name: str, expected: tuple[str, Decimal] | None) -> None:
    assert currency_of(name) == expected


INSTALLED = [name for name in TOOLS if name != "ours"]


@pytest.mark.parametrize("name", INSTALLED)
def test_an_installed_library_reads_what_it_claims(name: str) -> None:
    """Runs where requirements-benchmark.txt is installed."""
    try:
        TOOLS[name].versions()
        tool = TOOLS[name]()
    except ToolMissing as error:
        pytest.skip(str(error))
    texts = {
        "MONEY": ("It paid $5 million.", usd("5000000")) if name != "price-parser" else ("It paid $5.", usd("5")),
        "PERCENT": ("It fell 12%.", Percent(value=D(12))),
        "QUANTITY": ("It sold 5 tonnes.", Quantity(value=D(5), unit="tonne")),
        "PERIOD": ("It opens on March 14, 2031.", days("2031-03-14", "2031-03-14")),
    }
    for label in tool.labels:
        text, expected = texts[label]
        assert any(is_same(expected, value) for reading in tool.read(Sentence("s", text)) for value in reading), text
