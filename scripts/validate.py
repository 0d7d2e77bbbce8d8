"""Step `validate`: what `spacy debug data` does not see.

Coverage and label counts by layer and split, unknown against empty, misaligned spans, texts that leak between splits;
fails where a layer has no gold to select or test by.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

import typer
from wasabi import msg

from bellwether.targets import ENTITY_SENTIMENT

from .convert import SPLITS, known_layers, text_key
from .domain import Domain, load_domain
from .errors import MAX_LISTED, ErrorLog, require_file
from .files import write_json
from .near_duplicates import find_near_duplicates
from .records import NER, SPAN_LAYERS, Record, read_jsonl

# Below so many gold examples in train a label can hardly be learnt.
FEW_EXAMPLES = 10

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass
class LayerCounts:
    """How one layer is annotated in one split."""

    documents: int = 0
    annotated: int = 0
    empty: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)

    @property
    def unknown(self) -> int:
        return self.documents - self.annotated


@dataclass
class Report:
    """counts[layer][split]; problems stop the workflow, warnings do not."""

    counts: dict[str, dict[str, LayerCounts]]
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {
            "layers": {
                layer: {
                    split: {
                        "documents": counts.documents,
                        "annotated": counts.annotated,
                        "unknown": counts.unknown,
                        "annotated_without_span": counts.empty,
                        "labels": dict(counts.labels.most_common()),
                        "documents_asked_for": dict(counts.asked.most_common()),
                    }
                    for split, counts in splits.items()
                }
                for layer, splits in self.counts.items()
            },
            "problems": self.problems,
            "warnings": self.warnings,
        }


def count_layer(records: Iterable[Record], layer: str) -> LayerCounts:
    """Coverage and label counts of one layer."""
    counts = LayerCounts()
    for record in records:
        counts.documents += 1
        if not record.has_layer(layer):
            continue
        counts.annotated += 1
        if layer == NER:
            counts.labels.update(span.label for span in record.entities)
            counts.asked.update(record.ner_labels or [])
            counts.empty += not record.entities
        elif layer == ENTITY_SENTIMENT:
            tones = [span.sentiment for span in record.spans if span.sentiment is not None]
            counts.labels.update(tones)
            counts.empty += not tones
        else:
            counts.labels[record.cats[layer]] += 1
    return counts


def check_gold(report: Report, domain: Domain) -> None:
    """Each layer and label needs gold: to learn from, to select by, to test by."""
    for layer, splits in report.counts.items():
        for split, counts in splits.items():
            if not counts.annotated:
                purpose = {
                    "train": "it cannot be learnt",
                    "dev": "its score would be None at the first evaluation and lose its weight for the whole run",
                    "test": "the report could say nothing about it",
                }[split]
                report.problems.append(f"layer '{layer}' has no gold in {split}: {purpose}")
        wanted = domain.recogniser_labels if layer == NER else domain.labels_of(layer)
        for label in wanted:
            in_train = splits["train"].labels[label]
            if splits["train"].annotated and in_train < FEW_EXAMPLES:
                report.warnings.append(
                    f"{layer} label '{label}' has {in_train} examples in train (fewer than {FEW_EXAMPLES})"
                )
            for split in ("dev", "test"):
                if splits[split].annotated and not splits[split].labels[label]:
                    report.warnings.append(f"{layer} label '{label}' does not occur in {split}")


def check_leaks(splits: dict[str, list[Record]], report: Report) -> None:
    """Equal texts in two splits are a problem, but where train and dev know different layers of it; near-duplicates
    are counted and listed.
    """
    records = [record for split in SPLITS for record in splits[split]]
    home = [split for split in SPLITS for _ in splits[split]]
    copies: dict[str, list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        copies[text_key(record.text)].append(number)
    equal: set[tuple[int, int]] = set()
    for first, second in (pair for group in copies.values() for pair in combinations(group, 2)):
        if home[first] == home[second]:
            continue
        one, other = records[first], records[second]
        if "test" in (home[first], home[second]) or known_layers(one) & known_layers(other):
            equal.add((first, second))
            report.problems.append(f"{home[first]} {one.id!r} and {home[second]} {other.id!r} have the same text")
    near: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for first, second, share in find_near_duplicates([record.text for record in records]):
        if home[first] == home[second] or (first, second) in equal:
            continue
        pair = f"{home[first]} and {home[second]}"
        near[pair] += 1
        examples.setdefault(pair, []).append(f"{records[first].id} ~ {records[second].id} ({share:.0%})")
    for pair, count in near.items():
        listed = ", ".join(examples[pair][:3])
        report.warnings.append(
            f"{count} near-duplicate pairs between {pair} (more than half of the word 4-grams): {listed}"
        )


def check_misalignments(manifest: dict[str, Any], report: Report) -> None:
    """What `convert` expanded or dropped."""
    lines = manifest.get("misaligned", [])
    if lines:
        report.warnings.append(
            f"{len(lines)} spans did not align with tokens: {'; '.join(lines[:3])}{'; …' if lines[3:] else ''}"
        )


def validate_corpus(splits: dict[str, list[Record]], domain: Domain, manifest: dict[str, Any]) -> Report:
    """Check a converted corpus."""
    layers = [NER, *domain.classifiers]
    if any(record.has_layer(ENTITY_SENTIMENT) for records in splits.values() for record in records):
        layers.append(ENTITY_SENTIMENT)
    report = Report({layer: {split: count_layer(splits[split], layer) for split in SPLITS} for layer in layers})
    check_gold(report, domain)
    check_leaks(splits, report)
    check_misalignments(manifest, report)
    return report


def print_report(report: Report) -> None:
    rows = []
    for layer, splits in report.counts.items():
        for split, counts in splits.items():
            share = f"{counts.annotated / counts.documents:.0%}" if counts.documents else "-"
            rows.append(
                (
                    layer,
                    split,
                    counts.documents,
                    counts.annotated,
                    share,
                    counts.unknown,
                    counts.empty if layer in SPAN_LAYERS else "-",
                )
            )
    header = ("layer", "split", "documents", "annotated", "coverage", "unknown", "no span")
    msg.divider("Coverage")
    msg.table(rows, header=header, aligns=("l", "l", "r", "r", "r", "r", "r"), divider=True)
    for layer, splits in report.counts.items():
        msg.divider(f"Labels of {layer}")
        labels = sorted({label for counts in splits.values() for label in counts.labels})
        table = [(label, *(splits[split].labels[label] for split in SPLITS)) for label in labels]
        msg.table(table, header=("label", *SPLITS), aligns=("l", "r", "r", "r"), divider=True)
    for warning in report.warnings:
        msg.warn(warning)
    for problem in report.problems[:MAX_LISTED]:
        msg.fail(problem)
    if len(report.problems) > MAX_LISTED:
        msg.fail(f"… and {len(report.problems) - MAX_LISTED} more problems")


def read_corpus(corpus: Path) -> tuple[dict[str, list[Record]], dict[str, Any]]:
    """The records of each split, and the manifest, of a folder that `convert` wrote.

    RAISES (BadInput): where a file is missing or damaged.
    """
    manifest_path = corpus / "manifest.json"
    for path in (*(corpus / f"{split}.jsonl" for split in SPLITS), manifest_path):
        require_file(path, "convert")
    log = ErrorLog()
    splits = {split: list(read_jsonl(corpus / f"{split}.jsonl", log)) for split in SPLITS}
    return splits, json.loads(manifest_path.read_text(encoding="utf-8"))


@app.command()
def main(
    corpus: Annotated[Path, typer.Option(help="Folder that convert wrote.")] = Path("corpus"),
    domain_path: Annotated[Path, typer.Option("--domain", help="The domain file.")] = Path("configs/finance.yml"),
    out: Annotated[Path, typer.Option(help="Where the same report goes as JSON.")] = Path("corpus/validation.json"),
) -> None:
    """Print coverage and label counts for each layer and split.

    Fail where a layer has no gold, or a text leaks into another split.
    """
    splits, manifest = read_corpus(corpus)
    report = validate_corpus(splits, load_domain(domain_path), manifest)
    print_report(report)
    if report.problems:
        msg.fail(f"{len(report.problems)} problems: mend the sources, then run convert again", exits=1)
    write_json(out, report.to_json())
    msg.good("Every layer has gold in train, dev and test, and no text leaks")
