"""A worker: a shard becomes a part, in the order of its rows, and bad rows."""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from bellwether.attributes import register_head, set_field
from scripts.annotation import annotator as module
from scripts.annotation.annotator import Annotator, analyze_window, quarantine_shard, windows
from scripts.annotation.output import Scope, appearing
from scripts.annotation.reading import read_documents, record_of
from scripts.records import Record
from tests.conftest import ROOT
from tests.scripts.annotation_project import bad_rows, ids, make_job, make_pipeline, texts, write_lines


class StandIn:
    """A classifier, and trouble on demand."""

    def __init__(self) -> None:
        self.seen = 0

    def __call__(self, doc: Doc) -> Doc:
        self.seen += 1
        if "explode" in doc.text:
            raise ValueError(f"does not\nlike {doc.text}")
        good = 0.75 if "good" in doc.text else 0.25
        doc.cats = {"tone:good": good, "tone:bad": 1.0 - good, "length:short": 0.123456789, "length:long": 0.5}
        set_field(doc, "good" if good > 0.5 else "bad", name="tone")
        set_field(doc, max(good, 1 - good), name="tone_score")
        set_field(doc, 0.5, name="length_score")
        return doc


@Language.factory("annotate_stand_in")
def make_stand_in(nlp: Language, name: str) -> StandIn:
    register_head("tone")
    return StandIn()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_pipeline(tmp_path_factory.mktemp("annotator") / "model")
    nlp = spacy.load(folder)
    nlp.add_pipe("annotate_stand_in")
    nlp.to_disk(folder)
    return folder


def run(model: Path, tmp_path: Path, rows: list[Any], **options: Any) -> tuple[Path, list[int]]:
    """Annotate all shards; RETURNS (tuple): the output folder, and what was told of the progress."""
    job = make_job(model, [write_lines(tmp_path / "in.jsonl", rows)], tmp_path / "out", **options)
    told: list[int] = []
    worker = Annotator(job)
    for shard in job.plan.shards:
        worker.annotate(shard, told.append)
    return job.out, told


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_documents_are_in_the_order_of_the_rows(
    model: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WINDOW_DOCUMENTS", 7)
    rows = texts(50)
    out, told = run(model, tmp_path, rows, format=form, shard_rows=20)
    assert ids(out) == [row["id"] for row in rows]
    for document, row in zip(read_documents(out), rows, strict=True):
        assert document["text"] == row["text"]
        found = [document["text"][span["start"] : span["end"]] for span in document["spans"]]
        assert found[:2] == ["Norvane", row["text"].split()[2]]
        assert document["spans"][1]["value"]["type"] == "money"
    assert sum(told) == 50
    assert max(told) <= 7


def test_a_document_says_all_that_is_known_and_is_a_record(model: Path, tmp_path: Path) -> None:
    row = {"id": "a", "text": "Norvane did good: up 3% in the last quarter", "reference_date": "2031-10-24", "n": 1}
    out, _ = run(model, tmp_path, [row])
    (document,) = read_documents(out)
    labels = ["ORG", "MONEY", "PERCENT", "PERIOD"]
    period = {"type": "period", "start": "2031-07-01", "end": "2031-09-30", "grain": "quarter"}
    assert document | {"spans": []} == {
        "id": "a",
        "text": row["text"],
        "meta": {"n": 1, "reference_date": "2031-10-24"},
        "spans": [],
        "cats": {"tone": "good"},
        "cat_scores": {"tone": {"good": 0.75, "bad": 0.25}, "length": {"short": 0.123457, "long": 0.5}},
        "layers": {"ner": labels, "tone": True},
        "model": {"name": "en_rules", "version": "1.2.3"},
    }
    assert document["spans"][0] == {"start": 0, "end": 7, "label": "ORG", "source": "model"}
    percent = {"type": "percent", "value": "3", "direction": "up"}
    assert document["spans"][1]["value"].items() >= percent.items()
    assert document["spans"][2]["value"].items() >= period.items()
    record = record_of(document)
    assert (record.id, record.cats, record.layers) == ("a", {"tone": "good"}, {"ner": labels, "tone": True})
    assert [span.value is None for span in record.spans] == [True, False, False]


def test_parquet_says_the_same(model: Path, tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "Norvane paid $3m, good", "n": {"x": None}}, {"text": "nothing"}]
    lines, _ = run(model, tmp_path / "lines", rows)
    table, _ = run(model, tmp_path / "table", rows, format="parquet")
    assert list(read_documents(table)) == list(read_documents(lines))
    assert pq.read_table(table).schema.field("spans").type.value_type.field("score").type == "double"


