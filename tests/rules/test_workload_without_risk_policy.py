from typing import Any

import pytest

from auditor.testing import Tried, try_rule

RULE = "workload-without-risk-policy"
OWN = {
    "publisher": "own",
    "type": "Application",
    "audience": "AzureADMyOrg",
    "managed_identity": False,
    "tier": 0,
    "reasons": ("role Global Administrator",),
}
GOOD: dict[str, Any] = {
    "name": "Block risky",
    "state": "enabled",
    "enforced": True,
    "includes": ("ServicePrincipalsInMyTenant",),
    "excludes": (),
    "risk_levels": ("low", "medium", "high"),
    "resources": ("All",),
    "resources_except": (),
    "blocks": True,
}


def only(*ids: str, **more: Any) -> dict[str, Any]:
    return {**GOOD, "includes": ids, **more}


NAMES = (
    *("uncovered", "left-out", "reported", "off", "no-block", "one-resource", "not-everywhere"),
    *("high-only", "resource-left-out", "covered", "by-two", "filtered", "state-not-told"),
    *("managed", "agent", "open-to-others", "foreign", "audience-not-told", "everything-blocked"),
)
SPECIAL: dict[str, dict[str, Any]] = {
    "managed": {"managed_identity": True, "audience": None},
    "agent": {"type": "ServiceIdentity", "audience": None},
    "open-to-others": {"audience": "AzureADMultipleOrgs"},
    "foreign": {"publisher": "foreign"},
    "audience-not-told": {"audience": None},
}
TABLES: dict[str, Any] = {
    "privileged_principals": [
        {"id": id, "name": id, "principal": place, **OWN, **SPECIAL.get(id, {})}
        for place, id in enumerate(NAMES)
    ],
    "ca_policies": [
        only("left-out", excludes=("LEFT-OUT",)),
        only("reported", state="enabledForReportingButNotEnforced", enforced=False),
        only("off", state="disabled", enforced=False),
        only("no-block", blocks=False),
        only("one-resource", resources=("some-app",)),
        only("resource-left-out", resources_except=("some-app",)),
        only("not-everywhere", locations=("All",), locations_except=("office",)),
        only("high-only", risk_levels=("high",)),
        only("COVERED", locations=("All",), locations_except=()),
        only("by-two", risk_levels=("high",)),
        only("by-two", risk_levels=("medium",)),
        only("filtered", filter='CustomSecurityAttribute.Team eq "x"', filter_mode="exclude"),
        only("state-not-told", state=None, enforced=None),
        only("everything-blocked", risk_levels=()),
    ],
}
FAILS = {
    *("uncovered", "left-out", "reported", "off", "no-block", "one-resource", "not-everywhere"),
    *("high-only", "resource-left-out"),
}
PASSES = {"covered", "by-two", "everything-blocked"}
UNKNOWN = {"filtered", "state-not-told", "audience-not-told"}


def judged(*policies: dict[str, Any], **settings: Any) -> Tried:
    principals = [{"id": "p", "name": "p", **OWN}]
    tables = {"privileged_principals": principals, "ca_policies": list(policies)}
    return try_rule(RULE, tables, settings=settings)


def test_what_cannot_be_covered_is_left_out() -> None:
    assert try_rule(RULE, TABLES).outcome.left_out == 4


def test_the_message_says_which_policy_fell_short_and_why() -> None:
    found = {each.object["id"]: each.message for each in try_rule(RULE, TABLES).findings}
    assert found["uncovered"] == (
        "Nothing blocks uncovered when its risk is medium, high: no policy for workload "
        "identities is about it. It holds role Global Administrator."
    )
    assert "policy Block risky only reports" in found["reported"]
    assert "policy Block risky is disabled" in found["off"]
    assert "policy Block risky leaves it out" in found["left-out"]
    assert "when its risk is medium: " in found["high-only"]


def test_a_policy_for_all_covers_each_but_those_left_out() -> None:
    assert judged(GOOD).verdict == "pass"
    assert judged({**GOOD, "excludes": ("P",)}).verdict == "fail"
    # What another policy leaves out does not matter where one covers it.
    assert judged({**GOOD, "excludes": ("p",)}, GOOD).verdict == "pass"


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"filter": "x", "filter_mode": "include", "includes": ()}, "unknown"),
        ({"filter": "x", "filter_mode": "exclude"}, "unknown"),
        ({"filter": "x", "filter_mode": "exclude", "includes": ("other",)}, "fail"),
        ({"filter": "x", "filter_mode": "include", "excludes": ("p",)}, "fail"),
        ({"filter": "x", "filter_mode": "include", "enforced": False}, "fail"),
        ({"includes": None}, "unknown"),
        ({"excludes": None}, "unknown"),
        ({"blocks": None}, "unknown"),
        ({"risk_levels": None}, "unknown"),
        ({"resources": None}, "unknown"),
        ({"resources_except": None}, "unknown"),
        ({"locations": ("All",), "locations_except": None}, "unknown"),
        ({"blocks": None, "resources": ("one",)}, "fail"),
    ],
)
def test_what_is_not_known_is_neither_covered_nor_uncovered(
    change: dict[str, Any], verdict: str
) -> None:
    assert judged({**GOOD, **change}).verdict == verdict


def test_the_levels_are_a_setting() -> None:
    high = {**GOOD, "risk_levels": ("high",)}
    assert judged(high, levels=["high"]).verdict == "pass"
    assert judged(levels=[]).verdict == "fail"  # high is always asked
    assert judged(high, levels=["low", "high"]).verdict == "fail"


def test_policies_that_were_not_read_leave_it_unknown() -> None:
    result = try_rule(RULE, TABLES, coverage={"conditional-access-policies": "refused"})
    assert not result.failed
    assert result.verdict == "unknown"
