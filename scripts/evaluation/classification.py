"""Scores of one exclusive classifier on the documents that carry its layer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.training import Example

from bellwether.scoped_textcat import best_labels, gold_label, own_cats

from .bootstrap import Bootstrap, Counts
from .calibration import judge_labels, score_calibration
from .entities import group_by_source, id_of, source_of
from .measures import FN, FP, MACRO_F1, TP, score_table, share
from .result import ClassifierScores, Confusion, Metric, SourceScores, WrongAnswer

NO_ANSWER = "(no answer)"


@dataclass(frozen=True)
class Answer:
    """The answer of a classifier to one document with gold; `predicted` is None below the component's threshold."""

    example: Example
    gold: str
    predicted: str | None


def collect_answers(examples: list[Example], name: str) -> list[Answer]:
    """The documents that carry gold of the classifier."""
    answers = []
    for example in examples:
        gold = gold_label(example.reference, name)
        if gold is not None:
            answers.append(Answer(example, gold, best_labels(example.predicted).get(name)))
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


def accuracy_and_macro(
    gold: Sequence[str], answers: Sequence[str | None], labels: list[str], bootstrap: Bootstrap
) -> dict[str, Metric]:
    return {
        "accuracy": bootstrap.estimate(right_of_all(gold, answers), share),
        "macro_f1": bootstrap.estimate(count_answers(gold, answers, labels), MACRO_F1),
    }


def confusion(gold: Sequence[str], answers: Sequence[str | None], labels: list[str]) -> Confusion:
    columns = [*labels, NO_ANSWER] if None in answers else list(labels)
    counts = [[0] * len(columns) for _ in labels]
    for truth, answer in zip(gold, answers, strict=True):
        counts[labels.index(truth)][columns.index(NO_ANSWER if answer is None else answer)] += 1
    return Confusion(list(labels), columns, counts)


def worst_answers(answers: list[Answer], name: str, limit: int) -> list[WrongAnswer]:
    """The wrong answers that the classifier was surest of."""
    wrong = []
    for answer in answers:
        if answer.predicted == answer.gold:
            continue
        cats = own_cats(answer.example.predicted, name)
        reference = answer.example.reference
        wrong.append(
            WrongAnswer(
                id=id_of(reference),
                source=source_of(reference),
                text=reference.text,
                gold=answer.gold,
                predicted=answer.predicted,
                probability=cats.get(answer.predicted, 0.0) if answer.predicted else max(cats.values(), default=0.0),
                gold_probability=cats.get(answer.gold, 0.0),
            )
        )
    return sorted(wrong, key=_certainty)[:limit]


def _certainty(wrong: WrongAnswer) -> tuple[bool, float, str]:
    return wrong.predicted is None, -wrong.probability, wrong.id


def score_classifier(
    answers: list[Answer],
    *,
    name: str,
    known: Sequence[str],
    bootstrap: Bootstrap,
    worst: int,
    temperature: float | None = None,
) -> ClassifierScores:
    """Score one classifier.

    known (Sequence[str]): its labels, in the order to show them.
    worst (int): how many wrong answers to keep.
    temperature (float | None): of the component.
    """
    gold = [answer.gold for answer in answers]
    predicted = [answer.predicted for answer in answers]
    labels = all_labels(known, gold, predicted)
    everything: NDArray[np.bool_] = np.ones((len(answers), len(labels)), dtype=bool)
    by_source = {}
    for source, rows in group_by_source(source_of(answer.example.reference) for answer in answers).items():
        metrics = accuracy_and_macro([gold[row] for row in rows], [predicted[row] for row in rows], labels, bootstrap)
        by_source[source] = SourceScores(len(rows), metrics)
    return ClassifierScores(
        documents=len(answers),
        accuracy=bootstrap.estimate(right_of_all(gold, predicted), share),
        table=score_table(count_answers(gold, predicted, labels), labels, bootstrap, everything),
        no_answer=predicted.count(None),
        confusion=confusion(gold, predicted, labels),
        by_source=by_source,
        calibration=score_calibration(
            judge_labels([(answer.example, answer.gold) for answer in answers], name),
            temperature=temperature,
            bootstrap=bootstrap,
        ),
        worst=worst_answers(answers, name, worst),
    )
