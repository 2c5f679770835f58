"""Fabrikam's careful settings: something to judge for every rule about configuration."""

from __future__ import annotations

from auditor.emulator.stories.common import Scene, redirects

_VERIFIED = {
    "displayName": "Woodgrove Ltd",
    "verifiedPublisherId": "6012345",
    "addedDateTime": "2024-05-06T08:00:00Z",
}


def fill_configuration(scene: Scene) -> None:
    """Redirect URIs, an application for customers, a verified stranger."""
    build = scene.build
    shop = build.app(
        "Customer Shop",
        audience="AzureADMultipleOrgs",
        identifierUris=[f"https://{build.domain}/shop"],
        verifiedPublisher=_VERIFIED | {"displayName": "Fabrikam", "verifiedPublisherId": "6054321"},
    )
    redirects(scene, shop, "https://shop.fabrikam.example/signin", assigned=True)
    redirects(scene, build.app("Developer Sandbox"), "http://localhost:5000/signin", assigned=True)
    foreign = next(
        each for each in build.principals if each["displayName"] == "Woodgrove Scheduling"
    )
    foreign["verifiedPublisher"] = _VERIFIED
