"""Shards are done once each, whatever happens to the workers."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.annotation.plan import Shard
from scripts.annotation.scheduler import Advanced, Died, Done, Event, Failed, Ready, Scheduler
from scripts.errors import BadInput


def shards(count: int) -> list[Shard]:
    return [Shard(number=number, input=0, start=0, end=1, line=1, rows=10) for number in range(count)]


class Script:
    """Workers that follow a script: how often each shard kills, and how many workers die before they are ready."""

    def __init__(self, deadly: dict[int, int] | None = None, stillborn: int = 0) -> None:
        self.deadly = Counter(deadly or {})
        self.stillborn = stillborn
        self.started = 0
        self.alive: set[int] = set()
        self.done: list[int] = []
        self.given_up: list[tuple[int, str]] = []
        self.progress = 0
        self.most = 0
        self.events: list[Event] = []

    def start(self) -> int:
        self.started += 1
        self.alive.add(self.started)
        self.most = max(self.most, len(self.alive))
        if self.started <= self.stillborn:
            self.die(self.started)
        else:
            self.events.append(Ready(self.started))
        return self.started

    def die(self, worker: int) -> None:
        self.alive.discard(worker)
        self.events.append(Died(worker, "killed by SIGKILL"))

    def assign(self, worker: int, shard: Shard) -> None:
        assert worker in self.alive
        self.events.append(Advanced(worker, 4))
        if self.deadly[shard.number]:
            self.deadly[shard.number] -= 1
            self.die(worker)
        else:
            self.done.append(shard.number)
            self.events.append(Done(worker))

    def wait(self) -> list[Event]:
        assert self.events, "nothing would ever happen: the parent hangs"
        return [self.events.pop(0)]

    def advance(self, rows: int) -> None:
        self.progress += rows

    def give_up(self, shard: Shard, reason: str) -> None:
        self.given_up.append((shard.number, reason))

    def run(self, count: int, workers: int) -> "Script":
        Scheduler(self, shards(count), workers=workers, advance=self.advance, give_up=self.give_up).run()
        return self


@given(
    count=st.integers(0, 12),
    workers=st.integers(1, 5),
    deadly=st.dictionaries(st.integers(0, 11), st.integers(1, 1), max_size=12),
    stillborn=st.integers(0, 2),
)
def test_every_shard_is_done_once(count: int, workers: int, deadly: dict[int, int], stillborn: int) -> None:
    script = Script(deadly, stillborn).run(count, workers)
    assert sorted(script.done) == list(range(count))
    assert script.progress == 10 * count
    assert script.most <= workers
    assert script.given_up == []


def test_a_shard_that_kills_twice_is_given_up_and_the_others_go_on() -> None:
    script = Script({1: 9, 4: 9}).run(6, 1)
    assert script.done == [0, 2, 3, 5]
    assert [number for number, _ in script.given_up] == [1, 4]
    assert script.given_up[0][1] == "its shard of 10 rows killed its worker 2 times (killed by SIGKILL)"
    assert script.progress == 60
    assert script.deadly == {1: 7, 4: 7}


def test_where_shard_after_shard_kills_the_run_stops() -> None:
    script = Script(dict.fromkeys(range(9), 9))
    with pytest.raises(BadInput, match=r"3 shards in a row killed their workers \(killed by SIGKILL\): .*--workers"):
        script.run(9, 2)
    assert len(script.given_up) == 2


def test_workers_that_die_before_they_are_ready_stop_the_run() -> None:
    script = Script(stillborn=9)
    with pytest.raises(BadInput, match="3 workers in a row died before they were ready"):
        script.run(5, 1)
    assert script.started == 3


def test_what_no_other_worker_could_do_stops_the_run_with_its_problem() -> None:
    class Full(Script):
        def assign(self, worker: int, shard: Shard) -> None:
            self.events.append(Failed(worker, "No space left on device"))

    with pytest.raises(BadInput, match="No space left"):
        Full().run(2, 1)


def test_an_idle_worker_may_die() -> None:
    class Idle(Script):
        def assign(self, worker: int, shard: Shard) -> None:
            if shard.number == 1 and worker == 2:
                self.alive.discard(1)
                self.events.append(Died(1, "killed"))
            super().assign(worker, shard)

    script = Idle().run(2, 2)
    assert sorted(script.done) == [0, 1]
    assert script.alive == {2}


def test_not_more_workers_than_shards() -> None:
    assert Script().run(2, 8).started == 2
