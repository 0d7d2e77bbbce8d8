"""The six components of `bellwether.normalizers` in a blank pipeline."""

import importlib
import importlib.util
from pathlib import Path
from typing import Any, ClassVar

import spacy.util
from spacy.tokens import Doc

from bellwether.attributes import make_dated_doc

from ....docbin import blank_pipeline
from ..sentences import LABELS, ORG, Sentence
from .base import Reading, Tool

# In the order of configs/train.cfg: the fiscal year of a period is that of the company.
COMPONENTS = ("money", "percent", "quantity", "ticker", "company", "period")


def available_components() -> list[str]:
    """RETURNS (list[str]): those of the six that this checkout has."""
    return [name for name in COMPONENTS if importlib.util.find_spec(f"bellwether.normalizers.{name}")]


class Ours(Tool):
    """All components, from text: tokenization is part of the time."""

    name: ClassVar[str] = "ours"
    distributions: ClassVar[tuple[str, ...]] = ("spacy-bellwether", "spacy")
    how: ClassVar[str] = (
        "spacy.blank('en') with our tokenizer and all components, default settings; the reference date is that of the "
        "text. The speed includes tokenization."
    )

    def __init__(self, gazetteer: Path | None = None) -> None:
        """gazetteer (Path | None): the companies of the component `company`; None leaves it empty."""
        self.nlp = blank_pipeline("en")
        self.components = available_components()
        for name in self.components:
            importlib.import_module(f"bellwether.normalizers.{name}")  # registers the factory
            self.nlp.add_pipe(name)
        if gazetteer is not None and "company" in self.components:
            company: Any = self.nlp.get_pipe("company")
            company.load_gazetteer(gazetteer)
        self.labels = tuple(label for label in LABELS if label.lower() in self.components)

    def run(self, prepared: Sentence) -> Doc:
        return self.annotate(make_dated_doc(self.nlp, prepared.text, prepared.day))

    def annotate(self, doc: Doc) -> Doc:
        """Run all components on a doc."""
        for _, component in self.nlp.pipeline:
            doc = component(doc)
        return doc

    def readings(self, raw: Doc) -> list[Reading]:
        return [(ent._.value,) for ent in raw.ents if ent.label_ in self.labels and ent._.value is not None]

    def make_doc(self, sentence: Sentence) -> Doc:
        """RETURNS (Doc): as a recogniser would leave it: tokenized, with the ORG entities."""
        doc = make_dated_doc(self.nlp, sentence.text, sentence.day)
        spans = [doc.char_span(start, end, label=ORG, alignment_mode="expand") for start, end in sentence.organisations]
        doc.ents = spacy.util.filter_spans([span for span in spans if span is not None])
        return doc


class ReadyDocs(Tool):
    """Ours on docs that are tokenized and carry their ORG entities: what the components add to a pipeline."""

    name: ClassVar[str] = "ours, on ready docs"
    distributions: ClassVar[tuple[str, ...]] = Ours.distributions
    how: ClassVar[str] = "Ours on docs that are tokenized and carry ORG entities: what the components add."

    def __init__(self, ours: Ours) -> None:
        self.ours = ours
        self.labels = ours.labels

    def prepare(self, sentence: Sentence) -> Doc:
        return self.ours.make_doc(sentence)

    def run(self, prepared: Doc) -> Doc:
        return self.ours.annotate(prepared)

    def readings(self, raw: Doc) -> list[Reading]:
        return self.ours.readings(raw)
