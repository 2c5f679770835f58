from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CertificateCredential

from auditor.emulator.certificates import Certificate, story_key
from auditor.emulator.options import DEFAULT_GRAPH_PERMISSIONS
from auditor.emulator.tokens import ASSERTION_TYPE
from tests.emulator.conftest import Client

SCOPE = "https://graph.microsoft.com/.default"


def _assertion(client: Client, **changes: Any) -> str:
    tenant = client.emulator.tenant
    now = int(time.time())
    claims = {
        "aud": f"{client.emulator.url}/{tenant.id}/oauth2/v2.0/token",
        "iss": tenant.client_id,
        "sub": tenant.client_id,
        "nbf": now,
        "exp": now + 600,
        "jti": "1",
    } | changes.pop("claims", {})
    certificate: Certificate = changes.pop("certificate", tenant.client_certificate)
    x5t = base64.urlsafe_b64encode(certificate.sha1).decode()
    key = changes.pop("key", story_key("client"))
    return jwt.encode(claims, key, "RS256", headers={"x5t": x5t})


def _ask(client: Client, *, tenant: str = "", **form: str) -> dict[str, Any]:
    fields = {
        "grant_type": "client_credentials",
        "client_id": client.emulator.tenant.client_id,
        "scope": SCOPE,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": _assertion(client),
    } | form
    path = f"/{tenant or client.emulator.tenant.id}/oauth2/v2.0/token"
    answer: dict[str, Any] = client.http.post(path, data=fields).json()
    return answer


def _roles(token: str) -> list[str]:
    roles: list[str] = jwt.decode(token, options={"verify_signature": False})["roles"]
    return sorted(roles)


def test_azure_identity_signs_in_for_graph_and_exchange(sick: Client) -> None:
    assert _roles(sick.token()) == sorted(DEFAULT_GRAPH_PERMISSIONS)
    assert _roles(sick.token("https://outlook.office365.com")) == ["Exchange.ManageAsApp"]


def test_the_token_names_tenant_application_and_directory_roles(sick: Client) -> None:
    claims = jwt.decode(sick.token(), options={"verify_signature": False})
    tenant = sick.emulator.tenant
    assert (claims["tid"], claims["appid"], claims["oid"]) == (
        tenant.id,
        tenant.client_id,
        tenant.client_object_id,
    )
    assert "f2ef992c-3afb-46b9-b7cf-a126ee74c451" in claims["wids"]


def test_the_tenant_is_known_by_domain_too(sick: Client) -> None:
    domain = sick.emulator.tenant.domain
    answer = sick.http.get(f"/{domain}/v2.0/.well-known/openid-configuration").json()
    assert answer["token_endpoint"] == f"{sick.emulator.url}/{domain}/oauth2/v2.0/token"


@pytest.mark.parametrize(
    ("form", "number"),
    [
        ({"client_id": "00000000-0000-0000-0000-000000000001"}, 700016),
        ({"scope": "https://graph.microsoft.com/User.Read"}, 1002012),
        ({"scope": "https://nowhere.example/.default"}, 500011),
        ({"client_assertion": "no token at all"}, 50027),
        ({"client_assertion": ""}, 7000218),
        ({"client_secret": "guess"}, 7000215),
        ({"grant_type": "password"}, 70003),
        ({"tenant": "11111111-1111-1111-1111-111111111111"}, 90002),
    ],
)
def test_refusals_carry_entras_numbers(sick: Client, form: dict[str, str], number: int) -> None:
    answer = _ask(sick, **form)
    assert answer["error_codes"] == [number]
    assert answer["error_description"].startswith(f"AADSTS{number}: ")
    assert "Trace ID: " in answer["error_description"]


def test_an_assertion_out_of_its_time_is_refused(sick: Client) -> None:
    past = int(time.time()) - 4000
    old = _assertion(sick, claims={"nbf": past, "exp": past + 600})
    assert _ask(sick, client_assertion=old)["error_codes"] == [700024]
    early = _assertion(sick, claims={"nbf": past + 9000, "exp": past + 9600})
    assert _ask(sick, client_assertion=early)["error_codes"] == [700024]


def test_an_assertion_for_another_endpoint_or_client_is_refused(sick: Client) -> None:
    other = _assertion(sick, claims={"aud": "https://localhost/other"})
    assert _ask(sick, client_assertion=other)["error_codes"] == [700023]
    other = _assertion(sick, claims={"iss": "someone"})
    assert _ask(sick, client_assertion=other)["error_codes"] == [700021]


def test_an_unknown_certificate_and_a_wrong_key_are_refused(sick: Client) -> None:
    unknown = Certificate(b"unknown", sick.emulator.tenant.now, sick.emulator.tenant.now)
    answer = _ask(sick, client_assertion=_assertion(sick, certificate=unknown))
    assert answer["error_codes"] == [700027]
    answer = _ask(sick, client_assertion=_assertion(sick, key=story_key("selfsigned")))
    assert answer["error_codes"] == [700027]


def test_azure_identity_shows_the_refusal(sick: Client, tmp_path: Path) -> None:
    credential = CertificateCredential(
        sick.emulator.tenant.id,
        "00000000-0000-0000-0000-000000000001",
        str(sick.folder / "client.pem"),
        authority=sick.emulator.url,
        disable_instance_discovery=True,
        connection_verify=str(sick.folder / "ca.pem"),
    )
    with pytest.raises(ClientAuthenticationError, match="AADSTS700016"):
        credential.get_token(SCOPE)


def test_an_unborn_application_gets_no_token(sick: Client) -> None:
    app = sick.emulator.tenant.named("Unborn App", "application")
    assert _ask(sick, client_id=app["appId"])["error_codes"] == [700027]
