from typing import Any

from auditor.testing import try_rule

GRAPH = "00000003-0000-0000-c000-000000000000"
OTHER = "00000002-0000-0ff1-ce00-000000000000"
NOTHING = "00000000-0000-0000-0000-000000000000"


def grant(id: str, **columns: object) -> dict[str, object]:
    values = {"permission_id": id, "client": 0, "resource_app_id": GRAPH, "publisher": "own"}
    return values | {"managed_identity": False, "name": "Payroll", "id": f"a-{id}"} | columns


def ask(id: str, **columns: object) -> dict[str, object]:
    values = {"permission_id": id, "principal": 0, "resource_app_id": GRAPH.upper()}
    return values | {"kind": "Role"} | columns


TABLES: dict[str, Any] = {
    "grants": [
        grant("not-requested", permission="Mail.Read", resource_name="Microsoft Graph"),
        grant("of-another-app"),
        grant("of-another-api"),
        grant("as-scope"),
        grant("requested"),
        grant("REQUESTED-IN-CAPITALS"),
        grant("no-registration", client=7),
        grant("no-principal", client=-1),
        grant("api-not-told", resource_app_id=None),
        grant("publisher-not-told", publisher=None),
        grant("kind-not-told", managed_identity=None),
        grant("managed", managed_identity=True),
        grant("foreign", publisher="foreign"),
        grant("microsoft", publisher="microsoft"),
        grant(NOTHING),
    ],
    "applications": [{"principal": 0}, {"principal": 1}, {"principal": -1}],
    "requested_permissions": [
        ask("of-another-app", principal=1),
        ask("of-another-api", resource_app_id=OTHER),
        ask("as-scope", kind="Scope"),
        ask("requested"),
        ask("requested-in-capitals"),
        ask("no-principal", principal=-1),
    ],
}
FAILS = {"not-requested", "of-another-app", "of-another-api", "as-scope"}
PASSES = {"requested", "REQUESTED-IN-CAPITALS"}
UNKNOWN = {
    *("no-registration", "no-principal", "api-not-told", "publisher-not-told", "kind-not-told"),
}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("permission-not-requested", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)
    assert result.outcome.left_out == 4


def test_message_and_fix_name_the_one_grant() -> None:
    finding = next(
        each
        for each in try_rule("permission-not-requested", TABLES).findings
        if each.part.endswith("/not-requested")
    )
    assert finding.message.startswith("Payroll holds Mail.Read on Microsoft Graph")
    assert finding.fix.endswith("-AppRoleAssignmentId 'a-not-requested'")


def test_registrations_that_were_not_read_do_not_fail() -> None:
    result = try_rule("permission-not-requested", TABLES, coverage={"applications": "refused"})
    assert not result.failed
    assert result.passed == PASSES
