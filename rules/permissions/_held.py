"""What service principals hold: the strong permissions, and those that nobody can judge."""

from __future__ import annotations

from typing import NamedTuple

from pandas import DataFrame, Series

from auditor.knowledge import rated_apis

from .._shared import beside, gathered
from ._match import NO_PERMISSION

PRIVILEGED = 1  # the highest tier number that counts as privileged
_SIGN_IN = ("sign-in",)  # openid, offline_access and the like: no access to data of their own
NOT_JUDGED = "it holds a permission that nobody rates, or one on an API that could not be told"


class Held(NamedTuple):
    """Rows of a table of grants: the strong ones, named in `held`, and those not to be judged."""

    strong: DataFrame
    doubtful: DataFrame


def microsofts_api(grants: DataFrame) -> Series:
    """Whether a row is about an API of Microsoft's, or one that an overlay rates; null if not told.

    Ratings are keyed by the API's id: they hold whatever tenant its publisher names.
    """
    api = grants["resource_app_id"].str.lower()
    rated = api.isin(rated_apis()).astype("boolean").mask(api.isna())
    microsofts = grants["resource_publisher"].astype("string") == "microsoft"
    return microsofts | rated | grants["rated_by"].notna()


def application_permissions(grants: DataFrame, *, up_to: int = PRIVILEGED) -> Held:
    """Application permissions of a tier number of `up_to` or less."""
    real = grants[(grants["client"] >= 0) & (grants["permission_id"] != NO_PERMISSION)]
    named = real.assign(held=real["permission"].fillna(real["permission_id"]))
    return _weighed(named, up_to)


def delegated_permissions(grants: DataFrame, *, up_to: int = PRIVILEGED) -> Held:
    """Delegated permissions of a tier number of `up_to` or less, without those to sign in with."""
    real = grants[(grants["client"] >= 0) & ~signs_in(grants)]
    return _weighed(real.assign(held=real["scope"]), up_to)


def signs_in(grants: DataFrame) -> Series:
    """Whether a row is openid, profile, email, offline_access or User.Read."""
    return (grants["reach"].map(lambda words: words == _SIGN_IN)).astype(bool)


def _weighed(grants: DataFrame, up_to: int) -> Held:
    strong = (grants["tier"] <= up_to).fillna(False).astype(bool)
    maybe = grants["tier"].isna() & microsofts_api(grants).fillna(True)
    return Held(grants[strong], grants[maybe.astype(bool)])


def with_held(principals: DataFrame, held: Held) -> DataFrame:
    """Service principals that hold a strong permission or perhaps do.

    With the names (`held`), the worst `tier`, the id of the worst grant (`assignment`), the pages
    that prove it, and `unknown` where only a permission nobody can judge is held.
    """
    rows = principals.index.to_series()
    strong = held.strong
    worst = strong.sort_values(["tier", "held", "id"]).drop_duplicates("client")
    worst = worst.set_index("client")[["tier", "id"]].reindex(rows).set_axis(rows.index)
    pages = gathered(strong["client"], strong["page"].astype("str"))
    by = strong[strong["rated_by"].notna()]
    reasons = {row: "; ".join(each) for row, each in gathered(by["client"], by["rated_by"]).items()}
    sure, maybe = rows.isin(strong["client"]), rows.isin(held.doubtful["client"])
    found = principals.assign(
        held=beside(rows, gathered(strong["client"], strong["held"])),
        tier=worst["tier"],
        assignment=worst["id"],
        proof_pages=beside(rows, pages),
        rated_by=rows.map(reasons),
        unknown=Series(None, index=rows.index, dtype=object).mask(~sure, NOT_JUDGED),
    )
    return found[sure | maybe]
