from typing import Any

from auditor.testing import try_rule


def policy(id: str, restriction: str, state: str | None, days: int | None = None) -> dict[str, Any]:
    return {
        "policy_id": id,
        "policy": id,
        "custom": id != "default",
        "restriction": restriction,
        "state": state,
        "max_lifetime_days": days,
        "target": "any",
    }


def target(id: str, policy: str, **more: Any) -> dict[str, Any]:
    made = {"policy_id": policy, "policy": policy, "object_id": id, "enabled": True, "name": id}
    return {**made, "object_type": "application", "application": 0, **more}


TABLES: dict[str, Any] = {
    "applications": [{"id": "a", "created": "2025-01-01T00:00:00Z"}],
    "app_policies": [
        policy("default", "passwordLifetime", "enabled", 180),
        policy("default", "passwordAddition", "enabled"),
        policy("lifts", "passwordAddition", "disabled"),
        policy("longer", "passwordLifetime", "enabled", 365),
        policy("stricter", "passwordLifetime", "enabled", 30),
        policy("not-told", "passwordAddition", None),
        policy("untold-lifetime", "passwordLifetime", "enabled"),
        policy("uris-only", "passwordAddition", "absent"),
        policy("uris-only", "nonDefaultUriAddition", "disabled"),
    ],
    "app_policy_targets": [
        target("lifted", "LIFTS"),
        target("lifted-principal", "lifts", object_type="servicePrincipal", application=-1),
        target("longer", "longer"),
        target("stricter", "stricter"),
        target("uris", "uris-only"),
        target("off", "lifts", enabled=False),
        target("enabled-not-told", "lifts", enabled=None),
        target("state-not-told", "not-told"),
        target("lifetime-not-told", "untold-lifetime"),
        target("policy-not-read", "gone"),
    ],
}
FAILS = {"lifted", "lifted-principal", "longer"}
PASSES = {"stricter", "uris", "off"}
UNKNOWN = {"enabled-not-told", "state-not-told", "lifetime-not-told", "policy-not-read"}


def test_the_finding_says_what_of_and_how_to_end_it() -> None:
    found = {
        each.object["id"]: each for each in try_rule("app-exempt-from-policy", TABLES).findings
    }
    assert found["lifted"].message == "Policy LIFTS frees lifted from passwordAddition."
    assert found["lifted"].evidence["created"] == "2025-01-01T00:00:00Z"
    assert found["lifted-principal"].fix.startswith("Remove-MgServicePrincipalAppManagement")
