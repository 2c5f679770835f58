"""Rates the auditor's own identity: whoever holds its credential can do what it can do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from auditor.access.values import Concern
from auditor.collect.answers import Reply
from auditor.collect.run import Run
from auditor.connect.wire import Ask
from auditor.errors import ServiceError
from auditor.knowledge import roles
from auditor.times import parse_time

# Words of permissions that only read; anything else is taken for a permission to change something.
_READS = re.compile(r"(^|[._-])(Read|ReadBasic|Export)([._]|$)")
_EXCHANGE = "Exchange.ManageAsApp"  # reads or writes as the role behind it says
_LONGEST = timedelta(days=366)
_SOON = timedelta(days=30)
_DEFAULT_USER = "0997a1d0-0d1d-4acb-b408-d5ca73121e90"  # in the token of every app: no role
_FOR_EXCHANGE = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"  # Global Reader


@dataclass(frozen=True, slots=True)
class Own:
    """What the directory says of the auditor: its objects as received, or why they are not there."""

    principal: dict[str, Any] | None
    application: dict[str, Any] | None
    assignments: tuple[dict[str, Any], ...] | None  # app roles granted to it; None: not readable
    error: ServiceError | None = None

    @property
    def application_id(self) -> str | None:
        """The object id of the registration, if there is one to be seen."""
        found = (self.application or {}).get("id")
        return found if isinstance(found, str) else None


def _nothing() -> None:
    return None


async def read_own(run: Run) -> Own:
    """Our service principal, our registration and what was granted to us."""
    me = run.me
    credentials = ("id", "displayName", "passwordCredentials", "keyCredentials")
    owners = ("owners($select=id)",)

    async def get(url: str) -> Reply:
        return await run.graph.reply(Ask(url), _nothing)

    registration = await get(
        run.urls.url(
            "/applications", filter=f"appId eq '{me.app_id}'", select=credentials, expand=owners
        )
    )
    found = _listed(registration)
    principal = granted = None
    error = registration.error
    if me.object_id and not me.delegated:
        reply = await get(run.urls.url("/servicePrincipals/{id}", me.object_id, select=credentials))
        principal = reply.value if reply.error is None else None
        granted = _listed(
            await get(run.urls.url("/servicePrincipals/{id}/appRoleAssignments", me.object_id))
        )
        error = error or reply.error
    return Own(principal, found[0] if found else None, granted, error)


def _listed(reply: Reply) -> tuple[dict[str, Any], ...] | None:
    rows = reply.value.get("value") if reply.error is None else None
    if not isinstance(rows, list) or "@odata.nextLink" in reply.value:
        return None
    return tuple(row for row in rows if isinstance(row, dict))


def concerns(run: Run, own: Own, now: datetime) -> Iterator[Concern]:
    """What is wrong with the auditor's own identity, the worst first."""
    yield from _writes(run)
    yield from _standing_roles(run)
    yield from _credentials(run, own, now)


def _writes(run: Run) -> Iterator[Concern]:
    names = {*run.me.roles, *run.me.scopes, *run.exchange_me.roles} - {_EXCHANGE}
    harmless = {"openid", "profile", "email", "offline_access"}
    for name in sorted(names - harmless):
        if not _READS.search(name) or "Write" in name:
            yield Concern(
                "bad",
                f"The auditor holds {name}, which lets it change something.",
                "Remove the permission: an auditor needs to read only.",
            )


def _standing_roles(run: Run) -> Iterator[Concern]:
    for template in run.me.wids:
        if template in (_DEFAULT_USER, _FOR_EXCHANGE):
            continue
        rated = roles().get(template)
        name = rated.name if rated else template
        yield Concern(
            "bad",
            f"The auditor holds the directory role {name}.",
            "Remove it: View-Only Organization Management in Exchange, or Global Reader, is enough.",
        )
    if _FOR_EXCHANGE in run.me.wids:
        yield Concern(
            "note",
            "The auditor holds Global Reader, which reads far more than Exchange.",
            "Membership of the role group View-Only Organization Management is enough.",
        )


def _credentials(run: Run, own: Own, now: datetime) -> Iterator[Concern]:
    if run.settings.credential.kind == "client-secret":
        yield Concern(
            "bad",
            "The auditor signs in with a client secret: the rule client-secret fails on it.",
            "Sign in with a certificate or a federated credential, and remove the secret.",
        )
    objects = [("registration", own.application), ("service principal", own.principal)]
    if own.error is not None or all(each is None for _, each in objects):
        why = own.error.what if own.error else "neither its registration nor its principal is there"
        yield Concern(
            "unknown",
            f"The auditor's own credentials could not be seen: {why}.",
            "Grant Application.Read.All, or look at them in the Entra admin center.",
        )
    for where, found in objects:
        if found is None:
            continue
        secrets = found.get("passwordCredentials")
        for secret in secrets if isinstance(secrets, list) else ():
            yield Concern(
                "bad",
                f"The auditor's {where} carries the client secret {_id(secret)}.",
                "Remove it: whoever holds it can read what the auditor can read.",
            )
        keys = found.get("keyCredentials")
        for key in keys if isinstance(keys, list) else ():
            yield from _certificate(where, key, now)
        if not isinstance(secrets, list) or not isinstance(keys, list):
            yield Concern(
                "unknown",
                f"The auditor's {where} came without its lists of credentials.",
                "Look at them in the Entra admin center.",
            )
    owners = (own.application or {}).get("owners")
    if isinstance(owners, list) and owners:
        yield Concern(
            "note",
            f"{len(owners)} owners of the auditor's registration can add a credential to it.",
            "Leave only those who may read all that the auditor reads.",
        )


def _certificate(where: str, key: Any, now: datetime) -> Iterator[Concern]:
    start, end = (parse_time(_text(key, name)) for name in ("startDateTime", "endDateTime"))
    if start is None or end is None:
        yield Concern(
            "unknown",
            f"The dates of certificate {_id(key)} on the auditor's {where} cannot be read.",
            "Look at them in the Entra admin center.",
        )
        return
    if end - start > _LONGEST:
        days = (end - start).days
        yield Concern(
            "bad",
            f"Certificate {_id(key)} on the auditor's {where} is valid for {days} days.",
            "Use one that lives a year at most: auditor setup makes it.",
        )
    if end < now:
        yield Concern(
            "note",
            f"Certificate {_id(key)} on the auditor's {where} expired on {end:%Y-%m-%d}.",
            "Remove it.",
        )
    elif end - now < _SOON:
        yield Concern(
            "note",
            f"Certificate {_id(key)} on the auditor's {where} ends on {end:%Y-%m-%d}.",
            "Register the next one before that.",
        )


def _id(entry: Any) -> str:
    return _text(entry, "keyId") or "without id"


def _text(entry: Any, name: str) -> str:
    found = entry.get(name) if isinstance(entry, dict) else None
    return found if isinstance(found, str) else ""
