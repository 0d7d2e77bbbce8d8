"""How fast the pipeline reads texts, by the size of a batch."""

from collections.abc import Sequence
from statistics import median
from time import perf_counter

from spacy.language import Language
from thinc.api import get_current_ops

from ..progress import progress_bar
from .provenance import available_cores, processor_name
from .result import BatchSpeed, Speed

BATCH_SIZES = (1, 8, 32, 128)
ROUNDS = 3
MAX_TEXTS = 200
# Of a slow pipeline fewer texts are taken, so that all rounds together last about this long.
MAX_SECONDS = 40.0
_WARM_UP = 16


def thread_count() -> int:
    """The threads that PyTorch computes with, where it is there; otherwise the processors that this process may use."""
    try:
        import torch  # noqa: PLC0415 - a compiled pipeline runs without it
    except ImportError:
        return available_cores()
    return int(torch.get_num_threads())


def device_name() -> str:
    """ "cpu", or the name of the GPU that predictions run on."""
    if get_current_ops().device_type == "cpu":
        return "cpu"
    import torch  # noqa: PLC0415 - see above

    return str(torch.cuda.get_device_name())


def spread(texts: Sequence[str], count: int) -> list[str]:
    """Some of the texts, evenly spread over them."""
    count = min(count, len(texts))
    return [texts[place * len(texts) // count] for place in range(count)]


def time_texts(nlp: Language, texts: Sequence[str], batch_size: int) -> float:
    """Seconds from raw texts to finished docs."""
    begin = perf_counter()
    for _ in nlp.pipe(texts, batch_size=batch_size):
        pass
    return perf_counter() - begin


def measure_speed(nlp: Language, texts: Sequence[str], *, max_seconds: float = MAX_SECONDS) -> Speed:
    """Time the pipeline on some of the texts.

    In each round every batch size reads all texts, so that what else the machine does meets all sizes alike; a warm-up
    comes first, and tells how many texts can be read in time.
    """
    warm_up = spread(texts, _WARM_UP)
    time_texts(nlp, warm_up, 1)
    rate = len(warm_up) / time_texts(nlp, warm_up, 1)
    affordable = int(rate * max_seconds / (ROUNDS * len(BATCH_SIZES)))
    chosen = spread(texts, max(len(warm_up), min(MAX_TEXTS, affordable)))
    words = sum(len(nlp.make_doc(text)) for text in chosen)
    seconds: dict[int, list[float]] = {size: [] for size in BATCH_SIZES}
    with progress_bar(total=ROUNDS * len(BATCH_SIZES), desc="Timing", unit=" runs") as progress:
        for _ in range(ROUNDS):
            for size in BATCH_SIZES:
                seconds[size].append(time_texts(nlp, chosen, size))
                progress.update()
    return Speed(
        texts=len(chosen),
        words=words,
        rounds=ROUNDS,
        threads=thread_count(),
        processor=processor_name(),
        device=device_name(),
        batches=[
            BatchSpeed(
                size,
                [round(value, 4) for value in values],
                round(len(chosen) / median(values), 1),
                round(words / median(values), 1),
            )
            for size, values in seconds.items()
        ],
    )
