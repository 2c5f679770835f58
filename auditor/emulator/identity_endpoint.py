"""The endpoint of a managed identity, as App Service and Functions have it: plain HTTP on loopback.

Source: "How to use managed identities for App Service", the REST endpoint reference of 2019-08-01.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from auditor.emulator.aadsts import Denied
from auditor.emulator.tenant import Json

VERSION = "2019-08-01"
PATH = "/msi/token"
_NO_IDENTITY = (
    "No User Assigned or Delegated Managed Identity found for specified "
    "ClientId/ResourceId/PrincipalId."
)


class IdentityEndpoint:
    """Serves tokens of one managed identity to whoever knows `header`."""

    def __init__(self, client_id: str, issue: Callable[[str], Json]) -> None:
        self.header = secrets.token_hex(16).upper()
        self._client_id = client_id
        self._issue = issue
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = endpoint._answer(self.path, self.headers)
                data = orjson.dumps(body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="identity", daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}{PATH}"

    def start(self) -> None:
        """Serves in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stops serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, path: str, headers: Any) -> tuple[int, Json]:
        parts = urlsplit(path)
        query = dict(parse_qsl(parts.query))
        if not secrets.compare_digest(headers.get("X-IDENTITY-HEADER", ""), self.header):
            return _wrong(401, "The X-IDENTITY-HEADER is missing or wrong.")
        if parts.path != PATH or query.get("api-version") != VERSION:
            return _wrong(400, f"The api-version must be {VERSION}.")
        if query.get("client_id", self._client_id) != self._client_id:
            return _wrong(400, _NO_IDENTITY)
        try:
            issued = self._issue(f"{query.get('resource', '')}/.default")
        except Denied as denied:
            return _wrong(500, f"AADSTS{denied.number}: {denied.text}")
        return 200, {
            "access_token": issued["access_token"],
            "client_id": self._client_id,
            "expires_on": str(issued["expires_on"]),
            "not_before": str(issued["not_before"]),
            "resource": query["resource"],
            "token_type": "Bearer",
        }


def _wrong(status: int, message: str) -> tuple[int, Json]:
    return status, {"statusCode": status, "message": message}
