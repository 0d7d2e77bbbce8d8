"""A worker: it loads the pipeline once, and turns shard after shard into its part and its bad rows."""

import json
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

from bellwether.annotations import Annotations, annotations_of_doc
from bellwether.attributes import make_dated_doc
from bellwether.threads import set_threads

from ..errors import BadInput
from ..records import Record
from .documents import make_document, row_id
from .folder import part_path, quarantine_path
from .output import WRITERS, Scope, make_output, write_lines
from .plan import Plan, Shard
from .rows import Row, RowReader

# Docs that are in memory at the same time.
WINDOW_DOCUMENTS = 256
WINDOW_CHARACTERS = 500_000
_MAX_REASON = 1_000


@dataclass(frozen=True)
class Job:
    """What every worker is told.

    model (str): folder or package. paths (list): the inputs of the plan. out (Path): the output folder; all of them as
        each worker reaches them. batch_size (int): docs that a component gets at a time.
    """

    model: str
    plan: Plan
    paths: list[Path]
    out: Path
    threads: int = 1
    batch_size: int = 64


class Annotator:
    """Made in the process that uses it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.nlp = spacy.load(job.model)
        set_threads(self.nlp, job.threads)
        self.scope = Scope.of(self.nlp)
        self.rows = RowReader()

    def annotate(self, shard: Shard, advance: Callable[[int], object]) -> None:
        """Write the part of a shard, and before it its bad rows.

        advance (Callable): is told of rows that are done.
        RAISES (BadInput, OSError): the input was changed, the output cannot be written.
        """
        plan, path = self.job.plan, self.job.paths[shard.input]
        name = plan.inputs[shard.input].name
        rows, records, bad = [], [], []
        for row in self.rows.read(shard, plan.inputs[shard.input], path):
            try:
                records.append(make_document(row, name, plan.options))
                rows.append(row)
            except BadInput as error:
                bad.append((row, error.problem))
        advance(len(bad))
        documents = []
        for row, record, found in zip(rows, records, self.analyze(records, advance), strict=True):
            if isinstance(found, str):
                bad.append((row, found))
            else:
                documents.append(make_output(record, found, self.scope, plan.model))
        write_shard(self.job, shard, documents, bad)

    def analyze(self, records: Sequence[Record], advance: Callable[[int], object]) -> list[Annotations | str]:
        """RETURNS (list): for each record what was found, or why it could not be annotated."""
        found: list[Annotations | str] = [""] * len(records)
        # Texts of one length go together, which saves padding.
        order = sorted(range(len(records)), key=lambda position: len(records[position].text))
        for window in windows(order, [len(records[position].text) for position in order]):
            answers = analyze_window(self.nlp, [records[position] for position in window], self.job.batch_size)
            for position, answer in zip(window, answers, strict=True):
                found[position] = answer
            advance(len(window))
        return found


def windows(items: Sequence[int], lengths: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut into windows of a bounded number of documents and, unless a document alone has more, of characters."""
    cuts, characters = [0], 0
    for position, length in enumerate(lengths):
        if position > cuts[-1] and (position - cuts[-1] == WINDOW_DOCUMENTS or characters + length > WINDOW_CHARACTERS):
            cuts.append(position)
            characters = 0
        characters += length
    for start, end in pairwise([*cuts, len(items)]):
        if start < end:
            yield items[start:end]


def analyze_window(nlp: Language, records: Sequence[Record], batch_size: int) -> list[Annotations | str]:
    """Analyse texts inside one memory zone. Where the pipeline raises, halves are tried on their own, down to the
    document that makes it.

    RETURNS (list): for each record what was found, or why it could not be annotated.
    """
    with nlp.memory_zone():
        try:
            texts = (make_dated_doc(nlp, record.text, record.reference_date) for record in records)
            docs = nlp.pipe(texts, batch_size=batch_size)
            found: list[Annotations | str] = [annotations_of_doc(doc) for doc in docs]
            if len(found) == len(records):
                return found
            problem = "a component of the pipeline drops it"
        except Exception as error:  # as text: an error may hold docs, which must not outlive the zone
            problem = f"the pipeline raises {describe_error(error)}"
    if len(records) == 1:
        return [problem]
    middle = len(records) // 2
    return [answer for half in (records[:middle], records[middle:]) for answer in analyze_window(nlp, half, batch_size)]


def describe_error(error: Exception) -> str:
    """The error in one line, and where it was raised."""
    text = " ".join("".join(traceback.format_exception_only(error)).split())
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return text[:_MAX_REASON] + place


def write_shard(job: Job, shard: Shard, documents: list[dict[str, Any]], bad: list[tuple[Row, str]]) -> None:
    """Write the bad rows, in their order, then the part: with it the shard is done."""
    quarantine = quarantine_path(job.out, shard.number)
    if bad:
        write_lines(quarantine, (_bad_row(job, shard, row, reason) for row, reason in sorted(bad, key=_line)))
    else:
        quarantine.unlink(missing_ok=True)  # of an earlier try
    form = job.plan.options.format
    WRITERS[form](part_path(job.out, shard.number, form), documents)


def quarantine_shard(job: Job, shard: Shard, reason: str) -> None:
    """Put all rows of a shard into quarantine; those that cannot be read, for their own reason."""
    rows = RowReader().read(shard, job.plan.inputs[shard.input], job.paths[shard.input])
    write_shard(job, shard, [], [(row, row.problem or reason) for row in rows])


def _line(bad: tuple[Row, str]) -> int:
    return bad[0].line


def _bad_row(job: Job, shard: Shard, row: Row, reason: str) -> dict[str, Any]:
    return {
        "file": str(job.paths[shard.input]),
        "line": row.line,
        "id": row_id(row, job.plan.options),
        "reason": reason,
        "raw": row.raw_text,
    }


def count_bad_rows(out: Path) -> int:
    count = 0
    for path in out.glob("quarantine-*.jsonl"):
        with path.open("rb") as file:
            count += sum(1 for _ in file)
    return count


def first_bad_rows(out: Path, count: int) -> Iterator[dict[str, Any]]:
    """The first of the bad rows, in the order of the inputs."""
    for path in sorted(out.glob("quarantine-*.jsonl")):
        with path.open(encoding="utf-8") as file:
            for line in file:
                if count == 0:
                    return
                count -= 1
                yield json.loads(line)
