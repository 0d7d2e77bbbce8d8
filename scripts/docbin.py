"""Records to spaCy `Doc`s and back, and DocBin files (spaCy's binary format), without loss.

What a Doc cannot say by itself (id, meta, layers, values) is kept as plain JSON in `doc.user_data`; see
`bellwether.attributes`. Entities that were not annotated stay unknown (`ENT_IOB` 0), which is not the same as "no
entities". Targets of a tone, whose type is unknown, are in `doc.spans["targets"]`, so that no recogniser learns them
and no scorer of entities counts them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as DocSpan
from spacy.vocab import Vocab

from bellwether.attributes import get_field, get_span_field, get_store, set_field, set_span_field
from bellwether.scoped_textcat import SEPARATOR, best_labels
from bellwether.targets import ENTITY_SENTIMENT, TARGET, TARGETS

from .errors import BadInput, require_file
from .files import replacing
from .records import NER, REFERENCE_DATE, Record, make_record

AlignPolicy = Literal["error", "expand", "drop"]


def blank_pipeline(lang: str) -> Language:
    """A pipeline without components, with the tokenizer that `configs/train.cfg` names."""
    return spacy.blank(lang, config={"nlp": {"tokenizer": {"@tokenizers": "bellwether.Tokenizer.v1"}}})


@dataclass(frozen=True)
class Misalignment:
    """A span that does not begin and end at token boundaries, and what became of it."""

    record_id: str
    start: int
    end: int
    label: str
    text: str
    tokens: str
    action: Literal["expanded", "dropped"]

    def __str__(self) -> str:
        place = f"id {self.record_id!r}: {self.label} {self.start}-{self.end} {self.text!r}"
        return f"{place} {self.action} (tokens {self.tokens!r})"


def _align(doc: Doc, record: Record, policy: AlignPolicy) -> tuple[list[tuple[DocSpan, Any]], list[Misalignment]]:
    aligned: list[tuple[DocSpan, Any]] = []
    misaligned: list[Misalignment] = []
    end_of_last = 0
    for span in record.spans:
        target = doc.char_span(span.start, span.end, label=span.label)
        if target is None:
            tokens = doc.char_span(span.start, span.end, label=span.label, alignment_mode="expand")
            if policy == "error":
                raise BadInput(
                    f"{span.label} {span.start}-{span.end} {record.text[span.start : span.end]!r} does not align with "
                    f"the tokens {tokens.text!r}: mend the offsets, or choose --align expand or drop",
                    record_id=record.id,
                )
            fits = policy == "expand" and tokens.start >= end_of_last
            misaligned.append(
                Misalignment(
                    record.id,
                    span.start,
                    span.end,
                    span.label,
                    record.text[span.start : span.end],
                    tokens.text,
                    "expanded" if fits else "dropped",
                )
            )
            target = tokens if fits else None
        if target is not None:
            end_of_last = target.end
            aligned.append((target, span))
    return aligned, misaligned


def record_to_doc(
    record: Record, tokenizer: Language, *, align: AlignPolicy = "error"
) -> tuple[Doc, list[Misalignment]]:
    """Make a gold Doc.

    record (Record): the record.
    tokenizer (Language): only its tokenizer is used.
    align (str): what to do with a span that does not align with tokens: "error", "expand" to whole tokens, or "drop".
        Where the expanded span would overlap the one before it, it is dropped.
    RETURNS (tuple): the Doc, and the misaligned spans with what became of them.
    RAISES (BadInput): under "error", on the first misaligned span.
    """
    doc = tokenizer.make_doc(record.text)
    aligned, misaligned = _align(doc, record, align)
    store = get_store(doc)
    store["id"] = record.id
    store["meta"] = record.meta
    store["layers"] = record.layers
    if record.reference_date is not None:
        store[REFERENCE_DATE] = record.reference_date.isoformat()
    if record.ner_labels is not None:
        doc.set_ents([span for span, _ in aligned if span.label_ != TARGET], default="outside")
    if targets := [span for span, _ in aligned if span.label_ == TARGET]:
        doc.spans[TARGETS] = targets
    for span, source in aligned:
        if source.value is not None:
            set_span_field(span, source.value, name="value")
        if source.sentiment is not None:
            set_span_field(span, source.sentiment, name="sentiment")
    for layer, label in record.cats.items():
        doc.cats[f"{layer}{SEPARATOR}{label}"] = 1.0
        set_field(doc, label, name=layer)
    return doc, misaligned


def doc_to_record(doc: Doc, *, record_id: str | None = None) -> Record:
    """Read a Doc, gold or predicted, back into a record.

    A Doc that was not made from a record needs `record_id`; its layers are what the Doc holds: entities if any token
    says so, every classifier that has an answer, entity sentiment if it has targets.
    """
    store = get_field(doc, name="layers")
    cats = best_labels(doc)
    spans: list[dict[str, Any]] = []
    targets = [span for span in doc.spans.get(TARGETS, ()) if span.label_ == TARGET]
    for found in (*doc.ents, *targets):
        span: dict[str, Any] = {"start": found.start_char, "end": found.end_char, "label": found.label_}
        for name in ("value", "sentiment"):
            data = get_span_field(found, name=name)
            if data is not None:
                span[name] = data
        spans.append(span)
    if store is None:
        store = dict.fromkeys(cats, True)
        if doc.has_annotation("ENT_IOB"):
            store[NER] = sorted({ent.label_ for ent in doc.ents})
        if targets:
            store[ENTITY_SENTIMENT] = True
    return make_record(
        {
            "id": get_field(doc, name="id") or record_id or "",
            "text": doc.text,
            "meta": get_field(doc, name="meta", default={}),
            "spans": spans,
            "cats": cats,
            "layers": store,
        }
    )


def write_docbin(path: Path, docs: Iterable[Doc]) -> int:
    """Write Docs with all that Bellwether keeps on them; returns how many. The file appears only when it is whole."""
    bin_ = DocBin(store_user_data=True)
    for doc in docs:
        bin_.add(doc)
    with replacing(path) as partial:
        bin_.to_disk(partial)
    return len(bin_)


def read_docbin(path: Path, vocab: Vocab | None = None) -> Iterator[Doc]:
    """Read the Docs of a DocBin file.

    RAISES (BadInput): where the file is missing or is not a DocBin.
    """
    require_file(path, "convert")
    try:
        bin_ = DocBin().from_disk(path)
    except Exception as error:  # zlib, msgpack and spaCy each raise their own
        raise BadInput(
            f"not a DocBin file ({type(error).__name__}): build it again with 'convert'", path=path
        ) from None
    yield from bin_.get_docs(vocab if vocab is not None else spacy.blank("en").vocab)
