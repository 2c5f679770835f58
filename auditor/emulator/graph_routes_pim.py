"""The endpoints of Privileged Identity Management, and roles that come through groups.

Source: Graph's pages on listing schedule instances and transitive role assignments.
"""

from __future__ import annotations

import re

from auditor.emulator import odata, permissions
from auditor.emulator.graph_handlers import Found, Handler, Listing, collection
from auditor.emulator.graph_route import BETA, BOTH, ROLES, Route, route
from auditor.emulator.licences import P2
from auditor.emulator.tenant import Tenant
from auditor.emulator.web import Call

_GROUPS = "/identityGovernance/privilegedAccess/group"
_SCHEDULES = frozenset(
    {
        "RoleAssignmentSchedule.Read.Directory",
        "RoleAssignmentSchedule.ReadWrite.Directory",
        "RoleManagement.Read.All",
        "RoleManagement.Read.Directory",
        "RoleManagement.ReadWrite.Directory",
    }
)
_SCOPED = re.compile(r"(?:groupId|principalId)\s+eq\s+'[^']+'")
_PRINCIPAL = re.compile(r"principalId\s+eq\s+'([^']+)'")


def _group_schedules(name: str, kind: str) -> Handler:
    def handle(tenant: Tenant, call: Call, _parts: dict[str, str]) -> Found:
        if not _SCOPED.search(call.query.get("$filter", "")):
            raise odata.bad_request("The request must be scoped by a $filter on groupId.")
        names = frozenset({"groupId", "principalId", "accessId"})
        items = list(tenant.collection(name))
        return Listing(kind, items, names, paged=False, countable=False)

    return handle


def _transitive(tenant: Tenant, call: Call, _parts: dict[str, str]) -> Found:
    """The roles of one principal, its own and those of every group it is in."""
    wanted = _PRINCIPAL.fullmatch(call.query.get("$filter", "").strip())
    if wanted is None:
        raise odata.bad_request("A $filter on principalId is required.")
    if not call.eventual or call.query.get("$count", "").casefold() != "true":
        raise odata.unsupported("The request needs ConsistencyLevel: eventual and $count=true.")
    principal = wanted[1].casefold()
    holders = {principal} | {
        group for group in tenant.member_ids if principal in tenant.transitive_members(group)
    }
    items = [item for item in tenant.role_assignments if item["principalId"] in holders]
    return Listing("unifiedRoleAssignment", items, paged=False, filtered=True)


def _group_permissions(what: str) -> frozenset[str]:
    return frozenset(
        {f"Privileged{what}Schedule.{access}.AzureADGroup" for access in ("Read", "ReadWrite")}
    )


PIM: tuple[Route, ...] = (
    route(
        ROLES + "/roleAssignmentScheduleInstances",
        _SCHEDULES,
        collection(
            "role_schedules",
            "unifiedRoleAssignmentScheduleInstance",
            frozenset({"principalId", "roleDefinitionId", "assignmentType", "memberType"}),
            countable=False,
        ),
        versions=BOTH,
        licence=P2,
    ),
    route(ROLES + "/transitiveRoleAssignments", permissions.ROLES, _transitive, versions=BETA),
    *(
        route(
            f"{_GROUPS}/{what.casefold()}ScheduleInstances",
            _group_permissions(what),
            _group_schedules(
                f"group_{what.casefold()}", f"privilegedAccessGroup{what}ScheduleInstance"
            ),
            versions=BOTH,
            licence=P2,
        )
        for what in ("Assignment", "Eligibility")
    ),
)
