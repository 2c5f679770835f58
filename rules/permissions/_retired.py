"""Permissions on APIs that Microsoft has switched off, or announced to."""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.knowledge import EXCHANGE

_AAD_GRAPH = "00000002-0000-0000-c000-000000000000"
AAD_GRAPH = "Azure AD Graph, switched off in 2025"
EWS = "Exchange Web Services, blocked in Exchange Online from October 2026"
_EWS = frozenset(
    f"{EXCHANGE}/{id}"
    for id in (
        "dc890d15-9560-4a4c-9b7f-a736ec74ec40",  # full_access_as_app
        "3b5f3d61-589b-4a3c-a359-5dd4b5ee5bd5",  # EWS.AccessAsUser.All
    )
)


def retired_api(grants: DataFrame) -> Series:
    """The retired API that each row is about, in words; null where it is none."""
    api = grants["resource_app_id"].str.lower()
    ews = (api + "/" + grants["permission_id"].str.lower()).isin(_EWS)
    found = Series(None, index=grants.index, dtype=object)
    return found.mask(api == _AAD_GRAPH, AAD_GRAPH).mask(ews, EWS)
