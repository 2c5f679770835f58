"""The HTTPS server: threads, sockets and nothing else."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from auditor.emulator.options import EmulatorError
from auditor.emulator.web import Call, Clock, Reply, http_date

HOST = "127.0.0.1"


@dataclass(frozen=True)
class RequestRecord:
    """One HTTP request the server answered. `detail` names the items of a batch or a cmdlet."""

    method: str
    path: str
    query: dict[str, str]
    status: int
    headers: dict[str, str]
    body_length: int
    detail: tuple[str, ...] = ()


@dataclass(frozen=True)
class Backend:
    """What the server calls: the answer to a request, and a place to tell about it."""

    answer: Callable[[Call], Reply]
    record: Callable[[RequestRecord], None]
    clock: Clock
    latency: float


class LoopbackServer(ThreadingHTTPServer):
    """A threaded TLS server on the loopback address."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = os.name != "nt"  # there it lets two servers share a port

    def __init__(self, port: int, certificate: Path, backend: Backend) -> None:
        self.backend = backend
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise _port_error(port, error) from error
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(certificate)
        # The handshake is made by the connection's own thread: a slow client blocks nobody.
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )

    @property
    def url(self) -> str:
        """The server's address as its certificate names it."""
        return f"https://localhost:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remembers the connection, then serves it in a thread."""
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forgets the connection and closes it."""
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away or distrust the certificate are no news."""

    def close_connections(self) -> None:
        """Ends the connections clients keep alive."""
        with self._guard:
            waiting = list(self._open)
        for request in waiting:
            try:
                request.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "EntraEmulator"
    disable_nagle_algorithm = True
    server: LoopbackServer

    def _serve(self) -> None:
        started = time.monotonic()
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length)) if length.isdigit() else b""
        parts = urlsplit(self.path)
        headers = {name.casefold(): value for name, value in self.headers.items()}
        call = Call(
            method=self.command,
            path=unquote(parts.path),
            raw_query=parts.query,
            headers=headers,
            body=body,
            base=f"https://{headers.get('host', 'localhost')}",
        )
        reply = self.server.backend.answer(call)
        record = RequestRecord(
            call.method, call.path, call.query, reply.status, headers, len(body), reply.detail
        )
        self.server.backend.record(record)
        late = self.server.backend.latency + reply.delay - (time.monotonic() - started)
        if late > 0:
            time.sleep(late)
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        phrase = HTTPStatus(reply.status).phrase
        headers = {
            "Content-Type": reply.content_type,
            "Content-Length": str(len(reply.body)),
            "Date": http_date(self.server.backend.clock()),
            "Cache-Control": "no-cache",
            **reply.headers,
        }
        lines = [f"HTTP/1.1 {reply.status} {phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        body = b"" if self.command == "HEAD" else reply.body
        if reply.cut:
            body = body[: len(body) // 2]
            self.close_connection = True
        self.wfile.write(head + body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815 - http.server names them

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are recorded, not printed."""


def _port_error(port: int, error: OSError) -> EmulatorError:
    if error.errno == errno.EADDRINUSE:
        return EmulatorError(
            f"Port {port} is in use by another program; name another or 0 for any free one."
        )
    return EmulatorError(f"Port {port} cannot be used ({error.strerror}); name another.")
