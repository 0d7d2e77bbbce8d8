"""Sentences with gold values: the authored phrases, and the records of a split cut into sentences."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from bellwether.values import Value, value_from_json

from ...docbin import blank_pipeline
from ...errors import BadInput, ErrorLog, require_file
from ...markup import parse_inline
from ...records import NER, REFERENCE_DATE, Record, make_record, read_jsonl
from .phrases import PHRASES

LABELS = ("MONEY", "PERCENT", "QUANTITY", "PERIOD", "TICKER")
ORG = "ORG"


@dataclass(frozen=True)
class Gold:
    """An expression as annotated; bounds in characters of the sentence, and the text between them."""

    start: int
    end: int
    label: str
    value: Value
    surface: str = ""


@dataclass(frozen=True)
class Sentence:
    """What every tool is given, and what it is measured by.

    day (datetime.date | None): the day it was published, None where it is unknown.
    gold (tuple): its expressions of `LABELS`.
    organisations (tuple): bounds of its ORG spans: the component `company` works on those of the recogniser.
    tokens (int): its length.
    """

    id: str
    text: str
    day: datetime.date | None = None
    gold: tuple[Gold, ...] = ()
    organisations: tuple[tuple[int, int], ...] = ()
    tokens: int = 0


def authored_records() -> list[Record]:
    """RETURNS (list[Record]): the authored phrases."""
    records = []
    for day, sentences in PHRASES.items():
        for number, marked in enumerate(sentences, 1):
            text, spans = parse_inline(marked)
            records.append(
                make_record(
                    {
                        "id": f"phrase-{day or 'undated'}-{number}",
                        "text": text,
                        "spans": spans,
                        "meta": {REFERENCE_DATE: day} if day else {},
                        "layers": {NER: list(LABELS)},
                    }
                )
            )
    return records


def authored_sentences() -> list[Sentence]:
    """RETURNS (list[Sentence]): the authored phrases, one sentence each."""
    nlp = blank_pipeline("en")
    return [_cut(nlp, record, 0, len(record.text), record.id) for record in authored_records()]


def split_sentences(path: Path) -> list[Sentence]:
    """Read the records of a split that were annotated for all of `LABELS`.

    path (Path): `corpus/dev.jsonl`.
    RAISES (BadInput): there is no such file, or no such record in it.
    """
    records = list(read_jsonl(require_file(path, "convert"), ErrorLog()))
    annotated = [record for record in records if set(LABELS) <= set(record.ner_labels or ())]
    if not annotated:
        raise BadInput(f"no record is annotated for {', '.join(LABELS)}: build the mix 'starter'", path=path)
    return list(cut_records(annotated))


def cut_records(records: Iterable[Record]) -> Iterator[Sentence]:
    """Cut records into sentences, never inside a span."""
    nlp = blank_pipeline("en")
    nlp.add_pipe("sentencizer")
    for record in records:
        start = 0
        number = 1
        for sent in nlp(record.text).sents:
            if any(span.start < sent.end_char < span.end for span in record.spans):
                continue
            yield _cut(nlp, record, start, sent.end_char, f"{record.id}.{number}")
            start, number = sent.end_char, number + 1


def _cut(nlp: Language, record: Record, start: int, end: int, name: str) -> Sentence:
    text = record.text[start:end]
    start += len(text) - len(text.lstrip())
    text = text.strip()
    inside = [span for span in record.spans if start <= span.start and span.end <= end]
    return Sentence(
        id=name,
        text=text,
        day=record.reference_date,
        gold=tuple(
            Gold(
                span.start - start,
                span.end - start,
                span.label,
                value_from_json(span.value),
                record.text[span.start : span.end],
            )
            for span in inside
            if span.label in LABELS and span.value is not None
        ),
        organisations=tuple((span.start - start, span.end - start) for span in inside if span.label == ORG),
        tokens=len(nlp.make_doc(text)),
    )


def nearest_to(sentences: Iterable[Sentence], tokens: int, count: int) -> list[Sentence]:
    """RETURNS (list[Sentence]): the sentences whose length is nearest to a number of tokens, in the order of ids."""

    def distance(sentence: Sentence) -> tuple[int, str]:
        return abs(sentence.tokens - tokens), sentence.id

    return sorted(sorted(sentences, key=distance)[:count], key=_id)


def _id(sentence: Sentence) -> str:
    return sentence.id
