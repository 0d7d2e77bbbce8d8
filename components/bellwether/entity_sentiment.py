"""`entity_sentiment`: the tone towards each entity, read from its tokens in their context.

So "A beats B after B cuts its outlook" gets two answers, where a document classifier has one. It learns and scores only
on docs whose annotator was asked for it: `doc._.layers["entity_sentiment"]` is true.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

import numpy
from spacy.language import Language
from spacy.scorer import PRFScore
from spacy.tokens import Doc
from spacy.training import Example, validate_examples, validate_get_examples
from spacy.util import registry
from spacy.vocab import Vocab
from thinc.api import Model, Optimizer, set_dropout_rate
from thinc.types import Floats2d, Floats3d

from .attributes import get_span_field, set_span_field
from .calibration import LabelAnswers
from .heads import ClassifierHead, Scores, default_model, split_docs
from .span_architectures import Bounds, SpanInputs
from .targets import ENTITY_SENTIMENT, SENTIMENT, TARGETS, align_sentiments, gold_sentiments

default_model_config = """
[model]
@architectures = "bellwether.SpanClassifier.v1"
hidden_width = 128
heads = 4
head_width = 32
dropout = 0.1
"""
DEFAULT_ENTITY_SENTIMENT_MODEL = default_model(default_model_config)
Classifier: TypeAlias = Model[SpanInputs, Floats2d] | Model[SpanInputs, Floats3d]
SENTIMENT_SCORE = "sentiment_score"


class SpanScores(NamedTuple):
    """The bounds of the classified spans of each doc, and their probabilities: (spans, labels), doc after doc."""

    bounds: Bounds
    probabilities: Floats2d


@Language.factory(
    ENTITY_SENTIMENT,
    assigns=["span._.sentiment", "span._.sentiment_score"],
    requires=["doc.ents"],
    default_config={
        "model": DEFAULT_ENTITY_SENTIMENT_MODEL,
        "entity_labels": None,
        "spans_key": TARGETS,
        "threshold": 0.0,
        "loss_weight": 1.0,
        "ngram_weight": 0.5,
        "scorer": {"@scorers": "bellwether.entity_sentiment_scorer.v1"},
    },
    default_score_weights={
        "entity_sentiment_macro_f": 1.0,
        "entity_sentiment_accuracy": None,
        "entity_sentiment_f_per_type": None,
    },
)
def make_entity_sentiment(
    nlp: Language,
    name: str,
    model: Classifier,
    entity_labels: list[str] | None,
    spans_key: str | None,
    threshold: float,
    loss_weight: float,
    ngram_weight: float,
    scorer: Callable | None,
) -> "EntitySentimentClassifier":
    """Create an EntitySentimentClassifier.

    model (Model[Tuple[List[Doc], Bounds], Floats2d | Floats3d]): predicts one row of probabilities a span, in the order
        of `labels`, or two opinions, (2, spans, labels).
    entity_labels (List[str] | None): the labels of the entities that get an answer; None: all of them.
    spans_key (str | None): the spans of `doc.spans[spans_key]` get an answer too, whatever their label.
    threshold (float): 0..1; below it the best label is not an answer and `span._.sentiment` is None.
    loss_weight (float): scales the gradient, to balance the heads that share an encoder.
    scorer (Callable | None): the scoring method.
    """
    return EntitySentimentClassifier(
        nlp.vocab,
        model,
        name,
        entity_labels=entity_labels,
        spans_key=spans_key,
        threshold=threshold,
        loss_weight=loss_weight,
        ngram_weight=ngram_weight,
        scorer=scorer,
    )


class EntitySentimentClassifier(ClassifierHead):
    """Exclusive classifier of entities. Writes `span._.sentiment` (label or None) and `span._.sentiment_score`
    (probability of the best label).

    Gold is in reference docs where `doc._.layers[NAME]` is true: the entities, and the spans of
    `doc.spans["targets"]`, that have a `span._.sentiment`. A doc without the layer says nothing. Learning needs no
    recogniser, as it reads the gold spans; those that do not align with the tokens of the predicted doc are left out.
    """

    def __init__(
        self,
        vocab: Vocab,
        model: Classifier,
        name: str = ENTITY_SENTIMENT,
        *,
        entity_labels: list[str] | None = None,
        spans_key: str | None = TARGETS,
        threshold: float = 0.0,
        loss_weight: float = 1.0,
        ngram_weight: float = 0.5,
        scorer: Callable | None = None,
    ) -> None:
        super().__init__(
            vocab,
            model,
            name,
            threshold=threshold,
            loss_weight=loss_weight,
            ngram_weight=ngram_weight,
            scorer=scorer or score_entity_sentiment,
            entity_labels=entity_labels,
            spans_key=spans_key,
        )

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: Iterable[str] | None = None,
    ) -> None:
        """Set the labels and the shapes of the model.

        get_examples (Callable[[], Iterable[Example]]): a representative sample.
        labels (Iterable[str] | None): the labels; without them, the sorted labels of the gold in the sample.
        RAISES (ValueError): fewer than two labels.
        """
        validate_get_examples(get_examples, "EntitySentimentClassifier.initialize")
        if labels is None:
            found = (gold_sentiments(example.reference, self.name) for example in get_examples())
            labels = sorted({label for pairs in found for _, label in pairs})
        for label in labels:
            self.add_label(label)
        if len(self.labels) < 2:
            raise ValueError(
                f"{self.name}: needs at least two labels, found {list(self.labels)}. The gold of this component are "
                f"entities or spans in doc.spans['{TARGETS}'] with a span._.sentiment, in docs with "
                f"doc._.layers['{self.name}'] true; or list the labels under [initialize.components.{self.name}]."
            )
        docs = [example.reference for example in islice(get_examples(), 10)]
        bounds: Bounds = [[(0, len(doc))] if len(doc) else [] for doc in docs]
        count = sum(len(spans) for spans in bounds)
        self.model.initialize(X=(docs, bounds), Y=self.model.ops.alloc2f(count, len(self.labels)))

    def predict(self, docs: Iterable[Doc]) -> SpanScores:
        """RETURNS (SpanScores): the spans that get an answer, each once, and rows of probabilities that sum to 1."""
        docs = list(docs)
        bounds = [self.find_spans(doc) for doc in docs]
        return SpanScores(bounds, self._to_probabilities(self._classify(docs, bounds)))

    def find_spans(self, doc: Doc) -> list[tuple[int, int]]:
        """The bounds, in tokens, of the entities and spans of a doc that get an answer, in the order of the text."""
        wanted = self.cfg["entity_labels"]
        bounds = {(ent.start, ent.end) for ent in doc.ents if wanted is None or ent.label_ in wanted}
        key = self.cfg["spans_key"]
        if key is not None and key in doc.spans:
            bounds.update((span.start, span.end) for span in doc.spans[key] if span.start < span.end)
        return sorted(bounds)

    def read_answers(self, examples: Iterable[Example]) -> LabelAnswers:
        """What the model answers to the gold spans of the examples, for calibration; see `bellwether.calibration`.

        Spans that do not align, and gold labels that the component does not have, are left out.
        """
        bounds: Bounds = []
        gold: list[int] = []
        examples = list(examples)
        for example in examples:
            known = [pair for pair in self._read_gold(example) if pair[1] in self.labels]
            bounds.append([place for place, _ in known])
            gold += [self.labels.index(label) for _, label in known]
        scores = self._classify([example.predicted for example in examples], bounds)
        return self._to_answers(scores, gold)

    def set_annotations(self, docs: Iterable[Doc], scores: SpanScores) -> None:
        """Write the label and its score on each span."""
        rows = iter(self.model.ops.to_numpy(scores.probabilities))
        for doc, bounds in zip(docs, scores.bounds, strict=True):
            for (start, end), row in zip(bounds, islice(rows, len(bounds)), strict=True):
                best = int(row.argmax())
                score = float(row[best])
                span = doc[start:end]
                set_span_field(span, self.labels[best] if score >= self.cfg["threshold"] else None, name=SENTIMENT)
                set_span_field(span, score, name=SENTIMENT_SCORE)

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from a batch. The encoder gets a gradient, maybe of zeros, whatever the gold of the batch says."""
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        examples = list(examples)
        validate_examples(examples, "EntitySentimentClassifier.update")
        if not any(len(example.predicted) for example in examples):
            return losses
        gold = [self._read_gold(example) for example in examples]
        bounds = [[place for place, _ in pairs] for pairs in gold]
        set_dropout_rate(self.model, drop)
        scores, backprop = self.model.begin_update(([example.predicted for example in examples], bounds))
        loss, gradient = self._loss_and_gradient([label for pairs in gold for _, label in pairs], scores)
        backprop(gradient)
        if sgd is not None:
            self.finish_update(sgd)
        losses[self.name] += loss
        return losses

    def get_loss(self, examples: Iterable[Example], scores: Scores) -> tuple[float, Scores]:
        """Cross-entropy over the gold spans of the batch.

        scores (Floats2d | Floats3d): one row a gold span, in the order of the examples and of the text, or several
            opinions, (opinions, spans, labels).
        RETURNS (Tuple[float, Floats2d | Floats3d]): the mean loss of a gold span, and of an opinion, and the gradient
            with respect to the logits (softmax minus truth). A batch without gold has loss 0.
        """
        examples = list(examples)
        validate_examples(examples, "EntitySentimentClassifier.get_loss")
        return self._loss_and_gradient([label for eg in examples for _, label in self._read_gold(eg)], scores)

    def _loss_and_gradient(self, gold: list[str], scores: Scores) -> tuple[float, Scores]:
        for label in gold:
            if label not in self.labels:
                raise ValueError(
                    f"{self.name}: gold label {label!r} is not one of {', '.join(self.labels)}: add it before training"
                )
        truths = numpy.zeros((len(gold), len(self.labels)), dtype="f")
        truths[numpy.arange(len(gold)), [self.labels.index(label) for label in gold]] = 1.0
        return self._cross_entropy(scores, truths)

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """RETURNS (Dict[str, Any]): see `score_entity_sentiment`."""
        examples = list(examples)
        validate_examples(examples, "EntitySentimentClassifier.score")
        scores: dict[str, Any] = self.scorer(examples, **{"name": self.name, **kwargs})
        return scores

    def _classify(self, docs: list[Doc], bounds: Bounds) -> Floats2d | Floats3d:
        """What the model says; docs without spans are not looked at."""
        asked = [(doc, spans) for doc, spans in zip(docs, bounds, strict=True) if spans]
        if not asked:
            return self.model.ops.alloc2f(0, len(self.labels))
        docs, bounds = map(list, zip(*asked, strict=True))
        scores = [self.model.predict((docs[part], bounds[part])) for part in split_docs(docs)]
        joined: Floats2d | Floats3d = self.model.ops.xp.concatenate(scores, axis=-2)
        return joined

    def _read_gold(self, example: Example) -> list[tuple[tuple[int, int], str]]:
        """The gold spans that align with the predicted doc: bounds in its tokens, and label."""
        aligned = align_sentiments(example, self.name)
        return sorted({(span.start, span.end): label for span, label in aligned if span is not None}.items())


