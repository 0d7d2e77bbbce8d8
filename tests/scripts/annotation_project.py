"""What the tests of `annotate` share: a pipeline of rules that loads in any process, inputs, and an engine without
processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import spacy

from scripts.annotation.annotator import Annotator, Job
from scripts.annotation.inputs import find_sources
from scripts.annotation.plan import Options, Shard, identify_model, make_plan
from scripts.annotation.reading import read_documents
from scripts.annotation.scheduler import Advanced, Done, Event, Ready
from tests.conftest import ROOT


def make_pipeline(folder: Path, version: str = "1.2.3") -> Path:
    """Rules alone: loads in a second, and finds amounts, percentages and ORG "Norvane"."""
    nlp = spacy.blank("en")
    nlp.meta["name"], nlp.meta["version"] = "rules", version
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "Norvane"}])  # type: ignore[attr-defined]
    for name in ("money", "percent", "period"):
        nlp.add_pipe(name)
    nlp.to_disk(folder)
    return folder


def write_lines(path: Path, rows: Iterable[Any]) -> Path:
    """Write JSONL; a row that is text or bytes as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode() for row in rows
    ]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def texts(count: int) -> list[dict[str, Any]]:
    """Rows of very different lengths."""
    return [
        {"id": f"doc-{number}", "text": f"Norvane paid ${number}m" + " and so on" * (number * 7 % 23)}
        for number in range(count)
    ]


def ids(out: Path) -> list[str]:
    return [document["id"] for document in read_documents(out)]


def bad_rows(out: Path) -> list[dict[str, Any]]:
    lines = [line for path in sorted(out.glob("quarantine-*")) for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def make_job(model: Path, places: Sequence[Path], out: Path, **options: Any) -> Job:
    """A job as the command makes it, with an output folder that is there."""
    out.mkdir(parents=True, exist_ok=True)
    sources = find_sources(list(map(str, places)), out)
    plan = make_plan(sources, identify_model(str(model)), Options(**options))
    return Job(str(model), plan, [source.path for source in sources], out)


class InProcess:
    """An engine that does everything at once, in this process. `stop_before` (int): shards, then Ctrl-C."""

    stop_before: int | None = None

    def __init__(self, job: Job) -> None:
        self.job = job
        self.done: list[int] = []
        self._annotator: Annotator | None = None
        self._started = 0
        self._events: deque[Event] = deque()

    def __enter__(self) -> "InProcess":
        return self

    def __exit__(self, *_: object) -> None:
        return

    def start(self) -> int:
        self._annotator = self._annotator or Annotator(self.job)
        self._started += 1
        self._events.append(Ready(self._started))
        return self._started

    def assign(self, worker: int, shard: Shard) -> None:
        if len(self.done) == self.stop_before:
            raise KeyboardInterrupt
        assert self._annotator is not None
        self._annotator.annotate(shard, lambda rows: self._events.append(Advanced(worker, rows)))
        self._events.append(Done(worker))
        self.done.append(shard.number)

    def wait(self) -> list[Event]:
        events = list(self._events)
        self._events.clear()
        return events


def start(model: Path, folder: Path, *options: str, **environment: str) -> "subprocess.Popen[str]":
    """Run the step in a session of its own.

    As from a terminal, where SIGINT stops it: a shell that runs the tests in the background has it ignored.
    """
    paths = [str(folder / "in.jsonl"), str(folder / "out"), "--model", str(model)]
    command = [sys.executable, "-m", "scripts", "annotate", *paths, "--shard-rows", "25", *options]
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, before)


def wait_until(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def parts(folder: Path) -> int:
    return len(list((folder / "out").glob("part-*.jsonl")))


def processes_of(group: int) -> list[int]:
    """The processes of a session that live."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = path.read_text().rpartition(") ")[2].split()[:4]
        except OSError:
            continue
        if int(session) == group and state != "Z":
            found.append(int(path.parent.name))
    return found


def write_many(folder: Path) -> list[str]:
    """Write an input that takes a while, with two bad rows; RETURNS the ids of the others."""
    rows: list[Any] = texts(2000)
    rows[1000:1000] = ["{", '{"text": ""}']
    write_lines(folder / "in.jsonl", rows)
    return [row["id"] for row in texts(2000)]
