"""The plot of an experiment: a curve over `x`, differences to the baseline, or the scores themselves."""

import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..evaluation.plots import GREY, INK, SERIES
from ..files import replacing
from .result import Report, headline_keys, title_of

_MARKS = "osD^vP"
_COLOURS = (*SERIES, "#8a5fb0", "#b8860b")
_GRID = "#e3e3ea"
_MAX_PANELS = 6


def draw(report: Report, path: Path) -> bool:
    """Draw and write the plot; RETURNS (bool): whether there is anything to draw."""
    keys = headline_keys(report)[:_MAX_PANELS]
    if not keys:
        return False
    if report.x_label is not None:
        figure = draw_curve(report, keys)
    elif report.baseline is not None and len(report.variants) > 1:
        figure = draw_differences(report, keys)
    else:
        figure = draw_scores(report, keys)
    style = {"svg.fonttype": "none", "svg.hashsalt": report.name, "font.family": "sans-serif"}
    with mpl.rc_context(style), replacing(path) as partial:
        figure.savefig(
            partial, format="svg", metadata={"Date": None, "Creator": None, "Title": report.title.replace("`", "")}
        )
    return True


def draw_curve(report: Report, keys: Sequence[str]) -> Figure:
    """Each score as a line over `x`, with its deviation."""
    figure = Figure(figsize=(7.6, 4.4), layout="constrained")
    axes = figure.subplots()
    variants = sorted((variant.x, variant) for variant in report.variants.values() if variant.x is not None)
    for place, key in enumerate(keys):
        points = [(x, variant.scores[key]) for x, variant in variants if key in variant.scores]
        axes.errorbar(
            [x for x, _ in points],
            [value.mean for _, value in points],
            yerr=[value.deviation or 0.0 for _, value in points],
            color=_COLOURS[place % len(_COLOURS)],
            marker=_MARKS[place % len(_MARKS)],
            markersize=5,
            linewidth=1.8,
            capsize=3,
            label=title_of(key),
        )
    axes.set_xticks([x for x, _ in variants], [f"{x:g}" for x, _ in variants])
    axes.set_xlabel(report.x_label or "", color=INK)
    axes.set_ylabel(f"score on the {report.origin.split} documents", color=INK)
    _plain(axes, "both")
    axes.set_title(_title(report, "mean over {seeds}, bars: standard deviation"), color=INK, fontsize=10)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    return figure


def draw_differences(report: Report, keys: Sequence[str]) -> Figure:
    """A panel for each score: the variants less the baseline, with their standard error."""
    names = [name for name in report.variants if name != report.baseline]
    spreads = {key: [report.variants[name].scores.get(key) for name in names] for key in keys}
    figure = Figure(figsize=(1.6 + 2.1 * len(keys), 1.6 + 0.34 * len(names)), layout="constrained")
    panels = figure.subplots(1, len(keys), sharex=True, sharey=True, squeeze=False)[0]
    for place, (axes, key) in enumerate(zip(panels, keys, strict=True)):
        axes.axvline(0.0, color=GREY, linewidth=1.2)
        for row, value in enumerate(spreads[key]):
            if value is not None and value.difference is not None:
                difference = value.difference
                _dot(axes, row, difference.mean, difference.error, difference.values.values(), place)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=3))
        axes.set_title(textwrap.fill(title_of(key), 18), color=INK, fontsize=9)
        _rows(axes, names)
    text = "mean over {seeds}, bars: standard error, thin lines: each seed"
    figure.suptitle(_title(report, text), color=INK, fontsize=10)
    figure.supxlabel(f"score less that of “{report.baseline}”; right of the line is better", color=INK, fontsize=9)
    return figure


def draw_scores(report: Report, keys: Sequence[str]) -> Figure:
    """The scores down, with their deviation; a colour for each variant."""
    names = [name for name, variant in report.variants.items() if variant.seeds]
    figure = Figure(figsize=(7.6, 1.4 + len(keys) * (0.16 + 0.24 * len(names))), layout="constrained")
    axes = figure.subplots()
    step = 0.7 / len(names)
    for place, name in enumerate(names):
        shift = (place - (len(names) - 1) / 2) * step
        for row, key in enumerate(keys):
            value = report.variants[name].scores.get(key)
            if value is not None:
                _dot(axes, row + shift, value.mean, value.deviation, value.values.values(), place)
        # For the legend, which would else have an entry for each dot.
        axes.plot([], [], "o", color=_COLOURS[place % len(_COLOURS)], label=name)
    _rows(axes, list(map(title_of, keys)))
    axes.set_xlabel(f"score on the {report.origin.split} documents", color=INK)
    text = "mean over {seeds}, bars: standard deviation, thin lines: each seed"
    axes.set_title(_title(report, text), color=INK, fontsize=10)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    return figure


def _dot(axes: Axes, row: float, mean: float, error: float | None, values: Iterable[float], place: int) -> None:
    """A number with its error, and the seeds behind it, paler."""
    colour = _COLOURS[place % len(_COLOURS)]
    values = list(values)
    if len(values) > 1:
        axes.plot(values, [row] * len(values), "|", color=colour, alpha=0.6, markersize=9)
    axes.errorbar([mean], [row], xerr=[error or 0.0], fmt="o", color=colour, markersize=6, linewidth=2, capsize=0)


def _rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names, parse_math=False)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(labelsize=9)
    _plain(axes, "x")


def _title(report: Report, text: str) -> str:
    """The title, without the marks of Markdown, and what is shown of several seeds; one has neither mean nor bars."""
    seeds = _seeds(report)
    shown = seeds if report.has_one_seed else text.format(seeds=seeds)
    return f"{report.title.replace('`', '')}\n{shown}"


def _seeds(report: Report) -> str:
    """3 seeds; 2 to 3 seeds."""
    counts = {len(variant.seeds) for variant in report.variants.values() if variant.seeds}
    low, high = min(counts), max(counts)
    return f"{'' if low == high else f'{low} to '}{high} seed{'s' if high > 1 else ''}"


def _plain(axes: Axes, grid: Literal["both", "x"]) -> None:
    axes.grid(axis=grid, color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GREY)
