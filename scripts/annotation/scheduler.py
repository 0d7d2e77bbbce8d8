"""Gives shards to workers, and copes with those that die.

A shard whose worker died is tried once more; where that one dies too, the rows of the shard go into quarantine. Only a
worker that dies again and again, with shard after shard or before it has loaded the pipeline, stops the run.
"""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..errors import BadInput
from .plan import Shard

TRIES = 2
# Deaths in a row, before the pipeline is loaded; shards in a row that no worker survives.
MAX_DEATHS = MAX_LOST_SHARDS = 3
_ADVICE = "if the memory is short, take fewer --workers, smaller --batch-size or --max-characters; then go on"


@dataclass(frozen=True)
class Ready:
    """A worker has loaded the pipeline."""

    worker: int


@dataclass(frozen=True)
class Advanced:
    """A worker has done some rows of its shard."""

    worker: int
    rows: int


@dataclass(frozen=True)
class Done:
    """A worker has done its shard."""

    worker: int


@dataclass(frozen=True)
class Failed:
    """A worker cannot go on, and no other could: the problem is told."""

    worker: int
    problem: str


@dataclass(frozen=True)
class Died:
    """A worker is gone, with what is known about it."""

    worker: int
    how: str


Event = Ready | Advanced | Done | Failed | Died


class Engine(Protocol):
    """Workers, wherever they run."""

    def start(self) -> int:
        """Start one more worker, and RETURN its number."""

    def assign(self, worker: int, shard: Shard) -> None:
        """Give a shard to a worker that is ready and has none."""

    def wait(self) -> list[Event]:
        """Wait until something happens."""


class Scheduler:
    """One run over the shards that are not done."""

    def __init__(
        self,
        engine: Engine,
        shards: Sequence[Shard],
        *,
        workers: int,
        advance: Callable[[int], object],
        give_up: Callable[[Shard, str], object],
    ) -> None:
        """
        workers (int): at most so many at a time. advance (Callable): is told of rows that are done, and of fewer than
            none where they are to be done again. give_up (Callable): takes a shard that no worker survives.
        """
        self.engine = engine
        self.todo = deque(shards)
        self.workers = workers
        self.advance = advance
        self.give_up = give_up
        self._loading: set[int] = set()
        self._idle: list[int] = []
        self._running: dict[int, Shard] = {}
        self._rows: Counter[int] = Counter()  # done by a worker, of its shard
        self._tries: Counter[int] = Counter()  # of a shard
        self._deaths = self._lost = 0

    def run(self) -> None:
        """RAISES (BadInput): it makes no sense to go on."""
        while self.todo or self._running:
            self._hand_out()
            for event in self.engine.wait():
                self._handle(event)

    def _hand_out(self) -> None:
        while self.todo and self._idle:
            worker, shard = self._idle.pop(), self.todo.popleft()
            self._running[worker] = shard
            self._tries[shard.number] += 1
            self.engine.assign(worker, shard)
        while len(self._loading) < min(len(self.todo), self.workers - len(self._running) - len(self._idle)):
            self._loading.add(self.engine.start())

    def _handle(self, event: Event) -> None:
        match event:
            case Ready(worker):
                self._loading.discard(worker)
                self._idle.append(worker)
                self._deaths = 0
            case Advanced(worker, rows):
                self._rows[worker] += rows
                self.advance(rows)
            case Done(worker):
                shard = self._running.pop(worker)
                self.advance(shard.rows - self._rows.pop(worker, 0))
                self._idle.append(worker)
                self._lost = 0
            case Failed(_, problem):
                raise BadInput(problem)
            case Died(worker, how):
                self._bury(worker, how)

    def _bury(self, worker: int, how: str) -> None:
        self.advance(-self._rows.pop(worker, 0))
        if worker in self._running:
            shard = self._running.pop(worker)
            if self._tries[shard.number] < TRIES:
                self.todo.appendleft(shard)
                return
            self._lost += 1
            if self._lost == MAX_LOST_SHARDS:
                raise BadInput(f"{self._lost} shards in a row killed their workers ({how}): {_ADVICE}")
            self.give_up(shard, f"its shard of {shard.rows} rows killed its worker {TRIES} times ({how})")
            self.advance(shard.rows)
        elif worker in self._loading:
            self._loading.discard(worker)
            self._deaths += 1
            if self._deaths == MAX_DEATHS:
                raise BadInput(f"{self._deaths} workers in a row died before they were ready ({how}): {_ADVICE}")
        else:
            self._idle.remove(worker)
