"""`benchmark.json` and `benchmark.md`."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from ...files import write_json, write_text
from .contenders import BARE, COMPILED, OURS
from .plan import BATCH_SIZE, LENGTH_BATCH_SIZE, TOKENS
from .plot import cells_by_batch_size, cells_by_length, draw_soak, draw_speed
from .result import Benchmark, Cell, Growth, Measure, Setting, TargetResult
from .targets import ratio

NAME = "benchmark"
_NONE = "–"
# A batch that a slow contender could not read as a whole.
_PARTIAL = "†"
# Singles below which the 99th percentile is the slowest but one, or the slowest.
_FEW = 100

_TARGETS = (
    f"How many times as many documents per second, on documents of {TOKENS} tokens, one thread, by seconds of the "
    "processor; in the median rounds and over the single rounds."
)

Rows = list[list[str]]
Table = tuple[list[str], Rows]


def write_report(benchmark: Benchmark, folder: Path) -> list[Path]:
    """Write the JSON, the tables and the plots; RETURNS (list[Path]): the files."""
    data, tables = folder / f"{NAME}.json", folder / f"{NAME}.md"
    write_json(data, asdict(benchmark))
    write_text(tables, render_markdown(benchmark))
    paths = [data, tables]
    if any(cell.measures for cell in benchmark.settings[0].cells):
        paths.append(draw_speed(benchmark, folder / f"{NAME}.svg"))
    if benchmark.soak is not None:
        title = benchmark.contenders[benchmark.soak.contender].title
        paths.append(draw_soak(benchmark.soak, title, folder / f"{NAME}-soak.svg"))
    return paths


def number(value: float) -> str:
    """Three digits that say something: 1,235; 123; 12.3; 1.23."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def target_rows(targets: Sequence[TargetResult]) -> Table:
    """Header and rows: one target a row."""
    return ["target", "wanted", "found", "in the rounds", "by the clock", "verdict"], [
        _target_row(item) for item in targets
    ]


def _target_row(item: TargetResult) -> list[str]:
    rounds = _NONE if item.low is None or item.high is None else f"{number(item.low)} to {number(item.high)}"
    verdict = {True: "met", False: "missed", None: item.why or _NONE}[item.met]
    return [item.text, item.wanted, _or_none(item.value), rounds, _or_none(item.by_wall), verdict]


def _or_none(value: float | None) -> str:
    return _NONE if value is None else number(value)


def headline_rows(benchmark: Benchmark, setting: Setting) -> Table:
    """Header and rows: the contenders on short texts in large batches, fastest first."""
    cell = setting.cell(TOKENS, BATCH_SIZE)
    measures = {} if cell is None else cell.measures

    def slowness(name: str) -> float:
        return -measures[name].rate(setting.clock)

    rows = []
    for name in sorted(measures, key=slowness):
        measure, loaded = measures[name], setting.loaded.get(name)
        rows.append(
            [
                benchmark.contenders[name].title,
                _NONE if loaded is None or loaded.form is None else loaded.form,
                number(measure.rate("processor")) + _mark(measure, BATCH_SIZE),
                number(measure.rate("wall")),
                _compared(measures, name, setting),
                f"{measure.documents} × {len(measure.wall)}",
            ]
        )
    header = ["", "form", "documents per second of the processor", "of the clock"]
    return [*header, f"compiled is … times as fast ({setting.clock})", "documents × rounds"], rows


def _compared(measures: dict[str, Measure], name: str, setting: Setting) -> str:
    if COMPILED not in measures or name == COMPILED:
        return _NONE
    found = ratio(measures[COMPILED], measures[name], setting.clock)
    return f"{number(found.value)} ({number(found.low)} to {number(found.high)})"


def _mark(measure: Measure, batch_size: int) -> str:
    return f" {_PARTIAL}" if measure.documents < batch_size else ""


def cell_rows(benchmark: Benchmark, setting: Setting, cells: Sequence[Cell], name_of: Callable[[Cell], str]) -> Table:
    """Header and rows: documents per second, contenders down, cells across."""
    rows = []
    for name, contender in benchmark.contenders.items():
        if not any(name in cell.measures for cell in cells):
            continue
        rates = [
            number(cell.measures[name].rate(setting.clock)) + _mark(cell.measures[name], cell.batch_size)
            if name in cell.measures
            else _NONE
            for cell in cells
        ]
        rows.append([contender.title, *rates])
    return ["", *map(name_of, cells)], rows


