"""`crf_ner`: a recogniser of named things that knows how sure it is and learns from partly labelled data.

A linear-chain CRF over BILOU tags. Its decoding never yields an invalid sequence, each entity gets the probability that
exactly this span has exactly this label (`span._.score`), and a token of which the gold says only what it is not, since
the annotator was not asked for every label, may be anything else: the loss sums over all that the gold allows.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import numpy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example, validate_examples, validate_get_examples
from spacy.vocab import Vocab
from thinc.api import Model, Optimizer, set_dropout_rate
from thinc.types import Floats2d

from .attributes import set_span_field
from .bilou import (
    ACTIONS,
    BEGIN,
    LAST,
    OUTSIDE,
    UNIT,
    allowed_ends,
    allowed_pairs,
    allowed_starts,
    count_tags,
    first_tag,
)
from .calibration import EntityAnswers, judge_entities
from .crf import Chain, best_paths, infer, pad
from .heads import TrainableHead, default_model, split_docs
from .readers import unannotated_copy
from .scorers import asked_labels, scorable_entities, score_entities

default_model_config = """
[model]
@architectures = "bellwether.CrfTagger.v1"
dropout = 0.1
"""
DEFAULT_CRF_NER_MODEL = default_model(default_model_config)

# Padded tokens of one call: batches are cut so that a few long documents do not pad many short ones.
_MAX_CELLS = 16_384


class Entity(NamedTuple):
    """A predicted entity: tokens from `start` to `end`, exclusive, and its probability."""

    start: int
    end: int
    label: str
    score: float


class _Tagged(NamedTuple):
    """An entity on the best path, with its tags."""

    start: int
    end: int
    label: str
    tags: list[int]


class _Decoded(NamedTuple):
    """Docs of similar length: their places among all, padded scores and tokens and the chain (`bellwether.crf`), and
    entities."""

    rows: list[int]
    scores: Any
    present: Any
    chain: Chain
    spans: list[list[_Tagged]]


@Language.factory(
    "crf_ner",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type", "span._.score"],
    default_config={
        "model": DEFAULT_CRF_NER_MODEL,
        "threshold": None,
        "loss_weight": 1.0,
        "scorer": {"@scorers": "bellwether.ner_scorer.v1", "labels": None},
    },
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_crf_ner(
    nlp: Language,
    name: str,
    model: Model[list[Doc], list[Floats2d]],
    threshold: float | None,
    loss_weight: float,
    scorer: Callable | None,
) -> "CrfRecognizer":
    """Create a CrfRecognizer.

    model (Model[List[Doc], List[Floats2d]]): emissions, one row a token and one column a tag.
    threshold (float | None): 0..1; an entity that is less likely is left out. None: the one with the best F1, which
        calibration finds (`bellwether.calibration.fit_threshold`); before, all are kept.
    loss_weight (float): scales the gradient, to balance the heads that share an encoder.
    scorer (Callable | None): the scoring method.
    """
    return CrfRecognizer(nlp.vocab, model, name, threshold=threshold, loss_weight=loss_weight, scorer=scorer)


class CrfRecognizer(TrainableHead):
    """Named entity recogniser. Writes `doc.ents` and `span._.score`; entities that the doc has already are kept, and it
    finds others around them.
    """

    def __init__(
        self,
        vocab: Vocab,
        model: Model[list[Doc], list[Floats2d]],
        name: str = "crf_ner",
        *,
        threshold: float | None = None,
        loss_weight: float = 1.0,
        scorer: Callable | None = None,
    ) -> None:
        super().__init__(
            vocab,
            model,
            name,
            threshold=threshold,
            loss_weight=loss_weight,
            scorer=scorer or score_entities,
            fitted_threshold=0.0,
        )

    @property
    def threshold(self) -> float:
        """The least probability of an entity: the one that was set, or that calibration has fitted."""
        chosen = self.cfg["threshold"]
        return float(self.cfg["fitted_threshold"] if chosen is None else chosen)

    def count_outputs(self) -> int:
        """RETURNS (int): O, and four tags a label."""
        return count_tags(len(self.labels))

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: Iterable[str] | None = None,
    ) -> None:
        """Set the labels and the shapes of the model.

        get_examples (Callable[[], Iterable[Example]]): a representative sample.
        labels (Iterable[str] | None): the labels; without them, the sorted labels of the entities in the sample.
        RAISES (ValueError): there is no label.
        """
        validate_get_examples(get_examples, "CrfRecognizer.initialize")
        if labels is None:
            labels = sorted({ent.label_ for example in get_examples() for ent in example.reference.ents})
        for label in labels:
            self.add_label(label)
        if not self.labels:
            raise ValueError(
                f"{self.name}: the sample has no entities to take labels from; list the labels under "
                f"[initialize.components.{self.name}]"
            )
        docs = [example.reference for example in islice(get_examples(), 10)]
        self.model.initialize(X=docs, Y=[self.model.ops.alloc2f(len(doc), self.count_outputs()) for doc in docs])

    def predict(self, docs: Iterable[Doc]) -> list[list[Entity]]:
        """RETURNS (list): the entities of each doc, in its order."""
        docs = list(docs)
        found: list[list[Entity]] = [[] for _ in docs]
        if not any(len(doc) for doc in docs):
            return found
        for batch in self._decode(docs):
            for row, spans in zip(batch.rows, self._probabilities(batch, self.temperature), strict=True):
                found[row] = spans
        return found

    def read_answers(self, examples: Iterable[Example]) -> EntityAnswers:
        """The entities that are found in the examples, whether they are right, and their probability at any
        temperature, for calibration; see `bellwether.calibration`. What the annotator was not asked for is left out.
        """
        examples = [example for example in examples if len(example.predicted)]
        comparable = (scorable_entities(example, frozenset(self.labels)) for example in examples)
        gold = sum(len(entities[0]) for entities in comparable if entities is not None)
        batches: list[_Decoded] = []
        verdicts: list[bool] = []
        for batch in self._decode([example.predicted for example in examples]) if examples else ():
            judged = [self._judge(examples[row], spans) for row, spans in zip(batch.rows, batch.spans, strict=True)]
            batches.append(batch._replace(spans=[[span for span, _ in pairs] for pairs in judged]))
            verdicts += [right for pairs in judged for _, right in pairs]
        return EntityAnswers(partial(self._all_probabilities, batches), numpy.array(verdicts, dtype=bool), gold)

    def set_annotations(self, docs: Iterable[Doc], scores: list[list[Entity]]) -> None:
        """Write the entities beside those that are there, and their probability."""
        threshold = self.threshold
        for doc, entities in zip(docs, scores, strict=True):
            wanted = [entity for entity in entities if entity.score >= threshold]
            spans = [Span(doc, entity.start, entity.end, label=entity.label) for entity in wanted]
            doc.set_ents([*doc.ents, *spans], default="outside")
            for span, entity in zip(spans, wanted, strict=True):
                set_span_field(span, round(entity.score, 6), name="score")

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
        validate_examples(examples, "CrfRecognizer.update")
        if not any(len(example.predicted) for example in examples):
            return losses
        set_dropout_rate(self.model, drop)
        emissions, backprop = self.model.begin_update([example.predicted for example in examples])
        loss, gradients, chain = self._loss_and_gradients(examples, emissions)
        node = self.model.get_ref("chain")
        for parameter, gradient in zip(("transitions", "start", "end"), chain, strict=True):
            node.inc_grad(parameter, self.model.ops.asarray(gradient, dtype="f"))
        backprop(gradients)
        if sgd is not None:
            self.finish_update(sgd)
        losses[self.name] += loss
        return losses

    def get_loss(self, examples: Iterable[Example], scores: list[Floats2d]) -> tuple[float, list[Floats2d]]:
        """Negative log-likelihood of all that the gold allows.

        RETURNS (Tuple[float, List[Floats2d]]): the mean loss of a token that the gold says something about, and the
            gradient with respect to the emissions, scaled so that a document of average length weighs as much as in a
            document classifier.
        """
        examples = list(examples)
        validate_examples(examples, "CrfRecognizer.get_loss")
        loss, gradients, _ = self._loss_and_gradients(examples, scores)
        return loss, gradients

    def _loss_and_gradients(
        self, examples: list[Example], emissions: list[Floats2d]
    ) -> tuple[float, list[Floats2d], tuple[Any, Any, Any]]:
        xp = self.model.ops.xp
        chain = self.chain()
        gradients: list[Floats2d] = [self.model.ops.alloc2f(*scores.shape) for scores in emissions]
        sums = [xp.zeros_like(array) for array in (chain.transitions, chain.start, chain.end)]
        lattices = [self.read_gold(example) for example in examples]
        loss, tokens, documents = 0.0, 0, 0
        informative = [0 if lattice.all() else len(lattice) for lattice in lattices]  # a length of 0 is left out
        for bucket in _bucket(informative):
            rows = bucket
            batch, present = pad([_to_double(emissions[row], xp) for row in rows], xp)
            allowed, _ = pad([xp.asarray(lattices[row]) for row in rows], xp, "bool")
            gold = infer(batch, present, chain, allowed, xp=xp)
            kept = self.model.ops.to_numpy(xp.isfinite(gold.log_partition)).nonzero()[0].tolist()
            if not kept:
                continue  # gold that no path can satisfy teaches nothing
            if len(kept) < len(rows):
                rows, batch, present = [rows[index] for index in kept], batch[kept], present[kept]
                gold = infer(batch, present, chain, allowed[kept], xp=xp)
            full = infer(batch, present, chain, xp=xp)
            loss += float((full.log_partition - gold.log_partition).sum())
            difference = (full.marginals - gold.marginals).astype("f")
            for index, row in enumerate(rows):
                gradients[row] = self.model.ops.asarray2f(difference[index, : len(emissions[row])])
                tokens += len(emissions[row])
            documents += len(rows)
            sums[0] += full.pairs - gold.pairs
            sums[1] += full.firsts - gold.firsts
            sums[2] += full.lasts - gold.lasts
        if not tokens:
            return 0.0, gradients, (sums[0], sums[1], sums[2])
        weight = self.cfg["loss_weight"] * documents / tokens
        weighted = [gradient * weight for gradient in gradients]
        return loss / tokens, weighted, (sums[0] * weight, sums[1] * weight, sums[2] * weight)

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """RETURNS (Dict[str, Any]): see `bellwether.scorers.score_entities`."""
        examples = list(examples)
        validate_examples(examples, "CrfRecognizer.score")
        scores: dict[str, Any] = self.scorer(examples, **kwargs)
        return scores

    def chain(self) -> Chain:
        """The scores of one tag after another, with -inf where BILOU forbids."""
        node = self.model.get_ref("chain")
        xp = self.model.ops.xp
        count = len(self.labels)
        transitions, start, end = (_to_double(node.get_param(name), xp) for name in ("transitions", "start", "end"))
        return Chain(
            xp.where(xp.asarray(allowed_pairs(count)), transitions, -xp.inf),
            xp.where(xp.asarray(allowed_starts(count)), start, -xp.inf),
            xp.where(xp.asarray(allowed_ends(count)), end, -xp.inf),
        )

    def read_gold(self, example: Example) -> numpy.ndarray:
        """The tags that the gold allows for each token of the predicted doc: (tokens, tags), bool.

        A token of unknown annotation may be anything. One outside of entities is O, or part of an entity of a label
        that the annotator was not asked for. An entity of a label that this component does not have is O.
        """
        count = len(self.labels)
        allowed = numpy.ones((len(example.predicted), count_tags(count)), dtype=bool)
        if not example.reference.has_annotation("ENT_IOB"):
            return allowed
        asked = asked_labels(example.reference)
        outside = numpy.zeros(count_tags(count), dtype=bool)
        outside[OUTSIDE] = True
        for index, label in enumerate(self.labels):
            if asked is not None and label not in asked:
                outside[first_tag(index) : first_tag(index + 1)] = True
        for row, tag in enumerate(example.get_aligned_ner()):
            if tag is None or tag == "-":
                continue
            action, _, label = tag.partition("-")
            if label in self.labels and action in ACTIONS:
                allowed[row] = False
                allowed[row, first_tag(self.labels.index(label)) + ACTIONS.index(action)] = True
            elif action == "O":
                allowed[row] = outside
            else:
                allowed[row] = False
                allowed[row, OUTSIDE] = True
        return allowed

    def _decode(self, docs: list[Doc]) -> Iterator[_Decoded]:
        """The best path of each doc that has tokens; the temperature cannot change it."""
        xp = self.model.ops.xp
        emissions = [scores for part in split_docs(docs) for scores in self.model.predict(docs[part])]
        chain = self.chain()
        for rows in _bucket([len(doc) for doc in docs]):
            batch, present = pad([_to_double(emissions[row], xp) for row in rows], xp)
            self._forbid_taken(batch, [docs[row] for row in rows])
            paths = best_paths(batch, present, chain, xp=xp)
            yield _Decoded(rows, batch, present, chain, [list(self._read_path(path)) for path in paths])

    def _probabilities(self, batch: _Decoded, temperature: float) -> list[list[Entity]]:
        """The entities of each row with their probability."""
        found: list[list[Entity]] = [[] for _ in batch.spans]
        rows = [row for row, spans in enumerate(batch.spans) if spans]
        if not rows:
            return found
        scores, chain = batch.scores[rows] / temperature, batch.chain.at(temperature)
        posterior = infer(scores, batch.present[rows], chain, xp=self.model.ops.xp)
        for index, row in enumerate(rows):
            found[row] = [
                Entity(span.start, span.end, span.label, posterior.path_probability(index, span.start, span.tags))
                for span in batch.spans[row]
            ]
        return found

    def _all_probabilities(self, batches: list[_Decoded], temperature: float) -> numpy.ndarray:
        found = (entities for batch in batches for entities in self._probabilities(batch, temperature))
        return numpy.array([entity.score for entities in found for entity in entities], dtype="float64")

    def _judge(self, example: Example, spans: list[_Tagged]) -> list[tuple[_Tagged, bool]]:
        """Those of the spans that can be compared with the gold, and whether they are right."""
        doc = unannotated_copy(example.predicted)
        doc.set_ents([Span(doc, span.start, span.end, label=span.label) for span in spans])
        by_start = {span.start: span for span in spans}
        return [(by_start[ent.start], right) for ent, right in judge_entities(Example(doc, example.reference))]

    def _forbid_taken(self, batch: Any, docs: list[Doc]) -> None:
        """Tokens of entities that a doc has already can only be O."""
        for row, doc in enumerate(docs):
            for ent in doc.ents:
                batch[row, ent.start : ent.end, 1:] = -self.model.ops.xp.inf

    def _read_path(self, path: list[int]) -> Iterator[_Tagged]:
        start = 0
        for position, tag in enumerate(path):
            if tag == OUTSIDE:
                continue
            index, action = divmod(tag - 1, len(ACTIONS))
            if action in (BEGIN, UNIT):
                start = position
            if action in (LAST, UNIT):
                yield _Tagged(start, position + 1, self.labels[index], path[start : position + 1])


def _to_double(array: Any, xp: Any) -> Any:
    return xp.asarray(array, dtype="float64")


def _bucket(lengths: list[int]) -> Iterator[list[int]]:
    """Rows of similar length, empty ones left out."""
    rows: list[int] = []
    for row in sorted((row for row, length in enumerate(lengths) if length), key=lambda row: lengths[row]):
        if rows and lengths[row] * (len(rows) + 1) > _MAX_CELLS:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows
