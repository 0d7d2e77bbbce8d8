"""`experiment`: what it runs, in which order, and what it does not run again."""

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import srsly
import typer.main

from scripts.experiments.inputs import Settings
from scripts.experiments.steps import LOG, how_it_ended, run_step, step_arguments
from tests.conftest import Output
from tests.scripts.experiments.fake_steps import (
    CONFIG,
    TWO,
    FakeSteps,
    files_of,
    report,
    tables,
    write_manifest,
)

ALL = [("full", 0), ("bare", 0), ("full", 1), ("bare", 1)]


def test_every_variant_runs_with_every_seed(tmp_path: Path, run: Callable[..., Output], steps: FakeSteps) -> None:
    done = run()
    assert (done.status, done.failures) == (0, [])
    assert steps.calls == [(*pair, step) for pair in ALL for step in ("train", "calibrate", "evaluate")]
    folder = tmp_path / "runs" / "two" / "bare" / "seed-1"
    assert files_of(folder) == {"run.json", "log.jsonl", LOG, "report"}
    record = json.loads((folder / "run.json").read_text())
    assert (record["variant"], record["inputs"]["seed"], record["inputs"]["set"]) == (
        "bare", 1, {"training.dropout": 0.0}
    )  # fmt: skip
    assert record["inputs"]["corpus"] == {"train": "a", "dev": "b", "test": "c"}
    assert set(record["seconds"]) == {"train", "calibrate", "evaluate"}
    assert record["scores"]["ents_f"] == 0.76
    assert "bare, seed 1: done in" in done.out


def test_the_steps_get_their_options(run: Callable[..., Output], steps: FakeSteps) -> None:
    run("--only", "bare", "--epochs", "2", "--gpu-id", "0")
    train_call, calibrate_call, evaluate_call = (" ".join(command) for command in steps.commands[3:6])
    assert "--out runs/two/bare/seed-1 --seed 1" in train_call
    assert "--epochs 2.0 --max-steps 0 --set training.dropout=0.0" in train_call
    assert calibrate_call.startswith("calibrate --model runs/two/bare/seed-1/model-best --corpus corpus")
    assert calibrate_call.endswith("--split dev")
    assert "--gpu-id 0 --split test --no-baselines --no-speed" in evaluate_call
    assert evaluate_call.endswith("--out runs/two/bare/seed-1/report")


def test_the_steps_know_the_options() -> None:
    settings = Settings(Path("c"), Path("d"), Path("e"), Path("f"), "g", 0, 0, -1)
    commands = list(step_arguments(settings, Path("o"), Path("r"), seed=0, overrides={"a.b": {"c": ["d e"]}}))
    for step, *arguments in commands:
        command = typer.main.get_command(importlib.import_module(f"scripts.{step}").app)
        known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        assert {argument for argument in arguments if argument.startswith("--")} <= known
    assert commands[0][-1] == 'a.b={"c": ["d e"]}'


def test_what_is_done_is_not_done_again(tmp_path: Path, run: Callable[..., Output], steps: FakeSteps) -> None:
    run()
    before = report(tmp_path)
    assert run().status == 0
    assert steps.calls == []
    assert report(tmp_path)["variants"] == before["variants"]


def change_config(folder: Path) -> None:
    (folder / "train.cfg").write_text(CONFIG + "\n[more]\nx = 1\n")


def change_corpus(folder: Path) -> None:
    write_manifest(folder, dev="other", test="other")


def change_domain(folder: Path) -> None:
    (folder / "domain.yml").write_text("other")


def change_variant(folder: Path) -> None:
    variants = TWO["variants"] | {"bare": {"set": {"training.dropout": 0.9}}}
    srsly.write_yaml(folder / "two.yml", TWO | {"variants": variants})


def break_record(folder: Path) -> None:
    (folder / "runs" / "two" / "bare" / "seed-0" / "run.json").write_text('{"format": 1')


def change_format(folder: Path) -> None:
    path = folder / "runs" / "two" / "bare" / "seed-0" / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))


STALE: dict[str, tuple[Callable[[Path], None], list[tuple[str, int]], str]] = {
    "config": (change_config, ALL, "config"),
    "corpus": (change_corpus, ALL, "corpus (dev, test)"),
    "domain": (change_domain, ALL, "domain"),
    "overrides": (change_variant, [("bare", 0), ("bare", 1)], "overrides"),
    "record": (break_record, [("bare", 0)], "run.json is not readable"),
    "format": (change_format, [("bare", 0)], "run.json is not readable"),
}


