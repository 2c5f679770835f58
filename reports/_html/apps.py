"""Everything known of each application, from the snapshot's tables, as columns for the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from auditor.ledger import LedgerLine
from auditor.tables.load import Loaded
from auditor.tables.source import known

from .data import columns
from .summary import gap

Frames = Mapping[str, pd.DataFrame]
_MISSING = -1


def applications(loaded: Loaded, buckets: Sequence[int]) -> dict[str, Any]:
    """One entry per client id, with what hangs on it; `buckets` are the credentials' time buckets."""
    frames = loaded.tables
    places = _Places(frames)
    apps, principals = frames["applications"], frames["service_principals"]
    own = {name: list(column) for name, column in columns(apps, *_OWN).items()}
    held = {name: list(column) for name, column in columns(principals, *_HELD).items()}
    first = [
        (places.registered.get(n, _MISSING), places.enrolled.get(n, _MISSING))
        for n in range(places.size)
    ]

    def pick(name: str, source: dict[str, list[Any]], side: int) -> list[Any]:
        return [source[name][pair[side]] if pair[side] >= 0 else None for pair in first]

    return {
        "app_id": [
            app or principal
            for app, principal in zip(pick("app_id", own, 0), pick("app_id", held, 1), strict=True)
        ],
        "name": [
            app if app is not None else other
            for app, other in zip(pick("name", own, 0), pick("name", held, 1), strict=True)
        ],
        "object_id": pick("id", own, 0),
        "principal_id": pick("id", held, 1),
        "principal_name": pick("name", held, 1),
        **{
            name: pick(name, own, 0)
            for name in ("audience", "created", "service_management_reference")
        },
        "notes": [
            a or b for a, b in zip(pick("notes", own, 0), pick("notes", held, 1), strict=True)
        ],
        **{name: pick(name, held, 1) for name in ("type", "owner_tenant", "enabled")},
        "publisher": [
            "own" if app >= 0 else held["publisher"][principal] if principal >= 0 else None
            for app, principal in first
        ],
        "credentials": _credentials(frames, places, buckets),
        "federated": _of(
            frames["federated_credentials"], places.applications("application"), *_FEDERATED
        ),
        "grants": _of(frames["grants"], places.principals("client"), *_GRANT),
        "requested": _of(
            frames["requested_permissions"], places.applications("application"), *_REQUESTED
        ),
        "delegated": _delegated(frames["delegated_grants"], places),
        "roles": _of(frames["workload_roles"], places.principals("principal"), *_ROLE),
        "eligible": _of(frames["workload_eligibility"], places.principals("principal"), *_ROLE),
        "owners": _owners(frames, places),
        "exchange": _of(frames["exchange_access"], places.principals("principal"), *_EXCHANGE),
        "deleted": len(frames["deleted_applications"]),
    }


_OWN = ("id", "app_id", "name", "audience", "created", "service_management_reference", "notes")
_HELD = ("id", "app_id", "name", "type", "owner_tenant", "publisher", "enabled", "notes")
_FEDERATED = ("id", "label", "issuer", "subject", "audiences")
_GRANT = ("permission", "permission_id", "resource_name", "tier", "path", "created")
_REQUESTED = ("permission", "permission_id", "resource_app_id", "kind")
_ROLE = ("role", "template_id", "tier", "path", "scope", "group_id", "group_name")
_EXCHANGE = (
    *("level", "rank", "permission", "permissions", "via", "eligible", "narrower", "unrated"),
    *("mailbox", "mailbox_reach", "publisher", "proof_pages"),
)
_CREDENTIAL = (
    *("kind", "key_id", "label", "holder_type", "start", "end", "usage", "saml"),
    *("publisher", "managed_identity"),
)


