"""Hypothesis strategies for records: any Unicode text, spans anywhere, values, targets, unknown layers."""

import datetime
import functools
import itertools
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from spacy.language import Language

from bellwether import Company, Money, Percent, Period, Quantity, Ticker, Value
from bellwether.targets import ENTITY_SENTIMENT, TARGET
from scripts.docbin import blank_pipeline
from scripts.records import NER, REFERENCE_DATE, Record, make_record

LABELS = ("ORG", "PERSON", "MONEY", "PERCENT", "PERIOD")
CLASSES = {"sentiment": ("positive", "neutral", "negative"), "category": ("earnings", "macro")}

# What tokenizers, encodings and file formats trip over.
PIECES = (
    *("Norvane", "Oyj", "rose", "12%", "EUR", "$4.2bn", "U.S.", "don't", "a-b", "3.1-3.3", "NaN", "null", "=1+1"),
    *(".", ",", '"', "'", "\\", "#", "@x", "{", "]", "-", "(", ")"),
    *("🚀", "👩‍👩‍👧", "e\u0301", "ü", "İ", "ﬁ", "中文", "العربية", "\u200b", "\u2028", "\ufeff", "\x00"),
)
SEPARATORS = ("", " ", "  ", "\n", "\t", "\r\n", "\r", "\u00a0", "\u3000", "\n\n")

characters = st.characters(exclude_categories=["Cs"])
words = st.text(characters, min_size=1, max_size=8)
decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4)
dates = st.dates(min_value=datetime.date(2029, 1, 1), max_value=datetime.date(2037, 12, 31))
bounds = st.sampled_from(["exact", "at_least", "at_most", "about", "range"])


@functools.cache
def shared_tokenizer() -> Language:
    return blank_pipeline("en")


@st.composite
def texts(draw: st.DrawFn) -> str:
    pieces = draw(st.lists(st.sampled_from(PIECES) | words, min_size=1, max_size=12))
    return "".join(piece + draw(st.sampled_from(SEPARATORS)) for piece in pieces)


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def values() -> st.SearchStrategy[Value]:
    number = _optional(decimals)
    ends = {"low": number, "high": number, "bound": bounds}
    units = st.sampled_from(["percent", "percentage_point", "basis_point"])
    names = st.lists(words, max_size=2).map(tuple)
    return st.one_of(
        st.builds(Money, amount=number, currency=_optional(words), per=_optional(words), candidates=names, **ends),
        st.builds(Percent, value=number, unit=units, direction=st.sampled_from([None, "up", "down"]), **ends),
        st.builds(Quantity, value=number, unit=_optional(words), **ends),
        st.builds(
            Period,
            start=_optional(dates),
            end=_optional(dates),
            grain=st.sampled_from(["day", "week", "month", "quarter", "half", "year", "range"]),
            fiscal=st.booleans(),
            label=_optional(words),
        ),
        st.builds(Ticker, symbol=words, exchange=_optional(words), kind=st.sampled_from(["ticker", "isin", "lei"])),
        st.builds(
            Company,
            id=words,
            name=words,
            ticker=_optional(words),
            exchange=_optional(words),
            lei=_optional(words),
            cik=_optional(words),
            fiscal_year_end=_optional(st.integers(1, 12)),
            score=_optional(st.decimals(min_value=Decimal(0), max_value=Decimal(1), places=3)),
            alternatives=names,
        ),
    )


plain_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def spans_of(draw: st.DrawFn, text: str, cuts: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Spans between the starts and ends of `cuts` (places in order), without white space at their ends."""
    spans: list[dict[str, Any]] = []
    first = 0
    while first < len(cuts) and len(spans) < 4:
        first += draw(st.integers(0, 2))
        last = first + draw(st.integers(0, 2))
        if last >= len(cuts):
            break
        start, end = cuts[first][0], cuts[last][1]
        surface = text[start:end]
        start, end = start + len(surface) - len(surface.lstrip()), end - len(surface) + len(surface.rstrip())
        if start < end:
            span: dict[str, Any] = {"start": start, "end": end, "label": draw(st.sampled_from(LABELS))}
            if value := draw(_optional(values())):
                span["value"] = value.to_json()
            if tone := draw(st.sampled_from([None, "positive"])):
                span["sentiment"] = tone
            spans.append(span)
        first = last + 1
    return spans


@st.composite
def records(draw: st.DrawFn, *, aligned: bool = True, flat: bool = False) -> Record:
    """A valid record.

    aligned (bool): spans begin and end at token boundaries; else anywhere.
    flat (bool): only what a table with a column a field can say: every layer known with all its labels, or unknown.
    """
    text = draw(texts().filter(str.strip))
    if aligned:
        cuts = [(token.idx, token.idx + len(token)) for token in shared_tokenizer().make_doc(text)]
    else:
        places = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
        cuts = list(itertools.pairwise(places))
    layers: dict[str, bool | list[str]] = {}
    cats = {}
    for layer, labels in CLASSES.items():
        state = draw(st.sampled_from([True, None] if flat else [True, False, None]))
        if state is not None:
            layers[layer] = state
        if state:
            cats[layer] = draw(st.sampled_from(labels))
    spans: list[dict[str, Any]] = []
    entities = draw(st.sampled_from(["known", "unknown"] if flat else ["known", "empty", "unknown", "no"]))
    if not flat and draw(st.booleans()):
        layers[ENTITY_SENTIMENT] = True
    if entities == "known" or layers.get(ENTITY_SENTIMENT):
        spans = draw(spans_of(text, cuts))
        for span in spans:
            if entities != "known" or (layers.get(ENTITY_SENTIMENT) and draw(st.booleans())):
                span |= {"label": TARGET, "sentiment": "negative"}
    if entities in ("known", "empty"):
        others = LABELS if flat else draw(st.sets(st.sampled_from(LABELS)))
        layers[NER] = [label for label in LABELS if label in others or label in {span["label"] for span in spans}]
    elif entities == "no":
        layers[NER] = False
    meta = {} if flat else draw(st.dictionaries(words, plain_json, max_size=3))
    meta.pop(REFERENCE_DATE, None)
    if draw(st.booleans()):
        meta[REFERENCE_DATE] = draw(dates).isoformat()
    return make_record({"id": draw(words), "text": text, "meta": meta, "spans": spans, "cats": cats, "layers": layers})


def record_lists(**settings: bool) -> st.SearchStrategy[list[Record]]:
    return st.lists(records(**settings), min_size=1, max_size=4, unique_by=_record_id)


def _record_id(record: Record) -> str:
    return record.id
