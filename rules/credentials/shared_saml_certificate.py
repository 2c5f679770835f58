"""SAML signing certificates that several applications have in common.

## What it does
Compares the SHA-256 of the bytes of every certificate that signs the tokens of SAML single sign-on.
One fails when another application signs with the same. One whose bytes were not fetched or cannot
be read is unknown, and so is one without a known copy as long as others were not fetched.
customKeyIdentifier is not used: whoever adds the certificate can set it to anything.

## Why it matters
Entra ID makes a new key for each certificate, so a common one was made elsewhere and uploaded: its
private key is in a file. Whoever has that file signs in to all of these applications as any user,
without Entra ID. And one application that takes a token meant for another cannot tell it by the
signature.

## How to fix
Make a certificate in Entra ID for each application, one after the other, and make it active on both
sides. Remove the common one everywhere and delete its file.
Portal: Entra admin center > Enterprise apps > the application > Single sign-on > SAML Certificates.
Graph PowerShell: Add-MgServicePrincipalTokenSigningCertificate, then Update-MgServicePrincipal
-PreferredTokenSigningKeyThumbprint THUMBPRINT.
Azure CLI: az rest --method post --url
https://graph.microsoft.com/v1.0/servicePrincipals/ID/addTokenSigningCertificate.

## When it is fine
Instances of one product that can hold one certificate only, with the private key in a hardware
store.

## References
- https://learn.microsoft.com/graph/api/serviceprincipal-addtokensigningcertificate
- https://learn.microsoft.com/entra/identity/enterprise-apps/tutorial-manage-certificates-for-federated-single-sign-on
- https://attack.mitre.org/techniques/T1606/002/

Catalogue: CRED-025
"""

from __future__ import annotations

from pandas import DataFrame

from auditor.rule import mitre, nist_800_53, rule

_UNREAD = "its bytes were not fetched or cannot be read"
_DOUBT = "it may be among the certificates whose bytes were not fetched"


@rule(
    id="shared-saml-certificate",
    severity="medium",
    about="saml_certificates",
    message="{name} and {others} more sign SAML tokens with one certificate, {thumbprint}.",
    evidence=("sha256", "subject", "active"),
    fix="Add-MgServicePrincipalTokenSigningCertificate -ServicePrincipalId {holder}",
    controls=(nist_800_53("SC-12"), mitre("T1606.002")),
)
def shared_saml_certificate(saml_certificates: DataFrame) -> DataFrame:
    app = saml_certificates["app_id"].str.lower()
    apps = app.groupby(saml_certificates["sha256"]).transform("nunique").fillna(0).astype("int64")
    unread, shared = saml_certificates["sha256"].isna(), apps > 1
    doubtful = ~unread & ~shared & bool(unread.any())
    told = saml_certificates.assign(
        others=apps - 1, unknown=unread.map({True: _UNREAD}).mask(doubtful, _DOUBT)
    )
    return told[shared | unread | doubtful]
