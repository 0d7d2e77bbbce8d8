"""What the trainable components share: labels that can be added, checked settings, a temperature; and what the
classifiers among them share: a second opinion, and the loss."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy
from numpy.typing import NDArray
from spacy.errors import Errors
from spacy.pipeline.trainable_pipe import TrainablePipe
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Config, Model
from thinc.types import Floats2d, Floats3d

from .calibration import LabelAnswers, PooledAnswers, check_temperature, log_of, log_softmax, pool, temper

# The probabilities that a classifier's model gives, (rows, labels), or those of two opinions, (2, rows, labels).
Scores = TypeVar("Scores", Floats2d, Floats3d)

# Tokens that go through a head at a time, about: what they become stays in the processor's cache, and is not so large
# that the C library gives its memory back to the system, and takes it again page by page, for every batch.
_PART_TOKENS = 1024

# The encoder of a component that is added without a model: small, and its own.
_TOK2VEC = """
[model.tok2vec]
@architectures = "spacy.HashEmbedCNN.v2"
pretrained_vectors = null
width = 96
depth = 4
embed_size = 2000
window_size = 1
maxout_pieces = 3
subword_features = true
"""


def default_model(head: str) -> Config:
    """The default model of a component: the section `[model]` of its head, and a small encoder."""
    model: Config = Config().from_str(head + _TOK2VEC)["model"]
    return model


def split_docs(docs: list[Doc]) -> Iterator[slice]:
    """Where to cut a batch into parts of few tokens. Docs are not cut, and no part is without tokens, unless the batch
    is."""
    begin = tokens = 0
    for place, doc in enumerate(docs):
        if tokens and len(doc) and tokens + len(doc) > _PART_TOKENS:
            yield slice(begin, place)
            begin, tokens = place, 0
        tokens += len(doc)
    if docs:
        yield slice(begin, len(docs))


class TrainableHead(TrainablePipe):
    """A trainable component with labels. Its settings are in `cfg`, which a saved pipeline keeps."""

    def __init__(
        self,
        vocab: Vocab,
        model: Model,
        name: str,
        *,
        threshold: float | None,
        loss_weight: float,
        scorer: Callable,
        **settings: Any,
    ) -> None:
        """Check the settings and keep them.

        threshold (float | None): 0..1; a prediction that is less likely is none. None: as the component says.
        loss_weight (float): above 0; scales the gradient.
        settings: of this component alone; they go into `cfg` as they are.
        """
        if threshold is not None and not 0.0 <= threshold <= 1.0:
            raise ValueError(f"{name}: threshold must lie in 0..1, got {threshold!r}")
        if not loss_weight > 0.0:
            raise ValueError(f"{name}: loss_weight must be above 0, got {loss_weight!r}")
        self.vocab = vocab
        self.model = model
        self.name = name
        self.cfg: dict[str, Any] = {
            "labels": [],
            **settings,
            "threshold": threshold,
            "loss_weight": loss_weight,
            "temperature": 1.0,
        }
        self.scorer = scorer

    @property
    def labels(self) -> tuple[str, ...]:
        """RETURNS (Tuple[str]): the labels, in the order of the model's outputs."""
        return tuple(self.cfg["labels"])

    @property
    def label_data(self) -> list[str]:
        """RETURNS (List[str]): what `spacy init labels` stores and `initialize` takes back."""
        return list(self.cfg["labels"])

    @property
    def temperature(self) -> float:
        """Divides the scores before they become probabilities, in `predict` only; 1 leaves them as trained."""
        return float(self.cfg["temperature"])

    @temperature.setter
    def temperature(self, value: float) -> None:
        self.cfg["temperature"] = check_temperature(self.name, value)

    def count_outputs(self) -> int:
        """RETURNS (int): the outputs that the model needs: one a label, unless a component says otherwise."""
        return len(self.labels)

    def add_label(self, label: str) -> int:
        """Add a label; an initialized model grows outputs for it and keeps its weights.

        RETURNS (int): 0 if the label was there, otherwise 1.
        """
        if not isinstance(label, str):
            raise ValueError(Errors.E187)
        if label in self.labels:
            return 0
        self._allow_extra_label()
        self.cfg["labels"].append(label)
        if self.model and "resize_output" in self.model.attrs:
            self.model = self.model.attrs["resize_output"](self.model, self.count_outputs())
        self.vocab.strings.add(label)
        return 1


class ClassifierHead(TrainableHead):
    """A trainable component that gives one of its labels to each of some rows, to documents or to spans.

    Its model may have two opinions (`bellwether.architectures.opinions`). Each learns by itself, so that what the first
    has learnt leaves the second its gradient; the setting `ngram_weight` then says how much the second counts where the
    first counts 1 (`bellwether.calibration.pool`).
    """

    def __init__(self, vocab: Vocab, model: Model, name: str, *, ngram_weight: float, **settings: Any) -> None:
        """ngram_weight (float): at least 0. The others as in `TrainableHead`."""
        if not ngram_weight >= 0.0:
            raise ValueError(f"{name}: ngram_weight must be at least 0, got {ngram_weight!r}")
        super().__init__(vocab, model, name, ngram_weight=ngram_weight, **settings)

    def _to_probabilities(self, scores: Floats2d | Floats3d) -> Floats2d:
        """What the model's scores say, at the component's weight and temperature."""
        xp = self.model.ops.xp
        if scores.ndim == 3:
            pooled: Floats2d = xp.exp(log_softmax(pool(scores, self.cfg["ngram_weight"], xp), self.temperature, xp))
            return pooled
        return scores if self.temperature == 1.0 else temper(scores, self.temperature, xp)

    def _to_answers(self, scores: Floats2d | Floats3d, gold: list[int]) -> LabelAnswers:
        """The same for calibration. gold: the index of each row's label."""
        table = self.model.ops.to_numpy(scores)
        right = numpy.array(gold, dtype="int64")
        if table.ndim == 3:
            return PooledAnswers(pool(table, self.cfg["ngram_weight"]), right, table)
        return LabelAnswers(log_of(table), right)

    def _cross_entropy(self, scores: Scores, truths: NDArray[numpy.float32]) -> tuple[float, Scores]:
        """truths: (rows, labels), one-hot; all zero where nothing is known.

        RETURNS (Tuple[float, Floats2d | Floats3d]): the mean loss of a row with a truth, and of an opinion, 0 where
            there is none; and the gradient with respect to the logits, of the shape of `scores`.
        """
        table = self.model.ops.to_numpy(scores)
        known = truths.max(axis=1, initial=0.0) > 0.0
        gradient = (table - truths) * known[:, None] * self.cfg["loss_weight"]
        likelihood = (table * truths).sum(axis=-1)[..., known]
        loss = float(-numpy.log(numpy.clip(likelihood, 1e-12, 1.0)).mean()) if known.any() else 0.0
        return loss, self.model.ops.asarray(gradient.astype("f"))
