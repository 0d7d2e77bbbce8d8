"""The component `quantity`: counts and measures with their unit, as `Quantity` values.

Reads text, and the entities of normalizers that ran before; writes `doc.ents`, `span._.value`, `span._.source`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from ..attributes import get_span_value
from ..values import MAX_EXPONENT, Bound, Quantity
from . import unit_data as data
from .base import Expression, Normalizer, Overlap
from .bounds import joins_range, read_bound, words_before
from .characters import CleanText
from .currency_data import PREFIXES, RANKING
from .numbers import EXACT, Number, find_numbers
from .units import Unit, UnitKind, read_measure, read_noun, read_rate

# Between the number and its unit: "300+ stores", "300 or more stores", "20-odd ships".
_AFTER_NUMBER: dict[str, Bound] = {
    "+": "at_least", "-plus": "at_least", " plus": "at_least", " or more": "at_least", " or so": "about",
    "-odd": "about", " odd": "about",
}  # fmt: skip
_AFTER_BEGINS = frozenset("+- ")
_AFTER = re.compile(r"(?:\+|(?:-plus|-odd|[ ](?:plus|odd|or more|or so)))(?=[ ])")
_DOZEN = re.compile(r"\ban?[ ]dozen\b", re.IGNORECASE)
_MEASURE_BEGINS = frozenset(" -\n°²")
# Signs of a currency; what money reads in front of a number is no quantity.
_MONEY_SIGNS = frozenset("$€£¥₹₩₽₺₴₦₱฿₫₪₡₲₵₸₼₾¢")
_MONEY_WORDS = frozenset(PREFIXES) | frozenset(RANKING)
_POUND = re.compile(r"[ -]pounds?(?![^\W_])", re.IGNORECASE)
_BY_THE_POUND = re.compile(r"(?:\b(?:an?|per) |/)(?:pound|lb)\b", re.IGNORECASE)
_JOINED_TO = frozenset("-–/.,&")
_PARTS = frozenset({" in ", " in every ", " out of ", " out of every "})
_LONGEST_PART = len(" out of every ")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_ANDS = frozenset({"and", "or", "&"})
_LABEL_WINDOW = 32
_LARGEST_LABEL = 10_000
_GROUPED_FROM = 1000
# Below, a count is annotated only where its noun is the next word ("two bigger rivals" is none).
_SMALL = 10
_LARGE = 100  # parliament "passed two bills"
_LONGEST_VERB = 14
_SENTENCE_ENDS = frozenset('.!?:;"“”(—–•\n')


@Language.factory(
    "quantity",
    assigns=["doc.ents", "span._.value", "span._.source"],
    default_config={
        "label": "QUANTITY",
        "overlap": "replace",
        "scorer": {"@scorers": "bellwether.value_scorer.v1", "label": "QUANTITY"},
    },
    default_score_weights={"quantity_f": 0.0, "quantity_p": 0.0, "quantity_r": 0.0, "quantity_value_accuracy": 0.0},
)
def make_quantity(
    nlp: Language, name: str, *, label: str, overlap: Overlap, scorer: Callable[..., dict[str, Any]] | None
) -> "QuantityNormalizer":
    """Make a component that finds counts and measures and reads their values.

    label (str): the label of the entities.
    overlap (str): "replace" removes entities that overlap with a quantity, "keep" drops the quantity. Either way an
        entity that has a value of another kind stays: "$50 million" in "$50 million notes".
    scorer (Callable | None): the scoring method; by default precision, recall and F1 of the spans and the accuracy of
        their values.
    """
    return QuantityNormalizer(name, label=label, overlap=overlap, scorer=scorer)


@dataclass(slots=True)
class _Figure:
    """A number of the text with the unit behind it, if there is one."""

    start: int
    end: int
    number: Decimal
    unit: str | None
    kind: UnitKind | None = None
    scale: Decimal | None = None
    factor: Decimal | None = None
    bound: Bound | None = None  # of words between the number and the unit
    last: Decimal | None = None  # the upper end of a range


class QuantityNormalizer(Normalizer):
    """Finds `300 MW`, `50,000 barrels per day`, `1,200 employees`, `two million shares`, `three banks`, `10 to 12
    aircraft`, `a dozen stores` and so on.

    Rules (`span._.source`): `quantity.measure` for the units of measure, `quantity.noun` for what is counted.

    It takes nothing from the normalizers before it: an entity with a value that is no `Quantity` stays, whatever
    `overlap` says, which is about entities that a model found.
    """

    def __init__(
        self,
        name: str = "quantity",
        *,
        label: str = "QUANTITY",
        overlap: Overlap = "replace",
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        """Initialize the component; the arguments are those of `make_quantity`."""
        super().__init__(name, label=label, overlap=overlap, scorer=scorer)

    def find(self, text: str) -> Iterable[Expression]:
        """Find the quantities of a text."""
        numbers: Iterable[Number] = find_numbers(text)
        if "dozen" in text:
            numbers = _with_dozens(text, numbers)
        weighed = "pound" in text and _BY_THE_POUND.search(text) is not None
        figures: list[_Figure] = []
        previous: Number | None = None
        for number in numbers:
            figure = None if number.glued else _read_figure(text, number, previous)
            previous = number
            if figure is None:
                continue
            if weighed and figure.unit is None:
                figure = _in_pounds(text, figure)
            if figures and (whole := _as_range(text, figures[-1], figure)) is not None:
                figures[-1] = whole
            elif not (figure.unit and figure.start and _is_joined(text, figure.start)):
                figures.append(figure)
        return [_to_expression(text, figure) for figure in figures if figure.unit and _is_storable(figure)]

    def find_in_doc(self, doc: Doc, clean: CleanText) -> Iterable[Expression]:
        """Find the quantities of a doc, without those that meet the value of another kind."""
        found = self.find(clean.text)
        taken = [ent for ent in doc.ents if ent.label_ != self.label] if found else []
        kept = []
        position = 0
        for expression in found:
            start, end = clean.original_bounds(expression.start, expression.end)
            while position < len(taken) and taken[position].end_char <= start:
                position += 1
            met = position
            free = True
            while free and met < len(taken) and taken[met].start_char < end:
                value = get_span_value(taken[met])
                free = value is None or isinstance(value, Quantity)
                met += 1
            if free:
                kept.append(expression)
        return kept


def _with_dozens(text: str, numbers: Iterable[Number]) -> list[Number]:
    """The numbers, with "two dozen" and "a dozen" among them."""
    changed = [_times_a_dozen(text, number) for number in numbers]
    dozens = [Number(match.start(), match.end(), Decimal(12), in_words=True) for match in _DOZEN.finditer(text)]
    return sorted([*changed, *dozens])


def _times_a_dozen(text: str, number: Number) -> Number:
    end = number.end + len(" dozen")
    if text[number.end : end] != " dozen" or text[end : end + 1].isalnum():
        return number
    return number._replace(mantissa=EXACT.multiply(number.value, Decimal(12)), scale=None, end=end)


def _read_figure(text: str, number: Number, previous: Number | None) -> _Figure | None:
    """A number with its unit; the number alone where there is none; None where it is money or part of a name."""
    start, end = number.start, number.end
    if start and _is_joined(text, start) and (previous is None or previous.end != start - 1 or previous.glued):
        return None
    bound = None
    following = text[end : end + 1]
    if following in _AFTER_BEGINS and (words := _AFTER.match(text, end)):
        bound, end = _AFTER_NUMBER[words[0]], words.end()
        following = " "
    figure = _Figure(start, end, number.mantissa, None, scale=number.scale, bound=bound)
    unit = None
    if following in _MEASURE_BEGINS or following.isalpha():
        unit = _read_unit(text, number, end, previous)
    if unit is None:
        return None if following.isalpha() else figure
    if _is_money(text, start):
        return None
    return replace(figure, end=unit.end, unit=unit.name, kind=unit.kind, factor=unit.factor)


def _read_unit(text: str, number: Number, end: int, previous: Number | None) -> Unit | None:
    unit = read_measure(text, end)
    if unit is None:
        return _read_counted(text, number, end, previous)
    return None if _is_no_measure(text, number, end, unit) else unit


def _is_no_measure(text: str, number: Number, end: int, unit: Unit) -> bool:
    """Idioms and names: "one foot in the door", "a 360-degree view", "7 April 2006-TJ Group"."""
    if number.value == 1 and number.in_words:
        return unit.name in data.NOT_AFTER_ONE
    return text[end : end + 1] == "-" and (unit.name == "degree" or _is_year(number))


def _is_year(number: Number) -> bool:
    plain = number.scale is None and not number.grouped and not number.in_words
    return plain and _FIRST_YEAR <= number.mantissa < _LAST_YEAR and number.end - number.start == 4


def _read_counted(text: str, number: Number, end: int, previous: Number | None) -> Unit | None:
    """The noun that a number counts; None where the number names, dates or compares something."""
    if text[end : end + 1] not in (" ", "\n"):
        return None
    plain = number.scale is None and not number.grouped
    value = number.value
    unit = (
        _read_one(text, end)
        if value == 1
        else read_noun(text, end, adjectives=value >= _SMALL and not (number.in_words and plain))
    )
    if unit is None or (plain and _is_label(text, number, unit.name)):
        return None
    divisible = number.scale is not None or unit.name.partition("/")[0] in data.DIVISIBLE
    if not divisible and _is_decimal(text, number):
        return None
    if previous is not None and number.start - previous.end <= _LONGEST_PART:
        return None if text[previous.end : number.start] in _PARTS else unit  # "one in five households"
    return unit


def _is_decimal(text: str, number: Number) -> bool:
    whole = number.value == number.value.to_integral_value()
    return not whole or (number.grouped and text.find(".", number.start, number.end) == number.end - 2)


def _read_one(text: str, end: int) -> Unit | None:
    for word in data.COUNTED_ONE:
        if text.startswith(word, end + 1) and not text[end + 1 + len(word) : end + 2 + len(word)].isalnum():
            return Unit(word, end + 1 + len(word), "noun")
    return None


def _in_pounds(text: str, figure: _Figure) -> _Figure:
    """Pounds are money, unless the text prices something by the pound (as `money` sees it)."""
    match = _POUND.match(text, figure.end)
    if match is None or _is_money(text, figure.start):
        return figure
    name, end = read_rate(text, match.end(), "pound", symbols=True)
    return replace(figure, end=end, unit=name, kind="measure")


def _is_joined(text: str, start: int) -> bool:
    """Whether the number is the end of something: "F-35 jets", "S&P500 stocks", "5-4 votes"."""
    return text[start - 1] in _JOINED_TO and start > 1 and (text[start - 2].isalnum() or text[start - 2] in "%)")


def _is_money(text: str, start: int) -> bool:
    before = text[start - 1 : start]
    if before in _MONEY_SIGNS and before:
        return True
    if before not in (" ", "\n", "."):
        return False
    if text[start - 2 : start - 1] in _MONEY_SIGNS and start > 1:
        return True
    word = text[max(0, start - 8) : start].rsplit(None, 1)[-1:]
    return bool(word) and word[0] in _MONEY_WORDS and not text[max(0, start - 9) : start].endswith("\n")


def _is_label(text: str, number: Number, unit: str) -> bool:
    """Whether a plain number is a year, a day of a month, or part of a name: "2031", "March 3", "Item 2", "the Mariner
    600"."""
    if _is_year(number):
        return True
    start = number.start
    words = text[max(0, start - _LABEL_WINDOW) : start].split() if text[start - 1 : start] in (" ", "\n") else []
    if not words or number.mantissa >= _LARGEST_LABEL:
        return False
    word = words[-1]
    lowered = word.lower().rstrip(".")
    if lowered in data.COUNTERS or lowered in data.MONTHS or _continues_label(words):
        return True
    if number.in_words or not (word[0].isupper() and word[-1].isalnum()) or lowered in data.NO_MODIFIER:
        return False
    # "Prairie 1000 Outruns the Giants", "Ferro 12 firmware lands", "the Konkan 90 gains"
    if number.mantissa >= _GROUPED_FROM or "_" in unit or unit in data.MOVES:
        return True
    return text[number.end + 1 : number.end + 2].islower() and not _begins_sentence(text, start - 1 - len(word))


