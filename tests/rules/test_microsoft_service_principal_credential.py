from typing import Any

from auditor.knowledge import EXCHANGE
from auditor.testing import try_rule

MICROSOFT = {"publisher": "microsoft", "managed_identity": False}
ON_PRINCIPAL = {"holder_type": "servicePrincipal", "kind": "certificate"}
TABLES: dict[str, Any] = {
    "service_principals": [
        {"id": "exchange", "name": "Office 365 Exchange Online", "app_id": EXCHANGE, **MICROSOFT},
        {"id": "graph", "name": "Microsoft Graph", **MICROSOFT},
        {"id": "nothing", **MICROSOFT},
        {"id": "saml", **MICROSOFT},
        {"id": "publisher-not-told", **MICROSOFT, "publisher": None},
        {"id": "own", **MICROSOFT, "publisher": "own"},
        {"id": "foreign", **MICROSOFT, "publisher": "foreign"},
    ],
    "credentials": [
        {"principal": 0, "key_id": "k0", **ON_PRINCIPAL},
        {"principal": 1, "key_id": "k1", **ON_PRINCIPAL},
        {"principal": 1, "key_id": "k2", **ON_PRINCIPAL, "kind": "secret"},
        {"principal": 3, "key_id": "k3", **ON_PRINCIPAL, "saml": True},
        {"principal": 4, "key_id": "k4", **ON_PRINCIPAL},
        {"principal": 5, "key_id": "k5", **ON_PRINCIPAL},
        {"principal": 6, "key_id": "k6", **ON_PRINCIPAL},
    ],
}
FAILS = {"exchange", "graph"}
PASSES = {"nothing", "saml"}
UNKNOWN = {"publisher-not-told"}


def test_hybrid_keys_are_hinted_at_and_left_to_microsofts_script() -> None:
    result = try_rule("microsoft-service-principal-credential", TABLES)
    found = {each.object["id"]: each for each in result.findings}
    assert found["exchange"].message == (
        "Microsoft's service principal Office 365 Exchange Online carries credentials: k0; "
        "perhaps keys of a hybrid deployment."
    )
    assert found["exchange"].fix == ""
    assert found["graph"].message == (
        "Microsoft's service principal Microsoft Graph carries credentials: k1, k2."
    )
    assert "Remove-AzADSpCredential" in found["graph"].fix
    assert {each.severity for each in result.findings} == {"critical"}
    assert result.outcome.left_out == 2
