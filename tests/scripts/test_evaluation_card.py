"""The model card: front matter that reads as YAML, and what the evaluation says in Markdown."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import srsly
from spacy.language import Language

from scripts.evaluation.bootstrap import Bootstrap
from scripts.evaluation.card import cell, dataset_id, licence_of
from scripts.evaluation.classification import collect_answers, score_classifier
from scripts.evaluation.limits import low_parts, part_limits, table_limits
from scripts.evaluation.result import ClassifierScores, CorpusInfo
from tests.scripts.evaluation_docs import Maker
from tests.scripts.evaluation_project import build_project


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    return {}


@pytest.fixture
def card(tmp_path: Path, write_domain: Callable[..., Path], run_step: Callable[..., Any], kept: dict[str, str]) -> str:
    """The card of the word-list pipeline, whose meta.json tells of a training."""
    if not kept:
        domain = build_project(tmp_path, write_domain, run_step)
        meta = json.loads((tmp_path / "model" / "meta.json").read_text(encoding="utf-8"))
        meta["training"] = {"seconds": 7200, "steps": 1200, "epochs": 9.0, "seed": 4}
        (tmp_path / "model" / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
        options = ("--resamples", "100", "--watts", "80", "--price-per-kwh", "0.25")
        run = run_step("evaluate", "--model", "model", "--domain", str(domain), *options)
        assert run.status == 0, run.out
        assert "reports/model_card.md" in run.out
        for name in ("model_card.md", "evaluation.html", "evaluation.json"):
            kept[name] = (tmp_path / "reports" / name).read_text(encoding="utf-8")
    return kept["model_card.md"]


def test_the_front_matter(card: str) -> None:
    before, matter, _ = card.split("---\n", 2)
    assert before == ""
    found = srsly.yaml_loads(matter)
    assert found["language"] == ["en"]
    assert found["library_name"] == "spacy"
    assert found["license"] == "apache-2.0"
    assert found["tags"] == ["spacy", "bellwether", "mini", "token-classification", "text-classification"]
    assert found["datasets"] == ["mine"]
    assert found["metrics"] == ["precision", "recall", "f1", "accuracy"]
    (model,) = found["model-index"]
    assert [result["task"]["name"] for result in model["results"]] == ["NER", "sentiment", "topic"]


def test_the_sections(card: str) -> None:
    headings = [line for line in card.splitlines() if line.startswith("#")]
    assert headings == [
        "# en_fake 0.0.0",
        "## What it is for",
        "## What it is not for",
        "## Labels and scores",
        "### Names, found by the trained recogniser",
        "### sentiment",
        "### topic",
        "## Beside other systems",
        "## Calibration",
        "## Known limits",
        "## Training data",
        "## Training",
        "## Speed",
        "## To reproduce",
    ]


def test_what_the_card_says(card: str) -> None:
    assert "| ORG | A company. | 0.44 (" in card
    assert "* MONEY: the domain has this label, but the pipeline does not find it." in card
    assert "| mine | none | 13 | 13 | 13 |" in card
    assert "* Wall time: 2 h 00 min" in card
    assert "* Steps: 1,200, epochs: 9, seed: 4" in card
    assert "about 160.0 Wh, on the assumption that the machine draws 80 W; cost: about 0.0400 at 0.25 a kWh" in card
    assert "--watts 80.0 --price-per-kwh 0.25" in card
    assert "does not know" not in card
    assert "None" not in card
    assert "{{" not in card


def test_tables_are_whole(card: str) -> None:
    """Every row of a table has as many cells as its head."""
    cells = 0
    for line in card.splitlines():
        row = line.replace("\\|", "").count("|")
        if row:
            assert row == cells or not cells, line
        cells = row


def test_the_page_shows_speed_and_training(card: str, kept: dict[str, str]) -> None:
    page = kept["evaluation.html"]
    assert "<caption>Speed by batch size</caption>" in page
    assert "about 160.0 Wh, if the machine draws 80 W throughout: an assumption, not a measurement" in page
    data = json.loads(kept["evaluation.json"])
    assert [row["batch_size"] for row in data["speed"]["batches"]] == [1, 8, 32, 128]
    assert data["training"]["watt_hours"] == 160.0


def test_parts_with_few_documents_are_pale(card: str, kept: dict[str, str]) -> None:
    """Seven documents have only names that train has, six a new one."""
    data = json.loads(kept["evaluation.json"])
    parts = data["entities"]["slices"]["unseen_entities"]["slices"]
    assert [part["documents"] for part in parts.values()] == [7, 6]
    assert '<tr class="pale"><th scope="row">only seen entities</th><td class="n">7</td>' in kept["evaluation.html"]
    assert "only 6 documents, so that nothing can be said" in card


def test_names_of_data_sets_and_licences() -> None:
    hub = {"url": "https://huggingface.co/datasets/owner/name", "licence": "CC BY-NC 4.0"}
    assert dataset_id("mine", hub) == "owner/name"
    assert dataset_id("mine", {"url": "https://github.com/a/b"}) == "mine"
    assert dataset_id("mine", {}) == "mine"
    info = CorpusInfo("corpus", "mini", "mine", {"a": hub, "b": {"licence": "MIT"}}, {}, {})
    assert licence_of(info).startswith("For research only")


def test_cells_of_a_table() -> None:
    assert cell("a | b\nc") == "a \\| b c"


@pytest.fixture
def tone(tokenizer: Language) -> ClassifierScores:
    """Right on 40 short texts, wrong on 12 of 20 long ones, all of these with the label "bad"."""
    make = Maker(tokenizer)
    long = " ".join(["word"] * 20)
    cases = [("up", "good", "good")] * 40 + [(long, "bad", "bad")] * 8 + [(long, "bad", "good")] * 12
    examples = [make.example(text, text, {f"tone:{answer}": 1.0}, tone=gold) for text, gold, answer in cases]
    answers = collect_answers(examples, "tone")
    return score_classifier(answers, known=["good", "bad"], bootstrap=Bootstrap(resamples=200), worst=0)


def test_limits_name_the_worst_labels_and_parts(tone: ClassifierScores) -> None:
    ((name, title, here, all_in_all, documents),) = low_parts(tone)
    assert (name, title, documents) == ("texts of 16–30 tokens", "accuracy", 20)
    assert (here.value, all_in_all.value) == (0.4, 0.8)
    (text,) = part_limits("tone", tone)
    assert text.startswith("Tone on texts of 16–30 tokens: accuracy 0.40 (")
    assert text.endswith(" on 20 documents, against 0.80 on all.")
    (label,) = table_limits("“tone”", tone.table)
    assert label.startswith("Lowest F1 among the labels of “tone”: bad 0.57 (")