@pytest.mark.parametrize(("change", "again", "reason"), STALE.values(), ids=STALE)
def test_what_is_stale_is_said_and_done_again(
    tmp_path: Path,
    run: Callable[..., Output],
    steps: FakeSteps,
    change: Callable[[Path], None],
    again: list[tuple[str, int]],
    reason: str,
) -> None:
    run()
    change(tmp_path)
    listed = run("--dry-run")
    assert listed.out.count(f"to do; what was done is stale: {reason}") == len(again)
    done = run()
    assert [call[:2] for call in steps.calls if call[2] == "train"] == again
    assert f"bare, seed 0: done again, as these are others now: {reason}" in done.out
    run()
    assert steps.calls == []


def test_the_options_of_the_training_are_inputs_too(run: Callable[..., Output], steps: FakeSteps) -> None:
    run()
    assert "stale: encoder, max_steps" in run("--encoder", "other/encoder", "--max-steps", "5", "--dry-run").out
    run("--gpu-id", "0")
    assert steps.calls == []


def test_a_failed_run_is_told_and_the_others_go_on(
    tmp_path: Path, run: Callable[..., Output], steps: FakeSteps
) -> None:
    steps.broken = {("full", 0): "train", ("bare", 1): "evaluate"}
    done = run()
    assert done.status == 1
    first, second, last = done.failures
    assert first.startswith(f"full, seed 0: 'train' ended with status 1; log: runs/two/full/seed-0/{LOG}")
    assert "line 19 line 20" in first
    assert "line 18 " not in first
    assert "ValueError: no luck" in first
    assert second.startswith("bare, seed 1: 'evaluate' ended with status 1")
    assert last.startswith("2 runs failed: full, seed 0; bare, seed 1")
    assert [call[:2] for call in steps.calls if call[2] == "train"] == ALL
    data = report(tmp_path)
    assert (data["variants"]["full"]["seeds"], data["variants"]["full"]["missing"]) == ([1], [0])
    assert data["variants"]["bare"]["scores"]["ents_f"]["difference"] is None
    assert data["remarks"][0] == "2 of 4 runs are not there: full, seed 0; bare, seed 1."
    steps.broken = {}
    assert run().status == 0
    assert [call[:2] for call in steps.calls if call[2] == "train"] == [("full", 0), ("bare", 1)]
    assert report(tmp_path)["variants"]["bare"]["missing"] == []


def test_a_run_that_fails_the_second_time_does_not_count(
    tmp_path: Path, run: Callable[..., Output], steps: FakeSteps
) -> None:
    run()
    change_config(tmp_path)
    steps.broken = {("bare", 0): "calibrate"}
    assert run().status == 1
    assert report(tmp_path)["variants"]["bare"]["missing"] == [0]
    assert not (tmp_path / "runs" / "two" / "bare" / "seed-0" / "run.json").exists()


def test_an_evaluation_without_scores_is_a_failure(run: Callable[..., Output], steps: FakeSteps) -> None:
    steps.silent = True
    done = run("--only", "bare")
    assert done.status == 1
    assert done.failures[0].startswith("bare, seed 0: 'evaluate' left no scores in runs/two/bare/seed-0/report")
    assert "no run of this experiment is done, so there is nothing to report" in done.failures[-1]


def test_models_are_kept_where_they_are_wanted(tmp_path: Path, run: Callable[..., Output]) -> None:
    run("--keep-models")
    assert "model-best" in files_of(tmp_path / "runs" / "two" / "full" / "seed-0")
    assert "model-last" not in files_of(tmp_path / "runs" / "two" / "full" / "seed-0")


def test_a_run_of_another_experiment_is_copied(tmp_path: Path, run: Callable[..., Output], steps: FakeSteps) -> None:
    """The whole corpus is what the recipe trains on anyway."""
    run()
    listed = run("--dry-run", name="curve")
    assert "to copy from runs/two/full/seed-0" in listed.out
    done = run(name="curve")
    assert [call[:2] for call in steps.calls if call[2] == "train"] == [("half", 0)]
    assert "all, seed 0: copied from runs/two/full/seed-0, which had the same inputs" in done.out
    record = json.loads((tmp_path / "runs" / "curve" / "all" / "seed-0" / "run.json").read_text())
    assert (record["experiment"], record["variant"], record["copied_from"]) == ("curve", "all", "runs/two/full/seed-0")
    assert report(tmp_path, "curve")["variants"]["all"]["scores"]["ents_f"]["mean"] == 0.8
    run(name="curve")
    assert steps.calls == []


def test_nothing_is_copied_where_models_are_wanted(run: Callable[..., Output], steps: FakeSteps) -> None:
    run()
    run("--keep-models", name="curve")
    assert [call[:2] for call in steps.calls if call[2] == "train"] == [("half", 0), ("all", 0)]


