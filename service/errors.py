"""Every error that a client can get, in one shape: `schemas.ErrorResponse`."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bellwether.limits import HALF_A_PAIR

from .inference import PipelineFailed
from .schemas import Error, ErrorResponse, ErrorType, Problem

logger = logging.getLogger(__name__)

MAX_PROBLEMS = 20
MAX_NAME_CHARACTERS = 100
RETRY_AFTER_SECONDS = 2
INTERNAL_ERROR = "The service failed on this request and goes on. Its log has the reason under this id."

HTTP_ERRORS: dict[int, ErrorType] = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
}

# Where our words say more than pydantic's.
MESSAGES = {
    "extra_forbidden": "is not a field of the request",
    "missing": "is missing",
    "model_attributes_type": "must be a JSON object",
    "string_unicode": HALF_A_PAIR,
}


class ServiceError(Exception):
    """An error that is answered as it stands."""

    def __init__(self, status: int, error: Error, *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(error.message)
        self.status = status
        self.error = error
        self.headers = headers


def invalid_request(problems: Sequence[Problem], count: int | None = None) -> ServiceError:
    """422, with the first of the problems; there is at least one, and there may be `count` of them in all."""
    first = problems[0]
    place = ".".join(map(str, first.loc[1:] or first.loc))
    more = (count or len(problems)) - 1
    message = f"{place}: {first.message}" + (f" (and {more} more)" if more else "")
    return ServiceError(422, Error(type="invalid_request", message=message, problems=list(problems[:MAX_PROBLEMS])))


def not_ready(reason: str) -> ServiceError:
    """503."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return ServiceError(503, Error(type="not_ready", message=reason), headers=headers)


def internal_error(problem: str, *, headers: Mapping[str, str] | None = None) -> ServiceError:
    """500; the problem is logged under an id and not told to the client."""
    error_id = uuid4().hex
    logger.error("Error %s: %s", error_id, problem)
    return ServiceError(500, Error(type="internal_error", message=INTERNAL_ERROR, id=error_id), headers=headers)


def response_of(error: ServiceError) -> Response:
    content = ErrorResponse(error=error.error).model_dump()
    return JSONResponse(content, status_code=error.status, headers=error.headers)


def problem_of(error: Mapping[str, Any]) -> Problem:
    """One of pydantic's errors as ours. The input is left out: it may be large, and it may be no Unicode text."""
    kind, loc = error["type"], error["loc"]
    message = MESSAGES.get(kind, error["msg"])
    if kind == "json_invalid":
        message = f"is not JSON: {error['ctx']['error']} at character {loc[-1]}"
        loc = loc[:1]
    return Problem(loc=[printable(part) for part in loc], type=kind, message=message)


def printable(part: str | int) -> str | int:
    """A name that a client chose, short and without halves of surrogate pairs, which no response could hold."""
    if isinstance(part, int):
        return part
    if len(part) > MAX_NAME_CHARACTERS:
        part = part[:MAX_NAME_CHARACTERS] + "…"
    return part.encode("utf-8", "backslashreplace").decode("utf-8")


async def on_service_error(request: Request, error: ServiceError) -> Response:
    return response_of(error)


async def on_invalid_request(request: Request, error: RequestValidationError) -> Response:
    errors = error.errors()
    return response_of(invalid_request([problem_of(entry) for entry in errors[:MAX_PROBLEMS]], len(errors)))


async def on_http_error(request: Request, error: HTTPException) -> Response:
    if error.status_code == 400:
        # FastAPI's answer where json.loads raises another error than JSONDecodeError: for a body that is not in UTF-8
        # or is nested too deeply, or a number of thousands of digits.
        reason = f"is not JSON that can be read: {error.__cause__ or error.detail}"
        return response_of(invalid_request([Problem(loc=["body"], type="json_invalid", message=reason)]))
    kind = HTTP_ERRORS.get(error.status_code, "http_error")
    return response_of(ServiceError(error.status_code, Error(type=kind, message=error.detail), headers=error.headers))


async def on_pipeline_failure(request: Request, error: PipelineFailed) -> Response:
    return response_of(internal_error(f"the pipeline failed\n{error}"))


async def on_unexpected_error(request: Request, error: Exception) -> Response:
    # Starlette raises the error again after the response: uvicorn logs the traceback and drops the connection, which
    # the client must know before it sends its next request there.
    return response_of(internal_error(f"{type(error).__name__}: {error}", headers={"Connection": "close"}))


def add_error_handlers(app: FastAPI) -> None:
    app.exception_handler(ServiceError)(on_service_error)
    app.exception_handler(RequestValidationError)(on_invalid_request)
    app.exception_handler(HTTPException)(on_http_error)
    app.exception_handler(PipelineFailed)(on_pipeline_failure)
    app.exception_handler(Exception)(on_unexpected_error)


def document_errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route: what it may answer besides its model."""
    return {
        status: {
            "model": ErrorResponse,
            "description": description,
            "content": {"application/json": {"example": json.loads(ErrorResponse(error=error).model_dump_json())}},
        }
        for status, (description, error) in DOCUMENTED.items()
        if status in statuses
    }


DOCUMENTED: dict[int, tuple[str, Error]] = {
    413: (
        "The body is too large.",
        Error(type="body_too_large", message="the body is larger than 1048576 bytes: send fewer texts in a request"),
    ),
    415: (
        "The body is not announced as JSON.",
        Error(type="unsupported_media_type", message="send JSON, with the header Content-Type: application/json"),
    ),
    422: (
        "Something is wrong with the request; `problems` says what and where.",
        Error(
            type="invalid_request",
            message="texts.3: is blank",
            problems=[Problem(loc=["body", "texts", 3], type="blank_text", message="is blank")],
        ),
    ),
    500: (
        "The service failed on this request and goes on.",
        Error(
            type="internal_error",
            message=INTERNAL_ERROR,
            id="3f0c2f6e1d6b4c0f8a53a4e7c9b1d2e8",
        ),
    ),
    503: (
        "The pipeline is not loaded yet; `Retry-After` says when to ask again.",
        Error(type="not_ready", message="the pipeline is loading"),
    ),
}
