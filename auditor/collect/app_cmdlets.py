"""Reads the audit log for the cmdlets that applications ran in Exchange, bounded in days and pages.

Search-UnifiedAuditLog returns the next page when it is run again with the same SessionId, and
nothing at the end (its reference page). An application's records bear the identity
`initial domain/appId`. A page whose answer was lost cannot be asked again: the session goes on
without it, which shows only in ResultCount. So a session that ends short is begun anew, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from auditor.collect.cmdlets import run_cmdlet
from auditor.collect.listing import Listed
from auditor.collect.objects import Digest
from auditor.collect.reading import Reading
from auditor.collect.run import Reader, Run
from auditor.knowledge import MANAGE_AS_APP
from auditor.settings import Settings

# The service allows 5,000, but hands 1,000 rows at most over in one answer; a nextLink in the
# middle of a session would leave open which page the next request stands for.
PAGE = 1000
LARGEST_SET = 50_000  # of one session
_AT_ONCE = 50  # identities in one search
_SETTING = "collect.app_cmdlet_pages"


@dataclass
class _Session:
    """One search under one SessionId."""

    pages: list[Listed] = field(default_factory=list)
    promised: int = 0
    over: bool = False  # the empty answer came

    @property
    def rows(self) -> int:
        return sum(page.rows for page in self.pages)

    @property
    def broken(self) -> bool:
        """Whether beginning anew could bring more."""
        failed = any(page.error or page.flaws for page in self.pages)
        return failed or (self.over and self.rows < min(self.promised, LARGEST_SET))


def left_off(settings: Settings) -> str:
    """How to turn it on, if it is off."""
    if settings.collect.app_cmdlet_days:
        return ""
    return "Set collect.app_cmdlet_days to the number of days to read it."


async def read_app_cmdlets(run: Run, reading: Reading) -> None:
    """Which cmdlets were run by applications that could: those that hold a permission of
    Exchange, and those Exchange itself knows.
    """
    days = run.settings.collect.app_cmdlet_days
    domain = _initial_domain(run)
    if not domain:
        reading.skip("the organization does not tell the tenant's initial domain", "Collect again.")
        return
    end = run.clock.now()
    apps = _applications(run)
    left = run.settings.collect.app_cmdlet_pages
    for at in range(0, len(apps), _AT_ONCE):
        if not left:
            reading.flaws.append(f"{_SETTING} was used up before every application was searched")
            break
        users = [f"{domain}/{app_id}" for app_id in apps[at : at + _AT_ONCE]]
        session = await _searched(run, reading, users, (end - timedelta(days=days), end), left)
        left -= sum(page.rows > 0 for page in session.pages)
        _take(reading, session)
        if session.pages[-1].error:
            break  # the next search would not fare better
    if reading.flaws and not left:
        reading.remedy = f"Raise {_SETTING}, or lower collect.app_cmdlet_days."
    reading.notes.append(
        f"searched {days} days up to {end:%Y-%m-%dT%H:%M:%SZ} for {len(apps)} applications as"
        f" {domain}/appId; where auditing was off, nothing was kept: no record is no proof"
    )
    run.unsure_of(reading, reading.dataset.needs + reading.dataset.after)


def _initial_domain(run: Run) -> str:
    told: dict[str, Any] = next(iter(run.kept("organization")), {})
    domains = told.get("verifiedDomains")
    for each in domains if isinstance(domains, list) else ():
        if isinstance(each, dict) and each.get("isInitial") is True and each.get("name"):
            return str(each["name"])
    return ""


def _applications(run: Run) -> list[str]:
    principals: list[Digest] = run.kept("service-principals")
    apis = {app_id for app_id, _ in MANAGE_AS_APP}
    resources = {each.id.lower() for each in principals if each.app_id in apis}
    holders = {
        holder for holder, resource in run.kept("app-role-assignments") if resource in resources
    }
    found = {each.app_id for each in principals if each.id.lower() in holders}
    return sorted((found | set(run.kept("exchange-service-principals"))) - {""})


async def _searched(
    run: Run,
    reading: Reading,
    users: Sequence[str],
    dates: tuple[datetime, datetime],
    pages: int,
) -> _Session:
    session = await _read(run, reading, users, dates, pages)
    # What was refused once stays refused; what broke off may be whole the second time.
    if session.broken and session.rows:
        again = await _read(run, reading, users, dates, pages)
        session = again if again.rows >= session.rows else session
    return session


async def _read(
    run: Run,
    reading: Reading,
    users: Sequence[str],
    dates: tuple[datetime, datetime],
    pages: int,
) -> _Session:
    session = _Session()
    # Written as in the cmdlet's reference page.
    start, end = (f"{each:%Y-%m-%d %H:%M:%S}z" for each in dates)
    parameters = {
        **reading.dataset.parameters,
        "StartDate": start,
        "EndDate": end,
        "UserIds": list(users),
        "ResultSize": PAGE,
        "SessionId": f"auditor {uuid4()}",
    }
    for _ in range(pages):
        listed = await run_cmdlet(run, reading, parameters, keep=_place)
        session.pages.append(listed)
        counts = [count for _, count in listed.kept]
        session.promised = max([session.promised, *counts])
        if any(index < 0 for index, _ in listed.kept):
            listed.flaws["the search ran out of time inside the service"] += 1
        session.over = not listed.rows and listed.error is None
        if listed.error or listed.flaws or session.over:
            break
    return session


def _place(item: dict[str, Any]) -> tuple[int, int]:
    """ResultIndex and ResultCount; -1 and 0 stand for a search the service gave up."""
    index, count = item.get("ResultIndex"), item.get("ResultCount")
    return index if isinstance(index, int) else 0, count if isinstance(count, int) else 0


def _take(reading: Reading, session: _Session) -> None:
    for page in session.pages:
        reading.take(page)
    reading.expected = (reading.expected or 0) + max(session.promised, session.rows)
    if session.rows < session.promised:
        reading.flaws.append(f"{session.rows} of {session.promised} records arrived")
        if session.over and session.rows >= LARGEST_SET:
            reading.remedy = "One search ends at 50,000: lower collect.app_cmdlet_days."


READERS: Mapping[str, Reader] = {"exchange-app-cmdlets": read_app_cmdlets}
OFF: Mapping[str, Callable[[Settings], str]] = {"exchange-app-cmdlets": left_off}
