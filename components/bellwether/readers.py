"""Readers that a training config names: the corpus of gold docs, and the labels of a domain file."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import srsly
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import registry

from .scorers import NER_LAYER, asked_labels
from .targets import copy_targets


class GoldCorpus:
    """Yields an Example for each doc of a DocBin file.

    path (Path): the file.
    ner_labels (List[str] | None): the labels that the recogniser learns. Entities with other labels become "no entity",
        and a doc whose annotator was not asked for all of them keeps its entities, while its other tokens become
        unknown: stock `ner` would learn from them that there is nothing. None keeps the docs as they are, for scoring.
    shuffle_seed (int | None): order the docs by this seed, so that a mix of corpora is mixed in every batch.
    """

    def __init__(
        self, path: str | Path, *, ner_labels: list[str] | None = None, shuffle_seed: int | None = None
    ) -> None:
        self.path = Path(path)
        self.ner_labels = None if ner_labels is None else frozenset(ner_labels)
        self.shuffle_seed = shuffle_seed

    def __call__(self, nlp: Language) -> Iterator[Example]:
        if not self.path.exists():
            raise FileNotFoundError(f"{self.path}: no such corpus file; run the step 'convert' first")
        references = list(DocBin().from_disk(self.path).get_docs(nlp.vocab))
        if self.shuffle_seed is not None:
            random.Random(self.shuffle_seed).shuffle(references)
        for reference in references:
            if self.ner_labels is not None:
                restrict_entities(reference, self.ner_labels)
            predicted = unannotated_copy(reference)
            predicted._.reference_date = reference._.reference_date
            copy_targets(reference, predicted)
            yield Example(predicted, reference)


def unannotated_copy(doc: Doc) -> Doc:
    """A Doc with the same tokens and nothing else."""
    return Doc(doc.vocab, words=[token.text for token in doc], spaces=[bool(token.whitespace_) for token in doc])


def restrict_entities(doc: Doc, labels: frozenset[str]) -> None:
    """Keep the entities with these labels; see `GoldCorpus` for what the other tokens become."""
    if not doc.has_annotation("ENT_IOB"):
        return
    asked = asked_labels(doc)
    default = "outside" if asked is None or labels <= asked else "missing"
    doc.set_ents([ent for ent in doc.ents if ent.label_ in labels], default=default)


@registry.readers("bellwether.Corpus.v1")
def create_corpus_reader(
    path: str | Path, ner_labels: list[str] | None = None, shuffle_seed: int | None = None
) -> Callable[[Language], Iterator[Example]]:
    return GoldCorpus(path, ner_labels=ner_labels, shuffle_seed=shuffle_seed)


@registry.readers("bellwether.DomainLabels.v1")
def read_domain_labels(path: str | Path, layer: str) -> list[str]:
    """The labels of a layer of a domain file: for "ner" those that the trained recogniser finds, else those of the
    classifier.

    RAISES (ValueError): where the file has no such layer.
    """
    domain = srsly.read_yaml(Path(path))
    if layer == NER_LAYER:
        return [name for name, label in domain["entities"].items() if label["found_by"] == NER_LAYER]
    classifiers = domain["classifiers"]
    if layer not in classifiers:
        raise ValueError(f"{path}: unknown layer {layer!r}; there are {NER_LAYER}, {', '.join(classifiers)}")
    return list(classifiers[layer]["labels"])
