"""Reads policies, what they apply to, and what the tenant says of delegated permissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditor.collect.objects import Digest, expanded_short, rated_resources
from auditor.collect.reading import Reading
from auditor.collect.run import Reader, Run, read_asks, read_listing

_OTHER_RESOURCES = 500  # APIs that nobody here asks for: more of them than this are not asked
_PARTS = {
    "permission-grant-includes": "includes",
    "permission-grant-excludes": "excludes",
}


@dataclass(frozen=True, slots=True)
class _Conditions:
    """One consent policy: how many condition sets came with it; None where they must be asked."""

    id: str
    numbers: Mapping[str, int | None]


def _id(item: dict[str, Any]) -> str:
    return str(item["id"])


def conditions(item: dict[str, Any]) -> _Conditions:
    """What of a policy's conditions came with it."""
    return _Conditions(_id(item), {name: _number(item, name) for name in _PARTS.values()})


def _number(item: dict[str, Any], name: str) -> int | None:
    found = item.get(name)
    whole = isinstance(found, list) and not expanded_short(item, name)
    return len(found) if isinstance(found, list) and whole else None


async def read_policies(run: Run, reading: Reading) -> None:
    """A listing of policies, keeping their ids."""
    await read_listing(run, reading, _id)


async def read_applies_to(run: Run, reading: Reading) -> None:
    """The objects that each policy applies to."""
    source = reading.dataset.needs[0]
    ids: list[str] = run.kept(source)
    if not ids:
        reading.notes.append(f"there is none of {source}")
    await read_asks(run, reading, {id: run.ask(reading.dataset, id=id) for id in ids})
    run.unsure_of(reading, reading.dataset.needs)


async def read_grant_policies(run: Run, reading: Reading) -> None:
    """Consent policies, keeping which of them came with their conditions."""
    await read_listing(run, reading, conditions)


async def read_grant_conditions(run: Run, reading: Reading) -> None:
    """Condition sets came with the policies; those that did not are read policy by policy."""
    name = _PARTS[reading.dataset.name]
    policies: list[_Conditions] = run.kept("permission-grant-policies")
    again = [each.id for each in policies if each.numbers[name] is None]
    await read_asks(run, reading, {id: run.ask(reading.dataset, id=id) for id in again})
    reading.rows += sum(each.numbers[name] or 0 for each in policies)
    reading.notes.append(f"read together with the policies; {len(again)} read on their own")
    run.unsure_of(reading, reading.dataset.needs)


async def read_permission_classifications(run: Run, reading: Reading) -> None:
    """The classifications of each API that offers delegated permissions.

    They hang on the API's own service principal, and no listing tells which have any. Rated APIs
    and those that applications name are always asked, the others up to a number.
    """
    principals: list[Digest] = run.kept("service-principals")
    named = rated_resources() | {
        app_id for each in run.kept("applications") for app_id in each.resources
    }
    offering = [each for each in principals if each.exposes_scopes is not False]
    wanted = [each.id for each in offering if each.app_id in named]
    others = [each.id for each in offering if each.app_id not in named]
    if len(others) > _OTHER_RESOURCES:
        reading.flaws.append(f"{len(others)} further APIs that nobody here asks for were not asked")
        others = []
    asks = {id: run.ask(reading.dataset, id=id) for id in (*wanted, *others)}
    await read_asks(run, reading, asks)
    run.unsure_of(reading, reading.dataset.needs)


_KINDS = ("token-lifetime", "claims-mapping", "token-issuance", "app-management")
READERS: Mapping[str, Reader] = {
    **{f"{kind}-policies": read_policies for kind in _KINDS},
    **{f"{kind}-applies-to": read_applies_to for kind in _KINDS},
    "permission-grant-policies": read_grant_policies,
    **dict.fromkeys(_PARTS, read_grant_conditions),
    "permission-classifications": read_permission_classifications,
}
