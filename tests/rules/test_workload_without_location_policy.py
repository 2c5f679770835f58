from typing import Any

from auditor.testing import Tried, try_rule

RULE = "workload-without-location-policy"
OWN = {
    "publisher": "own",
    "type": "Application",
    "audience": "AzureADMyOrg",
    "managed_identity": False,
    "tier": 0,
    "reasons": ("role Global Administrator",),
}
GOOD: dict[str, Any] = {
    "name": "From the office",
    "state": "enabled",
    "enforced": True,
    "includes": ("ServicePrincipalsInMyTenant",),
    "excludes": (),
    "risk_levels": (),
    "locations": ("All",),
    "locations_except": ("office",),
    "resources": ("All",),
    "resources_except": (),
    "blocks": True,
}
LOCATIONS = [
    {"id": "office", "kind": "ip", "ranges": ("203.0.113.0/24", "2001:db8:70::/48")},
    {"id": "anywhere", "name": "Anywhere", "kind": "ip", "ranges": ("0.0.0.0/1", "128.0.0.0/1")},
    {"id": "wide6", "kind": "ip", "ranges": ("2001::/16",)},
    {"id": "land", "name": "Land", "kind": "country", "countries": ("BE",), "ranges": ()},
    {"id": "not-told", "kind": "ip", "ranges": None},
    {"id": "other-kind", "kind": None, "ranges": ()},
    {"id": "odd", "kind": "ip", "ranges": ("office",)},
]


def only(*ids: str, **more: Any) -> dict[str, Any]:
    return {**GOOD, "includes": ids, **more}


NAMES = (
    *("uncovered", "reported", "some-places", "risky-only", "wide", "wide6", "country"),
    *("covered", "from-nowhere", "trusted", "lost-place", "range-not-told", "managed"),
)
SPECIAL: dict[str, dict[str, Any]] = {
    "managed": {"managed_identity": True},
    "reported": {"tier": 1},
}
TABLES: dict[str, Any] = {
    "privileged_principals": [
        {"id": id, "name": id, "principal": place, **OWN, **SPECIAL.get(id, {})}
        for place, id in enumerate(NAMES)
    ],
    "ca_policies": [
        only("reported", state="enabledForReportingButNotEnforced", enforced=False),
        only("some-places", locations=("land",)),
        only("risky-only", risk_levels=("high",)),
        only("wide", locations_except=("office", "anywhere")),
        only("wide6", locations_except=("wide6",)),
        only("country", locations_except=("land",)),
        only("covered"),
        only("from-nowhere", locations_except=()),
        only("trusted", locations_except=("AllTrusted",)),
        only("lost-place", locations_except=("gone",)),
        only("range-not-told", locations_except=("not-told",)),
    ],
    "named_locations": LOCATIONS,
}
FAILS = {"uncovered", "reported", "some-places", "risky-only", "wide", "wide6", "country"}
PASSES = {"covered", "from-nowhere"}
UNKNOWN = {"trusted", "lost-place", "range-not-told"}


def judged(change: dict[str, Any], **settings: Any) -> Tried:
    tables = {
        "privileged_principals": [{"id": "p", "name": "p", **OWN}],
        "ca_policies": [{**GOOD, **change}],
        "named_locations": LOCATIONS,
    }
    return try_rule(RULE, tables, settings=settings)


def test_message_and_severity() -> None:
    found = {each.object["id"]: each for each in try_rule(RULE, TABLES).findings}
    assert found["wide"].message == (
        "wide can sign in from anywhere: policy From the office leaves out Anywhere with the wide "
        "range 0.0.0.0/1. It holds role Global Administrator."
    )
    assert "leaves out the countries of Land" in found["country"].message
    assert found["wide"].severity == "high"
    assert found["reported"].severity == "medium"


def test_the_settings_say_what_is_narrow() -> None:
    assert judged({}).verdict == "pass"
    assert judged({}, shortest_ipv4=28).verdict == "fail"
    assert judged({}, shortest_ipv6=64).verdict == "fail"
    assert judged({"locations_except": ("wide6",)}, shortest_ipv6=16).verdict == "pass"
    assert judged({"locations_except": ("land",)}, countries=True).verdict == "pass"


def test_what_a_place_does_not_tell_is_not_known() -> None:
    for name in ("other-kind", "odd"):
        assert judged({"locations_except": (name,)}).verdict == "unknown"
    assert judged({"locations": None, "locations_except": None}).verdict == "unknown"


def test_locations_that_were_not_read_leave_no_pass() -> None:
    result = try_rule(RULE, TABLES, coverage={"named-locations": "refused"})
    assert not result.passed
