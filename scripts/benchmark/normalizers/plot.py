"""`normalizers.svg`: the time of the components against the length of a text."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from .result import Growth

_COLOURS = ("#1f5fa8", "#c8553d", "#3a7d44", "#8a5fb0", "#b8860b", "#2a9d8f")
_INK, _GREY = "#1a1a2e", "#8a8a99"


def plot_growth(growth: Growth, path: Path) -> Path:
    """Draw and write the plot, both axes logarithmic; the dashed line is exactly linear."""
    tokens = [item.tokens for item in growth.lengths]
    total = [item.ms for item in growth.lengths]
    figure = Figure(figsize=(6.4, 4.2), layout="constrained")
    axes = figure.subplots()
    axes.plot(tokens, [total[0] * count / tokens[0] for count in tokens], "--", color=_GREY, label="linear")
    for place, name in enumerate(growth.lengths[0].ms_by_component):
        times = [item.ms_by_component[name] for item in growth.lengths]
        axes.plot(tokens, times, "o-", color=_COLOURS[place % len(_COLOURS)], markersize=3, linewidth=1, label=name)
    axes.plot(tokens, total, "o-", color=_INK, linewidth=2, label="all components")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(tokens, [f"{count:,}" for count in tokens], rotation=45, fontsize=8)
    axes.set_xlabel("tokens of the text", color=_INK)
    axes.set_ylabel("milliseconds", color=_INK)
    axes.set_title(f"time ∝ tokens^{growth.exponent:.2f}", color=_INK, fontsize=10)
    axes.grid(color="#e3e3ea", linewidth=0.6)
    axes.legend(frameon=False, fontsize=8, ncols=2, loc="lower right")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "normalizers", "font.family": "sans-serif"}):
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    return path
