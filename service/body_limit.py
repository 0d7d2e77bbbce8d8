"""Refuses a request body that is too large, while it comes in, whether or not it announces its length."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimitMiddleware:
    """Raises HTTPException 413 where the application reads more than `max_bytes`.

    FastAPI's own `max_body_size` would answer in plain text; this goes through the error handlers as every other error.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # uvicorn answers 400 to a Content-Length that is not a number.
        announced = int(Headers(scope=scope).get("content-length", 0))
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            if announced > self.max_bytes:
                raise self._too_large()
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_bytes:
                raise self._too_large()
            return message

        await self.app(scope, receive_limited, send)

    def _too_large(self) -> HTTPException:
        return HTTPException(413, f"the body is larger than {self.max_bytes} bytes: send fewer texts in a request")
