"""`experiment` from plan to report, with steps that write their files and train nothing."""

import importlib
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import srsly
import typer.main

from scripts import experiment
from scripts.experiments.inputs import Settings
from scripts.experiments.steps import LOG, how_it_ended, run_step, step_arguments
from tests.conftest import Output

CONFIG = """\
[training]
dropout = 0.1

[corpora]

[corpora.train]
share = 1.0
"""
TWO: dict[str, Any] = {
    "title": "With and without",
    "description": "Dropout, and none.",
    "seeds": [0, 1],
    "baseline": "full",
    "variants": {"full": {}, "bare": {"description": "no dropout", "set": {"training.dropout": 0.0}}},
}
CURVE: dict[str, Any] = {
    "title": "Curve",
    "seeds": [0],
    "baseline": "all",
    "x_label": "share of the documents",
    "variants": {
        "half": {"x": 0.5, "set": {"corpora.train.share": 0.5}},
        "all": {"x": 1, "set": {"corpora.train.share": 1.0}},
    },
}
# By variant and seed.
SCORES = {("full", 0): 0.80, ("full", 1): 0.84, ("bare", 0): 0.70, ("bare", 1): 0.76}


def metric(value: float | None) -> dict[str, float | None]:
    return {"value": value, "low": None, "high": None}


def evaluation(variant: str, seed: int) -> dict[str, Any]:
    """What `evaluate` writes, as far as it is read. `bare` has no calibration error, and no score on one source."""
    score = SCORES.get((variant, seed), 0.5)
    scores = {"ents_f": score, "ents_p": 0.0, "tone_macro_f": 0.6}
    return {
        "scores": scores if variant == "bare" else {**scores, "tone_ece": 0.05},
        "entities": {
            "by_source": {
                "news": {"documents": 3, "metrics": {"recogniser_f1": metric(score)}},
                "posts": {
                    "documents": 2, "metrics": {"recogniser_f1": metric(None if variant == "bare" else 0.0)}
                },
            }
        },
        "classifiers": {"tone": {"by_source": {}}},
    }  # fmt: skip


