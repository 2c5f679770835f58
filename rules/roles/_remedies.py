"""How a directory role is taken from a workload identity, and how it is told."""

from __future__ import annotations

from pandas import DataFrame, Series

from .._shared import not_microsoft

LOWEST = 1  # tier 2 and above is no privilege
READERS = (
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451",  # Global Reader
    "5d6b6bb7-de71-4623-b4af-96380a352509",  # Security Reader
)

_DIRECT = "Remove-MgRoleManagementDirectoryRoleAssignment -UnifiedRoleAssignmentId {assignment_id}"
_THROUGH = "Remove-MgGroupMemberByRef -GroupId {group_id} -DirectoryObjectId {principal_id}"


def of_strangers(held: DataFrame) -> Series:
    """Rows about applications of other organizations; null where the publisher is not told."""
    return held["publisher"].astype("string") == "foreign"


def of_managed_identities(held: DataFrame) -> Series:
    """Rows about managed identities; null where the type is not told."""
    return not_microsoft(held) & held["managed_identity"]


def told(held: DataFrame) -> DataFrame:
    """Rows of workload_roles with the columns `through` and `reach`, and the fix of each."""
    through = held["through_group"] | held["group_id"].notna()
    group = held["group_name"].fillna(held["group_id"])
    group = group.mask(through & group.isna(), "of a name not told")
    whole = held["scope"] == "/"
    return held.assign(
        through=("through group " + group).fillna("directly"),
        reach=held["scope"].mask(whole, "the whole directory").fillna("a scope not told"),
        fix=Series(_DIRECT, index=held.index).mask(through, _THROUGH),
    )
