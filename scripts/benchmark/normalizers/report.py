"""`normalizers.json` and `normalizers.md`."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from ...files import write_json, write_text
from .plot import plot_growth
from .result import Benchmark, Score, SetResult
from .sentences import LABELS

NAME = "normalizers"
_NOT_CLAIMED = "–"
# What a library that is not made for finance sets out to read (`accuracy.is_plain`).
_PLAIN = {
    "MONEY": "MONEY, digits without a scale",
    "QUANTITY": "QUANTITY, physical units",
    "PERIOD": "PERIOD, a day, week, month or year",
}

Rows = list[list[str]]


def write_report(benchmark: Benchmark, folder: Path) -> list[Path]:
    """Write the JSON, the tables and the plot; RETURNS (list[Path]): the files."""
    data, tables = folder / f"{NAME}.json", folder / f"{NAME}.md"
    write_json(data, asdict(benchmark))
    write_text(tables, render_markdown(benchmark))
    return [data, tables, plot_growth(benchmark.growth, folder / f"{NAME}.svg")]


def accuracy_rows(result: SetResult) -> tuple[list[str], Rows]:
    """Header and rows: labels down, tools across."""
    rows = []
    for label in LABELS:
        shares = [_share(score, [label]) for score in result.scores.values()]
        rows.append([label, *shares, _strict(result, [label])])
        if label in _PLAIN:
            rows.append([_PLAIN[label], *(_plain_share(score, label) for score in result.scores.values()), ""])
    claimed = [_share(score, score.labels) for score in result.scores.values()]
    rows.append(["all that it claims", *claimed, _strict(result, LABELS)])
    return ["", *result.scores, "ours, strict"], rows


def false_rows(result: SetResult) -> tuple[list[str], Rows]:
    """Header and rows: false readings for 100 sentences, labels down, tools across."""
    rows = [[label, *(_false(score, [label]) for score in result.scores.values())] for label in LABELS]
    rows.append(["all that it claims", *(_false(score, score.labels) for score in result.scores.values())])
    return ["", *result.scores], rows


def speed_rows(benchmark: Benchmark) -> tuple[list[str], Rows]:
    """Header and rows: one tool a row, fastest first."""

    def time_of(item: tuple[str, object]) -> float:
        return benchmark.speed[item[0]].ms

    rows = [
        [
            name,
            ", ".join(benchmark.run.claims[name]),
            f"{speed.sentences_per_second:,.0f}",
            f"{speed.ms:.3f}",
            _NOT_CLAIMED if speed.times_ours is None else f"{speed.times_ours:.2f}",
        ]
        for name, speed in sorted(benchmark.speed.items(), key=time_of)
    ]
    return ["", "reads", "sentences per second", "ms per sentence", "times ours"], rows


def cost_rows(benchmark: Benchmark) -> tuple[list[str], Rows]:
    """Header and rows: one component a row, and all of them."""
    cost = benchmark.cost
    rows = [[name, f"{ms:.3f}"] for name, ms in cost.ms_per_30_tokens.items()]
    return ["component", "ms per 30 tokens"], [*rows, ["all", f"{cost.total_ms:.3f}"]]


def growth_rows(benchmark: Benchmark) -> tuple[list[str], Rows]:
    """Header and rows: one length a row."""
    rows = [
        [
            f"{item.times}×",
            f"{item.tokens:,}",
            f"{item.characters:,}",
            f"{item.ms:.2f}",
            _NOT_CLAIMED if item.step is None else f"{item.step:.2f}",
            f"{item.ratio:.2f}",
        ]
        for item in benchmark.growth.lengths
    ]
    return ["length", "tokens", "characters", "ms", "times the line above", "ms per token, 1× = 1"], rows


def cost_verdict(benchmark: Benchmark) -> str:
    """One sentence: what all components cost, and whether that is below the limit."""
    cost = benchmark.cost
    count = len(cost.ms_per_30_tokens)
    verdict = "below" if cost.total_ms < cost.limit_ms else "above"
    return (
        f"{count} components together: {cost.total_ms:.3f} ms for 30 tokens in the median round (fastest "
        f"{cost.fastest_ms:.3f}), {verdict} the limit of {cost.limit_ms} ms."
    )


def growth_verdict(benchmark: Benchmark) -> str:
    """One sentence: how the time grows."""
    last = benchmark.growth.lengths[-1]
    return (
        f"Time grows with tokens to the power of {benchmark.growth.exponent:.2f} (1 is linear); a token of the "
        f"longest text ({last.tokens:,} tokens) takes {last.ratio:.2f} times as long as one of the shortest."
    )


def render_markdown(benchmark: Benchmark) -> str:
    """The report as Markdown."""
    run = benchmark.run
    parts = [
        "# Normalizers, compared",
        f"`{run.command}`, {run.date}, commit {run.git_commit or 'unknown'}. {run.processor}, {run.cores} cores, "
        f"{run.threads} thread{'s' if run.threads > 1 else ''}, load {run.load:.1f} at the start. Python {run.python}.",
    ]
    versions = [
        [name, ", ".join(f"{package} {version}" for package, version in packages.items()),
         ", ".join(run.claims[name]), run.how[name]]
        for name, packages in run.versions.items()
    ]  # fmt: skip
    parts.append(_table(["tool", "versions", "reads", "how it is called"], versions))
    if run.missing:
        parts.append("Not compared: " + "; ".join(run.missing.values()) + ".")
    if run.missing_components:
        parts.append(f"Components that this checkout does not have: {', '.join(run.missing_components)}.")
    parts += ["## Accuracy", _ACCURACY]
    for result in benchmark.accuracy:
        errors = [f"{name} {score.errors}" for name, score in result.scores.items() if score.errors]
        parts += [
            f"### {result.name}",
            f"{result.sentences} sentences; {result.not_comparable} gold periods without days are left out."
            + (f" Sentences with an exception: {', '.join(errors)}." if errors else ""),
            "Share of the gold expressions that are read as the same value:",
            _table(*accuracy_rows(result)),
            "False readings for 100 sentences:",
            _table(*false_rows(result)),
        ]
    cost = benchmark.cost
    parts += [
        "## Speed",
        f"{cost.sentences} sentences of {cost.tokens_per_sentence} tokens on average, those nearest to 30, in one "
        f"process and one thread. In each of {run.rounds} rounds every tool reads all of them, in an order drawn anew; "
        "a first round warms up. The median of the rounds, in seconds of the processor, which on a machine that does "
        "nothing else are those of the clock.",
        _table(*speed_rows(benchmark)),
        "## What each component costs",
        f"{cost_verdict(benchmark)} On docs that are tokenized and carry their ORG entities; in "
        f"{cost.with_expressions} of the {cost.sentences} sentences there is something to find.",
        _table(*cost_rows(benchmark)),
        "## Growth with the length of a text",
        growth_verdict(benchmark),
        _table(*growth_rows(benchmark)),
        f"![Milliseconds against tokens]({NAME}.svg)",
    ]
    return "\n\n".join(parts) + "\n"


_ACCURACY = """\
Every tool reads the same sentences, and is scored only on what it claims to read. Two values are the same where

