"""FIRE v1 (named entities of financial text, CC BY 4.0): JSON arrays of tokenized sentences with typed token spans.

Traps: the text is tokenized ("$ 6.5 million", "oil - to - technology") and is joined again here, with the offsets
following; `Quantity` holds percentages (ours: PERCENT) beside bare counts (ours: not a label); some spans overlap (the
longest stays); v1 must not be mixed with v2, whose dev and test hold v1 training sentences.
"""

import re
from collections.abc import Iterator
from typing import Any

from ..errors import BadInput, ErrorLog
from ..records import NER, Record, make_record
from ..sources import SourceFile, read_json_array
from .joining import join_tokens

_PERCENT = re.compile(r"%|\bper\s?cent|\bbasis[\s-]points?\b|\bbps?\b", re.IGNORECASE)
PERCENT_TYPE = "Percent"


def _entity_type(kind: str, surface: str) -> str:
    return PERCENT_TYPE if kind == "Quantity" and _PERCENT.search(surface) else kind


def resolve_overlaps(spans: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Where spans overlap, the longest stays (of equals the first). RETURNS (kept, dropped)."""
    kept: list[dict[str, Any]] = []
    dropped: list[dict[str, Any]] = []
    for span in sorted(spans, key=lambda span: (span["start"] - span["end"], span["start"])):
        free = all(span["end"] <= other["start"] or span["start"] >= other["end"] for other in kept)
        (kept if free else dropped).append(span)
    return kept, dropped


def _convert(item: Any, file: SourceFile, number: int, log: ErrorLog) -> Record:
    record_id = file.record_id(number)
    try:
        tokens = item["tokens"]
        if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
            raise TypeError
        entities = [(entity["type"], int(entity["start"]), int(entity["end"])) for entity in item["entities"]]
    except (KeyError, TypeError, ValueError):
        raise BadInput(
            "not a FIRE sentence: needs 'tokens', a list of texts, and 'entities' with type, start, end",
            record_id=record_id,
        ) from None
    text, offsets = join_tokens(tokens)
    table = file.source.labels.get(NER, {})
    spans = []
    for upstream, first, end in entities:
        if not 0 <= first < end <= len(tokens):
            raise BadInput(f"{upstream} {first}-{end} is outside the {len(tokens)} tokens", record_id=record_id)
        covered = [place for place in offsets[first:end] if place[0] < place[1]]
        if not covered:
            raise BadInput(f"{upstream} {first}-{end} covers blank tokens only", record_id=record_id)
        start_char, end_char = covered[0][0], covered[-1][1]
        kind = _entity_type(upstream, text[start_char:end_char])
        if kind not in table:
            raise BadInput(
                f"unknown entity type '{kind}': the source's table has {', '.join(table)}", record_id=record_id
            )
        label = table[kind]
        if label is not None:
            spans.append({"start": start_char, "end": end_char, "label": label})
    spans, overlapping = resolve_overlaps(spans)
    for span in overlapping:
        place = f"{record_id} {span['start']}-{span['end']} {span['label']}"
        log.note("fire: span inside or across a longer one", place)
    return make_record({"id": record_id, "text": text, "spans": spans, "layers": dict(file.source.layers)})


def read(file: SourceFile, log: ErrorLog) -> Iterator[Record]:
    """Read one part of FIRE."""
    for number, item in enumerate(read_json_array(file.path, log), 1):
        try:
            record = _convert(item, file, number, log)
            file.domain.check_labels(record)
        except BadInput as error:
            log.handle(error.at(path=file.path))
            continue
        yield record
