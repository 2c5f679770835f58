from typing import Any

from auditor.knowledge import EXCHANGE
from auditor.testing import try_rule
from tests.rules.permission_rows import LOST_API, grant

MANAGE = "dc50a0fb-09a3-484d-be87-e023b12c6440"


def secret(id: str, client: int, **columns: object) -> dict[str, object]:
    values = {"key_id": id, "principal": client, "end": "2026-12-01T00:00:00Z", "name": "Payroll"}
    values |= {"holder_type": "application", "kind": "secret", "publisher": "own"}
    return values | {"holder": f"h-{id}"} | columns


TABLES: dict[str, Any] = {
    "secrets": [
        secret("tier-1", 0),
        secret("tested-tier-0", 1),
        secret("untested-tier-0", 2),
        secret("on-a-foreign-principal", 0, publisher="foreign", holder_type="servicePrincipal"),
        secret("valid-later", 0, start="2026-11-01T00:00:00Z"),
        secret("expired", 0, end="2026-05-01T00:00:00Z"),
        secret("tier-2", 3),
        secret("manages-exchange", 4),
        secret("without-a-principal", -1),
        secret("end-not-told", 0, end=None),
        secret("unrated", 5),
        secret("api-not-told", 6),
        secret("publisher-not-told", 0, publisher=None),
        secret("microsoft", 0, publisher="microsoft"),
    ],
    "grants": [
        grant("a", 1, client=0),
        grant("b", 0, client=1, path="indirect"),
        grant("c", 0, client=2),
        grant("d", 2, client=3),
        grant(MANAGE, 0, client=4, resource_app_id=EXCHANGE.upper()),
        grant("e", None, client=5),
        grant("f", None, client=6, **LOST_API),
        grant("g", 0, client=-1),
    ],
}
FAILS = {"tier-1", "tested-tier-0", "untested-tier-0", "on-a-foreign-principal", "valid-later"}
PASSES = {"expired", "tier-2", "manages-exchange", "without-a-principal"}
UNKNOWN = {"end-not-told", "unrated", "api-not-told", "publisher-not-told"}


def test_a_tested_path_is_critical_and_the_secret_is_what_is_removed() -> None:
    found = {e.part: e for e in try_rule("privileged-permission-with-secret", TABLES).findings}
    assert {key for key, each in found.items() if each.severity == "critical"} == {"tested-tier-0"}
    fix = "Remove-MgApplicationPassword -ApplicationId 'h-tier-1' -KeyId 'tier-1'"
    assert found["tier-1"].fix == fix
    assert "Payroll holds a.All and has the client secret tier-1" in found["tier-1"].message


def test_the_id_of_manage_as_app_on_another_api_counts() -> None:
    tables = {"secrets": [secret("s", 0)], "grants": [grant(MANAGE, 0)]}
    assert try_rule("privileged-permission-with-secret", tables).verdict == "fail"
