"""Entra's other grants: as strict about codes, issuers and users as the real one."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from auditor.emulator import EmulatorError, EmulatorOptions
from auditor.emulator.client_auth import ASSERTION_TYPE
from auditor.emulator.faults import parse_fault
from auditor.emulator.oidc import GITHUB_SUBJECT, KUBERNETES_SUBJECT
from auditor.emulator.options import check_options
from tests.connect.ways import Stage, stage

SCOPE = "https://graph.microsoft.com/.default offline_access openid profile"
VERIFIER = "v" * 50
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)
BACK = "http://localhost:8400"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("emulated")) as made:
        yield made


def ask(place: Stage, what: str = "token", **form: str) -> dict[str, Any]:
    path = f"/{place.emulator.tenant.id}/oauth2/v2.0/{what}"
    with place.http() as http:
        answer: dict[str, Any] = http.post(path, data=form).json()
    return answer


def authorize(place: Stage, **changes: str) -> httpx.Response:
    query = {
        "client_id": place.public_client,
        "response_type": "code",
        "redirect_uri": BACK,
        "scope": SCOPE,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "state": "s",
        "nonce": "n",
    } | changes
    with place.http() as http:
        return http.get(f"/{place.emulator.tenant.id}/oauth2/v2.0/authorize", params=query)


def redeem(place: Stage, code: str, **changes: str) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "client_id": place.public_client,
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        "scope": SCOPE,
    } | changes
    return ask(place, **form)


def code_of(answer: httpx.Response) -> str:
    found = re.search(r"code=([^&]+)", answer.headers["location"])
    assert found
    return found[1]


def test_a_code_is_good_once_and_only_with_its_verifier(place: Stage) -> None:
    code = code_of(authorize(place))
    assert redeem(place, code, code_verifier="other")["error_codes"] == [501481]
    assert redeem(place, code, redirect_uri="http://localhost:1")["error_codes"] == [50011]
    told = redeem(place, code, client_info="1")
    assert redeem(place, code)["error_codes"] == [54005]
    claims = jwt.decode(told["access_token"], options={"verify_signature": False})
    assert "Application.Read.All" in claims["scp"].split()
    assert "roles" not in claims
    assert claims["idtyp"] == "user"
    assert "f2ef992c-3afb-46b9-b7cf-a126ee74c451" in claims["wids"]
    assert jwt.decode(told["id_token"], options={"verify_signature": False})["nonce"] == "n"
    again = ask(
        place,
        grant_type="refresh_token",
        client_id=place.public_client,
        refresh_token=told["refresh_token"],
        scope=SCOPE,
    )
    assert again["access_token"] != told["access_token"]


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ({"redirect_uri": "http://localhost.evil.example"}, 50011),
        ({"redirect_uri": "https://localhost"}, 50011),
        ({"code_challenge_method": "plain"}, 9002325),
        ({"client_id": "00000000-0000-0000-0000-000000000001"}, 700016),
    ],
)
def test_the_sign_in_page_refuses(place: Stage, changes: dict[str, str], number: int) -> None:
    assert authorize(place, **changes).json()["error_codes"] == [number]


def test_exchange_does_not_answer_a_user(place: Stage) -> None:
    token = redeem(place, code_of(authorize(place)))["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    with place.http() as http:
        graph = http.get("/v1.0/organization", headers=headers)
        exchange = http.post(
            f"/adminapi/beta/{place.emulator.tenant.id}/InvokeCommand", headers=headers, json={}
        )
    assert (graph.status_code, exchange.status_code) == (200, 401)


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"subject": "repo:contoso/audit:pull_request"}, 700213),
        ({"subject": GITHUB_SUBJECT.upper()}, 700213),
        ({"audience": "api://other"}, 700212),
        ({"seconds": -400}, 700024),
    ],
)
def test_a_federated_assertion_must_fit(place: Stage, change: dict[str, Any], number: int) -> None:
    token = place.emulator.issuer.token(**{"subject": KUBERNETES_SUBJECT, **change})
    assert federated(place, token)["error_codes"] == [number]


def test_a_forged_assertion_is_refused(place: Stage) -> None:
    issuer = place.emulator.issuer
    parts = issuer.token(KUBERNETES_SUBJECT).split(".")
    parts[2] = issuer.token(KUBERNETES_SUBJECT).split(".")[2]
    assert federated(place, ".".join(parts))["error_codes"] == [50013]


def federated(place: Stage, token: str) -> dict[str, Any]:
    return ask(
        place,
        grant_type="client_credentials",
        client_id=place.emulator.tenant.client_id,
        client_assertion_type=ASSERTION_TYPE,
        client_assertion=token,
        scope="https://graph.microsoft.com/.default",
    )


def test_the_issuer_publishes_the_key_its_tokens_are_signed_with(place: Stage) -> None:
    issuer = place.emulator.issuer
    with place.http() as http:
        told = http.get("/oidc/.well-known/openid-configuration").json()
        keys = http.get(told["jwks_uri"].removeprefix(place.emulator.url)).json()
    key = jwt.PyJWK(keys["keys"][0])
    claims = jwt.decode(
        issuer.token("someone", "them"), key, ["RS256"], audience="them", issuer=told["issuer"]
    )
    assert claims["sub"] == "someone"


def test_the_managed_identitys_endpoint_wants_its_header(place: Stage) -> None:
    endpoint = place.emulator.identity
    assert endpoint is not None
    query = {"api-version": "2019-08-01", "resource": "https://graph.microsoft.com"}
    header = {"X-IDENTITY-HEADER": endpoint.header}
    assert httpx.get(endpoint.url, params=query).status_code == 401
    assert httpx.get(endpoint.url, params={"api-version": "1"}, headers=header).status_code == 400
    told = httpx.get(endpoint.url, params=query, headers=header).json()
    claims = jwt.decode(told["access_token"], options={"verify_signature": False})
    assert claims["appid"] == place.identity_app_id
    assert "Application.Read.All" in claims["roles"]


def test_options_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EmulatorError, match="no directory role"):
        check_options(EmulatorOptions(user_role="King"), ("sick",))
    with pytest.raises(EmulatorError, match="signin"):
        parse_fault("signin=1@/*/oauth2/v2.0/token")
