"""Reads the reports of what applications did, and the record of what was done to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from auditor.collect.listing import Listed, walk
from auditor.collect.reading import Reading
from auditor.collect.run import Reader, Run, read_listing

_RECORDER = "loggedByService eq 'Core Directory'"


async def read_credential_sign_ins(run: Run, reading: Reading) -> None:
    """The report; without any entry it would call every credential of the tenant unused."""
    await read_listing(run, reading)
    if not reading.rows and not reading.errors:
        reading.flaws.append("came back empty, so it tells nothing of any credential")


async def read_audits(run: Run, reading: Reading) -> None:
    """What was recorded within `collect.audit_days`, at most `collect.audit_pages` pages of it."""
    days = run.settings.collect.audit_days
    if not days:
        reading.skip("left out by the settings", "Set collect.audit_days to 1 or more to read it.")
        return
    since = f"{run.clock.now() - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
    window = f"activityDateTime ge {since}"
    listed = await _recorded(run, reading, f"{window} and {_RECORDER}")
    if listed.error is not None and listed.error.status == 400:
        reading.notes.append(
            "the service does not filter by loggedByService: every record of the time was read"
        )
        listed = await _recorded(run, reading, window)
    reading.take(listed)
    reading.notes.append(f"asked for what was recorded since {since}")
    if listed.kept:
        reading.notes.append(
            f"the oldest record is of {min(listed.kept)}; Entra keeps 7 days without a P1 licence, "
            "30 with one"
        )
    if listed.flaws and len(listed.answers) >= run.settings.collect.audit_pages:
        reading.remedy = "Raise collect.audit_pages, or lower collect.audit_days."


async def _recorded(run: Run, reading: Reading, condition: str) -> Listed:
    ask = run.ask(reading.dataset, filter=condition)
    most = run.settings.collect.audit_pages
    return await walk(run.service(reading.dataset), ask, reading.tried, keep=_when, most=most)


def _when(item: dict[str, Any]) -> str:
    return str(item.get("activityDateTime") or "")


READERS: Mapping[str, Reader] = {
    "credential-sign-ins": read_credential_sign_ins,
    "directory-audits": read_audits,
}
