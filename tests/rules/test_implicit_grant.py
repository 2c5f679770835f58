from typing import Any

from auditor.testing import try_rule


def app(id: str, access: bool | None, identity: bool | None) -> dict[str, object]:
    return {"id": id, "implicit_access_tokens": access, "implicit_id_tokens": identity}


TABLES: dict[str, Any] = {
    "applications": [
        app("both", True, True),
        app("access", True, False),
        app("id", False, True),
        app("none", False, False),
        app("access-not-told", None, False),
        app("id-not-told", True, None),
    ]
}
FAILS = {"both", "access", "id"}
PASSES = {"none"}
UNKNOWN = {"access-not-told", "id-not-told"}


def test_id_tokens_alone_are_low() -> None:
    found = {each.object["id"]: each for each in try_rule("implicit-grant", TABLES).findings}
    assert {id: each.severity for id, each in found.items()} == {
        "both": "medium",
        "access": "medium",
        "id": "low",
    }
    assert "ID tokens" in found["id"].message
