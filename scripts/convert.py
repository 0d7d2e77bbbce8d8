"""Step `convert`: the sources of a mix become records (JSONL) and gold docs (DocBin), in train, dev and test."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from spacy.tokens import Doc
from wasabi import msg

from .docbin import AlignPolicy, Misalignment, blank_pipeline, record_to_doc, write_docbin
from .domain import Domain, Source, load_domain
from .errors import MAX_LISTED, BadInput, ErrorLog
from .files import write_json
from .near_duplicates import cluster, normalize
from .progress import progress_bar
from .records import NER, Record, write_jsonl
from .sources import read_source, source_files

SPLITS = ("train", "dev", "test")
# Shares of a source that has no splits of its own.
TRAIN_SHARE, DEV_SHARE = 0.68, 0.12
# A cap of n training documents a source caps its dev documents at n / 4; test is never capped.
DEV_CAP_DIVISOR = 4

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass
class Converted:
    """What `convert_mix` did: records by split, and everything that was left out or changed, by id.

    owners (dict): id of every record that was read to the name of its source.
    """

    splits: dict[str, list[Record]]
    owners: dict[str, str] = field(default_factory=dict)
    dropped: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    misaligned: list[Misalignment] = field(default_factory=list)


def stable_share(text: str) -> float:
    """A number in [0, 1) that depends on the text only (SHA-1), the same on every machine."""
    return int.from_bytes(hashlib.sha1(text.encode()).digest()[:8]) / 2**64


def split_all(records: list[Record]) -> dict[str, list[Record]]:
    """Split records by a stable hash of their id; near-duplicates go where the first of them goes.

    Adding documents never moves one that is there, unless it becomes a near-duplicate of another.
    """
    splits: dict[str, list[Record]] = {split: [] for split in SPLITS}
    members: dict[int, list[str]] = defaultdict(list)
    roots = cluster([record.text for record in records])
    for root, record in zip(roots, records, strict=True):
        members[root].append(record.id)
    for root, record in zip(roots, records, strict=True):
        share = stable_share(min(members[root]))
        split = "train" if share < TRAIN_SHARE else "dev" if share < TRAIN_SHARE + DEV_SHARE else "test"
        splits[split].append(record)
    return splits


def carve_dev(train: list[Record], share: float) -> tuple[list[Record], list[Record]]:
    """Move a stable share of train to dev; equal texts stay together."""
    dev = [record for record in train if stable_share("dev:" + normalize(record.text)) < share]
    chosen = {record.id for record in dev}
    return [record for record in train if record.id not in chosen], dev


def cap(records: list[Record], limit: int) -> list[Record]:
    """A stable sample of at most `limit` records, in their order; 0 is no limit."""
    if not limit or len(records) <= limit:
        return records
    chosen = {record.id for record in sorted(records, key=lambda record: stable_share(record.id))[:limit]}
    return [record for record in records if record.id in chosen]


def text_key(text: str) -> str:
    """What equal texts have in common, tokenized ("do n't", "EUR0 .9 m") or not, with letters of other languages or
    without them ("Järvinen", "Jrvinen"): ASCII letters and digits, lower case; all letters of a text that has few of
    those.
    """
    key = normalize(text).replace(" ", "")
    plain = "".join(character for character in key if character.isascii())
    return plain if len(plain) > len(key) / 2 else key


def known_layers(record: Record) -> frozenset[str]:
    """The layers that are not unknown."""
    return frozenset(layer for layer in record.layers if record.has_layer(layer))


def questions(record: Record) -> frozenset[str]:
    """What the annotator was asked for: copies of a text that differ in this complete each other."""
    return known_layers(record) | {f"{NER}:{label}" for label in record.ner_labels or []}


def annotations(record: Record) -> str:
    """What copies of one text must agree on. Offsets are left out: copies may differ in punctuation."""
    spans = sorted(
        (text_key(record.text[span.start : span.end]), span.label, span.sentiment or "") for span in record.spans
    )
    return json.dumps([record.cats, spans], sort_keys=True)


def group_copies(records: Iterable[Record]) -> list[list[Record]]:
    """Records of one text, asked the same questions, together."""
    groups: dict[tuple[str, frozenset[str]], list[Record]] = defaultdict(list)
    for record in records:
        groups[text_key(record.text), questions(record)].append(record)
    return list(groups.values())


def drop_duplicates(splits: dict[str, list[Record]]) -> dict[str, list[str]]:
    """Remove equal texts, in place: in each split all of a group whose copies contradict each other, copies within
    train, and dev and test texts that train has too with a layer in common (test before dev, so that test keeps what
    dev gives up).

    RETURNS (dict): reason to the ids that were removed.
    """
    dropped: dict[str, list[str]] = defaultdict(list)
    for split, records in splits.items():
        out: set[str] = set()
        for copies in group_copies(records):
            if len({annotations(record) for record in copies}) > 1:
                reason, gone = "conflicting labels for one text", copies
            else:
                reason, gone = "duplicate in train", copies[1:] if split == "train" else []
            dropped[reason] += [record.id for record in gone]
            out.update(record.id for record in gone)
        splits[split] = [record for record in records if record.id not in out]

    layers_of: dict[str, set[str]] = defaultdict(set)

    def add(records: Iterable[Record]) -> None:
        for record in records:
            layers_of[text_key(record.text)] |= known_layers(record)

    add(splits["train"])
    for split in ("test", "dev"):
        kept = []
        for record in splits[split]:
            if layers_of[text_key(record.text)] & known_layers(record):
                dropped[f"{split} text that is also in train, test or earlier in {split}"].append(record.id)
            else:
                kept.append(record)
                add([record])
        splits[split] = kept
    return {reason: ids for reason, ids in dropped.items() if ids}


def drop_leaks(splits: dict[str, list[Record]]) -> dict[str, list[str]]:
    """Remove, in place, train and dev texts that any test part has too, whatever their layers: no pipeline is tested on
    what one of its heads has read. Test keeps them, so that its figures compare from mix to mix.

    RETURNS (dict): reason to the ids that were removed.
    """
    tested = {text_key(record.text) for record in splits["test"]}
    dropped = {}
    for split in ("train", "dev"):
        leaked = [record.id for record in splits[split] if text_key(record.text) in tested]
        splits[split] = [record for record in splits[split] if text_key(record.text) not in tested]
        if leaked:
            dropped[f"{split} text that is also in test"] = leaked
    return dropped


def split_source(source: Source, found: list[tuple[str, Record]]) -> dict[str, list[Record]]:
    """The splits of one source."""
    splits: dict[str, list[Record]] = {split: [] for split in SPLITS}
    for split, record in found:
        if split != "all":
            splits[split].append(record)
    for split, records in split_all([record for split, record in found if split == "all"]).items():
        splits[split] += records
    if source.dev_share and not splits["dev"]:
        splits["train"], splits["dev"] = carve_dev(splits["train"], source.dev_share)
    return splits


def cap_source(splits: dict[str, list[Record]], limit: int) -> dict[str, list[Record]]:
    return {
        "train": cap(splits["train"], limit),
        "dev": cap(splits["dev"], -(-limit // DEV_CAP_DIVISOR)),
        "test": splits["test"],
    }


def convert_mix(domain: Domain, mix: str, root: Path, log: ErrorLog, *, limit: int = 0) -> Converted:
    """Read the sources of a mix and split them.

    limit (int): at most so many training documents a source, and a quarter of that for dev; 0 is no limit.
    RAISES (BadInput): bad input, under the policy of `log`; one id in two sources.
    """
    converted = Converted({split: [] for split in SPLITS})
    owners = converted.owners
    for name, source in domain.mix_sources(mix).items():
        found = []
        for split, record in progress_bar(
            read_source(name, source, domain, root, log), desc=name, unit=" records", leave=False
        ):
            if record.id in owners:
                log.handle(
                    BadInput(f"duplicate id: source '{name}' repeats one of '{owners[record.id]}'", record_id=record.id)
                )
                continue
            owners[record.id] = name
            found.append((split, record))
        splits = split_source(source, found)
        for reason, ids in drop_duplicates(splits).items():
            converted.dropped[f"{name}: {reason}"] += ids
        for split, records in cap_source(splits, limit).items():
            converted.splits[split] += records
    for what, places in log.notes.items():
        converted.dropped[what] += places
    for drop in (drop_leaks(converted.splits), drop_duplicates(converted.splits)):
        for reason, ids in drop.items():
            converted.dropped[f"between sources: {reason}"] += ids
    return converted


def corpus_hash(records: Iterable[Record]) -> str:
    """SHA-256 over the lines of the records, in order."""
    digest = hashlib.sha256()
    for record in records:
        digest.update(record.to_line().encode() + b"\n")
    return digest.hexdigest()


def make_docs(
    converted: Converted, domain: Domain, log: ErrorLog, align: AlignPolicy | None = None
) -> dict[str, list[Doc]]:
    """Gold docs by split; a record whose spans may not be moved goes to the log, and leaves its split.

    align (str | None): overrides the policy of each source.
    """
    tokenizer = blank_pipeline(domain.lang)
    docs: dict[str, list[Doc]] = {}
    for split, records in converted.splits.items():
        kept = []
        docs[split] = []
        for record in progress_bar(records, desc=f"docs of {split}", unit=" docs", leave=False):
            policy: AlignPolicy = align or domain.sources[converted.owners[record.id]].align
            try:
                doc, misaligned = record_to_doc(record, tokenizer, align=policy)
            except BadInput as error:
                log.handle(error)
                continue
            kept.append(record)
            docs[split].append(doc)
            converted.misaligned += misaligned
        converted.splits[split] = kept
    return docs


def write_corpus(
    converted: Converted,
    domain: Domain,
    mix: str,
    out: Path,
    *,
    align: AlignPolicy | None = None,
    log: ErrorLog | None = None,
) -> dict[str, Any]:
    """Write `SPLIT.jsonl`, `SPLIT.spacy` and `manifest.json`; RETURNS the manifest.

    align (str | None): overrides the policy of each source.
    log (ErrorLog | None): where records that do not align go; what it has skipped is listed in the manifest. None:
        raise.
    RAISES (BadInput): where no document is left; then nothing is written.
    """
    log = log or ErrorLog()
    docs = make_docs(converted, domain, log, align)
    if not any(docs.values()):
        raise BadInput(f"mix '{mix}': no document is left, nothing was written")
    sources = domain.mix_sources(mix)
    manifest: dict[str, Any] = {
        "domain": domain.name,
        "mix": mix,
        "sources": {
            name: {
                "licence": source.licence,
                "author": source.author,
                "url": source.url,
                "description": source.description,
                "documents": {
                    split: sum(converted.owners[record.id] == name for record in records)
                    for split, records in converted.splits.items()
                },
            }
            for name, source in sources.items()
        },
        "sha256": {split: corpus_hash(records) for split, records in converted.splits.items()},
        "dropped": dict(converted.dropped),
        "misaligned": [str(misalignment) for misalignment in converted.misaligned],
        "skipped": [str(error) for error in log.skipped],
    }
    for split, records in converted.splits.items():
        write_jsonl(out / f"{split}.jsonl", records)
        write_docbin(out / f"{split}.spacy", docs[split])
    write_json(out / "manifest.json", manifest)
    return manifest


def print_summary(manifest: dict[str, Any]) -> None:
    rows = [(name, *entry["documents"].values()) for name, entry in manifest["sources"].items()]
    msg.table(rows, header=("source", *SPLITS), aligns=("l", "r", "r", "r"), divider=True)
    for reason, ids in manifest["dropped"].items():
        msg.info(f"{len(ids)} left out, {reason}: {', '.join(ids[:5])}{', …' if len(ids) > 5 else ''}")
    if manifest["misaligned"]:
        actions = Counter("expanded" if " expanded " in line else "dropped" for line in manifest["misaligned"])
        msg.warn(
            "Spans that do not align with tokens: " + ", ".join(f"{count} {what}" for what, count in actions.items())
        )
        for line in manifest["misaligned"][:MAX_LISTED]:
            msg.text(f"  {line}")
        if len(manifest["misaligned"]) > MAX_LISTED:
            msg.text("  … all of them are in manifest.json")


@app.command()
def main(
    *,
    mix: Annotated[str, typer.Option(help="A mix of the domain file.")] = "starter",
    domain_path: Annotated[Path, typer.Option("--domain", help="The domain file.")] = Path("configs/finance.yml"),
    out: Annotated[Path, typer.Option(help="Folder for the records and DocBins.")] = Path("corpus"),
    limit: Annotated[
        int, typer.Option(min=0, help="At most so many training documents a source (dev: a quarter); 0: all.")
    ] = 0,
    align: Annotated[
        str | None, typer.Option(help="Misaligned spans: error, expand or drop; overrides each source's own policy.")
    ] = None,
    on_error: Annotated[str, typer.Option(help="Bad records: error stops, skip counts and lists them.")] = "error",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be read, and stop.")] = False,
) -> None:
    """Convert the sources of a mix into records and DocBins.

    To use your own data, add a source and a mix to the domain file: the reader (jsonl, json, csv, tsv, parquet), the
    files, and which column is the text, the id, the sentiment and so on.
    """
    domain = load_domain(domain_path)
    root = Path.cwd()
    log = ErrorLog(choice(on_error, ("error", "skip"), "--on-error"))
    policy = None if align is None else choice(align, ("error", "expand", "drop"), "--align")
    if dry_run:
        for name, source in domain.mix_sources(mix).items():
            for file in source_files(name, source, domain, root):
                msg.text(f"{name}: {file.split} from {file.path} by '{source.reader}'")
        return
    converted = convert_mix(domain, mix, root, log, limit=limit)
    try:
        manifest = write_corpus(converted, domain, mix, out, align=policy, log=log)
    finally:
        log.report()
    print_summary(manifest)
    msg.good(f"{sum(map(len, converted.splits.values()))} documents in {out}/")


def choice(value: Any, allowed: tuple[str, ...], option: str) -> Any:
    """Check an option that has few allowed values."""
    if value not in allowed:
        raise BadInput(f"{option} must be one of {', '.join(allowed)}, got '{value}'")
    return value
