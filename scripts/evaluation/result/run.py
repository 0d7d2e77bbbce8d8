"""What was evaluated, on what, when, how fast and at what cost."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pipeline:
    """The pipeline that was evaluated. name (str): language and name, as the package is called."""

    name: str
    version: str
    path: str
    description: str
    components: list[str]


@dataclass(frozen=True)
class CorpusInfo:
    """From the corpus' manifest: `sources` with licence, description and documents by split; `sha256` of the records
    by split.
    """

    path: str
    domain: str
    mix: str
    sources: dict[str, dict[str, Any]]
    sha256: dict[str, str]
    documents: dict[str, int]


@dataclass(frozen=True)
class Run:
    """When, on which split and how. git_dirty is None outside a git checkout; `prediction_seconds` is wall time, not a
    benchmark."""

    date: str
    split: str
    git_commit: str | None
    git_dirty: bool | None
    command: str
    seed: int
    resamples: int
    confidence: float
    prediction_seconds: float
    versions: dict[str, str]


@dataclass(frozen=True)
class BatchSpeed:
    """Wall time of texts in batches of one size: the rounds, and what their median makes."""

    batch_size: int
    seconds: list[float]
    documents_per_second: float
    words_per_second: float


@dataclass(frozen=True)
class Speed:
    """How fast the pipeline reads test texts on this machine.

    words (int): tokens of the texts. threads (int): of the library that computes the encoder. processor (str), device
        (str): "cpu" or the name of the GPU.
    """

    texts: int
    words: int
    rounds: int
    threads: int
    processor: str
    device: str
    batches: list[BatchSpeed]


@dataclass(frozen=True)
class TrainingCost:
    """What the training took, as far as the pipeline and its log tell; None is unknown.

    seconds (float): wall time. watts (float): assumed, not measured. watt_hours (float): seconds x watts / 3600.
    price_per_kwh, price (float): in the currency of who gave the price.
    """

    seconds: float | None
    steps: int | None
    epochs: float | None
    seed: int | None
    processor: str | None
    threads: int | None
    watts: float
    watt_hours: float | None
    price_per_kwh: float | None
    price: float | None
