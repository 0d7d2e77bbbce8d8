"""The step as a whole, on a corpus built by `convert` and a pipeline that answers by a word list: JSON, HTML,
errors.
"""

import json
import re
from collections.abc import Callable, Iterable
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import spacy

from scripts.evaluation.markup import clip, label_colors, render_entities
from scripts.evaluation.report import interval, number, signed, verdict
from scripts.evaluation.result import EntitySpan, Metric
from tests.scripts.evaluation_project import EVIL, build_project

Step = Callable[..., Any]


@pytest.fixture
def build(tmp_path: Path, write_domain: Callable[..., Path], run_step: Step) -> Callable[..., Path]:
    """Build `corpus` and `model` in tmp_path; RETURNS the path of the domain file."""
    return partial(build_project, tmp_path, write_domain, run_step)


@pytest.fixture(scope="module")
def kept() -> list[Path]:
    return []


@pytest.fixture
def reports(tmp_path: Path, build: Callable[..., Path], run_step: Step, kept: list[Path]) -> Path:
    """The folder of a finished report, made once."""
    if not kept:
        path = build()
        run = run_step("evaluate", "--model", "model", "--domain", str(path), "--resamples", "100", "--no-speed")
        assert run.status == 0, run.out
        kept.append(tmp_path / "reports")
    return kept[0]


