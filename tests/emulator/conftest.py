"""One server for all tests of a story, and small clients that speak plain HTTP to it."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.identity import CertificateCredential

from auditor.emulator import Emulator, EmulatorOptions

EVENTUAL = {"ConsistencyLevel": "eventual"}


@dataclass
class Client:
    """Signs in as the auditor and sends requests as written."""

    emulator: Emulator
    folder: Path

    @cached_property
    def http(self) -> httpx.Client:
        context = ssl.create_default_context(cafile=self.folder / "ca.pem")
        return httpx.Client(base_url=self.emulator.url, verify=context, timeout=10)

    @cached_property
    def credential(self) -> CertificateCredential:
        return CertificateCredential(
            self.emulator.tenant.id,
            self.emulator.tenant.client_id,
            str(self.folder / "client.pem"),
            authority=self.emulator.url,
            disable_instance_discovery=True,
            connection_verify=str(self.folder / "ca.pem"),
        )

    def token(self, resource: str = "https://graph.microsoft.com") -> str:
        return self.credential.get_token(f"{resource}/.default").token

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        url = path if path.startswith("https:") else f"/v1.0{path}"
        return self.http.get(
            url, headers={"Authorization": f"Bearer {self.token()}"} | (headers or {})
        )

    def post(self, path: str, body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token()}"}
        return self.http.post(f"/v1.0{path}", json=body, headers=headers)

    def items(self, path: str, headers: dict[str, str] | None = None) -> list[dict[str, Any]]:
        """Every page's items, following nextLinks."""
        found: list[dict[str, Any]] = []
        while path:
            page = self.get(path, headers).json()
            found += page["value"]
            path = page.get("@odata.nextLink", "")
        return found

    def batch(self, *urls: str) -> dict[str, dict[str, Any]]:
        steps = [{"id": str(n), "method": "GET", "url": url} for n, url in enumerate(urls, 1)]
        answer = self.post("/$batch", {"requests": steps})
        return {item["id"]: item for item in answer.json()["responses"]}

    def invoke(
        self,
        cmdlet: str,
        parameters: dict[str, Any] | None = None,
        *,
        url: str = "",
        page: int = 1000,
        method: str = "POST",
    ) -> httpx.Response:
        tenant = self.emulator.tenant.id
        body = {"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters or {}}}
        return self.http.request(
            method,
            url or f"/adminapi/beta/{tenant}/InvokeCommand",
            json=body,
            headers={
                "Authorization": f"Bearer {self.token('https://outlook.office365.com')}",
                "Prefer": f"odata.maxpagesize={page}",
            },
        )


@contextmanager
def running(folder: Path, **options: Any) -> Iterator[Client]:
    with Emulator(folder, options=EmulatorOptions(**options)) as emulator:
        client = Client(emulator, folder)
        yield client
        client.http.close()


@pytest.fixture(scope="session")
def sick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("sick")) as client:
        yield client


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with running(tmp_path_factory.mktemp("healthy"), story="healthy") as client:
        yield client


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Client]]:
    """Starts servers with options of the test's own; all stop with it."""
    managers: list[AbstractContextManager[Client]] = []

    def make(**options: Any) -> Client:
        manager = running(tmp_path / str(len(managers)), **options)
        managers.append(manager)
        return manager.__enter__()

    yield make
    for manager in managers:
        manager.__exit__(None, None, None)
