"""`run` of an experiment whose steps are `FakeSteps`."""

from collections.abc import Callable
from pathlib import Path

import pytest
import srsly

from scripts import experiment
from tests.conftest import Output
from tests.scripts.experiments.fake_steps import CONFIG, CURVE, TWO, FakeSteps, write_manifest


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
