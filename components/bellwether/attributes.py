"""The custom attributes that Bellwether sets, registered once, on import.

All of them live in one plain-JSON dict, `doc.user_data["bellwether"]`, behind named getters and setters. So they
survive DocBin (`store_user_data=True`), pickling and `nlp.pipe(n_process=2)`, and a DocBin that holds them can be read
where no extension is registered.

| attribute | type | meaning |
|---|---|---|
| `doc._.record_id` | str or None | the record that the doc was made from |
| `doc._.record_meta` | dict | its metadata |
| `doc._.layers` | dict or None | what was annotated (`scripts/records.py`); None: nothing is known |
| `doc._.reference_date` | datetime.date or None | anchors relative dates |
| `doc._.NAME`, `doc._.NAME_score` | str or None, float or None | answer of the classifier NAME, its probability |
| `span._.value` | Value or None | typed value of a normalizer |
| `span._.company` | Company or None | the company that an ORG or a TICKER was resolved to |
| `span._.score` | float or None | confidence of a recognised entity, 0..1; None where the component has none |
| `span._.source` | str | rule id, or "model" |
| `span._.sentiment` | str or None | the tone towards this entity |
| `span._.sentiment_score` | float or None | its probability, 0..1 |
"""

import datetime
from functools import partial
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from .values import Company, Value, value_from_json

STORE = "bellwether"
MODEL_SOURCE = "model"
HEADS = ("sentiment", "category")


def get_store(doc: Doc) -> dict[str, Any]:
    """The doc's dict of attributes, created on first use."""
    store: dict[str, Any] = doc.user_data.setdefault(STORE, {})
    return store


def _copy_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_copy_json(item) for item in value]
    return value


def get_field(doc: Doc, *, name: str, default: Any = None) -> Any:
    """Read one field without creating the store.

    RETURNS (Any): a copy, with lists where the store has tuples: DocBin reads every list back as a tuple.
    """
    return _copy_json(doc.user_data.get(STORE, {}).get(name, default))


def set_field(doc: Doc, value: Any, *, name: str) -> None:
    """Write one field; None removes it."""
    if value is None:
        doc.user_data.get(STORE, {}).pop(name, None)
    else:
        get_store(doc)[name] = value


def get_reference_date(doc: Doc) -> datetime.date | None:
    text = get_field(doc, name="reference_date")
    return None if text is None else datetime.date.fromisoformat(text)


def set_reference_date(doc: Doc, value: datetime.date | str | None) -> None:
    """Accepts a date, a datetime or ISO 8601 text; raises ValueError on anything else."""
    if value is not None:
        if isinstance(value, datetime.datetime):
            value = value.date()
        try:
            value = datetime.datetime.fromisoformat(value).date() if isinstance(value, str) else value
        except ValueError:
            raise ValueError(f"doc._.reference_date must be a date or ISO 8601 text, got {value!r}") from None
        if not isinstance(value, datetime.date):
            raise ValueError(f"doc._.reference_date must be a date or ISO 8601 text, got {value!r}")
        value = value.isoformat()
    set_field(doc, value, name="reference_date")


def make_dated_doc(nlp: Language, text: str, reference_date: datetime.date | str | None) -> Doc:
    """Tokenize a text of this day."""
    doc = nlp.make_doc(text)
    set_reference_date(doc, reference_date)
    return doc


def _span_key(span: Span) -> str:
    return f"{span.start_char}:{span.end_char}"


def get_span_field(span: Span, *, name: str, default: Any = None) -> Any:
    spans = span.doc.user_data.get(STORE, {}).get("spans", {})
    return _copy_json(spans.get(_span_key(span), {}).get(name, default))


def set_span_field(span: Span, value: Any, *, name: str) -> None:
    spans = get_store(span.doc).setdefault("spans", {})
    data = spans.setdefault(_span_key(span), {})
    if value is None:
        data.pop(name, None)
    else:
        data[name] = value


def get_span_value(span: Span) -> Value | None:
    data = get_span_field(span, name="value")
    return None if data is None else value_from_json(data)


def set_span_value(span: Span, value: Value | None) -> None:
    if value is not None and not isinstance(value, Value):
        raise ValueError(f"span._.value must be one of bellwether.values, got {value!r}")
    set_span_field(span, None if value is None else value.to_json(), name="value")


def get_span_company(span: Span) -> Company | None:
    data = get_span_field(span, name="company")
    if data is None:
        data = get_span_field(span, name="value")
    value = None if data is None else value_from_json(data)
    return value if isinstance(value, Company) else None


def set_span_company(span: Span, value: Company | None) -> None:
    """For a span that has a value of its own: a TICKER. An ORG has its company as its value."""
    if value is not None and not isinstance(value, Company):
        raise ValueError(f"span._.company must be a bellwether.values.Company, got {value!r}")
    set_span_field(span, None if value is None else value.to_json(), name="company")


def register_head(name: str) -> None:
    """Register `doc._.NAME` and `doc._.NAME_score` for a classifier called NAME, unless they are."""
    for attribute in (name, f"{name}_score"):
        if not Doc.has_extension(attribute):
            Doc.set_extension(
                attribute, getter=partial(get_field, name=attribute), setter=partial(set_field, name=attribute)
            )


def register_attributes() -> None:
    """Register every attribute of the table above that is not registered yet."""
    docs: dict[str, tuple[Any, Any]] = {
        "record_id": (partial(get_field, name="id"), partial(set_field, name="id")),
        "record_meta": (partial(get_field, name="meta", default={}), partial(set_field, name="meta")),
        "layers": (partial(get_field, name="layers"), partial(set_field, name="layers")),
        "reference_date": (get_reference_date, set_reference_date),
    }
    spans: dict[str, tuple[Any, Any]] = {
        "value": (get_span_value, set_span_value),
        "company": (get_span_company, set_span_company),
        "score": (partial(get_span_field, name="score"), partial(set_span_field, name="score")),
        "source": (
            partial(get_span_field, name="source", default=MODEL_SOURCE),
            partial(set_span_field, name="source"),
        ),
        "sentiment": (partial(get_span_field, name="sentiment"), partial(set_span_field, name="sentiment")),
        "sentiment_score": (
            partial(get_span_field, name="sentiment_score"),
            partial(set_span_field, name="sentiment_score"),
        ),
    }
    for owner, table in ((Doc, docs), (Span, spans)):
        for name, (getter, setter) in table.items():
            if not owner.has_extension(name):
                owner.set_extension(name, getter=getter, setter=setter)
    for name in HEADS:
        register_head(name)


register_attributes()
