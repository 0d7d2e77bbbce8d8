"""Step `train`: `spacy train` with the schedule fitted to the size of the corpus.

The learning-rate schedule needs the number of steps in advance. So the steps follow from the batches of one epoch and
the number of epochs; all else is in `configs/train.cfg`.
"""

import json
import math
import os
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from confection import ConfigValidationError
from spacy.cli.train import train
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import load_config, registry
from thinc.api import Config
from wasabi import msg

from bellwether.normalizers.gazetteer import Gazetteer
from bellwether.normalizers.gazetteer_csv import GazetteerError
from bellwether.targets import ENTITY_SENTIMENT, gold_sentiments

from .docbin import blank_pipeline
from .domain import load_domain
from .errors import BadInput, require_file
from .evaluation.corpus import MANIFEST, read_manifest
from .evaluation.cost import last_evaluation
from .evaluation.provenance import processor_name
from .files import write_json
from .overrides import ABSENT, lookup, read_settings

EVALUATIONS = 8
EVAL_FREQUENCY = "training.eval_frequency"
WARMUP_SHARE = 0.1
# A small corpus wants many passes, a large one few: the steps grow with the square root of the batches, from this
# point.
REFERENCE_EPOCHS = 20.0
REFERENCE_BATCHES = 20
MAX_EPOCHS = 40.0
# In fewer passes a text is not learnt by heart, and hiding word pieces costs more than it brings: on dev of the mix
# `research` (3.4 passes) about a point of entities and category, where the classifiers gain three on `starter` (16).
MASK_RATE = "initialize.after_init.mask_rate"
MASKED_EPOCHS = 8.0

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def count_batches(config: Config, tokenizer: Language) -> tuple[list[Doc], int]:
    """The docs of one pass over the training corpus, and how many batches they make.

    config (Config): with all paths filled in. tokenizer (Language): for its vocabulary.
    """
    resolved = registry.resolve(
        {"corpus": config["corpora"]["train"], "batcher": config["training"]["batcher"]},
    )
    docs = [example.reference for example in resolved["corpus"](tokenizer)]
    return docs, sum(1 for _ in resolved["batcher"](docs))


def choose_epochs(batches: int) -> float:
    """Passes over a corpus of so many batches."""
    return min(MAX_EPOCHS, REFERENCE_EPOCHS * math.sqrt(REFERENCE_BATCHES / max(1, batches)))


def count_steps(batches: int, epochs: float) -> int:
    """Steps for so many epochs; 0: by `choose_epochs`."""
    return max(1, math.ceil((epochs or choose_epochs(batches)) * batches))


