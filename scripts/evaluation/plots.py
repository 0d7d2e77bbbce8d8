"""Plots as inline SVG: text stays text, ids are unique in the page, nothing is fetched."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator, MultipleLocator

from .result import Calibration, Confusion, Metric, ThresholdScores

INK, SOFT, GREY, PALE = "#1a1a2e", "#5a5a6b", "#8a8a99", "#a9a9b5"
SERIES = ("#1f5fa8", "#c8553d", "#6b6b78", "#3a7d44")
# Narrower than this, in pixels, a plot is scrolled, not shrunk.
MIN_WIDTH, MIN_WIDTH_OF_MATRIX = 330, 520
# Thresholds that a risk-coverage curve is marked with, and how far apart marks must be to be read.
_MARKED = (0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5)
_GAP = 0.07
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


@dataclass(frozen=True)
class Row:
    """A row of an interval plot: a label with its scores, by series; without scores it heads the rows below it.

    pale (bool): of so few documents that it is a rough guess.
    """

    label: str
    metrics: Sequence[tuple[str, Metric]] = ()
    pale: bool = False


def _title(axes: Axes, title: str, note: str) -> None:
    """What the plot shows, and below it in small type how to read it."""
    axes.set_title(title, loc="left", fontsize=10.5, fontweight="bold", color=INK, pad=20, parse_math=False)
    axes.annotate(
        note, (0, 1), (0, 6), xycoords="axes fraction", textcoords="offset points", fontsize=8, color=SOFT
    ).set_parse_math(False)


def interval_plot(
    rows: Sequence[Row],
    name: str,
    description: str,
    *,
    title: str,
    note: str,
    xlabel: str,
    references: Mapping[str, float] | None = None,
) -> Markup:
    """A dot with its interval for each score of each row, from 0 to 1; each series has its colour and mark.

    references (Mapping | None): series to a value that is drawn as a dashed line.
    """
    series = list(dict.fromkeys(label for row in rows for label, _ in row.metrics))
    step = 0.62 / max(1, len(series))
    height = 0.7 + len(rows) * (0.26 if len(series) <= 1 else 0.2 * len(series) + 0.14)
    figure = Figure(figsize=(6.4, height))
    axes = figure.subplots()
    for place, label in enumerate(series):
        shift = (place - (len(series) - 1) / 2) * step
        color, mark = SERIES[place % len(SERIES)], "osD^"[place % 4]
        if references is not None and label in references:
            axes.axvline(references[label], color=color, linestyle="--", linewidth=1, alpha=0.7, zorder=1)
        for position, row in enumerate(rows):
            metric = dict(row.metrics).get(label)
            if metric is None or metric.value is None or metric.low is None or metric.high is None:
                continue
            shade = PALE if row.pale else color
            axes.plot([metric.low, metric.high], [position + shift] * 2, color=shade, linewidth=2, alpha=0.55)
            face = "white" if row.pale else shade
            axes.plot([metric.value], [position + shift], mark, color=shade, markerfacecolor=face, markersize=6)
        axes.plot([], [], mark, color=color, markersize=6, label=label, linestyle="none")
    axes.set_yticks(range(len(rows)), [row.label for row in rows], parse_math=False)
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_color(SOFT if row.pale else INK)
        tick.set_fontweight("normal" if row.metrics else "bold")
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(-0.01, 1.01)
    axes.xaxis.set_major_locator(MultipleLocator(0.2))
    axes.set_xlabel(xlabel, color=INK)
    axes.grid(axis="x", color="#e3e3ea", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(axis="x", colors=INK, length=0)
    axes.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
    if len(series) > 1:
        under = (-0.01, -0.5 / height)
        axes.legend(loc="upper left", bbox_to_anchor=under, ncols=len(series), frameon=False, borderpad=0.0)
    _title(axes, title, note)
    return to_svg(figure, name, description)


def confusion_plot(confusion: Confusion, name: str, description: str, *, title: str) -> Markup:
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
    totals = [f"{label} ({sum(line)})" for label, line in zip(confusion.gold, confusion.counts, strict=True)]
    axes.set_yticks(range(rows), totals, fontsize=8.5, parse_math=False)
    axes.set_xlabel("predicted label", color=INK)
    axes.set_ylabel("gold label (how many)", color=INK)
    axes.tick_params(colors=INK, length=0)
    for spine in axes.spines.values():
        spine.set_color("#c9c9d4")
    _title(axes, title, "number: how many; shade: share of the row")
    return to_svg(figure, name, description, MIN_WIDTH_OF_MATRIX)


def _plain(axes: Axes) -> None:
    axes.grid(color="#e3e3ea", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GREY)


def reliability_plot(calibration: Calibration, name: str, description: str, *, title: str) -> Markup:
    """Share of right answers against probability, by bins, with the number of answers in each bin below."""
    figure = Figure(figsize=(4.4, 4.8))
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3.4, 1.0))
    above.plot([0, 1], [0, 1], linestyle="--", color=GREY, linewidth=1.2)
    above.text(0.03, 0.1, "every probability true", color=GREY, fontsize=8, rotation=45, rotation_mode="anchor")
    xs, ys = [], []
    for row in calibration.bins:
        if row.probability is None or row.right.value is None:
            continue
        above.plot([row.probability] * 2, [row.right.low, row.right.high], color=SERIES[0], linewidth=2, alpha=0.45)
        xs.append(row.probability)
        ys.append(row.right.value)
    above.plot(xs, ys, "o", color=SERIES[0], markersize=6)
    above.set_ylim(-0.02, 1.02)
    above.set_ylabel("share that is right (0 to 1)", color=INK)
    above.yaxis.set_major_locator(MultipleLocator(0.2))
    for row in calibration.bins:
        below.bar(row.low, row.answers, row.high - row.low, align="edge", color=SERIES[0], alpha=0.7, edgecolor="white")
    below.set_xlim(0, 1)
    below.xaxis.set_major_locator(MultipleLocator(0.2))
    below.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
    below.set_xlabel("probability of the answer (0 to 1)", color=INK)
    below.set_ylabel("answers", color=INK)
    for axes in (above, below):
        _plain(axes)
    _title(above, title, "dot: the answers of one of 15 bins, with their interval (Wilson)")
    figure.align_ylabels()
    figure.subplots_adjust(hspace=0.1)
    return to_svg(figure, name, description)


def risk_coverage_plot(calibration: Calibration, name: str, description: str, *, title: str) -> Markup:
    """Share of wrong answers against the share of answers given, from a strict threshold to none."""
    figure = Figure(figsize=(4.4, 4.8))
    axes = figure.subplots()
    axes.plot(
        [point.coverage for point in calibration.risk],
        [point.error for point in calibration.risk],
        color=SERIES[0],
        linewidth=2,
    )
    last = -1.0
    for row in sorted(calibration.thresholds, key=_threshold, reverse=True):
        share, right = row.answered.value, row.right.value
        if row.threshold not in _MARKED or share is None or right is None or share < last + _GAP:
            continue
        last = share
        axes.plot([share], [1.0 - right], "o", color=SERIES[1], markersize=6)
        note = axes.annotate(
            f"{row.threshold:g}",
            (share, 1.0 - right),
            (5, 5) if share < _GAP else (-5, 5),  # inside the frame
            textcoords="offset points",
            ha="left" if share < _GAP else "right",
            color=INK,
        )
        note.set_path_effects([withStroke(linewidth=3, foreground="white")])
    axes.set_xlim(0, 1.02)
    highest = max((point.error for point in calibration.risk), default=0.0)
    axes.set_ylim(0, max(0.05, min(1.0, highest * 1.2)))
    axes.xaxis.set_major_locator(MultipleLocator(0.2))
    axes.set_xlabel("share of answers that are kept (0 to 1)", color=INK)
    axes.set_ylabel("share of these that is wrong", color=INK)
    _plain(axes)
    _title(axes, title, "dot: a threshold; only answers at least as sure are kept")
    return to_svg(figure, name, description)


def _threshold(row: ThresholdScores) -> float:
    return row.threshold
