"""`scoped_textcat`: an exclusive document classifier in a namespace of its own.

So several share one pipeline and one training. spaCy's `textcat` cannot: two exclusive heads on one doc end in E895, a
missing label counts as a negative in the loss, a doc without gold counts as a false positive in the score, and every
head writes the same score keys. This one reads and writes `doc.cats["NAME:LABEL"]`, learns and scores only on docs that
carry gold of its own, and reports `NAME_macro_f` and so on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, TypeAlias

import numpy
from spacy.language import Language
from spacy.scorer import PRFScore
from spacy.tokens import Doc
from spacy.training import Example, validate_examples, validate_get_examples
from spacy.util import registry
from spacy.vocab import Vocab
from thinc.api import Model, Optimizer, set_dropout_rate
from thinc.types import Floats2d, Floats3d

from .attributes import get_field, register_head, set_field
from .calibration import LabelAnswers
from .heads import ClassifierHead, Scores, default_model

default_model_config = """
[model]
@architectures = "bellwether.PooledClassifier.v1"
dropout = 0.1
"""
DEFAULT_SCOPED_TEXTCAT_MODEL = default_model(default_model_config)
SEPARATOR = ":"
Classifier: TypeAlias = Model[list[Doc], Floats2d] | Model[list[Doc], Floats3d]
LISTENERS = ("tok2vec-listener", "transformer-listener")


@Language.factory(
    "scoped_textcat",
    assigns=["doc.cats"],
    default_config={
        "model": DEFAULT_SCOPED_TEXTCAT_MODEL,
        "threshold": 0.0,
        "loss_weight": 1.0,
        "ngram_weight": 0.5,
        "scorer": {"@scorers": "bellwether.scoped_textcat_scorer.v1"},
    },
    # These are for a component that keeps the factory's name; a config that names it otherwise sets its own weights.
    default_score_weights={
        "scoped_textcat_macro_f": 1.0,
        "scoped_textcat_micro_f": None,
        "scoped_textcat_accuracy": None,
        "scoped_textcat_f_per_type": None,
    },
)
def make_scoped_textcat(
    nlp: Language,
    name: str,
    model: Classifier,
    threshold: float,
    loss_weight: float,
    ngram_weight: float,
    scorer: Callable | None,
) -> "ScopedTextCategorizer":
    """Create a ScopedTextCategorizer.

    model (Model[List[Doc], Floats2d | Floats3d]): predicts one row of probabilities a doc, in the order of `labels`, or
        two opinions, (2, docs, labels).
    threshold (float): 0..1; below it the best label is not an answer and `doc._.NAME` is None.
    loss_weight (float): scales the gradient, to balance the heads that share an encoder.
    ngram_weight (float): at least 0; how much the second opinion counts where the first counts 1, if the model has one;
        see `ClassifierHead`. `python -m scripts calibrate` fits it.
    scorer (Callable | None): the scoring method.
    """
    return ScopedTextCategorizer(
        nlp.vocab,
        model,
        name,
        threshold=threshold,
        loss_weight=loss_weight,
        ngram_weight=ngram_weight,
        scorer=scorer,
    )


class ScopedTextCategorizer(ClassifierHead):
    """Exclusive document classifier. Writes `doc.cats["NAME:LABEL"]` (probability), `doc._.NAME` (label or None) and
    `doc._.NAME_score` (probability of the best label). A doc without tokens gets zeros and no label.
    """

    def __init__(
        self,
        vocab: Vocab,
        model: Classifier,
        name: str = "scoped_textcat",
        *,
        threshold: float = 0.0,
        loss_weight: float = 1.0,
        ngram_weight: float = 0.5,
        scorer: Callable | None = None,
    ) -> None:
        if SEPARATOR in name:
            raise ValueError(
                f"scoped_textcat: the name {name!r} contains '{SEPARATOR}', which parts name and label in doc.cats"
            )
        super().__init__(
            vocab,
            model,
            name,
            threshold=threshold,
            loss_weight=loss_weight,
            scorer=scorer or score_scoped_textcat,
            ngram_weight=ngram_weight,
        )
        self._rehearsal_model: Model | None = None
        register_head(name)

    def key(self, label: str) -> str:
        """The key of a label in `doc.cats`."""
        return f"{self.name}{SEPARATOR}{label}"

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: Iterable[str] | None = None,
    ) -> None:
        """Set the labels and the shapes of the model.

        get_examples (Callable[[], Iterable[Example]]): a representative sample.
        labels (Iterable[str] | None): the labels; without them, the sorted labels of the own namespace in the sample.
        RAISES (ValueError): fewer than two labels; gold that is not one label at 1.0.
        """
        validate_get_examples(get_examples, "ScopedTextCategorizer.initialize")
        if labels is None:
            found = {label for example in get_examples() for label in own_cats(example.reference, self.name)}
            labels = sorted(found)
        for label in labels:
            self.add_label(label)
        if len(self.labels) < 2:
            raise ValueError(
                f"{self.name}: needs at least two labels, found {list(self.labels)}. The gold of this component are "
                f"keys '{self.key('LABEL')}' in doc.cats; or list the labels under [initialize.components.{self.name}]."
            )
        sample = list(islice(get_examples(), 10))
        truths = self.model.ops.asarray2f(self._examples_to_truth(sample))
        self.model.initialize(X=[example.reference for example in sample], Y=truths)

    def predict(self, docs: Iterable[Doc]) -> Floats2d:
        """RETURNS (Floats2d): (docs, labels), rows sum to 1; a row of zeros for a doc without tokens."""
        docs = list(docs)
        if not any(len(doc) for doc in docs):
            return self.model.ops.alloc2f(len(docs), len(self.labels))
        scores = self._to_probabilities(self.model.predict(docs))
        empty = [index for index, doc in enumerate(docs) if not len(doc)]
        if empty:
            scores[empty] = 0.0
        return scores

    def read_answers(self, examples: Iterable[Example]) -> LabelAnswers:
        """What the model answers to the examples with gold, for calibration; see `bellwether.calibration`.

        Docs without tokens have no answer, and a gold label that the component does not have is out of its reach at any
        temperature: both are left out.
        """
        pairs = [(example.predicted, gold_label(example.reference, self.name)) for example in examples]
        known = [(doc, self.labels.index(label)) for doc, label in pairs if len(doc) and label in self.labels]
        if not known:
            return LabelAnswers(numpy.zeros((0, len(self.labels))), numpy.zeros(0, dtype="int64"))
        return self._to_answers(self.model.predict([doc for doc, _ in known]), [index for _, index in known])

    def set_annotations(self, docs: Iterable[Doc], scores: Floats2d) -> None:
        """Write the probabilities, the label and its score."""
        table = self.model.ops.to_numpy(scores)
        for doc, row in zip(docs, table, strict=True):
            for label, score in zip(self.labels, row, strict=True):
                doc.cats[self.key(label)] = float(score)
            best = int(row.argmax()) if len(row) else 0
            score = float(row[best]) if len(row) else 0.0
            answered = score > 0.0 and score >= self.cfg["threshold"]
            set_field(doc, self.labels[best] if answered else None, name=self.name)
            set_field(doc, score, name=f"{self.name}_score")

    def get_loss(self, examples: Iterable[Example], scores: Scores) -> tuple[float, Scores]:
        """Cross-entropy over the annotated docs of the batch.

        scores (Floats2d | Floats3d): (docs, labels), or several opinions, (opinions, docs, labels).
        RETURNS (Tuple[float, Floats2d | Floats3d]): the mean loss of an annotated doc, and of an opinion, and the
            gradient with respect to the logits (softmax minus truth), where the rows of docs without gold are zero. A
            batch without gold has loss 0.
        """
        examples = list(examples)
        validate_examples(examples, "ScopedTextCategorizer.get_loss")
        return self._cross_entropy(scores, self._examples_to_truth(examples))

    def rehearse(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Pull the model towards what it said before the training was resumed; docs need no gold.

        RAISES (ValueError): where the encoder is shared. The old model listens to the same encoder, which moves with
            training, so its answers would no longer be what the pipeline said before.
        """
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        if self._rehearsal_model is None:
            return losses
        examples = list(examples)
        validate_examples(examples, "ScopedTextCategorizer.rehearse")
        if any(node.name in LISTENERS for node in self.model.walk()):
            raise ValueError(
                f"{self.name}: rehearsal needs an encoder of its own, this one listens to a shared encoder. Mix old "
                "documents into the new training data instead."
            )
        docs = [example.predicted for example in examples]
        if not any(len(doc) for doc in docs):
            return losses
        set_dropout_rate(self.model, drop)
        scores, backprop = self.model.begin_update(docs)
        gradient = scores - self._rehearsal_model.predict(docs)
        backprop(gradient)
        if sgd is not None:
            self.finish_update(sgd)
        losses[self.name] += float((gradient**2).sum())
        return losses

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """RETURNS (Dict[str, Any]): see `score_scoped_textcat`."""
        examples = list(examples)
        validate_examples(examples, "ScopedTextCategorizer.score")
        scores: dict[str, Any] = self.scorer(examples, **{**self.cfg, "name": self.name, **kwargs})
        return scores

    def _examples_to_truth(self, examples: list[Example]) -> numpy.ndarray:
        """RETURNS: one-hot truths (examples, labels), all zero for an example without gold."""
        truths = numpy.zeros((len(examples), len(self.labels)), dtype="f")
        for row, example in enumerate(examples):
            label = gold_label(example.reference, self.name)
            if label is None:
                continue
            if label not in self.labels:
                raise ValueError(
                    f"{self.name}: gold label {label!r} is not one of {', '.join(self.labels)}: add it before training"
                )
            truths[row, self.labels.index(label)] = 1.0
        return truths