def _by_batch_size(cell: Cell) -> str:
    return f"batches of {cell.batch_size}"


def _by_length(cell: Cell) -> str:
    return f"{cell.tokens} tokens"


def single_rows(benchmark: Benchmark, setting: Setting) -> Table:
    """Header and rows: milliseconds for a document alone."""
    rows = [
        [
            contender.title,
            number(single.p50),
            number(single.p99) + ("" if single.documents >= _FEW else f" (of {single.documents})"),
            number(single.cpu_p50),
        ]
        for name, contender in benchmark.contenders.items()
        if (single := setting.singles.get(name)) is not None
    ]
    return ["", "p50 ms", "p99 ms", "p50 ms of the processor"], rows


def memory_rows(benchmark: Benchmark, setting: Setting) -> Table:
    """Header and rows: the most memory of each process."""

    def mb(value: float | None) -> str:
        return _NONE if value is None else f"{value:,.0f}"

    rows = [
        [
            benchmark.contenders[name].title,
            number(item.seconds),
            mb(item.loaded_mb),
            mb(item.headline_mb),
            mb(item.peak_mb),
        ]
        for name, item in setting.loaded.items()
    ]
    return ["", "seconds to load", "MiB once loaded", f"most with {TOKENS} × {BATCH_SIZE}", "most of all"], rows


def component_rows(setting: Setting, name: str) -> Table:
    """Header and rows: milliseconds and share of each component of a contender."""
    ms = setting.components[name].ms
    total = sum(ms.values())
    rows = [[component, f"{value:.3f}", f"{value / total:.1%}"] for component, value in ms.items()]
    return ["component", "ms a document", "share"], [*rows, ["all", f"{total:.3f}", ""]]


def component_verdict(setting: Setting, name: str) -> str:
    """One sentence: the sum of the components beside the whole pipeline and the bare encoder."""
    cell = setting.cell(TOKENS, BATCH_SIZE)
    if cell is None or name not in cell.measures:
        return ""
    whole = 1000 / cell.measures[name].rate("processor")
    text = f"The whole pipeline takes {number(whole)} ms a document"
    if name == COMPILED and BARE in cell.measures:
        bare = 1000 / cell.measures[BARE].rate("processor")
        text += f", the bare encoder {number(bare)} ms, {bare / whole:.0%} of that"
    return text + "."


def growth_rows(growth: Growth) -> Table:
    """Header and rows: one size a row."""
    first = growth.points[0]
    rows = [
        [
            f"{point.size:,}",
            number(1000 * point.seconds),
            f"{point.seconds / point.size / (first.seconds / first.size):.2f}",
        ]
        for point in growth.points
    ]
    return [growth.of, "ms", "for one of these, first line = 1"], rows


def cost_rows(benchmark: Benchmark) -> Table:
    """Header and rows: one contender a row."""
    rows = [
        [
            contender.title,
            f"{cost.documents_per_core_hour:,}",
            number(cost.core_hours_per_million),
            number(cost.price_per_million),
        ]
        for name, contender in benchmark.contenders.items()
        if (cost := benchmark.cost.get(name)) is not None
    ]
    return ["", "documents per core-hour", "core-hours for a million", "price of a million"], rows


def render_markdown(benchmark: Benchmark) -> str:
    """The report as Markdown."""
    run, first = benchmark.run, benchmark.settings[0]
    changed = " with changes" if run.git_dirty else ""
    memory = "" if run.memory_gb is None else f", {run.memory_gb:.0f} GiB"
    parts = [
        "# How fast the pipelines are",
        f"`{run.command}`, {run.date}, commit {run.git_commit or 'unknown'}{changed}. {run.processor}, {run.cores} "
        f"cores{memory}, {' '.join(run.flags) or 'flags unknown'}; load {run.load:.1f} at the start. "
        f"Python {run.python}.",
    ]
    if run.quick:
        parts.append("**A quick look (`--quick`): few rounds, short measurements. Not for comparison.**")
    if any(cell.measures for cell in first.cells):
        parts.append(f"![Documents per second by batch size and by length, and where the time goes]({NAME}.svg)")
    parts += [
        "## Targets",
        _TARGETS,
        render_table(*target_rows(benchmark.targets)),
        "## What is compared",
        *_described(benchmark),
    ]
    for setting in benchmark.settings:
        parts += _setting(benchmark, setting)
    if benchmark.cost:
        parts += [
            "## Cost",
            f"Documents of {TOKENS} tokens in batches of {BATCH_SIZE}, {first.name}, by seconds of the processor; a "
            f"core-hour at {run.price_per_core_hour:g} (`--price-per-core-hour`, in any currency). At another price: "
            "core-hours for a million × price.",
            render_table(*cost_rows(benchmark)),
        ]
    if benchmark.soak is not None:
        soak = benchmark.soak
        verdict = {True: "stays flat", False: "grows", None: "has not settled yet"}[soak.flat]
        parts += [
            "## Soak",
            f"{soak.samples[-1].documents:,} documents of {TOKENS} tokens, each with words that were never seen, in "
            f"batches of {BATCH_SIZE}, each in a memory zone: the memory {verdict} ({soak.grown_mb:+.1f} MiB from the "
            "fifth tenth of the documents to the last).",
            f"![Memory over the documents]({NAME}-soak.svg)",
        ]
    return "\n\n".join(parts) + "\n"


