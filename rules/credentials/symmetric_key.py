"""Symmetric keys among an application's key credentials.

## What it does
Looks at the credentials on the tenant's own applications and service principals. One fails when it
is a key credential of the type Symmetric and has not expired, whether it is valid now or later, or
its end is not told. Keys of SAML signing pairs and of managed identities are left out.

## Why it matters
A symmetric key is a shared secret like a client secret, held by everybody who has to use it, but
the portal does not list it, no secret scanner looks for it and a policy against new client secrets
(passwordAddition) does not stop it. Such keys come from federation and tickets of the Access
Control Service era; hardly anything of today needs one.

## How to fix
Find out from the audit log who added it and what uses it. Move that to a certificate, then remove
the key.
Portal: it does not show them.
PowerShell: Remove-AzADAppCredential or Remove-AzADSpCredential (module Az.Resources).
Azure CLI: az ad app credential delete --id APP --key-id KEY --cert.
To stop new ones, set symmetricKeyAddition in an app management policy.

## When it is fine
An old federated product that accepts nothing else, until it is replaced.

## References
- https://learn.microsoft.com/graph/api/resources/keycredential
- https://learn.microsoft.com/graph/api/resources/passwordcredentialconfiguration

Catalogue: CRED-018
"""

from __future__ import annotations

from pandas import DataFrame, Timestamp

from auditor.rule import nist_800_53, rule

from .._shared import removal, sign_in_credentials


@rule(
    id="symmetric-key",
    severity="medium",
    about="credentials",
    where=sign_in_credentials,
    message="{name} has the symmetric key {key_id}.",
    evidence=("usage", "type", "end"),
    controls=(nist_800_53("IA-5"),),
)
def symmetric_key(credentials: DataFrame, as_of: Timestamp) -> DataFrame:
    ended = (credentials["end"] <= as_of).fillna(False)
    found = (credentials["kind"] == "symmetric") & ~ended
    return credentials.assign(fix=removal(credentials))[found]
