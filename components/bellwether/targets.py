"""Targets of a tone: the gold of `entity_sentiment`, and where to ask for an answer."""

from spacy.tokens import Doc, Span
from spacy.training import Example

from .attributes import get_field, get_span_field

ENTITY_SENTIMENT = "entity_sentiment"
# The span group of the targets whose type is unknown, and their label.
TARGETS = "targets"
TARGET = "TARGET"
SENTIMENT = "sentiment"


def gold_sentiments(doc: Doc, layer: str = ENTITY_SENTIMENT) -> list[tuple[Span, str]]:
    """The entities and targets of a gold doc that have a tone, each place once, in the order of the text.

    RETURNS (list): empty where the doc does not say that the layer was annotated.
    """
    layers = get_field(doc, name="layers")
    if layers is None or layers.get(layer) is not True:
        return []
    found = {}
    for span in (*doc.ents, *doc.spans.get(TARGETS, ())):
        label = get_span_field(span, name=SENTIMENT)
        if label is not None and span.start < span.end:
            found[span.start, span.end] = (span, label)
    return [found[place] for place in sorted(found)]


def align_sentiments(example: Example, layer: str = ENTITY_SENTIMENT) -> list[tuple[Span | None, str]]:
    """The gold spans of an example on its predicted doc, with their tone; None for a span that does not align."""
    pairs: list[tuple[Span | None, str]] = []
    for gold, label in gold_sentiments(example.reference, layer):
        spans = example.get_aligned_spans_y2x([gold], allow_overlap=True)
        pairs.append((spans[0] if spans else None, label))
    return pairs


def copy_targets(source: Doc, doc: Doc, *, layer: str = ENTITY_SENTIMENT, spans_key: str = TARGETS) -> None:
    """Set on a doc that is to be annotated where the gold spans with a tone are, but neither their tone nor their type.

    So the classifier answers for each of them, and its score does not depend on what a recogniser finds.

    source (Doc): a gold doc. doc (Doc): of the same text; spans that do not align with its tokens are left out.
    """
    places = [(span.start_char, span.end_char) for span, _ in gold_sentiments(source, layer)]
    spans = [doc.char_span(start, end, label=TARGET) for start, end in places]
    found = [span for span in spans if span is not None]
    if found:
        doc.spans[spans_key] = found
