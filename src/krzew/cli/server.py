"""The web server, and what it does with an upload that is far too large.

A server that answers before everything was sent breaks the connection, and the browser then shows a page of its own
that says nothing. So what is too large is read to its end and thrown away, byte by byte, never kept in memory or on
disk; then the house answers with a page (`ui.uploads`).
"""

from __future__ import annotations

from typing import Any

from waitress import create_server
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import FixedStreamReceiver
from waitress.server import MultiSocketServer

from krzew.ui.uploads import HEADER

MOST_SENT = 60_000_000
"""Bytes of one request that are taken."""

MOST_READ = 2_000_000_000
"""Bytes of one request that are read to the end at all; beyond that the connection is closed at once."""


class Discarding(FixedStreamReceiver):  # type: ignore[misc]
    """Reads a body of known length and keeps none of it."""

    def received(self, data: bytes) -> int:
        taken: int = min(self.remain, len(data))
        self.remain -= taken
        self.completed = self.remain < 1
        return taken


class Parser(HTTPRequestParser):  # type: ignore[misc]
    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        self.headers.pop(HEADER, None)  # nobody says this but the server
        if self.content_length > MOST_SENT:
            self.body_rcv = Discarding(self.content_length, OverflowableBuffer(self.adj.inbuf_overflow))
            self.headers[HEADER] = str(self.content_length)
            self.headers["CONTENT_LENGTH"] = "0"


class Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = Parser


def house_server(application: Any, host: str, port: int, threads: int) -> Any:
    """A server that listens; `run` serves."""
    server = create_server(
        application, host=host, port=port, threads=threads, ident="krzew", max_request_body_size=MOST_READ
    )
    parts = list(server.map.values()) if isinstance(server, MultiSocketServer) else [server]
    for part in parts:
        part.channel_class = Channel
    return server
