"""One HTTP connection, with bounds that the server does not have of itself: bytes and seconds of a request.

Without them a client that sends headers without end fills the memory, and one that sends a byte a minute
keeps its connection for ever.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: bytes of the request line and the headers together; the last part read may pass it.
ENTETES_MAXIMUM = 64 << 10
#: seconds for the headers, from the connection or the first byte, and then for the body.
DELAI_ENTETES, DELAI_CORPS = 15.0, 60.0

_TROP_GRANDS = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class Connexion(HttpToolsProtocol):
    """A connection whose requests must arrive within ENTETES_MAXIMUM, DELAI_ENTETES and DELAI_CORPS."""

    _en_entetes, _octets = True, 0
    _delai: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See asyncio.Protocol."""
        super().connection_made(transport)
        self._attendre(DELAI_ENTETES)

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._attendre(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        super().data_received(data)
        if self._en_entetes and not self.transport.is_closing():
            self._octets += len(data)
            if self._octets > ENTETES_MAXIMUM:
                self.transport.write(_TROP_GRANDS)
                self.transport.close()

    def on_message_begin(self) -> None:
        """See httptools.HttpRequestParser."""
        super().on_message_begin()
        self._en_entetes, self._octets = True, 0
        self._attendre(DELAI_ENTETES)

    def on_headers_complete(self) -> None:
        """See httptools.HttpRequestParser."""
        self._en_entetes = False
        self._attendre(DELAI_CORPS)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """See httptools.HttpRequestParser."""
        self._attendre(None)
        super().on_message_complete()

    def _attendre(self, secondes: float | None) -> None:
        """Close the connection in so many seconds, unless told otherwise meanwhile."""
        if self._delai is not None:
            self._delai.cancel()
        self._delai = self.loop.call_later(secondes, self._trop_lent) if secondes is not None else None

    def _trop_lent(self, *_: Any) -> None:
        self.transport.abort()
