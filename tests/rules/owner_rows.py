"""Rows about owners that the tests of several rules share."""

from __future__ import annotations

from typing import Any

# What is owned, by the row of its service principal.
TIER_ZERO, TIER_ONE, UNRATED, HARMLESS = range(4)
PRIVILEGED: list[dict[str, Any]] = [
    {"id": "zero", "principal": TIER_ZERO, "tier": 0, "reasons": ("permission X",)},
    {"id": "one", "principal": TIER_ONE, "tier": 1, "reasons": ("permission Y",)},
    {"id": "unrated", "principal": UNRATED, "tier": None, "reasons": ("permission Z",)},
]


def owner(id: Any, of: Any = TIER_ZERO, **columns: Any) -> dict[str, Any]:
    """A working member of the tenant who owns something, but for what is given."""
    return {
        "object_id": f"o{of}",
        "object_type": "application",
        "owner_id": id,
        "name": "Payroll",
        "principal": of,
        "publisher": "own",
        "managed_identity": False,
        "owner_name": id.title(),
        "owner_type": "user",
        "owner_principal": -1,
        "owner_kind": "Member",
        "owner_enabled": True,
        "owner_gone": False,
    } | columns


def service(id: Any, of: Any = TIER_ZERO, **columns: Any) -> dict[str, Any]:
    """A service principal that owns something."""
    own = {"owner_type": "servicePrincipal", "owner_principal": 9, "owner_kind": None}
    return owner(id, of, **own | columns)


# A gone, a nameless and a left-out owner, the same for every rule about owners.
GONE = {"owner_gone": True, "owner_type": None, "owner_kind": None, "owner_enabled": None}
UNTOLD = {"owner_gone": None, "owner_type": None, "owner_kind": None, "owner_enabled": None}
OUTSIDE = [
    owner("of-microsoft", publisher="microsoft"),
    owner("of-managed", managed_identity=True),
]
NOT_TOLD = [
    owner("publisher-not-told", publisher=None),
    owner("mi-not-told", managed_identity=None),
]
