"""Typed, frozen values of the expressions that the normalizers find.

Numbers are `decimal.Decimal`, never float; currencies are ISO 4217 codes, dates ISO 8601. Every value has `to_json()`,
plain JSON that survives msgpack, DocBin and other processes, and `value_from_json` reads it back.
"""

import datetime
import decimal
import functools
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, ClassVar, Literal, get_args

Bound = Literal["exact", "at_least", "at_most", "about", "range"]
PercentUnit = Literal["percent", "percentage_point", "basis_point"]
Direction = Literal["up", "down"]
Grain = Literal["day", "week", "month", "quarter", "half", "year", "range"]
TickerKind = Literal["ticker", "isin", "cusip", "sedol", "lei"]

_CHOICES: dict[str, tuple[str, ...]] = {
    "bound": get_args(Bound),
    "unit": get_args(PercentUnit),
    "direction": get_args(Direction),
    "grain": get_args(Grain),
    "kind": get_args(TickerKind),
}


# A number beyond 1e±100 is no figure of a text, and would fill the memory when it is written out.
MAX_EXPONENT = 100


def parse_decimal(text: str) -> Decimal:
    """Read a decimal number.

    RAISES (ValueError): where it is none, is not finite, or has an exponent beyond ±100.
    """
    try:
        number = Decimal(text)
    except decimal.InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if not number.is_finite() or abs(number.adjusted()) > MAX_EXPONENT or len(number.as_tuple().digits) > MAX_EXPONENT:
        raise ValueError(f"{text!r} is not a finite number of at most {MAX_EXPONENT} digits")
    return number


