"""A process that loads one contender and times it as it is told: one JSON object a line, in and out.

Each contender is alone in its process, so that threads, memory and the garbage collector are its own. While it is not
asked it waits for its input and takes no time of the processor.

    {"do": "load", "kind": "spacy", "settings": {"path": "training/compiled"}, "threads": 1}
    {"do": "texts", "name": "30 tokens", "texts": ["…"]}
    {"do": "time", "texts": "30 tokens", "count": 128, "batch_size": 32}      → {"wall": 0.31, "cpu": 0.31}

An answer with "error" says what went wrong; the process goes on. It ends with its input.
"""

import gc
import json
import os
import resource
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TextIO

from .contenders import open_contender
from .contenders.base import Job, Opened
from .soak import with_new_words

_STATUS = Path("/proc/self/status")


def time_job(job: Job) -> tuple[float, float]:
    """RETURNS (tuple): seconds of the clock, and of the processor (all threads of this process)."""
    wall, cpu = perf_counter(), process_time()
    job()
    return perf_counter() - wall, process_time() - cpu


def memory() -> dict[str, float]:
    """RETURNS (dict): MiB of this process that are in memory, now and at most."""
    if _STATUS.exists():
        fields = dict(line.split(":", 1) for line in _STATUS.read_text(encoding="utf-8").splitlines() if ":" in line)
        now, most = (int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    else:
        # Bytes on macOS, KiB elsewhere; what is in memory now is not told.
        unit = 2**20 if sys.platform == "darwin" else 2**10
        now = most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return {"now": round(now, 1), "most": round(most, 1)}


class Worker:
    """Answers requests; the methods are named after what "do" says."""

    def __init__(self) -> None:
        self._opened: Opened | None = None
        self._texts: dict[str, list[str]] = {}

    @property
    def opened(self) -> Opened:
        if self._opened is None:
            raise ValueError("load a contender first")
        return self._opened

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked; what goes wrong is answered, too."""
        request = dict(request)
        what = request.pop("do", None)
        methods: dict[str, Callable[..., dict[str, Any]]] = {
            "load": self.load,
            "texts": self.texts,
            "time": self.time,
            "singles": self.singles,
            "components": self.components,
            "soak": self.soak,
            "memory": memory,
        }
        try:
            if what not in methods:
                raise ValueError(f"'do' must be one of {', '.join(methods)}, got {what!r}")
            return methods[what](**request)
        except Exception as error:  # of a library, of whatever kind: the other contenders go on
            traceback.print_exc()
            return {"error": f"{type(error).__name__}: {error}"}

    def load(self, kind: str, settings: dict[str, Any], threads: int) -> dict[str, Any]:
        """Load the contender; seconds include the import of what it needs."""
        start = perf_counter()
        self._opened = open_contender(kind, settings, threads)
        return {**asdict(self._opened.about()), "seconds": round(perf_counter() - start, 2)}

    def texts(self, name: str, texts: list[str]) -> dict[str, Any]:
        """Keep texts under a name."""
        self._texts[name] = texts
        return {}

    def time(self, texts: str, count: int, batch_size: int) -> dict[str, Any]:
        """Time the first `count` texts."""
        job = self.opened.reading(self._texts[texts][:count], batch_size)
        gc.collect()
        wall, cpu = time_job(job)
        return {"wall": wall, "cpu": cpu}

    def singles(self, texts: str, count: int) -> dict[str, Any]:
        """Time the first `count` texts one by one."""
        jobs = [self.opened.reading_one(text) for text in self._texts[texts][:count]]
        gc.collect()
        times = [time_job(job) for job in jobs]
        return {"wall": [wall for wall, _ in times], "cpu": [cpu for _, cpu in times]}

    def components(self, texts: str, count: int, batch_size: int) -> dict[str, Any]:
        """Seconds of the processor by component; of a spaCy pipeline only."""
        opened: Any = self.opened
        gc.collect()
        return {"seconds": opened.time_components(self._texts[texts][:count], batch_size)}

    def soak(self, texts: str, begin: int, count: int, batch_size: int) -> dict[str, Any]:
        """Read texts with words that were never seen before. RETURNS (dict): memory after it."""
        opened: Any = self.opened
        opened.read_and_forget(with_new_words(self._texts[texts], begin, count), batch_size)
        return memory()


def serve(requests: TextIO, answers: TextIO) -> None:
    """Answer line by line, until there are no more."""
    worker = Worker()
    for line in requests:
        answers.write(json.dumps(worker.answer(json.loads(line))) + "\n")
        answers.flush()


def main() -> None:
    """Serve the standard input; what libraries print goes to the standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with answers:
        serve(sys.stdin, answers)


if __name__ == "__main__":
    main()
