"""SAML signing certificates, the keyId a key and its password share, uses matched to credentials."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from auditor.emulator.certificates import self_signed
from auditor.tables.load import Loaded, load
from auditor.tables.source import known
from tests.tables.made_up import TENANT, snapshot_of

MADE = self_signed("sso", datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
MARK = base64.b64encode(MADE.sha1).decode()
THUMBPRINT = MADE.sha1.hex().upper()
END = {"startDateTime": "2026-01-01T00:00:00Z", "endDateTime": "2027-01-01T00:00:00Z"}


def pair(mark: str, sign: str = "s") -> dict[str, list[dict[str, Any]]]:
    """The three parts of a signing pair: key and password have one keyId, as Graph makes them."""
    shared = {"customKeyIdentifier": mark, **END}
    return {
        "keyCredentials": [
            {"keyId": sign, "usage": "Sign", "type": "X509CertAndPassword", **shared},
            {"keyId": f"{sign}-v", "usage": "Verify", "type": "AsymmetricX509Cert", **shared},
        ],
        "passwordCredentials": [{"keyId": sign, **shared}],
    }


def saml(**more: Any) -> dict[str, Any]:
    return {
        "id": "sp",
        "appId": "client",
        "displayName": "Travel",
        "servicePrincipalType": "Application",
        "appOwnerOrganizationId": TENANT,
        "preferredSingleSignOnMode": "saml",
        "owners": [],
        **pair(MARK),
        **more,
    }


APP = {
    "id": "app",
    "appId": "client",
    "passwordCredentials": [],
    "keyCredentials": [],
    "requiredResourceAccess": [],
    "owners": [],
}


def loaded(*principals: dict[str, Any], **rows: Any) -> Loaded:
    named = {
        name.replace("_", "-"): each for name, each in ({"applications": [APP]} | rows).items()
    }
    return load(snapshot_of({"service-principals": principals, **named}))


def active(**more: Any) -> dict[str, Any]:
    found = loaded(saml(**more)).tables["saml_certificates"]
    return {key: known(each) for key, each in zip(found["key_id"], found["active"], strict=True)}


def test_a_key_and_its_password_may_have_one_key_id() -> None:
    found = loaded(saml())
    assert found.coverage["service-principals"].complete
    assert found.coverage["applications"].complete
    assert list(found.tables["credentials"]["key_id"]) == ["s", "s-v"]
    assert found.tables["secrets"].empty


def test_without_saml_the_password_is_kept_as_a_way_to_sign_in() -> None:
    found = loaded(saml(preferredSingleSignOnMode=None))
    assert found.coverage["applications"].complete
    assert list(found.tables["secrets"]["key_id"]) == ["s"]
    assert list(found.tables["certificates"]["key_id"]) == ["s-v"]


def test_a_secret_that_takes_the_key_id_of_another_certificate_stays_a_fault() -> None:
    odd = saml(preferredSingleSignOnMode=None)
    odd["passwordCredentials"][0]["keyId"] = "s-v"
    assert not loaded(odd).coverage["applications"].complete


def test_two_pairs() -> None:
    first, second = pair(MARK), pair("b3RoZXI=", "t")
    both = {name: [*first[name], *second[name]] for name in first}
    assert active(**both) == {"s": None, "t": None}
    named = {"preferredTokenSigningKeyThumbprint": THUMBPRINT.lower()}
    assert active(**both, **named) == {"s": True, "t": False}
    assert active(**both, preferredTokenSigningKeyThumbprint="unused") == {"s": None, "t": None}


@pytest.mark.parametrize("mark", [MARK, THUMBPRINT, "whatever"])
def test_a_single_pair_is_the_one_in_use(mark: str) -> None:
    named = {"preferredTokenSigningKeyThumbprint": THUMBPRINT}
    assert active(**pair(mark), **named) == {"s": True}
    assert active(**pair(mark)) == {"s": True}


def test_the_bytes_of_the_public_half_tell_what_it_is() -> None:
    key = base64.b64encode(MADE.der).decode()
    keys = [saml()["keyCredentials"][0], {**saml()["keyCredentials"][1], "key": key}]
    read = {"sp": [{"id": "sp", "keyCredentials": keys}]}
    row = loaded(saml(), certificate_bytes=read).tables["saml_certificates"].iloc[0]
    assert row["thumbprint"] == THUMBPRINT
    assert row["bytes_page"] == 3
    unread = loaded(saml()).tables["saml_certificates"].iloc[0]
    assert unread[["thumbprint", "sha256"]].isna().all()


def test_a_use_is_matched_to_the_credential_of_its_application_and_origin() -> None:
    app = APP | {"passwordCredentials": [{"keyId": "twin"}, {"keyId": "own"}]}
    principal = saml(passwordCredentials=[{"keyId": "twin"}], keyCredentials=[])
    use = {"signInActivity": None, "appId": "CLIENT"}

    def rows(*uses: dict[str, Any]) -> Loaded:
        named = [use | {"id": str(number)} | each for number, each in enumerate(uses)]
        return loaded(principal, applications=[app], credential_sign_ins=named)

    found = rows(
        {"keyId": "OWN", "credentialOrigin": "servicePrincipal"},
        {"keyId": "twin", "credentialOrigin": "application"},
        {"keyId": "twin", "credentialOrigin": "servicePrincipal"},
        {"keyId": "gone", "credentialOrigin": "application"},
        {"keyId": "own", "appId": "another"},
    )
    assert list(found.tables["credential_sign_ins"]["credential"]) == [1, 0, 2, -1, -1]
    assert found.coverage["credential-sign-ins"].complete
    unclear = rows({"keyId": "twin", "credentialOrigin": "unknownFutureValue"})
    assert list(unclear.tables["credential_sign_ins"]["credential"]) == [-1]
    assert unclear.coverage["credential-sign-ins"].result == "partial"
