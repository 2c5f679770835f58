from typing import Any

from auditor.testing import try_rule
from tests.rules.owner_rows import (
    GONE,
    HARMLESS,
    NOT_TOLD,
    OUTSIDE,
    PRIVILEGED,
    TIER_ONE,
    UNRATED,
    UNTOLD,
    owner,
    service,
)

GUEST = {"owner_kind": "Guest"}
TABLES: dict[str, Any] = {
    "ownerships": [
        owner("guest", **GUEST),
        owner("odd-case", owner_kind="guest"),
        owner("one", TIER_ONE, **GUEST),
        owner("unrated", UNRATED, **GUEST),
        owner("harmless", HARMLESS, **GUEST, name=None),
        owner("disabled-guest", **GUEST, owner_enabled=False),
        owner("of-principal", **GUEST, object_type="servicePrincipal"),
        owner("member"),
        service("robot"),
        owner("gone", **GONE),
        owner("kind-not-told", owner_kind=None),
        owner("untold", **UNTOLD),
        *OUTSIDE,
        *NOT_TOLD,
    ],
    "privileged_principals": PRIVILEGED,
}
FAILS = {"guest", "odd-case", "one", "unrated", "harmless", "disabled-guest", "of-principal"}
PASSES = {"member", "robot", "gone"}
UNKNOWN = {"kind-not-told", "untold", "publisher-not-told", "mi-not-told"}


def test_severity_follows_what_the_application_can_do() -> None:
    found = {e.evidence["owner_id"]: e for e in try_rule("guest-owner", TABLES).findings}
    severity = {id: each.severity for id, each in found.items()}
    assert severity["guest"] == "critical"
    assert severity["one"] == severity["unrated"] == "high"
    assert severity["harmless"] == "medium"
    assert found["guest"].message == (
        "Guest, a guest, owns Payroll, which is tier 0, and can become it."
    )
    assert "owns o3, which holds nothing privileged" in found["harmless"].message


def test_the_fix_names_the_kind_of_object_and_the_owner() -> None:
    fixes = {e.evidence["owner_id"]: e.fix for e in try_rule("guest-owner", TABLES).findings}
    assert fixes["guest"] == (
        "Remove-MgApplicationOwnerByRef -ApplicationId 'o0' -DirectoryObjectId 'guest'"
    )
    assert fixes["of-principal"].startswith(
        "Remove-MgServicePrincipalOwnerByRef -ServicePrincipalId 'o0'"
    )


def test_left_out_are_microsofts_and_managed_identities() -> None:
    assert try_rule("guest-owner", TABLES).outcome.left_out == 2
