from typing import Any

import pytest

from auditor.testing import try_rule

TENANT = "11111111-1111-1111-1111-111111111111"
ENTRA = "https://login.microsoftonline.com"
TABLES: dict[str, Any] = {
    "tenant": [{"id": TENANT, "name": "Contoso"}],
    "federated_credentials": [
        {"id": "http", "issuer": "http://token.actions.githubusercontent.com"},
        {"id": "no-address", "issuer": "gitlab.com"},
        {"id": "elsewhere", "issuer": "https://idp.example/x"},
        {"id": "alike", "issuer": "https://token.actions.githubusercontent.com.evil.example"},
        {"id": "in-front", "issuer": "https://gitlab.com@evil.example"},
        {"id": "bare-suffix", "issuer": "https://evilghe.com/_services/token"},
        {"id": "foreign-tenant", "issuer": f"{ENTRA}/22222222-1111-1111-1111-111111111111/v2.0"},
        {"id": "github", "issuer": "https://token.actions.githubusercontent.com"},
        {"id": "aks", "issuer": "https://westeurope.oic.prod-aks.azure.com/t/g/"},
        {"id": "own-tenant", "issuer": f"{ENTRA}/{TENANT.upper()}/v2.0"},
        {"id": "not-told", "issuer": None},
    ],
}
FAILS = {
    *("http", "no-address", "elsewhere", "alike", "in-front", "bare-suffix"),
    "foreign-tenant",
}
PASSES = {"github", "aks", "own-tenant"}
UNKNOWN = {"not-told"}


@pytest.mark.parametrize("allowed", ["idp.example", "*.example", "https://idp.example/x/"])
def test_an_issuer_of_ones_own_can_be_named(allowed: str) -> None:
    result = try_rule(
        "federated-credential-unknown-issuer", TABLES, settings={"issuers": [allowed]}
    )
    assert "elsewhere" in result.passed
    assert "github" in result.failed


def test_without_the_tenant_an_issuer_of_entra_is_unknown() -> None:
    result = try_rule("federated-credential-unknown-issuer", TABLES | {"tenant": []})
    assert result.unknown == {"not-told", "own-tenant", "foreign-tenant"}
    assert {"github", "aks"} <= result.passed


def test_the_message_says_what_is_wrong_with_it() -> None:
    found = try_rule("federated-credential-unknown-issuer", TABLES).findings
    told = {each.part: each.evidence["reason"] for each in found}
    assert told["http"] == "it is no https address"
    assert told["alike"] == "it is not on the list of issuers"
    assert told["foreign-tenant"].endswith("tenant 22222222-1111-1111-1111-111111111111")
