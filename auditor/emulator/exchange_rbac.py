"""Which cmdlets a caller sees: one that none of its management roles holds does not exist for it.

Source: Microsoft's pages on Exchange Online permissions. Only the audit log is told apart here: all
other cmdlets the emulator has are open to whoever may read the organization.
"""

from __future__ import annotations

from collections.abc import Iterable

from auditor.emulator.facts import role_id
from auditor.emulator.tenant import ExchangeOrg

_NEEDED = {"Search-UnifiedAuditLog": frozenset({"Audit Logs", "View-Only Audit Logs"})}
# The role group that a directory role stands for.
_GROUPS = {
    "Global Administrator": "Organization Management",
    "Exchange Administrator": "Organization Management",
    "Exchange Recipient Administrator": "Recipient Management",
    "Compliance Administrator": "Compliance Management",
    "Security Administrator": "Security Administrator",
    "Security Reader": "Security Reader",
    "Helpdesk Administrator": "View-Only Organization Management",
    "Global Reader": "View-Only Organization Management",
}


def sees(org: ExchangeOrg, cmdlet: str, object_id: str, directory_roles: Iterable[str]) -> bool:
    """Whether a service principal with these directory roles (template ids) sees the cmdlet."""
    needed = _NEEDED.get(cmdlet)
    return needed is None or not needed.isdisjoint(_roles(org, object_id, set(directory_roles)))


def _roles(org: ExchangeOrg, object_id: str, directory_roles: set[str]) -> set[str]:
    groups = {group for name, group in _GROUPS.items() if role_id(name) in directory_roles}
    names = {object_id}
    while True:
        outer = {
            group
            for group, rows in org.members.items()
            for row in rows
            if row["Name"] in names or row["Name"] in groups
        }
        if outer <= groups:
            break
        groups |= outer
    return {
        row["Role"] for row in org.assignments if row["RoleAssigneeName"] in groups | {object_id}
    }
