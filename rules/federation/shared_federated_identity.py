"""Outside workloads that sign in as several applications.

## What it does
Compares issuer and subject (or expression) of all federated credentials of app registrations, as
Entra does: subjects exactly. A credential fails when another application trusts the very same
identity. One whose subject and expression were not told is unknown, and as long as there is one,
so is every credential of the same issuer without a known twin. Two expressions that only overlap
are not compared. User-assigned managed identities may trust the same identity too; their federated
credentials are kept in Azure Resource Manager and not read.

## Why it matters
Whoever takes over that one pipeline or service account gets the permissions of all these
applications together, and each sign-in can be as any of them.

## How to fix
Give each application an environment, branch or service account of its own, and remove the common
credential everywhere but one.
Portal: Entra admin center > App registrations > the application > Certificates & secrets >
Federated credentials.
Graph PowerShell: Remove-MgApplicationFederatedIdentityCredential.
Azure CLI: az ad app federated-credential delete --id APP --federated-credential-id ID.

## When it is fine
One pipeline that serves several applications in turn and checks who may start each step.

## References
Catalogue: CRED-032
- https://learn.microsoft.com/entra/workload-id/workload-identity-federation
- https://learn.microsoft.com/graph/api/resources/federatedidentitycredential
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import nist_800_53, rule

from ._removal import REMOVE

_NAMED = 5
_UNTOLD = "whom it trusts did not come with it"
_DOUBT = "it may be the twin of a credential that did not tell whom it trusts"


@rule(
    id="shared-federated-identity",
    severity="medium",
    about="federated_credentials",
    needs=("issuer",),
    message="Federated credential {label} of {name} trusts the same identity as {others}.",
    evidence=("issuer", "subject", "expression"),
    fix=REMOVE,
    controls=(nist_800_53("AC-6"),),
)
def shared_federated_identity(federated_credentials: DataFrame) -> DataFrame:
    trusted = "s " + federated_credentials["subject"]
    trusted = trusted.fillna("e " + federated_credentials["expression"])
    issuer = federated_credentials["issuer"].str.lower().str.rstrip("/")
    table = federated_credentials.assign(trusted=trusted, at=issuer)
    apps = table.groupby(["at", "trusted"])["holder"].transform("nunique").fillna(0).astype("int64")
    untold = table["trusted"].isna()
    open_ = untold.groupby(table["at"]).transform("any")
    unknown = Series(None, index=table.index, dtype=object)
    unknown = unknown.mask(open_ & (apps <= 1), _DOUBT).mask(untold, _UNTOLD)
    table = table.assign(apps=apps, unknown=unknown)
    found = table[(apps > 1) | unknown.notna()]
    return found.assign(others=_others(found)).drop(columns=["trusted", "at"])


def _others(shared: DataFrame) -> Series:
    """The first few other applications that trust the same, by name."""
    named = shared.assign(other=shared["name"].fillna(shared["holder"]))
    groups = named.drop_duplicates(["at", "trusted", "holder"]).groupby(["at", "trusted"])
    few = groups.head(_NAMED + 1)[["at", "trusted", "holder", "other"]]
    pairs = named[["at", "trusted", "holder"]].reset_index().merge(few, on=["at", "trusted"])
    pairs = pairs[pairs["holder_x"] != pairs["holder_y"]].sort_values(["index", "other"])
    pairs = pairs.groupby("index").head(_NAMED)
    told: Series = pairs.groupby("index")["other"].agg(", ".join).reindex(shared.index)
    more = shared["apps"] - 1 - _NAMED
    return told.mask(more > 0, told + " and " + more.astype("str") + " more")
