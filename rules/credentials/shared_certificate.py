"""Certificates that several applications have in common.

## What it does
Compares the SHA-256 of every certificate's bytes. A certificate fails when another application has
the same one. An application and its own service principal count as one. Foreign and Microsoft's
service principals are compared too; managed identities and SAML signing certificates are left out.
A certificate whose bytes were not fetched or cannot be read is unknown. As long as some were not
fetched, one without a known copy is unknown too: it may be among them. customKeyIdentifier is not used: whoever adds the certificate can set it to anything.

## Why it matters
One private key opens all of these applications, so the weakest place that keeps it decides for the
strongest of them, their permissions add up, and the logs cannot tell who used it. A rotation has to
happen everywhere at once and therefore does not happen.

## How to fix
Make a key pair for each application, add each certificate, move the workloads, then remove the
common one everywhere.
Portal: Entra admin center > App registrations > each application > Certificates & secrets.
PowerShell: Remove-AzADAppCredential or Remove-AzADSpCredential (module Az.Resources).
Azure CLI: az ad app credential reset --id APP --append --cert @new.pem, then
az ad app credential delete --id APP --key-id KEY --cert.

## When it is fine
Two registrations of one workload on one machine, such as one for each environment that it serves
anyway. Consider merging them.

## References
- https://learn.microsoft.com/graph/api/resources/keycredential
- https://learn.microsoft.com/entra/identity-platform/security-best-practices-for-app-registration

Catalogue: CRED-016
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule

from .._shared import removal

_NAMED = 5
_UNREAD = "its bytes were not fetched or cannot be read"
_DOUBT = "it may be among the certificates whose bytes were not fetched"


def _not_managed(certificate_contents: DataFrame) -> Series:
    # A row whose type is not told stays in: left out, it could not be seen as somebody's copy.
    return ~certificate_contents["managed_identity"].fillna(False)


@rule(
    id="shared-certificate",
    severity="high",
    about="certificate_contents",
    where=_not_managed,
    message="Certificate {key_id} of {name} is also on {others}.",
    evidence=("sha256", "thumbprint", "subject"),
    controls=(
        nist_800_53("IA-5"),
        iso_27001("A.5.17"),
    ),
)
def shared_certificate(certificate_contents: DataFrame) -> DataFrame:
    table = certificate_contents.assign(app=certificate_contents["app_id"].str.lower())
    apps = table.groupby("sha256")["app"].transform("nunique").fillna(0).astype("int64")
    unread, shared = table["sha256"].isna(), apps > 1
    # Bytes that are no certificate are no copy of one that is; bytes not seen may be.
    some_unseen = bool((unread & table["readable"].fillna(True)).any())
    doubtful = ~unread & ~shared & some_unseen
    told = table.assign(
        apps=apps,
        others=_others(table[shared].assign(apps=apps)),
        unknown=unread.map({True: _UNREAD}).mask(doubtful, _DOUBT),
        fix=removal(table),
    )
    return told[shared | unread | doubtful].drop(columns="app")


def _others(shared: DataFrame) -> Series:
    """The names of the other applications with the same certificate; a few, when they are many."""
    names = shared["name"].fillna(shared["app_id"])
    apps = shared[["sha256", "app"]].assign(other=names).sort_values(["other", "app"])
    # Few of each are enough to name some: a certificate on thousands of applications stays cheap.
    few = apps.drop_duplicates(["sha256", "app"]).groupby("sha256").head(_NAMED + 1)
    pairs = shared[["sha256", "app"]].reset_index().merge(few, on="sha256")
    pairs = pairs[pairs["app_x"] != pairs["app_y"]].groupby("index").head(_NAMED)
    others = pairs.groupby("index")["other"].agg(", ".join).reindex(shared.index)
    more = shared["apps"] - 1 - _NAMED
    return others.mask(more > 0, others + " and " + more.astype("str") + " more")
