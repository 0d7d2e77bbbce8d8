"""A domain with one source, and what is read of it."""

from pathlib import Path
from typing import Any

from scripts.domain import Domain
from scripts.errors import ErrorLog
from scripts.records import Record
from scripts.sources import read_source
from tests.strategies import CLASSES, LABELS


def label(name: str) -> dict[str, str]:
    return {"definition": name, "example": name}


def make_domain(**source: Any) -> Domain:
    """The domain of `tests.strategies`, with one source "mine"."""
    return Domain.model_validate(
        {
            "name": "any",
            "entities": {name: label(name) | {"found_by": "ner"} for name in LABELS},
            "classifiers": {
                name: {"definition": name, "labels": {answer: label(answer) for answer in answers}}
                for name, answers in CLASSES.items()
            },
            "sources": {"mine": {"licence": "none", **source}},
        }
    )


def read(domain: Domain, root: Path, log: ErrorLog | None = None) -> list[Record]:
    """The records of the source, without the name of the source, which `read_source` adds."""
    found = [record for _, record in read_source("mine", domain.sources["mine"], domain, root, log or ErrorLog())]
    for record in found:
        assert record.meta.pop("source") == "mine"
    return found
