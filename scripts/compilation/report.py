"""What the gate found: `compile.json` and `compile.md`."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..evaluation.result import CorpusInfo
from ..files import write_json, write_text
from .gate import ENTITIES, Agreement, Answers, Limits

REPORTS = ("compile.json", "compile.md")


def write_reports(
    folder: Path,
    *,
    pipeline: str,
    trained: Answers,
    agreements: Sequence[Agreement],
    left_out: dict[str, str],
    limits: Limits,
    corpus: CorpusInfo,
    processor: dict[str, Any],
) -> list[Path]:
    """Write both reports. left_out (dict): forms that were not tried, and why. RETURNS (list): their paths."""
    data = {
        "pipeline": pipeline,
        "docs": len(trained.entities),
        "mix": corpus.mix,
        "limits": asdict(limits),
        "processor": processor,
        "trained": {"scores": trained.scores, "seconds": round(trained.seconds, 2)},
        "forms": [{**asdict(agreement), "passes": agreement.passes} for agreement in agreements],
        "left_out": left_out,
    }
    paths = [folder / name for name in REPORTS]
    write_json(paths[0], data)
    write_text(paths[1], to_markdown(pipeline, trained, agreements, left_out, limits, corpus))
    return paths


def to_markdown(
    pipeline: str,
    trained: Answers,
    agreements: Sequence[Agreement],
    left_out: dict[str, str],
    limits: Limits,
    corpus: CorpusInfo,
) -> str:
    """The trained pipeline and its compiled forms side by side."""
    names = [agreement.title for agreement in agreements]
    rows = [["", "trained", *names], ["---", *["---:"] * (1 + len(names))]]
    for key, score in trained.scores.items():
        found = [{head.key: head.compiled for head in agreement.heads}[key] for agreement in agreements]
        rows.append([key, f"{score:.4f}", *(f"{value:.4f}" for value in found)])
    for name in (*trained.classes, ENTITIES):
        kind = "with other entities" if name == ENTITIES else f"with another {name}"
        shares = (f"{100 * agreement.changed[name]:.2f} %" for agreement in agreements)
        rows.append([f"documents {kind}", "", *shares])
    rows.append(["seconds", f"{trained.seconds:.1f}", *(f"{agreement.seconds:.1f}" for agreement in agreements)])
    rows.append(["passes", "", *("yes" if agreement.passes else "no" for agreement in agreements)])
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    lines = [
        f"# {pipeline}: trained and compiled",
        "",
        f"On {len(trained.entities)} documents of dev of the mix '{corpus.mix}'. A form passes where no score loses "
        f"more than {100 * limits.f1:g} points and at most {100 * limits.changed:g} % of the documents get another "
        "class.",
        "",
        table,
    ]
    reasons = [f"* {agreement.title}: {problem}" for agreement in agreements for problem in agreement.problems]
    reasons += [f"* {form}: {reason}" for form, reason in left_out.items()]
    if reasons:
        lines += ["", "Left out of the compiled pipeline:", "", *reasons]
    return "\n".join(lines) + "\n"
