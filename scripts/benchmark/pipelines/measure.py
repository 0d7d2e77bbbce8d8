"""Timing contenders against each other: in each round every one reads the same texts, in an order drawn anew."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from statistics import median
from typing import Any

from ..growth import fit_power
from .contenders import COMPILED, OURS
from .plan import BATCH_SIZE, TOKENS, Effort, SettingPlan
from .processes import Process, WorkerFailed, environment
from .result import Cell, Components, Growth, Loaded, Measure, Point, Setting, Singles

# A contender is timed on few texts, then on more, until it took this part of its seconds: then its speed is known.
_SEARCHED = 0.25
_MORE = 4
# So many single documents a round, at least and at most; p99 needs about a hundred of all rounds together.
_SINGLES = (20, 200)
# How time grows: documents of these lengths, all of them together as long as the longest one.
CHARACTERS = (1_000, 3_000, 10_000, 30_000, 100_000)
DOCUMENTS = (128, 256, 512, 1024)
_GROWTH_ROUNDS = 2


def interleave(rounds: Mapping[str, int], order: random.Random) -> Iterator[str]:
    """Who is next: all in the first round, in the second those that have one, and so on; each in an order drawn anew.

    rounds (Mapping): how many each has.
    """
    for number in range(max(rounds.values(), default=0)):
        taking = [name for name, count in rounds.items() if number < count]
        yield from order.sample(taking, len(taking))


def choose_count(
    time: Callable[[int], float], *, batch_size: int, available: int, seconds: float, longest: float
) -> tuple[int, float]:
    """How many texts a contender reads in a round: those of whole batches that it reads in so many seconds.

    time (Callable): seconds that it takes for so many texts. It is called with few, then with more: this warms up.
    longest (float): a batch that takes longer than this is not read as a whole.
    RETURNS (tuple): the number, and the seconds that it will take.
    """
    time(1)  # the first text of all is slow
    count = 1
    while (taken := time(count)) < _SEARCHED * seconds and count < min(batch_size, available):
        count = min(_MORE * count, batch_size, available)
    rate = count / max(taken, 1e-9)
    wanted = rate * seconds
    if batch_size <= max(wanted, rate * longest):
        found = batch_size * max(1, int(wanted / batch_size))
    else:
        found = max(1, int(wanted))
    found = min(found, available)
    if found > count and found <= 2 * wanted:
        return found, time(found)
    return found, found / rate


class Group:
    """The contenders under one setting, each in a process. One that fails is left out from there on.

    As a context manager it ends them.
    """

    def __init__(
        self,
        plan: SettingPlan,
        setting: Setting,
        effort: Effort,
        *,
        seed: int,
        advance: Callable[[int], object] | None = None,
    ) -> None:
        """setting (Setting): that the results are written to. advance (Callable | None): told of rounds done."""
        self.plan = plan
        self.setting = setting
        self.effort = effort
        self.processes: dict[str, Process] = {}
        self._order = random.Random(seed)
        self._advance = advance

    def __enter__(self) -> "Group":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes.values():
            process.end()

    def load(self) -> None:
        """Start the processes, one after the other."""
        for contender in self.plan.contenders:
            process = Process(contender.name, environment(self.plan.threads, self.plan.isa))
            self.processes[contender.name] = process
            answer = self._ask(
                contender.name,
                "load",
                kind=contender.kind,
                settings=dict(contender.settings),
                threads=self.plan.threads,
            )
            if answer is not None:
                self.setting.loaded[contender.name] = Loaded(**answer)

    def give(self, name: str, texts: Sequence[str]) -> None:
        """Give all contenders some texts, to be called by this name."""
        for contender in list(self.processes):
            self._ask(contender, "texts", name=name, texts=list(texts))

    def _ask(self, contender: str, do: str, place: str = "", **request: Any) -> dict[str, Any] | None:
        """RETURNS (dict | None): the answer; None from one that failed, now or before."""
        process = self.processes.get(contender)
        if process is None:
            return None
        try:
            return process.ask(do, **request)
        except WorkerFailed as error:
            self.setting.errors[contender] = f"{place}: {error}" if place else str(error)
            del self.processes[contender]
            process.end()
            return None

    def _rounds(self, done: int = 1) -> None:
        if self._advance is not None:
            self._advance(done)

    def remember_memory(self, moment: str, *, most: bool = True) -> None:
        """Write down the memory: the most so far, or what it is now. moment (str): a field of `Loaded`."""
        for contender in list(self.processes):
            answer = self._ask(contender, "memory")
            if answer is not None:
                setattr(self.setting.loaded[contender], moment, answer["most" if most else "now"])

    def compare(self, texts: str, *, tokens: int, batch_size: int, available: int) -> Cell:
        """Time all contenders on the same texts; a slow one reads fewer of them, and has fewer rounds."""
        cell = Cell(tokens, batch_size)
        place = f"{tokens} tokens, batches of {batch_size}"
        counts: dict[str, int] = {}
        rounds: dict[str, int] = {}

        def time(contender: str, count: int) -> dict[str, float] | None:
            return self._ask(contender, "time", place, texts=texts, count=count, batch_size=batch_size)

        for contender in list(self.processes):
            found = self._choose(
                partial(time, contender),
                batch_size=batch_size,
                available=available,
                longest=self.effort.longest(tokens, batch_size),
            )
            self._rounds()
            if found is not None:
                counts[contender], taken = found
                rounds[contender] = self.effort.rounds_of(taken)
                self._rounds(self.effort.rounds - rounds[contender])
        for contender in interleave(rounds, self._order):
            answer = time(contender, counts[contender])
            if answer is not None:
                measure = cell.measures.setdefault(contender, Measure(counts[contender], [], []))
                measure.wall.append(round(answer["wall"], 6))
                measure.cpu.append(round(answer["cpu"], 6))
            self._rounds()
        self.setting.cells.append(cell)
        return cell

    def _choose(
        self, time: Callable[[int], dict[str, float] | None], *, batch_size: int, available: int, longest: float
    ) -> tuple[int, float] | None:
        def seconds(count: int) -> float:
            answer = time(count)
            if answer is None:
                raise WorkerFailed
            return answer["wall"]

        try:
            return choose_count(
                seconds, batch_size=batch_size, available=available, seconds=self.effort.seconds, longest=longest
            )
        except WorkerFailed:  # written down already
            return None

    def compare_singles(self, texts: str, *, available: int) -> None:
        """Time all contenders on one document after the other."""
        wall: dict[str, list[list[float]]] = {}
        cpu: dict[str, list[list[float]]] = {}
        counts: dict[str, int] = {}
        least, most = _SINGLES
        for contender in list(self.processes):
            answer = self._ask(contender, "singles", "single documents", texts=texts, count=min(5, available))
            self._rounds()
            if answer is not None:
                each = median(answer["wall"])
                counts[contender] = min(available, max(least, min(most, int(self.effort.seconds / max(each, 1e-9)))))
        for contender in interleave(dict.fromkeys(counts, self.effort.rounds), self._order):
            answer = self._ask(contender, "singles", "single documents", texts=texts, count=counts[contender])
            if answer is not None:
                wall.setdefault(contender, []).append(answer["wall"])
                cpu.setdefault(contender, []).append(answer["cpu"])
            self._rounds()
        for contender, rounds in wall.items():
            self.setting.singles[contender] = summarise_singles(rounds, cpu[contender])

    def time_components(self, texts: str) -> None:
        """Where the time of our pipelines goes, on the texts of the headline."""
        cell = self.setting.cell(TOKENS, BATCH_SIZE)
        for contender in [name for name in OURS if name in self.processes]:
            if cell is None or contender not in cell.measures:
                continue
            count = cell.measures[contender].documents
            answers = [
                self._ask(contender, "components", texts=texts, count=count, batch_size=BATCH_SIZE)
                for _ in range(self.effort.rounds)
            ]
            found = [answer["seconds"] for answer in answers if answer is not None]
            if found:
                ms = {name: round(1000 / count * median(seconds[name] for seconds in found), 5) for name in found[0]}
                self.setting.components[contender] = Components(TOKENS, BATCH_SIZE, count, ms)

    def measure_growth(self, texts: str, *, available: int, long_texts: Mapping[int, str]) -> None:
        """How the time of our pipeline grows with the length of a document and with the number of documents.

        long_texts (Mapping): characters of a document to the name of its texts, `CHARACTERS[-1]` of them in all.
        """
        contender = next((name for name in (COMPILED, *OURS) if name in self.processes), None)
        if contender is None:
            return
        lengths = {size: (name, max(1, CHARACTERS[-1] // size)) for size, name in long_texts.items()}
        counts = {size: (texts, size) for size in DOCUMENTS if size <= available}
        for of, jobs in (("characters of a document", lengths), ("documents", counts)):
            found: dict[int, list[float]] = {size: [] for size in jobs}
            for _ in range(min(_GROWTH_ROUNDS, self.effort.rounds)):
                for size in self._order.sample(list(jobs), len(jobs)):
                    name, count = jobs[size]
                    answer = self._ask(
                        contender, "time", f"growth with {of}", texts=name, count=count, batch_size=BATCH_SIZE
                    )
                    if answer is None:
                        return
                    found[size].append(answer["cpu"] / (count if of != "documents" else 1))
            points = [Point(size, round(median(seconds), 6)) for size, seconds in found.items()]
            exponent = fit_power([point.size for point in points], [point.seconds for point in points])
            self.setting.growth.append(Growth(of, contender, points, round(exponent, 3)))


def summarise_singles(wall: Sequence[Sequence[float]], cpu: Sequence[Sequence[float]]) -> Singles:
    """wall, cpu: seconds of each document, by round."""
    every = sorted(seconds for times in wall for seconds in times)
    return Singles(
        documents=len(every),
        p50=round(1000 * median(every), 4),
        p99=round(1000 * every[min(len(every) - 1, int(0.99 * len(every)))], 4),
        cpu_p50=round(1000 * median(seconds for times in cpu for seconds in times), 4),
        cpu_rounds=[round(1000 * median(times), 4) for times in cpu],
        wall_rounds=[round(1000 * median(times), 4) for times in wall],
    )
