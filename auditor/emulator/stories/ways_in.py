"""What further ways in need to find in a tenant; each is there only if the options ask for it."""

from __future__ import annotations

from auditor.emulator import facts
from auditor.emulator.builder import TenantBuilder
from auditor.emulator.options import DEFAULT_GRAPH_PERMISSIONS, EmulatorOptions

IDENTITY = "auditor-identity"
PUBLIC_CLIENT = "Auditor Sign-in"
READER = "Quinn Reader"
READ_AS_A_USER = (*DEFAULT_GRAPH_PERMISSIONS, "User.Read")


def add_ways_in(build: TenantBuilder, options: EmulatorOptions) -> None:
    """Adds the managed identity, or the public client and the user who signs in through it."""
    if options.managed_identity:
        holds = tuple(f"Graph/{name}" for name in options.graph_permissions())
        holds += tuple(f"Exchange/{name}" for name in options.exchange_permissions())
        app_id = build.guid("appid", IDENTITY)
        group = f"/subscriptions/{build.guid('subscription', 'main')}/resourcegroups/audit"
        build.principal(
            IDENTITY,
            app_id=app_id,
            kind="ManagedIdentity",
            holds=holds,
            roles=("Global Reader",),
            alternativeNames=[
                "isExplicit=False",
                f"{group}/providers/Microsoft.Web/sites/{IDENTITY}",
            ],
            servicePrincipalNames=[app_id, f"https://identity.azure.net/{IDENTITY}"],
            tags=[],
        )
    if options.public_client:
        # The data file holds only some of the delegated permissions.
        known = {each.name for each in facts.scopes(facts.GRAPH)}
        user = build.user(READER)
        if options.user_role:
            build.role(user, options.user_role)
        handle = build.app(
            PUBLIC_CLIENT,
            asks=tuple(f"delegated:Graph/{name}" for name in READ_AS_A_USER if name in known),
            isFallbackPublicClient=True,
            publicClient={"redirectUris": ["http://localhost"]},
        )
        if options.consented:
            build.delegated(handle.principal_id, " ".join(READ_AS_A_USER))
