"""Loading, and the batch in its memory zone."""

import sys
import types
from pathlib import Path

import pytest
from spacy.language import Language

from service.inference import (
    Job,
    PipelineFailed,
    PipelineNotFound,
    analyze_batch,
    check_pipeline_exists,
    load_pipeline,
)


def test_words_are_forgotten_after_a_batch(stand_in: Language) -> None:
    analyze_batch(stand_in, [Job("good Northmoor Systems today")])
    before = len(stand_in.vocab.strings)
    for round_ in range(20):
        analyze_batch(stand_in, [Job(f"unseen{round_}x{number}") for number in range(20)])
    assert len(stand_in.vocab.strings) == before
    assert "unseen0x0" not in stand_in.vocab


def test_a_failed_batch_leaves_the_pipeline_as_it_was(stand_in: Language) -> None:
    jobs = [Job("Northmoor Systems is good today"), Job("Zoë Café")]
    expected = analyze_batch(stand_in, jobs)
    before = len(stand_in.vocab.strings)
    for round_ in range(20):
        with pytest.raises(PipelineFailed, match="ValueError: the component does not like this text") as caught:
            analyze_batch(stand_in, [Job(f"unseen{round_} good"), Job("explode"), Job("more")])
        # Nothing of the docs survives in the error.
        assert caught.value.__cause__ is None
        assert caught.value.__context__ is None
    assert len(stand_in.vocab.strings) == before
    assert analyze_batch(stand_in, jobs) == expected


def test_no_jobs(stand_in: Language) -> None:
    assert analyze_batch(stand_in, []) == []


def test_torch_threads_are_set_where_the_pipeline_brought_torch(
    pipeline_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    monkeypatch.setitem(sys.modules, "torch", types.SimpleNamespace(set_num_threads=counts.append))
    load_pipeline(str(pipeline_path), 3)
    monkeypatch.setitem(sys.modules, "torch", None)
    load_pipeline(str(pipeline_path), 3)
    assert counts == [3]


def test_a_missing_pipeline_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        PipelineNotFound, match=r"no pipeline 'en_none_such'.*pip install.*--pipeline training/model-best"
    ):
        check_pipeline_exists("en_none_such")
    with pytest.raises(PipelineNotFound, match=r"holds no pipeline \(no config.cfg\)"):
        check_pipeline_exists(str(tmp_path))
    with pytest.raises(PipelineNotFound):
        check_pipeline_exists("")
