"""Credentials that sit on service principals themselves."""

from __future__ import annotations

from pandas import DataFrame, Series

_SECRETS = (
    "{key_ids} -split ', ' | ForEach-Object {{ Remove-MgServicePrincipalPassword "
    "-ServicePrincipalId {id} -KeyId $_ }}"
)
_ANY = (
    "{key_ids} -split ', ' | ForEach-Object {{ Remove-AzADSpCredential -ObjectId {id} -KeyId $_ }}"
)


def carriers(service_principals: DataFrame, credentials: DataFrame) -> DataFrame:
    """The service principals with credentials of their own, beside SAML signing pairs.

    Adds key_ids, secrets and keys (how many) and the `fix` that removes them.
    """
    on_it = (credentials["holder_type"] == "servicePrincipal") & (credentials["principal"] >= 0)
    own = credentials[on_it & ~credentials["saml"]].sort_values("key_id")
    by_principal = own.assign(secret=own["kind"] == "secret").groupby("principal")
    secrets = by_principal["secret"].sum()
    carried = DataFrame(
        {
            "key_ids": by_principal["key_id"].agg(tuple),
            "secrets": secrets,
            "keys": by_principal["key_id"].count() - secrets,
        }
    )
    found = service_principals.join(carried, how="inner")
    fix = Series(_ANY, index=found.index, dtype="str")
    return found.assign(fix=fix.mask(found["keys"] == 0, _SECRETS))
