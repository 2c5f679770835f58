"""Permissions and roles that open mailboxes, as the rules about them read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
from pandas import DataFrame, Series

from auditor.knowledge import EXCHANGE, mailbox_permissions
from auditor.tables.access_policy import Policies, Reach
from auditor.tables.source import known

FULL_ACCESS = (EXCHANGE, "dc890d15-9560-4a4c-9b7f-a736ec74ec40")  # full_access_as_app
# These open nothing by themselves: each mailbox has to be opened to the service principal first.
_PER_MAILBOX = ("IMAP.AccessAsApp", "POP.AccessAsApp", "SMTP.SendAsApp")
MAILBOX_DATA = frozenset(
    key
    for key, each in mailbox_permissions().items()
    if key != FULL_ACCESS and each.name not in _PER_MAILBOX
)
BINDABLE = frozenset(key for key, each in mailbox_permissions().items() if each.bound)

_APPLICATION = "application "
_COMPOSITES: Mapping[str, tuple[str, ...]] = {
    "mail full access": ("Mail.ReadWrite", "Mail.Send"),
    "exchange full access": (
        *("Mail.ReadWrite", "Mail.Send", "MailboxSettings.ReadWrite"),
        *("Calendars.ReadWrite", "Contacts.ReadWrite"),
    ),
}
# What a permission lets an application do besides what its own name says.
_ALSO = {
    "ReadWrite": ("Read", "ReadBasic"),
    "Read": ("ReadBasic",),
    "ImportExport": ("Export",),
}


class Held(NamedTuple):
    """A permission on mailboxes that a service principal holds, and how far it reaches.

    `resource` is empty where the API was not told: then it is not sure to be such a permission.
    """

    name: str
    resource: str
    reach: Reach
    page: int

    @property
    def wide(self) -> bool:
        """Whether no list of mailboxes limits it."""
        return self.reach in (Reach.EVERY, Reach.ALL_BUT)


def among(grants: DataFrame, wanted: frozenset[tuple[str, str]]) -> Series:
    """Whether each grant is of one of these (resource app id, permission id).

    Null where the id fits and the API is not told: ids are shared between APIs.
    """
    # A tenant has far more grants than permissions: compare each permission once.
    codes, ids = pd.factorize(grants["permission_id"])
    fits = [str(each).lower() in {id for _, id in wanted} for each in ids]
    maybe = Series(fits, dtype=bool).reindex(codes, fill_value=False).set_axis(grants.index)
    some = grants[maybe]
    keys = zip(some["resource_app_id"], some["permission_id"], strict=True)
    found = [
        (resource.lower(), id.lower()) in wanted if isinstance(resource, str) else None
        for resource, id in keys
    ]
    answer = Series(False, index=grants.index, dtype="boolean")
    answer[some.index] = pd.array(found, dtype="boolean")
    return answer


def reached(grants: DataFrame, access_policies: DataFrame) -> DataFrame:
    """The grants with `held`, `access`, `reach`, `bindable` and `scopes`: a few rows.

    Of an API that is not told, nothing is known.
    """
    policies = Policies.of(access_policies)
    columns = ("resource_app_id", "permission_id", "permission", "app_id")
    names, access, reach, bound, scopes = [], [], [], [], []
    for resource, id, name, app_id in zip(*(grants[c] for c in columns), strict=True):
        each = mailbox_permissions().get(((known(resource) or "").lower(), id.lower()))
        can = each is not None and each.bound
        # Without its client id, only a policy for every application is known to be for it.
        sure = policies.reach(known(app_id), bindable=can)
        if each is None or (can and known(app_id) is None and sure is not Reach.LISTED):
            sure = Reach.UNKNOWN
        names.append(each.name if each else known(name) or id)
        access.append(each.access if each else None)
        reach.append(sure.value)
        bound.append(can)
        scopes.append(policies.scopes(known(app_id)))
    told = {"held": names, "access": access, "reach": reach, "bindable": bound, "scopes": scopes}
    return grants.assign(
        **{name: Series(each, index=grants.index, dtype=object) for name, each in told.items()}
    )


def held_by(grants: DataFrame, access_policies: DataFrame) -> dict[int, list[Held]]:
    """What opens mailboxes, by row of the service principal that holds it."""
    wanted = MAILBOX_DATA | {FULL_ACCESS}
    some = reached(grants[among(grants, wanted).fillna(True)], access_policies)
    found: dict[int, list[Held]] = defaultdict(list)
    columns = ("client", "held", "resource_app_id", "reach", "page")
    for client, name, resource, reach, page in zip(*(some[c] for c in columns), strict=True):
        told = (known(resource) or "").lower()
        api = "Exchange" if told == EXCHANGE else "Graph" if told else ""
        found[client].append(Held(name, api, Reach(reach), page))
    return found


def application_role(assignments: DataFrame) -> Series:
    """Whether each assignment is of a role of RBAC for Applications, in force; null if not told."""
    role = assignments["role"].str.lower().str.startswith(_APPLICATION)
    handed_on, enabled = assignments["delegating"], assignments["enabled"].fillna(True)
    # A role that is only handed on opens nothing; of other roles it does not matter.
    return role.astype("boolean") & enabled & ~handed_on


def parts(role: str) -> frozenset[str]:
    """The permissions that a role of RBAC for Applications holds, by Graph's names for them."""
    name = role[len(_APPLICATION) :]
    found = _COMPOSITES.get(name.lower(), (name,))
    return frozenset(each.removesuffix(".All") for each in found)


def covers(permission: str, part: str) -> bool:
    """Whether a permission of Graph or Exchange lets an application do what the part does."""
    if permission == "full_access_as_app":
        return True
    own, _, verb = permission.removesuffix(".All").rpartition(".")
    wanted, _, other = part.rpartition(".")
    kin = own == wanted or (own, wanted) == ("Mail-Advanced", "Mail")
    return kin and (verb == other or other in _ALSO.get(verb, ()))
