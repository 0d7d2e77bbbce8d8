"""`python -m scripts`: as a user calls it, in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.__main__ import STEPS
from tests.conftest import ROOT, STARTER, Output

MINE = ("--domain", "mini.yml", "--mix", "mine", "--out", "out")
SOURCE: dict[str, Any] = {"reader": "jsonl", "files": {"all": "data.jsonl"}}


def python_m_scripts(folder: Path, *arguments: str) -> Output:
    path = os.pathsep.join([str(ROOT), str(ROOT / "components")])
    done = subprocess.run(
        [sys.executable, "-m", "scripts", *arguments],
        cwd=folder, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Output(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def two_lines(tmp_path: Path, write_domain: Callable[..., Path]) -> Path:
    """A good line and a truncated one."""
    write_domain(own=SOURCE)
    path = tmp_path / "data.jsonl"
    path.write_text('{"id": "a", "text": "Norvane rose"}\n{"id": "b", "text": "cut\n')
    return path


def test_bad_input_is_one_message_and_no_traceback(tmp_path: Path, two_lines: Path) -> None:
    done = python_m_scripts(tmp_path, "convert", *MINE)
    assert done.status == 1
    (message,) = done.failures
    assert message.startswith(f"{two_lines}:2: not valid JSON, column 21")
    assert "Traceback" not in done.out + done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.jsonl", "mini.yml"]


def test_skip_lists_what_it_skipped_and_keeps_the_rest(tmp_path: Path, two_lines: Path) -> None:
    done = python_m_scripts(tmp_path, "convert", *MINE, "--on-error", "skip")
    assert done.status == 0
    assert f"Skipped 1 bad records (--on-error skip) {two_lines}:2: not valid JSON" in done.out
    assert "1 documents in out/" in done.out
    assert "Traceback" not in done.out + done.err
    names = {"manifest.json", *(f"{split}.{kind}" for split in ("train", "dev", "test") for kind in ("jsonl", "spacy"))}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names


def test_no_step_prints_the_steps(tmp_path: Path) -> None:
    done = python_m_scripts(tmp_path)
    assert done.status == 2
    assert all(step in done.out for step in STEPS)


def test_many_skipped_records_are_all_in_the_manifest(
    tmp_path: Path, two_lines: Path, run_step: Callable[..., Output]
) -> None:
    two_lines.write_text('{"id": "a", "text": "x"}\n' + '{"id": "b"}\n' * 50)
    done = run_step("convert", *MINE, "--on-error", "skip")
    assert "Skipped 50 bad records" in done.out
    assert "… and 30 more, all of them in manifest.json" in done.out
    skipped = json.loads((tmp_path / "out" / "manifest.json").read_text())["skipped"]
    assert skipped == [f"{two_lines}:{number}: id 'b': text: is missing" for number in range(2, 52)]


def test_nothing_but_bad_records_is_an_error(tmp_path: Path, two_lines: Path, run_step: Callable[..., Output]) -> None:
    two_lines.write_text('{"id": "b"}\n')
    done = run_step("convert", *MINE, "--on-error", "skip")
    assert done.status == 1
    assert "Skipped 1 bad records" in done.out
    assert done.failures == ["mix 'mine': no document is left, nothing was written"]
    assert not (tmp_path / "out").exists()


def test_a_dry_run_names_the_files_and_writes_nothing(
    tmp_path: Path, two_lines: Path, run_step: Callable[..., Output]
) -> None:
    done = run_step("convert", *MINE, "--dry-run")
    assert done.status == 0
    assert f"own: all from {two_lines} by 'jsonl'" in done.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.jsonl", "mini.yml"]


def test_limit_reaches_the_corpus(
    tmp_path: Path, write_domain: Callable[..., Path], run_step: Callable[..., Output]
) -> None:
    for split in ("train", "dev", "test"):
        lines = [json.dumps({"id": f"{split}-{number}", "text": f"{split} text {number}"}) for number in range(20)]
        (tmp_path / f"{split}.jsonl").write_text("\n".join(lines))
    write_domain(own=SOURCE | {"files": {split: f"{split}.jsonl" for split in ("train", "dev", "test")}})
    assert run_step("convert", *MINE, "--limit", "8").status == 0
    counts = {path.stem: len(path.read_text().splitlines()) for path in (tmp_path / "out").glob("*.jsonl")}
    assert counts == {"train": 8, "dev": 2, "test": 20}


MISTAKES = {
    "no such file": (("--domain", "mini.yml", "--mix", "mine"), "source 'own': no file matches 'data.jsonl'"),
    "no such domain": (("--domain", "yours.yml"), "yours.yml: cannot read the domain file"),
    "no such mix": (("--domain", "mini.yml", "--mix", "yours"), "unknown mix 'yours': the domain has mine"),
    "unknown policy": (
        ("--domain", "mini.yml", "--on-error", "ignore"),
        "--on-error must be one of error, skip, got 'ignore'",
    ),
    "unknown alignment": (
        ("--domain", "mini.yml", "--align", "guess"),
        "--align must be one of error, expand, drop, got 'guess'",
    ),
}


@pytest.mark.parametrize(("options", "reason"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_call_is_one_message(
    write_domain: Callable[..., Path], run_step: Callable[..., Output], options: tuple[str, ...], reason: str
) -> None:
    write_domain(own=SOURCE)
    done = run_step("convert", *options)
    assert done.status == 1
    (message,) = done.failures
    assert message.startswith(reason)


def test_an_unknown_step_names_those_there_are(run_step: Callable[..., Output]) -> None:
    done = run_step("conver")
    assert done.status == 2
    assert "Unknown step 'conver'" in done.out
    assert "check-markup" in done.out


def test_check_markup_accepts_the_starter_corpus(run_step: Callable[..., Output]) -> None:
    domain = str(ROOT / "configs" / "finance.yml")
    files = sorted(map(str, STARTER.glob("*.txt")))
    done = run_step("check-markup", *files, "--domain", domain)
    assert (done.status, done.failures) == (0, [])
    assert "documents are fine" in done.out


def test_check_markup_reports_every_problem(tmp_path: Path, run_step: Callable[..., Output]) -> None:
    text = "[Norvane](ORG) lifted its forecast for the year because orders for pumps came back in force"
    header = "@ {} sentiment=neutral category=macro kind=wire\n{}\n\n"
    (tmp_path / "a.txt").write_text(
        header.format("a-1", text) + header.format("a-2", f"{text} again") + header.format("a-3", "[broken")
        + header.format("a-4", "a [12](QUANTITY 12 month)months plan")
    )  # fmt: skip
    (tmp_path / "b.txt").write_text(header.format("a-1", "Something else altogether"))
    done = run_step("check-markup", "a.txt", "b.txt", "--domain", str(ROOT / "configs" / "finance.yml"))
    assert done.status == 1
    problems = " | ".join(done.failures)
    assert "a.txt:7: id 'a-3': '[broken' is never closed" in problems
    assert "id 'a-4': QUANTITY 2-4 '12' does not align with the tokens '12months'" in problems
    assert "ids 'a-1' and 'a-2' share" in problems
    assert "id 'a-1': used in two files" in problems
    assert "4 problems in 4 good documents" in problems
