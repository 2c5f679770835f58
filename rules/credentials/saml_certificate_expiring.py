"""SAML signing certificates that have expired or expire soon.

## What it does
Looks at the certificates that sign the tokens of SAML single sign-on, of the tenant's own and of
foreign applications. The one in use fails when it has expired (high), or ends within `high_days` 14
or `medium_days` 60 days; 0 switches a window off. Which one is in use is told by
preferredTokenSigningKeyThumbprint; a pair that is not in use passes. Where several are there and
none is named, one that ends soon is unknown.

## Why it matters
When it ends, applications that check it refuse every sign-in: all users of the application are
locked out at the same minute, and the new certificate has to be brought to the application's side
by whoever administers it there. Entra ID goes on signing with an expired one, so an application
that still works proves only that it does not check.

## How to fix
Make a new certificate, give it to the application's administrators, make it active on both sides at
the same time, then remove the old one. Enter addresses that are told before the next expiry.
Portal: Entra admin center > Enterprise apps > the application > Single sign-on > SAML Certificates.
Graph PowerShell: Add-MgServicePrincipalTokenSigningCertificate, then Update-MgServicePrincipal
-PreferredTokenSigningKeyThumbprint THUMBPRINT.
Azure CLI: az rest --method post --url
https://graph.microsoft.com/v1.0/servicePrincipals/ID/addTokenSigningCertificate.

## When it is fine
When the application is about to be replaced. Better switch off its single sign-on.

## References
- https://learn.microsoft.com/entra/identity/enterprise-apps/tutorial-manage-certificates-for-federated-single-sign-on
- https://learn.microsoft.com/graph/api/serviceprincipal-addtokensigningcertificate
- https://learn.microsoft.com/graph/api/resources/serviceprincipal

Catalogue: CRED-024
"""

from __future__ import annotations

from pandas import DataFrame, Timedelta, Timestamp

from auditor.rule import nist_800_53, rule, soc2


@rule(
    id="saml-certificate-expiring",
    severity="high",
    about="saml_certificates",
    needs=("end",),
    message="The SAML signing certificate {key_id} of {name} {when}.",
    evidence=("active", "custom_key_identifier", "thumbprint"),
    fix="Add-MgServicePrincipalTokenSigningCertificate -ServicePrincipalId {holder}",
    controls=(nist_800_53("SC-12"), soc2("A1.2")),
)
def saml_certificate_expiring(
    saml_certificates: DataFrame, as_of: Timestamp, *, high_days: int = 14, medium_days: int = 60
) -> DataFrame:
    left = saml_certificates["end"] - as_of
    over = left <= Timedelta(0)
    high, medium = left <= Timedelta(high_days, "D"), left <= Timedelta(medium_days, "D")
    day, days = saml_certificates["end"].dt.strftime("%Y-%m-%d"), left.dt.days.astype("str")
    active = saml_certificates["active"]
    told = saml_certificates.assign(
        days=left.dt.days,
        when=("ends on " + day + ", in " + days + " days").mask(over, "expired on " + day),
        severity=high.map({True: "high", False: "medium"}).mask(over, "high"),
        unknown=active.isna().map(
            {True: "which of its signing certificates is in use is not told"}
        ),
    )
    return told[(over | high | medium) & active.fillna(True)]
