"""The systems that each head of the pipeline is compared with: baselines trained on the same records, and an earlier
release."""

from collections import Counter

from spacy.tokens import Doc
from spacy.training import Example
from spacy.vocab import Vocab

from bellwether.scoped_textcat import gold_label
from bellwether.targets import ENTITY_SENTIMENT, gold_sentiments

from ..errors import BadInput
from .baselines import Baseline, Gazetteer, Labelled, majority_baseline, tfidf_baseline
from .bootstrap import Bootstrap, Counts
from .classification import Answer, collect_answers, collect_tones, number_documents
from .comparison import compare_classifiers, compare_entities
from .corpus import DEV, TRAIN, Corpus
from .entities import count_entities, entity_documents
from .previous import PREVIOUS, Previous
from .result import Comparison


def labelled(docs: list[Doc], name: str) -> Labelled:
    """Texts and labels of the docs that carry gold of a classifier."""
    pairs = [(doc.text, label) for doc in docs if (label := gold_label(doc, name)) is not None]
    return Labelled([text for text, _ in pairs], [label for _, label in pairs])


def train_answers(docs: list[Doc] | None, name: str) -> dict[str, int] | None:
    """Label to the training answers of a classifier of documents or entities; None where train is not known."""
    if docs is None:
        return None
    if name == ENTITY_SENTIMENT:
        return Counter(label for doc in docs for _, label in gold_sentiments(doc, name))
    return Counter(labelled(docs, name).labels)


def classifier_baselines(name: str, corpus: Corpus, texts: list[str]) -> list[Baseline]:
    """The majority and the TF-IDF baseline of a classifier of documents.

    RAISES (BadInput): where train has no gold of it.
    """
    train = labelled(corpus.docs[TRAIN], name)
    if not train.texts:
        raise BadInput(
            f"no training document carries the layer '{name}': the baselines need some, or use --no-baselines"
        )
    return [majority_baseline(train, texts), tfidf_baseline(train, labelled(corpus.docs[DEV], name), texts)]


def answers_of(previous: Previous, name: str) -> list[Answer]:
    """The answers of an earlier release to the questions of a classifier of documents or entities."""
    collect = collect_tones if name == ENTITY_SENTIMENT else collect_answers
    return collect(previous.examples, name)


def has_classifier(previous: Previous, name: str) -> bool:
    return previous.judges_entities if name == ENTITY_SENTIMENT else name in previous.found.classifiers


def compare_classifier(
    name: str,
    answers: list[Answer],
    corpus: Corpus,
    known: list[str],
    bootstrap: Bootstrap,
    *,
    baselines: bool,
    previous: Previous | None,
) -> Comparison | None:
    """A classifier against its baselines, where it is one of documents, and against an earlier release that has it.

    RETURNS (Comparison | None): None where there is nothing to compare it with.
    """
    others: list[Baseline] = []
    if baselines and name != ENTITY_SENTIMENT:
        others += classifier_baselines(name, corpus, [answer.example.reference.text for answer in answers])
    if previous is not None and has_classifier(previous, name):
        given = [answer.predicted for answer in answers_of(previous, name)]
        others.append(Baseline(PREVIOUS, previous.description, given))
    if not others:
        return None
    return compare_classifiers(
        [answer.gold for answer in answers],
        [answer.predicted for answer in answers],
        others,
        known=known,
        bootstrap=bootstrap,
        document=number_documents(answers),
    )


def compare_recogniser(
    vocab: Vocab,
    examples: list[Example],
    corpus: Corpus,
    labels: list[str],
    bootstrap: Bootstrap,
    *,
    baselines: bool,
    previous: Previous | None,
) -> Comparison | None:
    """The recogniser against a gazetteer of the training entities, and against an earlier release that has one.

    RETURNS (Comparison | None): None where there is nothing to compare it with, or no gold.
    """

    def count(answers: list[Example]) -> Counts:
        return count_entities(entity_documents(answers, labels), labels)

    others: list[tuple[str, str, Counts]] = []
    ours = count(examples)
    if not len(ours):
        return None
    if baselines:
        gazetteer = Gazetteer(vocab, corpus.docs[TRAIN], labels)
        text = f"longest exact match with one of {gazetteer.size} training entities, most frequent label"
        others.append(("gazetteer", text, count([gazetteer.annotate(example.reference) for example in examples])))
    if previous is not None and previous.found.recogniser:
        others.append((PREVIOUS, previous.description, count(previous.examples)))
    return compare_entities(ours, others, bootstrap) if others else None
