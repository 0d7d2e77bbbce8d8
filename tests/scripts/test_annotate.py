"""`python -m scripts annotate`: with an engine in this process, then with real processes that are killed."""

import json
import multiprocessing
import os
import re
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import annotate as step
from tests.conftest import Output
from tests.scripts.annotation_project import (
    InProcess,
    bad_rows,
    ids,
    make_pipeline,
    parts,
    processes_of,
    start,
    texts,
    wait_until,
    write_lines,
    write_many,
)

Run = Callable[..., Output]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pipeline(tmp_path_factory.mktemp("annotate") / "model")


@pytest.fixture
def run(run_step: Run, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the step on in.jsonl into out, in this process."""
    monkeypatch.setattr(step, "LocalEngine", InProcess)
    monkeypatch.setattr(InProcess, "stop_before", None)
    write_lines(tmp_path / "in.jsonl", texts(50))

    def annotate(*options: object, into: str = "out", inputs: tuple[str, ...] = ("in.jsonl",)) -> Output:
        return run_step("annotate", *inputs, into, "--model", str(model), "--shard-rows", "10", *map(str, options))

    return annotate


ALL = [f"doc-{number}" for number in range(50)]
OUT = Path("out")


def test_a_run_writes_parts_a_manifest_and_a_summary(run: Run, tmp_path: Path) -> None:
    done = run()
    assert (done.status, done.failures) == (0, [])
    assert "50 documents in out/part-*.jsonl" in done.out
    assert ids(OUT) == ALL
    names = [f"part-00000{number}.jsonl" for number in range(5)]
    assert sorted(path.name for path in OUT.iterdir()) == ["manifest.json", *names, "summary.json"]
    summary = json.loads((OUT / "summary.json").read_text())
    assert (summary["documents"], summary["bad_rows"], summary["parts"]) == (50, 0, 5)


def test_formats_side_by_side_with_bad_rows(run: Run, tmp_path: Path) -> None:
    write_lines(tmp_path / "in" / "a.jsonl", [b'{"text": "Norvane"}', b"", b"\xff", b'{"text": ""}'])
    (tmp_path / "in" / "b.csv").write_text('text,id\n"two\nlines",x\nshort\n')
    done = run("--format", "parquet", inputs=("in", "in.jsonl"))
    assert done.status == 0
    assert ids(OUT) == ["a.jsonl:1", "x", *ALL]
    assert [(Path(row["file"]).name, row["line"]) for row in bad_rows(OUT)] == [
        ("a.jsonl", 3),
        ("a.jsonl", 4),
        ("b.csv", 4),
    ]
    assert "3 bad rows in out/quarantine-*.jsonl" in done.out
    assert f"{tmp_path}/in/b.csv:4: 1 fields, the header has 2" in done.out
    anew = run("--format", "jsonl", into="lines", inputs=("out",))
    assert anew.status == 0
    assert ids(Path("lines")) == ids(OUT)


def test_bad_rows_fail_the_step_if_asked_for_but_only_at_the_end(run: Run, tmp_path: Path) -> None:
    write_lines(tmp_path / "in.jsonl", ["{", *texts(3)])
    assert run("--on-error", "error").status == 1
    assert ids(OUT) == ALL[:3]
    assert run().status == 0
    assert run("--on-error", "error").status == 1


def test_a_stopped_run_goes_on_with_what_is_not_done(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InProcess, "stop_before", 2)
    done = run()
    assert done.status == 130
    assert "Stopped. What is done stays in out: the same command goes on from there" in done.out
    assert not (OUT / "summary.json").exists()
    before = {path: path.stat().st_mtime_ns for path in OUT.glob("part-*")}
    assert len(before) == 2
    # What a process that was killed was writing.
    (OUT / "part-000003.jsonl.0123456789ab.tmp").write_text('{"id": "half')
    assert "2 of them done" in run("--dry-run").out
    monkeypatch.setattr(InProcess, "stop_before", None)
    done = run()
    assert done.status == 0
    assert "20 of 50 documents were done before" in done.out
    assert ids(OUT) == ALL
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert not list(OUT.glob("*.tmp"))


def test_a_run_that_is_done_loads_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run().status == 0
    monkeypatch.setattr(step, "LocalEngine", None)
    assert run().status == 0


def other_model(tmp_path: Path) -> list[str]:
    return ["--model", str(make_pipeline(tmp_path / "other", version="2.0.0"))]


def changed_input(tmp_path: Path) -> list[str]:
    path = tmp_path / "in.jsonl"
    path.write_bytes(path.read_bytes().replace(b"doc-49", b"doc-94"))
    return []


CHANGES: dict[str, tuple[Callable[[Path], list[str]], str]] = {
    "model": (other_model, "the model was en_rules 1.2.3"),
    "input": (changed_input, "in.jsonl was changed"),
    "option": (lambda _: ["--text-field", "body"], "text-field was 'text' and is 'body'"),
    "shards": (lambda _: ["--shard-rows", "20"], "shard-rows was 10 and is 20"),
}


@pytest.mark.parametrize(("change", "reason"), CHANGES.values(), ids=CHANGES)
def test_another_run_is_not_mixed_in(
    run: Run, tmp_path: Path, change: Callable[[Path], list[str]], reason: str
) -> None:
    assert run().status == 0
    before = {path: path.read_bytes() for path in OUT.iterdir()}
    done = run(*change(tmp_path))
    assert done.status == 1
    (message,) = done.failures
    assert message.startswith("out: holds documents of another run: ")
    assert reason in message
    assert "name another folder, or add --restart" in message
    assert {path: path.read_bytes() for path in OUT.iterdir()} == before


def test_another_set_of_files_is_not_mixed_in(run: Run, tmp_path: Path) -> None:
    assert run().status == 0
    write_lines(tmp_path / "more.jsonl", texts(1))
    assert "more.jsonl is new" in run(inputs=("in.jsonl", "more.jsonl")).failures[0]
    assert "in.jsonl is not among the inputs" in run(inputs=("more.jsonl",)).failures[0]


def test_restart_begins_anew_and_leaves_other_files_alone(run: Run, tmp_path: Path) -> None:
    write_lines(tmp_path / "in.jsonl", [*texts(30), "{"])
    assert run().status == 0
    (OUT / "notes.txt").write_text("mine")
    write_lines(tmp_path / "in.jsonl", texts(15))
    assert run("--restart", "--format", "parquet").status == 0
    assert ids(OUT) == ALL[:15]
    assert bad_rows(OUT) == []
    assert (OUT / "notes.txt").read_text() == "mine"


def test_an_input_that_was_only_touched_is_the_same(run: Run, tmp_path: Path) -> None:
    assert run().status == 0
    (OUT / "part-000002.jsonl").unlink()
    os.utime(tmp_path / "in.jsonl", ns=(1, 1))
    assert run().status == 0
    assert ids(OUT) == ALL


def test_a_dry_run_tells_the_plan_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    done = run("--dry-run", "--workers", "3")
    assert done.status == 0
    assert f"{tmp_path}/in.jsonl: 50 rows" in done.out
    assert "5 shards (jsonl)" in done.out
    assert "by 3 workers (local)" in done.out
    assert "model: en_rules 1.2.3" in done.out
    assert not OUT.exists()


def foreign_folder(tmp_path: Path) -> list[str]:
    write_lines(tmp_path / "out" / "part-000000.jsonl", texts(1))
    write_lines(tmp_path / "out" / "part-000000.jsonl.a.tmp", texts(1))
    return ["--restart"]


def damaged_manifest(tmp_path: Path) -> list[str]:
    write_lines(tmp_path / "out" / "manifest.json", ["{"])
    return []


MISTAKES: dict[str, tuple[Callable[[Path], list[str]], str]] = {
    "foreign": (foreign_folder, "out: the folder is not empty, and 'annotate' has not written it"),
    "damaged": (damaged_manifest, "out/manifest.json: is no manifest of this version"),
    "model": (lambda _: ["--model", "nowhere"], "no pipeline 'nowhere'"),
    "format": (lambda _: ["--format", "xml"], "--format must be one of jsonl, parquet, got 'xml'"),
    "engine": (lambda _: ["--engine", "spark"], "--engine must be one of local, ray, got 'spark'"),
    "address": (lambda _: ["--ray-address", "auto"], "--ray-address is for --engine ray"),
    "no rows": (lambda path: [write_lines(path / "in.jsonl", [""]).name][1:], "there is nothing to annotate"),
}


@pytest.mark.parametrize(("make", "reason"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_message_and_changes_nothing(
    run: Run, tmp_path: Path, make: Callable[[Path], list[str]], reason: str
) -> None:
    options = make(tmp_path)
    before = sorted(path for path in tmp_path.rglob("*"))
    done = run(*options)
    assert done.status == 1
    (message,) = done.failures
    assert message.startswith(reason)
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_a_file_as_output_is_a_mistake(run: Run) -> None:
    assert "the output is a folder" in run(into="out.jsonl").failures[0]
    assert not Path("out.jsonl").exists()


def test_where_no_row_is_good_the_step_fails(run: Run, tmp_path: Path) -> None:
    write_lines(tmp_path / "in.jsonl", [{"body": "x"}] * 3)
    done = run()
    assert done.status == 1
    assert "not one row could be annotated: is the text in another field? See --text-field" in done.failures[0]
    assert len(bad_rows(OUT)) == 3


def test_two_runs_do_not_write_into_one_folder(run: Run) -> None:
    inside: list[Output] = []

    class Nested(InProcess):
        def __enter__(self) -> "InProcess":
            inside.append(run())
            return super().__enter__()

    step_engine = step.LocalEngine
    step.LocalEngine = Nested  # type: ignore[assignment,misc]
    try:
        assert run().status == 0
    finally:
        step.LocalEngine = step_engine  # type: ignore[misc]
    assert inside[0].failures == ["out: another process is annotating into this folder"]
    assert ids(OUT) == ALL


# Real processes from here on.


def test_a_run_that_is_killed_goes_on_and_loses_and_repeats_nothing(model: Path, tmp_path: Path) -> None:
    """First the parent alone is killed, and its workers may still be at it when the run is started again; then all."""
    expected = write_many(tmp_path)
    runs = []
    for kill, more in ((os.kill, 4), (os.killpg, 4)):
        enough = parts(tmp_path) + more
        run = start(model, tmp_path, "--workers", "2")
        runs.append(run)
        wait_until(lambda run=run, enough=enough: parts(tmp_path) >= enough or run.poll() is not None)  # type: ignore[misc]
        kill(run.pid, signal.SIGKILL)
        _, errors = run.communicate(timeout=60)
        assert run.returncode == -signal.SIGKILL
        assert "Traceback" not in errors
        assert enough <= parts(tmp_path) < 80
        assert not (tmp_path / "out" / "summary.json").exists()
    done_before = parts(tmp_path)
    last = start(model, tmp_path, "--workers", "1")
    out, errors = last.communicate(timeout=120)
    assert last.returncode == 0, errors
    told = re.search(r"(\d+) of 2002 documents were done before", out)
    assert told is not None
    assert int(told[1]) >= 25 * done_before - 23  # the last shard has two rows
    assert ids(tmp_path / "out") == expected
    assert [row["line"] for row in bad_rows(tmp_path / "out")] == [1001, 1002]
    assert not list((tmp_path / "out").glob("*.tmp"))
    for run in runs:
        wait_until(lambda run=run: processes_of(run.pid) == [])  # type: ignore[misc]


def test_ctrl_c_stops_all_processes_and_says_how_to_go_on(model: Path, tmp_path: Path) -> None:
    expected = write_many(tmp_path)
    run = start(model, tmp_path, "--workers", "1")
    wait_until(lambda: parts(tmp_path) >= 2 or run.poll() is not None)
    os.killpg(run.pid, signal.SIGINT)
    out, errors = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "the same command goes on from there" in " ".join(out.split())
    assert "Traceback" not in out + errors
    wait_until(lambda: processes_of(run.pid) == [])  # multiprocessing's own tracker ends last
    there = ids(tmp_path / "out")
    assert 50 <= len(there) < 2000
    assert len(set(there)) == len(there)
    assert set(there) <= set(expected)
    assert not list((tmp_path / "out").glob("*.tmp"))


def test_workers_that_are_killed_are_replaced(
    model: Path, tmp_path: Path, run_step: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = write_many(tmp_path)
    killed: list[int] = []

    def kill() -> None:
        wait_until(lambda: parts(tmp_path) >= 3)
        for child in multiprocessing.active_children():
            killed.append(child.pid or 0)
            child.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    done = run_step("annotate", "in.jsonl", "out", "--model", str(model), "--workers", "1", "--shard-rows", "25")
    killer.join()
    assert done.status == 0
    assert len(killed) == 1
    assert ids(tmp_path / "out") == expected
    assert len(bad_rows(tmp_path / "out")) == 2
    assert multiprocessing.active_children() == []


def test_a_model_that_does_not_load_is_one_message(model: Path, tmp_path: Path, run_step: Run) -> None:
    write_lines(tmp_path / "in.jsonl", texts(2))
    broken = make_pipeline(tmp_path / "broken")
    (broken / "config.cfg").write_text("nothing")
    done = run_step("annotate", "in.jsonl", "out", "--model", "broken")
    assert done.status == 1
    assert done.failures[0].startswith("a worker fails: ")
    assert "Traceback" not in done.out + done.err
