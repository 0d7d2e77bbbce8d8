"""A soak: many documents, each with words that were never seen before, and what the process then holds in memory."""

from collections.abc import Callable, Sequence
from statistics import median

from .result import Sample, Soak

SAMPLES = 100
# Fewer documents do not tell: buffers still grow to the size of the largest batch.
ENOUGH = 20_000
# The memory is flat where it grew by no more than this between the fifth tenth of the documents and the last. At first
# it grows, and for longer than a tenth: in a soak of 200,000 documents until the 60,000th.
_MOST_GROWTH, _MOST_GROWTH_MB = 0.03, 16.0


def with_new_words(texts: Sequence[str], begin: int, count: int) -> list[str]:
    """The texts over and over, each with a name and a number of its own.

    begin (int): the number of the first one in the whole soak.
    """
    return [f"{_name(place)} {place} {texts[place % len(texts)]}" for place in range(begin, begin + count)]


def _name(place: int) -> str:
    letters = ""
    while True:
        place, rest = divmod(place, 26)
        letters += chr(ord("a") + rest)
        if not place:
            return f"Zq{letters}"


def run_soak(
    read: Callable[[int, int], float],
    *,
    contender: str,
    documents: int,
    batch_size: int,
    advance: Callable[[int], object],
) -> Soak:
    """Read documents and watch the memory.

    read (Callable): reads so many documents from a place on, and says what is in memory then, in MiB.
    advance (Callable): told how many more documents were read.
    """
    step = max(batch_size, documents // SAMPLES // batch_size * batch_size)
    samples = []
    for begin in range(0, documents, step):
        count = min(step, documents - begin)
        samples.append(Sample(begin + count, read(begin, count)))
        advance(count)
    return judge(contender, samples)


def judge(contender: str, samples: list[Sample]) -> Soak:
    """Say whether the memory stayed flat, once the pipeline was warm."""
    tenth = max(1, len(samples) // 10)
    early = median(sample.mb for sample in samples[4 * tenth : 5 * tenth] or samples)
    late = median(sample.mb for sample in samples[-tenth:])
    grown = late - early
    return Soak(
        contender=contender,
        samples=samples,
        grown_mb=round(grown, 1),
        flat=grown <= max(_MOST_GROWTH_MB, _MOST_GROWTH * early) if samples[-1].documents >= ENOUGH else None,
    )
