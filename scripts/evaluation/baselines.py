"""Simpler systems, trained on the same records, to show what the pipeline buys."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import filter_spans
from spacy.vocab import Vocab

from bellwether.readers import unannotated_copy

from ..progress import progress_bar

# Inverse strength of the L2 penalty (scikit-learn's C), weakest last; dev chooses.
PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
DEFAULT_PENALTY = 1.0
# The search may stop short of the optimum, which takes a third of the time; the chosen model is then fitted fully.
_SEARCH_TOLERANCE, _TOLERANCE = 1e-3, 1e-4
_ITERATIONS = 1000


@dataclass(frozen=True)
class Baseline:
    """The answers of another system to the test documents, in their order; None is no answer."""

    name: str
    description: str
    answers: Sequence[str | None]


@dataclass(frozen=True)
class Labelled:
    """Texts with the gold label of one classifier."""

    texts: list[str]
    labels: list[str]


def majority_baseline(train: Labelled, texts: Sequence[str]) -> Baseline:
    """Answers the most frequent label of train; of two as frequent, the first in the alphabet."""
    counts = Counter(train.labels)
    label = min(counts, key=lambda name: (-counts[name], name))
    return Baseline("majority", f"always answers “{label}”, the most frequent label of train", [label] * len(texts))


def fit_logistic(table: Any, labels: list[str], penalty: float, tolerance: float = _TOLERANCE) -> LogisticRegression:
    """Balanced logistic regression on a table of features."""
    model = LogisticRegression(C=penalty, class_weight="balanced", max_iter=_ITERATIONS, tol=tolerance)
    return model.fit(table, labels)


def choose_penalty(table: Any, labels: list[str], dev_table: Any, dev_labels: list[str]) -> float:
    """The penalty with the best macro F1 on dev, the strongest of equals."""
    scores = []
    for penalty in progress_bar(PENALTIES, desc="TF-IDF baseline", unit=" fits", leave=False):
        answers = fit_logistic(table, labels, penalty, _SEARCH_TOLERANCE).predict(dev_table)
        scores.append(f1_score(dev_labels, answers, average="macro", zero_division=0))
    return PENALTIES[scores.index(max(scores))]


def tfidf_baseline(train: Labelled, dev: Labelled, texts: Sequence[str]) -> Baseline:
    """TF-IDF over words and word pairs (sublinear counts) with balanced logistic regression.

    The penalty with the best macro F1 on dev is taken, the strongest of equals; test plays no part. Without dev gold
    it is `DEFAULT_PENALTY`.
    """
    if len(set(train.labels)) < 2:
        return Baseline("tfidf", "train has one label only", [train.labels[0]] * len(texts))
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    table = vectorizer.fit_transform(train.texts)
    penalty, reason = DEFAULT_PENALTY, "as dev has no gold"
    if dev.texts:
        penalty = choose_penalty(table, train.labels, vectorizer.transform(dev.texts), dev.labels)
        reason = "chosen on dev"
    model = fit_logistic(table, train.labels, penalty)
    answers = [str(label) for label in model.predict(vectorizer.transform(texts))]
    description = (
        f"TF-IDF of words and word pairs, logistic regression with balanced classes (C = {penalty:g}, {reason})"
    )
    return Baseline("tfidf", description, answers)


class Gazetteer:
    """Finds what looks like a training entity: the longest exact match, with the label that this text had most often
    in train.

    vocab (Vocab): of the docs, for training and later.
    labels (Iterable[str]): the labels to learn.
    """

    def __init__(self, vocab: Vocab, docs: Iterable[Doc], labels: Iterable[str]) -> None:
        wanted = frozenset(labels)
        seen: dict[str, Counter[str]] = defaultdict(Counter)
        patterns: dict[str, Doc] = {}
        for doc in docs:
            for ent in doc.ents:
                if ent.label_ in wanted:
                    seen[ent.text][ent.label_] += 1
                    patterns.setdefault(ent.text, Doc(vocab, words=[token.text for token in ent]))
        self.matcher = PhraseMatcher(vocab)
        for text, counts in seen.items():
            label = min(counts, key=lambda name: (-counts[name], name))
            self.matcher.add(label, [patterns[text]])
        self.size = len(patterns)

    def annotate(self, reference: Doc) -> Example:
        """RETURNS (Example): a fresh doc with the words of `reference` and the found entities, against it."""
        predicted = unannotated_copy(reference)
        predicted.ents = filter_spans(self.matcher(predicted, as_spans=True))
        return Example(predicted, reference)