def test_only_some_variants(tmp_path: Path, run: Callable[..., Output], steps: FakeSteps) -> None:
    assert run("--only", "full").status == 0
    assert {call[0] for call in steps.calls} == {"full"}
    data = report(tmp_path)
    assert data["variants"]["bare"]["scores"] == {}
    assert "| bare | – | – | – | 0 |" in tables(tmp_path)
    assert data["remarks"][0] == "2 of 4 runs are not there: bare, seed 0; bare, seed 1."


def test_a_dry_run_estimates_from_what_was_done(tmp_path: Path, run: Callable[..., Output], steps: FakeSteps) -> None:
    done = run("--dry-run")
    assert "4 of 4 runs to do; no estimate of the time" in done.out
    assert not (tmp_path / "runs").exists()
    run("--only", "full")
    path = tmp_path / "runs" / "two" / "full" / "seed-0" / "run.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"seconds": {"train": 7000.0, "calibrate": 100.0, "evaluate": 100.0}}))
    done = run("--dry-run")
    assert steps.calls == []
    assert "full 0 done took 2 h 00 min" in done.out
    assert "bare 1 to do 1 h 00 min" in done.out
    assert "2 of 4 runs to do: about 2 h 00 min" in done.out
    assert "Would write reports/experiments/two.json, .md and .svg" in done.out
    run("--report-only")
    assert report(tmp_path)["variants"]["full"]["minutes"]["values"]["0"] == pytest.approx(7000 / 60)


def test_an_estimate_is_of_the_same_variant_if_it_can(tmp_path: Path, run: Callable[..., Output]) -> None:
    run()
    for variant, minutes in (("full", 90), ("bare", 5)):
        path = tmp_path / "runs" / "two" / variant / "seed-0" / "run.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"seconds": {"train": 60.0 * minutes}}))
        (tmp_path / "runs" / "two" / variant / "seed-1" / "run.json").unlink()
    done = run("--dry-run")
    assert "full 1 to do 1 h 30 min" in done.out
    assert "bare 1 to do 5 min" in done.out
    assert "2 of 4 runs to do: about 1 h 35 min" in done.out


def test_report_only_runs_nothing(tmp_path: Path, run: Callable[..., Output], steps: FakeSteps) -> None:
    done = run("--report-only")
    assert (done.status, done.failures) == (1, ["two.yml: no run of this experiment is done, so there is nothing to "
                                                "report"])  # fmt: skip
    run("--only", "full")
    (tmp_path / "reports" / "experiments" / "two.json").unlink()
    assert run("--report-only").status == 0
    assert steps.calls == []
    assert report(tmp_path)["variants"]["full"]["seeds"] == [0, 1]
    change_corpus(tmp_path)
    assert "no run of this experiment is done (2 are stale: see --dry-run)" in run("--report-only").failures[0]


def test_mistakes_in_the_call(tmp_path: Path, run: Callable[..., Output], steps: FakeSteps) -> None:
    done = run("--only", "ful")
    assert (done.status, done.failures) == (1, ["two.yml: --only: no variant 'ful'; there are full, bare"])
    (tmp_path / "corpus" / "manifest.json").unlink()
    assert "no corpus here: run the step 'convert' first" in run().failures[0]
    srsly.write_yaml(tmp_path / "two.yml", TWO | {"seeds": []})
    assert run().failures == ["two.yml: seeds: has none: give at least one"]
    assert run(name="three").status == 2
    assert steps.calls == []


def test_a_process_writes_all_it_says_to_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$@"\necho "bad luck" >&2\nexit 3\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    log = tmp_path / LOG
    assert run_step(["train", "--set", 'a.b={"c": 1}'], log) == 3
    assert run_step(["evaluate"], log) == 3
    assert log.read_text().splitlines()[1:] == [
        "$ python -m scripts train --set 'a.b={\"c\": 1}'",
        '-m scripts train --set a.b={"c": 1}',
        "bad luck",
        "",
        "$ python -m scripts evaluate",
        "-m scripts evaluate",
        "bad luck",
    ]


def test_a_stopped_process_is_told_by_its_signal() -> None:
    assert how_it_ended(-9) == "was stopped by the signal SIGKILL, perhaps for want of memory"
    assert how_it_ended(-15) == "was stopped by the signal SIGTERM"
    assert how_it_ended(2) == "ended with status 2"


def test_a_recipe_is_chosen_by_the_scores_of_dev(run: Callable[..., Output], steps: FakeSteps, tmp_path: Path) -> None:
    path = next(tmp_path.rglob("two.yml"))
    run("--only", "bare")
    path.write_text(path.read_text(encoding="utf-8") + "split: dev\n", encoding="utf-8")
    done = len(steps.commands)
    run("--only", "bare")
    calls = [" ".join(command) for command in steps.commands[done:]]
    assert sum("--split dev --no-baselines" in call for call in calls) == len(calls) / 3 > 0
    text = next(tmp_path.rglob("two.md")).read_text(encoding="utf-8")
    assert "On the dev documents" in text
