"""What a case of Recognizers-Text expects, in our values: the rules of the mapping, each with its reason.

Microsoft's answers follow the conventions of a general assistant, ours those of `assets/starter/README.md`. Where the
two say the same thing differently, a rule says how one becomes the other. `RULES` is the table of all of them. A rule
looks at the form of an answer, never at a single case; what no rule covers has to be equal.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from spacy.tokens import Doc

from bellwether import Money, Percent, Value

Json = dict[str, Any]

RULES: dict[str, str] = {}
"""Name of a rule: what it says."""

Function = TypeVar("Function", bound=Callable[..., Any])


def rule(function: Function) -> Function:
    """Enter a rule into the table: its name and its docstring."""
    RULES[function.__name__] = " ".join(str(function.__doc__).split())
    return function


class Allowed(NamedTuple):
    """A value that we may give, and the rules that lead to it; none where it is equal to theirs."""

    value: Value
    rules: frozenset[str] = frozenset()


class Expectation(NamedTuple):
    """What is expected of a stretch of text.

    allowed (tuple): the values that are right; empty where we are to find nothing.
    rules (frozenset): why nothing is to be found.
    judged (bool): whether what we find there counts.
    """

    start: int
    end: int
    allowed: tuple[Allowed, ...] = ()
    rules: frozenset[str] = frozenset()
    judged: bool = True


# ---- money and percent: values

_DOLLARS = "USD AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD NAD NZD SBD SGD SRD TTD TWD XCD"
# Their units that have no `isoCurrency`: the codes that the name may stand for, and how many of it make a major unit.
UNITS: dict[str, tuple[str, int]] = {
    "Dollar": (_DOLLARS, 1),
    "Cent": (f"{_DOLLARS} EUR ZAR", 100),
    "Pound": ("GBP EGP LBP SYP SDG GIP FKP SHP", 1),
    "Pence": ("GBP GIP FKP SHP", 100),
    "Penny": ("GBP USD", 100),
    "Franc": ("CHF FRF BEF LUF XAF XOF XPF", 1),
    "Rupee": ("INR PKR LKR NPR MUR SCR", 1),
    "Peseta": ("ESP", 1),
    "Finnish markka": ("FIM", 1),
    "Netherlands guilder": ("NLG", 1),
    "Sen": ("JPY MYR IDR BND KHR", 100),
    "Bitcoin": ("XBT BTC", 1),
    "Satoshi": ("XBT BTC", 100_000_000),
}


def money_allowed(item: Json) -> tuple[Allowed, ...]:
    """The amounts of money that we may give for an answer of theirs: one a currency that its unit may stand for."""
    number = Decimal(item["raw_value"])
    if "isoCurrency" in item:
        return (Allowed(Money(amount=number, currency=item["isoCurrency"])),)
    return tuple(_by_name(number, *UNITS[item["unit"]]))


def _by_name(number: Decimal, codes: str, divisor: int) -> Iterator[Allowed]:
    rules = {named_currency.__name__} if divisor == 1 else {named_currency.__name__, minor_unit.__name__}
    for code in codes.split():
        yield Allowed(Money(amount=minor_unit(number, divisor), currency=named_currency(code)), frozenset(rules))


@rule
def named_currency(code: str) -> str:
    """They give a currency by name and leave open which country's it is ("Dollar"); we give the ISO 4217 code that the
    document or the configured default says, which must be one that the name stands for."""
    return code


@rule
def minor_unit(number: Decimal, divisor: int) -> Decimal:
    """They give cents and pence as units of their own; we give the major unit: 34 cents are 0.34."""
    return number / divisor


def percent_allowed(item: Json) -> tuple[Allowed, ...]:
    return (Allowed(Percent(value=Decimal(item["raw_value"].removesuffix("%")))),)


@rule
def bare_unit(item: Json) -> bool:
    """A unit without a number ("the dollar", "a percentage") is an answer of theirs; by our guideline an amount has a
    number, so we find nothing."""
    return item.get("value") is None


@rule
def typed_bound(value: Value) -> Value:
    """ "About", "more than", "up to" become the field `bound`; they give the number alone."""
    if isinstance(value, Money | Percent) and value.bound in ("at_least", "at_most", "about"):
        return replace(value, bound="exact", low=None, high=None)
    return value


@rule
def typed_per(value: Value) -> Value:
    """ "A share", "per tonne" become the field `per`; they give the amount alone."""
    return replace(value, per=None) if isinstance(value, Money) else value


@rule
def typed_direction(value: Value) -> Value:
    """ "Rose 12%" and a sign give the field `direction`; they give the number alone."""
    return replace(value, direction=None) if isinstance(value, Percent) else value


TYPED = (typed_bound, typed_per, typed_direction)


def without_types(value: Value) -> Allowed:
    """RETURNS (Allowed): a value of ours without the fields that they lack, and the rules that said so."""
    rules = set()
    for function in TYPED:
        plain = function(value)
        if plain != value:
            rules.add(function.__name__)
        value = plain
    return Allowed(value, frozenset(rules))


# ---- spans

_ARTICLES = frozenset({"the", "a", "an"})
_words = str.split
_BOUND_WORDS = frozenset(
    _words(
        "from between since before after by until till on in for within starting beginning commencing as than no more "
        "less greater around about at > < ="
    )
)
_PART_WORDS = frozenset(_words("early earlier late later mid middle end start beginning remaining of"))
_LEADING = re.compile(r"([><=~]|[^\W\d_]+(?!['’]))[ -]*")
_TRAILING = re.compile(r" (?:or|and) (?:later|greater|after)$", re.IGNORECASE)


@rule
def article(words: set[str]) -> bool:
    """ "The year 2008" with or without its article."""
    return bool(words & _ARTICLES)


@rule
def words_outside(words: set[str]) -> bool:
    """Their span includes the words around a period, "from", "before", "in", "or later", and "early", "the end of";
    ours, by the guideline, is the period alone."""
    return bool(words - _ARTICLES)


@rule
def token_boundary(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Our spans are whole tokens."""
    span = doc.char_span(start, end, alignment_mode="expand")
    return (start, end) if span is None else (span.start_char, span.end_char)


@rule
def inside_url(doc: Doc, start: int, end: int) -> bool:
    """An expression inside a URL or an e-mail address is none for us (`Normalizer.align`)."""
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None or (span.start_char, span.end_char) == (start, end):
        return False
    return any(token.like_url or token.like_email for token in span)


def same_span(doc: Doc, theirs: tuple[int, int], ours: tuple[int, int]) -> frozenset[str] | None:
    """RETURNS (frozenset | None): the rules by which two spans are the same; None where they are not."""
    if theirs == ours:
        return frozenset()
    if token_boundary(doc, *theirs) == ours:
        return frozenset({token_boundary.__name__})
    their_core, our_core = (_core(doc.text, *span) for span in (theirs, ours))
    if their_core[:2] != our_core[:2]:
        return None
    words = their_core[2] ^ our_core[2]
    return frozenset(function.__name__ for function in (article, words_outside) if function(words))


def _core(text: str, start: int, end: int) -> tuple[int, int, set[str]]:
    """A span without the words that may be in or out, and these words."""
    words = set()
    if match := _TRAILING.search(text[start:end]):
        words.update(match[0].lower().split())
        end = start + match.start()
    while (match := _LEADING.match(text, start, end)) and match[1].lower() in _ARTICLES | _BOUND_WORDS | _PART_WORDS:
        words.add(match[1].lower())
        start = match.end()
    return start, end, words
