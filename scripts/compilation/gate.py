"""The agreement gate: a trained pipeline and its compiled forms on the same docs."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from bellwether.scoped_textcat import best_labels

from ..evaluation.pipeline import predict

ENTITIES = "entities"


@dataclass(frozen=True)
class Limits:
    """How far a compiled pipeline may be from the one that it was made of.

    f1 (float): what a head may lose, 0..1. changed (float): share of the docs that may get another class, 0..1.
    """

    f1: float = 0.005
    changed: float = 0.01


@dataclass(frozen=True)
class Answers:
    """What a pipeline said: its scores, and for each doc the label of each classifier and the entities."""

    scores: dict[str, float]
    classes: dict[str, list[str | None]]
    entities: list[frozenset[tuple[int, int, str]]]
    seconds: float


@dataclass(frozen=True)
class Head:
    """One score in both pipelines."""

    key: str
    trained: float
    compiled: float

    @property
    def lost(self) -> float:
        return self.trained - self.compiled


@dataclass(frozen=True)
class Agreement:
    """A form of the compiled pipeline against the trained one.

    changed (dict): share of the docs with another answer, by classifier, and those with other entities.
    problems (list): why the form does not pass; empty where it does.
    variant (str): how it was made, where it is not in the usual way; see `graphs.Variant`.
    """

    form: str
    docs: int
    heads: list[Head]
    changed: dict[str, float]
    seconds: float
    problems: list[str] = field(default_factory=list)
    variant: str = ""

    @property
    def title(self) -> str:
        return name_form(self.form, self.variant)

    @property
    def passes(self) -> bool:
        return not self.problems


def name_form(form: str, variant: str) -> str:
    """A form, and how it was made, for the reader."""
    return f"{form}, {variant}" if variant else form


def score_keys(nlp: Language) -> list[str]:
    """The scores that the training weighed: one a head."""
    weights = nlp.config["training"]["score_weights"]
    return [key for key, weight in weights.items() if weight]


def ask(nlp: Language, gold: list[Doc], keys: Iterable[str]) -> Answers:
    """Let a pipeline analyse the gold docs, and score it by these keys; those without gold are left out."""
    examples, seconds = predict(nlp, gold)
    scores: dict[str, Any] = Scorer(nlp).score(examples)
    classes: dict[str, list[str | None]] = {}
    for position, example in enumerate(examples):
        for name, label in best_labels(example.predicted).items():
            classes.setdefault(name, [None] * len(examples))[position] = label
    return Answers(
        scores={key: float(scores[key]) for key in keys if scores.get(key) is not None},
        classes=classes,
        entities=[_entities(example) for example in examples],
        seconds=seconds,
    )


def _entities(example: Example) -> frozenset[tuple[int, int, str]]:
    return frozenset((ent.start_char, ent.end_char, ent.label_) for ent in example.predicted.ents)


def compare(trained: Answers, compiled: Answers, form: str, limits: Limits) -> Agreement:
    """Measure a form against the trained pipeline, and judge it."""
    count = len(trained.entities)
    heads = [Head(key, score, compiled.scores.get(key, math.nan)) for key, score in trained.scores.items()]
    changed = {
        name: _share(before != after for before, after in zip(labels, compiled.classes[name], strict=True))
        for name, labels in trained.classes.items()
    }
    problems = [
        f"{head.key} {head.trained:.4f} → {head.compiled:.4f}, loses more than {100 * limits.f1:g} points"
        for head in heads
        if not head.lost <= limits.f1
    ]
    problems += [
        f"{name}: {100 * share:.2f} % of the documents change their class, more than {100 * limits.changed:g} %"
        for name, share in changed.items()
        if share > limits.changed
    ]
    changed[ENTITIES] = _share(
        before != after for before, after in zip(trained.entities, compiled.entities, strict=True)
    )
    return Agreement(form, count, heads, changed, round(compiled.seconds, 2), problems)


def _share(differs: Iterable[bool]) -> float:
    answers = list(differs)
    return sum(answers) / len(answers) if answers else 0.0
