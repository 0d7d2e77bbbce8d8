"""What the benchmark compares, each in a process of its own, and what happens when one of these fails."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import spacy

from scripts.benchmark.pipelines.contenders import (
    COMPILED,
    TRAINABLE,
    TRAINING_ONLY,
    Contender,
)
from scripts.benchmark.pipelines.contenders.bare_encoder import pack
from scripts.benchmark.pipelines.measure import Group
from scripts.benchmark.pipelines.plan import (
    TOKENS,
    Effort,
    SettingPlan,
)
from scripts.benchmark.pipelines.processes import Process, WorkerFailed, environment
from scripts.benchmark.pipelines.result import Setting
from tests.scripts.benchmark_texts import SOURCES


def test_the_bare_encoder_reads_all_word_pieces_without_padding() -> None:
    ids = np.arange(10 * 20 + 3)
    batches = pack(ids, texts=10, batch_size=4, window=128, most=2048)
    assert [batch.shape for batch in batches] == [(4, 20), (4, 20), (2, 20)]
    assert np.concatenate([batch.ravel() for batch in batches]).tolist() == list(range(200))
    assert pack(ids, texts=10, batch_size=8, window=128, most=60)[0].shape == (3, 20)
    long = pack(np.arange(2 * 600), texts=2, batch_size=2, window=150, most=2048)
    assert [batch.shape for batch in long] == [(8, 150)]


def test_three_pipelines_are_those_that_people_start_with(tiny_encoder: Path) -> None:
    from scripts.benchmark.pipelines.contenders import three_pipelines

    shape = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 96}
    labels = ["ORG", "LOC"]
    three = three_pipelines.ThreePipelines(
        tiny_encoder, shape, labels, {"tone": ["good", "bad"], "kind": ["x", "y"]}, 1
    )
    assert three.recogniser.model.config.id2label == {0: "O", 1: "B-ORG", 2: "I-ORG", 3: "B-LOC", 4: "I-LOC"}
    assert list(three.classifiers) == ["tone", "kind"]
    texts = ["norvane rose in turku today", "kestrel fell again " * 300]
    found = three.recogniser(texts)
    assert sum(len(entities) for entities in found) < 10
    assert {score["label"] for score in three.classifiers["tone"]([texts[0]])[0]} == {"good", "bad"}
    three.reading(texts, 2)()
    three.reading_one(texts[1])()
    assert "transformers" in three.about().versions


# Processes


def test_a_worker_is_started_with_its_threads_and_instructions() -> None:
    found = environment(2, "AVX512_CORE_VNNI")
    assert {found[name] for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")} == {"2"}
    assert (found["OMP_WAIT_POLICY"], found["ONEDNN_MAX_CPU_ISA"]) == ("PASSIVE", "AVX512_CORE_VNNI")
    assert environment(1, None).get("ONEDNN_MAX_CPU_ISA") == os.environ.get("ONEDNN_MAX_CPU_ISA")


@pytest.fixture
def process() -> Iterator[Process]:
    with Process("p", environment(1, None)) as process:
        yield process


def test_a_request_that_fails_is_told_and_the_worker_goes_on(process: Process) -> None:
    with pytest.raises(WorkerFailed, match="load a contender first"):
        process.ask("time", texts="t", count=1, batch_size=1)
    with pytest.raises(WorkerFailed, match="must be one of load"):
        process.ask("dance")
    assert process.ask("memory")["now"] > 1


def test_a_worker_that_died_is_told_at_once(process: Process) -> None:
    process.ask("memory")
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(WorkerFailed, match=r"its process ended in 'memory' .*signal 9"):
        process.ask("memory")


def test_a_worker_that_hangs_is_stopped(process: Process) -> None:
    process.ask("memory")
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(WorkerFailed, match="no answer to 'memory'"):
        process.ask("memory", timeout=0.3)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline of rules, saved."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler: Any = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "Norvane"}])
    path = tmp_path_factory.mktemp("pipeline") / "blank"
    nlp.to_disk(path)
    return path


def test_a_contender_that_dies_is_left_out_and_the_others_go_on(blank: Path) -> None:
    pair = tuple(
        Contender(name, name, "spacy", {"path": str(blank), "without": TRAINING_ONLY}, "")
        for name in (COMPILED, TRAINABLE)
    )
    result = Setting("1 thread", 1, None, amx=False, clock="processor")
    plan = SettingPlan(1, None, pair, (), details=False)
    with Group(plan, result, Effort(rounds=2, seconds=0.001), seed=0) as group:
        group.load()
        group.give("short", SOURCES * 50)
        group.compare("short", tokens=TOKENS, batch_size=8, available=150)
        os.kill(group.processes[TRAINABLE].pid, signal.SIGKILL)
        group.compare("short", tokens=TOKENS, batch_size=32, available=150)
        group.compare_singles("short", available=30)
        assert set(group.processes) == {COMPILED}
    before, after = result.cells
    assert set(before.measures) == {COMPILED, TRAINABLE}
    assert set(after.measures) == set(result.singles) == {COMPILED}
    assert len(after.measures[COMPILED].cpu) == len(after.measures[COMPILED].wall) == 2
    assert "30 tokens, batches of 32: its process ended" in result.errors[TRAINABLE]
