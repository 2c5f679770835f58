"""Which service principals did not sign in for a time, and of which that cannot be said."""

from __future__ import annotations

from pandas import DataFrame, Series, Timedelta, Timestamp

from .._shared import not_microsoft

DISABLE = "Update-MgServicePrincipal -ServicePrincipalId {id} -AccountEnabled:$false"


def enabled_applications(principals: DataFrame) -> Series:
    """Service principals that could sign in, without Microsoft's; null where not told."""
    return not_microsoft(principals) & principals["enabled"]


def idle(
    principals: DataFrame,
    sp_sign_ins: DataFrame,
    applications: DataFrame,
    grants: DataFrame,
    as_of: Timestamp,
    days: int,
) -> DataFrame:
    """The rows that did not sign in for `days`, or of which it is `unknown`, with `last` and `told`.

    The report holds what was used, so an absent entry tells something only if the report reaches
    back that far, which its oldest entry proves, and if the application is that old: by its
    registration, or by a permission that it was granted. Whether managed identities are in it is
    not documented.
    """
    since = as_of - Timedelta(days=days)
    listed = sp_sign_ins[sp_sign_ins["principal"] >= 0].drop_duplicates("principal")
    listed = listed.set_index("principal")
    entry = Series(principals.index.isin(listed.index), index=principals.index)
    last = listed["last"].reindex(principals.index)
    registered = _first(applications, "principal").reindex(principals.index)
    granted = _first(grants, "client").reindex(principals.index)
    old = (registered <= since) | (granted <= since)
    new = registered > since
    quiet = ~(last > since) & ~(new & ~entry)
    oldest = sp_sign_ins["last"].min()
    short = not oldest <= since  # also where there is no entry with a time at all
    managed = principals["managed_identity"].fillna(True).astype(bool)
    causes = (
        (entry & last.isna(), "its entry in the sign-in report has no time that can be read"),
        (~entry & ~old, "it has no entry in the sign-in report, and may be younger than that"),
        (~entry & old & short, f"the sign-in report was not shown to reach back {days} days"),
        (
            entry & new & last.notna(),
            "its entry in the sign-in report is older than its registration",
        ),
        (managed, "whether the sign-in report covers managed identities is not documented"),
    )
    unknown = Series(None, index=principals.index, dtype=object)
    for mask, cause in causes:
        unknown = unknown.mask(mask, cause)
    pages = listed["page"].reindex(principals.index).fillna(-1).astype("int64")
    told = "last signed in on " + last.dt.strftime("%Y-%m-%d").astype("str")
    return principals.assign(
        last=last,
        told=told.fillna(f"has no entry in a sign-in report that reaches back {days} days"),
        unknown=unknown,
        proof_pages=pages.map(lambda page: (str(page),) if page > 0 else ()).astype(object),
    )[quiet]


def _first(table: DataFrame, principal: str) -> Series:
    """The first time a table tells of each service principal."""
    dated = table[(table[principal] >= 0) & table["created"].notna()]
    return dated.groupby(principal)["created"].min()
