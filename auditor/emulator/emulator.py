"""The emulator as a whole: a tenant, its services and their server."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from auditor.emulator import effects
from auditor.emulator.aadsts import PLAYED, error_reply
from auditor.emulator.exchange_api import ExchangeService
from auditor.emulator.exchange_module import module_file
from auditor.emulator.faults import FaultPlan
from auditor.emulator.graph import GraphService
from auditor.emulator.graph_posts import answer as answer_graph
from auditor.emulator.identity_endpoint import IdentityEndpoint
from auditor.emulator.oidc import OidcIssuer
from auditor.emulator.options import EmulatorError, EmulatorOptions, check_options
from auditor.emulator.quota import Quota
from auditor.emulator.server import Backend, LoopbackServer, RequestRecord
from auditor.emulator.state import prepare_tls, write_client
from auditor.emulator.stories import STORIES, make_tenant
from auditor.emulator.stories.ways_in import IDENTITY, READER
from auditor.emulator.tokens import TokenService
from auditor.emulator.web import Call, Refusal, Reply, graph_error, new_id

_GRAPH = re.compile(r"/(?P<version>v1\.0|beta)(?P<path>/.*)")
_TOKEN = re.compile(r"/(?P<tenant>[^/]+)/oauth2/v2\.0/token")
_METADATA = re.compile(r"/(?P<tenant>[^/]+)/v2\.0/\.well-known/openid-configuration")
_DEVICE = re.compile(r"/(?P<tenant>[^/]+)/oauth2/v2\.0/devicecode")
_AUTHORIZE = re.compile(r"/(?P<tenant>[^/]+)/oauth2/v2\.0/authorize")
_OIDC = re.compile(r"/oidc/(?P<name>.+)")
_EXCHANGE = re.compile(r"/adminapi/beta/(?P<tenant>[^/]+)/InvokeCommand", re.IGNORECASE)
_MODULE = re.compile(r"/adminapi/v1\.0/(?P<tenant>[^/]+)/EXOModuleFile", re.IGNORECASE)


class Emulator:
    """A tenant served over HTTPS on loopback, from `start` (or `with`) to `stop`."""

    def __init__(self, state: Path, port: int = 0, options: EmulatorOptions | None = None) -> None:
        self.options = options or EmulatorOptions()
        check_options(self.options, tuple(STORIES))
        self._state = Path(state)
        self._port = port
        self._faults = FaultPlan(self.options.faults)
        self.requests: list[RequestRecord] = []
        self.tenant = make_tenant(self.options, self._now())
        self.issuer = OidcIssuer()
        self._tokens = TokenService(
            self.tenant, self._now, self.options.cloud_facts, self.issuer, self._user_id()
        )
        self.identity = self._identity_endpoint()
        quota = Quota(
            f"Tenant_Application/Read/{self.tenant.client_id}/{self.tenant.id}",
            enforced=self.options.quota == "documented",
        )
        self._graph = GraphService(
            self.tenant, self._tokens, self._faults, quota, self.options.cloud_facts
        )
        self._exchange = ExchangeService(
            self.tenant, self._tokens, self._faults, self.options.cloud_facts
        )
        self._server: LoopbackServer | None = None
        self._thread: threading.Thread | None = None
        self.url = ""
        self.settings_path = self._state / "auditor.toml"

    def start(self) -> Self:
        """Binds the port, writes the state folder and serves in a thread."""
        certificate = prepare_tls(self._state)
        latency = self.options.latency_ms / 1000
        backend = Backend(self._answer, self.requests.append, self._now, latency)
        self._server = LoopbackServer(self._port, certificate, backend)
        self.url = self._server.url
        self.issuer.federate(self.tenant, self.url, self.options.trusts)
        if self.identity:
            self.identity.start()
        self.settings_path = write_client(self._state, self.tenant, self.url, self.options.cloud)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="emulator", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stops serving and ends open connections; a second call does nothing."""
        server, self._server = self._server, None
        if server is None:
            return
        if self.identity:
            self.identity.stop()
        server.shutdown()
        server.close_connections()
        server.server_close()
        if self._thread:
            self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _user_id(self) -> str:
        if not self.options.public_client:
            return ""
        return str(self.tenant.named(READER, "user")["id"])

    def _identity_endpoint(self) -> IdentityEndpoint | None:
        if not self.options.managed_identity:
            return None
        principal = self.tenant.named(IDENTITY)
        return IdentityEndpoint(
            principal["appId"], lambda scope: self._tokens.issue_to(principal, scope)
        )

    def _now(self) -> datetime:
        return self.options.now or datetime.now(UTC)

    def _answer(self, call: Call) -> Reply:
        for pattern, serve in (
            (_GRAPH, self._serve_graph),
            (_EXCHANGE, self._serve_exchange),
            (_MODULE, self._serve_module),
            (_TOKEN, self._serve_token),
            (_METADATA, self._serve_metadata),
            (_DEVICE, lambda call, match: self._tokens.device(call, match["tenant"])),
            (_AUTHORIZE, lambda call, match: self._tokens.authorize(call, match["tenant"])),
            (_OIDC, lambda call, match: self.issuer.answer(call, match["name"])),
        ):
            if match := pattern.fullmatch(call.path):
                return serve(call, match)
        return _nowhere(call)

    def _serve_graph(self, call: Call, match: re.Match[str]) -> Reply:
        query = f"?{call.raw_query}" if call.raw_query else ""
        there = replace(call.at(match["path"] + query), version=match["version"])
        return answer_graph(self._graph, there)

    def _serve_exchange(self, call: Call, match: re.Match[str]) -> Reply:
        return self._exchange.answer(call, match["tenant"])

    def _serve_module(self, call: Call, match: re.Match[str]) -> Reply:
        return module_file(self._exchange, call, match["tenant"])

    def _serve_token(self, call: Call, match: re.Match[str]) -> Reply:
        faults = self._faults.take(call.path)
        try:
            effects.refuse(faults, plain=False)
        except Refusal as refusal:
            return graph_error(refusal, new_id(), new_id())
        for fault in faults:
            if fault.kind == "signin":
                return error_reply(PLAYED[int(fault.value)])
        reply = effects.replace_reply(faults) or self._tokens.token(call, match["tenant"])
        return effects.change_bytes(faults, reply)

    def _serve_metadata(self, call: Call, match: re.Match[str]) -> Reply:
        return self._tokens.metadata(call, match["tenant"])


def serve_forever(
    state: Path, port: int, options: EmulatorOptions, ready: Callable[[str], None]
) -> None:
    """Serves until SIGTERM or SIGINT; `ready` gets one line once clients can connect."""
    stopped = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stopped.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        with Emulator(state, port, options) as emulator:
            ready(
                f"Emulating {emulator.tenant.name} ({options.story}) at {emulator.url}; "
                f"settings: {emulator.settings_path}"
            )
            while not stopped.wait(0.2):
                pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _nowhere(call: Call) -> Reply:
    segment = call.path.strip("/").partition("/")[0]
    refusal = Refusal(404, "ResourceNotFound", f"Resource not found for the segment '{segment}'.")
    return graph_error(refusal, new_id(), new_id())


__all__ = ["Emulator", "EmulatorError", "serve_forever"]