def own_cats(doc: Doc, name: str) -> dict[str, float]:
    """The part of `doc.cats` in the namespace `name`, keyed by label."""
    prefix = name + SEPARATOR
    return {key[len(prefix) :]: value for key, value in doc.cats.items() if key.startswith(prefix)}


def gold_label(doc: Doc, name: str) -> str | None:
    """The gold label of the classifier `name`, or None where the doc is not annotated for it.

    RAISES (ValueError): gold that is not exactly one label at 1.0 and the others at 0.0.
    """
    cats = own_cats(doc, name)
    if not cats:
        return None
    positive = [label for label, value in cats.items() if value == 1.0]
    if len(positive) != 1 or any(value not in (0.0, 1.0) for value in cats.values()):
        raise ValueError(
            f"{name}: gold must be exactly one label at 1.0 and the others at 0.0 or left out, got {cats} on "
            f"{doc.text[:60]!r}. A doc that is not annotated has no '{name}{SEPARATOR}…' key at all."
        )
    return positive[0]


def scores_by_classifier(doc: Doc) -> dict[str, dict[str, float]]:
    """Label to score, by the name of every classifier that wrote to `doc.cats` (`NAME:LABEL`), gold or predicted."""
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    for key, score in doc.cats.items():
        name, separator, label = key.partition(SEPARATOR)
        if separator:
            scores[name][label] = score
    return scores


