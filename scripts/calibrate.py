"""Step `calibrate`: fit the temperature of every component that has one, and the threshold of a recogniser, and store
them in the pipeline.

A temperature makes probabilities mean what they say; see `bellwether.calibration`. It is fitted on a split that has not
trained the pipeline, from temperature 1 every time, so that a second run changes nothing. A classifier with n-grams
gets their weight beside its encoder in the same way.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import spacy
import typer
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import minibatch
from wasabi import msg

from bellwether.attributes import make_dated_doc
from bellwether.calibration import Answers, ComponentFit, HasTemperature, fit_component

from .domain import load_domain
from .errors import BadInput, require_file
from .evaluation.corpus import load_corpus, read_manifest
from .evaluation.pipeline import load_pipeline
from .files import write_json
from .progress import progress_bar

TRAIN, TEST = "train", "test"
_BATCH = 128

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


def components_with_temperature(nlp: Language) -> dict[str, HasTemperature]:
    """The components to calibrate, in the order of the pipeline."""
    return {name: pipe for name, pipe in nlp.pipeline if isinstance(pipe, HasTemperature)}


def run_component(pipe: Any, docs: list[Doc]) -> list[Doc]:
    if hasattr(pipe, "pipe"):
        return list(pipe.pipe(docs, batch_size=len(docs)))
    return [pipe(doc) for doc in docs]


def read_answers(nlp: Language, references: Iterable[Doc]) -> dict[str, list[Answers]]:
    """What each component with a temperature answers to the raw texts, compared with gold.

    Each sees the docs as the components before it leave them. Of similar length in a batch, which saves padding.
    """
    wanted = components_with_temperature(nlp)
    answers: dict[str, list[Answers]] = {name: [] for name in wanted}
    ordered = sorted(references, key=len)
    progress = progress_bar(total=len(ordered), desc="Predicting", unit=" docs")
    for batch in minibatch(ordered, _BATCH):
        docs = [make_dated_doc(nlp, reference.text, reference._.reference_date) for reference in batch]
        left = len(wanted)
        for name, pipe in nlp.pipeline:
            if not left:
                break
            if name in wanted:
                examples = [Example(doc, reference) for doc, reference in zip(docs, batch, strict=True)]
                answers[name].append(wanted[name].read_answers(examples))
                left -= 1
            docs = run_component(pipe, docs)
        progress.update(len(batch))
    progress.close()
    return answers


def store_fits(model: Path, nlp: Language, fits: dict[str, ComponentFit], origin: dict[str, Any]) -> None:
    """Write what was fitted into the saved pipeline, file by file, and last into its meta.json what they are from.

    origin (dict): split, and the sha256 of its records.
    """
    for name, pipe in components_with_temperature(nlp).items():
        pipe.temperature = fits[name].temperature
        if fits[name].ngram_weight is not None:
            pipe.cfg["ngram_weight"] = fits[name].ngram_weight
        if fits[name].threshold is not None:
            pipe.cfg["fitted_threshold"] = fits[name].threshold
        write_json(model / name / "cfg", pipe.cfg)
    path = model / "meta.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    meta["calibration"] = {
        **origin,
        "temperatures": {name: fit.temperature for name, fit in fits.items()},
        "ngram_weights": {name: fit.ngram_weight for name, fit in fits.items() if fit.ngram_weight is not None},
        "thresholds": {name: fit.threshold for name, fit in fits.items() if fit.threshold is not None},
        "answers": {name: fit.answers for name, fit in fits.items()},
    }
    write_json(path, meta)


def print_fits(fits: dict[str, ComponentFit], split: str) -> None:
    rows = []
    for name, fit in fits.items():
        pairs = [
            ("–", "–") if pair is None else tuple(f"{value:.4f}" for value in pair) for pair in (fit.log_loss, fit.ece)
        ]
        weight, threshold = ("–" if value is None else f"{value:.3g}" for value in (fit.ngram_weight, fit.threshold))
        changes = (f"{old} → {new}" for old, new in pairs)
        rows.append((name, str(fit.answers), weight, f"{fit.temperature:.3f}", threshold, *changes))
    header = ("component", "answers", "n-gram weight", "temperature", "threshold", "log loss", "calibration error")
    msg.table(rows, header=header, aligns=("l", *"rrrrrr"), divider=True)
    msg.text(f"Measured on the documents of {split} that they were fitted on; 'evaluate' measures on test.")
    for name, fit in fits.items():
        if fit.problem is not None:
            msg.warn(f"{name}: temperature left at 1: {fit.problem}")


def check_split(split: str, splits: Iterable[str]) -> None:
    """RAISES (BadInput): where the split trained the pipeline, is to test it, or is not there."""
    if split == TEST:
        raise BadInput("the test split is for the evaluation alone: calibrate on --split dev")
    if split == TRAIN:
        raise BadInput(
            "the pipeline was trained on the train split and is too sure of itself there: calibrate on --split dev"
        )
    if split not in splits:
        raise BadInput(f"the corpus has no split '{split}'; it has {', '.join(splits)}")


@app.command()
def main(
    model: Annotated[Path, typer.Option(help="Folder of the trained pipeline; it is changed in place.")] = Path(
        "training/model-best"
    ),
    corpus: Annotated[Path, typer.Option(help="Folder that 'convert' wrote.")] = Path("corpus"),
    split: Annotated[str, typer.Option(help="Split with the gold to fit on; not train, not test.")] = "dev",
    domain_path: Annotated[Path, typer.Option("--domain", help="The domain file.")] = Path("configs/finance.yml"),
    gpu_id: Annotated[int, typer.Option(help="GPU to predict on; -1 is the CPU.")] = -1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Fit and print, but change nothing.")] = False,
) -> None:
    """Fit the temperatures and store them in the pipeline: probabilities change, the likeliest answers do not.

    What does change answers: the weight of n-grams in the classifiers, which is fitted first, and the threshold of the
    recogniser, half of its best F1, unless the training config sets one.
    """
    domain = load_domain(domain_path)
    require_file(model / "meta.json", "train")
    info = read_manifest(corpus)
    check_split(split, info.sha256)
    if info.domain != domain.name:
        raise BadInput(f"is a corpus of the domain '{info.domain}', not of '{domain.name}': see --domain", path=corpus)
    if gpu_id >= 0:
        spacy.require_gpu(gpu_id)
    nlp = load_pipeline(str(model))
    if not components_with_temperature(nlp):
        raise BadInput(f"no component has a temperature: {', '.join(nlp.pipe_names) or 'there are none'}", path=model)
    answers = read_answers(nlp, load_corpus(corpus, nlp.vocab, (split,)).docs[split])
    fits = {name: fit_component(parts) for name, parts in answers.items()}
    print_fits(fits, split)
    if dry_run:
        msg.text(f"Would write what was fitted to {model}")
        return
    store_fits(model, nlp, fits, {"split": split, "corpus_sha256": info.sha256[split]})
    msg.good(f"{model}: {', '.join(f'{name} {fit.temperature:g}' for name, fit in fits.items())}")
