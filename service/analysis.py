"""From an analysed doc to its response: pure functions. What they return outlives the doc, which may be freed."""

from collections import defaultdict

from spacy.tokens import Doc, Span

from bellwether.attributes import get_field
from bellwether.scoped_textcat import SEPARATOR, best_labels

from .schemas import Classification, DocumentAnalysis, Entity


def analysis_of_doc(doc: Doc) -> DocumentAnalysis:
    """Reads `doc.ents`, `doc.cats`, and of each entity `span._.score`, `source`, `value`, `company`, `sentiment` and
    `sentiment_score`."""
    return DocumentAnalysis(
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
    """One for every classifier that wrote to `doc.cats` (`NAME:LABEL`), by its name."""
    tables: dict[str, dict[str, float]] = defaultdict(dict)
    for key, score in doc.cats.items():
        name, separator, label = key.partition(SEPARATOR)
        if separator:
            tables[name][label] = score
    answers = best_labels(doc)
    return {
        name: Classification(
            label=answers.get(name),
            score=get_field(doc, name=f"{name}_score", default=max(scores.values())),
            scores=scores,
        )
        for name, scores in tables.items()
    }
