"""Reads the certificates' bytes: one object per request, 150 of them a minute.

Graph sends `key` only for single objects, and limits `$select=keyCredentials` to 150 requests a
minute per tenant (reference, section 1.2). So what an earlier snapshot holds is not asked again,
the most privileged objects come first, and the time is announced and bounded.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from auditor.collect.answers import Reply
from auditor.collect.objects import Digest, key_facts
from auditor.collect.pace import Bucket
from auditor.collect.progress import Expected, track
from auditor.collect.reading import Reading, Received, Reused
from auditor.collect.run import Reader, Run, find_gone, not_found
from auditor.snapshot import Snapshot

PER_MINUTE = 150
_MANAGED = "managedidentity"


@dataclass(frozen=True, slots=True)
class _Target:
    path: str
    object: Digest


async def read_certificate_bytes(run: Run, reading: Reading) -> None:
    """Fetches certificates that no earlier snapshot holds, within the minutes allowed."""
    if not run.settings.collect.certificate_minutes:
        reading.skip("left out by the settings", "Raise collect.certificate_minutes to read it.")
        return
    targets = _targets(run)
    fresh = _reuse(run.earlier, targets, reading)
    _announce(run, reading, len(fresh))
    track().expect(len(fresh), per_minute=PER_MINUTE)
    started = run.clock.monotonic()
    deadline = started + run.settings.collect.certificate_minutes * 60
    spent = sum(run.readings[name].requests for name in ("applications", "service-principals"))
    bucket = Bucket(run.clock, PER_MINUTE / 60, PER_MINUTE, max(0, PER_MINUTE - spent), at=started)
    tasks: list[asyncio.Task[Reply]] = []
    async with asyncio.TaskGroup() as group:
        for target in fresh:
            if run.clock.monotonic() + bucket.delay() >= deadline:
                break
            await bucket.take()
            ask = run.ask(reading.dataset, path=target.path, id=target.object.id)
            tasks.append(group.create_task(run.graph.reply(ask, reading.tried)))
            tasks[-1].add_done_callback(lambda _: track().step(1))
    replies = [(each.object, task.result()) for each, task in zip(fresh, tasks, strict=False)]
    lost = [item.id for item, reply in replies if not_found(reply)]
    gone = await find_gone(run, reading, lost)
    for item, reply in replies:
        _take(reading, item, reply, gone)
    if left := len(fresh) - len(tasks):
        reading.flaws.append(
            f"{left} of {len(targets)} objects were not read within"
            f" {run.settings.collect.certificate_minutes} minutes"
        )
        reading.remedy = (
            "Collect again: what is there is not asked again. Or raise collect.certificate_minutes."
        )
    reading.expected = len(targets) - len(gone)
    run.unsure_of(reading, reading.dataset.needs)


def _targets(run: Run) -> list[_Target]:
    """Objects with certificates that are no managed identities, the most privileged first."""
    roles = {
        id.lower() for name in ("role-assignments", "role-eligibility") for id in run.kept(name)
    }
    granted = {principal for principal, _ in run.kept("app-role-assignments")}
    principals: list[Digest] = run.kept("service-principals")
    rank = {
        each.app_id: 0 if each.id.lower() in roles else 1 if each.id.lower() in granted else 2
        for each in principals
    }
    found = [_Target("/applications/{id}", each) for each in run.kept("applications")]
    found += [
        _Target("/servicePrincipals/{id}", each) for each in principals if each.kind != _MANAGED
    ]
    wanted = [each for each in found if each.object.keys]
    return sorted(wanted, key=lambda each: rank.get(each.object.app_id, 2))


def _reuse(earlier: Snapshot | None, targets: Sequence[_Target], reading: Reading) -> list[_Target]:
    """Copies what an earlier snapshot holds already; returns the objects that are left.

    A key id alone does not tell that the certificate behind it is still the same.
    """
    if earlier is None:
        return list(targets)
    known = {
        page.of: page
        for page in earlier.pages
        if page.dataset == reading.dataset.name and page.of and 200 <= page.status < 300
    }
    left = []
    for target in targets:
        page = known.get(target.object.id)
        if page is None or not target.object.keys <= _keys(earlier.bodies[page.number]):
            left.append(target)
            continue
        reading.store(Reused(page, earlier.bodies[page.number], earlier.sha256))
        reading.rows += 1
    if copied := len(targets) - len(left):
        reading.notes.append(f"{copied} objects were copied from {earlier.path.name}")
    return left


def _keys(body: bytes) -> frozenset[tuple[str, ...]]:
    """The keys in a body that have their bytes, as `key_facts` tells them."""
    try:
        found = orjson.loads(body)["keyCredentials"]
        return frozenset(key_facts(each) for each in found if each.get("key"))
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return frozenset()


def _announce(run: Run, reading: Reading, number: int) -> None:
    minutes = math.ceil(max(0, number - PER_MINUTE) / PER_MINUTE)
    allowed = run.settings.collect.certificate_minutes
    if minutes:
        run.say(Expected(reading.dataset.name, number, minutes, PER_MINUTE, allowed))


def _ids(keys: Iterable[tuple[str, ...]]) -> set[str]:
    return {id for id, *_ in keys}


def _take(reading: Reading, target: Digest, reply: Reply, gone: Collection[str]) -> None:
    if reply.answer is not None:
        reading.store(Received(reply.answer, target.id))
    if reply.error is not None:
        if target.id in gone:
            reading.notes.append(f"{target.id} no longer exists")
            return
        reading.errors.append(reply.error)
        return
    reading.rows += 1
    found: Any = reply.value.get("keyCredentials")
    held = _keys(reply.answer.body) if reply.answer is not None else frozenset()
    if not isinstance(found, list) or not _ids(target.keys) <= _ids(held):
        reading.flaws.append(f"certificates of {target.id} came without their bytes")


READERS: Mapping[str, Reader] = {"certificate-bytes": read_certificate_bytes}