def test_annotated_documents_can_be_annotated_anew(model: Path, tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "Norvane paid $3m", "n": 5, "reference_date": "2031-10-24"}, {"text": "good"}]
    first, _ = run(model, tmp_path, rows)
    for form in ("jsonl", "parquet"):
        job = make_job(model, [first], tmp_path / form / "out", format=form)
        for shard in job.plan.shards:
            Annotator(job).annotate(shard, id)
        assert list(read_documents(job.out)) == list(read_documents(first))
        first = job.out


def test_a_document_that_makes_the_pipeline_raise_is_a_bad_row(model: Path, tmp_path: Path) -> None:
    rows: list[Any] = texts(20)
    rows[3] = {"id": "x", "text": "explode"}
    rows[11] = '{"id": "y", "text": 5}'
    rows[15] = {"id": "z", "text": "explode again"}
    out, told = run(model, tmp_path, rows)
    assert ids(out) == [f"doc-{number}" for number in range(20) if number not in (3, 11, 15)]
    bad = bad_rows(out)
    assert [(row["line"], row["id"]) for row in bad] == [(4, "x"), (12, "y"), (16, "z")]
    assert bad[0]["reason"].startswith("the pipeline raises ValueError: ")
    assert "does not like explode" in bad[0]["reason"]
    assert bad[0]["file"] == str(tmp_path / "in.jsonl")
    assert bad[1]["raw"] == rows[11]
    assert sum(told) == 20


def test_a_document_alone_is_tried_few_times(model: Path) -> None:
    nlp = spacy.load(model)
    records = [Record(id=str(number), text="explode" if number == 37 else "good") for number in range(64)]
    found = analyze_window(nlp, records, 64)
    assert [number for number, answer in enumerate(found) if isinstance(answer, str)] == [37]
    assert nlp.get_pipe("annotate_stand_in").seen < 3 * 64


def test_a_document_that_a_component_drops_is_a_bad_row(model: Path) -> None:
    nlp = spacy.load(model)
    nlp.set_error_handler(lambda name, proc, docs, error: None)
    found = analyze_window(nlp, [Record(id=text, text=text) for text in ("good", "explode", "fine")], 64)
    assert [isinstance(answer, str) for answer in found] == [False, True, False]
    assert found[1] == "a component of the pipeline drops it"


def test_no_bad_row_no_quarantine_and_one_of_an_earlier_try_is_gone(model: Path, tmp_path: Path) -> None:
    job = make_job(model, [write_lines(tmp_path / "in.jsonl", texts(2))], tmp_path / "out")
    quarantine_shard(job, job.plan.shards[0], "it is a test")
    assert [(row["line"], row["id"], row["reason"]) for row in bad_rows(job.out)] == [
        (1, "doc-0", "it is a test"),
        (2, "doc-1", "it is a test"),
    ]
    assert ids(job.out) == []
    Annotator(job).annotate(job.plan.shards[0], id)
    assert ids(job.out) == ["doc-0", "doc-1"]
    assert sorted(path.name for path in job.out.iterdir()) == ["part-000000.jsonl"]


def test_words_of_the_texts_are_forgotten(model: Path, tmp_path: Path) -> None:
    job = make_job(model, [write_lines(tmp_path / "in.jsonl", texts(200))], tmp_path / "out")
    worker = Annotator(job)
    before = len(worker.nlp.vocab.strings)
    worker.annotate(job.plan.shards[0], id)
    assert "$199m" not in worker.nlp.vocab.strings
    assert len(worker.nlp.vocab.strings) - before < 50


@given(st.lists(st.integers(1, 900_000), max_size=600))
def test_windows_are_bounded_and_miss_nothing(lengths: list[int]) -> None:
    order = list(range(len(lengths)))
    found = list(windows(order, lengths))
    assert list(chain.from_iterable(found)) == order
    for window in found:
        assert 1 <= len(window) <= module.WINDOW_DOCUMENTS
        assert len(window) == 1 or sum(lengths[position] for position in window) <= module.WINDOW_CHARACTERS


def test_a_file_that_could_not_be_written_is_not_there(tmp_path: Path) -> None:
    def documents() -> Iterator[dict[str, Any]]:
        yield {"id": "a"}
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        module.write_lines(tmp_path / "part", documents())
    with pytest.raises(FileNotFoundError), appearing(tmp_path / "part"):
        """Nothing is written."""
    assert list(tmp_path.iterdir()) == []


def test_the_scope_is_what_the_components_say(model: Path) -> None:
    scope = Scope.of(spacy.load(model))
    assert scope == Scope(["ORG", "MONEY", "PERCENT", "PERIOD"], tones=False)


def test_the_document_of_the_documentation_is_one() -> None:
    text = (ROOT / "docs" / "annotate.md").read_text(encoding="utf-8")
    document = json.loads(text.partition("```json\n")[2].partition("```")[0])
    record = record_of(document)
    assert [document["text"][span.start : span.end] for span in record.spans] == ["Norvane", "$3m"]
