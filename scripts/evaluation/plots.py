"""Plots as inline SVG: text stays text, ids are unique in the page, nothing is fetched."""

import io
import re
from collections.abc import Sequence
from html import escape

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from .result import Confusion, Metric

INK, GREY = "#1a1a2e", "#8a8a99"
SERIES = ("#1f5fa8", "#c8553d", "#6b6b78", "#3a7d44")
# Narrower than this, in pixels, a plot is scrolled, not shrunk.
MIN_WIDTH, MIN_WIDTH_OF_MATRIX = 330, 520
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def to_svg(figure: Figure, name: str, description: str, min_width: int = MIN_WIDTH) -> Markup:
    """Draw a figure.

    name (str): unique in the page; prefixes the ids inside.
    description (str): what a screen reader says.
    """
    buffer = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "font.family": "sans-serif"}):
        figure.savefig(buffer, format="svg", metadata=_NO_METADATA, bbox_inches="tight", transparent=True)
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    svg = re.sub(r'href="#', f'href="#{name}-', svg)
    size = re.search(r'viewBox="0 0 ([\d.]+) ', svg)
    width = round(float(size.group(1)) * 4 / 3) if size else 640
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    attributes = (
        f'role="img" aria-label="{escape(description)}" style="width: {width}px; min-width: {min(width, min_width)}px"'
    )
    return Markup(svg.replace("<svg", f"<svg {attributes}", 1))


def intervals(rows: Sequence[tuple[str, Metric]], name: str, description: str, xlabel: str) -> Markup:
    """A dot with its interval for each row, from 0 to 1."""
    return grouped_intervals([(label, [("", metric)]) for label, metric in rows], name, description, xlabel)


def grouped_intervals(
    rows: Sequence[tuple[str, Sequence[tuple[str, Metric]]]], name: str, description: str, xlabel: str
) -> Markup:
    """Dots with intervals, several a row, each series with its colour and mark."""
    series = list(dict.fromkeys(label for _, metrics in rows for label, _ in metrics))
    step = 0.62 / max(1, len(series))
    height = 0.7 + len(rows) * (0.26 if len(series) == 1 else 0.2 * len(series) + 0.14)
    figure = Figure(figsize=(6.4, height))
    axes = figure.subplots()
    for place, label in enumerate(series):
        shift = (place - (len(series) - 1) / 2) * step
        xs, ys = [], []
        for row, (_, metrics) in enumerate(rows):
            metric = dict(metrics).get(label)
            if metric is None or metric.value is None or metric.low is None or metric.high is None:
                continue
            axes.plot(
                [metric.low, metric.high], [row + shift] * 2, color=SERIES[place % len(SERIES)], linewidth=2, alpha=0.55
            )
            xs.append(metric.value)
            ys.append(row + shift)
        mark = "osD^"[place % 4]
        axes.plot(xs, ys, mark, color=SERIES[place % len(SERIES)], markersize=6, label=label, linestyle="none")
    axes.set_yticks(range(len(rows)), [label for label, _ in rows], parse_math=False)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-0.01, 1.01)
    axes.xaxis.set_major_locator(MultipleLocator(0.2))
    axes.set_xlabel(xlabel, color=INK)
    axes.grid(axis="x", color="#e3e3ea", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
    if len(series) > 1:
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(series), frameon=False, borderpad=0.0)
    return to_svg(figure, name, description)


def confusion_plot(confusion: Confusion, name: str, description: str) -> Markup:
    """A matrix of counts: gold down, predicted across, shaded by the share of the gold label."""
    rows, columns = len(confusion.gold), len(confusion.predicted)
    figure = Figure(figsize=(1.2 + 0.36 * columns, 1.0 + 0.32 * rows))
    axes = figure.subplots()
    shares = [[count / max(1, sum(line)) for count in line] for line in confusion.counts]
    axes.pcolormesh(
        range(columns), range(rows), shares, cmap="Blues", vmin=0.0, vmax=1.15, edgecolors="#e4e4ec", linewidth=0.8
    )
    axes.set_ylim(rows - 0.5, -0.5)
    for row, line in enumerate(confusion.counts):
        for column, count in enumerate(line):
            if count:
                color = "white" if shares[row][column] > 0.6 else INK
                axes.text(column, row, str(count), ha="center", va="center", fontsize=8, color=color)
    axes.set_xticks(range(columns), confusion.predicted, rotation=90, fontsize=8.5, parse_math=False)
    axes.set_yticks(range(rows), confusion.gold, fontsize=8.5, parse_math=False)
    axes.set_xlabel("predicted", color=INK)
    axes.set_ylabel("gold", color=INK)
    axes.tick_params(colors=INK, length=0)
    for spine in axes.spines.values():
        spine.set_color("#c9c9d4")
    return to_svg(figure, name, description, MIN_WIDTH_OF_MATRIX)
