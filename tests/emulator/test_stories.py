"""The two tenants hold what they promise, read from the tenant value and its certificates."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from auditor.emulator import EmulatorOptions, Tenant
from auditor.emulator.facts import FIRST_PARTY, GRAPH, MICROSOFT_TENANT, app_role_id
from auditor.emulator.stories import make_tenant

NOW = datetime(2026, 3, 4, 15, 16, tzinfo=UTC)
SICK = make_tenant(EmulatorOptions(), NOW)
HEALTHY = make_tenant(EmulatorOptions(story="healthy"), NOW)


def _days(text: str) -> float:
    stamp = datetime.fromisoformat(text.replace("9999999Z", "+00:00").rstrip("."))
    return (stamp - NOW.replace(hour=0, minute=0)) / timedelta(days=1)


def _own(tenant: Tenant) -> list[dict[str, Any]]:
    principals = [
        item
        for item in tenant.service_principals
        if item["servicePrincipalType"] != "ManagedIdentity"
    ]
    return [*tenant.applications, *principals]


def _certificates(tenant: Tenant) -> dict[str, x509.Certificate]:
    return {
        key["displayName"]: x509.load_der_x509_certificate(
            base64.b64decode(tenant.keys[item["id"]][key["keyId"]])
        )
        for item in _own(tenant)
        for key in item["keyCredentials"]
        if key["displayName"] != "broken" and key["type"] != "Symmetric"
    }


def _holders(tenant: Tenant, name: str) -> set[str]:
    wanted = app_role_id(GRAPH, name)
    return {
        item["principalDisplayName"]
        for items in tenant.relations["appRoleAssignments"].values()
        for item in items
        if item["appRoleId"] == wanted
    }


@pytest.mark.parametrize("tenant", [SICK, HEALTHY], ids=["sick", "healthy"])
def test_microsofts_service_principals_are_there(tenant: Tenant) -> None:
    owned = [
        item
        for item in tenant.service_principals
        if item["appOwnerOrganizationId"] == MICROSOFT_TENANT
    ]
    assert {item["appId"] for item in owned} == {app_id for _, app_id in FIRST_PARTY}
    graph = tenant.named("Microsoft Graph")
    assert {role["value"] for role in graph["appRoles"]} >= {"Mail.Read", "Directory.Read.All"}


@pytest.mark.parametrize("tenant", [SICK, HEALTHY], ids=["sick", "healthy"])
def test_ids_are_unique_and_relations_resolve(tenant: Tenant) -> None:
    for items in (tenant.applications, tenant.service_principals, tenant.users, tenant.groups):
        assert len({item["id"] for item in items}) == len(items)
    ids = {item["id"] for item in tenant.service_principals}
    assert set(tenant.relations["appRoleAssignments"]) <= ids
    assert set(tenant.relations["appRoleAssignedTo"]) <= ids
    keys = [
        key["keyId"]
        for item in (*tenant.applications, *tenant.service_principals)
        for key in item["keyCredentials"]
    ]
    assert len(keys) == len(set(keys))


def test_the_healthy_tenant_has_one_secret_that_is_not_valid_yet() -> None:
    marks = {k["customKeyIdentifier"] for i in _own(HEALTHY) for k in i["keyCredentials"]}
    secrets = [
        secret
        for item in _own(HEALTHY)
        for secret in item["passwordCredentials"]
        if secret["customKeyIdentifier"] not in marks
    ]
    assert len(secrets) == 1
    start, end = _days(secrets[0]["startDateTime"]), _days(secrets[0]["endDateTime"])
    assert start > 0
    assert 90 < end - start <= 170
    assert end > 90


def test_the_healthy_tenants_certificates_are_good() -> None:
    found = _certificates(HEALTHY)
    assert len(found) >= 5
    for certificate in found.values():
        assert certificate.issuer != certificate.subject
        lifetime = certificate.not_valid_after_utc - certificate.not_valid_before_utc
        assert lifetime <= timedelta(days=365)
        assert certificate.not_valid_after_utc > NOW + timedelta(days=90)
        key = certificate.public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        assert key.key_size == 2048


def test_the_healthy_tenant_has_no_path_upwards() -> None:
    for name in (
        "RoleManagement.ReadWrite.Directory",
        "AppRoleAssignment.ReadWrite.All",
        "Application.ReadWrite.All",
    ):
        assert _holders(HEALTHY, name) == set()
        assert _holders(SICK, name)
    ids = {item["id"] for item in HEALTHY.service_principals}
    names = {role["id"]: role["displayName"] for role in HEALTHY.role_definitions}
    held = [a for a in HEALTHY.role_assignments if a["principalId"] in ids]
    assert {names[item["roleDefinitionId"]] for item in held} == {
        "Reports Reader",
        "Directory Readers",
    }


@pytest.mark.parametrize("tenant", [HEALTHY])
def test_the_healthy_tenant_consents_to_what_it_requests(tenant: Tenant) -> None:
    principals = {item["appId"]: item["id"] for item in tenant.service_principals}
    for app in tenant.applications:
        asked = {
            (principals[need["resourceAppId"]], access["id"])
            for need in app["requiredResourceAccess"]
            for access in need["resourceAccess"]
            if access["type"] == "Role"
        }
        granted = tenant.relations["appRoleAssignments"].get(principals[app["appId"]], [])
        assert asked == {(item["resourceId"], item["appRoleId"]) for item in granted}


def test_the_sick_tenant_has_one_credential_in_each_window() -> None:
    ends = [
        _days(secret["endDateTime"])
        for app in SICK.applications
        for secret in app["passwordCredentials"]
        if not secret["endDateTime"].startswith(("2299", "9999"))
    ]
    for low, high in ((-30, 0), (0, 7), (7, 30), (30, 60), (60, 90)):
        assert [end for end in ends if low < end <= high], (low, high)


def test_the_sick_tenants_endless_dates_are_as_the_service_writes_them() -> None:
    portal = SICK.named("Forever Portal", "application")
    assert portal["passwordCredentials"][0]["endDateTime"] == "2299-12-31T00:00:00Z"
    kiosk = SICK.named("Eternal Kiosk", "application")
    assert kiosk["keyCredentials"][0]["endDateTime"] == "9999-12-31T23:59:59.9999999Z"


def test_the_sick_tenants_weak_certificates() -> None:
    found = _certificates(SICK)
    small = found["rsa-1024"].public_key()
    assert isinstance(small, rsa.RSAPublicKey)
    assert small.key_size == 1024
    assert found["sha1"].signature_algorithm_oid._name == "sha1WithRSAEncryption"
    assert found["md5"].signature_algorithm_oid._name == "md5WithRSAEncryption"
    curve = found["odd-curve"].public_key()
    assert isinstance(curve, ec.EllipticCurvePublicKey)
    assert curve.curve.name == "brainpoolP256r1"
    assert found["homemade"].issuer == found["homemade"].subject
    assert found["twin East"] == found["twin West"]


def test_the_sick_tenants_broken_certificate_is_none() -> None:
    app = SICK.named("Broken Certificate", "application")
    data = SICK.keys[app["id"]][app["keyCredentials"][0]["keyId"]]
    with pytest.raises(ValueError, match="error parsing"):
        x509.load_der_x509_certificate(base64.b64decode(data))


def test_the_sick_tenants_credentials_on_service_principals() -> None:
    for name in ("Backdoored Service", "Northwind CRM Connector"):
        assert SICK.named(name)["passwordCredentials"]
    assert SICK.named("Microsoft Teams Services")["keyCredentials"]


def test_the_sick_tenants_role_groups() -> None:
    groups = {row["Name"]: row for row in SICK.exchange.role_groups}
    admins = next(row for name, row in groups.items() if name.startswith("TenantAdmins_-"))
    assert admins["Capabilities"] == ["Partner_Managed"]
    assert admins["Roles"] == ["Mailbox Import Export"]
    assert "Tony Hoare" in admins["Members"]
    assert groups["Security Administrator"]["Roles"] == []
    assert groups["Mail Team"]["Members"][0] == "Mail Team Leads"
    assert groups["Mail Team Leads"]["Members"][0] == "Mail Team"
    helpdesk = next(row for name, row in groups.items() if name.startswith("HelpdeskAdmins_"))
    assert any("PartnerRoleGroup" in name for name in helpdesk["Members"])


def test_the_healthy_tenants_role_groups_are_as_delivered() -> None:
    managed = [r for r in HEALTHY.exchange.role_groups if "Partner_Managed" in r["Capabilities"]]
    assert len(managed) >= 8
    roles = {row["Name"]: row["Roles"] for row in managed if row["Roles"]}
    assert roles == {
        "Security Administrator": ["Security Admin"],
        "Security Reader": ["Security Reader"],
    }
    workloads = {
        name
        for name, rows in HEALTHY.exchange.members.items()
        for row in rows
        if row["RecipientTypeDetails"] == "ServicePrincipal"
    }
    assert workloads == {"View-Only Organization Management"}


def test_hostile_names_are_served_as_they_are() -> None:
    names = {item["displayName"] for item in SICK.applications}
    assert "<script>alert(1)</script>" in names
    assert any("\u202e" in name for name in names)
    assert any("\x1b[31m" in name for name in names)
    assert any("\n" in name for name in names)
    assert any(len(name) == 256 for name in names)


def test_lost_halves_and_deleted_objects() -> None:
    unborn = SICK.named("Unborn App", "application")
    assert SICK.by_app_id(SICK.service_principals, unborn["appId"]) is None
    ghost = SICK.named("Ghost Service")
    assert ghost["appOwnerOrganizationId"] == SICK.id
    assert SICK.by_app_id(SICK.applications, ghost["appId"]) is None
    assert SICK.deleted_applications[0]["deletedDateTime"]
    assert any(grant["scope"].startswith("  ") for grant in SICK.grants)
    assert {grant["consentType"] for grant in SICK.grants} == {"Principal", "AllPrincipals"}