def score_entity_sentiment(
    examples: Iterable[Example], *, name: str = ENTITY_SENTIMENT, **kwargs: Any
) -> dict[str, Any]:
    """Score the answers on the gold spans of the examples that have the layer; the others do not count.

    A gold span without an answer counts as a miss: unsure, not aligned, or never asked about. To measure the classifier
    and not the recogniser before it, `copy_targets` lets it answer for every gold span.

    name (str): the component's name, its layer and the prefix of the keys.
    RETURNS (Dict[str, Any]): `NAME_accuracy`, `NAME_macro_f` (mean over the labels that occur as gold or as answer),
        and `NAME_f_per_type`; all None where there is no gold span.
    """
    per_label: dict[str, PRFScore] = defaultdict(PRFScore)
    correct = total = 0
    for example in examples:
        for span, gold in align_sentiments(example, name):
            answer = None if span is None else get_span_field(span, name=SENTIMENT)
            total += 1
            if answer == gold:
                correct += 1
                per_label[gold].tp += 1
            else:
                per_label[gold].fn += 1
                if answer is not None:
                    per_label[answer].fp += 1
    if not total:
        return {f"{name}_{key}": None for key in ("accuracy", "macro_f", "f_per_type")}
    return {
        f"{name}_accuracy": correct / total,
        f"{name}_macro_f": sum(prf.fscore for prf in per_label.values()) / len(per_label),
        f"{name}_f_per_type": {label: prf.to_dict() for label, prf in sorted(per_label.items())},
    }


@registry.scorers("bellwether.entity_sentiment_scorer.v1")
def make_entity_sentiment_scorer() -> Callable[..., dict[str, Any]]:
    return score_entity_sentiment
