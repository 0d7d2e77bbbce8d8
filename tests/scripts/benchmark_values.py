"""Values, gold and scores for the tests of the benchmark of the normalizers."""

import datetime
from decimal import Decimal
from typing import Any

from bellwether.values import Money, Period, Value
from scripts.benchmark.normalizers.accuracy import score_sentence
from scripts.benchmark.normalizers.sentences import Gold
from scripts.benchmark.normalizers.tools import Reading


def days(start: str, end: str, **fields: Any) -> Period:
    return Period(
        start=datetime.date.fromisoformat(start), end=datetime.date.fromisoformat(end), **{"grain": "range", **fields}
    )


def usd(amount: str, **fields: Any) -> Money:
    return Money(amount=Decimal(amount), currency="USD", **fields)


def gold(*values: Value) -> list[Gold]:
    return [Gold(index, index + 1, type(value).__name__.upper(), value) for index, value in enumerate(values)]


def score(expected: list[Gold], readings: list[Reading], label: str) -> tuple[int, int, int]:
    found = score_sentence(expected, readings, [label])[label]
    return found.gold, found.right, found.false
