"""What every answer carries, whatever the route: HEAD, size limits, security headers, a net for errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maillage.donnees_liees.negociation import Variante, choose

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


class Acceptable:
    """Refuses with 406 what a route made in a format that the client does not take.

    Routes with several formats choose by themselves; this holds the others to the same promise. An address
    that names its format (a suffix, `?format=`) is answered as asked. `refuser` writes the 406, given the
    media type that is offered; `synonymes` are other names of a media type.
    """

    def __init__(
        self,
        app: ASGIApp,
        refuser: Callable[[Request, str], Response],
        synonymes: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._app, self._refuser, self._synonymes = app, refuser, synonymes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] != "GET" or self._named(scope):
            await self._app(scope, receive, send)
            return
        refused: Response | None = None

        async def send_acceptable(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
                media = Headers(raw=message["headers"]).get("content-type", "").partition(";")[0]
                if media and not self._accepts(scope, media):
                    refused = self._refuser(Request(scope), media)
            if refused is None:
                await send(message)

        await self._app(scope, receive, send_acceptable)
        if refused is not None:
            await refused(scope, receive, send)

    def _named(self, scope: Scope) -> bool:
        last = scope["path"].rpartition("/")[2]
        return "." in last or b"format=" in scope["query_string"]

    def _accepts(self, scope: Scope, media: str) -> bool:
        accept = Headers(scope=scope).get("accept", "")
        return choose(accept, (Variante("", media, self._synonymes.get(media, ())),)) is not None


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
