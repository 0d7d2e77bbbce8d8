"""How long the tools take: in one process, interleaved, the median of rounds.

Seconds are those of the processor, so that other programs on the machine do not count as the tool's.
"""

import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import fmean, median

from spacy.tokens import Doc

from ..growth import fit_power
from .result import Cost, Growth, Length, Speed
from .sentences import Sentence
from .tools import Ours, Tool

LIMIT_MS = 0.3
TOKENS = 30
# The longest text has more than 100,000 characters.
DOUBLINGS = (1, 2, 4, 8, 16, 32, 64, 128)
# A short text is timed several times over, or the caches of the processor would be cold for it alone.
_SAME_WORK = 16


@contextmanager
def quiet_heap() -> Iterator[None]:
    """Keep the garbage collector from walking, while one tool is timed, through what was there before, such as the
    tables of the others."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def time_round(tool: Tool, sentences: Sequence[Sentence]) -> tuple[float, int]:
    """RETURNS (tuple): seconds for all sentences, and how many of them raised an exception."""
    prepared = [tool.prepare(sentence) for sentence in sentences]
    errors = 0
    gc.collect()
    start = time.process_time()
    for item in prepared:
        try:
            tool.run(item)
        except Exception:  # foreign code, which may raise anything: counted and reported
            errors += 1
    return time.process_time() - start, errors


def compare_speed(
    tools: Sequence[Tool],
    sentences: Sequence[Sentence],
    *,
    reference: str,
    rounds: int,
    seed: int,
    advance: Callable[[], object] | None = None,
) -> dict[str, Speed]:
    """Time the tools over the same sentences.

    In each round every tool reads all sentences, in an order drawn anew; a first round, not counted, warms them up.
    reference (str): the tool to which the others are compared.
    """
    order = random.Random(seed)
    seconds: dict[str, list[float]] = {tool.name: [] for tool in tools}
    errors: dict[str, int] = {}
    for tool in tools:
        time_round(tool, sentences)
        if advance is not None:
            advance()
    with quiet_heap():
        for _ in range(rounds):
            for tool in order.sample(tools, len(tools)):
                taken, errors[tool.name] = time_round(tool, sentences)
                seconds[tool.name].append(taken)
                if advance is not None:
                    advance()
    ours = median(seconds[reference]) if reference in seconds else None
    return {
        name: Speed(
            seconds=[round(value, 6) for value in values],
            sentences_per_second=round(len(sentences) / median(values), 1),
            ms=round(1000 * median(values) / len(sentences), 4),
            times_ours=None if ours is None else round(median(values) / ours, 2),
            errors=errors[name],
        )
        for name, values in seconds.items()
    }


def time_components(ours: Ours, docs: Sequence[Doc]) -> dict[str, float]:
    """RETURNS (dict[str, float]): component to seconds for all docs, one component after the other."""
    seconds = {}
    for name, component in ours.nlp.pipeline:
        gc.collect()
        start = time.process_time()
        for doc in docs:
            component(doc)
        seconds[name] = time.process_time() - start
    return seconds


def measure_cost(
    ours: Ours, sentences: Sequence[Sentence], *, rounds: int, advance: Callable[[], object] | None = None
) -> Cost:
    """What each component costs on docs that are tokenized and carry their ORG entities."""
    found: list[dict[str, float]] = []
    docs: list[Doc] = []
    for number in range(rounds + 1):
        docs = [ours.make_doc(sentence) for sentence in sentences]
        seconds = time_components(ours, docs)
        if number:
            found.append(seconds)
        if advance is not None:
            advance()
    tokens = sum(map(len, docs))
    totals = [sum(seconds.values()) for seconds in found]
    per_30 = 1000 * TOKENS / tokens
    return Cost(
        sentences=len(docs),
        tokens_per_sentence=round(tokens / len(docs), 1),
        with_expressions=sum(any(ent.label_ in ours.labels for ent in doc.ents) for doc in docs),
        ms_per_30_tokens={
            name: round(per_30 * median(seconds[name] for seconds in found), 4) for name in ours.components
        },
        total_ms=round(per_30 * median(totals), 4),
        fastest_ms=round(per_30 * min(totals), 4),
        limit_ms=LIMIT_MS,
    )


def measure_growth(
    ours: Ours,
    sentences: Sequence[Sentence],
    *,
    rounds: int,
    seed: int,
    doublings: Sequence[int] = DOUBLINGS,
    advance: Callable[[], object] | None = None,
) -> Growth:
    """Time of the components on texts of 1, 2, 4, … times the sentences; in each round, in an order drawn anew.

    The longer texts repeat the sentences, each time in another order.
    """
    order = random.Random(seed)
    texts = {
        times: _joined([sentence for _ in range(times) for sentence in order.sample(sentences, len(sentences))])
        for times in doublings
    }
    found: dict[int, list[dict[str, float]]] = {times: [] for times in doublings}
    tokens = {}
    for number in range(rounds + 1):
        for times in order.sample(doublings, len(doublings)):
            docs = [ours.make_doc(texts[times]) for _ in range(max(1, _SAME_WORK // times))]
            tokens[times] = len(docs[0])
            seconds = time_components(ours, docs)
            if number:
                found[times].append({name: value / len(docs) for name, value in seconds.items()})
            if advance is not None:
                advance()
    lengths: list[Length] = []
    for times, text in texts.items():
        ms = 1000 * median(sum(seconds.values()) for seconds in found[times])
        shortest = lengths[0].ms / lengths[0].tokens if lengths else ms / tokens[times]
        lengths.append(
            Length(
                times=times,
                tokens=tokens[times],
                characters=len(text.text),
                ms=round(ms, 4),
                ms_by_component={
                    name: round(1000 * median(seconds[name] for seconds in found[times]), 4) for name in ours.components
                },
                ratio=round(ms / tokens[times] / shortest, 3),
                step=round(2 * ms * lengths[-1].times / lengths[-1].ms / times, 3) if lengths else None,
            )
        )
    return Growth(lengths=lengths, exponent=round(fit_exponent(lengths), 3))


def _joined(sentences: Sequence[Sentence]) -> Sentence:
    """One text of many sentences, with their organisations."""
    organisations = []
    offset = 0
    for sentence in sentences:
        organisations += [(offset + start, offset + end) for start, end in sentence.organisations]
        offset += len(sentence.text) + 1
    return Sentence(
        id="joined",
        text=" ".join(sentence.text for sentence in sentences),
        day=sentences[0].day,
        organisations=tuple(organisations),
    )


def fit_exponent(lengths: Sequence[Length]) -> float:
    """The exponent of the power law that fits the times best; 1 is linear, 2 is quadratic."""
    return fit_power([item.tokens for item in lengths], [item.ms for item in lengths])


def estimate_seconds(tools: Sequence[Tool], sentences: Sequence[Sentence], read: int, timed: int) -> dict[str, float]:
    """How long each tool will take, from a few sentences.

    read (int), timed (int): sentences that it reads once, and that it is timed on, rounds included.
    """
    few = sentences[: max(1, min(5, len(sentences)))]
    estimates = {}
    for tool in tools:
        time_round(tool, few)
        estimates[tool.name] = fmean(time_round(tool, few)[0] for _ in range(2)) / len(few) * (read + timed)
    return estimates
