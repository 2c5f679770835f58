from typing import Any

from auditor.testing import try_rule


def target(id: Any, application: Any, kind: Any = "tokenLifetime", **more: Any) -> dict[str, Any]:
    made = {"object_id": id, "application": application, "principal": -1, "kind": kind, "name": id}
    return {**made, "policy": "P", "object_type": "application", **more}


LONG = {"access_token_minutes": 1440}
TABLES: dict[str, Any] = {
    "token_policy_targets": [
        target("long", 0, **LONG),
        target("claims", -1, "claimsMapping", principal=5, object_type="servicePrincipal"),
        target("issuance", 0, "tokenIssuance"),
        target("short", 0, access_token_minutes=30),
        target("at-the-limit", 0, access_token_minutes=90),
        target("harmless", 1, **LONG),
        target("untold", 0),
        target("not-rated", 2, **LONG),
        target("lost", -1, **LONG),
    ],
    "privileged_principals": [
        {"id": "sp", "application": 0, "principal": 5, "tier": 0, "reasons": ["role X"]},
        {"id": "sp-2", "application": 2, "principal": 6, "tier": None, "reasons": ["role Y"]},
    ],
}
FAILS = {"long", "claims", "issuance"}
PASSES = {"short", "at-the-limit", "harmless"}
UNKNOWN = {"untold", "not-rated", "lost"}


def test_the_message_names_policy_and_reason() -> None:
    found = {
        each.object["id"]: each.message
        for each in try_rule("token-policy-on-privileged-app", TABLES).findings
    }
    assert found["long"] == "tokenLifetime policy P is on long, which is privileged: role X."
