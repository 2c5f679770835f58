from typing import Any

from auditor.testing import try_rule

# The label of a row is the last column of the key, so each stands in a table of one kind.
ELIGIBLE = {"group_id": "g", "group_name": "Tier 0", "access": "member", "eligible": True}
APP = {**ELIGIBLE, "principal": 0, "principal_type": "servicePrincipal", "principal_id": "p0"}
TABLES: dict[str, Any] = {
    "group_schedules": [
        {"id": "application", **APP},
        {"id": "assigned", **APP, "eligible": False},
    ],
    "service_principals": [{"id": "p0", "name": "On Call Bot"}],
}
FAILS = {"True"}
PASSES = {"False"}
UNKNOWN: set[str] = set()


def judged(**row: Any) -> str:
    rows = [{"id": "one", **ELIGIBLE, **row}]
    tables = {"group_schedules": rows, "service_principals": TABLES["service_principals"]}
    return try_rule("eligible-workload-group", tables).verdict


def test_who_is_eligible_decides() -> None:
    assert judged(principal=0, principal_type=None) == "fail"
    assert judged(principal=-1, principal_type="servicePrincipal") == "fail"
    assert judged(principal=-1, principal_type="user") == "pass"
    assert judged(principal=-1, principal_type="group") == "unknown"
    assert judged(principal=-1, principal_type=None) == "unknown"
    assert judged(principal=-1, principal_type=None, eligible=False) == "pass"


def test_message_and_fix() -> None:
    finding = try_rule("eligible-workload-group", TABLES).findings[0]
    assert finding.message == (
        "On Call Bot cannot activate what it is eligible for: to be member of Tier 0, "
        "which holds a directory role."
    )
    assert "-AccessId 'member' -GroupId 'g' -PrincipalId 'p0'" in finding.fix


def test_an_owner_is_told_as_such() -> None:
    rows = [{"id": "o", **APP, "access": "owner"}]
    finding = try_rule("eligible-workload-group", {"group_schedules": rows}).findings[0]
    assert "to be owner of Tier 0" in finding.message
    assert finding.message.startswith("p0 ")
