"""Steps that write their files and train nothing, and what an experiment with them leaves behind."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CONFIG = """\
[training]
dropout = 0.1

[corpora]

[corpora.train]
share = 1.0
"""
TWO: dict[str, Any] = {
    "title": "With and without",
    "description": "Dropout, and none.",
    "seeds": [0, 1],
    "baseline": "full",
    "variants": {"full": {}, "bare": {"description": "no dropout", "set": {"training.dropout": 0.0}}},
}
CURVE: dict[str, Any] = {
    "title": "Curve",
    "seeds": [0],
    "baseline": "all",
    "x_label": "share of the documents",
    "variants": {
        "half": {"x": 0.5, "set": {"corpora.train.share": 0.5}},
        "all": {"x": 1, "set": {"corpora.train.share": 1.0}},
    },
}
# By variant and seed.
SCORES = {("full", 0): 0.80, ("full", 1): 0.84, ("bare", 0): 0.70, ("bare", 1): 0.76}


def metric(value: float | None) -> dict[str, float | None]:
    return {"value": value, "low": None, "high": None}


def evaluation(variant: str, seed: int) -> dict[str, Any]:
    """What `evaluate` writes, as far as it is read. `bare` has no calibration error, and no score on one source."""
    score = SCORES.get((variant, seed), 0.5)
    scores = {"ents_f": score, "ents_p": 0.0, "tone_macro_f": 0.6}
    return {
        "scores": scores if variant == "bare" else {**scores, "tone_ece": 0.05},
        "entities": {
            "by_source": {
                "news": {"documents": 3, "metrics": {"recogniser_f1": metric(score)}},
                "posts": {
                    "documents": 2, "metrics": {"recogniser_f1": metric(None if variant == "bare" else 0.0)}
                },
            }
        },
        "classifiers": {"tone": {"by_source": {}}},
    }  # fmt: skip


class FakeSteps:
    """Stands for the processes: writes what the steps write.

    calls (list): (variant, seed, step). broken (dict): (variant, seed) to the step that fails.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, int, str]] = []
        self.commands: list[list[str]] = []
        self.broken: dict[tuple[str, int], str] = {}
        self.silent = False

    def __call__(self, arguments: Sequence[str], log: Path) -> int:
        step, *rest = arguments
        options = dict(zip(rest[::2], rest[1::2], strict=False))
        folder = log.parent
        variant, seed = folder.parent.name, int(folder.name.removeprefix("seed-"))
        self.calls.append((variant, seed, step))
        self.commands.append(list(arguments))
        with log.open("a", encoding="utf-8") as file:
            file.write(f"$ {step}\n\n")
            if self.broken.get((variant, seed)) == step:
                file.writelines(f"line {number}\n" for number in range(30))
                file.write("ValueError: no luck\n")
                return 1
        if step == "train":
            for name in ("model-best", "model-last"):
                (folder / name).mkdir()
                (folder / name / "meta.json").write_text("{}")
            (folder / "log.jsonl").write_text("{}\n")
        else:
            assert (Path(options["--model"]) / "meta.json").exists()
        if step == "evaluate" and not self.silent:
            report = folder / "report"
            report.mkdir()
            (report / "evaluation.json").write_text(json.dumps(evaluation(variant, seed)))
        return 0


def write_manifest(folder: Path, **sha256: str) -> None:
    splits = {"train": "a", "dev": "b", "test": "c"} | sha256
    source = {"documents": dict.fromkeys(splits, 10)}
    (folder / "corpus").mkdir(exist_ok=True)
    (folder / "corpus" / "manifest.json").write_text(
        json.dumps({"domain": "mini", "mix": "mine", "sources": {"own": source}, "sha256": splits})
    )


def report(folder: Path, name: str = "two") -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "reports" / "experiments" / f"{name}.json").read_text())
    return data


def tables(folder: Path, name: str = "two") -> str:
    return (folder / "reports" / "experiments" / f"{name}.md").read_text()


def files_of(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
