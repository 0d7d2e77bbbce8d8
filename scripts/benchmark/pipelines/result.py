"""The structure of `benchmark.json`."""

from dataclasses import dataclass, field
from statistics import median
from typing import Literal

FORMAT = 1

# Which seconds a ratio is made of: those of the processor, or those on the wall.
Clock = Literal["processor", "wall"]


@dataclass
class Measure:
    """Documents that a contender read in every round, and how long each round took.

    wall, cpu (list): seconds of the clock, and of the processor (all threads).
    """

    documents: int
    wall: list[float]
    cpu: list[float]

    def seconds(self, clock: Clock) -> list[float]:
        """The seconds of each round, for one document."""
        return [value / self.documents for value in (self.cpu if clock == "processor" else self.wall)]

    def rate(self, clock: Clock) -> float:
        """Documents per second, in the median round."""
        return 1.0 / median(self.seconds(clock))


@dataclass
class Singles:
    """A document alone: milliseconds of the clock (p50, p99) and of the processor (p50).

    documents (int): how many were timed, over all rounds.
    cpu_rounds, wall_rounds (list): the median of each round.
    """

    documents: int
    p50: float
    p99: float
    cpu_p50: float
    cpu_rounds: list[float]
    wall_rounds: list[float]

    def as_measure(self) -> Measure:
        """The rounds, as if one document had been read in each."""
        return Measure(1, [ms / 1000 for ms in self.wall_rounds], [ms / 1000 for ms in self.cpu_rounds])


@dataclass
class Cell:
    """Texts of one length, read in batches of one size, by contender."""

    tokens: int
    batch_size: int
    measures: dict[str, Measure] = field(default_factory=dict)


@dataclass
class Loaded:
    """A contender in its process.

    seconds (float): to import and load.
    loaded_mb, headline_mb, peak_mb (float | None): memory, in MiB: once loaded, and at most, to the end of the first
        cell (the headline's), and to the end of all.
    """

    seconds: float
    versions: dict[str, str]
    components: list[str]
    form: str | None
    loaded_mb: float | None = None
    headline_mb: float | None = None
    peak_mb: float | None = None


@dataclass
class Components:
    """Where the time of a pipeline goes: milliseconds of the processor for a document, medians over the rounds."""

    tokens: int
    batch_size: int
    documents: int
    ms: dict[str, float]


@dataclass
class Point:
    """A size and the seconds of the processor that it took."""

    size: int
    seconds: float


@dataclass
class Growth:
    """Time against size.

    of (str): what the size counts. exponent (float): of the power law that fits; 1 is linear.
    """

    of: str
    contender: str
    points: list[Point]
    exponent: float


@dataclass
class Setting:
    """What was measured under one number of threads and one set of instructions.

    isa (str | None): the instruction sets were cut to these.
    amx (bool): AMX could be used.
    clock: whose seconds the rates and ratios are made of.
    errors (dict): contender to what went wrong, and when; it was then left out.
    """

    name: str
    threads: int
    isa: str | None
    amx: bool
    clock: Clock
    loaded: dict[str, Loaded] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    singles: dict[str, Singles] = field(default_factory=dict)
    components: dict[str, Components] = field(default_factory=dict)
    growth: list[Growth] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    def cell(self, tokens: int, batch_size: int) -> Cell | None:
        """The cell of this length and batch size, if it was measured."""
        return next((cell for cell in self.cells if (cell.tokens, cell.batch_size) == (tokens, batch_size)), None)


@dataclass
class Sample:
    """Memory, in MiB, after so many documents."""

    documents: int
    mb: float


@dataclass
class Soak:
    """Memory over many documents.

    grown_mb (float): from the fifth tenth of them to the last.
    flat (bool | None): whether that is next to nothing; None: too few documents to tell.
    """

    contender: str
    samples: list[Sample]
    grown_mb: float
    flat: bool | None


@dataclass
class Cost:
    """Of a contender, by the seconds of the processor in the headline cell, one thread."""

    documents_per_core_hour: float
    core_hours_per_million: float
    price_per_million: float


@dataclass
class TargetResult:
    """What was wanted and what was found.

    low, high (float | None): over the rounds. by_wall (float | None): the same ratio by the clock on the wall.
    met (bool | None): None where it cannot be said, or is not asked for here; `why` tells.
    """

    text: str
    wanted: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    by_wall: float | None = None
    met: bool | None = None
    why: str | None = None


@dataclass
class Run:
    """When, where and how.

    flags (list): instruction sets of the processor that matter here.
    load (float): of the machine at the start.
    """

    date: str
    command: str
    git_commit: str | None
    git_dirty: bool | None
    processor: str
    flags: list[str]
    cores: int
    memory_gb: float | None
    load: float
    python: str
    seed: int
    rounds: int
    seconds: float
    price_per_core_hour: float
    corpus: str
    quick: bool


@dataclass
class Described:
    """A contender in words. missing (str | None): why it could not be measured."""

    title: str
    how: str
    missing: str | None = None


@dataclass
class Benchmark:
    """The report."""

    format: int
    run: Run
    contenders: dict[str, Described]
    targets: list[TargetResult]
    cost: dict[str, Cost]
    settings: list[Setting]
    soak: Soak | None = None
