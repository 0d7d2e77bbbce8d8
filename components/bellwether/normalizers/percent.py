"""The component `percent`: percentages, percentage points and basis points, as `Percent` values with the direction of a
change.

Reads text; writes `doc.ents`, `span._.value`, `span._.source`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from spacy.language import Language

from ..values import Direction, Percent, PercentUnit
from .base import Expression, Normalizer, Overlap
from .bounds import joins_range, read_bound
from .direction import is_past_move, read_direction
from .direction_after import direction_after
from .numbers import Number, find_numbers
from .scales import is_storable

# How a unit is written, with a space, a hyphen or nothing before it. Longest first.
_UNIT = re.compile(
    r"(?P<point>[ -]?(?:percentage|percent|per cent|pct|%)[ -](?:points?|pts?)\b"
    r"|[ -]?(?:ppts?|pp|p\.p\.|pps)(?![^\W_]))"
    r"|(?P<basis>[ -]?basis[ -]points?\b|[ -]?bps?(?![^\W_]))"
    r"|(?P<sign>[ ]?%)"
    r"|(?P<word>[ -]?(?:percents?|per[ -]cent|pct|percentage)(?![^\W_])|pc(?![^\W_]))"
    r"|(?P<short>(?-i: pc)(?![^\W_]))",
    re.IGNORECASE,
)
# A text without any of these has no unit.
_HINTS = ("%", "cent", "pct", "point", "bp", "pp", "p.p", "pc")
_UNITS: dict[str, PercentUnit] = {
    "point": "percentage_point",
    "basis": "basis_point",
    "sign": "percent",
    "word": "percent",
    "short": "percent",
}
_RULES = {"point": "points", "basis": "basis_points", "sign": "sign", "word": "word", "short": "word"}
_PREFIX = re.compile(r"(?:^|[.;:!?(\n] ?)(per(?: |-)?cents?) of $", re.IGNORECASE)
_LONGEST_PREFIX = len("\n per-cents of ")
_CLAUSE_BEHIND = re.compile(r"\s*(?:[.;:!?)\n](?!\d)|$)")
_COORDINATION = re.compile(r" (?:and|or)(?: an?)? ")
_A_POINT = re.compile(r"(?<!half )(?<!of )\ba (?:full |whole )?(percentage|basis)[ -]point\b", re.IGNORECASE)


@Language.factory(
    "percent",
    assigns=["doc.ents", "span._.value", "span._.source"],
    default_config={
        "label": "PERCENT",
        "overlap": "replace",
        "scorer": {"@scorers": "bellwether.value_scorer.v1", "label": "PERCENT"},
    },
    default_score_weights={"percent_f": 0.0, "percent_p": 0.0, "percent_r": 0.0, "percent_value_accuracy": 0.0},
)
def make_percent(
    nlp: Language, name: str, *, label: str, overlap: Overlap, scorer: Callable[..., dict[str, Any]] | None
) -> "PercentNormalizer":
    """Make a component that finds percentages, percentage points and basis points and reads their values.

    label (str): the label of the entities.
    overlap (str): "replace" removes entities that overlap with a percentage, "keep" drops the percentage.
    scorer (Callable | None): the scoring method; by default precision, recall and F1 of the spans and the accuracy of
        their values.
    """
    return PercentNormalizer(name, label=label, overlap=overlap, scorer=scorer)


@dataclass(slots=True)
class _Figure:
    """A number of the text with the unit behind it, if there is one."""

    start: int
    end: int
    number: Decimal
    sign: int
    unit: PercentUnit | None
    rule: str
    last: Decimal | None = None  # the upper end of a range


class PercentNormalizer(Normalizer):
    """Finds `12%`, `(3.2)%`, `half a percent`, `25 basis points`, `3-5%`, `between 3 and 5 percent` and so on.

    Rules (`span._.source`): `percent.sign`, `percent.word`, `percent.points`, `percent.basis_points`, after the
    notation of the unit.
    """

    def __init__(
        self,
        name: str = "percent",
        *,
        label: str = "PERCENT",
        overlap: Overlap = "replace",
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        """Initialize the component; the arguments are those of `make_percent`."""
        super().__init__(name, label=label, overlap=overlap, scorer=scorer)

    def find(self, text: str) -> Iterable[Expression]:
        """Find the percentages of a text."""
        lowered = text.lower()
        if not any(hint in lowered for hint in _HINTS):
            return []
        figures: list[_Figure] = []
        for number in find_numbers(text):
            figure = _read_figure(text, number)
            if figure is not None and figure.unit is None:
                figure = _read_prefixed(text, number) or figure
            if figure is None:
                continue
            if figures and (whole := _as_range(text, figures[-1], figure)) is not None:
                figures[-1] = whole
            else:
                figures.append(figure)
        if "point" in lowered:
            figures.extend(_find_a_point(text))
        figures = sorted([figure for figure in figures if figure.unit and _is_storable(figure)], key=_start)
        expressions: list[Expression] = []
        previous: tuple[int, Direction | None] | None = None
        for figure in figures:
            value, previous = _to_value(text, figure, previous)
            if expressions and value.direction:
                expressions[-1] = _share_noun(text, expressions[-1], figure, value.direction)
            expressions.append(Expression(figure.start, figure.end, value, f"percent.{figure.rule}"))
        return expressions


def _is_storable(figure: _Figure) -> bool:
    size = figure.end - figure.start
    return is_storable(figure.number, size) and (figure.last is None or is_storable(figure.last, size))


def _start(figure: _Figure) -> int:
    return figure.start


def _read_figure(text: str, number: Number) -> _Figure | None:
    """A number with its unit; the number alone where there is none; None where it is part of something else."""
    if number.glued:
        return None
    start, end, mantissa, sign = number.start, number.end, number.mantissa, number.sign
    brackets = start > 0 and text[start - 1] == "(" and text[end : end + 1] == ")"
    if brackets:
        end += 1
    unit = _UNIT.match(text, end)
    if unit is None or number.scale is not None:
        return None if brackets or text[end : end + 1].isalnum() else _Figure(start, end, number.value, sign, None, "")
    if brackets and not sign:
        start, mantissa, sign = start - 1, mantissa.copy_negate(), -1
    elif brackets:
        start -= 1
    kind = str(unit.lastgroup)
    return _Figure(start, unit.end(), mantissa, sign, _UNITS[kind], _RULES[kind])


def _read_prefixed(text: str, number: Number) -> _Figure | None:
    """ "percent of 10", where these words are all that stands between two ends of clauses."""
    if number.glued or number.sign or number.scale is not None or not text.startswith(" of ", number.start - 4):
        return None
    unit = _PREFIX.search(text, max(0, number.start - _LONGEST_PREFIX), number.start)
    if unit is None or not _CLAUSE_BEHIND.match(text, number.end):
        return None
    return _Figure(unit.start(1), number.end, number.value, 0, "percent", "word")


def _share_noun(text: str, first: Expression, second: _Figure, direction: Direction) -> Expression:
    """The first of "a 5% and a 7% rise" has the direction of the noun as well."""
    value = first.value
    if not isinstance(value, Percent) or value.direction or not _COORDINATION.fullmatch(text, first.end, second.start):
        return first
    return first._replace(value=replace(value, direction=direction)) if direction_after(text, second.end) else first


def _find_a_point(text: str) -> list[_Figure]:
    """ "a percentage point", where the article is the number."""
    figures = []
    for match in _A_POINT.finditer(text):
        kind = "point" if match[1].lower() == "percentage" else "basis"
        figures.append(_Figure(match.start(), match.end(), Decimal(1), 0, _UNITS[kind], _RULES[kind]))
    return figures


def _as_range(text: str, first: _Figure, second: _Figure) -> _Figure | None:
    """One figure with two ends; None where the two are figures of their own."""
    if first.last is not None or second.unit is None or first.unit not in (None, second.unit):
        return None
    kind = joins_range(text, (first.start, first.end), (second.start, second.end))
    if kind is None or first.number > second.number:
        return None
    if kind == "to" and first.unit and is_past_move(text, first.start):
        return None
    sign = first.sign if first.sign == second.sign else 0
    return replace(second, start=first.start, number=first.number, sign=sign, last=second.number)


def _to_value(
    text: str, figure: _Figure, previous: tuple[int, Direction | None] | None
) -> tuple[Percent, tuple[int, Direction | None]]:
    """The value of a figure, and what the next figure may inherit."""
    words = read_bound(text, figure.start, figure.end)
    direction = read_direction(text, words, figure.end, figure.sign, previous)
    unit = figure.unit or "percent"
    if figure.last is not None:
        if figure.number < 0 < figure.last:
            direction = None
        value = Percent(unit=unit, low=figure.number, high=figure.last, bound="range", direction=direction)
    else:
        value = Percent(
            value=figure.number,
            unit=unit,
            low=figure.number if words.bound == "at_least" else None,
            high=figure.number if words.bound == "at_most" else None,
            bound=words.bound,
            direction=direction,
        )
    return value, (figure.end, None if figure.sign else direction)
