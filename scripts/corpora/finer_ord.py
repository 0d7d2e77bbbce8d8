"""FiNER-ORD (persons, places and organisations in financial news, CC BY-NC 4.0): CSV with a token a row.

`gold_label` is a number (see `TAGS`), and a sentence is a run of rows with one `doc_idx` and `sent_idx`.

Traps: the text is tokenized ("mid - June", "Kenya 's") and is joined again here, with the offsets following; a few
entities begin with an inside tag (a new entity, with a note); HTML entities are cut into tokens ("&", "#", "39", ";");
55 test sentences are in train too, and sentences are repeated (`convert` drops those).
"""

import html
import itertools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..errors import BadInput, ErrorLog
from ..records import NER, Record, make_record
from ..sources import SourceFile, read_rows
from .joining import join_tokens

COLUMNS = ("gold_label", "gold_token", "doc_idx", "sent_idx")
# The type, and whether an entity begins.
TAGS = {
    "0": None,
    "1": ("PER", True),
    "2": ("PER", False),
    "3": ("LOC", True),
    "4": ("LOC", False),
    "5": ("ORG", True),
    "6": ("ORG", False),
}
HEADLESS = "finer_ord: entity that begins with an inside tag"
# "We", "&", "#", "39", ";", "ve"
MOST_PIECES = 6
_HTML_ENTITY = re.compile(r"\w*&(?:#\d+|[a-z]+);\w*")


class Token(NamedTuple):
    """A token and its tag, a key of `TAGS`."""

    text: str
    tag: str


def unescape_tokens(tokens: list[Token]) -> list[Token]:
    """Tokens that together are a word with an HTML entity become one, with the tag of the first."""
    whole = []
    position = 0
    while position < len(tokens):
        for size in range(MOST_PIECES, 1, -1):
            piece = "".join(token.text for token in tokens[position : position + size])
            if _HTML_ENTITY.fullmatch(piece) and html.unescape(piece) != piece:
                whole.append(Token(html.unescape(piece), tokens[position].tag))
                position += size
                break
        else:
            token = tokens[position]
            whole.append(Token(html.unescape(token.text), token.tag))
            position += 1
    return whole


def find_entities(tags: list[str]) -> Iterator[tuple[str, int, int, bool]]:
    """Yield (type, first token, end token, whether it began as it should).

    RAISES (BadInput): where a tag is none of the format's.
    """
    start, kind, well = 0, None, True
    for index, tag in enumerate([*tags, "0"]):
        if tag not in TAGS:
            raise BadInput(f"gold_label '{tag}' is none of {', '.join(TAGS)}")
        entity = TAGS[tag]
        if kind is not None and (entity is None or entity[1] or entity[0] != kind):
            yield kind, start, index, well
            kind = None
        if entity is not None and kind is None:
            kind, well = entity
            start = index


def convert(tokens: list[Token], record_id: str, file: SourceFile, log: ErrorLog) -> Record:
    """The record of a sentence."""
    tokens = unescape_tokens(tokens)
    text, offsets = join_tokens([token.text for token in tokens])
    table = file.source.labels.get(NER, {})
    spans: list[dict[str, Any]] = []
    for kind, first, end, well in find_entities([token.tag for token in tokens]):
        places = [place for place in offsets[first:end] if place[0] < place[1]]
        if not places:
            raise BadInput(f"{kind} {first}-{end} covers blank tokens only")
        if kind not in table:
            raise BadInput(f"unknown entity type '{kind}': the source's table has {', '.join(table)}")
        span = {"start": places[0][0], "end": places[-1][1], "label": table[kind]}
        if not well:
            log.note(HEADLESS, f"{record_id} {span['start']}-{span['end']} {kind}")
        if table[kind] is not None:
            spans.append(span)
    return make_record({"id": record_id, "text": text, "spans": spans, "layers": dict(file.source.layers)})


def read(file: SourceFile, log: ErrorLog) -> Iterator[Record]:
    """Read one part of FiNER-ORD."""
    rows = read_rows(file.path, COLUMNS, log)
    sentences = itertools.groupby(rows, lambda numbered: (numbered[1]["doc_idx"], numbered[1]["sent_idx"]))
    for number, (_, sentence) in enumerate(sentences, 1):
        numbered = list(sentence)
        tokens = [Token(row["gold_token"], row["gold_label"]) for _, row in numbered]
        record_id = file.record_id(number)
        try:
            record = convert(tokens, record_id, file, log)
            file.domain.check_labels(record)
        except BadInput as error:
            log.handle(error.at(path=file.path, line=numbered[0][0], record_id=record_id))
            continue
        yield record
