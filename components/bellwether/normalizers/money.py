"""The component `money`: amounts of a currency, as `Money` values. Reads text; writes `doc.ents`, `span._.value`,
`span._.source`."""

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from spacy.language import Language

from ..values import Money
from .base import Expression, Normalizer, Overlap
from .bounds import joins_range, read_bound
from .currencies import Currency, Notation, country_evidence, load_notations
from .currency_data import DEFAULTS, WEIGHED, WORLDWIDE
from .direction import is_past_move
from .numbers import EXACT, Number, find_numbers, read_scale, read_sign
from .per import read_per

# The number beside a weak notation ("won", "R", "ALL") must show that it is an amount.
_DEMAND_SIZE = 100
_MAX_CENTS = 100
_ENDS = frozenset(".,;:!?)\"'")
_BY_THE_POUND = re.compile(r"(?:\b(?:an?|per) |/)(?:pound|lb)\b", re.IGNORECASE)


@Language.factory(
    "money",
    assigns=["doc.ents", "span._.value", "span._.source"],
    default_config={
        "label": "MONEY",
        "currencies": {},
        "overlap": "replace",
        "scorer": {"@scorers": "bellwether.value_scorer.v1", "label": "MONEY"},
    },
    default_score_weights={"money_f": 0.0, "money_p": 0.0, "money_r": 0.0, "money_value_accuracy": 0.0},
)
def make_money(
    nlp: Language,
    name: str,
    *,
    label: str,
    currencies: dict[str, str | None],
    overlap: Overlap,
    scorer: Callable[..., dict[str, Any]] | None,
) -> "MoneyNormalizer":
    """Make a component that finds amounts of money and reads their values.

    label (str): the label of the entities.
    currencies (Dict[str, str | None]): the currency of a notation that several share, where the document does not say:
        {"$": "CAD", "kr": "SEK"}. What is not set here is as in `currency_data.DEFAULTS`: "$" is USD, "£" GBP, "¥" JPY,
        "Rs" INR, "franc" CHF, "peso" MXN and so on; None leaves the currency open. The keys are those of `DEFAULTS`.
    overlap (str): "replace" removes entities that overlap with an amount, "keep" drops the amount.
    scorer (Callable | None): the scoring method; by default precision, recall and F1 of the spans and the accuracy of
        their values.
    """
    return MoneyNormalizer(name, label=label, currencies=currencies, overlap=overlap, scorer=scorer)


@dataclass(slots=True)
class _Amount:
    """A number of the text with the currency beside it, if there is one."""

    start: int
    end: int
    number: Decimal
    mantissa: Decimal
    scale: Decimal | None
    currency: Currency | None
    rule: str
    last: Decimal | None = None  # the upper end of a range

    @property
    def has_prefix(self) -> bool:
        return self.rule.endswith("before")


Resolver = Callable[[_Amount], tuple[str | None, tuple[str, ...]]]
"""For an amount, the currency and the candidates, in this document."""


