"""Microsoft Recognizers-Text: its models for currency, percentage, dimension and date and time, US English."""

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from bellwether.values import Money, Percent, Period, Quantity, Value, parse_decimal

from ....errors import BadInput
from ....markup import iso_days
from ..sentences import Sentence
from .base import NO_DAY, Reading, Tool, import_library
from .currency_names import currency_of

_CULTURE = "en-us"
_ONE_DAY = datetime.timedelta(days=1)
_PERIODS = frozenset({"date", "daterange", "datetime", "datetimerange"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIMEX = re.compile(r"\d{4}(?:-(?:W?\d{2}(?:-\d{2})?))?")
# "Ton" is what it calls tonnes and tons.
_SAME_UNITS = {"ton": ("ton", "tonne"), "metric_ton": ("tonne",)}


class RecognizersText(Tool):
    """Values in the notation of the library ("5000000", "Dollar"; "2031-07-01" to, not including, "2031-10-01")."""

    name: ClassVar[str] = "recognizers-text"
    distributions: ClassVar[tuple[str, ...]] = ("recognizers-text-suite", "emoji", "regex")
    labels = ("MONEY", "PERCENT", "QUANTITY", "PERIOD")
    how: ClassVar[str] = (
        "The models for currency, percentage, dimension and datetime (en-us), made once. The reference date is that of "
        "the text. Ends of ranges are read as included and as not included, whichever fits; where it gives two "
        "dates (the past and the coming Monday), either counts. Durations and clock times are ignored. 'Dollar' is "
        "USD, 'Pound' GBP. An exception inside the library, which it swallows, is a sentence without readings."
    )

    def __init__(self) -> None:
        units = import_library(self.name, "recognizers_number_with_unit").NumberWithUnitRecognizer(_CULTURE)
        numbers = import_library(self.name, "recognizers_number").NumberRecognizer(_CULTURE)
        dates = import_library(self.name, "recognizers_date_time").DateTimeRecognizer(_CULTURE)
        self.models = [units.get_currency_model(), numbers.get_percentage_model(), units.get_dimension_model()]
        self.dates = dates.get_datetime_model()

    def run(self, prepared: Sentence) -> list[Any]:
        day = datetime.datetime.combine(prepared.day or NO_DAY, datetime.time())
        found = [result for model in self.models for result in model.parse(prepared.text)]
        return found + self.dates.parse(prepared.text, day)

    def readings(self, raw: list[Any]) -> list[Reading]:
        return [reading for result in raw if (reading := to_reading(result.type_name, result.resolution))]


def to_reading(kind: str, resolution: dict[str, Any] | None) -> Reading:
    """What the library says of an expression.

    kind (str): its type: "currency", "percentage", "dimension", "datetimeV2.daterange".
    resolution (dict | None): its value.
    RETURNS (Reading): no values where it says nothing that is measured.
    """
    if resolution is None:
        return ()
    if kind.startswith("datetimeV2."):
        values = resolution.get("values") or ()
        return tuple(dict.fromkeys(period for value in values for period in _periods(value)))
    number = _number(str(resolution.get("value")).removesuffix("%"))
    if number is None:
        return ()
    if kind == "percentage":
        return (Percent(value=number),)
    unit = str(resolution.get("unit"))
    if kind == "currency":
        currency = currency_of(resolution.get("isoCurrency") or unit) or currency_of(unit)
        return () if currency is None else (Money(amount=number * currency[1], currency=currency[0]),)
    unit = unit.lower().replace(" ", "_")
    return tuple(Quantity(value=number, unit=name) for name in _SAME_UNITS.get(unit, (unit,)))


def _number(text: str) -> Decimal | None:
    try:
        return parse_decimal(text)
    except ValueError:
        return None


def _periods(value: dict[str, str]) -> Iterator[Value]:
    if value.get("type") not in _PERIODS:
        return
    try:
        if timex := _TIMEX.fullmatch(value.get("timex", "")):
            start, end, _ = iso_days(timex[0])
            yield Period(start=start, end=end, grain="range")
    except BadInput:  # a notation of its own
        pass
    start_text, end_text = (value.get(name, value.get("value", "")) for name in ("start", "end"))
    if not (_DAY.match(start_text) and _DAY.match(end_text)):
        return
    start, end = (datetime.date.fromisoformat(text[:10]) for text in (start_text, end_text))
    yield Period(start=start, end=end, grain="range")
    if end > start:
        yield Period(start=start, end=end - _ONE_DAY, grain="range")
