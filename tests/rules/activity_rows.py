"""Service principals and their sign-ins, for the tests of rules about activity (as of June 1st)."""

from __future__ import annotations

from typing import Any

RECENT, OLD, YOUNG = "2026-05-20T00:00:00Z", "2026-01-10T00:00:00Z", "2026-05-01T00:00:00Z"
LONG_AGO = "2024-01-01T00:00:00Z"
PRINCIPALS = (
    *("quiet", "quiet-young", "absent", "absent-foreign", "active", "new", "entry-no-time"),
    *("age-unknown", "managed-quiet", "managed-active", "microsoft", "disabled"),
    *("publisher-not-told", "enabled-not-told"),
)
AT = {name: place for place, name in enumerate(PRINCIPALS)}
_SPECIAL: dict[str, dict[str, Any]] = {
    "absent-foreign": {"publisher": "foreign"},
    "age-unknown": {"publisher": "foreign"},
    "managed-quiet": {"managed_identity": True},
    "managed-active": {"managed_identity": True},
    "microsoft": {"publisher": "microsoft"},
    "disabled": {"enabled": False},
    "publisher-not-told": {"publisher": None},
    "enabled-not-told": {"enabled": None},
}
_OWN = {"publisher": "own", "enabled": True, "managed_identity": False}


def signed(name: str, last: str | None) -> dict[str, Any]:
    return {"app_id": f"app-{name}", "principal": AT[name], "last": last}


TABLES: dict[str, Any] = {
    "service_principals": [{"id": id, "name": id} | _OWN | _SPECIAL.get(id, {}) for id in AT],
    "applications": [
        {
            "id": f"o-{id}",
            "principal": at,
            "created": {"new": YOUNG, "quiet-young": YOUNG}.get(id, LONG_AGO),
        }
        for id, at in AT.items()
        if id not in ("absent-foreign", "age-unknown")
    ],
    "grants": [
        {"client": AT["absent-foreign"], "created": LONG_AGO},
        {"client": AT["age-unknown"], "created": RECENT},
        {"client": -1, "created": LONG_AGO},
    ],
    "sp_sign_ins": [
        signed("quiet", OLD),
        signed("quiet-young", OLD),
        signed("active", RECENT),
        signed("entry-no-time", None),
        signed("managed-quiet", OLD),
        signed("managed-active", RECENT),
        {"app_id": "other", "principal": -1, "last": OLD},
    ],
}
QUIET = {"quiet", "absent", "absent-foreign"}
NOT_QUIET = {"active", "new"}
UNTOLD = {"quiet-young", "entry-no-time", "age-unknown", "publisher-not-told", "enabled-not-told"}
