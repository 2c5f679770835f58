"""A tenant's policies: app management, authorization, consent and tokens.

Shapes and default values: the v1.0 metadata and Graph's pages on each policy. A tenant that nobody
has touched restricts no credential, lets users register applications and consent to what Microsoft
recommends, and has no workflow for administrators' consent.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from auditor.emulator import facts
from auditor.emulator.builder import TenantBuilder
from auditor.emulator.tenant import Json

PASSWORDS = (
    "passwordAddition",
    "passwordLifetime",
    "symmetricKeyAddition",
    "symmetricKeyLifetime",
    "customPasswordAddition",
)
_GUEST = "10dae51f-b6af-4016-8d66-8c2a99b929b3"
_BUILT_IN = (
    ("microsoft-user-default-low", "Default User Low Risk Policy", "low", True),
    ("microsoft-user-default-legacy", "Default User Legacy Policy", "all", False),
)


def restriction(
    kind: str,
    *,
    lifetime: str | None = None,
    since: str | None = None,
    state: str = "enabled",
    exempt: Json | None = None,
) -> Json:
    """One restriction of passwords or keys; `exempt` is excludeActors."""
    return {
        "restrictionType": kind,
        "state": state,
        "maxLifetime": lifetime,
        "restrictForAppsCreatedAfterDateTime": since,
        "excludeActors": exempt,
    }


def restrictions(*each: Json, uris: Json | None = None) -> Json:
    """A set of restrictions, sorted into those of passwords and those of keys."""
    made: Json = {
        "passwordCredentials": [item for item in each if item["restrictionType"] in PASSWORDS],
        "keyCredentials": [item for item in each if item["restrictionType"] not in PASSWORDS],
    }
    return made if uris is None else {**made, "identifierUris": uris}


def condition(key: str, *, kind: str = "delegated", classed: str = "all", **more: object) -> Json:
    """A condition set of a consent policy; everything matches that is not narrowed."""
    return {
        "id": key,
        "permissionClassification": classed,
        "permissionType": kind,
        "resourceApplication": "any",
        "permissions": ["all"],
        "clientApplicationIds": ["all"],
        "clientApplicationTenantIds": ["all"],
        "clientApplicationPublisherIds": ["all"],
        "clientApplicationsFromVerifiedPublisherOnly": False,
        **more,
    }


@dataclass
class PolicyBuilder:
    """Collects the policies of a story on top of the defaults of a new tenant."""

    build: TenantBuilder
    default: Json = field(default_factory=dict)
    authorization: Json = field(default_factory=dict)
    consent: Json = field(default_factory=dict)
    app_policies: list[Json] = field(default_factory=list)
    grant_policies: list[Json] = field(default_factory=list)
    tokens: dict[str, list[Json]] = field(default_factory=dict)
    targets: dict[str, list[str]] = field(default_factory=dict)
    classified: dict[str, list[Json]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tokens |= {kind: [] for kind in ("tokenLifetime", "claimsMapping", "tokenIssuance")}
        self.default |= {
            "id": "00000000-0000-0000-0000-000000000000",
            "deletedDateTime": None,
            "displayName": "Default app management tenant policy",
            "description": "Default tenant policy that enforces app management restrictions.",
            "isEnabled": False,
            "applicationRestrictions": restrictions(uris=self._uris()),
            "servicePrincipalRestrictions": restrictions(),
        }
        self.authorization |= {
            "id": "authorizationPolicy",
            "allowInvitesFrom": "everyone",
            "allowedToSignUpEmailBasedSubscriptions": True,
            "allowedToUseSSPR": True,
            "allowEmailVerifiedUsersToJoinOrganization": False,
            "allowUserConsentForRiskyApps": None,
            "blockMsolPowerShell": False,
            "deletedDateTime": None,
            "displayName": "Authorization Policy",
            "description": "Used to manage authorization related settings across the company.",
            "guestUserRoleId": _GUEST,
            "defaultUserRolePermissions": {
                "allowedToCreateApps": True,
                "allowedToCreateSecurityGroups": True,
                "allowedToCreateTenants": True,
                "allowedToReadBitlockerKeysForOwnedDevice": True,
                "allowedToReadOtherUsers": True,
                "permissionGrantPoliciesAssigned": [
                    "ManagePermissionGrantsForSelf.microsoft-user-default-legacy"
                ],
            },
        }
        self.consent |= {
            "isEnabled": False,
            "notifyReviewers": False,
            "remindersEnabled": False,
            "requestDurationInDays": 0,
            "version": 0,
            "reviewers": [],
        }
        for id_, name, classed, verified in _BUILT_IN:
            allowed = condition(
                self.build.guid("condition", id_),
                kind="delegatedUserConsentable",
                classed=classed,
                clientApplicationsFromVerifiedPublisherOnly=verified,
            )
            self.grant_policy(id_, name, includes=(allowed,))
        every = [
            condition(self.build.guid("condition", f"admin {kind}"), kind=kind)
            for kind in ("application", "delegated")
        ]
        self.grant_policy("microsoft-company-admin", "Company Admin Policy", includes=tuple(every))

    def app_policy(
        self, name: str, rules: Json, targets: tuple[str, ...], *, enabled: bool = True
    ) -> None:
        """A custom app management policy and the objects it is put on."""
        item: Json = {
            "id": self.build.guid("apppolicy", name),
            "deletedDateTime": None,
            "displayName": name,
            "description": None,
            "isEnabled": enabled,
            "restrictions": rules,
        }
        self.app_policies.append(item)
        self.targets[item["id"]] = list(targets)

    def grant_policy(
        self, id_: str, name: str, includes: tuple[Json, ...], excludes: tuple[Json, ...] = ()
    ) -> None:
        """A consent policy; its condition sets come with it."""
        self.grant_policies.append(
            {
                "id": id_,
                "deletedDateTime": None,
                "displayName": name,
                "description": name,
                "includes": list(includes),
                "excludes": list(excludes),
            }
        )

    def classify(self, scope: str, level: str, *, resource: str = "Graph") -> None:
        """Calls a delegated permission low, medium or high."""
        permission = facts.scope_id(facts.RESOURCES[resource], scope)
        principal = self.build.resource_ids[facts.RESOURCES[resource]]
        self.classified.setdefault(principal, []).append(
            {
                "id": self.build.guid("classification", f"{resource}/{scope}"),
                "permissionId": permission,
                "permissionName": scope,
                "classification": level,
            }
        )

    def token_policy(
        self,
        kind: str,
        name: str,
        definition: str,
        targets: tuple[str, ...],
        *,
        default: bool = False,
    ) -> None:
        """A tokenLifetime, claimsMapping or tokenIssuance policy and what it is put on."""
        item: Json = {
            "id": self.build.guid(kind, name),
            "deletedDateTime": None,
            "definition": [definition],
            "displayName": name,
            "isOrganizationDefault": default,
        }
        self.tokens[kind].append(item)
        self.targets[item["id"]] = list(targets)

    def collections(self) -> dict[str, tuple[Json, ...]]:
        """The collections of the tenant, by name."""
        return {
            "default_app_policy": (self.default,),
            "app_policies": tuple(self.app_policies),
            "authorization_policy": (self.authorization,),
            "permission_grant_policies": tuple(self.grant_policies),
            "admin_consent_policy": (self.consent,),
            **{f"{kind}Policies": tuple(items) for kind, items in self.tokens.items()},
        }

    def relations(self, objects: dict[str, tuple[str, Json]]) -> dict[str, dict[str, list[Json]]]:
        """What the policies are put on, and how permissions are classified."""
        return {
            "appliesTo": {
                policy: [objects[id_][1] for id_ in ids] for policy, ids in self.targets.items()
            },
            "delegatedPermissionClassifications": self.classified,
        }

    def _uris(self) -> Json:
        off: Json = {
            "state": "disabled",
            "isStateSetByMicrosoft": True,
            "restrictForAppsCreatedAfterDateTime": None,
            "excludeAppsReceivingV2Tokens": True,
            "excludeSaml": True,
            "excludeActors": None,
        }
        return {"nonDefaultUriAddition": off, "uriAdditionWithoutUniqueTenantIdentifier": off}
