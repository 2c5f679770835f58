"""How settings of applications and service principals are read, as received or not told."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.snapshot import Snapshot
from auditor.tables.load import load
from auditor.tables.source import known
from tests.tables.made_up import TENANT, snapshot_of

IDS: dict[str, Any] = {
    "passwordCredentials": [],
    "keyCredentials": [],
    "requiredResourceAccess": [],
    "owners": [],
}
APP: dict[str, Any] = IDS | {
    "id": "app",
    "appId": "Client",
    "web": {
        "redirectUris": ["https://shop.example/in", "http://localhost/in"],
        "implicitGrantSettings": {
            "enableAccessTokenIssuance": False,
            "enableIdTokenIssuance": True,
        },
    },
    "spa": {"redirectUris": ["https://127.0.0.1:8443/", "https://SHOP.example/IN"]},
    "publicClient": {"redirectUris": ["http://localhost", "msauth.com.shop://auth"]},
    "identifierUris": ["api://client"],
    "isFallbackPublicClient": None,
    "servicePrincipalLockConfiguration": {"isEnabled": True, "allProperties": True},
    "verifiedPublisher": {"verifiedPublisherId": None, "displayName": None},
}
PRINCIPAL: dict[str, Any] = IDS | {
    "id": "sp",
    "appId": "client",
    "servicePrincipalType": "Application",
    "appOwnerOrganizationId": TENANT,
    "replyUrls": ["https://shop.example/in", "https://added.example/"],
    "appRoles": [],
    "appRoleAssignmentRequired": False,
    "disabledByMicrosoftStatus": None,
    "verifiedPublisher": {"verifiedPublisherId": "123", "displayName": "Shop Ltd"},
}


def snapshot(app: dict[str, Any], principal: dict[str, Any]) -> Snapshot:
    return snapshot_of({"applications": [APP | app], "service-principals": [PRINCIPAL | principal]})


def cell(table: str, column: str, changes: dict[str, Any]) -> Any:
    both = (changes, {}) if table == "applications" else ({}, changes)
    return known(load(snapshot(*both)).tables[table][column].iloc[0])


@pytest.mark.parametrize(
    ("column", "changes", "value"),
    [
        ("implicit_access_tokens", {}, False),
        ("implicit_id_tokens", {}, True),
        ("implicit_id_tokens", {"web": {"redirectUris": []}}, None),
        ("implicit_id_tokens", {"web": None}, None),
        ("fallback_public", {}, False),
        ("fallback_public", {"isFallbackPublicClient": True}, True),
        ("fallback_public", {"isFallbackPublicClient": "yes"}, None),
        ("lock_enabled", {}, True),
        ("lock_verify", {}, None),
        ("lock_verify", {"servicePrincipalLockConfiguration": None}, False),
        ("lock_enabled", {"servicePrincipalLockConfiguration": None}, False),
        ("lock_enabled", {"servicePrincipalLockConfiguration": "on"}, None),
        ("verified", {}, False),
        ("verified", {"verifiedPublisher": None}, None),
        ("identifier_uris", {}, ("api://client",)),
        ("identifier_uris", {"identifierUris": None}, None),
        ("local_redirects", {}, ("http://localhost/in", "https://127.0.0.1:8443/")),
        ("public_redirects", {}, ("https://SHOP.example/IN", "https://shop.example/in")),
        ("public_redirects", {"spa": None}, None),
        ("public_redirects", {"spa": {"redirectUris": [7]}}, None),
    ],
)
def test_applications(column: str, changes: dict[str, Any], value: Any) -> None:
    assert cell("applications", column, changes) == value


@pytest.mark.parametrize(
    ("column", "changes", "value"),
    [
        ("assignment_required", {}, False),
        ("assignment_required", {"appRoleAssignmentRequired": None}, None),
        ("sign_in", {}, True),
        ("sign_in", {"replyUrls": []}, False),
        ("sign_in", {"replyUrls": None}, None),
        ("sign_in", {"replyUrls": [], "appRoles": None}, None),
        ("sign_in", {"replyUrls": [], "appRoles": [{"id": "r"}]}, True),
        ("sign_in", {"replyUrls": [], "preferredSingleSignOnMode": "saml"}, True),
        ("sign_in", {"replyUrls": [], "preferredSingleSignOnMode": "notSupported"}, False),
        ("verified", {}, True),
        ("verified_name", {}, "Shop Ltd"),
        ("verified", {"verifiedPublisher": {"verifiedPublisherId": ""}}, False),
        ("verified", {"verifiedPublisher": {}}, None),
        ("verified", {"verifiedPublisher": None}, None),
        ("disabled_by_microsoft", {}, "NotDisabled"),
        ("disabled_by_microsoft", {"disabledByMicrosoftStatus": 7}, None),
        ("auditor", {}, None),
    ],
)
def test_service_principals(column: str, changes: dict[str, Any], value: Any) -> None:
    assert cell("service_principals", column, changes) == value


@pytest.mark.parametrize(
    ("table", "column", "name"),
    [
        ("applications", "fallback_public", "isFallbackPublicClient"),
        ("applications", "lock_enabled", "servicePrincipalLockConfiguration"),
        ("service_principals", "disabled_by_microsoft", "disabledByMicrosoftStatus"),
        ("service_principals", "verified", "verifiedPublisher"),
    ],
)
def test_a_property_that_a_cloud_lacks_is_not_told(table: str, column: str, name: str) -> None:
    made = snapshot_of(
        {
            "applications": [{k: v for k, v in APP.items() if k != name}],
            "service-principals": [{k: v for k, v in PRINCIPAL.items() if k != name}],
        }
    )
    assert known(load(made).tables[table][column].iloc[0]) is None


@pytest.mark.parametrize(
    ("told", "value"),
    [
        ({"service_principal": "SP"}, True),
        ({"client_id": "CLIENT"}, True),
        ({"client_id": "x"}, False),
    ],
)
def test_the_auditor_is_who_the_snapshot_says(told: dict[str, str], value: bool) -> None:
    made = snapshot({}, {})
    made.tenant.update(told)
    assert known(load(made).tables["service_principals"]["auditor"].iloc[0]) is value


def redirects(app: dict[str, Any], principal: dict[str, Any]) -> list[tuple[str, str]]:
    table = load(snapshot(app, principal)).tables["redirect_uris"]
    return sorted(zip(table["platform"], table["uri"], strict=True))


def test_redirect_uris_are_told_once() -> None:
    assert redirects({}, {}) == [
        ("publicClient", "http://localhost"),
        ("publicClient", "msauth.com.shop://auth"),
        ("replyUrls", "https://added.example/"),
        ("spa", "https://127.0.0.1:8443/"),
        ("spa", "https://SHOP.example/IN"),
        ("web", "http://localhost/in"),
        ("web", "https://shop.example/in"),
    ]
    twice = {"redirectUris": ["https://a.example/x", "https://A.example/X"]}
    assert [uri for kind, uri in redirects({"spa": twice}, {}) if kind == "spa"] == [
        "https://a.example/x"
    ]


def test_a_list_that_was_not_told_is_a_row_without_an_address() -> None:
    table = load(snapshot({"spa": None}, {"replyUrls": None})).tables["redirect_uris"]
    untold = table[table["uri"] == ""]
    assert sorted(untold["platform"]) == ["replyUrls", "spa"]
    assert untold["scheme"].isna().all()
    assert untold["host"].isna().all()


def test_microsofts_redirect_uris_are_left_out() -> None:
    owner = {"appOwnerOrganizationId": "f8cdef31-a31e-4b4a-93e4-5f571e91255a"}
    assert not [uri for kind, uri in redirects({}, owner) if kind == "replyUrls"]
