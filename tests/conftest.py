"""Fixtures shared by all tests."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import srsly
from hypothesis import HealthCheck, settings
from spacy.language import Language

from scripts.__main__ import main
from scripts.convert import split_source
from scripts.docbin import blank_pipeline
from scripts.domain import Domain, load_domain
from scripts.errors import ErrorLog
from scripts.records import Record
from scripts.sources import read_source
from tests.encoders import make_tiny_encoder

ROOT = Path(__file__).parent.parent
STARTER = ROOT / "assets" / "starter"

# The same examples on every machine; `HYPOTHESIS_PROFILE=search` looks for new ones.
settings.register_profile("stable", deadline=None, derandomize=True, max_examples=60, database=None)
settings.register_profile(
    "search", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "stable"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first: those that run the real steps come last."""
    items.sort(key=lambda item: item.get_closest_marker("end_to_end") is not None)


_ANSI = re.compile(r"\x1b\[[0-9;]*m")

MINI_DOMAIN: dict[str, Any] = {
    "name": "mini",
    "entities": {
        "ORG": {"found_by": "ner", "definition": "A company.", "example": "Norvane"},
        "LOC": {"found_by": "ner", "definition": "A place.", "example": "Turku"},
        "MONEY": {"found_by": "money", "definition": "An amount.", "example": "$3m"},
    },
    "classifiers": {
        "sentiment": {
            "definition": "The tone.",
            "labels": {name: {"definition": name, "example": name} for name in ("positive", "negative", "neutral")},
        },
        "topic": {
            "definition": "The kind of news.",
            "labels": {name: {"definition": name, "example": name} for name in ("earnings", "macro")},
        },
    },
}


@pytest.fixture(scope="session")
def domain() -> Domain:
    """The domain that Bellwether ships."""
    return load_domain(ROOT / "configs" / "finance.yml")


@pytest.fixture(scope="session")
def tokenizer() -> Language:
    return blank_pipeline("en")


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_encoder(tmp_path_factory.mktemp("encoder") / "tiny")


@pytest.fixture(scope="session")
def starter(domain: Domain) -> list[Record]:
    """Every record of the starter corpus."""
    return [record for _, record in read_source("starter", domain.sources["starter"], domain, ROOT, ErrorLog())]


@pytest.fixture(scope="session")
def starter_splits(domain: Domain, starter: list[Record]) -> dict[str, list[Record]]:
    return split_source(domain.sources["starter"], [("all", record) for record in starter])


@pytest.fixture
def write_domain(tmp_path: Path) -> Callable[..., Path]:
    """Write a small domain file with the given sources, all of them in the mix "mine"; RETURNS its path."""

    def write(**sources: dict[str, Any]) -> Path:
        path = tmp_path / "mini.yml"
        complete = {name: {"licence": "none", **source} for name, source in sources.items()}
        srsly.write_yaml(path, MINI_DOMAIN | {"sources": complete, "mixes": {"mine": list(complete)}})
        return path

    return write


@pytest.fixture
def mini_domain(write_domain: Callable[..., Path]) -> Domain:
    return load_domain(write_domain())


class Output:
    """What a step did: its exit status, and what it printed, without colours and without wasabi's line breaks."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status = status
        self.out = " ".join(_ANSI.sub("", out).split())
        self.err = err

    @property
    def failures(self) -> list[str]:
        """The messages that say what is wrong."""
        return [message.strip() for message in self.out.split("✘")[1:]]


@pytest.fixture
def run_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Output]:
    """Run `python -m scripts ARGUMENTS` in this process, in tmp_path: `run_step("convert", "--mix", "mine")`."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Output:
        capsys.readouterr()
        try:
            status = main(list(arguments))
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 0
        return Output(status, *capsys.readouterr())

    return run
