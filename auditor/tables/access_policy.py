"""What application access policies leave open: Microsoft's order of evaluation as a table.

Policies bind the data access of Graph, Outlook REST and EWS, for some permissions only; nothing
else, and app-only PowerShell least of all. For one application and one mailbox Exchange goes
through them so: a DenyAccess policy that holds the mailbox closes it; else a RestrictAccess policy
that holds it opens it; else any RestrictAccess policy closes it; else it is open. Policies for `*`
are for every application.

Source: https://learn.microsoft.com/powershell/module/exchange/new-applicationaccesspolicy
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from auditor.knowledge import mailbox_permissions
from auditor.tables.declare import Frame
from auditor.tables.source import known

EVERY_APP = "*"


class Effect(StrEnum):
    """What one policy does to its application."""

    RESTRICT = "restrict"
    DENY = "deny"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


class Reach(StrEnum):
    """Which mailboxes an application's permission reaches."""

    EVERY = "every mailbox"
    ALL_BUT = "every mailbox but those of a policy"
    LISTED = "only the mailboxes of a policy"
    UNKNOWN = "not told"


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy as it is for one application."""

    right: str | None
    scope: str | None
    valid: bool | None
    page: int = 0

    @property
    def effect(self) -> Effect:
        """What it does, as far as that is told."""
        right = (self.right or "").lower()
        if self.valid is False:
            return Effect.NOTHING
        if right == "denyaccess":
            return Effect.DENY
        # Without a scope, or not told to be valid, it may close everything or nothing.
        sure = right == "restrictaccess" and self.valid is True and bool(self.scope)
        return Effect.RESTRICT if sure else Effect.UNKNOWN


def reach(effects: Iterable[Effect], *, bindable: bool = True) -> Reach:
    """Which mailboxes a permission reaches, from the effects of its application's policies.

    `bindable` says whether a policy binds the permission at all. One sure restriction is enough:
    others of its kind only add their mailboxes, and denials only take some away.
    """
    found = set(effects) if bindable else set()
    for effect, result in (
        (Effect.RESTRICT, Reach.LISTED),
        (Effect.UNKNOWN, Reach.UNKNOWN),
        (Effect.DENY, Reach.ALL_BUT),
    ):
        if effect in found:
            return result
    return Reach.EVERY


def bindable(resource_app_id: str, permission_id: str) -> bool:
    """Whether Microsoft says that a policy binds the permission: never Exchange.ManageAsApp.

    Source: https://learn.microsoft.com/graph/auth-limit-mailbox-access
    """
    found = mailbox_permissions().get((resource_app_id.lower(), permission_id.lower()))
    return found is not None and found.bound


@dataclass(frozen=True)
class Policies:
    """Policies by application."""

    by_app: Mapping[str, tuple[Policy, ...]]

    @classmethod
    def of(cls, table: Frame) -> Policies:
        """From the table access_policies."""
        found: dict[str, list[Policy]] = defaultdict(list)
        columns = ("app_id", "access_right", "scope", "valid", "page")
        for app_id, right, scope, valid, page in zip(*(table[c] for c in columns), strict=True):
            policy = Policy(known(right), known(scope), known(valid), page)
            found[app_id.lower()].append(policy)
        return cls({app_id: tuple(each) for app_id, each in found.items()})

    def of_app(self, app_id: str | None) -> tuple[Policy, ...]:
        """Those for the application, and those for every application."""
        own = self.by_app.get(app_id.lower(), ()) if isinstance(app_id, str) else ()
        return own + self.by_app.get(EVERY_APP, ())

    def reach(self, app_id: str | None, *, bindable: bool = True) -> Reach:
        """Which mailboxes a permission of the application reaches."""
        return reach((each.effect for each in self.of_app(app_id)), bindable=bindable)

    def scopes(self, app_id: str | None) -> tuple[str, ...]:
        """Names of the scopes that surely restrict the application."""
        found = (each for each in self.of_app(app_id) if each.effect is Effect.RESTRICT)
        return tuple(sorted({each.scope for each in found if each.scope}))
