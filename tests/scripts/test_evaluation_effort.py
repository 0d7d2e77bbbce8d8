"""How fast the pipeline is, and what its training took."""

from pathlib import Path
from typing import Any

import pytest
import spacy

from scripts.evaluation import speed
from scripts.evaluation.cost import training_cost
from scripts.evaluation.report import duration
from scripts.evaluation.speed import BATCH_SIZES, ROUNDS, measure_speed, spread


def test_texts_are_spread_evenly() -> None:
    texts = list("abcdefghij")
    assert spread(texts, 5) == list("acegi")
    assert spread(texts, 20) == texts
    assert spread([], 5) == []


def test_speed_by_batch_size() -> None:
    texts = [f"Norvane rises {number} times" for number in range(250)]
    found = measure_speed(spacy.blank("en"), texts)
    assert (found.texts, found.words, found.rounds) == (200, 800, ROUNDS)
    assert [row.batch_size for row in found.batches] == list(BATCH_SIZES)
    assert all(len(row.seconds) == ROUNDS and row.documents_per_second > 0 for row in found.batches)
    assert found.batches[0].words_per_second == pytest.approx(4 * found.batches[0].documents_per_second, rel=0.01)
    assert found.threads >= 1
    assert found.processor
    assert found.device == "cpu"


def test_a_slow_pipeline_reads_fewer_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seconds a text, and time for 24 of them in each of 12 runs; rounds are interleaved."""
    runs: list[tuple[int, int]] = []

    def time_texts(nlp: Any, texts: list[str], batch_size: int) -> float:
        runs.append((len(texts), batch_size))
        return 2.0 * len(texts)

    monkeypatch.setattr(speed, "time_texts", time_texts)
    found = measure_speed(spacy.blank("en"), ["text"] * 100, max_seconds=24 * 2 * 12)
    assert found.texts == 24
    assert runs[2:] == [(24, size) for size in BATCH_SIZES] * ROUNDS
    assert found.batches[0].documents_per_second == 0.5


def test_the_cost_of_a_training(tmp_path: Path) -> None:
    training = {"seconds": 7200, "steps": 100, "epochs": 2.5, "seed": 3, "processor": "Xeon", "threads": 2}
    found = training_cost({"training": training}, tmp_path / "none", watts=50.0, price_per_kwh=0.3)
    assert found is not None
    assert (found.seconds, found.steps, found.epochs, found.seed) == (7200, 100, 2.5, 3)
    assert (found.processor, found.threads) == ("Xeon", 2)
    assert found.watt_hours == pytest.approx(100.0)
    assert found.price == pytest.approx(0.03)


def test_the_log_tells_what_the_meta_does_not(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text('{"epoch": 0, "step": 10}\n{"epoch": 4, "step": 90}\n{"epo', encoding="utf-8")
    found = training_cost({}, log)
    assert found is not None
    assert (found.steps, found.epochs, found.seconds, found.watt_hours, found.price) == (90, 4, None, None, None)
    found = training_cost({"training": {"steps": 100}}, log)
    assert found is not None
    assert (found.steps, found.epochs) == (100, 4)


@pytest.mark.parametrize("meta", [{}, {"training": None}, {"training": {}}])
def test_nothing_is_known_about_the_training(meta: dict[str, Any], tmp_path: Path) -> None:
    assert training_cost(meta, tmp_path / "log.jsonl") is None


def test_values_of_another_kind_are_unknown(tmp_path: Path) -> None:
    found = training_cost({"training": {"seconds": "long", "steps": True, "seed": 0}}, tmp_path / "none")
    assert found is not None
    assert (found.seconds, found.steps, found.seed) == (None, None, 0)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(4.24, "4.2 s"), (60, "1 min 00 s"), (750.2, "12 min 30 s"), (3599.9, "1 h 00 min"), (7500, "2 h 05 min")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
