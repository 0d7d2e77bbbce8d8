"""Step `train`: `spacy train` with the schedule fitted to the size of the corpus.

The learning-rate schedule needs the number of steps in advance, and a step is a batch of so many words. So the number of steps follows
from the words of the training corpus and the epochs that are wanted; all else is in `configs/train.cfg`.
"""

import math
from pathlib import Path
from typing import Annotated

import typer
from spacy.cli.train import train
from thinc.api import Config
from wasabi import msg

from .docbin import read_docbin
from .errors import BadInput

EVALUATIONS = 12
WARMUP_SHARE = 0.1
# `batch_by_padded` counts padding and closes a batch before it overflows; measured on both mixes, batches hold this share of their size in words.
BATCH_FILL = 0.9

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def count_steps(words: int, batch_size: int, epochs: float) -> int:
    """Steps for so many epochs over a corpus of so many words."""
    return max(1, math.ceil(epochs * words / (batch_size * BATCH_FILL)))


def schedule(steps: int) -> dict[str, int]:
    """Config overrides for a run of so many steps: evaluations spread evenly, patience of four of them."""
    frequency = max(1, steps // EVALUATIONS)
    return {
        "training.max_steps": steps,
        "training.eval_frequency": frequency,
        "training.patience": 4 * frequency,
        "training.optimizer.learn_rate.warmup_steps": max(1, round(steps * WARMUP_SHARE)),
    }


@app.command()
def main(
    config: Annotated[Path, typer.Option(help="The training config.", exists=True)] = Path("configs/train.cfg"),
    corpus: Annotated[Path, typer.Option(help="Folder that convert wrote.")] = Path("corpus"),
    domain_path: Annotated[Path, typer.Option("--domain", help="The domain file.")] = Path("configs/finance.yml"),
    out: Annotated[Path, typer.Option(help="Folder for model-best, model-last and log.jsonl.")] = Path("training"),
    encoder: Annotated[str, typer.Option(help="A Hugging Face name or a folder.")] = "assets/encoders/all-MiniLM-L6-v2",
    epochs: Annotated[float, typer.Option(min=0.01, help="Passes over the training corpus.")] = 20,
    max_steps: Annotated[int, typer.Option(min=0, help="Steps, if not from epochs; 0: from epochs.")] = 0,
    seed: Annotated[int, typer.Option(help="Seed of the run.")] = 0,
    gpu_id: Annotated[int, typer.Option(help="GPU to use, -1: CPU.")] = -1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the schedule, and stop.")] = False,
) -> None:
    """Train the pipeline. The best version by the balanced dev score is in OUT/model-best, the log in OUT/log.jsonl."""
    lengths = [len(doc) for doc in read_docbin(corpus / "train.spacy")]
    if not lengths:
        raise BadInput("the training corpus is empty", path=corpus / "train.spacy")
    batch_size = Config().from_disk(config, interpolate=False)["training"]["batcher"]["size"]
    steps = max_steps or count_steps(sum(lengths), batch_size, epochs)
    msg.info(f"{len(lengths)} documents, {sum(lengths)} words: {steps} steps of up to {batch_size} words")
    if dry_run:
        return
    out.mkdir(parents=True, exist_ok=True)
    log = out / "log.jsonl"
    log.unlink(missing_ok=True)
    overrides = {
        "paths.train": str(corpus / "train.spacy"),
        "paths.dev": str(corpus / "dev.spacy"),
        "paths.domain": str(domain_path),
        "paths.encoder": encoder,
        "paths.log": str(log),
        "system.seed": seed,
        **schedule(steps),
    }
    train(config, out, use_gpu=gpu_id, overrides=overrides)