def _continues_label(words: list[str]) -> bool:
    """Whether these words end in "phase 1 and"."""
    return len(words) > 2 and words[-1] in _ANDS and words[-2].isdigit() and words[-3].lower() in data.COUNTERS


def _begins_sentence(text: str, position: int) -> bool:
    before = text[max(0, position - 2) : max(0, position)].rstrip(" ")
    return not before or before[-1] in _SENTENCE_ENDS


def _as_range(text: str, first: _Figure, second: _Figure) -> _Figure | None:
    """One figure with two ends; None where the two are figures of their own."""
    if first.last is not None or second.unit is None or first.unit not in (None, second.unit):
        return None
    kind = joins_range(text, (first.start, first.end), (second.start, second.end))
    if kind is None and (first.unit or text[first.end : second.start] != " or "):
        return None
    scale = first.scale
    if scale is None and first.unit is None and first.number < second.number:  # "2 to 3 million shares"
        scale = second.scale
    low, high = _scaled(first.number, scale), _scaled(second.number, second.scale)
    if low >= high:
        return None
    return replace(second, start=first.start, number=low, scale=None, last=high)


def _scaled(number: Decimal, scale: Decimal | None) -> Decimal:
    return number if scale is None else EXACT.multiply(number, scale)


def _without_minus(text: str, figure: _Figure) -> _Figure:
    """Counts are not negative: "minus six zeros" takes away six."""
    if figure.kind == "noun" and figure.number < 0 and text[figure.start].isalpha():
        start = text.index(" ", figure.start) + 1
        return replace(figure, start=start, number=figure.number.copy_negate())
    return figure


