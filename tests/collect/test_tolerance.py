"""A refused name is dropped alone, the ledger tells it, and what was dropped is unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from auditor.collect.objects import read_applications, read_service_principals
from auditor.collect.reading import Reading
from auditor.collect.roles import read_referenced_principals
from auditor.collect.run import Run, read_each, read_listing
from auditor.collect.tolerance import unknown_names, without
from auditor.datasets import DATASETS
from auditor.datasets.dataset import Dataset
from auditor.errors import ServiceError
from auditor.ledger import LedgerLine, Result
from auditor.tables.load import load
from tests.collect.fakes import run
from tests.collect.tenants import had, read, tenant
from tests.tables.made_up import snapshot_of

ROWS = {"value": [{"id": "a1", "appId": "x", "owners": [], "keyCredentials": []}]}


def refusing(*lacks: str, rows: Any = ROWS, together: bool = False) -> tuple[Any, list[str]]:
    """A Graph that refuses these names in $select and $expand, one at a time or all at once."""
    selects: list[str] = []

    def handle(path: str, query: dict[str, str], ask: Any) -> Any:
        if path.endswith("$count"):
            return 1
        asked = f"{query.get('$select', '')} {query.get('$expand', '')}"
        selects.append(asked)
        found = [name for name in lacks if name in asked]
        if found:
            told = " and ".join(f"'{name}'" for name in (found if together else found[:1]))
            text = f"Could not find a property named {told} on type 'microsoft.graph.application'."
            return 400, {"error": {"code": "BadRequest", "message": text}}
        return rows

    return handle, selects


@pytest.mark.parametrize("together", [False, True])
def test_only_the_refused_names_are_dropped(together: bool) -> None:
    handle, selects = refusing("verifiedPublisher", "isDisabled", together=together)
    run_ = tenant(handle)
    had(run_, "service-principals")
    line = read(run_, "applications", read_applications)
    assert line.result is Result.COMPLETE
    assert "servicePrincipalLockConfiguration" in selects[-1]
    assert "verifiedPublisher" not in selects[-1]
    assert "isDisabled" not in selects[-1]
    assert len(selects) == (2 if together else 3)
    told = " ".join(line.notes)
    assert "verifiedPublisher" in told
    assert "isDisabled" in told
    assert "servicePrincipalLock" not in told


def test_a_name_that_is_needed_is_not_dropped() -> None:
    handle, selects = refusing("keyCredentials")
    line = read(tenant(handle), "service-principals", read_service_principals)
    assert line.result is Result.UNAVAILABLE
    assert "keyCredentials" in line.cause
    assert len(selects) == 1


def test_an_answer_that_names_nothing_drops_every_optional_name() -> None:
    dataset = DATASETS["applications"]
    vague = ServiceError("the service answered 400: the $select is not valid", status=400)
    assert unknown_names(vague, dataset) == list(dataset.optional)
    other = ServiceError("the service answered 400: the tenant is not valid", status=400)
    assert unknown_names(other, dataset) == []
    refused = ServiceError("the service answered 403: verifiedPublisher", status=403)
    assert unknown_names(refused, dataset) == []


EXPANDING = replace(
    DATASETS["service-principal-owners"],
    name="service-principal-owners",
    select=("id", "displayName"),
    expand="manager($select=id,employeeType)",
    optional=("employeeType", "displayName"),
    version="beta",
)


def test_names_in_expand_and_in_the_beta_api_are_dropped_too() -> None:
    less = without(EXPANDING, ["employeeType"])
    assert (less.select, less.expand) == (("id", "displayName"), "manager($select=id)")
    handle, selects = refusing("employeeType")
    line = read_of(tenant(handle), EXPANDING, read_listing)
    assert line.result is Result.COMPLETE
    assert selects == [
        "id,displayName manager($select=id,employeeType)",
        "id,displayName manager($select=id)",
    ]


def test_items_of_a_batch_are_sent_again_without_the_name() -> None:
    handle, selects = refusing("employeeType")

    async def each(run_: Run, reading: Reading) -> None:
        await read_each(run_, reading, ["p1", "p2"])

    line = read_of(tenant(handle), EXPANDING, each)
    assert line.result is Result.COMPLETE
    assert line.rows == 2
    assert ["employeeType" in asked for asked in selects] == [True, True, False, False]
    assert len(line.notes) == 1


def read_of(run_: Run, dataset: Dataset, reader: Any) -> LedgerLine:
    reading = run_.readings[dataset.name] = Reading(dataset)
    run(reader(run_, reading))
    return reading.line(())


def test_objects_by_id_lose_only_what_was_refused() -> None:
    person = {"id": "u1", "@odata.type": "#microsoft.graph.user", "displayName": "Ada"}
    handle, selects = refusing("accountEnabled", rows={"value": [person]})
    run_ = tenant(handle)
    for name in DATASETS["referenced-principals"].after:
        had(run_, name)
    had(run_, "service-principals")
    had(run_, "role-assignments", "u1")
    line = read(run_, "referenced-principals", read_referenced_principals)
    assert line.result is Result.COMPLETE
    assert "accountEnabled" in " ".join(line.notes)
    assert "userPrincipalName" in selects[-1]


def test_what_was_dropped_is_unknown_in_the_tables() -> None:
    person = {"id": "u1", "@odata.type": "#microsoft.graph.user", "displayName": "Ada"}
    people = load(snapshot_of({"referenced-principals": [person]})).tables["directory_objects"]
    assert people[["user_name", "user_type", "enabled"]].isna().all(axis=None)