def _described(benchmark: Benchmark) -> list[str]:
    run, first = benchmark.run, benchmark.settings[0]
    rows = []
    for name, contender in benchmark.contenders.items():
        loaded = first.loaded.get(name)
        versions = {} if loaded is None else loaded.versions
        rows.append(
            [
                contender.title,
                contender.how + ("" if contender.missing is None else f" **Not measured: {contender.missing}**"),
                ", ".join(f"{package} {version}" for package, version in versions.items()),
            ]
        )
    return [
        render_table(["", "what is timed", "versions"], rows),
        f"Texts: sentences of {run.corpus}, joined and cut to exactly so many tokens. Each contender has a process of "
        f"its own; idle ones wait without using the processor. In each of {run.rounds} rounds every contender reads "
        "the same texts, in an order drawn anew; before them it reads some to warm up, which are not counted. It is "
        f"given about {run.seconds:g} seconds in a round: a fast one reads all the texts, a slow one the first of "
        f"them, in fewer rounds where it needs minutes. {_PARTIAL}: it read less than one batch. Rates are those of "
        "the median round; ratios compare the medians, with the lowest and the highest of the single rounds. With one "
        "thread they are made of seconds of the processor, so that what else the machine does counts for nobody; with "
        "more, of those of the clock. Ours do more than the Hugging Face pipelines: all that their components say.",
    ]


def _setting(benchmark: Benchmark, setting: Setting) -> list[str]:
    parts = [f"## {setting.name[:1].upper()}{setting.name[1:]}"]
    if setting.isa is not None:
        parts.append(f"The processes were started with ONEDNN_MAX_CPU_ISA={setting.isa}.")
    parts += [
        f"**{benchmark.contenders[name].title} failed and was left out from there on.** {error}"
        for name, error in setting.errors.items()
    ]
    parts += [
        f"Documents of {TOKENS} tokens in batches of {BATCH_SIZE}:",
        render_table(*headline_rows(benchmark, setting)),
    ]
    by_size, by_length = cells_by_batch_size(setting), cells_by_length(setting)
    if len(by_size) > 1:
        parts += [
            f"Documents per second, {TOKENS} tokens, by the size of a batch:",
            render_table(*cell_rows(benchmark, setting, by_size, _by_batch_size)),
        ]
    if by_length:
        parts += [
            f"Documents per second by their length, in batches of {LENGTH_BATCH_SIZE}:",
            render_table(*cell_rows(benchmark, setting, by_length, _by_length)),
        ]
    if setting.singles:
        parts += [
            f"A document of {TOKENS} tokens alone, by the clock:",
            render_table(*single_rows(benchmark, setting)),
        ]
    if setting.loaded:
        parts += ["Memory of each process:", render_table(*memory_rows(benchmark, setting))]
    for name in [name for name in OURS if name in setting.components]:
        parts += [
            f"### Where the time goes: {benchmark.contenders[name].title}",
            f"One component after the other on the same {setting.components[name].documents} documents, by seconds of "
            f"the processor. {component_verdict(setting, name)}",
            render_table(*component_rows(setting, name)),
        ]
    for growth in setting.growth:
        title = benchmark.contenders[growth.contender].title
        total = " Every line reads the same number of characters in all." if growth.of != "documents" else ""
        parts += [
            f"### Growth with the number of {growth.of}: {title}",
            f"Time grows with size to the power of {growth.exponent:.2f} (1 is linear).{total}",
            render_table(*growth_rows(growth)),
        ]
    return parts


def render_table(header: Sequence[str], rows: Rows) -> str:
    """A table of Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
