"""The truth table of application access policies."""

from __future__ import annotations

from itertools import product

import pytest

from auditor.knowledge import EXCHANGE, GRAPH, MANAGE_AS_APP
from auditor.tables.access_policy import Effect, Policies, Policy, Reach, bindable, reach
from auditor.testing import make_table

RIGHTS = ("RestrictAccess", "restrictaccess", "DenyAccess", "Other", None)
MAIL_READ = "810c84a8-4a9e-49e6-bf7d-12d183f40d01"
FULL_ACCESS = "dc890d15-9560-4a4c-9b7f-a736ec74ec40"
IMAP = "5e5addcd-3e8d-4e90-baf5-964efab2b20a"


@pytest.mark.parametrize(
    ("right", "scope", "valid"), list(product(RIGHTS, ("Archive", "", None), (True, False, None)))
)
def test_the_effect_of_one_policy(right: str | None, scope: str | None, valid: bool | None) -> None:
    effect = Policy(right, scope, valid).effect
    if valid is False:
        assert effect is Effect.NOTHING
    elif right == "DenyAccess":
        assert effect is Effect.DENY
    elif right in ("RestrictAccess", "restrictaccess") and scope == "Archive" and valid:
        assert effect is Effect.RESTRICT
    else:
        assert effect is Effect.UNKNOWN


def sets() -> list[frozenset[Effect]]:
    """Every set of effects that an application's policies can have."""
    every = list(Effect)
    return [
        frozenset(e for e, on in zip(every, bits, strict=True) if on)
        for bits in product((True, False), repeat=len(every))
    ]


# The whole table: what the set of effects comes to, NOTHING never counting.
LISTED, UNKNOWN, ALL_BUT, EVERY = Reach.LISTED, Reach.UNKNOWN, Reach.ALL_BUT, Reach.EVERY
R, D, U = Effect.RESTRICT, Effect.DENY, Effect.UNKNOWN
TABLE = {
    frozenset({R, D, U}): LISTED,
    frozenset({R, D}): LISTED,
    frozenset({R, U}): LISTED,
    frozenset({R}): LISTED,
    frozenset({D, U}): UNKNOWN,
    frozenset({U}): UNKNOWN,
    frozenset({D}): ALL_BUT,
    frozenset(): EVERY,
}


@pytest.mark.parametrize("effects", sets(), ids=lambda each: "+".join(sorted(each)) or "none")
def test_the_whole_table(effects: frozenset[Effect]) -> None:
    assert reach(effects) is TABLE[effects - {Effect.NOTHING}]
    assert reach(effects, bindable=False) is EVERY


def test_no_policy_binds_app_only_powershell_or_the_old_protocols() -> None:
    assert not any(bindable(*key) for key in MANAGE_AS_APP)
    assert not bindable(EXCHANGE, IMAP)
    assert not bindable(GRAPH, "an id nobody knows")
    assert bindable(GRAPH.upper(), MAIL_READ.upper())
    assert bindable(EXCHANGE, FULL_ACCESS)


def test_policies_of_an_application_and_of_every_one() -> None:
    def rows(*found: tuple[str, str, str]) -> Policies:
        columns = ("app_id", "access_right", "scope")
        told = [dict(zip(columns, each, strict=True)) | {"valid": True} for each in found]
        return Policies.of(make_table("access_policies", told))

    one = rows(("APP", "RestrictAccess", "B"), ("app", "RestrictAccess", "A"))
    assert (one.reach("App"), one.scopes("App")) == (LISTED, ("A", "B"))
    assert one.reach("other") is one.reach(None) is EVERY
    every = rows(("*", "RestrictAccess", "A"), ("app", "DenyAccess", "B"))
    assert every.reach("app") is every.reach("other") is every.reach(None) is LISTED
    denied = rows(("*", "DenyAccess", "A"))
    assert denied.reach("app") is ALL_BUT
    assert denied.reach("app", bindable=False) is EVERY
