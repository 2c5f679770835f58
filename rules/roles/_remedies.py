"""How a directory role is taken from a workload identity, and how it is told."""

from __future__ import annotations

from pandas import DataFrame, Series

_DIRECT = "Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId {assignment_id}"
_THROUGH = "Remove-MgGroupMemberByRef -GroupId {group_id} -DirectoryObjectId {principal_id}"


def told(held: DataFrame) -> DataFrame:
    """Rows of workload_roles with the columns `through` and `reach`, and the fix of each."""
    group = held["group_name"].fillna(held["group_id"])
    whole = held["scope"] == "/"
    return held.assign(
        through=("through group " + group).fillna("directly"),
        reach=held["scope"].mask(whole, "the whole directory").fillna("a scope not told"),
        fix=Series(_DIRECT, index=held.index).mask(held["group_id"].notna(), _THROUGH),
    )
