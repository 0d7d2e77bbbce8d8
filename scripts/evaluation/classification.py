"""Scores of one exclusive classifier on the documents that carry its layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from spacy.training import Example

from bellwether.readers import source_of
from bellwether.scoped_textcat import best_labels, gold_label, own_cats
from bellwether.targets import align_sentiments, gold_sentiments

from .bootstrap import Bootstrap, Counts, sum_by_document
from .calibration import score_calibration
from .entities import id_of
from .measures import FN, FP, MACRO_F1, TP, score_table, share
from .result import ClassifierScores, Confusion, SliceScores, Slicing, WrongAnswer
from .slices import Measured, frequency_bands, group, label_slicing, slice_lengths

NO_ANSWER = "(no answer)"


@dataclass(frozen=True)
class Answer:
    """The answer of a classifier to one document, or to one span of it, with gold.

    predicted (str | None): None below the component's threshold, or where there is no answer.
    best (tuple): the likeliest label, whatever the threshold, with its probability; None where there is none.
    gold_probability (float | None): what the gold label got; None where the component does not tell.
    text (str): what is judged, for the reader.
    """

    example: Example
    gold: str
    predicted: str | None
    best: tuple[str, float] | None
    gold_probability: float | None
    text: str


def collect_answers(examples: list[Example], name: str) -> list[Answer]:
    """The documents that carry gold of the classifier."""
    answers = []
    for example in examples:
        gold = gold_label(example.reference, name)
        if gold is None:
            continue
        cats = own_cats(example.predicted, name)
        label = max(cats, key=cats.__getitem__, default=None)
        best = None if label is None or cats[label] <= 0.0 else (label, cats[label])
        predicted = best_labels(example.predicted).get(name)
        answers.append(Answer(example, gold, predicted, best, cats.get(gold, 0.0), example.reference.text))
    return answers


def collect_tones(examples: list[Example], name: str) -> list[Answer]:
    """The spans of the documents that carry gold of the classifier of entities."""
    answers = []
    for example in examples:
        text = example.reference.text
        for (gold_span, gold), (span, _) in zip(
            gold_sentiments(example.reference, name), align_sentiments(example, name), strict=True
        ):
            answer = None if span is None else span._.sentiment
            score = None if span is None else span._.sentiment_score
            start, end = gold_span.start_char, gold_span.end_char
            answers.append(
                Answer(
                    example,
                    gold,
                    answer,
                    None if answer is None or score is None else (answer, score),
                    None,
                    f"{text[:start]}[{text[start:end]}]{text[end:]}",
                )
            )
    return answers


def all_labels(known: Sequence[str], gold: Sequence[str], answers: Sequence[str | None]) -> list[str]:
    """The known labels in their order, then what else occurs."""
    others = {label for label in (*gold, *answers) if label is not None} - set(known)
    return [*known, *sorted(others)]


def count_answers(gold: Sequence[str], answers: Sequence[str | None], labels: list[str]) -> Counts:
    """RETURNS: (documents, labels, 3): true positives, false positives, false negatives."""
    index = {label: place for place, label in enumerate(labels)}
    counts = np.zeros((len(gold), len(labels), 3), dtype=np.int64)
    for row, (truth, answer) in enumerate(zip(gold, answers, strict=True)):
        if truth == answer:
            counts[row, index[truth], TP] = 1
            continue
        counts[row, index[truth], FN] = 1
        if answer is not None:
            counts[row, index[answer], FP] = 1
    return counts


def right_of_all(gold: Sequence[str], answers: Sequence[str | None]) -> Counts:
    """RETURNS: (documents, 2): right or not, and 1: the counts of accuracy."""
    return np.array(
        [(truth == answer, 1) for truth, answer in zip(gold, answers, strict=True)], dtype=np.int64
    ).reshape(len(gold), 2)


def number_documents(answers: list[Answer]) -> list[int]:
    """For each answer the number of its document."""
    numbers: dict[int, int] = {}
    return [numbers.setdefault(id(answer.example), len(numbers)) for answer in answers]


def confusion(gold: Sequence[str], answers: Sequence[str | None], labels: list[str]) -> Confusion:
    columns = [*labels, NO_ANSWER] if None in answers else list(labels)
    counts = [[0] * len(columns) for _ in labels]
    for truth, answer in zip(gold, answers, strict=True):
        counts[labels.index(truth)][columns.index(NO_ANSWER if answer is None else answer)] += 1
    return Confusion(list(labels), columns, counts)


def worst_answers(answers: list[Answer], limit: int) -> list[WrongAnswer]:
    """The wrong answers that the classifier was surest of."""
    wrong = []
    for answer in answers:
        if answer.predicted == answer.gold:
            continue
        reference = answer.example.reference
        wrong.append(
            WrongAnswer(
                id=id_of(reference),
                source=source_of(reference),
                text=answer.text,
                gold=answer.gold,
                predicted=answer.predicted,
                probability=answer.best[1] if answer.best else 0.0,
                gold_probability=answer.gold_probability,
            )
        )
    return sorted(wrong, key=_certainty)[:limit]


def _certainty(wrong: WrongAnswer) -> tuple[bool, float, str]:
    return wrong.predicted is None, -wrong.probability, wrong.id


def slice_labels(
    measured: Measured, gold: Sequence[str], labels: list[str], train: Mapping[str, int], bootstrap: Bootstrap
) -> dict[str, Slicing]:
    """Set labels apart by how often train has them.

    Accuracy is that of the answers whose gold label is in the band. Macro F1 is the mean over the labels of the band,
    on all answers, since a wrong answer with such a label counts wherever it is given.
    """
    counts, statistic = measured.counts["macro_f1"]
    slices: dict[str, SliceScores] = {}
    for band, names in frequency_bands(labels, train).items():
        rows = [row for row, label in enumerate(gold) if label in names]
        columns = [labels.index(name) for name in names]
        macro = bootstrap.estimate(sum_by_document(counts[:, columns], measured.document), statistic)
        scores = measured.score(rows, bootstrap, names)
        slices[band] = replace(scores, metrics=scores.metrics | {"macro_f1": macro})
    return label_slicing(slices, labels, train)


def score_classifier(
    answers: list[Answer],
    *,
    known: Sequence[str],
    bootstrap: Bootstrap,
    worst: int,
    temperature: float | None = None,
    train: Mapping[str, int] | None = None,
) -> ClassifierScores:
    """Score one classifier.

    known (Sequence[str]): its labels, in the order to show them.
    worst (int): how many wrong answers to keep.
    temperature (float | None): of the component.
    train (Mapping | None): label to its gold answers in train; None where train is not known.
    """
    gold = [answer.gold for answer in answers]
    predicted = [answer.predicted for answer in answers]
    labels = all_labels(known, gold, predicted)
    document = number_documents(answers)
    documents = len(set(document))
    right, counts = right_of_all(gold, predicted), count_answers(gold, predicted, labels)
    everything: NDArray[np.bool_] = np.ones((documents, len(labels)), dtype=bool)
    measured = Measured(
        document,
        {"accuracy": (right, share), "macro_f1": (counts, MACRO_F1)},
        {"answers": np.ones(len(answers), dtype=np.int64)},
    )
    sources = group(source_of(answer.example.reference) for answer in answers)
    slices = slice_lengths(measured, (len(answer.example.reference) for answer in answers), bootstrap)
    if train is not None:
        slices |= slice_labels(measured, gold, labels, train, bootstrap)
    judged: list[list[tuple[float, bool]]] = [[] for _ in range(documents)]
    for row, answer in zip(document, answers, strict=True):
        if answer.best is not None:
            judged[row].append((answer.best[1], answer.best[0] == answer.gold))
    return ClassifierScores(
        documents=documents,
        answers=len(answers),
        accuracy=bootstrap.estimate(sum_by_document(right, document), share),
        table=score_table(sum_by_document(counts, document), labels, bootstrap, everything),
        no_answer=predicted.count(None),
        confusion=confusion(gold, predicted, labels),
        by_source={source: measured.score(rows, bootstrap) for source, rows in sources.items()},
        calibration=score_calibration(judged, temperature=temperature, bootstrap=bootstrap),
        worst=worst_answers(answers, worst),
        slices=slices,
    )
