"""Read annotated documents back, from either format."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..parquet import open_parquet
from ..records import Record, Span, make_record
from .output import DOCUMENT_JSON, SPAN_JSON


def read_documents(out: Path) -> Iterator[dict[str, Any]]:
    """Yield the documents of an output folder, in the order of the inputs, as `output` describes them."""
    for path in sorted(out.glob("part-*")):
        if path.suffix == ".jsonl":
            with path.open(encoding="utf-8") as file:
                yield from map(json.loads, file)
        elif path.suffix == ".parquet":
            for batch in open_parquet(path).iter_batches():
                yield from map(_unpack, batch.to_pylist())


def record_of(document: dict[str, Any]) -> Record:
    """What an annotated document says as a record: without scores, sources and model.

    RAISES (BadInput): it is no annotated document.
    """
    known = {field: document[field] for field in Record.model_fields if field in document}
    spans = [{field: span[field] for field in Span.model_fields if field in span} for span in document["spans"]]
    return make_record(known | {"spans": spans})


def _unpack(row: dict[str, Any]) -> dict[str, Any]:
    spans = [
        {name: json.loads(value) if name in SPAN_JSON else value for name, value in span.items() if value is not None}
        for span in row["spans"]
    ]
    return row | {name: json.loads(row[name]) for name in DOCUMENT_JSON} | {"spans": spans}