def schedule(steps: int, frequency: int | None = None) -> dict[str, Any]:
    """Config overrides for a run of so many steps: evaluations spread evenly, patience of four of them.

    frequency (int | None): steps from one evaluation to the next, to set it apart; the patience follows, as one below
        it would end the training before there is anything to compare.
    """
    frequency = frequency or max(1, steps // EVALUATIONS)
    return {
        "training.max_steps": steps,
        EVAL_FREQUENCY: frequency,
        "training.patience": 4 * frequency,
        "training.optimizer.learn_rate.warmup_steps": max(1, round(steps * WARMUP_SHARE)),
        "training.optimizer.learn_rate.total_steps": steps,
    }


def choose_masks(config: Config, given: dict[str, Any], epochs: float) -> dict[str, Any]:
    """Config overrides: no masks, where the config has some, there are fewer than `MASKED_EPOCHS` passes, and what was
    given does not say otherwise; else none."""
    chosen = any(MASK_RATE.startswith(key) for key in given)
    if chosen or epochs >= MASKED_EPOCHS or lookup(config, MASK_RATE) in (ABSENT, 0.0):
        return {}
    return {MASK_RATE: 0.0}


def count_done(log: Path, steps: int, frequency: int) -> int:
    """The steps of a training that is over: those that were planned, or as many as there were until patience ended it,
    which it does at an evaluation."""
    last = last_evaluation(log).get("step")
    return last if isinstance(last, int) and last + frequency <= steps else steps


def build_overrides(
    corpus: Path, domain_path: Path, encoder: str, gazetteer: Path, log: Path, *, seed: int
) -> dict[str, Any]:
    """What the config leaves open: paths, the recogniser's labels and the seed."""
    return {
        "paths.train": str(corpus / "train.spacy"),
        "paths.dev": str(corpus / "dev.spacy"),
        "paths.domain": str(domain_path),
        "paths.encoder": encoder,
        "paths.gazetteer": str(gazetteer),
        "paths.log": str(log),
        "components.ner.scorer.labels": load_domain(domain_path).recogniser_labels,
        "system.seed": seed,
    }


def override(config: Path, overrides: dict[str, Any]) -> Config:
    """Read a config with overrides.

    RAISES (BadInput): where it does not parse, or has not one of the keys.
    """
    try:
        known = load_config(config, interpolate=False)
        for key in overrides:
            if lookup(known, key) is ABSENT:
                raise BadInput(f"has no {key!r}, so it cannot be set", path=config)
        return load_config(config, overrides=overrides, interpolate=True)
    except ConfigValidationError as error:
        raise BadInput(str(error).strip(), path=config) from None


def leave_out(config: Config, name: str) -> dict[str, Any]:
    """Config overrides for a pipeline without a component; the scores of the others weigh more, and 1 in sum."""
    weights = {
        key: None if key.startswith(f"{name}_") else weight
        for key, weight in config["training"]["score_weights"].items()
    }
    total = sum(weight for weight in weights.values() if weight)
    return {
        "nlp.pipeline": [component for component in config["nlp"]["pipeline"] if component != name],
        **{f"training.score_weights.{key}": weight and weight / total for key, weight in weights.items()},
    }


def check_encoder(encoder: str) -> None:
    """RAISES (BadInput): where the encoder is a folder that is not there. A Hugging Face name is NAME or OWNER/NAME."""
    if not Path(encoder).is_dir() and (encoder.startswith((".", "/")) or encoder.count("/") > 1):
        raise BadInput("no such encoder folder: run the step 'encoder' first", path=encoder)


def check_gazetteer(gazetteer: Path) -> None:
    """RAISES (BadInput): where the gazetteer is not there or has errors."""
    if not gazetteer.is_file():
        raise BadInput("no such gazetteer of companies: see assets/gazetteers/README.md for its format", path=gazetteer)
    try:
        Gazetteer.from_csv(gazetteer)
    except GazetteerError as error:
        raise BadInput(
            f"{error.problems[0]}; all problems: python -m scripts check-gazetteer {gazetteer}", path=gazetteer
        ) from None


def write_meta(model: Path, name: str, version: str, cost: dict[str, Any]) -> None:
    """Write name, version and what the training took into the meta.json of a trained pipeline."""
    path = model / "meta.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, meta | {"name": name, "version": version, "training": cost})


@app.command()
def main(
    config: Annotated[Path, typer.Option(help="The training config.", exists=True)] = Path("configs/train.cfg"),
    corpus: Annotated[Path, typer.Option(help="Folder that convert wrote.")] = Path("corpus"),
    domain_path: Annotated[Path, typer.Option("--domain", help="The domain file.")] = Path("configs/finance.yml"),
    out: Annotated[Path, typer.Option(help="Folder for model-best, model-last and log.jsonl.")] = Path("training"),
    encoder: Annotated[str, typer.Option(help="A Hugging Face name or a folder.")] = "assets/encoders/all-MiniLM-L6-v2",
    gazetteer: Annotated[Path, typer.Option(help="Companies of the component 'company' (.csv).")] = Path(
        "assets/gazetteers/companies.csv"
    ),
    epochs: Annotated[float, typer.Option(min=0, help="Passes over the corpus; 0: by its size.")] = 0,
    max_steps: Annotated[int, typer.Option(min=0, help="Steps, if not from epochs; 0: from epochs.")] = 0,
    name: Annotated[str, typer.Option(help="Name of the pipeline, without its language.")] = "finance_trf",
    version: Annotated[str, typer.Option(help="Version of the pipeline.")] = "0.1.0",
    seed: Annotated[int, typer.Option(help="Seed of the run.")] = 0,
    gpu_id: Annotated[int, typer.Option(help="GPU to use, -1: CPU.")] = -1,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=JSON", help="Another value for a key of the config; may be repeated."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the schedule, and stop.")] = False,
) -> None:
    """Train the pipeline. The best version by the balanced dev score is in OUT/model-best, the log in OUT/log.jsonl."""
    check_encoder(encoder)
    for split in ("train", "dev"):
        require_file(corpus / f"{split}.spacy", "convert")
    log = out / "log.jsonl"
    overrides = build_overrides(corpus, domain_path, encoder, gazetteer, log, seed=seed)
    overrides |= read_settings(settings or [])
    filled = override(config, overrides)
    docs, batches = count_batches(filled, blank_pipeline(filled["nlp"]["lang"]))
    if not docs:
        raise BadInput("the training corpus is empty", path=corpus / "train.spacy")
    steps = max_steps or count_steps(batches, epochs)
    msg.info(f"{len(docs)} documents in {batches} batches: {steps} steps, {steps / batches:.1f} epochs")
    if ENTITY_SENTIMENT in filled["nlp"]["pipeline"] and not any(gold_sentiments(doc) for doc in docs):
        msg.info(f"No training document says the tone towards its entities: the pipeline gets no '{ENTITY_SENTIMENT}'")
        overrides |= leave_out(filled, ENTITY_SENTIMENT)
    if masks := choose_masks(filled, overrides, steps / batches):
        msg.info(f"In so few epochs no word pieces are hidden in training; --set {MASK_RATE}=0.1 hides some")
    if dry_run:
        return
    check_gazetteer(gazetteer)
    out.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    started = perf_counter()
    overrides = schedule(steps, overrides.get(EVAL_FREQUENCY)) | masks | overrides
    train(config, out, use_gpu=gpu_id, overrides=overrides)
    done = count_done(log, steps, overrides[EVAL_FREQUENCY])
    cost = {
        "seconds": round(perf_counter() - started),
        "steps": done,
        "epochs": round(done / batches, 2),
        "seed": seed,
        "processor": processor_name(),
        "threads": os.cpu_count(),
    }
    if (corpus / MANIFEST).exists():
        cost["corpus_sha256"] = read_manifest(corpus).sha256
    for model in (out / "model-best", out / "model-last"):
        write_meta(model, name, version, cost)
