"""The way in of a workload inside Azure: its managed identity.

Which endpoint serves it stands in the environment (App Service, Functions, Arc and others), else
it is the metadata service of a virtual machine, at a fixed address. Source: azure-identity's
ManagedIdentityCredential and "How managed identities for Azure resources work".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditor.connect.remedies import refused
from auditor.connect.way import TokenSource, Way
from auditor.errors import CredentialError, SignInError

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken
    from azure.identity import ManagedIdentityCredential

_NONE_HERE = (
    "Run it on an Azure resource that has a managed identity, or use another credential.kind."
)


def managed_identity(way: Way) -> TokenSource:
    """Signs in as the machine's own identity, or the assigned one that credential.client_id names.

    Raises `CredentialError` where the tenant is named by a domain: the endpoint cannot be asked for
    a tenant, so the id in its token is all there is to compare.
    """
    from azure.identity import ManagedIdentityCredential

    if "." in way.tenant_id:
        raise CredentialError(
            f"tenant.id is the domain {way.tenant_id}, and a managed identity's token can only be"
            " compared with the tenant's id.",
            "Write the tenant's id (GUID) into tenant.id.",
        )
    credential = ManagedIdentityCredential(
        client_id=way.chosen.client_id or None,
        transport=way.transport(local=True),
        retry_total=2,
        # Outside Azure nothing answers at the metadata service's address: find out in a second.
        _enable_imds_probe=True,
        # Another kind of credential, which the settings would name workload-identity.
        _exclude_workload_identity_credential=True,
    )
    return _Managed(credential, way)


class _Managed:
    """The credential, with its failures as sentences."""

    def __init__(self, credential: ManagedIdentityCredential, way: Way) -> None:
        self._credential = credential
        self._way = way

    def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:
        from azure.core.exceptions import AzureError, ClientAuthenticationError

        try:
            found: AccessToken = self._credential.get_token(*scopes, **kwargs)
        except ClientAuthenticationError as error:
            raise self._explained(str(error.message)) from error
        except (AzureError, ValueError, OSError) as error:
            raise SignInError(
                f"The endpoint of the managed identity did not answer ({type(error).__name__}).",
                _NONE_HERE,
            ) from error
        return found

    def _explained(self, message: str) -> SignInError:
        chosen = self._way.chosen.client_id
        # azure-identity says "no response" also before an answer it got; then that follows.
        answered = message.partition("Token request error: ")[2]
        if not answered and "no response from the IMDS endpoint" in message:
            return SignInError(
                "There is no managed identity here: the metadata service of Azure (IMDS) does not"
                " answer.",
                _NONE_HERE,
            )
        if "AADSTS" in message:
            return refused(message, self._way.heard)
        told = self._way.heard.safe(answered or message)
        named = (
            f"Check that the identity with client id {chosen} is assigned to this resource."
            if chosen
            else "Switch on the resource's system-assigned identity, or name an assigned one in"
            " credential.client_id."
        )
        return SignInError(
            f"The managed identity got no token: {' '.join(told.split()).rstrip('.')}.", named
        )

    def close(self) -> None:
        """Closes the connection to the endpoint."""
        self._credential.close()
