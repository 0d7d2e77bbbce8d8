"""Readers that a training config names: the corpus of gold docs, and the labels of a domain file."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import srsly
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import registry
from spacy.vocab import Vocab

from .scorers import NER_LAYER, asked_labels
from .targets import copy_targets


class GoldCorpus:
    """Yields an Example for each doc of a DocBin file.

    path (Path): the file. It is read once, at the first pass.
    ner_labels (List[str] | None): the labels that the recogniser learns. Entities with other labels become "no entity",
        and a doc whose annotator was not asked for all of them keeps its entities, while its other tokens become
        unknown: stock `ner` would learn from them that there is nothing. None keeps the docs as they are, for scoring.
    shuffle_seed (int | None): order the docs by this seed, another order every pass, so that a mix of corpora is mixed
        in every batch. None: the order of the file, and `balance` has no effect.
    balance (float): how much a small source counts in a pass; see `Sampler`.
    share (float): 0..1; of each source only so many docs, chosen by the seed: for a learning curve.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        ner_labels: list[str] | None = None,
        shuffle_seed: int | None = None,
        balance: float = 1.0,
        share: float = 1.0,
    ) -> None:
        if not 0.0 < share <= 1.0:
            raise ValueError(f"bellwether.Corpus.v1: share must be above 0 and at most 1, got {share!r}")
        self.path = Path(path)
        self.ner_labels = None if ner_labels is None else frozenset(ner_labels)
        self.random = None if shuffle_seed is None else random.Random(shuffle_seed)
        self.balance = balance
        self.share = share
        self._docs: Sampler | None = None
        self._vocab: Vocab | None = None

    def __call__(self, nlp: Language) -> Iterator[Example]:
        if self._docs is None or self._vocab is not nlp.vocab:
            self._docs, self._vocab = self._read(nlp.vocab), nlp.vocab
        for reference in self._docs.draw():
            predicted = unannotated_copy(reference)
            predicted._.reference_date = reference._.reference_date
            copy_targets(reference, predicted)
            yield Example(predicted, reference)

    def _read(self, vocab: Vocab) -> "Sampler":
        if not self.path.exists():
            raise FileNotFoundError(f"{self.path}: no such corpus file; run the step 'convert' first")
        groups: dict[str, list[Doc]] = {}
        for doc in DocBin().from_disk(self.path).get_docs(vocab):
            if self.ner_labels is not None:
                restrict_entities(doc, self.ner_labels)
            groups.setdefault("" if self.random is None else source_of(doc), []).append(doc)
        if self.random is not None:
            for docs in groups.values():
                self.random.shuffle(docs)
                del docs[max(1, round(self.share * len(docs))) :]
        return Sampler(list(groups.values()), self.balance, self.random)


class Sampler:
    """Draws docs of several sources so that a large source does not drown a small one.

    With n docs in a source, the source gets a share of a pass in proportion to n ** balance (temperature sampling, as
    in Arivazhagan et al. 2019, "Massively multilingual neural machine translation in the wild", with a temperature of
    1 / balance); a pass has as many docs as there are. From a source that gets more than n, all are drawn before one is
    drawn again, and from one that gets less, other passes draw the rest.

    groups (List[List[Doc]]): the docs of each source, none empty.
    balance (float): 0..1. 1: every doc once. 0: as many of every source.
    generator (random.Random | None): None: every doc once, in their order.
    """

    def __init__(self, groups: list[list[Doc]], balance: float, generator: random.Random | None) -> None:
        if not 0.0 <= balance <= 1.0:
            raise ValueError(f"bellwether.Corpus.v1: balance must be between 0 and 1, got {balance!r}")
        self.groups = groups
        self.random = generator
        total = sum(map(len, groups))
        weights = [len(docs) ** balance for docs in groups]
        self.counts = [max(1, round(total * weight / sum(weights))) for weight in weights]
        self._queues: list[list[Doc]] = [[] for _ in groups]

    def draw(self) -> list[Doc]:
        """RETURNS (List[Doc]): one pass."""
        if self.random is None:
            return [doc for docs in self.groups for doc in docs]
        drawn: list[Doc] = []
        for docs, queue, count in zip(self.groups, self._queues, self.counts, strict=True):
            while len(queue) < count:
                queue.extend(self.random.sample(docs, len(docs)))
            drawn.extend(queue[:count])
            del queue[:count]
        self.random.shuffle(drawn)
        return drawn


def source_of(doc: Doc) -> str:
    """The source of a mix that a gold doc is from, "unknown" where it does not say."""
    return str(doc._.record_meta.get("source", "unknown"))


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
    path: str | Path,
    ner_labels: list[str] | None = None,
    shuffle_seed: int | None = None,
    balance: float = 1.0,
    share: float = 1.0,
) -> Callable[[Language], Iterator[Example]]:
    return GoldCorpus(path, ner_labels=ner_labels, shuffle_seed=shuffle_seed, balance=balance, share=share)


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
