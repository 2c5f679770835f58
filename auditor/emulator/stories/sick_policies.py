"""Contoso's policies and PIM: limits that limit nothing, and doors left open."""

from __future__ import annotations

from auditor.emulator.policies import condition, restriction, restrictions
from auditor.emulator.stories.common import Scene


def fill_policies(scene: Scene) -> None:
    """States policies and PIM of the sick tenant."""
    _app_management(scene)
    _consent(scene)
    _tokens(scene)
    _pim(scene)


def _app_management(scene: Scene) -> None:
    build, policies = scene.build, scene.policies
    # Switched on, but: passwords may still be added, their lifetime is limited to ten years, that
    # of certificates only for applications of the future, and service principals are free.
    policies.default |= {
        "isEnabled": True,
        "applicationRestrictions": restrictions(
            restriction("passwordAddition", since=build.stamp(-200), state="disabled"),
            restriction("passwordLifetime", lifetime="P3650D", since=build.stamp(-200)),
            restriction("customPasswordAddition", since=build.stamp(-200), state="disabled"),
            restriction("asymmetricKeyLifetime", lifetime="P365D", since=build.stamp(60)),
            uris=policies.default["applicationRestrictions"]["identifierUris"],
        ),
    }
    exempt = {
        "customSecurityAttributes": [
            {
                "@odata.type": "#microsoft.graph.customSecurityAttributeStringValueExemption",
                "id": "AppManagement_Exempt",
                "operator": "equals",
                "value": "yes",
            }
        ]
    }
    payroll = build.application_named("Payroll Sync")["id"]
    policies.app_policy(
        "Secrets are fine here",
        restrictions(
            restriction("passwordAddition", state="disabled"),
            restriction("passwordLifetime", lifetime="P4DT12H30M5S", exempt=exempt),
        ),
        (payroll, build.principal_id("Payroll Sync")),
    )
    policies.app_policy(
        "Switched off",
        restrictions(restriction("passwordAddition", since=build.stamp(-700))),
        (build.application_named("App Factory")["id"],),
        enabled=False,
    )
    policies.app_policy("On nothing", restrictions(restriction("passwordAddition")), ())


def _consent(scene: Scene) -> None:
    build, policies = scene.build, scene.policies
    users = policies.authorization["defaultUserRolePermissions"]
    policies.grant_policy(
        "everything-goes",
        "Everything goes",
        includes=(condition(build.guid("condition", "everything")),),
        excludes=(
            condition(
                build.guid("condition", "but graph"),
                resourceApplication="00000003-0000-0000-c000-000000000000",
                permissions=["570282fd-fa5c-430d-a7fd-fc8dc98a9dca"],
            ),
        ),
    )
    policies.authorization |= {
        "allowUserConsentForRiskyApps": True,
        "defaultUserRolePermissions": {
            **users,
            "permissionGrantPoliciesAssigned": [
                "ManagePermissionGrantsForSelf.microsoft-user-default-legacy",
                "ManagePermissionGrantsForSelf.everything-goes",
            ],
        },
    }
    for scope in ("User.Read", "Mail.Read", "Files.Read.All"):
        policies.classify(scope, "low")
    policies.classify("EWS.AccessAsUser.All", "medium", resource="Exchange")


def _tokens(scene: Scene) -> None:
    build, policies = scene.build, scene.policies
    policies.token_policy(
        "tokenLifetime",
        "A whole day",
        '{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"23:59:59"}}',
        (build.application_named("Consent Robot")["id"], build.principal_id("App Factory")),
    )
    policies.token_policy(
        "tokenLifetime",
        "Everybody's",
        '{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"8:00:00"}}',
        (),
        default=True,
    )
    policies.token_policy(
        "claimsMapping",
        "Anybody can be anybody",
        '{"ClaimsMappingPolicy":{"Version":1,"IncludeBasicClaimSet":"true","ClaimsSchema":'
        '[{"Source":"user","ID":"extensionattribute1","JwtClaimType":"upn"}]}}',
        (build.principal_id("Consent Robot"),),
    )
    policies.token_policy(
        "tokenIssuance",
        "Old signatures",
        '{"TokenIssuancePolicy":{"Version":1,"SigningAlgorithm":"http://www.w3.org/2000/09/'
        'xmldsig#rsa-sha1","TokenResponseSigningPolicy":"TokenOnly","SamlTokenVersion":"1.1"}}',
        (build.application_named("Travel Expenses SAML")["id"],),
    )


def _pim(scene: Scene) -> None:
    build, people, pim = scene.build, scene.people, scene.pim
    tier0 = build.group_id("Tier 0 Automation")
    pim.member(tier0, build.principal_id("Identity Sync Worker"))
    pim.may_join(tier0, build.principal_id("On Call Bot"))
    pim.may_join(tier0, people["Gil Guest"], access="owner")
    pim.activate(people["Katherine Johnson"], "User Administrator", -0.1, 0.3)
