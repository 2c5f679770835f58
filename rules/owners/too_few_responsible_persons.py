"""Privileged applications with fewer than two responsible persons.

## What it does
Looks at the tenant's own applications with a tier 0 or tier 1 permission or directory role. One
fails when its registration has no serviceManagementReference and fewer than `persons` people (2)
own its registration or service principal. A person is a user of this tenant whose account is
enabled: guests, disabled and deleted accounts and other applications do not count. A reference to
an inventory or a team stands for any number of people. An owner of whom this is not told makes the
row unknown where it matters. Managed identities, foreign and Microsoft's applications are left out.

## Why it matters
One person is on holiday, ill or gone when the credential expires or leaks at night. Nobody else
knows what the application is for or dares to stop it.

## How to fix
Write the team or the inventory number into serviceManagementReference. Do not add an owner for
this: an owner of a privileged application can become it, which privileged-app-owner reports.
Portal: Entra admin center > App registrations > the application > Branding & properties > Service
management reference.
Graph PowerShell: Update-MgApplication -ApplicationId ID -ServiceManagementReference 'CMDB-1'.
Azure CLI: az ad app update --id ID --set serviceManagementReference=CMDB-1.

## When it is fine
When the applications are kept in an inventory that is keyed by client id. Switch the rule off then.

## References
- https://learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners
- https://learn.microsoft.com/graph/api/resources/application
Catalogue: OWN-003 (persons)
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import iso_27001, nist_800_53, rule


def _own_applications(principals: DataFrame) -> Series:
    own = principals["publisher"].astype("string") == "own"
    return own & ~principals["managed_identity"]


@rule(
    id="too-few-responsible-persons",
    severity="low",
    about="privileged_principals",
    where=_own_applications,
    fails_without=("ownerships", "applications"),
    message="{count} of {persons} people answer for {name}, and it has no reference: {reasons}.",
    fix="Update-MgApplication -ApplicationId {application_id} -ServiceManagementReference 'TEAM'",
    evidence=("tier",),
    controls=(nist_800_53("CM-8"), iso_27001("A.5.9")),
)
def too_few_responsible_persons(
    privileged_principals: DataFrame,
    ownerships: DataFrame,
    applications: DataFrame,
    *,
    persons: int = 2,
) -> DataFrame:
    registration = applications.reindex(privileged_principals["application"])
    registration = registration.set_axis(privileged_principals.index)
    # A reference of blanks names nobody.
    named = registration["service_management_reference"].str.contains(r"\w", regex=True)
    sure = _count(privileged_principals, ownerships[_person(ownerships)])
    perhaps = _count(privileged_principals, ownerships[_perhaps(ownerships)])
    few = ~named.fillna(False).astype(bool) & (sure < persons)
    found = privileged_principals[few]
    index = found.index
    return found.assign(
        count=sure[index],
        application_id=registration["id"][index],
        unknown=Series(None, index=index, dtype=object)
        .mask(perhaps[index] >= persons, "whether all its owners are people here was not told")
        .mask(registration["id"].isna()[index], "its registration is not among those read"),
    )


def _perhaps(owners: DataFrame) -> Series:
    """Owners who are people of this tenant with a working account, unless something says no."""
    user = owners["owner_type"].fillna("user") == "user"
    guest = owners["owner_kind"].str.lower().fillna("member") == "guest"
    works = owners["owner_enabled"].fillna(True) & ~owners["owner_gone"].fillna(False)
    return user & ~guest & works.astype(bool) & (owners["owner_principal"] < 0)


def _person(owners: DataFrame) -> Series:
    """Those of whom everything was told."""
    told = owners["owner_type"].notna() & owners["owner_kind"].notna()
    return _perhaps(owners) & told & owners["owner_enabled"].notna()


def _count(principals: DataFrame, owners: DataFrame) -> Series:
    """How many different owners each has, by its registration or its service principal."""
    once = owners[owners["principal"] >= 0].drop_duplicates(["principal", "owner_id"])
    number = once.groupby("principal").size()
    return principals["principal"].map(number).fillna(0).astype("int64")
