"""What the owners of applications may do themselves."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

_LOW = 9  # below every tier there is
_UNTESTED = "not-proven"


def own_tiers(
    owned: DataFrame,
    assignments: DataFrame,
    group_members: DataFrame,
    privileged_principals: DataFrame | None = None,
) -> DataFrame:
    """By row of `owned`: the owner's lowest `tier` number, and whether something is `unrated`.

    From roles over the whole directory, held directly or through a group; for an owner that is a
    service principal also from `privileged_principals`. Tier 0 that nobody tested counts as 1, as
    it does for applications. `tier` is null for somebody without any. A role whose scope or
    path was not told counts as unrated.
    """
    wide = assignments[(assignments["scope"] == "/") | assignments["scope"].isna()]
    untested = (wide["tier"] == 0) & (wide["path"] == _UNTESTED)
    untold = wide["scope"].isna() | ((wide["tier"] == 0).fillna(False) & wide["path"].isna())
    tier = wide["tier"].mask(untested.fillna(False), 1).mask(untold)
    direct = DataFrame({"who": _low(wide["principal_id"]), "tier": tier})
    members = DataFrame(
        {"group": _low(group_members["group_id"]), "member": _low(group_members["member_id"])}
    )
    inside = direct.merge(members, left_on="who", right_on="group")
    held = pd.concat([direct, inside[["member", "tier"]].rename(columns={"member": "who"})])
    held = held.assign(unrated=held["tier"].isna(), tier=held["tier"].fillna(_LOW))
    best = held.groupby("who").agg(tier=("tier", "min"), unrated=("unrated", "any"))
    mine = best.reindex(_low(owned["owner_id"])).set_axis(owned.index)
    lowest = mine["tier"].astype("Int64").fillna(_LOW)
    unrated = mine["unrated"].astype("boolean").fillna(False)
    if privileged_principals is not None:
        robots = privileged_principals.drop_duplicates("principal").set_index("principal")
        robots = robots.reindex(owned["owner_principal"]).set_axis(owned.index)
        listed = owned["owner_principal"].isin(privileged_principals["principal"])
        as_robot = robots["tier"].astype("Int64").fillna(_LOW)
        lowest = lowest.where(lowest <= as_robot, as_robot)
        unrated = unrated | (listed & robots["tier"].isna())
    return DataFrame(
        {"tier": lowest.mask(lowest == _LOW), "unrated": unrated.astype(bool)}, index=owned.index
    )


def _low(ids: Series) -> Series:
    # Services differ in the case of ids; those of owners and assignments are few.
    return ids.str.lower()
