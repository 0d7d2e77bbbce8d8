"""What is compared: ours in both forms, three Hugging Face pipelines in two sizes, the bare encoder; one kind a module.

This module says what there is; `open_contender` loads one, in a process of its own (`..worker`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .base import Opened
from .without import hide

COMPILED, TRAINABLE, MINILM, BERT, BARE = "compiled", "trainable", "hf-minilm", "hf-bert-base", "bare"
NAMES = (COMPILED, TRAINABLE, MINILM, BERT, BARE)
# Ours: pipelines of spaCy, whose components can be timed.
OURS = (COMPILED, TRAINABLE)

# What a compiled pipeline does without, and so is measured without.
TRAINING_ONLY = ("torch", "transformers", "spacy_transformers")

SHAPES: dict[str, dict[str, int]] = {
    MINILM: {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536},
    BERT: {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072},
}
# Parameters that a word piece is multiplied with; a model of ours has those of MiniLM.
_PARAMETERS = {MINILM: 10.6e6, BERT: 85e6}
_PIPELINES = 3
_PIECES_PER_TOKEN = 1.3
# Of one core, in fp32: for estimates only.
_FLOPS = 6e10


@dataclass(frozen=True)
class Contender:
    """What can be timed.

    name (str): on the command line and in the results. title (str): in tables and plots.
    kind (str): "spacy", "huggingface" or "bare". settings (dict): of that kind, plain JSON.
    how (str): what is timed, for the report.
    """

    name: str
    title: str
    kind: str
    settings: Mapping[str, Any]
    how: str

    def seconds_for(self, tokens: int) -> float:
        """A guess at the seconds that one core takes, without trying."""
        parameters = _PIPELINES * _PARAMETERS[self.name] if self.kind == "huggingface" else _PARAMETERS[MINILM]
        return 2 * parameters * tokens * _PIECES_PER_TOKEN / _FLOPS


def list_contenders(
    *, compiled: str, trainable: str, tokenizer: Path, entities: Sequence[str], classifiers: Mapping[str, Sequence[str]]
) -> dict[str, Contender]:
    """RETURNS (dict): all contenders by name.

    compiled (str), trainable (str): folders or names of pipelines.
    tokenizer (Path): the word pieces of the Hugging Face models. entities, classifiers: the labels of their heads.
    """
    heads = {"entities": list(entities), "classifiers": {name: list(labels) for name, labels in classifiers.items()}}
    three = (
        f"Three `transformers.pipeline`s in fp32, one a task: {len(entities)} entity labels (BIO, aggregation "
        f'"simple") and classifiers of {" and ".join(str(len(labels)) for labels in classifiers.values())} labels. '
        "Random weights, on which speed does not depend; nearly no token is predicted to be an entity. They "
        "read no more than 512 word pieces of a text."
    )

    def three_pipelines(name: str, title: str) -> Contender:
        settings = {"tokenizer": str(tokenizer), "shape": SHAPES[name], **heads}
        return Contender(name, title, "huggingface", settings, three)

    found = (
        Contender(
            COMPILED,
            "ours, compiled",
            "spacy",
            {"path": compiled, "without": TRAINING_ONLY},
            f"`spacy.load({compiled!r})` as where PyTorch is not installed, `nlp.pipe(texts, batch_size=…)`: all "
            "components.",
        ),
        Contender(
            TRAINABLE,
            "ours, trainable",
            "spacy",
            {"path": trainable},
            f"`spacy.load({trainable!r})` on PyTorch, `nlp.pipe(texts, batch_size=…)`: all components.",
        ),
        three_pipelines(MINILM, "3 × MiniLM, Hugging Face"),
        three_pipelines(BERT, "3 × BERT-base, Hugging Face"),
        Contender(
            BARE,
            "the bare encoder",
            "bare",
            {"path": compiled, "without": TRAINING_ONLY},
            "The limit: only the graph of the compiled encoder, in the same runtime and precision, on the word pieces "
            "of the same texts, made before; every batch is full and has no padding.",
        ),
    )
    return {contender.name: contender for contender in found}


def open_contender(kind: str, settings: Mapping[str, Any], threads: int) -> Opened:
    """Load a contender into this process.

    RAISES (ValueError): on an unknown kind.
    """
    hide(settings.get("without", ()))
    if kind == "spacy":
        from .spacy_pipeline import SpacyPipeline  # noqa: PLC0415  (each process imports what it times, and no more)

        return SpacyPipeline(settings["path"], threads)
    if kind == "huggingface":
        from .three_pipelines import ThreePipelines  # noqa: PLC0415

        return ThreePipelines(
            Path(settings["tokenizer"]), settings["shape"], settings["entities"], settings["classifiers"], threads
        )
    if kind == "bare":
        from .bare_encoder import BareEncoder  # noqa: PLC0415

        return BareEncoder(settings["path"], threads)
    raise ValueError(f"a contender is of the kind spacy, huggingface or bare, got {kind!r}")
