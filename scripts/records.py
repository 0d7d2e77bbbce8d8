"""The record: the hub that all data converts to and from. One JSON document a line, validated by pydantic.

`layers` says what was annotated. A layer that is absent (or false) is unknown, never "no"; `layers["ner"]` names the
labels that the annotator was asked for. Where `layers["entity_sentiment"]` is true, the tone towards entities was
annotated: those spans carry a `sentiment`. A span whose tone is known but not its type has the label TARGET, which is
no entity label: it says nothing about entities. Offsets count Unicode code points of `text`, end exclusive.
"""

import codecs
import datetime
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bellwether.targets import ENTITY_SENTIMENT, TARGET
from bellwether.values import value_from_json

from .errors import BadInput, ErrorLog
from .files import replacing

NER = "ner"
# Layers whose annotation is in the spans, not in `cats`.
SPAN_LAYERS = (NER, ENTITY_SENTIMENT)
REFERENCE_DATE = "reference_date"
MAX_DEPTH = 32
MEND_UTF8 = "convert the file first (iconv -f LATIN1 -t UTF-8)"
# What msgpack, and so a DocBin, can hold.
_INTEGERS = range(-(2**63), 2**64)
_SURROGATE = re.compile("[\ud800-\udfff]")


def _check_characters(text: str) -> str:
    if match := _SURROGATE.search(text):
        raise ValueError(
            f"\\u{ord(match[0]):04x} at position {match.start()} is half of a character (a lone surrogate)"
        )
    return text


