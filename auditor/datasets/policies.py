"""Datasets of app management, consent, authorization and token policies.

Sources: the API's pages on Microsoft Learn and their permission tables (reference, sections 1.1 and
1.4). Policies are few: none of them is asked for pages of a size.
"""

from __future__ import annotations

from auditor.datasets.dataset import Dataset

_CONFIGURATION = (("Policy.Read.All",), ("Policy.ReadWrite.ApplicationConfiguration",))
_TARGETS = (
    ("Application.Read.All", "Policy.Read.All"),
    ("Application.Read.All", "Policy.ReadWrite.ApplicationConfiguration"),
)
_GRANTS = (("Policy.Read.PermissionGrant",), ("Policy.ReadWrite.PermissionGrant",))
_CONDITIONS = (*_GRANTS, ("Directory.Read.All",))


# https://developer.microsoft.com/graph/known-issues, number 13678.
_CLAIMS = (
    "Microsoft knows that some tenants also want Policy.ReadWrite.ApplicationConfiguration here; "
    "rather accept the gap than grant an auditor that."
)


def _token_policies(kind: str, title: str, advice: str = "") -> tuple[Dataset, Dataset]:
    """One kind of token policy, and the objects its policies apply to."""
    stem = "".join(each if each.islower() else f"-{each.lower()}" for each in kind)
    return (
        Dataset(
            name=f"{stem}-policies",
            service="graph",
            title=title,
            path=f"/policies/{kind}Policies",
            permissions=_CONFIGURATION,
            advice=advice,
            top=0,
        ),
        Dataset(
            name=f"{stem}-applies-to",
            service="graph",
            title=f"{title}: what they apply to",
            path=f"/policies/{kind}Policies/{{id}}/appliesTo",
            permissions=(*_TARGETS, ("Directory.Read.All",)),
            select=("id",),
            needs=(f"{stem}-policies",),
        ),
    )


POLICIES: tuple[Dataset, ...] = (
    Dataset(
        name="app-management-default-policy",
        service="graph",
        title="The tenant's default app management policy",
        path="/policies/defaultAppManagementPolicy",
        permissions=_CONFIGURATION,
        single=True,
        may_be_empty=False,
        top=0,
    ),
    Dataset(
        name="app-management-policies",
        service="graph",
        title="Custom app management policies",
        path="/policies/appManagementPolicies",
        permissions=_CONFIGURATION,
        top=0,
    ),
    Dataset(
        name="app-management-applies-to",
        service="graph",
        title="Applications and service principals with an app management policy of their own",
        path="/policies/appManagementPolicies/{id}/appliesTo",
        permissions=_TARGETS,
        select=("id",),
        needs=("app-management-policies",),
    ),
    Dataset(
        name="authorization-policy",
        service="graph",
        title="What users may do by default: register applications, consent, invite",
        path="/policies/authorizationPolicy",
        permissions=(("Policy.Read.All",), ("Policy.ReadWrite.Authorization",)),
        single=True,
        may_be_empty=False,
        top=0,
    ),
    # The built-in policies are there in every tenant. Their conditions come with them; where a
    # policy came without, or with as many as an expansion shows, they are asked for one by one.
    Dataset(
        name="permission-grant-policies",
        service="graph",
        title="App consent policies",
        path="/policies/permissionGrantPolicies",
        permissions=_GRANTS,
        may_be_empty=False,
        top=0,
    ),
    Dataset(
        name="permission-grant-includes",
        service="graph",
        title="What app consent policies allow",
        path="/policies/permissionGrantPolicies/{id}/includes",
        permissions=_CONDITIONS,
        top=0,
        needs=("permission-grant-policies",),
    ),
    Dataset(
        name="permission-grant-excludes",
        service="graph",
        title="What app consent policies leave out",
        path="/policies/permissionGrantPolicies/{id}/excludes",
        permissions=_CONDITIONS,
        top=0,
        needs=("permission-grant-policies",),
    ),
    Dataset(
        name="permission-classifications",
        service="graph",
        title="Delegated permissions that the tenant calls low, medium or high",
        path="/servicePrincipals/{id}/delegatedPermissionClassifications",
        permissions=(("Application.Read.All",), ("Directory.Read.All",)),
        top=0,
        needs=("service-principals",),
        after=("applications",),
    ),
    Dataset(
        name="admin-consent-policy",
        service="graph",
        title="Whether users can ask an administrator for consent, and who reviews it",
        path="/policies/adminConsentRequestPolicy",
        permissions=(
            ("Policy.Read.All",),
            ("Policy.ReadWrite.ConsentRequest",),
            ("Directory.Read.All",),
            ("Directory.ReadWrite.All",),
        ),
        single=True,
        may_be_empty=False,
        top=0,
    ),
    *_token_policies("tokenLifetime", "Token lifetime policies"),
    *_token_policies("claimsMapping", "Claims mapping policies", _CLAIMS),
    *_token_policies("tokenIssuance", "Token issuance policies"),
)
