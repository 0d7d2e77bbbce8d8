"""What the pipelines should reach, and whether they do: ratios of contenders in one run, growth, memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from .contenders import BARE, BERT, COMPILED, MINILM, TRAINABLE
from .plan import BATCH_SIZE, TOKENS
from .result import Clock, Measure, Setting, Soak, TargetResult
from .soak import ENOUGH

# A time that grows with less than size to the power of this is called linear.
LINEAR = 1.1


@dataclass(frozen=True)
class Target:
    """At least so many times as fast as another.

    single (bool): documents one by one; else batches, on texts of the headline.
    amx (bool | None): asked for only with, or only without AMX.
    """

    other: str
    factor: float
    text: str
    single: bool = False
    amx: bool | None = None


TARGETS = (
    Target(TRAINABLE, 5.0, "compiled : trainable", amx=True),
    Target(TRAINABLE, 3.0, "compiled : trainable, without AMX", amx=False),
    Target(TRAINABLE, 4.0, "compiled : trainable", single=True),
    Target(MINILM, 8.0, "compiled : three MiniLM pipelines"),
    Target(BERT, 100.0, "compiled : three BERT-base pipelines"),
    Target(BARE, 0.6, "compiled : the bare encoder"),
)


@dataclass(frozen=True)
class Ratio:
    """How many times as fast: in the median rounds, and over the single rounds."""

    value: float
    low: float
    high: float


def ratio(fast: Measure, slow: Measure, clock: Clock) -> Ratio:
    """How many times as many documents per second `fast` reads as `slow`.

    Both were timed in the same rounds, of which the slow one may have had fewer.
    """
    ours, theirs = fast.seconds(clock), slow.seconds(clock)
    rounds = [there / here for here, there in zip(ours, theirs, strict=False)]
    return Ratio(median(theirs) / median(ours), min(rounds), max(rounds))


def judge_targets(settings: Sequence[Setting], soak: Soak | None) -> list[TargetResult]:
    """All targets, for one thread."""
    single = [setting for setting in settings if setting.threads == 1]
    results = [_judge(target, single) for target in TARGETS]
    return [*results, *_judge_growth(settings), _judge_soak(soak)]


def _judge(target: Target, settings: Sequence[Setting]) -> TargetResult:
    result = TargetResult(
        text=f"{target.text}, {'one document at a time' if target.single else f'batches of {BATCH_SIZE}'}",
        wanted=f"≥ {target.factor:g}",
    )
    asked = [setting for setting in settings if target.amx is None or setting.amx is target.amx]
    if not settings:
        result.why = "one thread was not measured"
        return result
    if not asked:
        result.why = "this processor has no AMX" if target.amx else "only measured with AMX"
        return result
    setting = asked[0]
    pair = _pair(target, setting)
    if pair is None:
        failed = [name for name in (COMPILED, target.other) if name in setting.errors]
        result.why = f"{' and '.join(failed)} failed" if failed else "not measured"
        return result
    found = ratio(*pair, setting.clock)
    result.value, result.low, result.high = (round(number, 3) for number in (found.value, found.low, found.high))
    result.by_wall = round(ratio(*pair, "wall").value, 3)
    result.met = found.value >= target.factor
    return result


def _pair(target: Target, setting: Setting) -> tuple[Measure, Measure] | None:
    if target.single:
        measures = {name: singles.as_measure() for name, singles in setting.singles.items()}
    else:
        cell = setting.cell(TOKENS, BATCH_SIZE)
        measures = {} if cell is None else cell.measures
    if COMPILED not in measures or target.other not in measures:
        return None
    return measures[COMPILED], measures[target.other]


def _judge_growth(settings: Sequence[Setting]) -> Iterator[TargetResult]:
    for growth in (growth for setting in settings for growth in setting.growth):
        yield TargetResult(
            text=f"growth with {growth.of}, up to {growth.points[-1].size:,} ({growth.contender}), exponent",
            wanted=f"≤ {LINEAR}",
            value=growth.exponent,
            met=growth.exponent <= LINEAR,
        )


def _judge_soak(soak: Soak | None) -> TargetResult:
    if soak is None:
        return TargetResult(text="memory stays flat", wanted="flat", why="no soak was asked for (--soak)")
    return TargetResult(
        text=f"memory over {soak.samples[-1].documents:,} documents ({soak.contender}), MiB grown",
        wanted="flat",
        value=soak.grown_mb,
        met=soak.flat,
        why=f"fewer than {ENOUGH:,} documents do not tell" if soak.flat is None else None,
    )
