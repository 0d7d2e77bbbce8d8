"""`annotate --engine ray`: actors do the same shards, and write the same parts."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from scripts import annotate as step
from tests.conftest import Output
from tests.scripts.annotation_project import (
    InProcess,
    bad_rows,
    ids,
    make_pipeline,
    parts,
    start,
    texts,
    wait_until,
    write_lines,
    write_many,
)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_pipeline(tmp_path_factory.mktemp("annotate_ray") / "model")


def actors_of(mark: str) -> list[int]:
    """The actors of the run that was started with a mark in its environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if (path / "cmdline").read_bytes().startswith(b"ray::Actor") and mark in (path / "environ").read_text():
                found.append(int(path.name))
        except OSError:
            continue
    return found


def test_an_actor_and_then_the_run_are_killed_and_another_engine_finishes(
    model: Path, tmp_path: Path, run_step: Callable[..., Output], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray")
    expected = write_many(tmp_path)
    mark = uuid4().hex
    run = start(model, tmp_path, "--engine", "ray", "--workers", "1", BELLWETHER_TEST=mark)
    wait_until(lambda: parts(tmp_path) >= 3 or run.poll() is not None)
    (actor,) = actors_of(mark)
    os.kill(actor, signal.SIGKILL)
    wait_until(lambda: actors_of(mark) not in ([], [actor]) or run.poll() is not None)
    enough = parts(tmp_path) + 3
    wait_until(lambda: parts(tmp_path) >= enough or run.poll() is not None)
    run.kill()
    _, errors = run.communicate(timeout=60)
    assert run.returncode == -signal.SIGKILL, errors
    wait_until(lambda: actors_of(mark) == [])
    assert enough <= parts(tmp_path) < 80
    monkeypatch.setattr(step, "LocalEngine", InProcess)
    done = run_step("annotate", "in.jsonl", "out", "--model", str(model), "--shard-rows", "25")
    assert done.status == 0
    assert "documents were done before" in done.out
    assert ids(tmp_path / "out") == expected
    assert [row["line"] for row in bad_rows(tmp_path / "out")] == [1001, 1002]


def test_without_ray_the_extra_is_named(
    model: Path, tmp_path: Path, run_step: Callable[..., Output], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    write_lines(tmp_path / "in.jsonl", texts(2))
    done = run_step("annotate", "in.jsonl", "out", "--model", str(model), "--engine", "ray")
    assert done.status == 1
    assert done.failures == ["--engine ray needs Ray: pip install 'spacy-bellwether[cluster]'"]
