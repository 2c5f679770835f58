from typing import Any

from auditor.testing import try_rule

FOREIGN = {"publisher": "foreign", "managed_identity": False, "owner_tenant": "vendor-tenant"}
ON_PRINCIPAL = {"holder_type": "servicePrincipal", "kind": "secret"}
TABLES: dict[str, Any] = {
    "service_principals": [
        {"id": "secret", "name": "Vendor", **FOREIGN},
        {"id": "type-not-told", **FOREIGN, "managed_identity": None},
        {"id": "nothing", **FOREIGN},
        {"id": "saml", **FOREIGN},
        {"id": "publisher-not-told", **FOREIGN, "publisher": None},
        {"id": "own", **FOREIGN, "publisher": "own"},
        {"id": "microsoft", **FOREIGN, "publisher": "microsoft"},
    ],
    "credentials": [
        {"principal": 0, "key_id": "k0", **ON_PRINCIPAL},
        {"principal": 1, "key_id": "k1", **ON_PRINCIPAL, "kind": "certificate"},
        {"principal": 3, "key_id": "k3", **ON_PRINCIPAL, "saml": True},
        {"principal": 4, "key_id": "k4", **ON_PRINCIPAL},
        {"principal": 5, "key_id": "k5", **ON_PRINCIPAL},
        {"principal": 6, "key_id": "k6", **ON_PRINCIPAL},
    ],
}
FAILS = {"secret", "type-not-told"}
PASSES = {"nothing", "saml"}
UNKNOWN = {"publisher-not-told"}


def test_the_message_names_tenant_and_keys() -> None:
    result = try_rule("foreign-service-principal-credential", TABLES)
    found = {each.object["id"]: each for each in result.findings}
    assert found["secret"].message == (
        "Vendor, an application of tenant vendor-tenant, carries credentials here: k0."
    )
    assert found["secret"].severity == "critical"
    assert "Remove-MgServicePrincipalPassword" in found["secret"].fix
    assert "Remove-AzADSpCredential" in found["type-not-told"].fix
    assert result.outcome.left_out == 2
