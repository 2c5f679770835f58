"""Rows of app management policies that hold, that do not, and that nobody can judge."""

from __future__ import annotations

from typing import Any

Fixture = tuple[dict[str, Any], set[str], set[str], set[str]]
APPS = [{"id": "old", "created": "2024-01-01"}, {"id": "new", "created": "2026-02-01"}]


def tables(restriction: str, *, limited: bool) -> Fixture:
    """The fixture of a rule about one restriction; rows are told by the policy's id."""
    good = {
        "restriction": restriction,
        "enabled": True,
        "state": "enabled",
        "applies_to_all": True,
        "exempt": (),
        "max_lifetime_days": 90 if limited else None,
    }
    app = {**good, "custom": False, "target": "applications"}
    principal = {**app, "target": "servicePrincipals"}
    custom = {**good, "custom": True, "target": "any"}
    dated = {"applies_to_all": False, "applies_from": "2025-01-01"}
    rows: list[tuple[str, dict[str, Any], str]] = [
        ("off", {**app, "enabled": False}, "fails"),
        ("absent", {**app, "state": "absent", "exempt": None}, "fails"),
        ("disabled", {**principal, "state": "disabled"}, "fails"),
        ("future", {**app, "applies_to_all": False, "applies_from": "2026-07-01"}, "fails"),
        ("older-left-out", {**app, **dated}, "fails"),
        ("principals-left-out", {**principal, **dated}, "fails"),
        ("spares", {**app, "exempt": ("Set_Name equals yes",)}, "fails"),
        ("lifted", {**custom, "state": "disabled"}, "fails"),
        ("holds", app, "passes"),
        ("principals", principal, "passes"),
        ("before-all", {**app, **dated, "applies_from": "2020-01-01"}, "passes"),
        ("custom", custom, "passes"),
        ("custom-off", {**custom, "state": "disabled", "enabled": False}, "passes"),
        ("custom-on-nothing", {**custom, "state": "disabled"}, "passes"),
        ("custom-absent", {**custom, "state": "absent", "exempt": None}, "unknown"),
        ("state-not-told", {**app, "state": None}, "unknown"),
        ("odd-state", {**app, "state": "audit"}, "unknown"),
        ("enabled-not-told", {**app, "enabled": None}, "unknown"),
        ("custom-not-told", {**custom, "state": "disabled", "enabled": None}, "unknown"),
        ("date-not-told", {**app, "applies_to_all": None}, "unknown"),
        ("exempt-not-told", {**app, "exempt": None}, "unknown"),
    ]
    if limited:
        rows += [
            ("too-long", {**app, "max_lifetime_days": 400}, "fails"),
            ("at-the-limit", {**app, "max_lifetime_days": 180}, "passes"),
            ("lifetime-not-told", {**app, "max_lifetime_days": None}, "unknown"),
        ]
    made = {
        "app_policies": [{"policy_id": id, "policy": id, **row} for id, row, _ in rows]
        + [{**app, "policy_id": "other", "restriction": "something", "state": "absent"}],
        "app_policy_targets": [
            {"policy_id": id.upper()} for id, *_ in rows if id != "custom-on-nothing"
        ],
        "applications": APPS,
    }
    told = {use: {id for id, _, wanted in rows if wanted == use} for use in _USES}
    return made, told["fails"], told["passes"], told["unknown"]


_USES = ("fails", "passes", "unknown")
