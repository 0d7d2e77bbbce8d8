"""The common measure: what every tool can be held to, and the scores by it.

The libraries know no bounds, no "per share", no direction and no span of ours, so only this is compared: amount and
currency; number and unit; first and last day; symbol. A range has both its ends. A period without days cannot be
compared and does not count.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from bellwether.values import Money, Percent, Period, Quantity, Ticker, Value

from .result import LabelScore, Score, SetResult, StrictScore
from .sentences import LABELS, Gold, Sentence
from .tools import Ours, Reading, Tool

Key = tuple[Any, ...]
_LABELS: dict[type[Value], str] = {
    Money: "MONEY",
    Percent: "PERCENT",
    Quantity: "QUANTITY",
    Period: "PERIOD",
    Ticker: "TICKER",
}
_PLAIN_GRAINS = frozenset({"day", "week", "month", "year"})
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_words = str.split
_PHYSICAL = frozenset(
    _words(
        "second minute hour day week month year meter kilometer centimeter millimeter mile foot inch yard square cubic "
        "acre hectare liter gallon barrel bushel gram kilogram milligram tonne ton pound ounce troy watt kilowatt "
        "megawatt gigawatt terawatt joule volt kilovolt byte megabyte gigabyte terabyte british thermal unit"
    )
)


def common_key(value: Value) -> Key | None:
    """RETURNS (tuple | None): what is compared; None where there is nothing to compare."""
    match value:
        case Money():
            return (value.currency, *_numbers(value.amount, value.low, value.high))
        case Percent():
            return (value.unit, *_numbers(value.value, value.low, value.high))
        case Quantity():
            return (value.unit, *_numbers(value.value, value.low, value.high))
        case Period():
            return None if value.start is None or value.end is None else (value.start, value.end)
        case Ticker():
            return (value.symbol.upper(),)
    return None


def _numbers(number: Decimal | None, low: Decimal | None, high: Decimal | None) -> Key:
    return (number,) if number is not None else (low, high)


def is_same(first: Value, second: Value) -> bool:
    """Whether two values are the same by the common measure."""
    key = common_key(first)
    return type(first) is type(second) and key is not None and key == common_key(second)


def is_physical(value: Value) -> bool:
    """Whether it is a quantity of a unit that libraries of units know; a count of things is none."""
    if not isinstance(value, Quantity) or value.unit is None:
        return False
    return all(word in _PHYSICAL for word in value.unit.replace("/", "_").split("_"))


def is_plain(item: Gold) -> bool:
    """Whether a library that is not made for finance sets out to read it.

    That is an amount in digits without a scale ("$9,420", "EUR 13.10"), a quantity of a physical unit, a day, week,
    month or year of the calendar.
    """
    match item.value:
        case Money(amount=amount, currency=currency):
            numbers = _DIGITS.findall(item.surface)
            return currency is not None and len(numbers) == 1 and Decimal(numbers[0].replace(",", "")) == amount
        case Period(grain=grain, fiscal=fiscal):
            return grain in _PLAIN_GRAINS and not fiscal
        case value:
            return is_physical(value)


def score_sentence(gold: Iterable[Gold], readings: Iterable[Reading], labels: Iterable[str]) -> dict[str, LabelScore]:
    """Score the readings of one sentence.

    readings (Iterable[Reading]): what a tool found. A reading with several values is right where one of them is.
    labels (Iterable[str]): what the tool claims to read.
    RETURNS (dict[str, LabelScore]): by label.
    """
    left: dict[str, list[Reading]] = {label: [] for label in labels}
    for reading in readings:
        label = _LABELS[type(reading[0])]
        if label in left:
            left[label].append(reading)
    scores = {}
    for label, unmatched in left.items():
        score = LabelScore()
        expected = [item for item in gold if item.label == label]
        comparable = [item for item in expected if common_key(item.value) is not None]
        for item in comparable:
            right = _take(item.value, unmatched)
            score.gold += 1
            score.right += right
            if is_plain(item):
                score.plain += 1
                score.plain_right += right
        # A reading of an expression that cannot be compared is not false.
        said = [reading for reading in unmatched if any(common_key(value) is not None for value in reading)]
        score.false = max(0, len(said) - (len(expected) - len(comparable)))
        scores[label] = score
    return scores


def _take(value: Value, unmatched: list[Reading]) -> bool:
    """Whether a reading says this; it is then used up."""
    for place, reading in enumerate(unmatched):
        if any(is_same(value, item) for item in reading):
            del unmatched[place]
            return True
    return False


def read_safely(tool: Tool, sentence: Sentence) -> list[Reading] | None:
    """RETURNS (list[Reading] | None): None where the library raised an exception."""
    try:
        return tool.read(sentence)
    except Exception:  # foreign code, which may raise anything: counted and reported
        return None


def score_tool(tool: Tool, sentences: Sequence[Sentence], advance: Callable[[], object] | None = None) -> Score:
    """Score a tool.

    advance (Callable | None): called after each sentence, for a progress bar.
    """
    total = Score(labels={label: LabelScore() for label in tool.labels})
    for sentence in sentences:
        readings = read_safely(tool, sentence)
        total.sentences += 1
        total.errors += readings is None
        for label, score in score_sentence(sentence.gold, readings or (), tool.labels).items():
            total.labels[label].add(score)
        if advance is not None:
            advance()
    return total


def score_strictly(ours: Ours, sentences: Iterable[Sentence]) -> dict[str, StrictScore]:
    """Ours by the measure of the step `evaluate`: same bounds and an equal value."""
    scores = {label: StrictScore() for label in ours.labels}
    for sentence in sentences:
        found = {(ent.start_char, ent.end_char, ent.label_): ent._.value for ent in ours.run(sentence).ents}
        for item in sentence.gold:
            if item.label in scores:
                scores[item.label].gold += 1
                scores[item.label].right += found.get((item.start, item.end, item.label)) == item.value
    return scores


def score_set(
    name: str, sentences: Sequence[Sentence], tools: Iterable[Tool], advance: Callable[[], object] | None = None
) -> SetResult:
    """Score all tools on one set of sentences."""
    gold = [item for sentence in sentences for item in sentence.gold]
    result = SetResult(
        name=name,
        sentences=len(sentences),
        not_comparable=sum(common_key(item.value) is None for item in gold),
    )
    for tool in tools:
        result.scores[tool.name] = score_tool(tool, sentences, advance)
        if isinstance(tool, Ours):
            result.strict = score_strictly(tool, sentences)
    return result


def counts_by_label(sentences: Iterable[Sentence]) -> dict[str, int]:
    """RETURNS (dict[str, int]): gold expressions by label."""
    gold = [item.label for sentence in sentences for item in sentence.gold]
    return {label: gold.count(label) for label in LABELS}
