"""Amounts of money in a text: a number with the currency before or behind it, in brackets, with its cents, or as the
two ends of a range.

What a shared notation ("$", "kr") means in the document is not decided here.
"""

import functools
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from .bounds import joins_range, words_before
from .currencies import Currency, CurrencyNotations, Notation, load_notations
from .currency_data import WEIGHED
from .direction import is_past_move
from .direction_words import VERBS
from .numbers import EXACT, Number, find_numbers, read_scales, read_sign
from .scales import is_storable

# The number beside a weak notation ("won", "R", "ALL") must show that it is an amount.
_DEMAND_SIZE = 100
_MAX_CENTS = 100
_LEAST_ALONE = 10
_NO_AMOUNT = re.compile(r"\b(?:not|every|single|each) (?:a )?$")
_ENDS = frozenset(".,;:!?)\"'")
_BY_THE_POUND = re.compile(r"(?:\b(?:an?|per) |/)(?:pound|lb)\b", re.IGNORECASE)


_CAPITALS = re.compile(r"[A-Z]{2,5}(?![\w$])")
# "a range of $4.10 to $4.25 from $3.95 to $4.15"
_AFTER_RANGE = re.compile(r",? (?:up |down )?from (?:a range of )?|,? (?:not|instead of|rather than) ")
_LARGEST_MOVE = 5  # "futures fall $2 to $102"

# "$11.4, $10.9 and $9.8 million": the amounts of such a list share its scale if they are this close to each other, and
# there are three of them, or it is said that they go with as many other things.
_BEFORE_LAST = re.compile(r",? (?:and|or) |/")
_FARTHEST_IN_LIST = 20
_RESPECTIVELY = re.compile(r"(?:(?!\. )[^\n]){0,150}?\brespectively\b", re.IGNORECASE)

UNKNOWN = Currency(())


@dataclass(slots=True)
class Amount:
    """A number of the text with the currency beside it; `UNKNOWN`, without codes, where there is none."""

    start: int
    end: int
    number: Decimal
    mantissa: Decimal
    scale: Decimal | None
    currency: Currency
    rule: str
    last: Decimal | None = None  # the upper end of a range
    per: tuple[str | None, int] = (None, 0)  # what it is for, and where these words end

    @property
    def is_money(self) -> bool:
        return bool(self.currency.codes)

    @property
    def has_prefix(self) -> bool:
        return self.rule.endswith("before")


def find_amounts(text: str, notations: CurrencyNotations) -> list[Amount]:
    """Find the amounts of a text that have a currency, in the order of the text.

    text (str): cleaned by `clean_text`.
    """
    amounts: list[Amount] = []
    end = 0
    for number in find_numbers(text):
        amount = _read_amount(text, number, end, notations)
        if amount is not None:
            amounts.append(amount)
            end = amount.end
    if not any(amount.is_money for amount in amounts):
        return []
    amounts = _without_weights(text, amounts)
    _share_scales(text, amounts)
    joined = _join(text, amounts)
    return [amount for amount in joined if amount.is_money and _is_storable(amount)]


def _is_storable(amount: Amount) -> bool:
    size = amount.end - amount.start
    return is_storable(amount.number, size) and (amount.last is None or is_storable(amount.last, size))


def _read_amount(text: str, number: Number, limit: int, notations: CurrencyNotations) -> Amount | None:
    """A number with its currency; the number alone where there is none; None where it is part of something else.

    limit (int): where the amount before it ends.
    """
    shapes = _read_shapes(text, number)
    for shape in shapes:
        before = notations.read_before(text, shape.start)
        if before and before.position >= limit and _meets(before, number, shape):
            if _is_cashtag(text, number, shape):
                return None
            return _read_prefixed(text, number, shape, before, notations)
    if number.glued:
        return None
    for shape in shapes:
        after = notations.read_after(text, shape.end)
        if after and _meets(after, number, shape) and shape.start >= limit:
            return _read_suffixed(text, number, shape, after)
    if len(shapes) > 1 or text[number.end : number.end + 1].isalnum():
        return None
    return Amount(number.start, number.end, number.value, number.mantissa, number.scale, UNKNOWN, "")


