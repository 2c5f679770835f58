from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import LOST_API, grant


def agent(id: str, kind: str = "agentIdentity", **columns: object) -> dict[str, object]:
    return {"id": id, "kind": kind, "name": id.title()} | columns


TABLES: dict[str, Any] = {
    "agents": [
        agent("tier-0"),
        agent("tier-1", enabled=False),
        agent("blueprints-principal", "agentIdentityBlueprintPrincipal"),
        agent("tier-2"),
        agent("none"),
        agent("unrated"),
        agent("api-not-told"),
        agent("blueprint", "agentIdentityBlueprint"),
    ],
    "grants": [
        grant("a", 0, client_id="TIER-0", client=7),
        grant("b", 1, client_id="tier-1", client=8),
        grant("c", 1, client_id="blueprints-principal", client=9),
        grant("d", 2, client_id="tier-2", client=10),
        grant("e", None, client_id="unrated", client=11),
        grant("f", None, client_id="api-not-told", client=12, **LOST_API),
        # Nobody's agent, though its row number is that of one.
        grant("g", 0, client_id="application", client=4),
    ],
}
FAILS = {"tier-0", "tier-1", "blueprints-principal"}
PASSES = {"tier-2", "none"}
UNKNOWN = {"unrated", "api-not-told"}


def test_severity_by_tier_and_what_the_message_says() -> None:
    found = {each.object["id"]: each for each in try_rule("agent-permission", TABLES).findings}
    assert found["tier-0"].severity == "critical"
    assert found["tier-1"].severity == "high"
    assert found["tier-0"].message == "The agentIdentity Tier-0 holds tier 0 permissions: a.All."