def format_decimal(number: Decimal) -> str:
    """The shortest plain notation of a number: no exponent, no trailing zeros (`1.310E+7` gives "13100000")."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _to_plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return format_decimal(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_to_plain(item) for item in value]
    return value


@dataclass(frozen=True, kw_only=True)
class Value:
    """Base of all values. A field that is None or at its default is left out of the JSON."""

    type: ClassVar[str] = ""

    def to_json(self) -> dict[str, Any]:
        """RETURNS (dict): plain JSON with the key "type" and every field that says something."""
        data: dict[str, Any] = {"type": self.type}
        for name, default in _defaults(type(self)):  # type: ignore[arg-type]  # a class is hashable
            value = getattr(self, name)
            if value is not None and value not in ((), default):
                data[name] = value if type(value) is str else _to_plain(value)
        return data


@functools.cache
def _defaults(cls: type[Value]) -> tuple[tuple[str, str | bool | None], ...]:
    """RETURNS (tuple): the name of every field, and its default where that is a text or a flag, else None. Kept, since
    every entity with a value asks for it."""
    return tuple((spec.name, spec.default if isinstance(spec.default, str | bool) else None) for spec in fields(cls))


@dataclass(frozen=True, kw_only=True)
class Money(Value):
    """An amount of a currency, in full units of it (`$4.2bn` is 4200000000 USD).

    amount (Decimal | None): the amount; None for a range.
    currency (str | None): ISO 4217 code; None where the text leaves it open and no default is configured.
    low, high (Decimal | None): the ends of a range, or the one end that a bound names.
    bound (str): "exact", "at_least", "at_most", "about" or "range".
    per (str | None): what the amount is for: "share", "tonne".
    candidates (tuple): currencies that the text allows, most likely first, where the notation is ambiguous. Not
        compared.
    """

    type: ClassVar[str] = "money"
    amount: Decimal | None = None
    currency: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    bound: Bound = "exact"
    per: str | None = None
    candidates: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, kw_only=True)
class Percent(Value):
    """A percentage, a difference in percentage points, or basis points; the number is as written (12 for "12%").

    direction (str | None): "up" or "down" where the text says that something moved by this much.
    """

    type: ClassVar[str] = "percent"
    value: Decimal | None = None
    unit: PercentUnit = "percent"
    low: Decimal | None = None
    high: Decimal | None = None
    bound: Bound = "exact"
    direction: Direction | None = None


@dataclass(frozen=True, kw_only=True)
class Quantity(Value):
    """A count with its unit, singular, `_` for spaces and `/` for per ("barrel/day")."""

    type: ClassVar[str] = "quantity"
    value: Decimal | None = None
    unit: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    bound: Bound = "exact"


@dataclass(frozen=True, kw_only=True)
class Period(Value):
    """A stretch of days, both ends included; without `start` and `end` it is unresolved, or fiscal and unanchored.

    start, end (datetime.date | None): first and last day.
    grain (str): "day", "week", "month", "quarter", "half", "year" or "range".
    fiscal (bool): whether it is a period of a financial year.
    label (str | None): what the text names: "FY2024", "FY2024-Q3" for a fiscal period, also where its days are known;
        "Q3", "H1", "03" (March) where the year is not known. None where the days say it all.
    """

    type: ClassVar[str] = "period"
    start: datetime.date | None = None
    end: datetime.date | None = None
    grain: Grain
    fiscal: bool = False
    label: str | None = None

    @property
    def unanchored(self) -> bool:
        """Whether it is a fiscal period whose days are unknown, since nothing says when the financial year ends."""
        return self.fiscal and self.start is None


@dataclass(frozen=True, kw_only=True)
class Ticker(Value):
    """A ticker or a security identifier."""

    type: ClassVar[str] = "ticker"
    symbol: str
    exchange: str | None = None
    kind: TickerKind = "ticker"


@dataclass(frozen=True, kw_only=True)
class Company(Value):
    """A company of the gazetteer that an ORG or a ticker was resolved to.

    id (str): its key in the gazetteer.
    name (str): its full name there, whatever the text calls it.
    ticker, exchange (str | None): the main listing.
    lei, cik (str | None): Legal Entity Identifier (ISO 17442), Central Index Key of the SEC.
    fiscal_year_end (int | None): the month, 1 to 12, in which its financial year ends.
    score (Decimal | None): how sure the match is, 0 to 1; 1 is an exact one.
    alternatives (tuple): ids of other companies that the text may mean, likeliest first. Not compared.
    """

    type: ClassVar[str] = "company"
    id: str
    name: str
    ticker: str | None = None
    exchange: str | None = None
    lei: str | None = None
    cik: str | None = None
    fiscal_year_end: int | None = None
    score: Decimal | None = None
    alternatives: tuple[str, ...] = field(default=(), compare=False)


VALUE_TYPES: dict[str, type[Value]] = {cls.type: cls for cls in (Money, Percent, Quantity, Period, Ticker, Company)}
_DECIMAL_FIELDS = frozenset({"amount", "value", "low", "high", "score"})
_DATE_FIELDS = frozenset({"start", "end"})
_TUPLE_FIELDS = frozenset({"candidates", "alternatives"})
_FLAG_FIELDS = frozenset({"fiscal"})
_MONTH_FIELDS = frozenset({"fiscal_year_end"})


def _from_plain(kind: str, name: str, value: Any) -> Any:
    try:
        if name in _DECIMAL_FIELDS:
            return parse_decimal(str(value))
        if name in _DATE_FIELDS:
            return datetime.date.fromisoformat(value)
    except (ValueError, TypeError):
        expected = "a decimal number" if name in _DECIMAL_FIELDS else "an ISO 8601 date"
        raise ValueError(f"{kind} value: '{name}' must be {expected}, got {value!r}") from None
    if name in _TUPLE_FIELDS:
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise ValueError(f"{kind} value: '{name}' must be a list of texts, got {value!r}")
        return tuple(value)
    if name in _MONTH_FIELDS:
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 12:
            raise ValueError(f"{kind} value: '{name}' must be a month, 1 to 12, got {value!r}")
        return value
    if not isinstance(value, bool if name in _FLAG_FIELDS else str):
        raise ValueError(
            f"{kind} value: '{name}' must be {'true or false' if name in _FLAG_FIELDS else 'text'}, got {value!r}"
        )
    if name in _CHOICES and not (name == "unit" and kind != "percent") and value not in _CHOICES[name]:
        raise ValueError(f"{kind} value: '{name}' must be one of {', '.join(_CHOICES[name])}, got {value!r}")
    return value


def value_from_json(data: dict[str, Any]) -> Value:
    """Read what `to_json` wrote.

    data (dict): plain JSON with the key "type".
    RETURNS (Value): the typed value. A field that is null is as good as absent.
    RAISES (ValueError): unknown type or field, or a field that does not parse; says which.
    """
    if not isinstance(data, dict):
        raise ValueError(f"a value must be a JSON object with a 'type', got {data!r}")
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in VALUE_TYPES:
        raise ValueError(f"value type must be one of {', '.join(VALUE_TYPES)}, got {kind!r}")
    cls = VALUE_TYPES[kind]
    known = {spec.name for spec in fields(cls)}
    unknown = sorted(set(data) - known - {"type"})
    if unknown:
        raise ValueError(f"{kind} value: unknown field {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    try:
        return cls(
            **{
                name: _from_plain(kind, name, item)
                for name, item in data.items()
                if name != "type" and item is not None
            }
        )
    except TypeError as error:
        raise ValueError(f"{kind} value: {str(error).partition(' ')[2]}") from None
