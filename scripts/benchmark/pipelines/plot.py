"""`benchmark.svg`: throughput by batch size and by length, and where the time goes; `benchmark-soak.svg`: memory."""

import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from ...evaluation.plots import GREY, INK, SERIES, SOFT
from ...files import replacing
from .contenders import BARE, BERT, COMPILED, MINILM, TRAINABLE
from .plan import LENGTH_BATCH_SIZE, TOKENS
from .result import Benchmark, Cell, Components, Growth, Setting, Soak

_COLOURS = {COMPILED: SERIES[0], TRAINABLE: SERIES[1], MINILM: SERIES[3], BERT: "#b8860b", BARE: GREY}
_MARKS = {COMPILED: "o", TRAINABLE: "s", MINILM: "^", BERT: "v", BARE: "D"}
_GRID = "#e3e3ea"


def draw_speed(benchmark: Benchmark, path: Path) -> Path:
    """Draw and write the plot of the first setting: two panels, and one for each of components and growth."""
    setting = benchmark.settings[0]
    parts = next(iter(setting.components.items()), None)
    rows = 2 if parts or setting.growth else 1
    figure = Figure(figsize=(10.4, 4.4 * rows), layout="constrained")
    panels = figure.subplots(rows, 2, squeeze=False)
    _curves(panels[0][0], benchmark, cells_by_batch_size(setting), _batch_size)
    _titled(panels[0][0], "Documents per second by batch size", f"documents of {TOKENS} tokens; higher is faster")
    panels[0][0].set_xlabel("documents in a batch", color=INK)
    _curves(panels[0][1], benchmark, cells_by_length(setting), _tokens)
    note = f"batches of {LENGTH_BATCH_SIZE}; Hugging Face reads no more than 512 word pieces"
    _titled(panels[0][1], "Documents per second by length", note)
    panels[0][1].set_xlabel("tokens of a document", color=INK)
    for axes in panels[0]:
        axes.set_ylabel("documents per second", color=INK)
    if parts:
        name, components = parts
        _bars(panels[1][0], components)
        note = f"documents of {components.tokens} tokens, batches of {components.batch_size}"
        _titled(panels[1][0], f"Where the time goes: {benchmark.contenders[name].title}", note)
    if setting.growth:
        growth = setting.growth[0]
        _line(panels[1][1], growth)
        note = f"time ∝ size^{growth.exponent:.2f}"
        _titled(panels[1][1], f"Growth with the length: {benchmark.contenders[growth.contender].title}", note)
    for axes in panels.flat:
        axes.set_visible(axes.has_data())
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False)
    run = benchmark.run
    figure.suptitle(f"{run.processor}, {setting.name}, {run.date[:10]}", color=SOFT, fontsize=9)
    return _write(figure, path)


def draw_soak(soak: Soak, title: str, path: Path) -> Path:
    """Draw and write the memory over the documents of a soak. title (str): of the contender."""
    figure = Figure(figsize=(7.0, 3.8), layout="constrained")
    axes = figure.subplots()
    documents = [sample.documents for sample in soak.samples]
    memory = [sample.mb for sample in soak.samples]
    axes.plot(documents, memory, color=SERIES[0], linewidth=1.8)
    axes.set_ylim(0, 1.15 * max(memory))
    axes.set_xlabel("documents read, each with new words", color=INK)
    axes.set_ylabel("memory of the process, MiB", color=INK)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    _plain(axes)
    verdict = {True: ": flat", False: ": growing", None: ""}[soak.flat]
    _titled(axes, f"Memory of {title}{verdict}", f"from the fifth tenth to the last: {soak.grown_mb:+.1f} MiB")
    return _write(figure, path)


def cells_by_batch_size(setting: Setting) -> list[Cell]:
    """The cells of the headline's length, smallest batch first."""
    return sorted((cell for cell in setting.cells if cell.tokens == TOKENS), key=_batch_size)


def cells_by_length(setting: Setting) -> list[Cell]:
    """The cells of one batch size, shortest text first; none where there is but one length."""
    cells = sorted((cell for cell in setting.cells if cell.batch_size == LENGTH_BATCH_SIZE), key=_tokens)
    return cells if len(cells) > 1 else []


def _batch_size(cell: Cell) -> int:
    return cell.batch_size


def _tokens(cell: Cell) -> int:
    return cell.tokens


def _curves(axes: Axes, benchmark: Benchmark, cells: Sequence[Cell], x_of: Callable[[Cell], int]) -> None:
    clock = benchmark.settings[0].clock
    for name, contender in benchmark.contenders.items():
        points = [(x_of(cell), cell.measures[name].rate(clock)) for cell in cells if name in cell.measures]
        if not points:
            continue
        xs, ys = zip(*points, strict=True)
        style = "--" if name == BARE else "-"
        axes.plot(xs, ys, style, marker=_MARKS[name], color=_COLOURS[name], markersize=5, label=contender.title)
    if cells:
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        ticks = [x_of(cell) for cell in cells]
        axes.set_xticks(ticks, list(map(str, ticks)))
        _readable(axes.yaxis)
    _plain(axes)


def _line(axes: Axes, growth: Growth) -> None:
    sizes = [point.size for point in growth.points]
    ms = [1000 * point.seconds for point in growth.points]
    axes.plot(sizes, [ms[0] * size / sizes[0] for size in sizes], "--", color=GREY, label="linear")
    axes.plot(sizes, ms, "o-", color=_COLOURS[growth.contender], markersize=5, label="measured")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.xaxis.set_minor_formatter(NullFormatter())
    _readable(axes.yaxis)
    axes.set_xlabel(growth.of, color=INK)
    axes.set_ylabel("milliseconds of the processor", color=INK)
    axes.legend(frameon=False, loc="lower right")
    _plain(axes)


def _readable(axis: Axis) -> None:
    """Numbers at 1, 2 and 5 of each power of ten."""
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.set_major_formatter("{x:,g}")
    axis.set_minor_formatter(NullFormatter())


def _bars(axes: Axes, components: Components) -> None:
    names, times = list(components.ms), list(components.ms.values())
    total = sum(times)
    axes.barh(range(len(names)), times, color=SERIES[0], alpha=0.85)
    for row, ms in enumerate(times):
        axes.annotate(
            f"{ms:.3f} ms, {ms / total:.1%}",
            (ms, row),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=INK,
        )
    axes.set_yticks(range(len(names)), [textwrap.fill(name, 34) for name in names], fontsize=8, parse_math=False)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0, 1.5 * max(times))
    axes.set_xlabel("milliseconds of the processor for a document", color=INK)
    _plain(axes)
    axes.grid(visible=False, axis="y")


def _titled(axes: Axes, title: str, note: str) -> None:
    axes.set_title(title, loc="left", fontsize=10.5, fontweight="bold", color=INK, pad=18)
    axes.annotate(note, (0, 1), (0, 5), xycoords="axes fraction", textcoords="offset points", fontsize=8, color=SOFT)


def _plain(axes: Axes) -> None:
    axes.grid(color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GREY)


def _write(figure: Figure, path: Path) -> Path:
    style = {"svg.fonttype": "none", "svg.hashsalt": path.stem, "font.family": "sans-serif"}
    with mpl.rc_context(style), replacing(path) as partial:
        figure.savefig(partial, format="svg", metadata={"Date": None, "Creator": None, "Title": "Speed"})
    return path
