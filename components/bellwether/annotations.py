"""What a pipeline found in a doc, as plain data: `annotations_of_doc(doc)`.

It outlives the doc, which may be freed with its memory zone, and every part of it can be written as JSON.
"""

from dataclasses import dataclass
from typing import Any

from spacy.tokens import Doc, Span

from .attributes import get_field
from .scoped_textcat import best_labels, scores_by_classifier


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A named thing or an expression, at `doc.text[start:end]`; `value` and `company` as their `to_json()`."""

    text: str
    start: int
    end: int
    label: str
    score: float | None
    source: str
    value: dict[str, Any] | None
    company: dict[str, Any] | None
    sentiment: str | None
    sentiment_score: float | None


@dataclass(frozen=True, kw_only=True)
class Classification:
    """The answer of one classifier.

    label (str | None): None where it is not sure enough. score (float): of the most likely label.
    scores (dict): label to probability.
    """

    label: str | None
    score: float
    scores: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Annotations:
    """Of one doc. classifications (dict): one answer for every classifier, by its name."""

    text: str
    entities: list[Entity]
    classifications: dict[str, Classification]


def annotations_of_doc(doc: Doc) -> Annotations:
    """Reads `doc.ents`, `doc.cats`, and of each entity `span._.score`, `source`, `value`, `company`, `sentiment` and
    `sentiment_score`."""
    return Annotations(
        text=doc.text,
        entities=[entity_of_span(span) for span in doc.ents],
        classifications=classifications_of_doc(doc),
    )


def entity_of_span(span: Span) -> Entity:
    value, company = span._.value, span._.company
    return Entity(
        text=span.text,
        start=span.start_char,
        end=span.end_char,
        label=span.label_,
        score=span._.score,
        source=span._.source,
        value=None if value is None else value.to_json(),
        company=None if company is None else company.to_json(),
        sentiment=span._.sentiment,
        sentiment_score=span._.sentiment_score,
    )


def classifications_of_doc(doc: Doc) -> dict[str, Classification]:
    """One for every classifier that wrote to `doc.cats`, by its name."""
    answers = best_labels(doc)
    return {
        name: Classification(
            label=answers.get(name),
            score=get_field(doc, name=f"{name}_score", default=max(scores.values())),
            scores=scores,
        )
        for name, scores in scores_by_classifier(doc).items()
    }
