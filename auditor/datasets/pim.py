"""Datasets of Privileged Identity Management and of roles that come through groups.

Sources: the API's pages on Microsoft Learn and their permission tables (reference, section 1.1).
"""

from __future__ import annotations

from auditor.datasets.dataset import Dataset

_LICENCE = "Microsoft Entra ID P2 or Microsoft Entra ID Governance"
_ROLE_GROUPS = ("role-assignments", "referenced-principals")

PIM: tuple[Dataset, ...] = (
    Dataset(
        name="role-assignment-schedules",
        service="graph",
        tier="pim",
        title="Directory roles as PIM knows them: assigned for good, for a time, or activated",
        path="/roleManagement/directory/roleAssignmentScheduleInstances",
        permissions=(
            ("RoleAssignmentSchedule.Read.Directory",),
            ("RoleManagement.Read.Directory",),
            ("RoleManagement.Read.All",),
            ("RoleAssignmentSchedule.ReadWrite.Directory",),
            ("RoleManagement.ReadWrite.Directory",),
        ),
        licence=_LICENCE,
        top=0,
    ),
    # Roles through groups are derived from role-assignments and group-service-principals, which
    # hold every group with a role and everything inside it. The service answers the same question
    # one principal at a time, and only in beta: it is asked for those that were found in such
    # groups, a bounded number, and what it tells besides calls role-assignments partial.
    Dataset(
        name="transitive-role-assignments",
        service="graph",
        tier="pim",
        title="Directory roles of service principals through groups (a cross-check)",
        path="/roleManagement/directory/transitiveRoleAssignments",
        version="beta",
        permissions=(
            ("RoleManagement.Read.Directory",),
            ("RoleManagement.Read.All",),
            ("Directory.Read.All",),
            ("RoleManagement.ReadWrite.Directory",),
            ("Directory.ReadWrite.All",),
        ),
        advanced=True,
        top=0,
        needs=("group-service-principals",),
    ),
    Dataset(
        name="group-assignment-schedules",
        service="graph",
        tier="pim",
        title="Members and owners of role-holding groups, as PIM for Groups knows them",
        path="/identityGovernance/privilegedAccess/group/assignmentScheduleInstances",
        permissions=(
            ("PrivilegedAssignmentSchedule.Read.AzureADGroup",),
            ("PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",),
        ),
        licence=_LICENCE,
        top=0,
        needs=_ROLE_GROUPS,
        after=("role-eligibility",),
    ),
    Dataset(
        name="group-eligibility-schedules",
        service="graph",
        tier="pim",
        title="Who can activate membership or ownership of role-holding groups (PIM for Groups)",
        path="/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances",
        permissions=(
            ("PrivilegedEligibilitySchedule.Read.AzureADGroup",),
            ("PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",),
        ),
        licence=_LICENCE,
        top=0,
        needs=_ROLE_GROUPS,
        after=("role-eligibility",),
    ),
)