class MoneyNormalizer(Normalizer):
    """Finds `$4.2bn`, `EUR 13.1 mn`, `12p`, `$(1.2) million`, `half a million dollars`, `$3.1-3.3 billion` and so on.

    Rules (`span._.source`): `money.symbol_before`, `money.symbol_after`, `money.word_before`, `money.word_after`, where
    a word is an ISO code, an abbreviation or a name.
    """

    def __init__(
        self,
        name: str = "money",
        *,
        label: str = "MONEY",
        currencies: dict[str, str | None] | None = None,
        overlap: Overlap = "replace",
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        """Initialize the component; the arguments are those of `make_money`.

        RAISES (ValueError): `currencies` has a key that no notation uses, or a value that is no ISO 4217 code.
        """
        super().__init__(name, label=label, overlap=overlap, scorer=scorer)
        self.notations = load_notations()
        for key, code in (currencies or {}).items():
            if key not in DEFAULTS:
                raise ValueError(f"{name}: 'currencies' has no notation {key!r}; known are {', '.join(DEFAULTS)}")
            if code is not None and code not in self.notations.codes:
                raise ValueError(f"{name}: currencies.{key} must be an ISO 4217 code or null, got {code!r}")
        self.currencies = DEFAULTS | (currencies or {})

    def find(self, text: str) -> Iterable[Expression]:
        """Find the amounts of a text."""
        amounts: list[_Amount] = []
        end = 0
        for number in find_numbers(text):
            amount = self._read_amount(text, number, end)
            if amount is not None:
                amounts.append(amount)
                end = amount.end
        if not any(amount.currency for amount in amounts):
            return []
        amounts = [amount for amount in _join(text, _without_weights(text, amounts)) if amount.currency]
        resolve = self._make_resolver(text, amounts)
        return [self._to_expression(text, amount, resolve) for amount in amounts]

    def _read_amount(self, text: str, number: Number, limit: int) -> _Amount | None:
        """A number with its currency; the number alone where there is none; None where it is part of something else.

        limit (int): where the amount before it ends.
        """
        shapes = _read_shapes(text, number)
        for shape in shapes:
            before = self.notations.read_before(text, shape.start)
            if before and before.position >= limit and _meets(before, number, shape):
                return self._read_prefixed(text, number, shape, before)
        if number.glued:
            return None
        for shape in shapes:
            after = self.notations.read_after(text, shape.end)
            if after and _meets(after, number, shape) and shape.start >= limit:
                return _read_suffixed(text, number, shape, after)
        if len(shapes) > 1 or text[number.end : number.end + 1].isalnum():
            return None
        return _Amount(number.start, number.end, number.value, number.mantissa, number.scale, None, "")

    def _read_prefixed(self, text: str, number: Number, shape: "_Shape", before: Notation) -> _Amount:
        """ "$5 million"; where the currency stands behind it as well, that says which dollar: "$5 million USD"."""
        currency, end = before.currency, shape.end
        after = self.notations.read_after(text, end)
        if after and after.currency.agrees(currency) and after.currency.divisor == currency.divisor:
            currency, end = min(currency, after.currency, key=_openness), after.position
        rule = _rule("before", text[before.position : number.start])
        return _make_amount(text, number, shape._replace(start=before.position, end=end), currency, rule)

    def _make_resolver(self, text: str, amounts: list[_Amount]) -> Resolver:
        """How shared notations are read in this document.

        What speaks for a currency is that it is the only candidate which the document names beside another amount:
        "A$5m … $3m" is all in AUD. "A$5m ($3.3m)" is a conversion, and in a document that writes US$ as well, it is the
        other dollar.
        """
        named = {amount.currency.codes[0] for amount in amounts if amount.currency and len(amount.currency.codes) == 1}

        @functools.cache
        def choose(currency: Currency, converted: bool) -> tuple[str | None, tuple[str, ...]]:
            codes = currency.codes
            default = self.currencies.get(currency.key or "")
            evidence = named.intersection(codes)
            if len(evidence) > 1:
                evidence = evidence - {default}
            chosen = default
            if len(evidence) == 1 and not converted:
                (chosen,) = evidence
            elif currency.key not in WORLDWIDE:
                chosen = country_evidence(text.lower(), codes) or default
            if chosen is not None:
                codes = (chosen, *(code for code in codes if code != chosen))
            return chosen, codes

        def resolve(amount: _Amount) -> tuple[str | None, tuple[str, ...]]:
            currency = amount.currency
            if currency is None:
                return None, ()
            if len(currency.codes) == 1:
                return currency.codes[0], ()
            return choose(currency, text[max(0, amount.start - 1) : amount.start] == "(")

        return resolve

    def _to_expression(self, text: str, amount: _Amount, resolve: Resolver) -> Expression:
        code, candidates = resolve(amount)
        per, end = read_per(text, amount.end)
        if amount.last is not None:
            value = Money(
                currency=code, low=amount.number, high=amount.last, bound="range", per=per, candidates=candidates
            )
        else:
            bound = read_bound(text, amount.start, end).bound
            value = Money(
                amount=amount.number,
                currency=code,
                low=amount.number if bound == "at_least" else None,
                high=amount.number if bound == "at_most" else None,
                bound=bound,
                per=per,
                candidates=candidates,
            )
        return Expression(amount.start, amount.end, value, amount.rule)


class _Shape(NamedTuple):
    """The number as it stands in the text: by itself, or in round brackets that make it negative."""

    start: int
    end: int
    scale: Decimal | None
    negative: bool
    has_form: bool  # something about it says that it is an amount: a scale, a separator, brackets


def _read_shapes(text: str, number: Number) -> list[_Shape]:
    """By itself; and where it is in round brackets, with these, as accountants write "$(1.2) million"."""
    start, end, scale = number.start, number.end, number.scale
    shapes = [_Shape(start, end, scale, number.sign < 0, number.grouped or scale is not None)]
    if start and not number.sign and text[start - 1] == "(" and text[end : end + 1] == ")":
        end += 1
        if scale is None and (found := read_scale(text, end)):
            scale, end = found
        shapes.append(_Shape(start - 1, end, scale, True, True))
    return shapes


def _read_suffixed(text: str, number: Number, shape: _Shape, after: Notation) -> _Amount | None:
    """ "5 million dollars", and "75 USD million"."""
    if shape.start < number.start and not (number.grouped or shape.scale):
        return None  # "(2) dollars"
    end, scale = after.position, shape.scale
    if scale is None and after.currency.factor is None and (found := read_scale(text, end)):
        scale, end = found
    rule = _rule("after", text[shape.end : after.position])
    return _make_amount(text, number, shape._replace(end=end, scale=scale), after.currency, rule)


def _make_amount(text: str, number: Number, shape: _Shape, currency: Currency, rule: str) -> _Amount:
    """Sign, scale and minor unit applied; the bounds are those of the shape, which includes the currency by now."""
    start, negative = shape.start, shape.negative
    if not negative and not number.sign:
        sign, start = read_sign(text, start)
        negative = sign < 0
    mantissa = number.mantissa.copy_negate() if negative and number.sign >= 0 else number.mantissa
    scale = currency.factor if shape.scale is None else shape.scale
    value = _divide(mantissa if scale is None else EXACT.multiply(mantissa, scale), currency)
    return _Amount(start, shape.end, value, mantissa, scale, currency, rule)


def _divide(number: Decimal, currency: Currency | None) -> Decimal:
    """From pence to pounds."""
    if currency is None or currency.divisor == 1:
        return number
    return EXACT.divide(number, Decimal(currency.divisor))


def _rule(side: str, notation: str) -> str:
    letters = any(char.isalpha() and char not in "元円" for char in notation)
    sign = any(not char.isalnum() and char not in " .-(\n" for char in notation)
    return f"money.{'word' if letters and not sign else 'symbol'}_{side}"


def _meets(notation: Notation, number: Number, shape: _Shape) -> bool:
    """Whether the number has what a weak notation demands."""
    if not notation.demand:
        return True
    if notation.demand == "scale":
        return shape.scale is not None
    return shape.has_form or (notation.demand == "size" and abs(number.mantissa) >= _DEMAND_SIZE)


def _openness(currency: Currency) -> int:
    return len(currency.codes)


def _without_weights(text: str, amounts: list[_Amount]) -> list[_Amount]:
    """Where something is priced by the pound, "4.5 million pounds" is a weight."""
    if not any(_is_in_pounds(text, amount) for amount in amounts) or not _BY_THE_POUND.search(text):
        return amounts
    return [amount for amount in amounts if not _is_in_pounds(text, amount)]


def _is_in_pounds(text: str, amount: _Amount) -> bool:
    return amount.rule == "money.word_after" and text.endswith(WEIGHED, amount.start, amount.end)


def _join(text: str, amounts: list[_Amount]) -> list[_Amount]:
    """Ranges become one amount; so do dollars with their cents."""
    joined: list[_Amount] = []
    for amount in amounts:
        if joined:
            first = joined[-1]
            whole = _as_range(text, first, amount) or _with_cents(text, first, amount)
            if whole is not None:
                joined[-1] = whole
                continue
        joined.append(amount)
    return joined


def _as_range(text: str, first: _Amount, second: _Amount) -> _Amount | None:
    """One amount with two ends; None where the two are amounts of their own."""
    if first.last is not None or not _may_share_currency(first, second):
        return None
    kind = joins_range(text, (first.start, first.end), (second.start, second.end))
    if kind is None or (kind == "to" and first.currency and second.currency and is_past_move(text, first.start)):
        return None
    currency = min((amount.currency for amount in (first, second) if amount.currency), key=_openness)
    low, high = first.number, second.number
    if first.scale is None and second.scale is not None and first.mantissa <= second.mantissa:
        low = EXACT.multiply(first.mantissa, second.scale)  # "$3-4 billion"; but not "$500 to $1 million"
        low = _divide(low, first.currency)
    if first.currency is None:
        low = _divide(low, currency)
    if second.currency is None:
        high = _divide(high, currency)
    if low > high:
        return None
    rule = first.rule or second.rule
    return _Amount(first.start, second.end, low, first.mantissa, second.scale, currency, rule, last=high)


def _may_share_currency(first: _Amount, second: _Amount) -> bool:
    """ "$3-4", "3-4 euros", "€3-€4"; not "3 euros-4" or "3-€4"."""
    if first.currency and second.currency:
        return first.currency.agrees(second.currency)
    if first.currency:
        return first.has_prefix
    return second.currency is not None and not second.has_prefix


def _with_cents(text: str, first: _Amount, second: _Amount) -> _Amount | None:
    """ "3 dollars 50 cents", "thirteen dollars and forty-five"; None where the second is an amount of its own."""
    if first.currency is None or first.currency.divisor != 1 or first.rule != "money.word_after" or first.scale:
        return None
    if text[first.end : second.start].lower() not in (" ", " and ", ", "):
        return None
    cents = second.mantissa
    if second.scale or not 0 < cents < _MAX_CENTS or first.number != first.number.to_integral_value():
        return None
    if second.currency is None:
        alone = not text[second.end : second.end + 1] or text[second.end] in _ENDS
        if not alone or cents < 10 or text[first.end] == ",":
            return None
    elif second.currency.divisor != _MAX_CENTS or not second.currency.agrees(first.currency):
        return None
    whole = EXACT.add(first.number, EXACT.divide(cents, Decimal(_MAX_CENTS)))
    return replace(first, end=second.end, number=whole)
