"""Step `pretrain`: go on with the pre-training of the encoder on texts of the domain, before any head is trained.

Masked words, as BERT was trained (Devlin et al. 2019): 15 % of the word pieces are to be guessed; of these 80 % are
masked, 10 % are another piece, 10 % stay. Gururangan et al. 2020, "Don't stop pretraining", found this to help most
where the domain is far from what the encoder has read.

Only texts of the train split and of the files that are named are read: never dev, which measures it, nor test.
"""

import math
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import spacy
import srsly
import torch
import typer
from spacy.language import Language
from spacy.tokens import Doc
from transformers import AutoModelForMaskedLM, AutoTokenizer
from transformers.utils import logging
from wasabi import msg

from bellwether.encoder import PieceBatcher, Precision, shorten_links, uses_bfloat16

from .docbin import blank_pipeline, read_docbin
from .errors import BadInput, require_file
from .files import replacing, write_json
from .progress import progress_bar
from .train import check_encoder

MASKED, MASKED_BY_MASK, MASKED_BY_OTHER = 0.15, 0.8, 0.1
WARMUP_SHARE = 0.06
BUFFER = 1024
IGNORED = -100  # the target of a piece that is not to be guessed, for PyTorch's cross-entropy
DEV_TEXTS = 400
CHECKPOINT = "checkpoint.pt"
REPORT = "pretraining.json"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def read_texts(path: Path, nlp: Language) -> list[Doc]:
    """Texts of a file: one a line (.txt), or the field "text" of each line (.jsonl).

    RAISES (BadInput): where it is not there, or a line has no text.
    """
    if not path.exists():
        raise BadInput("file not found", path=path)
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix == ".jsonl":
        texts = []
        for number, line in enumerate(lines, 1):
            try:
                data = srsly.json_loads(line)
            except ValueError as error:
                raise BadInput(f"not JSON: {error}", path=path, line=number) from None
            if not isinstance(data, dict) or not isinstance(data.get("text"), str):
                raise BadInput('expected an object with a "text"', path=path, line=number)
            texts.append(data["text"])
    else:
        texts = lines
    return [nlp.make_doc(text) for text in texts if text.strip()]


class Masker:
    """Makes inputs and targets of texts.

    tokenizer (PreTrainedTokenizerFast): the encoder's. window (int): pieces of a text that are read at most.
    """

    def __init__(self, tokenizer: Any, window: int = 128) -> None:
        self.tokenizer = tokenizer
        self.window = window

    def __call__(self, texts: list[str], generator: torch.Generator) -> tuple[dict[str, Any], Any]:
        """RETURNS (tuple): the encoder's inputs, and the pieces to guess, with `IGNORED` elsewhere: (texts, pieces)."""
        encoded = self.tokenizer(
            texts,
            padding=True,
            truncation=True,
            max_length=self.window,
            return_special_tokens_mask=True,
            return_tensors="pt",
        )
        special = encoded.pop("special_tokens_mask").bool()
        pieces = encoded["input_ids"]
        chance = torch.rand(pieces.shape, generator=generator).masked_fill(special, 1.0)
        chosen = chance < MASKED
        inputs = pieces.clone()
        inputs[chance < MASKED * MASKED_BY_MASK] = self.tokenizer.mask_token_id
        other = chosen & (chance >= MASKED * (1.0 - MASKED_BY_OTHER))
        replacements = torch.randint(len(self.tokenizer), pieces.shape, generator=generator)
        inputs[other] = replacements[other]
        return {**encoded, "input_ids": inputs}, pieces.masked_fill(~chosen, IGNORED)


def mean_loss(model: Any, batches: list[tuple[dict[str, Any], Any]], autocast: Any) -> float:
    """Mean cross-entropy of a masked piece, in nats."""
    total, count = 0.0, 0
    model.eval()
    with torch.no_grad(), autocast:
        for inputs, targets in batches:
            guesses = int((targets != IGNORED).sum())
            if guesses:
                total += float(model(**inputs, labels=targets).loss) * guesses
                count += guesses
    model.train()
    return total / max(1, count)