@pytest.fixture
def data(reports: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((reports / "evaluation.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def page(reports: Path) -> str:
    return (reports / "evaluation.html").read_text(encoding="utf-8")


def numbers(data: Any) -> Iterable[float]:
    if isinstance(data, dict):
        for item in data.values():
            yield from numbers(item)
    elif isinstance(data, list):
        for item in data:
            yield from numbers(item)
    elif isinstance(data, float):
        yield data


def test_the_structure_of_the_json(data: dict[str, Any]) -> None:
    assert list(data) == [
        "format",
        "scores",
        "pipeline",
        "corpus",
        "run",
        "entities",
        "values",
        "classifiers",
        "comparisons",
        "remarks",
        "speed",
        "training",
        "previous",
    ]
    assert data["format"] == 1
    assert set(data["scores"]) == {
        *(f"ents_{key}" for key in ("p", "r", "f", "macro_f", "ece")),
        *(f"{name}_{key}" for name in ("sentiment", "topic") for key in ("accuracy", "micro_f", "ece")),
        *(f"{name}_macro_{key}" for name in ("sentiment", "topic") for key in ("p", "r", "f")),
    }
    assert all(0 <= value <= 1 for value in data["scores"].values())
    assert data["pipeline"]["name"] == "en_fake"
    assert data["pipeline"]["components"] == ["ner", "sentiment", "topic"]
    assert data["corpus"]["documents"] == {"train": 13, "dev": 13, "test": 13}
    assert data["corpus"]["sources"]["mine"]["licence"] == "none"
    assert set(data["corpus"]["sha256"]) == {"train", "dev", "test"}
    assert data["run"]["command"].startswith("python -m scripts evaluate --model model --corpus corpus ")
    assert data["run"]["resamples"] == 100
    assert data["run"]["versions"]["spacy"] == spacy.__version__
    assert set(data["comparisons"]) == {"ner", "sentiment", "topic"}
    assert [system["name"] for system in data["comparisons"]["sentiment"]["systems"]] == [
        "pipeline",
        "majority",
        "tfidf",
    ]


def test_the_numbers_of_the_json(data: dict[str, Any]) -> None:
    entities = data["entities"]
    labels = entities["recogniser"]["labels"]
    # ORG: finds "Norvane" of 6 down texts and "Halden" of the evil one; "Halden" of 6 up texts and "Oslo" are wrong.
    assert (labels["ORG"]["gold"], labels["ORG"]["predicted"], labels["ORG"]["right"]) == (13, 19, 7)
    assert (labels["LOC"]["gold"], labels["LOC"]["predicted"], labels["LOC"]["right"]) == (13, 6, 6)
    assert entities["errors"] == {
        "exact": 13,
        "boundary": 0,
        "type": 6,
        "boundary_and_type": 0,
        "missed": 7,
        "spurious": 6,
    }
    assert entities["normalizers"] is None
    assert entities["not_found"] == [{"label": "MONEY", "found_by": "money", "gold": 0}]
    assert data["values"] == {}
    assert data["scores"]["sentiment_accuracy"] == pytest.approx(12 / 13, abs=1e-6)
    assert data["classifiers"]["topic"]["documents"] == 12
    assert data["classifiers"]["topic"]["accuracy"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    (wrong,) = data["classifiers"]["sentiment"]["worst"]
    assert (wrong["gold"], wrong["predicted"], wrong["probability"]) == ("neutral", "positive", 0.8)
    assert any("WEATHER" in remark for remark in data["remarks"])
    assert all(-1 <= value <= 1 for value in numbers(data["classifiers"] | data["comparisons"]))


def test_calibration_of_every_head(data: dict[str, Any]) -> None:
    """Each answer of a classifier has 0.8, each entity 0.95; 12 of 13 tones, all topics and 13 of 25 entities are
    right."""
    assert data["scores"]["sentiment_ece"] == pytest.approx(12 / 13 - 0.8, abs=1e-6)
    assert data["scores"]["topic_ece"] == pytest.approx(0.2)
    assert data["scores"]["ents_ece"] == pytest.approx(0.95 - 13 / 25)
    calibration = data["entities"]["calibration"]
    assert (calibration["answers"], calibration["temperature"]) == (25, None)
    assert [(row["threshold"], row["answers"]) for row in calibration["thresholds"]][-3:] == [
        (0.9, 25),
        (0.95, 25),
        (0.99, 0),
    ]


def test_the_page_says_how_sure_the_pipeline_is(page: str) -> None:
    text = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    assert "With threshold = 0.9 it would keep 100 % of its 25 entities, and 52 % of these would be right" in text
    assert "With threshold = 0.9 it would keep none of its 13 answers: it is never that sure." in text
    for what in ("the entities", "sentiment", "topic"):
        assert f'aria-label="Reliability diagram of {what}: ' in page
        assert f'aria-label="Risk-coverage curve of {what}: ' in page
        assert f"<caption>Reliability of {what}</caption>" in page
        assert f"<caption>Thresholds for {what}</caption>" in page


def test_the_page_needs_nothing_else(page: str) -> None:
    assert not re.findall(r"""(?:src|href|action|data)\s*=\s*["']\s*(?:https?:)?//""", page)
    assert not re.findall(r"url\((?!#)", page)
    assert "@import" not in page
    assert not re.findall(r"<(?:script|link|iframe|img|object)\b", page)


def test_the_page_escapes_texts(page: str) -> None:
    assert EVIL not in page
    assert "<script" not in page
    assert "&lt;script&gt;" in page


class Checker(HTMLParser):
    """Collects ids, links inside the page, tables without caption, and tags that are not closed."""

    VOID = frozenset({"meta", "br", "link", "path", "use", "rect"})

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.open: list[str] = []
        self.counts: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name in ("href", "xlink:href", "aria-labelledby") and value:
                self.links.add(value.removeprefix("#"))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_the_page_is_sound_and_accessible(page: str) -> None:
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    assert len(checker.ids) == len(set(checker.ids)), "ids are unique, those of the plots too"
    assert checker.links <= set(checker.ids)
    assert checker.counts["table"] == checker.counts["caption"]
    assert checker.counts["svg"] == page.count('role="img" aria-label="')
    assert checker.counts["h1"] == 1
    assert '<html lang="en">' in page
    assert 'name="viewport"' in page


def test_the_page_says_what_it_is_about(page: str) -> None:
    text = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    for part in ("en_fake", "13 test documents", "git", "sha256 of test", "python -m scripts evaluate", "McNemar"):
        assert part in text
    assert "“none” is a missed" in text
    assert "component that would find it" in text


def test_scores_on_dev_without_baselines(build: Callable[..., Path], run_step: Step, tmp_path: Path) -> None:
    """Nothing that is written may call them scores on test."""
    path = build()
    options = ("--split", "dev", "--no-baselines", "--resamples", "100", "--no-speed")
    run = run_step("evaluate", "--model", "model", "--domain", str(path), *options)
    assert run.status == 0, run.out
    folder = tmp_path / "reports"
    data = json.loads((folder / "evaluation.json").read_text(encoding="utf-8"))
    assert data["run"]["split"] == "dev"
    assert data["comparisons"] == {}
    assert data["entities"]["seen"] is None
    assert "--no-baselines" in data["run"]["command"]
    page, card = ((folder / name).read_text(encoding="utf-8") for name in ("evaluation.html", "model_card.md"))
    assert "13 dev documents" in page
    assert "13 dev documents" in card
    assert "which took no part in training" not in card
    for text in (page, card):
        assert not re.search("test documents|test texts|gold in test", text)


def test_dry_run_writes_nothing(build: Callable[..., Path], run_step: Step, tmp_path: Path) -> None:
    path = build()
    run = run_step("evaluate", "--model", "model", "--domain", str(path), "--dry-run")
    assert run.status == 0
    assert "en_fake" in run.out
    assert "13 documents of mix 'mine'" in run.out
    assert "reports/evaluation.json" in run.out
    assert not (tmp_path / "reports").exists()


def test_errors_say_what_to_do(build: Callable[..., Path], run_step: Step, tmp_path: Path) -> None:
    path = str(build())
    cases: list[tuple[list[str], str]] = [
        (["--model", "nowhere"], "no pipeline 'nowhere'"),
        (["--model", "model", "--corpus", "nowhere"], "run the step 'convert' first"),
    ]
    for arguments, expected in cases:
        for extra in ([], ["--dry-run"]):
            run = run_step("evaluate", "--domain", path, *arguments, *extra)
            assert run.status == 1
            assert expected in run.out
    (tmp_path / "corpus" / "test.jsonl").write_text("{}\n", encoding="utf-8")
    run = run_step("evaluate", "--domain", path, "--model", "model")
    assert run.status == 1
    assert "does not have the sha256" in run.out
    assert not (tmp_path / "reports").exists()


def test_a_pipeline_that_does_not_load(build: Callable[..., Path], run_step: Step, tmp_path: Path) -> None:
    path = str(build())
    config = tmp_path / "model" / "config.cfg"
    config.write_text(config.read_text().replace("word_list_answers", "no_such_factory"))
    run = run_step("evaluate", "--domain", path, "--model", "model")
    assert run.status == 1
    assert "does not load" in run.out
    assert "no_such_factory" in run.out


def test_a_classifier_without_test_gold_is_an_error(build: Callable[..., Path], run_step: Step) -> None:
    run = run_step("evaluate", "--domain", str(build(test_topic=False)), "--model", "model")
    assert run.status == 1
    assert "no test document carries the layer 'topic'" in run.out


def test_a_recogniser_without_test_gold_is_an_error(build: Callable[..., Path], run_step: Step) -> None:
    run = run_step("evaluate", "--domain", str(build(asked=["MONEY"])), "--model", "model")
    assert run.status == 1
    assert "no test document carries the layer 'ner' with one of ORG, LOC" in run.out


def test_a_pipeline_of_another_domain_is_an_error(build: Callable[..., Path], run_step: Step, tmp_path: Path) -> None:
    path = build()
    spacy.blank("en").to_disk(tmp_path / "empty")
    run = run_step("evaluate", "--domain", str(path), "--model", "empty")
    assert run.status == 1
    assert "none of the domain's components" in run.out


def test_labels_are_escaped_too() -> None:
    label = "<i>X</i>"
    html = render_entities("a <b> c", [EntitySpan(2, 5, label, "<b>")], label_colors([label]))
    assert "<b>" not in html
    assert "<i>" not in html
    assert "&lt;b&gt;" in html
    assert label_colors([label])[label] in html


def test_long_texts_are_cut_between_entities() -> None:
    text, spans = clip("one two three", [EntitySpan(0, 3, "A", "one"), EntitySpan(4, 13, "B", "two three")], limit=9)
    assert text == "one two …"
    assert [span.label for span in spans] == ["A"]


def test_how_numbers_are_written() -> None:
    assert number(None) == "–"
    assert number(0.71234) == "0.712"
    assert signed(-0.07) == "−0.070"
    assert interval(Metric(0.5, 0.4, 0.6)) == "0.400–0.600"
    assert interval(Metric(None)) == ""
    assert verdict(Metric(0.1, 0.01, 0.2)) == "better, beyond chance"
    assert verdict(Metric(-0.1, -0.2, -0.01)) == "worse, beyond chance"
    assert verdict(Metric(0.1, -0.01, 0.2)) == "no difference beyond chance"
