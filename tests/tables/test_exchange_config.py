"""Management scopes and roles, and cmdlets that were run, from rows as Exchange sends them."""

from __future__ import annotations

from typing import Any

import orjson
import pandas as pd

from auditor.ledger import Result
from auditor.tables import TABLES
from auditor.tables.load import load
from auditor.tables.source import Source
from tests.tables.made_up import TENANT, snapshot_of

APP = "11111111-aaaa-bbbb-cccc-000000000001"
PRINCIPALS = [{"id": "sp", "appId": APP.upper(), "displayName": "Exchange Master"}]


def table(name: str, **datasets: Any) -> tuple[pd.DataFrame, Source]:
    rows = {key.replace("_", "-"): value for key, value in datasets.items()}
    source = Source(snapshot_of(rows), TABLES, TENANT)
    return source.table(name), source


def record(id: str, data: Any = None, **values: Any) -> dict[str, Any]:
    told: dict[str, Any] = {"Id": id, "UserId": f"contoso.onmicrosoft.com/{APP}", "ObjectId": "Ada"}
    told |= {"ResultStatus": "True", "Parameters": [{"Name": "Identity", "Value": "secret"}]}
    text = orjson.dumps(told | (data or {})).decode()
    row = {"Operations": "Set-Mailbox", "CreationDate": "2026-05-18T10:00:00Z", "AuditData": text}
    return {**row, "UserIds": told["UserId"], **values}


def test_a_cmdlet_leads_to_its_application() -> None:
    found, source = table(
        "app_cmdlets",
        service_principals=PRINCIPALS,
        exchange_app_cmdlets=[record("a"), record("a"), record("b", {"ResultStatus": "False"})],
    )
    assert list(found["id"]) == ["a", "b"]  # the log hands records out twice
    assert list(found["principal"]) == [0, 0]
    assert list(found["app_id"]) == [APP, APP]
    assert list(found["result"]) == ["True", "False"]
    assert found["when"].notna().all()
    assert found["parameters"].iloc[0] == ("Identity",)
    assert not source.faults


def test_what_a_record_does_not_tell_stays_null() -> None:
    odd = record("a", {"UserId": "ada@contoso.com", "Parameters": None, "ResultStatus": None})
    found, _ = table("app_cmdlets", exchange_app_cmdlets=[{**odd, "UserIds": None}])
    assert found[["app_id", "result", "parameters"]].isna().all(axis=None)
    assert found["principal"].iloc[0] == -1


def test_a_record_that_cannot_be_read_makes_the_dataset_partial() -> None:
    broken = record("a", AuditData="{", Identity="kept")
    found, source = table(
        "app_cmdlets", exchange_app_cmdlets=[broken, record("", Identity=None), {"Operations": 3}]
    )
    assert list(found["id"]) == ["kept"]
    assert sum(source.faults.values()) == 3


def test_scopes_and_roles() -> None:
    scope = {"Name": "Finance", "RecipientFilter": "Department -eq 'F'", "Exclusive": False}
    found, _ = table("exchange_scopes", exchange_management_scopes=[scope])
    assert found["filter"].iloc[0] == "Department -eq 'F'"
    assert pd.isna(found["type"].iloc[0])
    assert found["id"].iloc[0] == "Finance"
    custom = {"Name": "Mail", "Guid": "g", "RoleType": "MailRecipients", "IsRootRole": False}
    found, _ = table("exchange_roles", exchange_management_roles=[custom, {"Name": "Bare"}])
    assert list(found["type"].fillna("")) == ["MailRecipients", ""]
    assert found["root"].isna().to_list() == [False, True]


def test_an_assigned_role_that_is_not_listed_makes_the_roles_partial() -> None:
    assigned = {"Name": "a", "Role": "Mail Recipients", "RoleAssigneeType": "User"}
    rows = {
        "exchange-role-assignments": [assigned],
        "exchange-management-roles": [{"Name": "Journaling", "Guid": "g"}],
    }
    line = load(snapshot_of(rows)).coverage["exchange-management-roles"]
    assert line.result is Result.PARTIAL
    assert "Mail Recipients" in line.cause
