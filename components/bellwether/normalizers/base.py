"""The base of the normalizers: from expressions in a text to entities with values in a `Doc`."""

import weakref
from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from spacy.pipeline import Pipe
from spacy.tokens import Doc, Span

from ..attributes import set_span_field, set_span_value
from ..values import Value
from .characters import CleanText, clean_text

Overlap = Literal["replace", "keep"]
OVERLAPS: tuple[Overlap, ...] = ("replace", "keep")
# What another component may have said of an entity that is removed (`bellwether.attributes`).
_SPAN_FIELDS = ("value", "company", "source", "score", "sentiment")


class Expression(NamedTuple):
    """An expression of a text.

    start, end (int): bounds in characters.
    value (Value): what it says.
    rule (str): the rule that read it: "money.symbol_before".
    """

    start: int
    end: int
    value: Value
    rule: str


class Normalizer(Pipe):
    """Finds expressions of one label and writes them to `doc.ents`, each with `span._.value` and `span._.source`.

    A subclass says what an expression is, in `find`, which sees text only. Everything that has to do with a `Doc` is
    here:

    * A span is the tokens that the expression touches: `$40m+` is one token more than the amount, so the span is
      `$40m+`. An expression inside a URL or an e-mail address is none.
    * Entities of other components are kept where they do not overlap with an expression. Where they do, `overlap`
      decides: "replace" removes them, and their tokens outside the expression become tokens outside of entities; "keep"
      drops the expression.
    * Tokens that are not part of any of these keep their annotation, also when it is unknown.

    Nothing is learnt and nothing is stored: the settings are those of the config, so `to_disk` writes no file.
    """

    def __init__(
        self,
        name: str,
        *,
        label: str,
        overlap: Overlap = "replace",
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        """Initialize the component.

        name (str): its name in the pipeline.
        label (str): the label of the entities.
        overlap (str): "replace" or "keep": what happens where an expression meets an entity.
        scorer (Callable | None): the scoring method.
        RAISES (ValueError): `overlap` is something else.
        """
        if overlap not in OVERLAPS:
            raise ValueError(f"{name}: 'overlap' must be one of {', '.join(OVERLAPS)}, got {overlap!r}")
        self.name = name
        self.label = label
        self.overlap = overlap
        self.scorer = scorer

    @property
    def labels(self) -> tuple[str, ...]:
        return (self.label,)

    @abstractmethod
    def find(self, text: str) -> Iterable[Expression]:
        """Find the expressions of a text.

        text (str): cleaned by `clean_text`.
        RETURNS (Iterable[Expression]): in the order of the text, not overlapping.
        """

    def find_in_doc(self, doc: Doc, clean: CleanText) -> Iterable[Expression]:
        """Find the expressions of a doc. A component that needs more than the text (a reference date, other entities)
        overrides this.

        clean (CleanText): the text of the doc for the rules; the bounds of the expressions count its characters.
        """
        return self.find(clean.text)

    def __call__(self, doc: Doc) -> Doc:
        """Find the expressions of a doc; sets `doc.ents`, `span._.value` and `span._.source`.

        doc (Doc): the document to process.
        RETURNS (Doc): the processed document.
        """
        self.set_annotations(doc, self.predict(doc))
        return doc

    def predict(self, doc: Doc) -> list[tuple[Span, Expression]]:
        """RETURNS (list): the expressions of a doc, aligned with its tokens."""
        clean = clean_doc(doc)
        aligned = []
        end = 0  # in characters
        for expression in self.find_in_doc(doc, clean):
            bounds = clean.original_bounds(expression.start, expression.end)
            # Asked first: thousands of expressions in one endless token would each look at the whole of it.
            if bounds[0] < end:
                continue
            span = self.align(doc, *bounds)
            if span is not None and span.start_char >= end:
                aligned.append((span, expression))
                end = span.end_char
        return aligned

    def align(self, doc: Doc, start: int, end: int) -> Span | None:
        """RETURNS (Span | None): the tokens that a stretch of text touches; None inside a URL or an e-mail address."""
        span = doc.char_span(start, end, label=self.label, alignment_mode="expand")
        if span is None or not len(span):
            return None
        if (span.start_char, span.end_char) != (start, end) and any(
            token.like_url or token.like_email for token in span
        ):
            return None
        return span

    def set_annotations(self, doc: Doc, found: Sequence[tuple[Span, Expression]]) -> None:
        """Write aligned expressions to a doc, under the policy for overlaps."""
        if not found:
            return
        outside: list[Span] = []
        if existing := doc.ents:
            taken = _token_set([span for span, _ in found])
            overlapping = [ent for ent in existing if not taken.isdisjoint(range(ent.start, ent.end))]
            if overlapping and self.overlap == "keep":
                kept = _token_set(overlapping)
                found = [(span, item) for span, item in found if kept.isdisjoint(range(span.start, span.end))]
            else:
                for ent in overlapping:
                    for field in _SPAN_FIELDS:
                        set_span_field(ent, None, name=field)
                    for token in ent:
                        token.ent_id_ = token.ent_kb_id_ = ""
                        if token.i not in taken:
                            outside.append(doc[token.i : token.i + 1])
        doc.set_ents([span for span, _ in found], outside=outside, default="unmodified")
        for span, expression in found:
            set_span_value(span, expression.value)
            set_span_field(span, expression.rule, name="source")

    def to_bytes(self, *, exclude: Sequence[str] = ()) -> bytes:
        """RETURNS (bytes): nothing; the settings are in the config."""
        return b""

    def from_bytes(self, data: bytes, *, exclude: Sequence[str] = ()) -> "Normalizer":
        """RETURNS (Normalizer): itself."""
        return self

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> None:
        """Writes nothing; the settings are in the config."""

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> "Normalizer":
        """RETURNS (Normalizer): itself."""
        return self


# The normalizers of a pipeline read a document one after the other, and making the text of a doc from its tokens costs
# more than reading a text without numbers. So the last one is kept, with its doc (weakly) and the number of its tokens.
_last_clean: tuple[weakref.ref[Doc], int, CleanText] | None = None


def clean_doc(doc: Doc) -> CleanText:
    """RETURNS (CleanText): the text of a doc for the rules."""
    global _last_clean  # noqa: PLW0603
    last, size = _last_clean, len(doc)
    if last is not None and last[1] == size and last[0]() is doc:
        return last[2]
    clean = clean_text(doc.text)
    _last_clean = (weakref.ref(doc), size, clean)
    return clean


def _token_set(spans: Iterable[Span]) -> set[int]:
    return {index for span in spans for index in range(span.start, span.end)}
