"""What a run measures, and about how long that takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .contenders import BARE, OURS, Contender

# What most targets are about: short texts, as headlines and sentences of news are, in large batches.
TOKENS, BATCH_SIZE = 30, 128
# In which texts of other lengths are read.
LENGTH_BATCH_SIZE = 32
# Texts of a length; enough for the largest batch, and for the fastest contender.
_TEXTS, _TOKENS_OF_TEXTS = 1024, 30_720
# A contender that needs more for the batch of the headline reads a part of it.
_LONGEST, _LONGEST_QUICK = 60.0, 6.0
MIN_ROUNDS = 3
# Seconds of all rounds of one measurement: a slow contender has fewer rounds.
_MOST = 15.0
# Seconds to start a process and load a contender.
_LOAD = 8.0
# Rounds of a measurement, and the search for a number of documents.
_SEARCH = 1.5
_COMPONENT_ROUNDS = 2.0
_GROWTH = 60.0
_SOAK_RATE = 500.0


@dataclass(frozen=True)
class Effort:
    """rounds (int): of every measurement. seconds (float): that a contender is given in each. quick (bool): a look."""

    rounds: int = 5
    seconds: float = 0.7
    quick: bool = False

    def longest(self, tokens: int, batch_size: int) -> float:
        """Seconds that one whole batch may take; else a part of it is read."""
        if self.quick:
            return _LONGEST_QUICK
        return _LONGEST if (tokens, batch_size) == (TOKENS, BATCH_SIZE) else 8 * self.seconds

    def rounds_of(self, seconds: float) -> int:
        """Rounds of a contender that takes so long for one."""
        return max(min(MIN_ROUNDS, self.rounds), min(self.rounds, int(_MOST / max(seconds, 1e-9))))


@dataclass(frozen=True)
class SettingPlan:
    """What is measured under one number of threads and one set of instructions.

    cells (tuple): length in tokens and batch size of each.
    details (bool): where the time goes and how it grows, too.
    """

    threads: int
    isa: str | None
    contenders: tuple[Contender, ...]
    cells: tuple[tuple[int, int], ...]
    details: bool

    @property
    def name(self) -> str:
        threads = f"{self.threads} thread{'s' if self.threads > 1 else ''}"
        return threads if self.isa is None else f"{threads}, {self.isa}"

    def measurements(self, effort: Effort) -> int:
        """Rounds of all contenders in all cells, singles among them, each with a search before it."""
        return len(self.contenders) * (len(self.cells) + 1) * (effort.rounds + 1)

    def seconds(self, effort: Effort) -> float:
        """An estimate."""
        total = 0.0
        for contender in self.contenders:
            total += _LOAD
            for tokens, batch_size in (*self.cells, (TOKENS, 1)):
                one = contender.seconds_for(tokens) / (1 if self.threads == 1 else 0.7 * self.threads)
                batch = min(batch_size, _TEXTS) * one
                whole = batch if batch <= effort.longest(tokens, batch_size) else one
                each = max(effort.seconds, whole)
                total += each * effort.rounds_of(each) + _SEARCH * max(effort.seconds, one)
            if self.details and contender.name in OURS:
                total += _COMPONENT_ROUNDS * effort.rounds * effort.seconds
        return total + (_GROWTH if self.details else 0.0)


def texts_for(tokens: int) -> int:
    """How many texts of a length are made."""
    return max(BATCH_SIZE, min(_TEXTS, _TOKENS_OF_TEXTS // tokens))


def list_cells(lengths: Iterable[int], batch_sizes: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Length and batch size of each cell: the headline's, its length in all batch sizes, all lengths in one."""
    cells = [(TOKENS, BATCH_SIZE)]
    cells += [(TOKENS, size) for size in batch_sizes]
    cells += [(tokens, LENGTH_BATCH_SIZE) for tokens in lengths]
    return tuple(dict.fromkeys(cells))


def list_settings(
    contenders: Sequence[Contender],
    *,
    threads: Iterable[int],
    isa: str | None,
    lengths: Sequence[int],
    batch_sizes: Sequence[int],
) -> list[SettingPlan]:
    """One thread: everything. More threads: no lengths. Fewer instructions: ours and the limit, the headline only."""
    settings = []
    for place, count in enumerate(dict.fromkeys(threads)):
        cells = list_cells(lengths if place == 0 else [], batch_sizes)
        settings.append(SettingPlan(count, None, tuple(contenders), cells, details=place == 0))
    ours = tuple(contender for contender in contenders if contender.name in (*OURS, BARE))
    if isa is not None and ours:
        settings.append(SettingPlan(settings[0].threads, isa, ours, list_cells([], []), details=False))
    return settings


def estimate_seconds(settings: Iterable[SettingPlan], effort: Effort, soak: int) -> float:
    """How long a run takes, about."""
    return sum(setting.seconds(effort) for setting in settings) + soak / _SOAK_RATE
