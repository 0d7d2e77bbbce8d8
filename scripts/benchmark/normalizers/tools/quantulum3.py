"""quantulum3: quantities with units; also reads amounts of money and percentages."""

from typing import Any, ClassVar

from bellwether.values import Bound, Money, Percent, PercentUnit, Quantity

from ..sentences import Sentence
from .base import Reading, Tool, decimal_of, import_library
from .currency_names import currency_of

_PERCENT: dict[str, PercentUnit] = {
    "percentage": "percent",
    "per percentage": "percent",
    "percentage point": "percentage_point",
    "basis point": "basis_point",
}
# A bare number is no quantity of ours, and a duration neither.
_IGNORED_UNITS = frozenset({"dimensionless"})
_IGNORED_KINDS = frozenset({"time"})
_SPELLING = (("metre", "meter"), ("litre", "liter"), (" per ", "/"), (" ", "_"))


class Quantulum3(Tool):
    """Quantities with the name of their unit in English: "barrel per day", "united states dollar"."""

    name: ClassVar[str] = "quantulum3"
    distributions: ClassVar[tuple[str, ...]] = ("quantulum3",)
    labels = ("MONEY", "PERCENT", "QUANTITY")
    how: ClassVar[str] = (
        "parser.parse of the plain package: the classifier is an extra, and its model does not load with current "
        "scikit-learn. A number with an uncertainty is a range. Numbers without a unit and durations are "
        "ignored. 'dollar' is USD, 'per percentage' (of 'half a percent') percent."
    )

    def __init__(self) -> None:
        # Where scikit-learn is installed it would use the classifier and fail.
        import_library(self.name, "quantulum3.classifier").USE_CLF = False
        self.parse = import_library(self.name, "quantulum3.parser").parse

    def run(self, prepared: Sentence) -> list[Any]:
        result: list[Any] = self.parse(prepared.text)
        return result

    def readings(self, raw: list[Any]) -> list[Reading]:
        found = (
            to_reading(item.value, item.uncertainty, item.unit.name, item.unit.entity.name, item.unit.currency_code)
            for item in raw
        )
        return [reading for reading in found if reading]


def to_reading(value: float, uncertainty: float | None, unit: str, kind: str, code: str | None) -> Reading:
    """What the library says of an expression.

    value (float), uncertainty (float | None): the number, and half the width of a range.
    unit (str), kind (str): names of the unit and of what it measures ("currency", "mass").
    code (str | None): ISO 4217 code, where the library has one.
    RETURNS (Reading): no values where it says nothing that is measured.
    """
    if unit in _IGNORED_UNITS or kind in _IGNORED_KINDS:
        return ()
    number = None if uncertainty else decimal_of(value)
    low = decimal_of(value - uncertainty) if uncertainty else None
    high = decimal_of(value + uncertainty) if uncertainty else None
    bound: Bound = "range" if uncertainty else "exact"
    if unit in _PERCENT:
        return (Percent(value=number, unit=_PERCENT[unit], low=low, high=high, bound=bound),)
    currency = currency_of(code or unit.partition(" per ")[0])
    if currency is not None:
        name, factor = currency
        scaled = [None if item is None else item * factor for item in (number, low, high)]
        return (Money(amount=scaled[0], low=scaled[1], high=scaled[2], bound=bound, currency=name),)
    for theirs, ours in _SPELLING:
        unit = unit.replace(theirs, ours)
    return (Quantity(value=number, unit=unit, low=low, high=high, bound=bound),)
