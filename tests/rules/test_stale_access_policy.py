from typing import Any

import pytest

from auditor.testing import try_rule

GRAPH = "00000003-0000-0000-c000-000000000000"
EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
MAIL_READ = "810c84a8-4a9e-49e6-bf7d-12d183f40d01"
IMAP = "5e5addcd-3e8d-4e90-baf5-964efab2b20a"
FULL_ACCESS = "dc890d15-9560-4a4c-9b7f-a736ec74ec40"
USERS = "df021288-bdef-4463-88db-98f22de89214"


def policy(app_id: str, right: str | None = "RestrictAccess", **columns: object) -> dict[str, Any]:
    values = {"app_id": app_id, "access_right": right, "scope": "Archive", "valid": True}
    return values | columns


def principal(id: str, app_id: str) -> dict[str, Any]:
    return {"id": id, "app_id": app_id, "name": app_id, "publisher": "own"}


def grant(client: int, permission: str, resource: str | None = GRAPH) -> dict[str, Any]:
    return {"client": client, "permission_id": permission, "resource_app_id": resource}


TABLES: dict[str, Any] = {
    "access_policies": [
        policy("gone"),
        policy("no-mail"),
        policy("imap-only"),
        policy("READER"),
        policy("ews"),
        policy("api-not-told"),
        policy("*"),
    ],
    "service_principals": [
        principal("0", "no-mail"),
        principal("1", "imap-only"),
        principal("2", "reader"),
        principal("3", "ews"),
        principal("4", "api-not-told"),
    ],
    "grants": [
        grant(0, USERS),
        grant(1, IMAP, EXCHANGE),
        grant(2, MAIL_READ),
        grant(3, FULL_ACCESS, EXCHANGE),
        grant(4, MAIL_READ, None),
    ],
}
FAILS = {"gone", "no-mail", "imap-only"}
PASSES = {"READER", "ews"}
UNKNOWN = {"api-not-told"}


@pytest.mark.parametrize("dataset", ["service-principals", "app-role-assignments"])
def test_what_was_not_read_is_not_gone(dataset: str) -> None:
    assert not try_rule("stale-access-policy", TABLES, coverage={dataset: "partial"}).failed


def test_the_reason_is_told() -> None:
    result = try_rule("stale-access-policy", TABLES)
    told = {each.object["app_id"]: each.message for each in result.findings}
    assert "no service principal" in told["gone"]
    assert "no permission that a policy binds" in told["imap-only"]
    assert result.outcome.left_out == 1
