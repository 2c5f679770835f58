"""Owners one by one: who is judged, what the owned application can do, how to remove one."""

from __future__ import annotations

from pandas import DataFrame, Series

from .._shared import not_microsoft

REMOVE = {
    "application": (
        "Remove-MgApplicationOwnerByRef -ApplicationId {object_id} -DirectoryObjectId {owner_id}"
    ),
    "servicePrincipal": (
        "Remove-MgServicePrincipalOwnerByRef -ServicePrincipalId {object_id} "
        "-DirectoryObjectId {owner_id}"
    ),
}


def owned_by_people_here(ownerships: DataFrame) -> Series:
    """Owners of what an owner could add a credential to; null where that is not told."""
    return not_microsoft(ownerships) & ~ownerships["managed_identity"]


def with_privilege(owned: DataFrame, privileged_principals: DataFrame) -> DataFrame:
    """Rows about owned objects, with whether, how far and by what these are privileged.

    `privileged`: it holds something of tier 0 or 1, or something nobody rates; `tier` is null for
    the latter. Joined by the row of the service principal.
    """
    held = privileged_principals.drop_duplicates("principal").set_index("principal")
    held = held[["tier", "reasons"]].reindex(owned["principal"]).set_axis(owned.index)
    return owned.assign(
        privileged=owned["principal"].isin(privileged_principals["principal"]),
        tier=held["tier"],
        reasons=held["reasons"].map(lambda each: each if isinstance(each, tuple) else ()),
    )


def rank(owned: DataFrame) -> DataFrame:
    """By row of `with_privilege`: the `severity`, and in words what the application `can`."""
    zero = (owned["tier"] == 0).fillna(False).astype(bool)
    unrated = owned["privileged"] & owned["tier"].isna()
    severity = Series("medium", index=owned.index).mask(owned["privileged"], "high")
    can = Series("holds nothing privileged", index=owned.index, dtype=object)
    can = can.mask(owned["privileged"], "is tier 1").mask(unrated, "holds what nobody rates")
    return DataFrame(
        {"severity": severity.mask(zero, "critical"), "can": can.mask(zero, "is tier 0")}
    )


def ranked(found: DataFrame) -> DataFrame:
    """Findings of `with_privilege`, ranked, with names to tell and the fix."""
    ranks = rank(found)
    return found.assign(
        severity=ranks["severity"],
        can=ranks["can"],
        owner=found["owner_name"].fillna(found["owner_id"]),
        title=found["name"].fillna(found["object_id"]),
        fix=found["object_type"].map(REMOVE),
    )
