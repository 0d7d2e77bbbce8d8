"""From an analysed doc to its response, which outlives the doc."""

from spacy.tokens import Doc

from bellwether.annotations import annotations_of_doc

from .schemas import DocumentAnalysis


def analysis_of_doc(doc: Doc) -> DocumentAnalysis:
    """What `bellwether.annotations` reads off the doc, checked against the schema."""
    return DocumentAnalysis.model_validate(annotations_of_doc(doc), from_attributes=True)