class FakeSteps:
    """Stands for the processes: writes what the steps write.

    calls (list): (variant, seed, step). broken (dict): (variant, seed) to the step that fails.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, int, str]] = []
        self.commands: list[list[str]] = []
        self.broken: dict[tuple[str, int], str] = {}
        self.silent = False

    def __call__(self, arguments: Sequence[str], log: Path) -> int:
        step, *rest = arguments
        options = dict(zip(rest[::2], rest[1::2], strict=False))
        folder = log.parent
        variant, seed = folder.parent.name, int(folder.name.removeprefix("seed-"))
        self.calls.append((variant, seed, step))
        self.commands.append(list(arguments))
        with log.open("a", encoding="utf-8") as file:
            file.write(f"$ {step}\n\n")
            if self.broken.get((variant, seed)) == step:
                file.writelines(f"line {number}\n" for number in range(30))
                file.write("ValueError: no luck\n")
                return 1
        if step == "train":
            for name in ("model-best", "model-last"):
                (folder / name).mkdir()
                (folder / name / "meta.json").write_text("{}")
            (folder / "log.jsonl").write_text("{}\n")
        else:
            assert (Path(options["--model"]) / "meta.json").exists()
        if step == "evaluate" and not self.silent:
            report = folder / "report"
            report.mkdir()
            (report / "evaluation.json").write_text(json.dumps(evaluation(variant, seed)))
        return 0


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> FakeSteps:
    fake = FakeSteps()
    monkeypatch.setattr(experiment, "run_step", fake)
    return fake


@pytest.fixture
def run(tmp_path: Path, run_step: Callable[..., Output], steps: FakeSteps) -> Callable[..., Output]:
    """`run("--dry-run")`, of the experiment in two.yml; another: `run("--dry-run", name="curve")`."""
    (tmp_path / "train.cfg").write_text(CONFIG)
    for name in ("domain.yml", "companies.csv"):
        (tmp_path / name).write_text(name)
    srsly.write_yaml(tmp_path / "two.yml", TWO)
    srsly.write_yaml(tmp_path / "curve.yml", CURVE)
    write_manifest(tmp_path)
    common = ("--config", "train.cfg", "--domain", "domain.yml", "--gazetteer", "companies.csv", "--out", "runs")

    def call(*arguments: str, name: str = "two") -> Output:
        steps.calls.clear()
        return run_step("experiment", f"{name}.yml", *common, *arguments)

    return call


def write_manifest(folder: Path, **sha256: str) -> None:
    splits = {"train": "a", "dev": "b", "test": "c"} | sha256
    source = {"documents": dict.fromkeys(splits, 10)}
    (folder / "corpus").mkdir(exist_ok=True)
    (folder / "corpus" / "manifest.json").write_text(
        json.dumps({"domain": "mini", "mix": "mine", "sources": {"own": source}, "sha256": splits})
    )


def report(folder: Path, name: str = "two") -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "reports" / "experiments" / f"{name}.json").read_text())
    return data


def tables(folder: Path, name: str = "two") -> str:
    return (folder / "reports" / "experiments" / f"{name}.md").read_text()


def files_of(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


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


def test_the_report_has_means_deviations_and_paired_differences(tmp_path: Path, run: Callable[..., Output]) -> None:
    done = run()
    data = report(tmp_path)
    full, bare = data["variants"]["full"], data["variants"]["bare"]
    assert (full["seeds"], full["missing"], data["baseline"]) == ([0, 1], [], "full")
    assert full["scores"]["ents_f"] == {
        "values": {"0": 0.8, "1": 0.84}, "mean": 0.82, "deviation": 0.028284, "difference": None
    }  # fmt: skip
    assert bare["scores"]["ents_f"]["difference"] == {"values": {"0": -0.1, "1": -0.08}, "mean": -0.09, "error": 0.01}
    assert bare["by_source"]["entities"]["news"]["recogniser_f1"]["mean"] == 0.73
    text = tables(tmp_path)
    assert "| variant | entities F1 | tone macro F1 | training minutes | seeds |" in text
    assert "| full | 0.820 ± 0.028 | 0.600 ± 0.000 | 0.0 ± 0.0 | 2 |" in text
    assert "| bare | −0.090 ± 0.010 | +0.000 ± 0.000 | +0.0 ± 0.0 |" in text
    assert "| bare | no dropout | `training.dropout = 0.0` |" in text
    assert "With 2 seeds, a difference of less than 12.7 standard errors" in text
    assert "| full | – | – |" not in text
    assert "bare −0.090 ± 0.010" in done.out


def test_what_a_variant_does_not_say_is_a_dash_and_never_0(tmp_path: Path, run: Callable[..., Output]) -> None:
    run()
    text = tables(tmp_path)
    assert "tone_ece" not in report(tmp_path)["variants"]["bare"]["scores"]
    assert "| variant | tone calibration error | seeds |" in text
    assert "| bare | – | 2 |" in text
    assert "| posts | recogniser F1 | 0.000 ± 0.000 | – |" in text
    assert "| entities precision | 0.000 ± 0.000 | 0.000 ± 0.000 |" in text


def test_one_seed_has_no_deviation(tmp_path: Path, run: Callable[..., Output]) -> None:
    srsly.write_yaml(tmp_path / "two.yml", TWO | {"seeds": [1]})
    assert run().status == 0
    text = tables(tmp_path)
    assert "| full | 0.840 ± – | 0.600 ± – | 0.0 ± – | 1 |" in text
    assert "One seed, so that there is no deviation" in text
    assert "With one seed there is no error" in text


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("two", {}, ["difference to “full” on 2 seeds", "entities F1", "right of the line is better", "bare"]),
        ("two", {"baseline": None}, ["mean over 2 seeds", "entities F1", "score on the test documents", "full"]),
        ("curve", {}, ["share of the documents", "entities F1", "score on the test documents", "mean over 1 seed,"]),
    ],
    ids=["differences", "scores", "curve"],
)
def test_the_plot_can_be_read_alone(
    tmp_path: Path, run: Callable[..., Output], name: str, changes: dict[str, Any], words: list[str]
) -> None:
    data = (TWO if name == "two" else CURVE) | changes
    srsly.write_yaml(tmp_path / f"{name}.yml", {key: value for key, value in data.items() if value is not None})
    assert run(name=name).status == 0
    svg = (tmp_path / "reports" / "experiments" / f"{name}.svg").read_text()
    # Matplotlib writes a word at a time.
    text = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))
    assert all(word in text for word in [data["title"], *words])
    assert f"]({name}.svg)" in tables(tmp_path, name)


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


def test_runs_of_several_commits_are_remarked(tmp_path: Path, run: Callable[..., Output]) -> None:
    run()
    for seed, commit in enumerate("ab"):
        path = tmp_path / "runs" / "two" / "full" / f"seed-{seed}" / "run.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"git_commit": commit * 40, "git_dirty": bool(seed)}))
    run("--report-only")
    assert report(tmp_path)["remarks"] == [
        f"The runs come from 2 commits of the code: {'a' * 10}, {'b' * 10}.",
        "A run was done with uncommitted changes: the commit alone may not reproduce its numbers.",
    ]


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
