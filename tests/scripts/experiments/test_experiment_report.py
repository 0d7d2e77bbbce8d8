"""`experiment`: the tables, the plot and the remarks of its report."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import srsly

from tests.conftest import Output
from tests.scripts.experiments.fake_steps import CURVE, TWO, report, tables


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
    assert "| full | 0.840 | 0.600 | 0.0 | 1 |" in text
    assert "One seed, so that there is no deviation" in text
    assert "With one seed there is no error" in text


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("two", {}, ["mean over 2 seeds", "entities F1", "less that of “full”; right of the line is better", "bare"]),
        ("two", {"baseline": None}, ["mean over 2 seeds", "entities F1", "score on the test documents", "full"]),
        ("curve", {}, ["share of the documents", "entities F1", "score on the test documents", "1 seed"]),
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
    assert ("bars" in text) == (len(data["seeds"]) > 1)
    assert f"]({name}.svg)" in tables(tmp_path, name)


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
