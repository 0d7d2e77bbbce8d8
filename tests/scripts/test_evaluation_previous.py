"""An earlier release on the same test documents: a system of every comparison that it has the component for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.evaluation.baselines import Baseline
from scripts.evaluation.bootstrap import Bootstrap
from scripts.evaluation.comparison import compare_classifiers
from scripts.evaluation.previous import leak_remark
from tests.scripts.evaluation_project import build_project, save_pipeline

SHA256 = {"train": "a", "dev": "b", "test": "c"}


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({}, "does not say which corpus"),
        ({"training": {"seconds": 3.0}, "bellwether": None}, "does not say which corpus"),
        ({"bellwether": {"corpus_sha256": SHA256}}, None),
        ({"training": {"corpus_sha256": {"train": "a"}}}, None),
        ({"calibration": {"split": "dev", "corpus_sha256": "b"}}, None),
        ({"calibration": {"split": "dev", "corpus_sha256": "other"}}, "another build of the corpus"),
        ({"bellwether": {"corpus_sha256": {"train": "x", "dev": "y", "test": "z"}}}, "another build of the corpus"),
        ({"bellwether": {"corpus_sha256": {"train": "c", "test": "z"}}}, "these very test documents"),
        ({"calibration": {"split": "dev", "corpus_sha256": "c"}}, "its split “dev”"),
    ],
)
def test_whether_it_was_trained_on_the_test_documents(meta: dict[str, Any], expected: str | None) -> None:
    remark = leak_remark("en_old 0.1.0", meta, SHA256)
    if expected is None:
        assert remark is None
    else:
        assert remark is not None
        assert expected in remark
        assert "en_old 0.1.0" in remark


def test_answers_about_one_document_are_drawn_together() -> None:
    """Four answers in two documents: documents are counted, answers are tested."""
    gold = ["a", "b", "a", "b"]
    others = [Baseline("previous", "", ["a", None, "a", "a"])]
    found = compare_classifiers(
        gold, gold, others, known=["a", "b"], bootstrap=Bootstrap(resamples=100), document=[0, 0, 1, 1]
    )
    assert found.documents == 2
    assert found.systems[1].metrics["accuracy"].value == 0.5
    (difference,) = found.differences
    assert difference.metrics["accuracy"].low == difference.metrics["accuracy"].high == 0.5, "alike in both documents"
    assert difference.mcnemar is not None
    assert (difference.mcnemar.only_pipeline_right, difference.mcnemar.only_baseline_right) == (2, 0)


@pytest.fixture
def evaluate(
    tmp_path: Path, write_domain: Callable[..., Path], run_step: Callable[..., Any]
) -> Callable[..., dict[str, Any]]:
    """Evaluate the word-list pipeline with more options; RETURNS the JSON."""
    domain = build_project(tmp_path, write_domain, run_step)

    def run(*options: str) -> dict[str, Any]:
        common = ("--model", "model", "--domain", str(domain), "--resamples", "100", "--no-speed")
        step = run_step("evaluate", *common, *options)
        assert step.status == 0, step.out
        found: dict[str, Any] = json.loads((tmp_path / "reports" / "evaluation.json").read_text(encoding="utf-8"))
        return found

    return run


def test_it_is_a_system_of_every_comparison(evaluate: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    save_pipeline(tmp_path / "old", name="old", tones={"rise": "positive"})
    data = evaluate("--previous", "old")
    assert data["previous"] == {
        "name": "en_old",
        "version": "0.0.0",
        "path": "old",
        "description": "",
        "components": ["ner", "sentiment", "topic"],
    }
    systems = {name: [system["name"] for system in found["systems"]] for name, found in data["comparisons"].items()}
    assert systems == {
        "ner": ["pipeline", "gazetteer", "previous"],
        "sentiment": ["pipeline", "majority", "tfidf", "previous"],
        "topic": ["pipeline", "majority", "tfidf", "previous"],
    }
    same = data["comparisons"]["topic"]["differences"][-1]
    assert same["metrics"]["accuracy"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert same["mcnemar"] == {"only_pipeline_right": 0, "only_baseline_right": 0, "p_value": 1.0}
    better = data["comparisons"]["sentiment"]["differences"][-1]
    assert better["metrics"]["accuracy"]["value"] == pytest.approx(6 / 13, abs=1e-6)
    assert better["mcnemar"]["only_pipeline_right"] == 6
    assert "--previous old" in data["run"]["command"]
    assert any("does not say which corpus" in remark for remark in data["remarks"])
    page = (tmp_path / "reports" / "evaluation.html").read_text(encoding="utf-8")
    assert "against the previous release: macro F1" in page
    assert "previous release" in (tmp_path / "reports" / "model_card.md").read_text(encoding="utf-8")


def test_what_it_lacks_is_left_out_with_a_remark(evaluate: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    save_pipeline(tmp_path / "old", ner=False, topic=False)
    data = evaluate("--previous", "old", "--no-baselines")
    assert set(data["comparisons"]) == {"sentiment"}
    for name in ("ner", "topic"):
        assert any(f"has no component “{name}”" in remark for remark in data["remarks"])


def test_labels_that_it_does_not_know_are_named(evaluate: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    save_pipeline(tmp_path / "old", words={"Turku": "LOC"})
    data = evaluate("--previous", "old", "--no-baselines")
    assert any("does not know these entity labels, which count as missed: ORG." in remark for remark in data["remarks"])


def test_a_previous_release_that_is_not_there(
    tmp_path: Path, write_domain: Callable[..., Path], run_step: Callable[..., Any]
) -> None:
    domain = build_project(tmp_path, write_domain, run_step)
    for extra in ([], ["--dry-run"]):
        run = run_step("evaluate", "--model", "model", "--domain", str(domain), "--previous", "nowhere", *extra)
        assert run.status == 1
        assert "no pipeline 'nowhere'" in run.out
        assert "--previous" in run.out
