"""Writes the report of an experiment: `NAME.json`, `NAME.md` and `NAME.svg`."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from ..evaluation.report import DASH, number, signed
from ..files import write_json, write_text
from .plot import draw
from .result import Report, VariantResult, error_keys, headline_keys, other_keys, title_of
from .statistics import Spread, chance_factor

Rows = list[list[str]]
_PLUS_MINUS = "±"
_MAKERS = ("factory", "@architectures", "@readers", "@callbacks", "@batchers")


def write_report(report: Report, folder: Path) -> list[Path]:
    """Write the JSON, the tables and the plot; RETURNS (list[Path]): the files."""
    data, tables, plot = (folder / f"{report.name}{suffix}" for suffix in (".json", ".md", ".svg"))
    write_json(data, asdict(report), allow_nan=False)
    drawn = draw(report, plot)
    write_text(tables, render_markdown(report, plot.name if drawn else None))
    return [data, tables, *([plot] if drawn else [])]


def mean_cell(value: Spread | None, digits: int = 3) -> str:
    """0.712 ± 0.004; without a deviation where there is one seed, a dash where there is no number."""
    if value is None:
        return DASH
    return _give_or_take(number(value.mean, digits), value.deviation, digits)


def difference_cell(value: Spread | None, digits: int = 3) -> str:
    """+0.012 ± 0.004: the mean and its standard error; without one where there is one seed."""
    if value is None or value.difference is None:
        return DASH
    difference = value.difference
    return _give_or_take(signed(difference.mean, digits), difference.error, digits)


def _give_or_take(mean: str, deviation: float | None, digits: int) -> str:
    return mean if deviation is None else f"{mean} {_PLUS_MINUS} {number(deviation, digits)}"


def score_rows(report: Report, keys: Sequence[str], *, minutes: bool = False) -> tuple[list[str], Rows]:
    """Header and rows: variants down, scores across."""
    rows = []
    for name, variant in report.variants.items():
        cells = [mean_cell(variant.scores.get(key)) for key in keys]
        rows.append([name, *cells, *([mean_cell(variant.minutes, 1)] if minutes else []), str(len(variant.seeds))])
    header = ["variant", *map(title_of, keys), *(["training minutes"] if minutes else []), "seeds"]
    return header, rows


def difference_rows(report: Report, keys: Sequence[str], *, minutes: bool = False) -> tuple[list[str], Rows]:
    """Header and rows: variants down, less the baseline, scores across."""
    rows = []
    for name, variant in report.variants.items():
        if name == report.baseline:
            continue
        cells = [difference_cell(variant.scores.get(key)) for key in keys]
        rows.append([name, *cells, *([difference_cell(variant.minutes, 1)] if minutes else [])])
    return ["variant", *map(title_of, keys), *(["training minutes"] if minutes else [])], rows


def source_rows(report: Report, part: str) -> tuple[list[str], Rows]:
    """Header and rows: sources and their scores down, variants across."""
    found = dict.fromkeys(
        (source, metric)
        for variant in report.variants.values()
        for source, metrics in variant.by_source.get(part, {}).items()
        for metric in metrics
    )
    rows = []
    for source, metric in sorted(found):
        cells = [
            mean_cell(variant.by_source.get(part, {}).get(source, {}).get(metric))
            for variant in report.variants.values()
        ]
        rows.append([source, title_of(metric), *cells])
    return ["source", "score", *report.variants], rows


def render_markdown(report: Report, plot: str | None) -> str:
    """The report as Markdown.

    plot (str | None): file name of the plot.
    """
    origin = report.origin
    documents = ", ".join(f"{count:,} {split}" for split, count in origin.documents.items())
    headlines, errors, others = headline_keys(report), error_keys(report), other_keys(report)
    parts = [
        f"# {report.title}",
        report.description,
        f"`{origin.command}`, {origin.date}, commit {origin.git_commit or 'unknown'}. Corpus: mix '{origin.mix}', "
        f"documents: {documents}. Seeds: {', '.join(map(str, report.seeds))}.",
        *report.remarks,
        "## Variants",
        _table(*_variant_rows(report)),
        "## Scores",
        f"On the {origin.split} documents; higher is better. {_mean_text(report)}",
        _table(*score_rows(report, headlines, minutes=True)),
    ]
    if plot is not None:
        title = report.title.replace("`", "")
        parts.append(f"![{title}: the scores of the variants; the numbers are in the tables]({plot})")
    if report.baseline is not None and len(report.variants) > 1:
        parts += [
            f"## Difference to `{report.baseline}`",
            _difference_text(report),
            _table(*difference_rows(report, headlines, minutes=True)),
        ]
    if errors:
        parts += [
            "## Calibration errors",
            "How far the probabilities are from the share of right answers; lower is better.",
            _table(*score_rows(report, errors)),
        ]
    sources = dict.fromkeys(part for variant in report.variants.values() for part in variant.by_source)
    if sources:
        parts.append("## Scores by source")
    for part in sources:
        parts += [f"### {title_of(part)}", _table(*source_rows(report, part))]
    if others:
        variants = report.variants.values()
        rows = [[title_of(key), *(mean_cell(variant.scores.get(key)) for variant in variants)] for key in others]
        parts += ["## Other scores", _table(["score", *report.variants], rows)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _variant_rows(report: Report) -> tuple[list[str], Rows]:
    rows = []
    for name, variant in report.variants.items():
        x = [] if report.x_label is None else [DASH if variant.x is None else f"{variant.x:g}"]
        rows.append([name, *x, variant.description or DASH, _settings(variant)])
    return ["variant", *([report.x_label] if report.x_label is not None else []), "what it is", "settings"], rows


def _settings(variant: VariantResult) -> str:
    """The overrides, a section as the name of what it makes."""
    texts = []
    for key, value in variant.set.items():
        made = next((value[name] for name in _MAKERS if name in value), None) if isinstance(value, dict) else None
        text = json.dumps(value, ensure_ascii=False) if made is None else f"{made} …"
        texts.append(f"`{key} = {text}`")
    return "<br>".join(texts) or "as in the config"


def _mean_text(report: Report) -> str:
    if report.has_one_seed:
        return "One seed, so that there is no deviation."
    return (
        "Mean ± sample standard deviation over the seeds. All seeds are scored on the same documents: what other test "
        "documents would change is not in the deviation, but in the intervals of each run's own report."
    )


def _difference_text(report: Report) -> str:
    """How to read the differences: how many seeds they rest on."""
    pairs = [
        len(value.difference.values)
        for variant in report.variants.values()
        for value in variant.scores.values()
        if value.difference is not None
    ]
    text = "Seed by seed; the mean ± its standard error."
    if not pairs or min(pairs) < 2:
        return f"{text} With one seed there is no error, and chance cannot be told from effect."
    factor = chance_factor(min(pairs))
    return (
        f"{text} With {min(pairs)} seeds, a difference of less than {factor:.1f} standard errors is not beyond chance "
        "(t distribution, 95 %)."
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
