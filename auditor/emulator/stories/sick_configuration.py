"""Contoso's careless settings of applications, and strangers who pass for somebody else."""

from __future__ import annotations

from auditor.emulator.stories.common import Scene, redirects

_OFF = {
    "isEnabled": False,
    "allProperties": False,
    "credentialsWithUsageVerify": False,
    "credentialsWithUsageSign": False,
    "tokenEncryptionKeyId": False,
}


def fill_configuration(scene: Scene) -> None:
    """Everything about redirect URIs, flows, audiences and foreign publishers."""
    _registrations(scene)
    _strangers(scene)
    # Whoever collects must not be able to change anything.
    scene.build.grant(scene.client.principal_id, "SharePoint/TermStore.ReadWrite.All")


def _registrations(scene: Scene) -> None:
    build = scene.build
    addresses = (
        "http://press.contoso.example/signin",
        "https://*.press.contoso.example/signin",
        "https://contoso-press.azurewebsites.net/signin",
        "http://localhost:3000/signin",
    )
    portal = build.app(
        "Press Portal",
        audience="AzureADMultipleOrgs",
        isFallbackPublicClient=True,
        identifierUris=["https://press.example/api"],
        servicePrincipalLockConfiguration=_OFF,
        spa={"redirectUris": ["https://press.contoso.example/app"]},
        publicClient={"redirectUris": ["http://localhost", "msauth.com.contoso.press://auth"]},
    )
    redirects(scene, portal, *addresses, implicit=True)


def _strangers(scene: Scene) -> None:
    build = scene.build
    build.principal(
        "Micr\u043esoft Teams",
        owner_tenant=build.guid("tenant", "Somebody"),
        signInAudience="AzureADMultipleOrgs",
    )
    build.principal(
        "Mail_Backup",
        app_id="2ef68ccc-8a4d-42ff-ae88-2d7bb89ad139",
        owner_tenant="f094ec52-8e94-47b5-851b-2fcd0e31db52",
        signInAudience="AzureADMultipleOrgs",
    )
