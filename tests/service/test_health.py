"""`GET /health` and `POST /v1/analyze` before, during and after the pipeline is there."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from service import inference
from service.app import create_app
from service.schemas import ErrorResponse, HealthResponse
from service.settings import Settings

WaitUntil = Callable[[Callable[[], bool]], None]
Serve = Callable[[FastAPI], AbstractContextManager[httpx.Client]]


def test_health(client: httpx.Client) -> None:
    response = client.get("/health")
    assert response.status_code == 200
    health = HealthResponse.model_validate_json(response.content)
    assert health.pipeline.name == "en_stand_in"
    assert health.pipeline.version == "1.2.3"
    assert health.pipeline.components == ["entity_ruler", "service_stand_in"]
    assert set(health.labels) == {"entity_ruler"}
    assert set(health.labels["entity_ruler"]) == {"ORG", "MONEY", "PERIOD"}
    assert health.limits.max_texts == 8


def test_not_ready_until_the_pipeline_is_loaded(
    pipeline_path: Path, serve: Serve, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    load = inference.load_pipeline

    def load_later(name: str, threads: int) -> inference.LoadedPipeline:
        go_on.wait(timeout=30)
        return load(name, threads)

    monkeypatch.setattr(inference, "load_pipeline", load_later)
    with serve(create_app(Settings(pipeline=str(pipeline_path)))) as client:
        for response in (client.get("/health"), client.post("/v1/analyze", json={"text": "good"})):
            assert response.status_code == 503
            assert int(response.headers["retry-after"]) > 0
            assert ErrorResponse.model_validate_json(response.content).error.type == "not_ready"
        assert client.get("/docs").status_code == 200
        go_on.set()
        wait_until(lambda: client.get("/health").status_code == 200)
        assert client.post("/v1/analyze", json={"text": "good"}).status_code == 200


def test_never_ready_where_the_pipeline_does_not_load(
    tmp_path: Path, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "config.cfg").write_text("[nlp]\nlang = 'none such'\n", encoding="utf-8")
    failed = threading.Event()
    with serve(create_app(Settings(pipeline=str(tmp_path)), on_load_failure=failed.set)) as client:
        assert failed.wait(timeout=30)
        response = client.get("/health")
    assert response.status_code == 503
    assert "does not load" in ErrorResponse.model_validate_json(response.content).error.message
    assert f"The pipeline '{tmp_path}' does not load" in caplog.text