* MONEY: amount and currency are equal;
* PERCENT, QUANTITY: number and unit are equal;
* PERIOD: first and last day are equal (ends that a tool does not include are converted);
* TICKER: the symbol is equal.

A range has both its ends. Bounds ("at least"), what an amount is for ("a share"), the direction of a change and the
span are not compared. A period without days (a fiscal quarter of unknown year end, "Monday" without a date) has
nothing to compare. Readings that are no expression of the sentence do not lower the accuracy; they are counted
below it. "Ours, strict" is the measure of the step `evaluate`: the same span, and every field of the value, periods
without days included. A sentence is read without its document, so that "a year earlier" may lack what it refers to.
The libraries are not made for finance, so a second row of a label shows what they do set out to read: amounts in digits
("$9,420", not "$9.4k"), physical units (most quantities are counts, "1,200 employees"), and days, weeks, months and
years of the calendar. By the guideline of the corpus a duration ("two weeks ago", "six months") is no PERIOD: what a
tool makes of one is a false reading."""


def _percent(right: int, gold: int) -> str:
    return f"{right / gold:.1%} ({right}/{gold})" if gold else "no gold"


def _share(score: Score, labels: Iterable[str]) -> str:
    found = [score.labels[label] for label in labels if label in score.labels]
    if not found:
        return _NOT_CLAIMED
    return _percent(sum(item.right for item in found), sum(item.gold for item in found))


def _plain_share(score: Score, label: str) -> str:
    found = score.labels.get(label)
    return _NOT_CLAIMED if found is None else _percent(found.plain_right, found.plain)


def _strict(result: SetResult, labels: Iterable[str]) -> str:
    found = [result.strict[label] for label in labels if label in result.strict]
    if not found:
        return _NOT_CLAIMED
    return _percent(sum(item.right for item in found), sum(item.gold for item in found))


def _false(score: Score, labels: Iterable[str]) -> str:
    found = [score.labels[label] for label in labels if label in score.labels]
    if not found or not score.sentences:
        return _NOT_CLAIMED
    return f"{100 * sum(item.false for item in found) / score.sentences:.1f}"


def _table(header: Sequence[str], rows: Rows) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
