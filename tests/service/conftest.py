"""A stand-in pipeline, and a real uvicorn on a free loopback port that serves it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
import spacy
import uvicorn
from fastapi import FastAPI
from spacy.language import Language
from spacy.tokens import Doc

from bellwether import Money, Period
from bellwether.attributes import set_field
from service.app import create_app
from service.settings import Settings

WaitUntil = Callable[[Callable[[], bool]], None]
Serve = Callable[[FastAPI], AbstractContextManager[httpx.Client]]

ORGS = ("Northmoor Systems", "Zoë Café")


class StandIn:
    """Answers as two classifiers, `tone` and `length`, gives values and scores; fails and dawdles on demand."""

    def __call__(self, doc: Doc) -> Doc:
        words = {token.text for token in doc}
        if "explode" in words:
            raise ValueError("the component does not like this text")
        if "dawdle" in words:
            time.sleep(1.0)
        good = 0.75 if "good" in words else 0.25
        self.classify(doc, "tone", {"good": good, "bad": 1.0 - good})
        self.classify(doc, "length", {"short": 0.5, "long": 0.5}, threshold=0.6)
        for span in doc.ents:
            if span.label_ == "MONEY":
                span._.value = Money(amount=Decimal("4.20E+9"), currency="USD")
                span._.source = "stand_in"
            elif span.label_ == "PERIOD":
                if doc._.reference_date is not None:
                    span._.value = Period(start=doc._.reference_date, end=doc._.reference_date, grain="day")
                span._.source = "stand_in"
            else:
                span._.score = 0.5
                span._.sentiment, span._.sentiment_score = "positive", 0.75
        return doc

    @staticmethod
    def classify(doc: Doc, name: str, scores: dict[str, float], *, threshold: float = 0.0) -> None:
        label = max(scores, key=lambda key: scores[key])
        for key, score in scores.items():
            doc.cats[f"{name}:{key}"] = score
        set_field(doc, label if scores[label] >= threshold else None, name=name)
        set_field(doc, scores[label], name=f"{name}_score")


@Language.factory("service_stand_in")
def make_stand_in(nlp: Language, name: str) -> StandIn:
    return StandIn()


def create_pipeline(*, stand_in: bool) -> Language:
    nlp = spacy.blank("en")
    nlp.meta["name"], nlp.meta["version"] = "stand_in", "1.2.3"
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": name} for name in ORGS])
    ruler.add_patterns([{"label": "MONEY", "pattern": "$4.2bn"}, {"label": "PERIOD", "pattern": "today"}])
    if stand_in:
        nlp.add_pipe("service_stand_in")
    return nlp


@pytest.fixture
def stand_in() -> Language:
    return create_pipeline(stand_in=True)


@pytest.fixture(scope="session")
def pipeline_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pipeline") / "stand_in"
    create_pipeline(stand_in=True).to_disk(path)
    return path


@pytest.fixture(scope="session")
def plain_pipeline_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that loads in another process, where the stand-in is not registered."""
    path = tmp_path_factory.mktemp("pipeline") / "plain"
    create_pipeline(stand_in=False).to_disk(path)
    return path


def wait(condition: Callable[[], bool], *, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.02)


@contextmanager
def serve_app(app: FastAPI) -> Iterator[httpx.Client]:
    """Serve an application from a thread; its pipeline may still be loading."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(timeout=30)


@pytest.fixture(scope="session")
def wait_until() -> WaitUntil:
    return wait


@pytest.fixture(scope="session")
def serve() -> Serve:
    return serve_app


@pytest.fixture(scope="session")
def client(pipeline_path: Path) -> Iterator[httpx.Client]:
    """A client of a service that is ready, with small limits."""
    settings = Settings(
        pipeline=str(pipeline_path),
        max_texts=8,
        max_text_characters=200_000,
        max_word_characters=150_000,
        max_body_bytes=1_000_000,
    )
    with serve_app(create_app(settings)) as client:
        wait(lambda: client.get("/health").status_code == 200)
        yield client
