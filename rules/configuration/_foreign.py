"""Applications of other tenants."""

from __future__ import annotations

from pandas import DataFrame, Series


def foreign(service_principals: DataFrame) -> Series:
    """Applications of tenants that are neither this one nor Microsoft's; null if not told."""
    return service_principals["publisher"].astype("string") == "foreign"


def trusted(service_principals: DataFrame, tenants: tuple[str, ...]) -> Series:
    """Those whose owner tenant is in a list of tenant ids."""
    wanted = [each.strip().lower() for each in tenants]
    return service_principals["owner_tenant"].str.lower().isin(wanted)