def _read_prefixed(
    text: str, number: Number, shape: "_Shape", before: Notation, notations: CurrencyNotations
) -> Amount:
    """ "$5 million"; where the currency stands behind it as well, that says which dollar: "$5 million USD"."""
    currency, end = before.currency, shape.end
    after = notations.read_after(text, end)
    if after and after.currency.agrees(currency) and after.currency.divisor == currency.divisor:
        currency, end = min(currency, after.currency, key=_openness), after.position
    rule = _rule("before", text[before.position : number.start])
    return _make_amount(text, number, shape._replace(start=before.position, end=end), currency, rule)


def _is_cashtag(text: str, number: Number, shape: "_Shape") -> bool:
    """Whether letters that touch a dollar sign or the digits behind it make it a ticker: "$FIVE", "$4GLD"."""
    start = shape.start
    if not start or text[start - 1] != "$":
        return False
    if number.in_words:
        return text[start : number.end].isalpha()
    letters = _CAPITALS.match(text, shape.end)
    return letters is not None and shape.scale is None and load_notations().code(letters[0]) is None


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
        if scale is None:
            scale, end = read_scales(text, end)
        shapes.append(_Shape(start - 1, end, scale, True, True))
    return shapes


def _read_suffixed(text: str, number: Number, shape: _Shape, after: Notation) -> Amount | None:
    """ "5 million dollars", and "75 USD million"."""
    if shape.start < number.start and not (number.grouped or shape.scale):
        return None  # "(2) dollars"
    end, scale = after.position, shape.scale
    if scale is None and after.currency.factor is None:
        scale, end = read_scales(text, end)
    if number.in_words and number.value == 1 and _NO_AMOUNT.search(text, max(0, shape.start - 12), shape.start):
        return None  # "not one cent"
    rule = _rule("after", text[shape.end : after.position])
    return _make_amount(text, number, shape._replace(end=end, scale=scale), after.currency, rule)


def _make_amount(text: str, number: Number, shape: _Shape, currency: Currency, rule: str) -> Amount:
    """Sign, scale and minor unit applied; the bounds are those of the shape, which includes the currency by now."""
    start, negative = shape.start, shape.negative
    if not negative and not number.sign:
        sign, start = read_sign(text, start)
        negative = sign < 0
    mantissa = number.mantissa.copy_negate() if negative and number.sign >= 0 else number.mantissa
    scale = currency.factor if shape.scale is None else shape.scale
    value = _divide(mantissa if scale is None else EXACT.multiply(mantissa, scale), currency)
    return Amount(start, shape.end, value, mantissa, scale, currency, rule)


def _divide(number: Decimal, currency: Currency) -> Decimal:
    """From pence to pounds."""
    if currency.divisor == 1:
        return number
    return EXACT.divide(number, Decimal(currency.divisor))


@functools.lru_cache(maxsize=1024)
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
    if notation.demand == "singular":
        return shape.has_form or 0 < number.mantissa <= 1
    return shape.has_form or (notation.demand == "size" and abs(number.mantissa) >= _DEMAND_SIZE)


def _openness(currency: Currency) -> int:
    return len(currency.codes)


def _without_weights(text: str, amounts: list[Amount]) -> list[Amount]:
    """Where something is priced by the pound, "4.5 million pounds" is a weight."""
    if not any(_is_in_pounds(text, amount) for amount in amounts) or not _BY_THE_POUND.search(text):
        return amounts
    return [amount for amount in amounts if not _is_in_pounds(text, amount)]


def _is_in_pounds(text: str, amount: Amount) -> bool:
    return amount.rule == "money.word_after" and text.endswith(WEIGHED, amount.start, amount.end)


def _share_scales(text: str, amounts: list[Amount]) -> None:
    for place, last in enumerate(amounts):
        if last.scale is None or not last.is_money or not last.has_prefix:
            continue
        first = place
        while first and _is_in_list(text, amounts[first - 1], amounts[first], last):
            first -= 1
        if place - first > 1 or (place > first and _RESPECTIVELY.match(text, last.end)):
            for amount in amounts[first:place]:
                amount.scale = last.scale
                amount.number = EXACT.multiply(amount.mantissa, last.scale)