def _check_json(value: Any, place: str, depth: int = 0) -> None:
    """Refuse what JSON or a DocBin could not hold."""
    if depth > MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, str):
        _check_characters(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise ValueError(f"{place}: the key {key!r} is not text")
            _check_json(key, place, depth + 1)
            _check_json(item, f"{place}.{key}" if place else key, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check_json(item, place, depth + 1)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{place}: {value} is not a number of JSON")
    elif isinstance(value, int):  # bool too
        if value not in _INTEGERS:
            raise ValueError(f"{place}: a whole number beyond 64 bits must be written as text")
    elif value is not None:
        raise ValueError(f"{place}: {type(value).__name__} is not plain JSON: write it as text")


Text = Annotated[str, AfterValidator(_check_characters)]


class Span(BaseModel):
    """An entity, or a target of a tone: text[start:end] carries `label`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=1)]
    label: Annotated[Text, Field(min_length=1)]
    value: dict[str, Any] | None = None
    sentiment: Text | None = None

    @field_validator("value")
    @classmethod
    def _check_value(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        if value is None:
            return None
        _check_json(value, "")
        return value_from_json(value).to_json()


class Record(BaseModel):
    """A document with what is known about it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[Text, Field(min_length=1)]
    text: Text
    meta: dict[str, Any] = {}
    spans: list[Span] = []
    cats: dict[Text, Text] = {}
    layers: dict[Text, bool | list[Text]] = {}

    @field_validator("text")
    @classmethod
    def _check_text(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("the text is empty")
        return text

    @field_validator("meta")
    @classmethod
    def _check_meta(cls, meta: dict[str, Any]) -> dict[str, Any]:
        _check_json(meta, "")
        day = meta.get(REFERENCE_DATE)
        if day is not None:
            try:
                datetime.date.fromisoformat(day)
            except (TypeError, ValueError):
                raise ValueError(f"{REFERENCE_DATE} must be a day such as '2031-10-24', got {day!r}") from None
        return meta

    @field_validator("cats", mode="before")
    @classmethod
    def _check_cats(cls, cats: Any) -> Any:
        if isinstance(cats, dict):
            for name, label in cats.items():
                if isinstance(label, list) and len(label) > 1:
                    raise ValueError(
                        f"two labels for '{name}' ({', '.join(map(str, label))}): a classifier has one answer"
                    )
        return cats

    @field_validator("layers", mode="before")
    @classmethod
    def _check_asked(cls, layers: Any) -> Any:
        if isinstance(layers, dict):
            for layer, asked in layers.items():
                if asked is not False and not (isinstance(asked, list) if layer == NER else asked is True):
                    wanted = "the list of labels that were asked for" if layer == NER else "true or false"
                    raise ValueError(f"layers['{layer}'] must be {wanted}, got {asked!r}")
        return layers

    @model_validator(mode="after")
    def _check_layers(self) -> "Record":
        for layer, asked in self.layers.items():
            if layer not in SPAN_LAYERS and asked and layer not in self.cats:
                raise ValueError(f"layers['{layer}'] is true but cats has no '{layer}'")
        for name in self.cats:
            if name in SPAN_LAYERS:
                raise ValueError(f"cats has '{name}', which is a layer of spans")
            if not self.layers.get(name):
                raise ValueError(f"cats has '{name}' but layers['{name}'] is not true")
        previous: Span | None = None
        for span in sorted(self.spans, key=lambda span: (span.start, span.end)):
            place = f"span {span.start}-{span.end} {span.label}"
            if span.end <= span.start:
                raise ValueError(f"{place} is empty")
            if span.end > len(self.text):
                raise ValueError(f"{place} ends after the text, which has {len(self.text)} characters")
            surface = self.text[span.start : span.end]
            if surface != surface.strip():
                raise ValueError(f"{place} begins or ends with white space: {surface!r}")
            if previous is not None and span.start < previous.end:
                raise ValueError(f"{place} overlaps span {previous.start}-{previous.end} {previous.label}")
            self._check_label(span, place)
            previous = span
        self.spans.sort(key=lambda span: (span.start, span.end))
        return self

    def _check_label(self, span: Span, place: str) -> None:
        if span.label == TARGET:
            if not self.has_layer(ENTITY_SENTIMENT):
                raise ValueError(f"{place} is given but layers['{ENTITY_SENTIMENT}'] is not true")
            if span.sentiment is None:
                raise ValueError(f"{place} has no sentiment")
        elif self.ner_labels is None:
            raise ValueError(f"{place} is given but layers['{NER}'] is not: name the labels that were asked for")
        elif span.label not in self.ner_labels:
            raise ValueError(f"{place}: layers['{NER}'] does not name this label")

    @property
    def ner_labels(self) -> list[str] | None:
        """The labels that the annotator was asked for, or None where entities are unknown."""
        asked = self.layers.get(NER)
        return asked if isinstance(asked, list) else None

    @property
    def entities(self) -> list[Span]:
        """The spans that have a type."""
        return [span for span in self.spans if span.label != TARGET]

    @property
    def targets(self) -> list[Span]:
        """The spans of which the tone is known but not the type."""
        return [span for span in self.spans if span.label == TARGET]

    @property
    def reference_date(self) -> datetime.date | None:
        """The day the text was published: `meta["reference_date"]`."""
        text = self.meta.get(REFERENCE_DATE)
        return None if text is None else datetime.date.fromisoformat(text)

    def has_layer(self, layer: str) -> bool:
        return bool(self.layers.get(layer))

    def to_line(self) -> str:
        """One line of JSON, without line break; what is not said is left out."""
        return json.dumps(self.model_dump(exclude_none=True), ensure_ascii=False, separators=(",", ":"))


def make_record(data: dict[str, Any]) -> Record:
    """Validate plain data.

    RAISES (BadInput): with the first problem in words that name the field.
    """
    try:
        return Record.model_validate(data)
    except ValidationError as error:
        record_id = data.get("id")
        raise BadInput(
            describe_validation_error(error), record_id=record_id if isinstance(record_id, str) else None
        ) from None


def describe_validation_error(error: ValidationError) -> str:
    """The first problem of a pydantic error as one line: field, reason, and how many more."""
    problems = error.errors(include_url=False)
    first = problems[0]
    field = ".".join(str(part) for part in first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] == "missing":
        reason = "is missing"
    elif first["type"] == "extra_forbidden":
        reason = "is not a field of a record"
    more = f" (and {len(problems) - 1} more problems)" if len(problems) > 1 else ""
    return f"{field + ': ' if field else ''}{reason}{more}"


def _refuse_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadInput(f"the key '{twice}' is given twice in one JSON object: keep one")
    return data


def parse_json(text: str) -> Any:
    """Parse JSON, strictly: no duplicate keys, no NaN.

    RAISES (BadInput): what is wrong, and in which line (of several) and column.
    """

    def refuse_constant(name: str) -> None:
        raise BadInput(f"{name} is not JSON")

    text = text.rstrip("\r\n")  # or the end of a truncated line would be in column 1 of the next
    try:
        return json.loads(text, object_pairs_hook=_refuse_duplicate_keys, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        truncated = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        hint = " (it seems to be truncated)" if truncated else ""
        place = f"line {error.lineno}, column {error.colno}" if "\n" in text else f"column {error.colno}"
        raise BadInput(f"not valid JSON, {place}: {error.msg}{hint}") from None
    except BadInput:
        raise
    except ValueError as error:  # a number with thousands of digits
        raise BadInput(f"not valid JSON: {error}") from None
    except RecursionError:
        raise BadInput("not valid JSON: nested too deeply") from None


def _not_utf8(raw: bytes, error: UnicodeDecodeError) -> str:
    return f"not UTF-8: byte 0x{raw[error.start]:02x} at position {error.start}; {MEND_UTF8}"


def read_text(path: Path) -> str:
    """The whole of a UTF-8 file.

    RAISES (BadInput): with the line that is not UTF-8.
    """
    raw = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(_not_utf8(raw, error), path=path, line=raw.count(b"\n", 0, error.start) + 1) from None


def read_lines(path: Path, log: ErrorLog) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, text) of a UTF-8 file, without blank lines; one that is not UTF-8 goes to the log."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            try:
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                log.handle(BadInput(_not_utf8(raw, error), path=path, line=number))
                continue
            if line.strip():
                yield number, line


def read_jsonl(
    path: Path, log: ErrorLog, *, make: Callable[[dict[str, Any]], Record] = make_record
) -> Iterator[Record]:
    """Read records, one a line; bad lines go to the log with file, line and id, a duplicate id among them."""
    seen: dict[str, int] = {}
    for number, line in read_lines(path, log):
        try:
            data = parse_json(line)
            if not isinstance(data, dict):
                raise BadInput(f"a record must be a JSON object, got {type(data).__name__}")
            record = make(data)
            if record.id in seen:
                raise BadInput(f"duplicate id, first used on line {seen[record.id]}", record_id=record.id)
        except BadInput as error:
            log.handle(error.at(path=path, line=number))
            continue
        seen[record.id] = number
        yield record


def write_jsonl(path: Path, records: Iterable[Record]) -> int:
    """Write records, one a line; returns how many. The file appears only when all are written."""
    count = 0
    with replacing(path) as partial, partial.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(record.to_line() + "\n")
            count += 1
    return count
