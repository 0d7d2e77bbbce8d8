"""What is written: annotated documents, and the rows that are none. A file appears as a whole or not at all.

An annotated document is a record (`scripts/records.py`), and says more: of a span the score, source and company, of a
classifier all probabilities, and the model.

    {"id": "…", "text": "…", "meta": {…},
     "spans": [{"start": 0, "end": 9, "label": "ORG", "score": 0.98, "source": "model", "value": {…}, "company": {…},
                "sentiment": "positive", "sentiment_score": 0.91}],
     "cats": {"sentiment": "positive"}, "cat_scores": {"sentiment": {"positive": 0.91, "neutral": 0.06, …}},
     "layers": {"ner": ["ORG", …], "sentiment": true}, "model": {"name": "en_finance", "version": "0.1.0"}}

What is not known is left out. In Parquet, objects whose keys vary are JSON text.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from spacy.language import Language

from bellwether.annotations import Annotations, Entity
from bellwether.targets import ENTITY_SENTIMENT

from ..parquet import import_parquet
from ..records import NER, Record
from .plan import Model, OutputFormat

TEMPORARY = ".tmp"
SPAN_JSON = ("value", "company")
DOCUMENT_JSON = ("meta", "cats", "cat_scores", "layers")
_DIGITS = 6  # of a probability


@dataclass(frozen=True)
class Scope:
    """What a pipeline can find. labels (list): of entities. tones (bool): the tone towards them."""

    labels: list[str]
    tones: bool

    @classmethod
    def of(cls, nlp: Language) -> "Scope":
        labels: dict[str, None] = {}
        tones = False
        for name in nlp.pipe_names:
            meta = nlp.get_pipe_meta(name)
            if "doc.ents" in meta.assigns:
                labels |= dict.fromkeys(nlp.pipe_labels.get(name, []))
            tones = tones or meta.factory == ENTITY_SENTIMENT
        return cls(list(labels), tones)


def make_output(record: Record, found: Annotations, scope: Scope, model: Model) -> dict[str, Any]:
    """The document as it is written."""
    cats = {name: answer.label for name, answer in found.classifications.items() if answer.label is not None}
    labels = dict.fromkeys([*scope.labels, *(entity.label for entity in found.entities)])
    layers: dict[str, Any] = {NER: list(labels)} if labels else {}
    if scope.tones:
        layers[ENTITY_SENTIMENT] = True
    return {
        "id": record.id,
        "text": record.text,
        "meta": record.meta,
        "spans": [_make_span(entity) for entity in found.entities],
        "cats": cats,
        "cat_scores": {
            name: {label: round(score, _DIGITS) for label, score in answer.scores.items()}
            for name, answer in found.classifications.items()
        },
        "layers": layers | dict.fromkeys(cats, True),
        "model": {"name": model.name, "version": model.version},
    }


def _make_span(entity: Entity) -> dict[str, Any]:
    span = {name: value for name, value in asdict(entity).items() if value is not None and name != "text"}
    return {name: round(value, _DIGITS) if isinstance(value, float) else value for name, value in span.items()}


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Write a file that is on the disk as a whole, whenever the machine stops, or is not there.

    Yields (Path): where to write; no other process writes there.
    """
    temporary = path.with_name(f"{path.name}.{uuid4().hex[:12]}{TEMPORARY}")
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_lines(path: Path, documents: Iterable[dict[str, Any]]) -> None:
    """Write JSONL."""
    with appearing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        for document in documents:
            file.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")
        file.flush()


def write_parquet(path: Path, documents: Iterable[dict[str, Any]]) -> None:
    """Write Parquet. RAISES (BadInput): pyarrow is not installed."""
    pa, pq = import_parquet("--format parquet")
    text, number = pa.string(), pa.float64()
    span = pa.struct(
        {
            "start": pa.int64(),
            "end": pa.int64(),
            "label": text,
            "score": number,
            "source": text,
            "value": text,
            "company": text,
            "sentiment": text,
            "sentiment_score": number,
        }.items()
    )
    schema = pa.schema(
        {
            "id": text,
            "text": text,
            "meta": text,
            "spans": pa.list_(span),
            "cats": text,
            "cat_scores": text,
            "layers": text,
            "model": pa.struct([("name", text), ("version", text)]),
        }.items()
    )
    table = pa.Table.from_pylist([_pack(document) for document in documents], schema=schema)
    with appearing(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def _pack(document: dict[str, Any]) -> dict[str, Any]:
    spans = [
        {name: _json(value) if name in SPAN_JSON else value for name, value in span.items()}
        for span in document["spans"]
    ]
    return document | {name: _json(document[name]) for name in DOCUMENT_JSON} | {"spans": spans}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


WRITERS: dict[OutputFormat, Callable[[Path, Iterable[dict[str, Any]]], None]] = {
    "jsonl": write_lines,
    "parquet": write_parquet,
}
