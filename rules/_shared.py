"""Populations that several rules share."""

from __future__ import annotations

from pandas import DataFrame, Series


def client_credentials(credentials: DataFrame) -> Series:
    """Credentials the tenant's own administrators answer for.

    Managed identities' certificates are rotated by Azure; credentials on foreign and Microsoft's
    service principals have rules of their own. Null where type or publisher is not told.
    """
    return ~credentials["managed_identity"] & (credentials["publisher"].astype("string") == "own")


def not_microsoft(table: DataFrame) -> Series:
    """Rows about principals that are not Microsoft's; null where the publisher is not told."""
    return table["publisher"].astype("string") != "microsoft"
