"""Workers as processes of this machine. Each has a pipe of its own, so that one that is killed disturbs no other."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from ..errors import BadInput
from .annotator import Annotator, Job, describe_error
from .plan import Shard
from .scheduler import Advanced, Died, Done, Event, Failed, Ready

_STOP_SECONDS = 5.0


@dataclass(frozen=True)
class _Worker:
    process: BaseProcess
    connection: Connection


class LocalEngine:
    """Use as a context manager: at its end no worker is left."""

    def __init__(self, job: Job, *, target: Callable[[int, Job, Connection], None] | None = None) -> None:
        """target (Callable | None): what a worker runs, `work` unless a test says otherwise."""
        self.job = job
        self.target = target or work
        self._context = get_context("spawn")  # a fork of a process with threads may hang
        self._workers: dict[int, _Worker] = {}
        self._started = 0

    def __enter__(self) -> "LocalEngine":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers.values():
            worker.process.kill()  # what it was writing never appears
        for worker in self._workers.values():
            worker.process.join(_STOP_SECONDS)
            worker.connection.close()
        self._workers.clear()

    def start(self) -> int:
        ours, theirs = self._context.Pipe()
        self._started += 1
        process = self._context.Process(target=self.target, args=(self._started, self.job, theirs), daemon=True)
        # Ctrl-C goes to all processes of a terminal: it is for this one, which stops the others.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        theirs.close()  # so that the death of the worker ends the pipe
        self._workers[self._started] = _Worker(process, ours)
        return self._started

    def assign(self, worker: int, shard: Shard) -> None:
        try:
            self._workers[worker].connection.send(shard)
        except OSError:
            return  # it is dead, as `wait` will tell

    def wait(self) -> list[Event]:
        numbers = {id(worker.connection): number for number, worker in self._workers.items()}
        return [
            self._receive(numbers[id(connection)])
            for connection in wait([worker.connection for worker in self._workers.values()])
        ]

    def _receive(self, number: int) -> Event:
        try:
            event: Event = self._workers[number].connection.recv()
        except (EOFError, OSError):
            return Died(number, self._bury(number))
        return event

    def _bury(self, number: int) -> str:
        """RETURNS (str): how the worker ended."""
        worker = self._workers.pop(number)
        worker.process.join(_STOP_SECONDS)
        if worker.process.exitcode is None:
            worker.process.kill()
            worker.process.join(_STOP_SECONDS)
        worker.connection.close()
        status = worker.process.exitcode or 0
        if status >= 0:
            return f"it ended with status {status}"
        name = signal.Signals(-status).name
        return f"killed by {name}" + (", as by a system that is out of memory" if name == "SIGKILL" else "")


def work(number: int, job: Job, connection: Connection) -> None:
    """The life of a worker: it loads the pipeline, then does the shards that it is given, until the pipe ends."""
    follow_parent()
    with suppress(EOFError, ConnectionError):  # the parent has gone
        try:
            annotator = Annotator(job)
            connection.send(Ready(number))
            while True:
                annotator.annotate(connection.recv(), lambda rows: connection.send(Advanced(number, rows)))
                connection.send(Done(number))
        except (EOFError, ConnectionError):
            raise
        except BadInput as error:
            connection.send(Failed(number, str(error)))
        except Exception as error:
            connection.send(Failed(number, f"a worker fails: {describe_error(error)}"))


def follow_parent() -> None:
    """End this process as soon as its parent has: a run that is started again must not meet it."""
    parent = parent_process()
    if parent is None:
        return

    def follow() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=follow, daemon=True, name="follow_parent").start()