def _is_in_list(text: str, amount: Amount, following: Amount, last: Amount) -> bool:
    """Whether an amount may get its scale from the last one of a list; `following` is known to be in the list."""
    gap = text[amount.end : following.start]
    if not (_BEFORE_LAST.fullmatch(gap) if following is last else gap in (", ", "/")):
        return False
    if amount.scale is not None or not amount.is_money or not amount.has_prefix or amount.currency.divisor != 1:
        return False
    sizes = abs(amount.mantissa), abs(last.mantissa)
    return amount.currency.agrees(last.currency) and max(sizes) <= _FARTHEST_IN_LIST * min(sizes)


def _join(text: str, amounts: list[Amount]) -> list[Amount]:
    """Ranges become one amount; so do dollars with their cents."""
    joined: list[Amount] = []
    for amount in amounts:
        if joined:
            first = joined[-1]
            whole = _as_range(text, first, amount, joined[-2] if len(joined) > 1 else None) or _with_cents(
                text, first, amount
            )
            if whole is not None:
                joined[-1] = whole
                continue
        joined.append(amount)
    return joined


def _as_range(text: str, first: Amount, second: Amount, previous: Amount | None) -> Amount | None:
    """One amount with two ends; None where the two are amounts of their own.

    previous (Amount | None): what stands before both.
    """
    if first.last is not None or not _may_share_currency(first, second):
        return None
    kind = joins_range(text, (first.start, first.end), (second.start, second.end))
    if kind is None and previous is not None and previous.last is not None and text[first.end : second.start] == " to ":
        kind = "to" if _AFTER_RANGE.fullmatch(text, previous.end, first.start) else None
    if kind is None or (kind == "to" and first.is_money and second.is_money and _is_move(text, first, second)):
        return None
    currency = min((amount.currency for amount in (first, second) if amount.is_money), key=_openness)
    low, high = first.number, second.number
    if first.scale is None and second.scale is not None and first.mantissa <= second.mantissa:
        low = EXACT.multiply(first.mantissa, second.scale)  # "$3-4 billion"; but not "$500 to $1 million"
        low = _divide(low, first.currency)
    if not first.is_money:
        low = _divide(low, currency)
    if not second.is_money:
        high = _divide(high, currency)
    if low > high:
        return None
    rule = first.rule or second.rule
    return Amount(first.start, second.end, low, first.mantissa, second.scale, currency, rule, last=high)


def _is_move(text: str, first: Amount, second: Amount) -> bool:
    """Whether the first amount says how far something moved, and the second where it ended."""
    if is_past_move(text, first.start):
        return True
    if second.scale is not None or second.number <= _LARGEST_MOVE * abs(first.number):
        return False
    return not VERBS.keys().isdisjoint(words_before(text, first.start)[-1:])


def _may_share_currency(first: Amount, second: Amount) -> bool:
    """ "$3-4", "3-4 euros", "€3-€4"; not "3 euros-4" or "3-€4"."""
    if first.is_money and second.is_money:
        return first.currency.agrees(second.currency)
    return first.has_prefix if first.is_money else second.is_money and not second.has_prefix


def _with_cents(text: str, first: Amount, second: Amount) -> Amount | None:
    """ "3 dollars 50 cents", "thirteen dollars and forty-five"; None where the second is an amount of its own."""
    if not first.is_money or first.currency.divisor != 1 or first.scale or first.last is not None:
        return None
    gap = text[first.end : second.start].lower()
    cents = second.mantissa
    if gap not in (" ", " and ", ", ") or second.scale or not 0 < cents < _MAX_CENTS:
        return None
    if first.number != first.number.to_integral_value() or not _are_cents(text, first, second, gap):
        return None
    divisor = second.currency.divisor if second.is_money else _MAX_CENTS
    return replace(first, end=second.end, number=EXACT.add(first.number, EXACT.divide(cents, Decimal(divisor))))


def _are_cents(text: str, first: Amount, second: Amount, gap: str) -> bool:
    """Whether what follows an amount counts parts of its currency."""
    if second.is_money:
        return second.currency.divisor != 1 and second.currency.agrees(first.currency) and not second.has_prefix
    following = text[second.end : second.end + 1]
    if gap == ", " or second.mantissa < _LEAST_ALONE:
        return False
    if following and following not in _ENDS and not text.startswith(" more", second.end):
        return False
    # "15 dollars 50", and "$100 and fifty", but not "$100 50"
    return first.rule == "money.word_after" or (gap == " and " and text[second.start].isalpha())
