"""Fabrikam's policies and PIM: everything is limited, and nobody is left out."""

from __future__ import annotations

from auditor.emulator.policies import condition, restriction, restrictions
from auditor.emulator.stories.common import Scene
from auditor.emulator.tenant import Json

_LIMIT = "P180D"


def fill_policies(scene: Scene) -> None:
    """States policies and PIM of the healthy tenant."""
    _app_management(scene)
    _consent(scene)
    _tokens(scene)
    _groups(scene)


def _limits() -> tuple[Json, ...]:
    return (
        restriction("passwordAddition"),
        restriction("customPasswordAddition"),
        restriction("symmetricKeyAddition"),
        restriction("passwordLifetime", lifetime=_LIMIT),
        restriction("symmetricKeyLifetime", lifetime=_LIMIT),
        restriction("asymmetricKeyLifetime", lifetime=_LIMIT),
    )


def _app_management(scene: Scene) -> None:
    build, policies = scene.build, scene.policies
    policies.default |= {
        "isEnabled": True,
        "applicationRestrictions": restrictions(
            *_limits(), uris=policies.default["applicationRestrictions"]["identifierUris"]
        ),
        "servicePrincipalRestrictions": restrictions(*_limits()),
    }
    policies.app_policy(
        "Stricter for the warehouse",
        restrictions(*_limits()),
        (build.application_named("Warehouse API")["id"],),
    )


def _consent(scene: Scene) -> None:
    policies = scene.policies
    users = policies.authorization["defaultUserRolePermissions"]
    policies.authorization |= {
        "allowInvitesFrom": "adminsAndGuestInviters",
        "allowUserConsentForRiskyApps": False,
        "defaultUserRolePermissions": {
            **users,
            "allowedToCreateApps": False,
            "allowedToCreateTenants": False,
            "permissionGrantPoliciesAssigned": [
                "ManagePermissionGrantsForSelf.microsoft-user-default-low"
            ],
        },
    }
    for scope in ("openid", "profile", "email", "offline_access", "User.Read"):
        policies.classify(scope, "low")
    reviewer = scene.people["Grace Hopper"]
    policies.consent |= {
        "isEnabled": True,
        "notifyReviewers": True,
        "remindersEnabled": True,
        "requestDurationInDays": 14,
        "version": 3,
        "reviewers": [
            {"query": f"/users/{reviewer}", "queryType": "MicrosoftGraph", "queryRoot": None}
        ],
    }
    policies.grant_policy(
        "helpdesk-low",
        "Helpdesk may consent to low permissions",
        includes=(
            condition(
                scene.build.guid("condition", "helpdesk"),
                classed="low",
                clientApplicationsFromVerifiedPublisherOnly=True,
            ),
        ),
    )


def _tokens(scene: Scene) -> None:
    build, policies = scene.build, scene.policies
    policies.token_policy(
        "tokenLifetime",
        "Half an hour",
        '{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"0:30:00"}}',
        (build.application_named("Intranet Portal")["id"],),
    )
    policies.token_policy(
        "claimsMapping",
        "Travel Expenses claims",
        '{"ClaimsMappingPolicy":{"Version":1,"IncludeBasicClaimSet":"true"}}',
        (build.principal_id("Travel Expenses SAML"),),
    )


def _groups(scene: Scene) -> None:
    build, people, pim = scene.build, scene.people, scene.pim
    operators = (people["Edsger Dijkstra"], people["Donald Knuth"])
    group = build.group("Directory Operations", operators, for_roles=True)
    build.role(group, "Directory Readers")
    for person in operators:
        pim.member(group, person)
    pim.may_join(group, people["Barbara Liskov"])
    pim.activate(people["Katherine Johnson"], "Reports Reader", -0.1, 0.3)