def best_labels(doc: Doc) -> dict[str, str]:
    """The answer of every classifier that wrote to `doc.cats`, gold or predicted.

    One that was not sure enough is left out.
    """
    answers = {}
    for name, table in scores_by_classifier(doc).items():
        if get_field(doc, name=f"{name}_score") is not None:
            answer = get_field(doc, name=name)
        else:
            answer = max(table, key=lambda label: table[label])
        if answer is not None:
            answers[name] = answer
    return answers


def score_scoped_textcat(
    examples: Iterable[Example], *, name: str, threshold: float = 0.0, **kwargs: Any
) -> dict[str, Any]:
    """Score one classifier on the examples that carry its gold; the others do not count.

    name (str): the component's name, its namespace and the prefix of the keys.
    threshold (float): an answer below it is no answer: a miss, but no false positive.
    RETURNS (Dict[str, Any]): `NAME_accuracy`, `NAME_macro_p`, `NAME_macro_r`, `NAME_macro_f` (mean over the labels that
        occur as gold or as answer, as in scikit-learn), `NAME_micro_f`, `NAME_f_per_type`; all None where no example
        carries gold.
    """
    per_label: dict[str, PRFScore] = defaultdict(PRFScore)
    correct = total = 0
    for example in examples:
        gold = gold_label(example.reference, name)
        if gold is None:
            continue
        total += 1
        cats = own_cats(example.predicted, name)
        answer = max(cats, key=lambda label: cats[label]) if cats else None
        if answer is not None and (cats[answer] <= 0.0 or cats[answer] < threshold):
            answer = None
        if answer == gold:
            correct += 1
            per_label[gold].tp += 1
        else:
            per_label[gold].fn += 1
            if answer is not None:
                per_label[answer].fp += 1
    keys = ("accuracy", "macro_p", "macro_r", "macro_f", "micro_f", "f_per_type")
    if not total:
        return {f"{name}_{key}": None for key in keys}
    micro = PRFScore()
    for prf in per_label.values():
        micro += prf
    count = len(per_label)
    values: tuple[Any, ...] = (
        correct / total,
        sum(prf.precision for prf in per_label.values()) / count,
        sum(prf.recall for prf in per_label.values()) / count,
        sum(prf.fscore for prf in per_label.values()) / count,
        micro.fscore,
        {label: prf.to_dict() for label, prf in sorted(per_label.items())},
    )
    return {f"{name}_{key}": value for key, value in zip(keys, values, strict=True)}


@registry.scorers("bellwether.scoped_textcat_scorer.v1")
def make_scoped_textcat_scorer() -> Callable[..., dict[str, Any]]:
    return score_scoped_textcat
