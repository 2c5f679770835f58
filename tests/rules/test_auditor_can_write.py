from typing import Any

import pytest

from auditor.testing import try_rule

GLOBAL_READER = "F2EF992C-3afb-46b9-b7cf-a126ee74c451"
USER_ADMINISTRATOR = "fe930be7-5e62-47db-91af-98c3a49a38b1"


def grant(client: int, permission: str | None, **columns: object) -> dict[str, object]:
    values = {"client": client, "permission": permission, "resource_publisher": "microsoft"}
    return values | {"id": f"a-{permission}", "tier": 1} | columns


# One auditor in a tenant; several here, to have all that may be.
TABLES: dict[str, Any] = {
    "service_principals": [
        {"id": "writes", "name": "Auditor", "auditor": True},
        {"id": "holds-a-role", "auditor": True},
        {"id": "tier-zero", "auditor": True},
        {"id": "sends", "auditor": True},
        {"id": "reads", "auditor": True},
        {"id": "name-not-told", "auditor": True},
        {"id": "own-api", "auditor": True},
        {"id": "role-not-told", "auditor": True},
        {"id": "collector-not-told", "auditor": None},
        {"id": "another", "auditor": False},
    ],
    "grants": [
        grant(0, "User.ReadWrite.All"),
        grant(0, "Directory.Read.All"),
        grant(2, "RoleManagement.ReadWrite.Directory", tier=0),
        grant(3, "Mail.Send"),
        grant(4, "Directory.Read.All"),
        grant(4, "Policy.Read.ConditionalAccess"),
        grant(4, "Mail.ReadBasic.All"),
        grant(4, "Exchange.ManageAsApp"),
        grant(4, "Exchange.ManageAsAppV2"),
        grant(4, None, permission_id="00000000-0000-0000-0000-000000000000"),
        grant(5, None),
        grant(6, "Read", resource_publisher="own"),
        grant(9, "Directory.ReadWrite.All"),
    ],
    "workload_roles": [
        {"principal": 1, "template_id": USER_ADMINISTRATOR, "role": "User Administrator"},
        {"principal": 4, "template_id": GLOBAL_READER, "role": "Global Reader"},
        {"principal": 7, "template_id": None, "role": "Custom"},
    ],
}
FAILS = {"writes", "holds-a-role", "tier-zero", "sends"}
PASSES = {"reads"}
UNKNOWN = {"name-not-told", "own-api", "role-not-told", "collector-not-told"}


def test_message_severity_and_fix() -> None:
    found = {e.object["id"]: e for e in try_rule("auditor-can-write", TABLES).findings}
    writes = found["writes"]
    assert writes.message == (
        "The auditor's own application, Auditor, can change something: User.ReadWrite.All."
    )
    assert writes.severity == "high"
    assert found["tier-zero"].severity == "critical"
    assert writes.fix.startswith("'a-User.ReadWrite.All' -split ', '")
    assert "role User Administrator" in found["holds-a-role"].message


@pytest.mark.parametrize("dataset", ["app-role-assignments", "role-assignments"])
def test_it_passes_only_with_all_grants_and_roles(dataset: str) -> None:
    result = try_rule("auditor-can-write", TABLES, coverage={dataset: "refused"})
    assert result.failed == FAILS
    assert result.passed == set()
