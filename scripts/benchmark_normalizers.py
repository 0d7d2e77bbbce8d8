"""Step `benchmark-normalizers`: ours beside the libraries that read money, quantities and dates; accuracy and speed."""

import os
import platform
import shlex
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from .benchmark.normalizers.accuracy import counts_by_label, score_set
from .benchmark.normalizers.report import (
    accuracy_rows,
    cost_rows,
    cost_verdict,
    false_rows,
    growth_verdict,
    speed_rows,
    write_report,
)
from .benchmark.normalizers.result import FORMAT, Benchmark, Run
from .benchmark.normalizers.sentences import Sentence, authored_sentences, nearest_to, split_sentences
from .benchmark.normalizers.speed import (
    DOUBLINGS,
    TOKENS,
    compare_speed,
    estimate_seconds,
    measure_cost,
    measure_growth,
    quiet_heap,
)
from .benchmark.normalizers.tools import TOOLS, Ours, ReadyDocs, Tool, ToolMissing, install_hint
from .benchmark.normalizers.tools.ours import COMPONENTS
from .errors import BadInput
from .evaluation.provenance import git_state, now, processor_name
from .progress import progress_bar

SPLITS = ("train", "dev", "test")
AUTHORED = "Authored phrases"
# The components alone are so fast that their rounds cost nothing; more of them are steadier.
COST_ROUNDS = 20
GROWTH_ROUNDS = 9
# The shortest text of the growth measurement.
GROWTH_SENTENCES = 10

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass
class Plan:
    """What a run needs: tools that are there, why others are not, and the sentences."""

    tools: list[Tool]
    versions: dict[str, dict[str, str]]
    missing: dict[str, str]
    authored: list[Sentence]
    corpus: list[Sentence]
    timed: list[Sentence]
    split: str
    rounds: int
    seed: int

    @property
    def ours(self) -> Ours:
        return next(tool for tool in self.tools if isinstance(tool, Ours))

    @property
    def contenders(self) -> list[Tool]:
        """What is timed: the tools, and ours once more without tokenization."""
        return [item for tool in self.tools for item in ([tool, ReadyDocs(tool)] if isinstance(tool, Ours) else [tool])]


def make_tools(
    wanted: Sequence[str] | None, gazetteer: Path | None
) -> tuple[list[Tool], dict[str, dict[str, str]], dict[str, str]]:
    """Make the tools that are installed; ours always.

    wanted (Sequence[str] | None): names; None is all of `TOOLS`.
    gazetteer (Path | None): the companies of ours.
    RETURNS (tuple): the tools, their versions, and why others are missing.
    RAISES (BadInput): an unknown name, or one that was asked for by name is missing.
    """
    for name in wanted or ():
        if name not in TOOLS:
            raise BadInput(f"--tools: unknown tool '{name}'; there are {', '.join(TOOLS)}")
    tools: list[Tool] = []
    versions: dict[str, dict[str, str]] = {}
    missing: dict[str, str] = {}
    for name, cls in TOOLS.items():
        if wanted is not None and name not in wanted and not issubclass(cls, Ours):
            continue
        try:
            found = cls.versions()
            tools.append(cls(gazetteer) if issubclass(cls, Ours) else cls())
        except ToolMissing as error:
            if wanted is not None:
                raise BadInput(f"{error}: {install_hint()}") from None
            missing[name] = str(error)
            continue
        versions[name] = found
    return tools, versions, missing


def run_benchmark(plan: Plan, command: str) -> Benchmark:
    """Score and time all tools."""
    ours = plan.ours
    load, threads = os.getloadavg()[0], threading.active_count()
    contenders = plan.contenders
    sets = ((AUTHORED, plan.authored), (f"Starter corpus, {plan.split}", plan.corpus))
    reads = len(plan.tools) * (len(plan.authored) + len(plan.corpus))
    with progress_bar(total=reads, desc="accuracy", unit="sentence") as bar:
        accuracy = [score_set(name, sentences, plan.tools, bar.update) for name, sentences in sets]
    with progress_bar(total=(plan.rounds + 1) * len(contenders), desc="speed", unit="round") as bar:
        speed = compare_speed(
            contenders, plan.timed, reference=ours.name, rounds=plan.rounds, seed=plan.seed, advance=bar.update
        )
    total = COST_ROUNDS + 1 + (GROWTH_ROUNDS + 1) * len(DOUBLINGS)
    with progress_bar(total=total, desc="components", unit="round") as bar, quiet_heap():
        cost = measure_cost(ours, plan.timed, rounds=COST_ROUNDS, advance=bar.update)
        growth = measure_growth(
            ours,
            plan.timed[:GROWTH_SENTENCES],
            rounds=GROWTH_ROUNDS,
            seed=plan.seed,
            doublings=DOUBLINGS,
            advance=bar.update,
        )
    return Benchmark(
        format=FORMAT,
        run=Run(
            date=now(),
            command=command,
            git_commit=git_state(Path.cwd())[0],
            processor=processor_name(),
            cores=os.cpu_count() or 1,
            threads=threads,
            load=round(load, 2),
            python=platform.python_version(),
            seed=plan.seed,
            rounds=plan.rounds,
            split=plan.split,
            versions=plan.versions,
            claims={tool.name: list(tool.labels) for tool in contenders},
            how={tool.name: tool.how for tool in plan.tools},
            missing=plan.missing,
            missing_components=[name for name in COMPONENTS if name not in ours.components],
        ),
        accuracy=accuracy,
        speed=speed,
        cost=cost,
        growth=growth,
    )


