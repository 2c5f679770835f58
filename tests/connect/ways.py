"""A tenant that every way in leads into, and how the tests go in."""

from __future__ import annotations

import asyncio
import os
import re
import ssl
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from auditor.connect.clouds import cloud_of
from auditor.connect.credentials import signer
from auditor.connect.graph import GraphClient
from auditor.connect.identity import Identity
from auditor.connect.tls import tls_context
from auditor.connect.wire import Ask
from auditor.emulator import Emulator, EmulatorOptions
from auditor.emulator.credentials import secret_value
from auditor.emulator.facts import AZURE_CLI
from auditor.emulator.oidc import (
    GITHUB_SUBJECT,
    KUBERNETES_SUBJECT,
    PIPELINE_SUBJECT,
    SERVICE_CONNECTION,
)
from auditor.emulator.stories.ways_in import IDENTITY, PUBLIC_CLIENT
from auditor.emulator.user_auth import DEVICE_GRANT
from auditor.settings import Credential, Settings, load_settings

OPTIONS: dict[str, Any] = {
    "story": "healthy",
    "auditor_secret": 20,
    "trusts": (GITHUB_SUBJECT, PIPELINE_SUBJECT, KUBERNETES_SUBJECT),
    "managed_identity": True,
    "public_client": True,
}
Environment = dict[str, str]


@contextmanager
def stage(folder: Path, **options: Any) -> Iterator[Stage]:
    """The emulator with every way in, or with other options."""
    with Emulator(folder, options=EmulatorOptions(**{**OPTIONS, **options})) as emulator:
        yield Stage(emulator, folder)


class Stage:
    """The running emulator, and what each kind of credential needs of it."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self.folder = folder
        self.said: list[str] = []

    @property
    def app(self) -> dict[str, Any]:
        """The auditor's own registration."""
        tenant = self.emulator.tenant
        return next(each for each in tenant.applications if each["appId"] == tenant.client_id)

    @property
    def secret(self) -> str:
        """The auditor's client secret."""
        return secret_value(self.app["passwordCredentials"][0]["keyId"])

    @property
    def public_client(self) -> str:
        return str(self.emulator.tenant.named(PUBLIC_CLIENT, "application")["appId"])

    def way(self, kind: str, folder: Path) -> tuple[dict[str, Any], Environment]:
        """The keys of [credential] and the environment that a kind takes here."""
        own = {"kind": kind, "client_id": self.emulator.tenant.client_id}
        issuer = self.emulator.issuer
        if kind == "certificate":
            return {**own, "certificate": self.folder / "client.pem"}, {}
        if kind == "client-secret":
            return {**own, "secret_env": "AUDITOR_SECRET"}, {"AUDITOR_SECRET": self.secret}
        if kind == "workload-identity":
            path = folder / "token"
            path.write_text(issuer.token(KUBERNETES_SUBJECT) + "\n", encoding="utf-8")
            return {**own, "token_file": path}, {}
        if kind == "github-actions":
            return own, {
                "ACTIONS_ID_TOKEN_REQUEST_URL": f"{issuer.issuer}/github?api-version=2.0",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": issuer.request_token,
            }
        if kind == "azure-pipelines":
            return {**own, "service_connection": SERVICE_CONNECTION}, {
                "SYSTEM_OIDCREQUESTURI": f"{issuer.issuer}/pipelines",
                "SYSTEM_ACCESSTOKEN": issuer.request_token,
            }
        if kind == "managed-identity":
            assert self.emulator.identity is not None
            return {"kind": kind}, {
                "IDENTITY_ENDPOINT": self.emulator.identity.url,
                "IDENTITY_HEADER": self.emulator.identity.header,
            }
        if kind == "azure-cli":
            return {"kind": kind}, {"PATH": str(self.az(folder, self.cli_token()))}
        return {"kind": kind, "client_id": self.public_client}, {}

    def settings(self, **credential: Any) -> Settings:
        """The emulator's settings with another [credential]."""
        found = load_settings(self.emulator.settings_path)
        return replace(found, credential=Credential(**credential))

    def toml(self, path: Path, **credential: Any) -> Path:
        """The same as a file."""
        text = self.emulator.settings_path.read_text(encoding="utf-8")
        keys = "\n".join(f"{name} = {_toml(value)}" for name, value in credential.items())
        text = re.sub(r"\[credential\].*?\n\n", f"[credential]\n{keys}\n\n", text, flags=re.DOTALL)
        ca = (self.folder / "ca.pem").as_posix()
        path.write_text(text.replace('ca_bundle = "ca.pem"', f'ca_bundle = "{ca}"'), "utf-8")
        return path

    def enter(self, settings: Settings) -> tuple[Identity, int]:
        """Signs in and asks for the organization: who we are, and the status."""
        return asyncio.run(self._enter(settings))

    async def _enter(self, settings: Settings) -> tuple[Identity, int]:
        cloud = cloud_of(settings.tenant.cloud, settings.endpoints)
        context = tls_context(settings.endpoints.ca_bundle)
        async with signer(settings, cloud, context, say=self.said.append) as who:
            me = await who.identity(cloud.graph_scope)
            async with GraphClient(cloud.graph, cloud.graph_scope, who, context, pool=1) as graph:
                answer = await graph.send(Ask(f"{cloud.graph}/v1.0/organization"))
        return me, answer.status

    def http(self) -> httpx.Client:
        context = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        return httpx.Client(base_url=self.emulator.url, verify=context, timeout=10)

    def cli_token(self, resource: str = "https://graph.microsoft.com") -> str:
        """A token as the Azure CLI holds it: Microsoft's own client, for the test user."""
        base = f"/{self.emulator.tenant.id}/oauth2/v2.0"
        scope = f"{resource}/.default openid"
        with self.http() as http:
            asked = http.post(f"{base}/devicecode", data={"client_id": AZURE_CLI, "scope": scope})
            form = {
                "grant_type": DEVICE_GRANT,
                "client_id": AZURE_CLI,
                "device_code": asked.json()["device_code"],
            }
            assert http.post(f"{base}/token", data=form).json()["error"] == "authorization_pending"
            return str(http.post(f"{base}/token", data=form).json()["access_token"])

    def az(self, folder: Path, token: str = "", error: str = "") -> Path:
        """A folder with an `az` that prints this token, or fails with this error."""
        place = folder / "bin"
        place.mkdir(exist_ok=True)
        script = place / "az"
        answer = f'{{"accessToken": "{token}", "expires_on": 9999999999}}'
        body = f"sys.stderr.write({error!r}); sys.exit(1)" if error else f"print({answer!r})"
        script.write_text(f"#!{sys.executable}\nimport sys\n{body}\n", encoding="utf-8")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        if os.name == "nt":
            (place / "az.cmd").write_text(f'@"{sys.executable}" "{script}"\n', encoding="utf-8")
        return place

    @property
    def identity_app_id(self) -> str:
        return str(self.emulator.tenant.named(IDENTITY)["appId"])

    def browse(self, url: str) -> bool:
        """What a browser does with the sign-in page: it posts the form back."""
        with self.http() as http:
            page = http.get(url)
            fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
            target = re.search(r'action="([^"]*)"', page.text)
            assert target, page.text
            httpx.post(target[1], data=fields, timeout=10)
        return True


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}'"
