"""A row becomes a document to annotate: a record without annotations, or a reason why not."""

import datetime
import json
import math
from typing import Any

from bellwether.limits import find_text_problem

from ..errors import BadInput
from ..records import REFERENCE_DATE, Record, make_record, parse_json
from .plan import Options
from .rows import Row

META = "meta"
# What an annotated document says besides its text; annotated once more, it says it anew.
ANNOTATIONS = frozenset({"spans", "cats", "cat_scores", "layers", "model"})


def make_document(row: Row, file_name: str, options: Options) -> Record:
    """The text of a row with its id, and its other fields as metadata.

    An object `meta` is taken as it is, as records have it. Of a row that is a record, what it says about annotations is
    left out. Without an id, the place of the row is its id: `news.jsonl:17`.
    RAISES (BadInput): the row cannot be annotated, with the reason.
    """
    if row.data is None:
        raise BadInput(row.problem)
    data = dict(row.data)
    record_id = _take_id(data, options.id_field)
    text = _take_text(data, options)
    meta = _take_meta(data)
    day = _find_date(row.data, meta, options.date_field)
    if day is not None:
        meta[REFERENCE_DATE] = day
    return make_record({"id": record_id or f"{file_name}:{row.line}", "text": text, "meta": meta})


def row_id(row: Row, options: Options) -> str | None:
    """The id that a row gives, for the quarantine; None where it gives none that can be read."""
    try:
        return _take_id(dict(row.data or {}), options.id_field)
    except BadInput:
        return None


def _take_id(data: dict[str, Any], field: str) -> str | None:
    value = data.pop(field, None)
    if isinstance(value, dict | list):
        raise BadInput(f"the id ('{field}') must be text or a number, got {_kind(value)}")
    return None if value is None or (isinstance(value, float) and math.isnan(value)) else str(value)


def _take_text(data: dict[str, Any], options: Options) -> str:
    if options.text_field not in data:
        raise BadInput(f"no text: there is no '{options.text_field}' among its fields ({', '.join(data) or 'none'})")
    text = data.pop(options.text_field)
    if not isinstance(text, str):
        raise BadInput(f"the text ('{options.text_field}') must be text, got {_kind(text)}")
    problem = find_text_problem(
        text, max_characters=options.max_characters, max_word_characters=options.max_word_characters
    )
    if problem is not None:
        raise BadInput(f"the text {problem[1]}")
    return text


def _take_meta(data: dict[str, Any]) -> dict[str, Any]:
    layers = data.get("layers")
    in_parquet = isinstance(layers, str) and "spans" in data
    meta = data.get(META)
    if in_parquet and isinstance(meta, str):
        meta = parse_json(meta)
    given = {}
    if isinstance(meta, dict):
        given = meta
        del data[META]
    if in_parquet or isinstance(layers, dict):
        data = {field: value for field, value in data.items() if field not in ANNOTATIONS}
    return {**given, **data}


def _find_date(row: dict[str, Any], meta: dict[str, Any], field: str) -> str | None:
    """The reference date as ISO 8601; that of the field, or else of `meta`."""
    value = row.get(field)
    if value is None or value == "":
        value = meta.get(REFERENCE_DATE)
    if value is None or value == "":
        meta.pop(REFERENCE_DATE, None)
        return None
    try:
        return datetime.datetime.fromisoformat(value).date().isoformat()
    except (TypeError, ValueError):
        shown = json.dumps(value, ensure_ascii=False)[:40]
        raise BadInput(f"the reference date ('{field}') must be a day such as 2031-10-24, got {shown}") from None


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    names = {dict: "an object", list: "a list", bool: "true or false"}
    return names.get(type(value), f"the number {value}")