class _Places:
    """Which entry of the list each row of the tables belongs to."""

    def __init__(self, frames: Frames) -> None:
        self.by_app: dict[str, int] = {}
        self.of_application: list[int] = []
        self.of_principal: list[int] = []
        self.registered: dict[int, int] = {}
        self.enrolled: dict[int, int] = {}
        sides = (
            ("applications", self.of_application, self.registered),
            ("service_principals", self.of_principal, self.enrolled),
        )
        for table, places, firsts in sides:
            for row, app_id in enumerate(frames[table]["app_id"]):
                place = self.by_app.setdefault(str(app_id).lower(), len(self.by_app))
                places.append(place)
                firsts.setdefault(place, row)

    @property
    def size(self) -> int:
        return len(self.by_app)

    def app(self, app_id: object) -> int:
        return self.by_app.get(str(app_id).lower(), _MISSING)

    def applications(self, column: str) -> tuple[str, list[int]]:
        return column, self.of_application

    def principals(self, column: str) -> tuple[str, list[int]]:
        return column, self.of_principal


def _of(frame: pd.DataFrame, where: tuple[str, list[int]], *names: str) -> dict[str, list[Any]]:
    column, places = where
    rows = [places[row] if 0 <= row < len(places) else _MISSING for row in frame[column]]
    return {"app": rows, **columns(frame, *names)}


def _credentials(frames: Frames, places: _Places, buckets: Sequence[int]) -> dict[str, list[Any]]:
    frame = frames["credentials"]
    contents = {
        (holder, key): text
        for holder, key, text in zip(
            frames["certificate_contents"]["holder"],
            frames["certificate_contents"]["key_id"],
            _certificates(frames["certificate_contents"]),
            strict=True,
        )
    }
    return {
        "app": [places.app(app_id) for app_id in frame["app_id"]],
        **columns(frame, *_CREDENTIAL),
        "bucket": list(buckets),
        "detail": [
            contents.get((holder, key))
            for holder, key in zip(frame["holder"], frame["key_id"], strict=True)
        ],
    }


def _certificates(frame: pd.DataFrame) -> list[str | None]:
    """What the public bytes say, as one text."""
    names = (
        "readable",
        "problem",
        "algorithm",
        "bits",
        "curve",
        "signature_hash",
        "self_signed",
        "thumbprint",
    )
    found: list[str | None] = []
    for row in zip(*(map(known, frame[name]) for name in names), strict=True):
        readable, problem, algorithm, bits, curve, signed, own, thumbprint = row
        key = " ".join(str(each) for each in (algorithm, curve or bits) if each)
        parts = [
            key,
            f"signed with {signed}" if signed else "",
            "self-signed" if own else "",
            f"thumbprint {thumbprint}" if thumbprint else "",
            str(problem) if problem else "",
        ]
        found.append(", ".join(filter(None, parts)) if readable is not None or problem else None)
    return found


def _delegated(frame: pd.DataFrame, places: _Places) -> dict[str, list[Any]]:
    """Counts alone: scopes by entry, for everybody and for single users."""
    everybody: Counter[int] = Counter()
    single: Counter[int] = Counter()
    for client, consent in zip(frame["client"], frame["consent_type"], strict=True):
        if client >= 0:
            target = everybody if known(consent) == "AllPrincipals" else single
            target[places.of_principal[client]] += 1
    entries = sorted({*everybody, *single})
    return {
        "app": list(entries),
        "everybody": [everybody[each] for each in entries],
        "single": [single[each] for each in entries],
    }


def _owners(frames: Frames, places: _Places) -> dict[str, list[Any]]:
    sides = (
        _of(frames["application_owners"], places.applications("object_row"), *_OWNER),
        _of(frames["service_principal_owners"], places.principals("object_row"), *_OWNER),
    )
    return {name: [*sides[0][name], *sides[1][name]] for name in sides[0]}


_OWNER = ("object_type", "owner_id", "owner_type", "owner_name")
_BLOCKS = {
    "apps": ("applications", "service_principals"),
    "credentials": ("credentials",),
    "certificates": ("certificate_contents",),
    "federated": ("federated_credentials",),
    "grants": ("grants",),
    "delegated": ("delegated_grants",),
    "roles": ("workload_roles",),
    "eligible": ("workload_eligibility",),
    "owners": ("application_owners", "service_principal_owners"),
    "exchange": ("exchange_access",),
    "groups": ("role_groups", "role_group_members"),
}


def gaps(coverage: Mapping[str, LedgerLine]) -> dict[str, list[str]]:
    """For each block of the page, the datasets it rests on that are not complete."""
    return {name: gap(coverage, *tables) for name, tables in _BLOCKS.items()}
