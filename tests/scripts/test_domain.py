"""The domain file: what is shipped is complete, and mistakes in one's own are named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import srsly

from scripts.domain import Domain, load_domain
from scripts.errors import BadInput
from tests.conftest import MINI_DOMAIN

SOURCE: dict[str, Any] = {"reader": "csv", "files": {"train": "data.csv"}, "licence": "none"}


def test_the_finance_domain(domain: Domain) -> None:
    assert len(domain.entity_labels) == 12
    assert domain.recogniser_labels == ["ORG", "PERSON", "LOC", "PRODUCT", "TITLE", "SECTOR", "METRIC"]
    assert domain.labels_of("sentiment") == ["negative", "neutral", "positive"]
    assert len(domain.labels_of("category")) == 20
    assert list(domain.mix_sources("open")) == ["starter", "fire", "twitter_sentiment", "twitter_topics"]


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "mix of an unknown source": ({"mixes": {"mine": ["nowhere"]}}, "mix 'mine' names the source 'nowhere'"),
    "label of no layer": (
        {"sources": {"a": SOURCE | {"labels": {"sentiment": {"1": "glad"}}}}},
        "source 'a' maps to 'glad', which is not a label of sentiment",
    ),
    "labels of an unknown layer": ({"sources": {"a": SOURCE | {"labels": {"mood": {}}}}}, "unknown layer 'mood'"),
    "unknown setting": ({"sources": {"a": SOURCE | {"colums": {}}}}, "sources.a.colums"),
    "no column of the text": (
        {"sources": {"a": SOURCE | {"columns": {"id": "key"}}}},
        "must name the column of the text",
    ),
    "unknown field": (
        {"sources": {"a": SOURCE | {"columns": {"text": "t", "mood": "m"}}}},
        "columns cannot give 'mood', only id, text, spans, reference_date, sentiment, topic or meta.NAME",
    ),
    "unescaped spans": (
        {"sources": {"a": SOURCE | {"columns": {"text": "t", "spans": "s"}, "unescape_html": True}}},
        "unescape_html would move the spans",
    ),
    "unknown policy": ({"sources": {"a": SOURCE | {"align": "guess"}}}, "sources.a.align"),
    "unknown split": ({"sources": {"a": SOURCE | {"files": {"valid": "x"}}}}, "sources.a.files.valid"),
    "reserved name": (
        {"classifiers": {"meta": MINI_DOMAIN["classifiers"]["topic"]}},
        "a classifier cannot be called 'meta'",
    ),
    "name with a colon": ({"classifiers": {"a:b": MINI_DOMAIN["classifiers"]["topic"]}}, "cannot be called 'a:b'"),
}


@pytest.mark.parametrize(("change", "reason"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_the_file(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    path = tmp_path / "mine.yml"
    srsly.write_yaml(path, MINI_DOMAIN | change)
    with pytest.raises(BadInput) as caught:
        load_domain(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert reason in caught.value.problem


@pytest.mark.parametrize("content", [b"a: [1", b"- 1", b"", b"a: \xff", None])
def test_a_file_that_is_no_domain(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "mine.yml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        load_domain(path)
    assert caught.value.path == path


def test_an_unknown_mix_names_those_there_are(write_domain: Callable[..., Path]) -> None:
    with pytest.raises(BadInput, match=r"unknown mix 'yours': the domain has mine"):
        load_domain(write_domain(a=SOURCE)).mix_sources("yours")
