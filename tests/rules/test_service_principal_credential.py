from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "managed_identity": False}
ON_PRINCIPAL = {"holder_type": "servicePrincipal", "kind": "secret"}
PRINCIPALS = [
    {"id": "secrets", "name": "Job", **OWN},
    {"id": "certificate", **OWN},
    {"id": "expired", **OWN},
    {"id": "saml-and-secret", **OWN},
    {"id": "nothing", **OWN},
    {"id": "saml", **OWN},
    {"id": "on-application", **OWN},
    {"id": "publisher-not-told", **OWN, "publisher": None},
    {"id": "type-not-told", **OWN, "managed_identity": None},
    {"id": "managed", **OWN, "managed_identity": True},
    {"id": "foreign", **OWN, "publisher": "foreign"},
    {"id": "microsoft", **OWN, "publisher": "microsoft"},
]
ROW = {each["id"]: row for row, each in enumerate(PRINCIPALS)}
TABLES: dict[str, Any] = {
    "service_principals": PRINCIPALS,
    "credentials": [
        {"principal": ROW["secrets"], "key_id": "k2", **ON_PRINCIPAL},
        {"principal": ROW["secrets"], "key_id": "k1", **ON_PRINCIPAL},
        {"principal": ROW["certificate"], "key_id": "k3", **ON_PRINCIPAL, "kind": "certificate"},
        {"principal": ROW["expired"], "key_id": "k4", **ON_PRINCIPAL, "end": "2020-01-01"},
        {"principal": ROW["saml-and-secret"], "key_id": "k5", **ON_PRINCIPAL, "saml": True},
        {"principal": ROW["saml-and-secret"], "key_id": "k6", **ON_PRINCIPAL},
        {"principal": ROW["saml"], "key_id": "k7", **ON_PRINCIPAL, "saml": True},
        {"principal": ROW["on-application"], "key_id": "k8", "holder_type": "application"},
        {"principal": ROW["publisher-not-told"], "key_id": "k9", **ON_PRINCIPAL},
        {"principal": ROW["managed"], "key_id": "k10", **ON_PRINCIPAL},
        {"principal": ROW["foreign"], "key_id": "k11", **ON_PRINCIPAL},
        {"principal": -1, "key_id": "k12", **ON_PRINCIPAL},
    ],
}
FAILS = {"secrets", "certificate", "expired", "saml-and-secret"}
PASSES = {"nothing", "saml", "on-application"}
UNKNOWN = {"publisher-not-told", "type-not-told"}


def test_the_evidence_lists_the_keys() -> None:
    result = try_rule("service-principal-credential", TABLES)
    found = {each.object["id"]: each for each in result.findings}
    assert (
        found["secrets"].message
        == "The service principal of Job itself carries credentials: k1, k2."
    )
    assert found["secrets"].evidence["key_ids"] == ["k1", "k2"]
    assert found["secrets"].evidence["secrets"] == 2
    assert found["certificate"].evidence["keys"] == 1
    assert found["saml-and-secret"].evidence["key_ids"] == ["k6"]
    assert result.outcome.left_out == 3


def test_the_command_removes_all_of_them() -> None:
    result = try_rule("service-principal-credential", TABLES)
    fixes = {each.object["id"]: each.fix for each in result.findings}
    assert fixes["secrets"] == (
        "'k1, k2' -split ', ' | ForEach-Object { Remove-MgServicePrincipalPassword "
        "-ServicePrincipalId 'secrets' -KeyId $_ }"
    )
    assert fixes["certificate"] == (
        "'k3' -split ', ' | ForEach-Object { Remove-AzADSpCredential -ObjectId 'certificate' "
        "-KeyId $_ }"
    )
