"""Puts token, probes and grants together: per dataset what can be read, and what to do if not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from auditor.access.own import Own
from auditor.access.probes import Probe, cmdlets
from auditor.access.values import Reach, State
from auditor.collect.answers import LICENCE_CODES, Reply
from auditor.collect.run import Run
from auditor.collect.stages import turned_off
from auditor.datasets import DATASETS, Dataset
from auditor.errors import Refused, ServiceError
from auditor.knowledge import EXCHANGE, MANAGE_AS_APP, permissions
from auditor.times import parse_time

_ENTRA = "Entra puts it into tokens within minutes: run this again."
_EXCHANGE = (
    "Exchange takes up to two hours to obey a new permission, role or membership: run this again."
)
_STANDS = (
    "If it was granted within the hour, wait and run this again; otherwise something else stands "
    "against it, such as a Conditional Access policy for workload identities."
)


def judge(
    run: Run,
    own: Own,
    probes: Mapping[str, Probe],
    modules: Reply | None,
    now: datetime,
    *,
    rules: Callable[[str], tuple[str, ...]],
    accepted: Iterable[str],
) -> list[Reach]:
    """Every declared dataset, in declared order."""
    waiting = _granted(own)
    open_ = cmdlets(modules) if modules is not None else None
    found = []
    for dataset in DATASETS.values():
        held: tuple[str, ...] = ()
        if off := turned_off(run.settings, dataset.name):
            state, told, remedy = State.NOT_ASKED, "off by default", off
        elif dataset.service == "exchange":
            state, told, remedy = _exchange(run, dataset, modules, open_, waiting, now)
            held = run.exchange_me.roles
        else:
            state, told, remedy = _graph(run, dataset, probes.get(dataset.name), waiting, now)
            held = (*run.me.roles, *run.me.scopes)
        named = {name for each in dataset.permissions for name in each}
        found.append(
            Reach(
                dataset=dataset.name,
                title=dataset.title,
                tier=dataset.tier,
                state=state,
                permissions=dataset.permissions,
                held=tuple(sorted(named.intersection(held))),
                probe=told,
                remedy="" if state.good else remedy,
                rules=() if state.good else rules(dataset.name),
                accepted=dataset.name in accepted,
                off=bool(off),
            )
        )
    return found


Judged = tuple[State, str, str]


def _graph(
    run: Run,
    dataset: Dataset,
    probe: Probe | None,
    waiting: Mapping[str, str],
    now: datetime,
) -> Judged:
    cloud = run.settings.tenant.cloud
    if cloud not in dataset.clouds:
        return State.NOT_ASKED, f"the cloud {cloud} does not have it", _accept(dataset)
    held = {*run.me.roles, *run.me.scopes}
    error = probe.reply.error if probe else None
    if probe is None or _wants_object(dataset, error):
        if _enough(dataset, held):
            return State.GRANTED, "no object of our own to try it on", ""
        return _lacking(dataset, waiting, now, "the token lacks a permission for it")
    asked = f"{probe.ask.method} {dataset.path}"
    if error is None and dataset.method == "POST" and not _enough(dataset, held):
        # It answers anybody who may see one kind of object, and leaves the others out or bare.
        told = f"{asked}: answered, but shows only kinds of objects the token may see"
        return _lacking(dataset, waiting, now, told)
    if error is None:
        return State.READABLE, f"{asked}: answered", ""
    return _refused(dataset, error, f"{asked}: {error.what}", held, waiting, now)


def _wants_object(dataset: Dataset, error: ServiceError | None) -> bool:
    """Whether the service only says that it wants to be asked about one object."""
    return bool(error and error.status == 400 and dataset.needs and error.code not in LICENCE_CODES)


def _refused(
    dataset: Dataset,
    error: ServiceError,
    told: str,
    held: set[str],
    waiting: Mapping[str, str],
    now: datetime,
) -> Judged:
    if error.code in LICENCE_CODES:
        needs = dataset.licence or "a licence this tenant does not have"
        return State.UNLICENSED, told, f"It needs {needs}. {_accept(dataset)}"
    if not isinstance(error, Refused):
        return State.UNAVAILABLE, told, error.remedy or "Run this again; see the cause."
    if _enough(dataset, held):
        return State.REFUSED, told, _STANDS
    return _lacking(dataset, waiting, now, told)


def _lacking(dataset: Dataset, waiting: Mapping[str, str], now: datetime, told: str) -> Judged:
    """Missing, unless the directory says that it was granted already."""
    for names in dataset.permissions:
        since = [waiting[name] for name in names if name in waiting]
        if len(since) == len(names):
            return State.WAITING, f"{told}; granted {_ago(max(since), now)}", _ENTRA
    return State.MISSING, told, dataset.remedy


def _exchange(
    run: Run,
    dataset: Dataset,
    modules: Reply | None,
    open_: frozenset[str] | None,
    waiting: Mapping[str, str],
    now: datetime,
) -> Judged:
    if run.exchange_error is not None:
        return State.UNAVAILABLE, run.exchange_error.what, run.exchange_error.remedy
    if modules is None:
        return State.NOT_ASKED, "left out by the settings", "Set collect.exchange to true."
    held = set(run.exchange_me.roles)
    if open_ is not None:
        if dataset.path.lower() in open_:
            return State.READABLE, f"Exchange lets us run {dataset.path}", ""
        told = f"Exchange does not let us run {dataset.path}"
        return State.REFUSED, told, f"{dataset.advice or dataset.remedy} {_EXCHANGE}"
    error = modules.error
    told = f"EXOModuleFile: {error.what if error else 'it names no cmdlets'}"
    if error is not None and not isinstance(error, Refused):
        return State.UNAVAILABLE, told, error.remedy or "Run this again; see the cause."
    if not _enough(dataset, held):
        return _lacking(dataset, waiting, now, told)
    return (
        State.WAITING if _recent(waiting, now) else State.REFUSED,
        told,
        (f"{dataset.advice} {_EXCHANGE}"),
    )


def _enough(dataset: Dataset, held: set[str]) -> bool:
    return any(held.issuperset(names) for names in dataset.permissions)


def _granted(own: Own) -> dict[str, str]:
    """Permissions the directory has granted us, by name, and when."""
    names = {id: rated.name for (_, id), rated in permissions().items()}
    names |= {id: name for (resource, id), name in MANAGE_AS_APP.items() if resource == EXCHANGE}
    return {
        names[id]: str(each.get("createdDateTime") or "")
        for each in own.assignments or ()
        if (id := str(each.get("appRoleId")).lower()) in names
    }


def _recent(waiting: Mapping[str, str], now: datetime) -> bool:
    """Whether Exchange's permission was granted less than two hours ago."""
    when = parse_time(waiting.get("Exchange.ManageAsApp", ""))
    return when is not None and (now - when).total_seconds() < 2 * 3600


def _ago(text: str, now: datetime) -> str:
    when = parse_time(text)
    if when is None:
        return "at a time the directory does not tell"
    minutes = max(0, int((now - when).total_seconds() // 60))
    return f"at {text}, {minutes} minutes ago" if minutes < 24 * 60 else f"at {text}"


def _accept(dataset: Dataset) -> str:
    return f'To accept the gap, write accept = ["{dataset.name}"] into [coverage].'
