"""What the tests of `period` share: a text as its periods, and a Period from ISO dates."""

import datetime
from collections.abc import Callable
from typing import Any

import spacy
from spacy.tokens import Doc

from bellwether import Period
from bellwether.normalizers.period import PeriodNormalizer
from bellwether.tokenizer import create_tokenizer

NLP = spacy.blank("en")
NLP.tokenizer = create_tokenizer(NLP)
PERIOD = PeriodNormalizer()


def read(
    text: str, reference: datetime.date | None = None, component: Callable[[Doc], Doc] = PERIOD
) -> list[tuple[str, Period]]:
    doc = NLP.make_doc(text)
    doc._.reference_date = reference
    return [(ent.text, ent._.value) for ent in component(doc).ents]


def days(start: str, end: str | None = None, grain: Any = "day", **fields: Any) -> Period:
    """A Period with ISO dates."""
    first = datetime.date.fromisoformat(start)
    return Period(start=first, end=datetime.date.fromisoformat(end) if end else first, grain=grain, **fields)
