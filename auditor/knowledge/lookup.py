"""Finds what is known of a name or an id, whatever it is, and explains it in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from auditor.knowledge.applications import application_name, applications, owner_tenants
from auditor.knowledge.exchange import (
    central_group,
    central_groups,
    exchange_levels,
    exchange_roles,
    mailbox_permissions,
    role_group_contents,
)
from auditor.knowledge.overlay import MANAGEMENT_ROLE, PERMISSION, ROLE, Ratings
from auditor.knowledge.ratings import (
    DELEGATED,
    KINDS,
    Rating,
    RoleRating,
    permissions,
    reach_words,
    roles,
)
from auditor.knowledge.wellknown import APPLICATION_ROLES, MANAGE_AS_APP

TIER_SAYS = {
    0: "It reaches Global Administrator, or can take the whole tenant down.",
    1: "It reaches data of the whole tenant, or administers a service.",
    2: "It has little effect on security.",
    None: "Nobody rates it. That says nothing of how dangerous it is: look at what it allows.",
}
PATH_SAYS = {
    "direct": "The permission or role itself gets there.",
    "indirect": "It gets there through a further permission, identity or object that it can take.",
    "not-proven": "No path was shown; it is kept at this tier as a precaution.",
}
BASIS_SAYS = {
    "tested": "The path was tried by the source that tells it.",
    "documented": "A published list names the path; whether it was tried is not told.",
    "several-models": "Several models give this tier, by reasoning.",
    "one-model": "One model alone gives this tier, by reasoning: a candidate, not proven.",
    "none": "No source has a rating.",
    "overlay": "Your overlay says so.",
}
_CANDIDATE = "It is a candidate: nobody tested it."
_CONDITIONAL = "It gives nothing by itself: a second grant, such as a role, decides what it opens."
_DELEGATED = (
    "Delegated: bounded by what the signed-in user may do, so it matters most for administrators."
)


@dataclass(frozen=True, slots=True)
class Known:
    """One thing that is known: what it is, and everything told of it."""

    what: str
    id: str
    name: str
    summary: str  # one line that tells it from its namesakes
    facts: dict[str, Any] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()
    api: str = ""  # app id of a permission's API
    kind: str = ""


def find(word: str, ratings: Ratings) -> list[Known]:
    """Everything that bears this name or id; letter case does not matter."""
    wanted = word.strip().lower()
    return [
        *_permissions(wanted, ratings),
        *_roles(wanted, ratings),
        *_exchange(wanted, word.strip(), ratings),
        *_applications(wanted),
    ]


def names() -> set[str]:
    """Every name that can be looked up, for a hint at a typo."""
    found = {each.name for kind in KINDS for each in permissions(kind).values()}
    found |= {each.name for each in roles().values()} | set(central_groups())
    found |= {each.name for each in exchange_roles()} | APPLICATION_ROLES
    return (found | {each.name for each in applications().values()}) - {""}


def _permissions(wanted: str, ratings: Ratings) -> Iterator[Known]:
    keys = {
        (resource, id, kind)
        for kind in KINDS
        for (resource, id), each in permissions(kind).items()
        if wanted in (id, each.name.lower())
    }
    for each in ratings.overlay.entries if ratings.overlay else ():
        if each.what == PERMISSION and wanted in (each.id, each.name.lower()):
            keys.add((each.resource, each.id, each.kind))
    for resource, id, kind in sorted(keys):
        yield _permission(ratings.permission(resource, id, kind))


def _permission(each: Rating) -> Known:
    api = application_name(each.resource) or each.resource
    told = [*_rated(each)]
    if each.conditional:
        told.append(_CONDITIONAL)
    if each.kind == DELEGATED:
        told.append(_DELEGATED)
    facts = {"api": api, "resource": each.resource, "kind": each.kind} | _facts(each)
    facts |= {"conditional": each.conditional}
    if each.kind != DELEGATED:
        mailbox = mailbox_permissions().get((each.resource, each.id))
        if mailbox:
            bound = "can" if mailbox.bound else "cannot"
            told.append(
                f"It opens mailboxes ({mailbox.access}); an application access policy {bound} bind it."
            )
            facts["mailbox"] = {"access": mailbox.access, "bound_by_access_policy": mailbox.bound}
        if (each.resource, each.id) in MANAGE_AS_APP:
            told.append("With a role that opens Exchange it administers Exchange without a user.")
    what = f"{each.kind} permission"
    summary = f"{what} of {api}: {_tier(each)}"
    return Known(what, each.id, each.name, summary, facts, tuple(told), each.resource, each.kind)


def _roles(wanted: str, ratings: Ratings) -> Iterator[Known]:
    entries = ratings.overlay.entries if ratings.overlay else ()
    ids = [id for id, each in roles().items() if wanted in (id, each.name.lower())]
    ids += [
        each.id for each in entries if each.what == ROLE and wanted in (each.id, each.name.lower())
    ]
    for id in dict.fromkeys(ids):
        each = ratings.role(id)
        level = exchange_levels("directory-role").get(id)
        told = [*_rated(each)]
        if each.is_privileged:
            told.append("Microsoft labels it privileged.")
        if level:
            told.append(f"With Exchange.ManageAsApp it opens Exchange at the level {level}.")
        facts = _facts(each) | {"is_privileged": each.is_privileged, "exchange_level": level}
        summary = f"directory role: {_tier(each)}"
        yield Known("directory role", id, each.name, summary, facts, tuple(told))


def _tier(each: Rating | RoleRating) -> str:
    return "unknown" if each.tier is None else f"tier {each.tier}, {each.state}, {each.basis}"


def _rated(each: Rating | RoleRating) -> Iterator[str]:
    head = "Unknown" if each.tier is None else f"Tier {each.tier}"
    yield f"{head}. {TIER_SAYS[each.tier]}"
    if each.path in PATH_SAYS:
        yield f"Path {each.path}. {PATH_SAYS[each.path]}"
    yield f"Basis {each.basis}. {BASIS_SAYS[each.basis]}"
    if each.state == "candidate" and each.basis != "one-model":
        yield _CANDIDATE
    if each.rated_by:
        yield f"Reason of the overlay: {each.rated_by}"
    for word in each.reach:
        yield f"Reaches {word}. {reach_words()[word]}"
    if each.agree or each.disagree:
        other = f"; otherwise: {', '.join(each.disagree)}" if each.disagree else ""
        yield f"Sources with this tier: {', '.join(each.agree) or 'none'}{other}."


def _facts(each: Rating | RoleRating) -> dict[str, Any]:
    return {
        "tier": each.tier,
        "state": each.state,
        "reach": list(each.reach),
        "path": each.path,
        "basis": each.basis,
        "confidence": each.confidence,
        "agree": list(each.agree),
        "disagree": list(each.disagree),
        "date": each.date or None,
        "rated_by": each.rated_by or None,
    }


def _exchange(wanted: str, word: str, ratings: Ratings) -> Iterator[Known]:
    for each in exchange_roles():
        if each.kind != "directory-role" and wanted == each.name.lower():
            yield (
                _role_group(each.name)
                if each.kind == "role-group"
                else _management_role(each.name, each.allows, each.source, ratings)
            )
    known = {each.name.lower() for each in exchange_roles() if each.kind == "management-role"}
    for entry in ratings.overlay.entries if ratings.overlay else ():
        if entry.what == MANAGEMENT_ROLE and wanted == entry.id.lower() and wanted not in known:
            yield _management_role(entry.id, "", "", ratings)
    central = central_group(word) or next(
        (each for name, each in central_groups().items() if name.lower() == wanted), None
    )
    if central and central.name not in exchange_levels("role-group"):
        yield _role_group(central.name)
    for name in APPLICATION_ROLES:
        if name.lower() == wanted:
            told = (
                "A role of RBAC for Applications: access to what mailboxes hold, no administration."
            )
            yield Known("application role of Exchange", name, name, "opens mailboxes", {}, (told,))


def _role_group(name: str) -> Known:
    level = exchange_levels("role-group").get(name)
    contents = role_group_contents().get(name, ())
    central = central_groups().get(name)
    feeds = [roles()[id].name for id in sorted(central.directory_roles)] if central else []
    nested = central.nested_in if central else ""
    told = [f"Its members have the level {level} of Exchange's administration."] if level else []
    if feeds:
        told.append(f"The directory feeds it from: {', '.join(feeds)}. It is Partner_Managed.")
    if nested:
        told.append(f"It is a member of {nested}, and its members have what that group has.")
    if contents:
        told.append(f"Holds by default: {', '.join(contents)}.")
    elif central:
        normal = ", ".join(sorted(central.normal_roles)) or "no management role of its own"
        told.append(f"Holds by default: {normal}.")
    facts = {"level": level, "management_roles": list(contents), "directory_roles": feeds}
    summary = f"role group of Exchange: level {level or 'of what it is nested in'}"
    return Known(
        "role group of Exchange", name, name, summary, facts | {"nested_in": nested}, tuple(told)
    )


def _management_role(name: str, allows: str, source: str, ratings: Ratings) -> Known:
    level, reason = ratings.management_role(name)
    told = [f"It gives the level {level} of Exchange's administration."]
    if allows:
        told.append(f"Allows: {allows}.")
    if source:
        told.append(f"Source of the level: {'your overlay' if reason else source}.")
    if reason:
        told.append(f"Reason of the overlay: {reason}")
    inside = sorted(group for group, held in role_group_contents().items() if name in held)
    if inside:
        told.append(f"By default in: {', '.join(inside)}.")
    facts = {"level": level, "allows": allows, "rated_by": reason or None, "role_groups": inside}
    summary = f"management role of Exchange: level {level}"
    return Known("management role of Exchange", name, name, summary, facts, tuple(told))


def _applications(wanted: str) -> Iterator[Known]:
    for each in applications().values():
        if wanted and wanted in (each.app_id, each.name.lower()):
            owner = owner_tenants().get(each.owner_tenant, "")
            kinds = {
                kind: sum(each.app_id == api for api, _ in permissions(kind)) for kind in KINDS
            }
            told = [
                f"Owned by {owner} ({each.owner_tenant})."
                if owner
                else "The list does not tell which tenant owns it.",
                "Whether one in a tenant is Microsoft's is told by its owner tenant alone.",
            ]
            if any(kinds.values()):
                counts = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
                told.append(f"Its permissions that are known here: {counts}.")
            facts = {"owner_tenant": each.owner_tenant, "source": each.source, "permissions": kinds}
            summary = f"application of Microsoft's, {each.app_id}"
            yield Known("application", each.app_id, each.name, summary, facts, tuple(told))
    if wanted in owner_tenants():
        owned = "Applications owned by this tenant are Microsoft's."
        name = owner_tenants()[wanted]
        yield Known("tenant", wanted, name, "tenant of Microsoft's", {}, (owned,))
