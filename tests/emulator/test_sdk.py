"""Microsoft's own pipeline talks to the emulator: sign-in, retries, bytes."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from importlib import import_module

import httpx
import orjson
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph.graph_request_adapter import GraphRequestAdapter

from tests.emulator.conftest import Client


async def _list(client: Client) -> list[str]:
    context = ssl.create_default_context(cafile=client.folder / "ca.pem")
    base = f"{client.emulator.url}/v1.0"
    async with httpx.AsyncClient(base_url=base, verify=context) as transport:
        # msgraph_core ships no types.
        factory = import_module("msgraph_core").GraphClientFactory
        wrapped = factory.create_with_default_middleware(client=transport)
        provider = AzureIdentityAuthenticationProvider(
            client.credential,
            scopes=["https://graph.microsoft.com/.default"],
            allowed_hosts=["localhost"],
        )
        adapter = GraphRequestAdapter(provider, client=wrapped)
        adapter.base_url = base
        request = RequestInformation()
        request.http_method = Method.GET
        request.url = f"{base}/applications?$select=displayName&$top=999"
        raw = await adapter.send_primitive_async(request, "bytes", {})
    assert isinstance(raw, bytes)
    return [item["displayName"] for item in orjson.loads(raw)["value"]]


def test_the_sdk_pipeline_signs_in_retries_and_reads(start: Callable[..., Client]) -> None:
    client = start(faults=("throttle=1@/applications",))
    names = asyncio.run(_list(client))
    assert names == [item["displayName"] for item in client.emulator.tenant.applications]
    statuses = [r.status for r in client.emulator.requests if r.path == "/v1.0/applications"]
    assert statuses == [429, 200]
