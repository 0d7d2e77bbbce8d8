"""The domain file: what is shipped is complete, and mistakes in one's own are named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import srsly

from scripts.domain import Domain, load_domain
from scripts.errors import BadInput
from scripts.records import make_record
from tests.conftest import MINI_DOMAIN

SOURCE: dict[str, Any] = {"reader": "csv", "files": {"train": "data.csv"}, "licence": "none"}


def test_the_finance_domain(domain: Domain) -> None:
    assert len(domain.entity_labels) == 12
    assert domain.recogniser_labels == ["ORG", "PERSON", "LOC", "PRODUCT", "TITLE", "SECTOR", "METRIC"]
    assert domain.labels_of("sentiment") == ["negative", "neutral", "positive"]
    assert len(domain.labels_of("category")) == 20
    assert list(domain.mix_sources("open")) == ["starter", "fire", "sentfin", "twitter_sentiment", "twitter_topics"]
    assert set(domain.mix_sources("research")) == {*domain.mix_sources("open"), "phrasebank", "finer_ord"}
    assert domain.labels_of("entity_sentiment") == domain.labels_of("sentiment")


def test_only_research_has_licences_that_do_not_allow_commercial_use(domain: Domain) -> None:
    for mix in domain.mixes:
        licences = {source.licence for source in domain.mix_sources(mix).values()}
        assert any("NC" in licence for licence in licences) == (mix == "research")


def test_every_public_corpus_says_where_it_is_from(domain: Domain) -> None:
    for name in set(domain.sources) - {"starter"}:
        source = domain.sources[name]
        assert source.url.startswith("https://")
        # The licences that ask for attribution.
        assert source.author or not source.licence.startswith("CC BY")


def test_the_tone_of_a_target_has_the_labels_of_sentiment() -> None:
    domain = Domain.model_validate(MINI_DOMAIN)
    target = {"start": 0, "end": 7, "label": "TARGET", "sentiment": "positive"}
    data = {"id": "a", "text": "Norvane", "spans": [target], "layers": {"entity_sentiment": True}}
    domain.check_labels(make_record(data))
    with pytest.raises(BadInput, match="id 'a': unknown entity_sentiment label 'glad': the domain has positive"):
        domain.check_labels(make_record(data | {"spans": [target | {"sentiment": "glad"}]}))
    topics = MINI_DOMAIN | {"classifiers": {"topic": MINI_DOMAIN["classifiers"]["topic"]}}
    with pytest.raises(BadInput, match="id 'a': unknown layer 'entity_sentiment': the domain has ner, topic"):
        Domain.model_validate(topics).check_labels(make_record(data))


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
    "classifier with the name of a layer": (
        {"classifiers": {"entity_sentiment": MINI_DOMAIN["classifiers"]["topic"]}},
        "a classifier cannot be called 'entity_sentiment'",
    ),
    "entity called TARGET": (
        {"entities": {"TARGET": MINI_DOMAIN["entities"]["ORG"]}},
        "an entity label cannot be called 'TARGET'",
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