def print_plan(plan: Plan, out: Path) -> None:
    """Say what would be done, after reading a few sentences with each tool."""
    timed = len(plan.timed) * (plan.rounds + 1)
    read = len(plan.authored) + len(plan.corpus)
    estimates = estimate_seconds(plan.tools, plan.timed, read, timed)
    rows = [
        (
            tool.name,
            ", ".join(f"{package} {version}" for package, version in plan.versions[tool.name].items()),
            ", ".join(tool.labels),
            f"{estimates[tool.name]:.0f} s",
        )
        for tool in plan.tools
    ]
    msg.table(rows, header=("tool", "versions", "reads", "will take"), divider=True)
    for name, sentences in ((AUTHORED, plan.authored), (plan.split, plan.corpus)):
        counts = ", ".join(f"{count} {label}" for label, count in counts_by_label(sentences).items())
        msg.text(f"{name}: {len(sentences)} sentences with {counts}")
    msg.text(f"Timed: {len(plan.timed)} sentences, {plan.rounds} rounds and one to warm up")
    msg.text(f"Estimate: {sum(estimates.values()) + 10:.0f} s, of which 10 s for the components and the plot")
    msg.text(f"Would write {out}/normalizers.json, {out}/normalizers.md and {out}/normalizers.svg")


def print_result(benchmark: Benchmark) -> None:
    for result in benchmark.accuracy:
        msg.divider(f"{result.name}, {result.sentences} sentences: same value")
        header, rows = accuracy_rows(result)
        msg.table(rows, header=header, divider=True)
        msg.divider("False readings for 100 sentences")
        header, rows = false_rows(result)
        msg.table(rows, header=header, divider=True)
    msg.divider("Speed")
    for (header, rows), aligns in ((speed_rows(benchmark), "llrrr"), (cost_rows(benchmark), "lr")):
        msg.table(rows, header=header, divider=True, aligns=tuple(aligns))
    msg.info(cost_verdict(benchmark))
    msg.info(growth_verdict(benchmark))


@app.command()
def main(
    *,
    corpus: Annotated[Path, typer.Option(help="Folder that 'convert' wrote.")] = Path("corpus"),
    split: Annotated[str, typer.Option(help="Records to read: dev, test or train.")] = "dev",
    tools: Annotated[
        str | None,
        typer.Option(
            help=f"Tools, with commas between: {', '.join(TOOLS)}. Ours is always among them. Default: those installed."
        ),
    ] = None,
    gazetteer: Annotated[Path, typer.Option(help="Companies of our component 'company'.")] = Path(
        "assets/gazetteers/companies.csv"
    ),
    sentences: Annotated[int, typer.Option(min=1, help="Sentences to time; the slowest tool needs 0.05 s each.")] = 100,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds over these sentences.")] = 5,
    seed: Annotated[int, typer.Option(help="Seed of the order in which the tools take turns.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder for normalizers.json, .md and .svg.")] = Path("reports"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and stop.")] = False,
) -> None:
    """Compare our normalizers with Recognizers-Text, quantulum3, price-parser and dateparser.

    All read the same sentences, authored ones and those of a split: the share of gold expressions that are read as the
    same value, and the sentences per second, in one process, the tools taking turns. Then what each of our
    components costs, and how the time grows with the length of a text.

    The libraries are optional: pip install -r requirements-benchmark.txt. What is not installed is left out and
    named.
    """
    if split not in SPLITS:
        raise BadInput(f"--split must be one of {', '.join(SPLITS)}, got '{split}'")
    read = split_sentences(corpus / f"{split}.jsonl")
    wanted = None if tools is None else [name.strip() for name in tools.split(",") if name.strip()]
    if not gazetteer.exists():
        msg.warn(
            f"{gazetteer}: no such file", "The component 'company' has no companies, and costs less than with some."
        )
    made, versions, missing = make_tools(wanted, gazetteer if gazetteer.exists() else None)
    for problem in missing.values():
        msg.warn(problem, f"Left out. To compare with it: {install_hint()}")
    plan = Plan(
        tools=made,
        versions=versions,
        missing=missing,
        authored=authored_sentences(),
        corpus=read,
        timed=nearest_to(read, TOKENS, sentences),
        split=split,
        rounds=rounds,
        seed=seed,
    )
    if dry_run:
        print_plan(plan, out)
        return
    arguments = ["--corpus", str(corpus), "--split", split, "--sentences", str(sentences), "--rounds", str(rounds)]
    arguments += ["--seed", str(seed), "--gazetteer", str(gazetteer), "--out", str(out)]
    arguments += ["--tools", tools] if tools else []
    benchmark = run_benchmark(plan, "python -m scripts benchmark-normalizers " + shlex.join(arguments))
    paths = write_report(benchmark, out)
    print_result(benchmark)
    msg.good(", ".join(map(str, paths)))
