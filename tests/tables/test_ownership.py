"""The standing of owners, and what is left of deleted applications, from rows as received."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from auditor.knowledge import GRAPH
from auditor.tables.load import load
from tests.tables.made_up import TENANT, snapshot_of

MAIL_READWRITE = "e2a3a72e-5f79-4c64-b1b1-878b674786c9"


def application(id: str, *owners: str) -> dict[str, Any]:
    return {
        "id": id,
        "appId": f"app-{id}",
        "displayName": id,
        "passwordCredentials": [],
        "keyCredentials": [],
        "requiredResourceAccess": [],
        "owners": [{"id": each} for each in owners],
    }


def principal(id: str, app: str, *owners: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "appId": app,
        "servicePrincipalType": "Application",
        "appOwnerOrganizationId": TENANT,
        "accountEnabled": True,
        "passwordCredentials": [],
        "keyCredentials": [],
        "owners": [{"id": each} for each in owners],
    } | more


USERS = [
    {
        "@odata.type": "#microsoft.graph.user",
        "id": "GUEST",
        "displayName": "Gil",
        "userPrincipalName": "gil#EXT#",
        "userType": "Guest",
        "accountEnabled": False,
    }
]


def ownerships() -> pd.DataFrame:
    snapshot = snapshot_of(
        {
            "applications": [application("a", "guest", "robot", "gone", "untold")],
            "service-principals": [
                principal("s", "app-a", "guest"),
                principal("robot", "app-r", accountEnabled=False),
                principal("foreign", "app-f", "guest", appOwnerOrganizationId="other"),
            ],
            "referenced-principals": {"": USERS, "gone": []},
        }
    )
    # Only the service's own 404 tells that somebody is gone.
    pages = [replace(each, status=404) if each.of == "gone" else each for each in snapshot.pages]
    table = load(replace(snapshot, pages=tuple(pages))).tables["ownerships"]
    return table.set_index(["object_id", "owner_id"])


def test_the_standing_of_owners() -> None:
    table = ownerships()
    guest: Any = table.loc[("a", "guest")]
    assert (guest["owner_type"], guest["owner_kind"], guest["owner_user"]) == (
        "user",
        "Guest",
        "gil#EXT#",
    )
    assert not guest["owner_enabled"]
    assert not guest["owner_gone"]
    robot: Any = table.loc[("a", "robot")]
    assert robot["owner_type"] == "servicePrincipal"
    assert robot["owner_principal"] == 1
    assert not robot["owner_enabled"]
    gone: Any = table.loc[("a", "gone")]
    assert gone["owner_gone"]
    untold: Any = table.loc[("a", "untold")]
    assert pd.isna(untold["owner_gone"])
    assert pd.isna(untold["owner_enabled"])


def test_what_is_owned() -> None:
    table = ownerships()
    rows: list[Any] = [
        table.loc[each] for each in (("a", "guest"), ("s", "guest"), ("foreign", "guest"))
    ]
    app, own, foreign = rows
    assert (app["application"], app["principal"], app["publisher"]) == (0, 0, "own")
    assert (own["application"], own["principal"], own["object_type"]) == (0, 0, "servicePrincipal")
    assert (foreign["application"], foreign["publisher"]) == (-1, "foreign")


def deleted(**fields: Any) -> Any:
    rows = [{"id": "d", "displayName": "Old", **fields}]
    return load(snapshot_of({"deleted-applications": rows})).tables["deleted_applications"].iloc[0]


def test_a_deleted_application_tells_its_last_end_and_what_it_asks_for() -> None:
    ends = [{"endDateTime": "2026-07-01T00:00:00Z"}, {"endDateTime": "2026-01-01T00:00:00Z"}]
    encrypting = {"usage": "Encrypt", "endDateTime": "2029-01-01T00:00:00Z"}
    access = [
        {"id": MAIL_READWRITE.upper(), "type": "Role"},
        {"id": MAIL_READWRITE, "type": "Scope"},
        {"id": "unknown", "type": "Role"},
    ]
    row = deleted(
        passwordCredentials=ends,
        keyCredentials=[encrypting],
        requiredResourceAccess=[{"resourceAppId": GRAPH, "resourceAccess": access}],
    )
    assert row["credentials"] == 2
    assert row["last_end"] == pd.Timestamp("2026-07-01", tz="UTC")
    assert row["asks"] == ("Mail.ReadWrite",)


def test_lists_that_did_not_come_are_not_empty() -> None:
    row = deleted(passwordCredentials=None, keyCredentials=[])
    assert pd.isna(row["credentials"])
    assert row["asks"] is None
    undated = deleted(passwordCredentials=[{"endDateTime": None}], keyCredentials=[])
    assert undated["credentials"] == 1
    assert pd.isna(undated["last_end"])
