"""The processes of the contenders, seen from the one that times them."""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Self, cast

ROOT = Path(__file__).parents[3]
# Longer than the slowest request takes: to load a large model from a cold disk, or to read a batch with it.
TIMEOUT = 600.0
_END = 5.0
_TAIL = 6
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "RAYON_RS_NUM_THREADS")


class WorkerFailed(Exception):
    """A contender could not do what it was asked, or its process is gone."""


def environment(threads: int, isa: str | None) -> dict[str, str]:
    """What a worker is started with.

    threads (int): for every library that reads its number from the environment.
    isa (str | None): the instruction sets that oneDNN (of PyTorch and OpenVINO) may use at most.
    """
    changes = dict.fromkeys(_THREADS, str(threads)) | {
        # Threads that spin while they wait would take the processor from the contender whose turn it is.
        "OMP_WAIT_POLICY": "PASSIVE",
        "KMP_BLOCKTIME": "0",
        "TOKENIZERS_PARALLELISM": "true" if threads > 1 else "false",
        "HF_HUB_OFFLINE": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    if isa is not None:
        changes["ONEDNN_MAX_CPU_ISA"] = isa
    return os.environ | changes


class Process:
    """A worker process. As a context manager it ends with the block."""

    def __init__(self, name: str, env: Mapping[str, str]) -> None:
        """name (str): of the contender, for errors."""
        self.name = name
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the process)
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
            env=dict(env),
        )
        self._requests = cast(IO[str], self._process.stdin)
        self._answers: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in cast(IO[str], self._process.stdout):
            self._answers.put(line)
        self._answers.put(None)

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, do: str, *, timeout: float = TIMEOUT, **request: Any) -> dict[str, Any]:
        """Send a request and wait for the answer.

        RAISES (WorkerFailed): the answer is an error, there is none in time, or the process is gone.
        """
        try:
            self._requests.write(json.dumps({"do": do, **request}) + "\n")
            self._requests.flush()
            line = self._answers.get(timeout=timeout)
        except OSError:
            line = None
        except queue.Empty:
            self._process.kill()
            raise WorkerFailed(f"no answer to '{do}' in {timeout:.0f} seconds: stopped") from None
        if line is None:
            raise WorkerFailed(f"its process ended in '{do}' ({self._how_it_ended()})")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise WorkerFailed(f"'{do}': {answer['error']}")
        return answer

    def _how_it_ended(self) -> str:
        try:
            status = self._process.wait(_END)
        except subprocess.TimeoutExpired:
            status = None
        how = f"signal {-status}" if status is not None and status < 0 else f"status {status}"
        if self._errors.closed:
            return how
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", errors="replace").splitlines()
        return "; ".join([how, *(line.strip() for line in lines[-_TAIL:] if line.strip())])

    def end(self) -> None:
        """Let the process end, or stop it where it does not."""
        try:
            self._requests.close()
            self._process.wait(_END)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
