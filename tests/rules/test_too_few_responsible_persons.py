from typing import Any

from auditor.testing import try_rule
from tests.rules.owner_rows import GONE, UNTOLD, owner, service

OWN = {"publisher": "own", "managed_identity": False, "tier": 1, "reasons": ("permission X",)}
NAMES = (
    *("nobody", "one", "one-twice", "with-guest", "with-leaver", "with-robot", "with-gone"),
    *("two", "reference", "blank-reference", "with-untold", "kind-untold", "lost"),
    *("publisher-not-told", "managed", "foreign"),
)
SPECIAL: dict[str, dict[str, Any]] = {
    "lost": {"application": -1},
    "publisher-not-told": {"publisher": None},
    "managed": {"managed_identity": True},
    "foreign": {"publisher": "foreign"},
}
REFERENCES = {"reference": "CMDB-1", "blank-reference": " "}
AT = {name: place for place, name in enumerate(NAMES)}
TABLES: dict[str, Any] = {
    "privileged_principals": [
        {"id": id, "name": id, "principal": at, "application": at} | OWN | SPECIAL.get(id, {})
        for id, at in AT.items()
    ],
    "applications": [
        {"id": f"o-{id}", "service_management_reference": REFERENCES.get(id)} for id in NAMES
    ],
    "ownerships": [
        owner("u1", AT["one"]),
        owner("u1", AT["one-twice"]),
        owner("u1", AT["one-twice"], object_type="servicePrincipal", object_id="s"),
        owner("u1", AT["with-guest"]),
        owner("u2", AT["with-guest"], owner_kind="Guest"),
        owner("u1", AT["with-leaver"]),
        owner("u2", AT["with-leaver"], owner_enabled=False),
        owner("u1", AT["with-robot"]),
        service("s1", AT["with-robot"]),
        owner("u1", AT["with-gone"]),
        owner("u2", AT["with-gone"], **GONE),
        owner("u1", AT["two"]),
        owner("u2", AT["two"], object_type="servicePrincipal", object_id="s"),
        owner("u1", AT["with-untold"]),
        owner("u2", AT["with-untold"], **UNTOLD),
        owner("u1", AT["kind-untold"]),
        owner("u2", AT["kind-untold"], owner_kind=None),
        owner("u3", -1),
    ],
}
FAILS = {
    *("nobody", "one", "one-twice", "with-guest", "with-leaver", "with-robot", "with-gone"),
    "blank-reference",
}
PASSES = {"two", "reference"}
UNKNOWN = {"with-untold", "kind-untold", "lost", "publisher-not-told"}


def test_message_and_fix() -> None:
    found = {e.object["id"]: e for e in try_rule("too-few-responsible-persons", TABLES).findings}
    assert found["with-guest"].message == (
        "1 of 2 people answer for with-guest, and it has no reference: permission X."
    )
    assert found["nobody"].message.startswith("0 of 2")
    assert found["nobody"].fix.startswith("Update-MgApplication -ApplicationId 'o-nobody'")


def test_how_many_is_a_setting() -> None:
    result = try_rule("too-few-responsible-persons", TABLES, settings={"persons": 1})
    assert result.failed == {"nobody", "blank-reference"}


def test_owners_that_were_not_read_do_not_fail_it() -> None:
    for dataset in ("application-owners", "service-principal-owners", "applications"):
        result = try_rule("too-few-responsible-persons", TABLES, coverage={dataset: "partial"})
        assert not result.failed
