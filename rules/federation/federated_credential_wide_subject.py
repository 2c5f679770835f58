"""Federated credentials that let in more than one workload.

## What it does
Reads the subject, or the expression, of every federated credential of an app registration, in the
form of the platform that issues the token: GitHub, GitLab, Azure DevOps, HCP Terraform, Kubernetes
(AKS, EKS, GKE and own clusters), AWS, Google and Entra itself. A credential fails when it lets in
every pull request, every branch, any environment, a default service account, a whole organization
or anybody. An expression that also pins a repository or a reusable workflow exactly fails as
medium. A `*` in a plain subject fails as low: Entra takes it literally. A subject whose form is not
known here, and an expression that cannot be read, are unknown. Managed identities' federated
credentials are not read and are no part of this.

## Why it matters
The subject is all that tells one pipeline from another. Where it is wide, whoever can open a pull
request, push a branch or create a repository on that platform signs in as the application, without
any secret.

## How to fix
Name one repository and a protected branch, or an environment with required reviewers; in
Kubernetes, a service account of its own. Add the narrow credential first, then remove the wide one.
Portal: Entra admin center > App registrations > the application > Certificates & secrets >
Federated credentials.
Graph PowerShell: New-MgApplicationFederatedIdentityCredential, then
Remove-MgApplicationFederatedIdentityCredential.
Azure CLI: az ad app federated-credential create, then az ad app federated-credential delete.

## When it is fine
An application that only reads what every developer of the repository may read, such as one that
checks a plan in pull requests. Accept that one finding with a reason.

## References
Catalogue: CRED-030
- https://learn.microsoft.com/entra/workload-id/workload-identity-federation
- https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials
- https://docs.github.com/actions/reference/security/oidc
- https://docs.gitlab.com/ci/secrets/id_token_authentication/
- https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/azure-configuration
- https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import mitre, nist_800_53, rule

from ._removal import REMOVE
from ._subjects import Width, width


@rule(
    id="federated-credential-wide-subject",
    severity="critical",
    about="federated_credentials",
    message="Federated credential {label} of {name} lets in {reason}.",
    evidence=("issuer", "subject", "expression", "audiences"),
    fix=REMOVE,
    controls=(nist_800_53("AC-6"), nist_800_53("IA-8"), mitre("T1098.001")),
)
def federated_credential_wide_subject(federated_credentials: DataFrame) -> DataFrame:
    table = federated_credentials
    told = table[["issuer", "subject", "expression"]].astype(object)
    told = told.where(told.notna(), None)
    triples = list(told.itertuples(index=False, name=None))
    known: dict[tuple[str | None, ...], Width] = {each: width(*each) for each in set(triples)}
    found = DataFrame(
        [known[each] for each in triples], columns=list(Width._fields), index=table.index
    ).astype(object)
    return table.join(found)[found["reason"].notna() | found["unknown"].notna()]
