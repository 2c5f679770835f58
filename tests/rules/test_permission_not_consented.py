from typing import Any

from auditor.testing import try_rule

GRAPH = "00000003-0000-0000-c000-000000000000"
OTHER = "00000002-0000-0ff1-ce00-000000000000"


def ask(id: str, kind: str = "Role", **columns: object) -> dict[str, object]:
    values = {"permission_id": id, "kind": kind, "principal": 0, "resource_app_id": GRAPH}
    return values | {"name": "Payroll", "app_id": "app", "permission": id.upper()} | columns


def grant(id: str, **columns: object) -> dict[str, object]:
    return {"permission_id": id, "client": 0, "resource_app_id": GRAPH.upper()} | columns


def scope(name: str, **columns: object) -> dict[str, object]:
    return {"scope": name, "client": 0, "resource_app_id": GRAPH} | columns


TABLES: dict[str, Any] = {
    "requested_permissions": [
        ask("never"),
        ask("another-client"),
        ask("another-api"),
        ask("as-scope-only"),
        ask("no-principal", principal=-1),
        ask("nameless", permission=None),
        ask("scope-never", "Scope", permission="User.Read.All"),
        ask("scope-longer", "Scope", permission="User"),
        ask("granted"),
        ask("granted-in-capitals"),
        ask("scope-granted", "Scope", permission="Mail.Read"),
        ask("scope-by-one-user", "Scope", permission="Files.Read"),
        ask("scope-nameless", "Scope", permission=None),
        ask("api-not-told"),
        ask("scope-api-not-told", "Scope", permission="Tasks.Read"),
        ask("new-kind", "Claim"),
    ],
    "grants": [
        grant("another-client", client=1),
        grant("another-api", resource_app_id=OTHER),
        grant("no-principal", client=-1),
        grant("granted"),
        grant("GRANTED-IN-CAPITALS"),
        grant("api-not-told", resource_app_id=None),
        grant("scope-never"),
    ],
    "delegated_grants": [
        scope("AS-SCOPE-ONLY"),
        scope("User.Read"),
        scope("mail.read", consent_type="AllPrincipals"),
        scope("Files.Read", consent_type="Principal", principal_id="u1"),
        scope("Tasks.Read", resource_app_id=None),
    ],
}
FAILS = {
    *("never", "another-client", "another-api", "as-scope-only", "no-principal", "nameless"),
    *("scope-never", "scope-longer"),
}
PASSES = {"granted", "granted-in-capitals", "scope-granted", "scope-by-one-user"}
UNKNOWN = {"scope-nameless", "api-not-told", "scope-api-not-told", "new-kind"}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("permission-not-consented", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)


def test_the_message_names_the_permission_or_its_id() -> None:
    found = {e.part: e for e in try_rule("permission-not-consented", TABLES).findings}
    never = found[f"{GRAPH}/Role/never"]
    assert never.message == f"Payroll asks for NEVER (Role) of API {GRAPH}; it was never granted."
    assert "asks for nameless (Role)" in found[f"{GRAPH}/Role/nameless"].message
    assert never.severity == "low"
    assert "--id 'app'" in never.fix


def test_grants_that_were_not_read_do_not_fail() -> None:
    for dataset in ("app-role-assignments", "delegated-grants", "service-principals"):
        result = try_rule("permission-not-consented", TABLES, coverage={dataset: "refused"})
        assert not result.failed