def _is_storable(figure: _Figure) -> bool:
    """Whether the number has few enough digits to be read back from JSON (`parse_decimal`)."""
    number = _scaled(_scaled(figure.last or figure.number, figure.scale), figure.factor)
    return len(number.as_tuple().digits) <= MAX_EXPONENT and abs(number.adjusted()) <= MAX_EXPONENT


def _to_expression(text: str, figure: _Figure) -> Expression:
    figure = _without_minus(text, figure)
    number = _scaled(_scaled(figure.number, figure.scale), figure.factor)
    if figure.last is not None:
        value = Quantity(unit=figure.unit, low=number, high=_scaled(figure.last, figure.factor), bound="range")
    else:
        bound = figure.bound or _read_bound(text, figure)
        value = Quantity(
            value=number,
            unit=figure.unit,
            low=number if bound == "at_least" else None,
            high=number if bound == "at_most" else None,
            bound=bound,
        )
    return Expression(figure.start, figure.end, value, f"quantity.{figure.kind}")


def _read_bound(text: str, figure: _Figure) -> Bound:
    bound = read_bound(text, figure.start, figure.end).bound
    large = figure.kind == "measure" or figure.scale is not None or figure.number >= _LARGE
    if bound == "exact" and large and not data.PASSED.isdisjoint(words_before(text, figure.start, _LONGEST_VERB)[-1:]):
        return "at_least"
    return bound
