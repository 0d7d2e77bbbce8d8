"""The calibration block of the evaluation: numbers on hand-made answers, sentences, figures, JSON."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.training import Example

from bellwether.attributes import set_span_field
from scripts.docbin import record_to_doc
from scripts.evaluation.bootstrap import Bootstrap
from scripts.evaluation.calibration import (
    Judged,
    judge_recogniser,
    score_calibration,
    temperature_of,
    wilson,
)
from scripts.evaluation.classification import collect_answers
from scripts.evaluation.plots import reliability_plot, risk_coverage_plot
from scripts.evaluation.report import calibration_verdict, percent, percent_interval, threshold_of
from scripts.evaluation.result import Calibration, Metric
from scripts.records import make_record

BOOTSTRAP = Bootstrap(resamples=200)


def score(documents: list[Judged], temperature: float | None = None) -> Calibration:
    found = score_calibration(documents, temperature=temperature, bootstrap=BOOTSTRAP)
    assert found is not None
    return found


def draw(count: int, seed: int, sharper: float = 1.0) -> list[Judged]:
    """One answer a document, right with its true probability; the shown log odds are `sharper` times the true ones."""
    generator = np.random.default_rng(seed)
    odds = generator.normal(1.2, 1.2, count)
    right = generator.random(count) < 1 / (1 + np.exp(-odds))
    return [[(float(p), bool(r))] for p, r in zip(1 / (1 + np.exp(-odds * sharper)), right, strict=True)]


def test_known_numbers() -> None:
    found = score([[(0.95, True), (0.95, False)], [(0.55, True)], [], [(0.55, False)]], temperature=1.5)
    assert (found.documents, found.answers, found.temperature) == (3, 4, 1.5)
    assert found.ece.value == pytest.approx((abs(1.9 - 1) + abs(1.1 - 1)) / 4)
    assert found.probability == pytest.approx(0.75)
    assert found.right.value == 0.5
    filled = {(row.answers, row.probability, row.right.value) for row in found.bins if row.answers}
    assert filled == {(2, 0.95, 0.5), (2, 0.55, 0.5)}
    strict = threshold_of(found, 0.9)
    assert (strict.answers, strict.answered.value, strict.right.value) == (2, 0.5, 0.5)
    nobody = threshold_of(found, 0.99)
    assert (nobody.answers, nobody.answered.value, nobody.right) == (0, 0.0, Metric(None))
    assert [(point.threshold, point.coverage, point.error) for point in found.risk] == [
        (0.95, 0.5, 0.5),
        (0.55, 1.0, 0.5),
    ]
    assert found.risk_area == 0.5


@pytest.mark.parametrize("documents", [[], [[]], [[], []]])
def test_without_answers_nothing_is_said(documents: list[Judged]) -> None:
    assert score_calibration(documents, temperature=1.0, bootstrap=BOOTSTRAP) is None


@given(st.lists(st.lists(st.tuples(st.floats(0.01, 1), st.booleans()), max_size=4), max_size=12))
def test_every_score_lies_between_its_bounds_and_survives_json(documents: list[Judged]) -> None:
    found = score_calibration(documents, temperature=2.0, bootstrap=BOOTSTRAP)
    if found is None:
        assert not any(documents)
        return
    data = json.loads(json.dumps(asdict(found), allow_nan=False))
    assert data == asdict(found)
    for metric in (found.ece, found.chance, found.right, *(row.right for row in found.bins if row.answers)):
        assert metric.value is not None
        assert metric.low is not None
        assert metric.high is not None
        assert 0.0 <= metric.low <= metric.high <= 1.0
    assert found.ece.low <= found.ece.value <= found.ece.high  # type: ignore[operator]
    assert sum(row.answers for row in found.bins) == found.answers == threshold_of(found, 0.0).answers
    coverages = [point.coverage for point in found.risk]
    assert coverages == sorted(coverages)
    assert coverages[-1] == 1.0
    for what in (reliability_plot, risk_coverage_plot):
        assert 'role="img" aria-label="said aloud"' in what(found, "name", "said aloud", title="Title")


def test_a_long_curve_has_few_points() -> None:
    found = score(draw(3000, 0))
    assert 90 <= len(found.risk) <= 100


def test_the_verdict_knows_chance() -> None:
    verdicts = [calibration_verdict(score(draw(400, seed))) for seed in range(10)]
    assert sum("no more than chance" in verdict for verdict in verdicts) >= 8
    assert "surer than it should be" in calibration_verdict(score(draw(400, 1, sharper=3.0)))
    assert "less sure than it could be" in calibration_verdict(score(draw(400, 1, sharper=0.3)))


def test_the_interval_holds_the_true_error() -> None:
    """Unlike the percentile interval, which lies above it, as few answers look worse than they are."""
    true = score(draw(60_000, 99, sharper=1.6)).ece.value
    assert true is not None
    held = [
        ece.low <= true <= ece.high  # type: ignore[operator]
        for ece in (score(draw(300, seed, sharper=1.6)).ece for seed in range(30))
    ]
    assert sum(held) >= 24


def test_wilson() -> None:
    assert wilson(8, 10, 0.95) == pytest.approx((0.490, 0.943), abs=1e-3)
    low, high = wilson(5, 5, 0.95)
    assert low == pytest.approx(0.566, abs=1e-3)
    assert high == 1.0


def test_entities_of_one_document_are_drawn_together() -> None:
    """The same answers in fewer documents say less."""
    apart = score(draw(200, 3, sharper=2.0))
    together = score([[pair[0]] * 10 for pair in draw(200, 3, sharper=2.0)[:20]])
    assert together.right.high - together.right.low > apart.right.high - apart.right.low  # type: ignore[operator]


def example(tokenizer: Language, text: str, spans: list[tuple[str, str, float | None]], **layers: Any) -> Example:
    """Gold without entities; predicted words with a label and a score."""
    record = make_record({"id": "d", "text": text, "layers": layers})
    doc = tokenizer.make_doc(text)
    doc.ents = [doc.char_span(text.index(word), text.index(word) + len(word), label) for word, label, _ in spans]
    for ent, (*_, value) in zip(doc.ents, spans, strict=True):
        set_span_field(ent, value, name="score")
    return Example(doc, record_to_doc(record, tokenizer)[0])


def test_entities_that_count(tokenizer: Language) -> None:
    """Only labels that the annotator was asked for and the recogniser finds, and only with a score."""
    examples = [
        example(tokenizer, "Norvane in Oslo", [("Norvane", "ORG", 0.9), ("Oslo", "LOC", 0.8)], ner=["ORG"]),
        example(tokenizer, "Halden pays $3", [("Halden", "ORG", None), ("$3", "MONEY", 0.7)], ner=["ORG", "MONEY"]),
        example(tokenizer, "Turku", [("Turku", "ORG", 0.6)]),
    ]
    assert judge_recogniser(examples, ["ORG", "LOC"]) == [[(0.9, False)], [], []]


def test_the_likeliest_label_is_the_answer(tokenizer: Language) -> None:
    first, second, empty = (example(tokenizer, text, []) for text in ("up", "down", "none"))
    for item in (first, second, empty):
        item.reference.cats = {"tone:good": 1.0, "tone:bad": 0.0}
    first.predicted.cats = {"tone:good": 0.7, "tone:bad": 0.3, "topic:macro": 0.9}
    second.predicted.cats = {"tone:good": 0.4, "tone:bad": 0.6}
    empty.predicted.cats = {"tone:good": 0.0, "tone:bad": 0.0}
    answers = collect_answers([first, second, empty], "tone")
    assert [answer.best for answer in answers] == [("good", 0.7), ("bad", 0.6), None]


def test_the_temperature_of_a_component() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("scoped_textcat", name="tone").temperature = 1.5
    nlp.add_pipe("sentencizer")
    assert temperature_of(nlp, "tone") == 1.5
    assert temperature_of(nlp, "sentencizer") is None
    assert temperature_of(nlp, "ner") is None


def test_percent() -> None:
    assert percent(0.714) == "71 %"
    assert percent(None) == "–"
    assert percent_interval(Metric(0.71, 0.68, 0.75)) == "68 to 75 %"
    assert percent_interval(Metric(None)) == ""
