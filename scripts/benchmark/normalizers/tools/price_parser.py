"""price-parser: one price of a text, made for web shops."""

from decimal import Decimal
from typing import Any, ClassVar

from bellwether.values import Money

from ..sentences import Sentence
from .base import Reading, Tool, import_library
from .currency_names import currency_of


class PriceParser(Tool):
    """An amount and a currency as written ("$", "EUR"), at most one a sentence."""

    name: ClassVar[str] = "price-parser"
    distributions: ClassVar[tuple[str, ...]] = ("price-parser",)
    labels = ("MONEY",)
    how: ClassVar[str] = (
        "Price.fromstring on the sentence: one amount at most. An amount without a currency is ignored; '$' is USD."
    )

    def __init__(self) -> None:
        self.parse = import_library(self.name, "price_parser").Price.fromstring

    def run(self, prepared: Sentence) -> Any:
        return self.parse(prepared.text)

    def readings(self, raw: Any) -> list[Reading]:
        reading = to_reading(raw.amount, raw.currency)
        return [reading] if reading else []


def to_reading(amount: Decimal | None, currency: str | None) -> Reading:
    """RETURNS (Reading): no values where the amount or the currency is unknown."""
    known = currency_of(currency) if currency else None
    if amount is None or known is None:
        return ()
    return (Money(amount=amount * known[1], currency=known[0]),)
