"""What Privileged Identity Management shows of a tenant's roles and role-holding groups.

Shapes: unifiedRoleAssignmentScheduleInstance and privilegedAccessGroup...ScheduleInstance as
Graph's pages show them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.emulator.builder import TenantBuilder
from auditor.emulator.tenant import Json


@dataclass
class PimBuilder:
    """Collects activations and the schedules of groups; standing roles come from the tenant."""

    build: TenantBuilder
    _activated: dict[str, tuple[float, float]] = field(default_factory=dict)
    _assigned: list[Json] = field(default_factory=list)
    _eligible: list[Json] = field(default_factory=list)

    def activate(self, principal_id: str, role: str, start: float, end: float) -> None:
        """A role somebody has activated, between these days; it is an assignment meanwhile."""
        self.build.role(principal_id, role)
        self._activated[self.build.roles[-1]["id"]] = (start, end)

    def member(self, group_id: str, principal_id: str, access: str = "member") -> None:
        """A standing membership or ownership of a group under PIM."""
        made = self._group_schedule(group_id, principal_id, access)
        schedule = {"assignmentType": "Assigned", "assignmentScheduleId": made["id"]}
        self._assigned.append({**made, "startDateTime": None, "endDateTime": None, **schedule})

    def may_join(self, group_id: str, principal_id: str, access: str = "member") -> None:
        """A membership or ownership of a group that somebody can activate."""
        made = self._group_schedule(group_id, principal_id, access)
        self._eligible.append({**made, "eligibilityScheduleId": made["id"]})

    def _group_schedule(self, group_id: str, principal_id: str, access: str) -> Json:
        name = f"{group_id}/{principal_id}/{access}"
        return {
            "id": f"{group_id}_{access}_{self.build.guid('groupschedule', name)}",
            "startDateTime": self.build.stamp(-90),
            "endDateTime": self.build.stamp(275),
            "accessId": access,
            "principalId": principal_id,
            "groupId": group_id,
            "memberType": "Direct",
        }

    def collections(self) -> dict[str, tuple[Json, ...]]:
        """The collections of the tenant, by name."""
        return {
            "role_schedules": tuple(self._active(item) for item in self.build.roles),
            "group_assignment": tuple(self._assigned),
            "group_eligibility": tuple(self._eligible),
        }

    def _active(self, assignment: Json) -> Json:
        activated = self._activated.get(assignment["id"])
        start, end = activated or (None, None)
        return {
            "id": assignment["id"],
            "principalId": assignment["principalId"],
            "roleDefinitionId": assignment["roleDefinitionId"],
            "directoryScopeId": assignment["directoryScopeId"],
            "appScopeId": None,
            "startDateTime": None if start is None else self.build.stamp(start),
            "endDateTime": None if end is None else self.build.stamp(end),
            "assignmentType": "Activated" if activated else "Assigned",
            "memberType": "Direct",
            "roleAssignmentOriginId": assignment["id"],
            "roleAssignmentScheduleId": self.build.guid("roleschedule", assignment["id"]),
        }
