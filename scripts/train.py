"""Step `train`: `spacy train` with the schedule fitted to the size of the corpus.

The learning-rate schedule needs the number of steps in advance. So the steps follow from the batches of one epoch and
the number of epochs; all else is in `configs/train.cfg`.
"""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from spacy.cli.train import train
from spacy.util import registry
from thinc.api import Config
from wasabi import msg

from bellwether.normalizers.gazetteer import Gazetteer
from bellwether.normalizers.gazetteer_csv import GazetteerError
from bellwether.targets import ENTITY_SENTIMENT, gold_sentiments

from .docbin import read_docbin
from .domain import load_domain
from .errors import BadInput, require_file
from .files import write_json

EVALUATIONS = 12
WARMUP_SHARE = 0.1
# A small corpus wants many passes, a large one few: the steps grow with the square root of the batches, from this
# point.
REFERENCE_EPOCHS = 20.0
REFERENCE_BATCHES = 20
MAX_EPOCHS = 40.0

Batcher = Callable[[Iterable[Sequence[int]]], Iterable[object]]

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def count_batches(lengths: Iterable[int], batcher: Batcher) -> int:
    """Batches of one epoch over docs of these lengths in words."""
    return sum(1 for _ in batcher([range(length) for length in lengths]))


def choose_epochs(batches: int) -> float:
    """Passes over a corpus of so many batches."""
    return min(MAX_EPOCHS, REFERENCE_EPOCHS * math.sqrt(REFERENCE_BATCHES / max(1, batches)))


def count_steps(batches: int, epochs: float) -> int:
    """Steps for so many epochs; 0: by `choose_epochs`."""
    return max(1, math.ceil((epochs or choose_epochs(batches)) * batches))


def schedule(steps: int) -> dict[str, Any]:
    """Config overrides for a run of so many steps: evaluations spread evenly, patience of four of them."""
    frequency = max(1, steps // EVALUATIONS)
    return {
        "training.max_steps": steps,
        "training.eval_frequency": frequency,
        "training.patience": 4 * frequency,
        "training.optimizer.learn_rate.warmup_steps": max(1, round(steps * WARMUP_SHARE)),
        "training.optimizer.learn_rate.total_steps": steps,
    }


def build_overrides(
    corpus: Path, domain_path: Path, encoder: str, gazetteer: Path, log: Path, *, seed: int, steps: int
) -> dict[str, Any]:
    """What the config leaves open: paths, the recogniser's labels, seed and schedule."""
    return {
        "paths.train": str(corpus / "train.spacy"),
        "paths.dev": str(corpus / "dev.spacy"),
        "paths.domain": str(domain_path),
        "paths.encoder": encoder,
        "paths.gazetteer": str(gazetteer),
        "paths.log": str(log),
        "components.ner.scorer.labels": load_domain(domain_path).recogniser_labels,
        "system.seed": seed,
        **schedule(steps),
    }


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


def name_pipeline(model: Path, name: str, version: str) -> None:
    """Write name and version into the meta.json of a trained pipeline."""
    path = model / "meta.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, meta | {"name": name, "version": version})


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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the schedule, and stop.")] = False,
) -> None:
    """Train the pipeline. The best version by the balanced dev score is in OUT/model-best, the log in OUT/log.jsonl."""
    train_path, dev_path = corpus / "train.spacy", corpus / "dev.spacy"
    docs = list(read_docbin(train_path))
    if not docs:
        raise BadInput("the training corpus is empty", path=train_path)
    require_file(dev_path, "convert")
    settings = Config().from_disk(config, interpolate=False)
    batcher = registry.resolve({"batcher": settings["training"]["batcher"]})["batcher"]
    batches = count_batches((len(doc) for doc in docs), batcher)
    steps = max_steps or count_steps(batches, epochs)
    msg.info(f"{len(docs)} documents in {batches} batches: {steps} steps, {steps / batches:.1f} epochs")
    heads = {}
    if ENTITY_SENTIMENT in settings["nlp"]["pipeline"] and not any(gold_sentiments(doc) for doc in docs):
        msg.info(f"No training document says the tone towards its entities: the pipeline gets no '{ENTITY_SENTIMENT}'")
        heads = leave_out(settings, ENTITY_SENTIMENT)
    if dry_run:
        return
    check_encoder(encoder)
    check_gazetteer(gazetteer)
    out.mkdir(parents=True, exist_ok=True)
    log = out / "log.jsonl"
    log.unlink(missing_ok=True)
    overrides = build_overrides(corpus, domain_path, encoder, gazetteer, log, seed=seed, steps=steps)
    train(config, out, use_gpu=gpu_id, overrides=overrides | heads)
    for model in (out / "model-best", out / "model-last"):
        name_pipeline(model, name, version)