def endless(docs: list[Doc], batcher: PieceBatcher, seed: int) -> Iterator[list[Doc]]:
    """Batches of one pass after another, each in an order of its own."""
    shuffler = random.Random(seed)
    while True:
        yield from batcher(shuffler.sample(docs, len(docs)))


def rate_factor(step: int, steps: int) -> float:
    """Linear warm-up, then linear decay to zero."""
    warmup = max(1, round(steps * WARMUP_SHARE))
    return min((step + 1) / warmup, max(0.0, (steps - step) / max(1, steps - warmup)))


@app.command()
def main(
    corpus: Annotated[Path, typer.Option(help="Folder that convert wrote: texts of train, and dev to measure.")] = Path(
        "corpus"
    ),
    texts: Annotated[
        list[Path] | None, typer.Option(help="More texts: .txt, one a line, or .jsonl; repeatable.")
    ] = None,
    encoder: Annotated[str, typer.Option(help="The encoder to begin with: a name or a folder.")] = (
        "assets/encoders/all-MiniLM-L6-v2"
    ),
    out: Annotated[Path, typer.Option(help="Folder of the new encoder.")] = Path("training/encoder"),
    epochs: Annotated[float, typer.Option(min=0, help="Passes over the texts.")] = 3,
    batch_pieces: Annotated[int, typer.Option(min=1, help="Word pieces of a batch, padding included.")] = 4096,
    rate: Annotated[float, typer.Option(help="Highest learning rate.")] = 0.0003,
    precision: Annotated[Precision, typer.Option(help="Of matrix products, as in the training config.")] = "auto",
    checkpoint_every: Annotated[int, typer.Option(min=1, help="Steps between checkpoints.")] = 200,
    lang: Annotated[str, typer.Option(help="Language of the texts.")] = "en",
    seed: Annotated[int, typer.Option(help="Seed of the run.")] = 0,
    gpu_id: Annotated[int, typer.Option(help="GPU to use, -1: CPU.")] = -1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print how much there is to do, and stop.")] = False,
) -> None:
    """Pre-train the encoder on texts of the domain; train the pipeline on it with --vars.encoder OUT.

    A run that was stopped goes on from its last checkpoint when it is started again with the same options.
    """
    check_encoder(encoder)
    nlp = blank_pipeline(lang)
    docs = list(read_docbin(require_file(corpus / "train.spacy", "convert")))
    for path in texts or []:
        docs += read_texts(path, nlp)
    docs = list({doc.text: doc for doc in docs}.values())
    dev = list(islice(read_docbin(require_file(corpus / "dev.spacy", "convert")), DEV_TEXTS))
    batcher = PieceBatcher(encoder, batch_pieces, BUFFER, links=True, seed=seed)
    batches = sum(1 for _ in batcher(docs))
    steps = math.ceil(batches * epochs)
    msg.info(f"{len(docs)} texts in {batches} batches: {steps} steps, {epochs:g} epochs")
    if dry_run or not steps:
        return
    settings = {"encoder": encoder, "steps": steps, "texts": len(docs), "rate": rate, "seed": seed}
    run = Pretraining(encoder, settings, precision=precision, gpu_id=gpu_id)
    out.mkdir(parents=True, exist_ok=True)
    checkpoint = out / CHECKPOINT
    begin = run.resume(checkpoint)
    if begin:
        msg.info(f"Going on from step {begin} of {checkpoint}")
    dev_batches = run.prepare_dev(PieceBatcher(encoder, batch_pieces, BUFFER, links=True, seed=0)(dev))
    before = run.measure(dev_batches)
    stream = endless(docs, PieceBatcher(encoder, batch_pieces, BUFFER, links=True, seed=seed), seed)
    progress = progress_bar(total=steps, initial=begin, desc="Pre-training", unit=" steps")
    for step, batch in enumerate(islice(stream, begin, steps), begin):
        loss = run.step([doc.text for doc in batch], step, steps, rate)
        progress.update()
        progress.set_postfix(loss=f"{loss:.3f}")
        if (step + 1) % checkpoint_every == 0 and step + 1 < steps:
            run.save(checkpoint, step + 1)
    progress.close()
    after = run.measure(dev_batches)
    run.export(out)
    write_json(out / REPORT, {**settings, "dev_loss_before": before, "dev_loss_after": after, "dev_texts": len(dev)})
    checkpoint.unlink(missing_ok=True)
    msg.good(f"{out}: loss of a masked piece of dev {before:.3f} → {after:.3f}; use it with --vars.encoder {out}")


