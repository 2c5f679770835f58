"""Populations that several rules share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pandas import DataFrame, Series, Timestamp


def client_credentials(credentials: DataFrame) -> Series:
    """Credentials the tenant's own administrators answer for.

    Managed identities' certificates are rotated by Azure; credentials on foreign and Microsoft's
    service principals have rules of their own. Null where type or publisher is not told.
    """
    return ~credentials["managed_identity"] & (credentials["publisher"].astype("string") == "own")


def not_microsoft(table: DataFrame) -> Series:
    """Rows about principals that are not Microsoft's; null where the publisher is not told."""
    return table["publisher"].astype("string") != "microsoft"


def sign_in_credentials(credentials: DataFrame) -> Series:
    """Client credentials of every kind, without the halves of SAML signing pairs."""
    return client_credentials(credentials) & ~credentials["saml"]


def valid_at(credentials: DataFrame, as_of: Timestamp) -> Series:
    """Whether each credential is valid at `as_of`; null where its dates do not tell."""
    start, end = credentials["start"], credentials["end"]
    started = (start <= as_of).astype("boolean").mask(start.isna())
    return started & (end > as_of).astype("boolean").mask(end.isna())


# Graph's removeKey asks for a proof signed with a key of the same object, which the person who
# cleans up has not; Remove-AzAD...Credential writes the list of keys back without the one named.
_REMOVAL = {
    "application secret": "Remove-MgApplicationPassword -ApplicationId {holder} -KeyId {key_id}",
    "application key": "Remove-AzADAppCredential -ObjectId {holder} -KeyId {key_id}",
    "servicePrincipal secret": (
        "Remove-MgServicePrincipalPassword -ServicePrincipalId {holder} -KeyId {key_id}"
    ),
    "servicePrincipal key": "Remove-AzADSpCredential -ObjectId {holder} -KeyId {key_id}",
}


def removal(credentials: DataFrame) -> Series:
    """The `fix` of rows about credentials: the command that removes each from what carries it."""
    types, kinds = credentials["holder_type"], credentials["kind"]
    holder = types.where(types == "application", "servicePrincipal")
    return (holder + " " + kinds.where(kinds == "secret", "key")).map(_REMOVAL)


def gathered(rows: Iterable[int], values: Iterable[str]) -> dict[int, tuple[str, ...]]:
    """Texts by the row they belong to, each once and sorted; row -1 belongs to nothing."""
    found: dict[int, set[str]] = {}
    for row, value in zip(rows, values, strict=True):
        if row >= 0:
            found.setdefault(int(row), set()).add(value)
    return {row: tuple(sorted(each)) for row, each in found.items()}


def beside(rows: Series, found: Mapping[int, tuple[str, ...]]) -> Series:
    """What was `gathered`, laid beside a column of rows; an empty tuple where there is nothing."""
    return Series([found.get(int(row), ()) for row in rows], index=rows.index, dtype=object)
