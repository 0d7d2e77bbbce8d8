"""The FastAPI application: `create_app(settings)`."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Body, Depends, FastAPI, Request
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from .body_limit import BodyLimitMiddleware
from .errors import add_error_handlers, document_errors, invalid_request, not_ready
from .inference import Analyzer, Job, PipelineNotFound
from .limits import find_problems
from .schemas import EXAMPLE_TEXT, AnalyzeRequest, AnalyzeResponse, HealthResponse, Limits, Pipeline
from .settings import Settings

logger = logging.getLogger(__name__)

DESCRIPTION = """
Turns texts into typed, scored annotations: entities with canonical values, and document classes with probabilities.

* Offsets count Unicode code points of the text sent, the end is exclusive: in Python `text[start:end]`.
* Every error has the same shape, `{"error": {"type", "message", …}}`.
* Labels and limits of the running pipeline: `GET /health`.
"""

REQUEST_EXAMPLES = {
    "one": {"summary": "One text", "value": {"text": EXAMPLE_TEXT}},
    "several": {
        "summary": "Several texts",
        "value": {"texts": [EXAMPLE_TEXT, "The board cut its forecast for next year."]},
    },
    "dated": {
        "summary": "With the day it was written",
        "value": {"text": "Orders fell 3% last quarter.", "reference_date": "2031-10-24"},
    },
}

router = APIRouter()


def get_limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits


def get_analyzer(request: Request) -> Analyzer:
    """The analyzer, once its pipeline is loaded. RAISES (ServiceError): 503 before."""
    analyzer: Analyzer = request.app.state.analyzer
    if analyzer.status == "loading":
        raise not_ready("the pipeline is loading")
    if analyzer.status == "failed":
        raise not_ready("the pipeline does not load: the log of the service says why")
    return analyzer


def require_json(request: Request) -> None:
    """RAISES (HTTPException): 415 where the body is not announced as JSON; FastAPI would take it for a string."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not (
        media_type.startswith("application/") and media_type.endswith("+json")
    ):
        raise HTTPException(415, "send JSON, with the header Content-Type: application/json")


@router.post(
    "/v1/analyze",
    operation_id="analyze",
    summary="Analyse one text or several",
    tags=["analysis"],
    dependencies=[Depends(require_json)],
    responses=document_errors(413, 415, 422, 500, 503),
)
async def analyze(
    body: Annotated[AnalyzeRequest, Body(openapi_examples=REQUEST_EXAMPLES)],
    limits: Annotated[Limits, Depends(get_limits)],
    analyzer: Annotated[Analyzer, Depends(get_analyzer)],
) -> AnalyzeResponse:
    """Entities and classes of every text, in the order of the request. One bad text refuses the whole request."""
    problems = list(find_problems(body, limits))
    if problems:
        raise invalid_request(problems)
    documents = await analyzer.analyze([Job(text, body.reference_date) for _, text in body.located_texts()])
    details = analyzer.loaded.details
    return AnalyzeResponse(pipeline=Pipeline(name=details.name, version=details.version), documents=documents)


@router.get(
    "/health",
    operation_id="health",
    summary="Is it ready, and what does it serve",
    tags=["operation"],
    responses=document_errors(503),
)
async def health(
    limits: Annotated[Limits, Depends(get_limits)], analyzer: Annotated[Analyzer, Depends(get_analyzer)]
) -> HealthResponse:
    """503 until the pipeline is loaded and has analysed a first text."""
    return HealthResponse(pipeline=analyzer.loaded.details, labels=analyzer.loaded.labels, limits=limits)


@router.get("/", include_in_schema=False)
async def to_documentation() -> RedirectResponse:
    """Who opens the service's address in a browser sees what it can do. Relative, for a proxy that adds a prefix."""
    return RedirectResponse("docs")


def create_app(settings: Settings | None = None, *, on_load_failure: Callable[[], None] | None = None) -> FastAPI:
    """Make the application; its pipeline is loaded when it starts, while it already answers 503.

    settings (Settings | None): None reads them from the environment.
    on_load_failure (Callable | None): called in the event loop where the pipeline does not load.
    """
    settings = settings or Settings()
    analyzer = Analyzer(settings.pipeline, threads=settings.threads)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        loading = asyncio.create_task(load(analyzer, on_load_failure))
        try:
            yield
        finally:
            loading.cancel()
            analyzer.close()

    # As FastAPI(), but /docs takes Swagger UI from the package's files instead of a CDN.
    app = FastAPIOffline(
        title="Bellwether",
        summary="Typed, scored annotations of texts.",
        description=DESCRIPTION,
        version=version("spacy-bellwether"),
        lifespan=lifespan,
        redoc_url=None,
        # Without it Swagger UI sends the address of the service to validator.swagger.io.
        swagger_ui_parameters={"validatorUrl": None},
    )
    app.state.analyzer = analyzer
    app.state.limits = settings.limits
    app.add_middleware(BodyLimitMiddleware, max_bytes=settings.max_body_bytes)
    add_error_handlers(app)
    app.include_router(router)
    return app


async def load(analyzer: Analyzer, on_failure: Callable[[], None] | None) -> None:
    """Load the pipeline and log how it went."""
    try:
        await analyzer.start()
    except PipelineNotFound as error:
        logger.error("%s", error)
    except Exception:
        logger.exception("The pipeline '%s' does not load", analyzer.name)
    else:
        details = analyzer.loaded.details
        logger.info("Ready: %s %s (%s)", details.name, details.version, ", ".join(details.components))
        return
    if on_failure is not None:
        on_failure()