class Pretraining:
    """The model, its optimizer and how to run them.

    settings (dict): what must be the same for a run to go on.
    """

    def __init__(self, encoder: str, settings: dict[str, Any], *, precision: Precision, gpu_id: int) -> None:
        if gpu_id >= 0:
            spacy.require_gpu(gpu_id)
        seed = int(settings["seed"])
        torch.manual_seed(seed)
        logging.set_verbosity_error()  # the head is new: that is what this step is for
        self.encoder = encoder
        self.settings = settings
        self.device = torch.device("cpu" if gpu_id < 0 else f"cuda:{gpu_id}")
        self.model = AutoModelForMaskedLM.from_pretrained(encoder, attn_implementation="eager").to(self.device)
        self.model.train()
        self.tokenizer = AutoTokenizer.from_pretrained(encoder)
        if self.tokenizer.mask_token_id is None:
            raise BadInput("the tokenizer of this encoder has no mask, so it cannot guess masked words", path=encoder)
        shorten_links(self.tokenizer)
        self.masker = Masker(self.tokenizer)
        self.generator = torch.Generator().manual_seed(seed)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=0.0, weight_decay=0.01, fused=True)
        self.autocast = torch.autocast(
            self.device.type, dtype=torch.bfloat16, enabled=gpu_id >= 0 or uses_bfloat16(precision)
        )

    def prepare_dev(self, batches: Iterator[list[Doc]]) -> list[tuple[dict[str, Any], Any]]:
        """Inputs and targets, masked in the same way every time."""
        generator = torch.Generator().manual_seed(0)
        return [self._move(*self.masker([doc.text for doc in batch], generator)) for batch in batches]

    def measure(self, batches: list[tuple[dict[str, Any], Any]]) -> float:
        return mean_loss(self.model, batches, self.autocast)

    def step(self, texts: list[str], step: int, steps: int, rate: float) -> float:
        """RETURNS (float): the loss before the step."""
        inputs, targets = self._move(*self.masker(texts, self.generator))
        if not bool((targets != IGNORED).any()):
            return 0.0
        for group in self.optimizer.param_groups:
            group["lr"] = rate * rate_factor(step, steps)
        with self.autocast:
            loss = self.model(**inputs, labels=targets).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=False)
        return float(loss.detach())

    def save(self, path: Path, step: int) -> None:
        state = {
            "step": step,
            "settings": self.settings,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "masks": self.generator.get_state(),
            "dropout": torch.get_rng_state(),
        }
        with replacing(path) as partial:
            torch.save(state, partial)

    def resume(self, path: Path) -> int:
        """RETURNS (int): the steps that a checkpoint of a run with the same settings has done; 0: there is none."""
        if not path.exists():
            return 0
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["settings"] != self.settings:
            msg.warn(f"{path} is of a run with other options or texts: beginning anew")
            return 0
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["masks"])
        torch.set_rng_state(state["dropout"])
        return int(state["step"])

    def export(self, out: Path) -> None:
        """Write the encoder without the head, and the tokenizer as it was."""
        base = self.model.base_model
        new = out / "new"
        base.save_pretrained(new)
        AutoTokenizer.from_pretrained(self.encoder).save_pretrained(new)
        for path in new.iterdir():
            path.replace(out / path.name)
        new.rmdir()

    def _move(self, inputs: dict[str, Any], targets: Any) -> tuple[dict[str, Any], Any]:
        return {name: value.to(self.device) for name, value in inputs.items()}, targets.to(self.device)
