"""The command that removes a federated credential."""

REMOVE = (
    "Remove-MgApplicationFederatedIdentityCredential -ApplicationId {holder} "
    "-FederatedIdentityCredentialId {id}"
)
