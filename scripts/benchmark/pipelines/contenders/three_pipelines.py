"""Three Hugging Face pipelines, each with a model of its own: how most people start."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForSequenceClassification,
    BertForTokenClassification,
)
from transformers.pipelines import pipeline

from ....evaluation.provenance import installed_versions
from .base import About, Job

# That BERT can read.
_MOST_PIECES = 512
_OUTSIDE = "O"
# Of the score of "O", so that nearly all tokens are outside, as those of a text are to a trained model: the pipeline
# takes longer for each entity.
_BIAS_OUTSIDE = 2.5


class ThreePipelines:
    """A token classifier and two text classifiers (or more), with random weights: nothing is downloaded."""

    def __init__(
        self,
        tokenizer: Path,
        shape: Mapping[str, int],
        entities: Sequence[str],
        classifiers: Mapping[str, Sequence[str]],
        threads: int,
    ) -> None:
        """
        tokenizer (Path): folder of a BERT tokenizer. shape (Mapping): hidden_size, num_hidden_layers and so on.
        entities (Sequence[str]): entity labels. classifiers (Mapping): labels by classifier.
        """
        torch.set_num_threads(threads)
        torch.manual_seed(0)
        pieces = AutoTokenizer.from_pretrained(tokenizer, model_max_length=_MOST_PIECES)

        def config(labels: Sequence[str]) -> BertConfig:
            names = dict(enumerate(labels))
            return BertConfig(
                vocab_size=len(pieces), id2label=names, label2id={name: key for key, name in names.items()}, **shape
            )

        recogniser = BertForTokenClassification(config(bio_labels(entities)))
        with torch.no_grad():
            recogniser.classifier.bias[0] = _BIAS_OUTSIDE
        options: dict[str, Any] = {"tokenizer": pieces, "device": -1}
        self.recogniser = pipeline(
            "token-classification", model=recogniser.eval(), aggregation_strategy="simple", **options
        )
        self.classifiers = {
            name: pipeline(
                "text-classification", model=BertForSequenceClassification(config(labels)).eval(), top_k=None, **options
            )
            for name, labels in classifiers.items()
        }

    def about(self) -> About:
        return About(installed_versions("transformers", "tokenizers", "torch", "numpy"))

    def reading(self, texts: Sequence[str], batch_size: int) -> Job:
        wanted = list(texts)

        def read() -> None:
            self.recogniser(wanted, batch_size=batch_size)
            for classifier in self.classifiers.values():
                classifier(wanted, batch_size=batch_size, truncation=True)

        return read

    def reading_one(self, text: str) -> Job:
        def read() -> None:
            self.recogniser(text)
            for classifier in self.classifiers.values():
                classifier(text, truncation=True)

        return read


def bio_labels(entities: Sequence[str]) -> list[str]:
    """ "O", then "B-" and "I-" of each label."""
    return [_OUTSIDE, *(f"{tag}-{label}" for label in entities for tag in "BI")]
