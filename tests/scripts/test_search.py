"""The search proposes settings, goes on where it was stopped, and never mixes trials of different inputs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import srsly

from scripts import search
from tests.conftest import ROOT, Output

SPACE: dict[str, Any] = {
    "title": "Two settings",
    "set": {"training.patience": 0},
    "start": {"training.dropout": 0.1},
    "space": {
        "training.dropout": {"low": 0.0, "high": 0.5},
        "training.batcher.size": {"kind": "int", "low": 100, "high": 1000, "log": True},
        "training.optimizer.use_averages": {"choices": [True, False]},
    },
}


class FakeTraining:
    """In the place of `python -m scripts train`: its score is the better the nearer dropout is to 0.2."""

    def __init__(self) -> None:
        self.settings: list[dict[str, Any]] = []
        self.fail: Callable[[dict[str, Any]], bool] = lambda settings: False

    def __call__(self, arguments: list[str], log: Path) -> int:
        assert arguments[0] == "train"
        pairs = [arguments[index + 1] for index, argument in enumerate(arguments) if argument == "--set"]
        settings = {key: json.loads(value) for key, value in (pair.split("=", 1) for pair in pairs)}
        self.settings.append(settings)
        if self.fail(settings):
            log.write_text("no such device\n", encoding="utf-8")
            return 1
        folder = Path(arguments[arguments.index("--out") + 1])
        (folder / "model-best").mkdir()
        score = 0.9 - abs(settings["training.dropout"] - 0.2)
        rows = [{"score": None}, {"score": score - 0.1}, {"score": score}, {"score": score - 0.2}]
        (folder / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return 0


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> FakeTraining:
    fake = FakeTraining()
    monkeypatch.setattr(search, "run_step", fake)
    return fake


@pytest.fixture
def run(run_step: Callable[..., Output], training: FakeTraining, tmp_path: Path) -> Callable[..., Output]:
    srsly.write_yaml(tmp_path / "space.yml", SPACE)
    write_corpus(tmp_path)
    common = ["--config", ROOT / "configs/train.cfg", "--domain", ROOT / "configs/finance.yml"]
    common += ["--gazetteer", ROOT / "assets/gazetteers/companies.csv"]
    return lambda *arguments: run_step("search", "space.yml", *map(str, common), *arguments)


def write_corpus(folder: Path, **sha256: str) -> None:
    splits = {"train": "a", "dev": "b", "test": "c"} | sha256
    manifest = {"domain": "finance", "mix": "m", "sources": {"own": {"documents": dict.fromkeys(splits, 1)}}}
    (folder / "corpus").mkdir(exist_ok=True)
    (folder / "corpus" / "manifest.json").write_text(json.dumps(manifest | {"sha256": splits}), encoding="utf-8")
    (folder / "corpus" / "train.spacy").write_bytes(b"")


def results(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "reports" / "search.json").read_text(encoding="utf-8"))
    return data


def test_trials_start_with_what_is_good_and_the_best_is_told(run, training, tmp_path):
    output = run("--trials", "12")
    assert output.status == 0
    assert len(training.settings) == 12
    assert training.settings[0]["training.dropout"] == 0.1
    for settings in training.settings:
        assert settings["training.patience"] == 0
        assert 0.0 <= settings["training.dropout"] <= 0.5
        assert 100 <= settings["training.batcher.size"] <= 1000
        assert isinstance(settings["training.batcher.size"], int)
        assert settings["training.optimizer.use_averages"] in (True, False)
    trials = results(tmp_path)["trials"]
    scores = [trial["score"] for trial in trials]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == pytest.approx(max(0.9 - abs(item["training.dropout"] - 0.2) for item in training.settings))
    text = (tmp_path / "reports" / "search.md").read_text(encoding="utf-8")
    assert f"training.dropout={trials[0]['settings']['training.dropout']}" in text
    assert not list((tmp_path / "training" / "search").rglob("model-best"))


def test_a_search_goes_on_with_the_trial_that_was_stopped(run, training, tmp_path):
    def stop(settings: dict[str, Any]) -> bool:
        if len(training.settings) == 3:
            raise KeyboardInterrupt
        return False

    training.fail = stop
    assert run("--trials", "4").status != 0
    stopped = training.settings[2]
    training.fail = lambda settings: False
    study = (tmp_path / "training" / "search" / search.STUDY).read_bytes()
    assert "2 of 4 trials done" in run("--trials", "4", "--dry-run").out
    assert (tmp_path / "training" / "search" / search.STUDY).read_bytes() == study
    assert run("--trials", "4").status == 0
    assert len(training.settings) == 5
    assert training.settings[3] == stopped
    assert len(results(tmp_path)["trials"]) == 4
    run("--trials", "4")
    assert len(training.settings) == 5


def test_other_inputs_are_not_mixed(run, training, tmp_path):
    assert run("--trials", "1").status == 0
    write_corpus(tmp_path, dev="other")
    output = run("--trials", "2")
    assert output.status == 1
    assert output.failures[0].startswith("training/search: holds trials of other inputs (dev)")
    assert len(training.settings) == 1


def test_a_failed_trial_is_told_and_the_others_go_on(run, training, tmp_path):
    training.fail = lambda settings: len(training.settings) == 2
    output = run("--trials", "3")
    assert output.status == 0
    assert "trial 1: 'train' ended with status 1" in output.out
    assert "no such device" in output.out
    assert results(tmp_path)["failed"] == 1
    assert len(results(tmp_path)["trials"]) == 3


def test_three_failures_are_no_accident(run, training):
    training.fail = lambda settings: True
    output = run("--trials", "10")
    assert output.status == 1
    assert len(training.settings) == 3
    assert "3 trials failed in this run" in output.failures[-1]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"space": {}}, "space.yml: space: has none: give at least one"),
        ({"space": {"training.dropuot": {"choices": [1, 2]}}, "start": {}}, "has no 'training.dropuot'"),
        ({"space": {"training.dropout": {"low": 1, "high": 0}}}, "low must be below high, got 1 and 0"),
        ({"space": {"training.dropout": {"low": 0, "high": 1, "log": True}}}, "must begin above 0, got 0"),
        ({"start": {"training.seed": 1}}, "start: 'training.seed' is not in 'space': put it under 'set'"),
        ({"set": {"training.dropout": 1}}, "set: 'training.dropout' is in 'space' too: keep one"),
        ({"spaces": {}}, "spaces: unknown key; there are title, description, set, start, space"),
    ],
)
def test_a_wrong_file_is_one_line(run, training, tmp_path, change, problem):
    srsly.write_yaml(tmp_path / "space.yml", SPACE | change)
    output = run("--dry-run")
    assert output.status == 1
    (failure,) = output.failures
    assert problem in failure
    assert training.settings == []


def test_the_shipped_search_begins_with_the_training_config(run, training):
    space = search.load_space(ROOT / "configs" / "search.yml", ROOT / "configs" / "train.cfg")
    config = search.override(ROOT / "configs" / "train.cfg", {})
    for key, value in space.start.items():
        node: Any = config
        for name in key.split("."):
            node = node[name]
        assert node == value, key
