from typing import Any

from auditor.testing import try_rule

ROLE = ("directory role Exchange Administrator",)


def access(
    place: int, id: str, level: str, permission: str, **columns: object
) -> dict[str, object]:
    values = {"id": id, "principal": place, "level": level, "permission": permission}
    return values | {"name": "Mover", "publisher": "own", "unrated": (), "via": ()} | columns


TABLES: dict[str, Any] = {
    "exchange_access": [
        access(0, "permission-only", "dormant", "granted"),
        access(1, "narrower", "dormant", "granted", narrower=ROLE),
        access(2, "role-only", "dormant", "none", via=ROLE),
        access(3, "role-and-asks", "dormant", "requested", via=ROLE),
        access(4, "eligible-only", "dormant", "none", eligible=ROLE),
        access(5, "eligible-with-permission", "dormant", "granted", eligible=ROLE),
        access(6, "foreign", "dormant", "granted", publisher="foreign"),
        access(7, "full", "full", "granted", via=ROLE),
        access(8, "none", "none", "none"),
        access(9, "asks-only", "none", "requested"),
        access(10, "unrated", "dormant", "granted", unrated=("role X (not rated)",)),
        access(11, "eligible-role-not-read", "none", "none"),
        access(12, "publisher-not-told", "dormant", "granted", publisher=None),
        access(13, "microsoft", "dormant", "granted", publisher="microsoft"),
    ],
    "workload_eligibility": [
        {"principal": 4, "template_id": "29232cdf-9323-42fd-ade2-1d097af3e4de"},
        {"principal": 8, "template_id": "a-role-of-our-own"},
        {"principal": 11, "template_id": None},
    ],
}
FAILS = {
    *("permission-only", "narrower", "role-only", "role-and-asks", "eligible-only"),
    *("eligible-with-permission", "foreign"),
}
PASSES = {"full", "none", "asks-only"}
UNKNOWN = {"unrated", "eligible-role-not-read", "publisher-not-told"}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("exchange-dormant-access", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)


def test_the_message_says_which_half_is_missing() -> None:
    found = {e.object["id"]: e for e in try_rule("exchange-dormant-access", TABLES).findings}
    assert {each.severity for each in found.values()} == {"low"}
    assert "holds Exchange.ManageAsApp and no role" in found["permission-only"].message
    assert "Exchange Administrator, which does not count" in found["narrower"].message
    assert found["role-only"].message.endswith("Administrator and not Exchange.ManageAsApp.")
    assert found["role-and-asks"].message.endswith("which it asks for.")
    assert "Administrator and does not hold" in found["eligible-only"].message
    assert "holds Exchange.ManageAsApp and is eligible" in found["eligible-with-permission"].message


def test_the_fix_is_about_the_half_that_is_there() -> None:
    fixes = {e.object["id"]: e.fix for e in try_rule("exchange-dormant-access", TABLES).findings}
    assert "Remove-MgServicePrincipalAppRoleAssignment" in fixes["permission-only"]
    assert fixes["role-only"].startswith("Get-MgRoleManagementDirectoryRoleAssignment -Filter")
    assert (
        "EligibilityScheduleInstance -Filter \"principalId eq 'eligible-only'\""
        in (fixes["eligible-only"])
    )


def test_without_the_pim_licence_nothing_passes_and_what_fails_stays() -> None:
    result = try_rule(
        "exchange-dormant-access", TABLES, coverage={"role-eligibility": "unavailable"}
    )
    assert result.failed == FAILS
    assert not result.passed
