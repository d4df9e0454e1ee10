"""What every answer carries, whatever the route: HEAD, size limits, security headers, a net for errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITE: dict[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Securite:
    """Adds the security headers, unless the answer has its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITE.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


#: in the scope of a request whose answer is wanted without its body.
TETE = "maillage.tete"


class Tete:
    """Answers HEAD wherever GET answers: the same status and headers, no body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_headers_only(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {"type": message["type"], "body": b"", "more_body": message.get("more_body", False)}
            await send(message)

        await self._app({**scope, "method": "GET", TETE: True}, receive, send_headers_only)


class CorpsTropGrand(Exception):  # noqa: N818
    """The body passed the limit while it was being read."""


class TailleBornee:
    """Refuses bodies over `maximum` bytes, announced or not. `refuser` writes the 413 answer."""

    def __init__(self, app: ASGIApp, maximum: int, refuser: Callable[[Request], Response]) -> None:
        self._app, self._maximum, self._refuser = app, maximum, refuser

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced) > self._maximum:
            await self._refuser(Request(scope))(scope, receive, send)
            return
        received = 0
        started = False

        async def receive_bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._maximum:
                raise CorpsTropGrand
            return message

        async def send_watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive_bounded, send_watched)
        except CorpsTropGrand:
            if not started:
                await self._refuser(Request(scope))(scope, receive, send)


class Filet:
    """Turns an unexpected exception into the one error shape; what happened goes to the log only."""

    def __init__(self, app: ASGIApp, rattraper: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self._app, self._rattraper = app, rattraper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        started = False

        async def send_watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_watched)
        except CorpsTropGrand:
            raise
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            response = await self._rattraper(Request(scope), error)
            await response(scope, receive, send_watched)
