"""SAML signing certificates that stay valid for too long.

## What it does
Compares start and end of every certificate that signs the tokens of SAML single sign-on, in use or
not, of the tenant's own and of foreign applications. It fails when the time between them is longer
than `max_days`, which is 1097: the three years that Entra ID itself gives at most, with a leap day
and one for rounding.

## Why it matters
Whoever holds the private key of a signing certificate can sign in to the application as any user,
without Entra ID, a password or a second factor. A certificate that Entra ID made has a private key
that never leaves it, and three years at most. A longer one was made elsewhere and uploaded: its
private key is in somebody's file, for as long as it is valid.

## How to fix
Make a new certificate in Entra ID instead of uploading one, give it to the application's
administrators, make it active on both sides, then remove this one.
Portal: Entra admin center > Enterprise apps > the application > Single sign-on > SAML Certificates.
Graph PowerShell: Add-MgServicePrincipalTokenSigningCertificate, then Update-MgServicePrincipal
-PreferredTokenSigningKeyThumbprint THUMBPRINT.
Azure CLI: az rest --method post --url
https://graph.microsoft.com/v1.0/servicePrincipals/ID/addTokenSigningCertificate.

## When it is fine
An application whose certificate can be changed only with the product's next version.

## References
- https://learn.microsoft.com/graph/api/serviceprincipal-addtokensigningcertificate
- https://learn.microsoft.com/entra/identity/enterprise-apps/tutorial-manage-certificates-for-federated-single-sign-on
- https://attack.mitre.org/techniques/T1606/002/

Catalogue: CRED-025 (max_days)
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import mitre, nist_800_53, rule


@rule(
    id="saml-certificate-lifetime",
    severity="medium",
    about="saml_certificates",
    needs=("start", "end"),
    message="The SAML signing certificate {key_id} of {name} is valid for {days} days; "
    "the limit is {max_days}.",
    evidence=("active", "subject", "thumbprint"),
    fix="Add-MgServicePrincipalTokenSigningCertificate -ServicePrincipalId {holder}",
    controls=(nist_800_53("SC-12"), mitre("T1606.002")),
)
def saml_certificate_lifetime(saml_certificates: DataFrame, *, max_days: int = 1097) -> DataFrame:
    days = (saml_certificates["end"] - saml_certificates["start"]).dt.days
    return saml_certificates.assign(days=days)[days > max_days]
