"""What both tenants' records have in common: sign-ins, uses of credentials, audit records."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from auditor.emulator import activity_shapes as shapes
from auditor.emulator.stories.common import Scene
from auditor.emulator.tenant import Json

# The service's own spelling: an en dash, and a blank at the end.
SECRETS_CHANGED = "Update application \u2013 Certificates and secrets management "
OFFICE = "203.0.113.24"


def exact(scene: Scene, days: float) -> str:
    """An instant as reports write it: with seven digits of fraction."""
    return f"{scene.build.at(days):%Y-%m-%dT%H:%M:%S}.1234567Z"


def add_sign_ins(scene: Scene, stated: Mapping[str, Json | None]) -> None:
    """Everybody signed in yesterday, but for those whose report is stated by display name."""
    for item in scene.build.principals:
        name = item["displayName"]
        report = stated.get(name)
        if item["appId"] is None or (name in stated and report is None):
            continue
        made = shapes.sign_ins(item["appId"], {"applicationAuthenticationClient": exact(scene, -1)})
        scene.further.add("sign_ins", {**made, **(report or {})})


def add_credential_uses(
    scene: Scene, last: Mapping[str, float], never: Collection[str] = ()
) -> None:
    """Every credential that is valid was used yesterday, but for those named otherwise.

    `last` tells days by a credential's display name; those in `never` have no entry.
    """
    build = scene.build
    principals = {item["appId"]: item["id"] for item in build.principals}
    for owner in (*build.applications, *build.principals):
        signing = {key["keyId"] for key in owner["keyCredentials"] if key["usage"] == "Sign"}
        secrets = [each for each in owner["passwordCredentials"] if each["keyId"] not in signing]
        for item in (*secrets, *owner["keyCredentials"]):
            name = item["displayName"]
            begun = item["startDateTime"] <= build.stamp(0) < item["endDateTime"]
            if name in never or not (begun or name in last) or owner["appId"] not in principals:
                continue
            used = exact(scene, last.get(name, -1))
            use = shapes.credential_use(item, owner, principals[owner["appId"]], used)
            scene.further.add("credential_sign_ins", use)


def record(
    scene: Scene,
    days: float,
    activity: str,
    category: str,
    who: Json,
    *targets: Json,
    service: str = "Core Directory",
) -> None:
    """Adds an audit record; stories state them newest first, as the service lists them."""
    number = len(scene.further.collections.get("audits", []))
    record_id = scene.build.guid("audit", f"{number}/{activity}")
    made = shapes.audit(record_id, activity, category, exact(scene, days), who, *targets)
    scene.further.add("audits", {**made, "loggedByService": service})


def record_secret(scene: Scene, days: float, who: Json, app: Json, before: int = 0) -> None:
    """An application got its last secret: the record itself and its two companions."""
    secrets = app["passwordCredentials"]
    old, new = secrets[:before], secrets
    described = shapes.changed(
        "KeyDescription", shapes.key_description(*old), shapes.key_description(*new)
    )
    named = shapes.changed("Included Updated Properties", None, "KeyDescription")
    target = shapes.target("Application", app["id"], app["displayName"], described, named)
    record(scene, days, SECRETS_CHANGED, "ApplicationManagement", who, target)
    bare = shapes.target("Application", app["id"], app["displayName"])
    record(scene, days, "Update application", "ApplicationManagement", who, bare)


def add_location(scene: Scene, name: str, *ranges: str, trusted: bool = True) -> str:
    """A named location of address ranges; returns its id."""
    location = scene.build.guid("location", name)
    kinds = {True: "#microsoft.graph.iPv6CidrRange", False: "#microsoft.graph.iPv4CidrRange"}
    scene.further.add(
        "named_locations",
        {
            "@odata.type": "#microsoft.graph.ipNamedLocation",
            "id": location,
            "displayName": name,
            "modifiedDateTime": scene.build.stamp(-60),
            "createdDateTime": scene.build.stamp(-300),
            "isTrusted": trusted,
            "ipRanges": [
                {"@odata.type": kinds[":" in each], "cidrAddress": each} for each in ranges
            ],
        },
    )
    return location


def add_policy(scene: Scene, name: str, conditions: Json, state: str = "enabled") -> str:
    """A Conditional Access policy that blocks; returns its id."""
    policy = scene.build.guid("policy", name)
    created = scene.build.stamp(-200)
    made = shapes.policy(policy, name, state, created, conditions)
    scene.further.add("conditional_access_policies", made)
    return policy


def add_policy_for_users(scene: Scene) -> None:
    """The policy every tenant has: second factor for people; it touches no workload."""
    add_policy(scene, "Require multifactor authentication for admins", {})
    made = scene.further.collections["conditional_access_policies"][-1]
    users = {**made["conditions"]["users"], "includeUsers": ["All"]}
    made["conditions"] = {**made["conditions"], "users": users}
    made["grantControls"] = {**made["grantControls"], "builtInControls": ["mfa"]}


def add_partner(scene: Scene, tenant: str, *, provider: bool) -> None:
    """An organization with cross-tenant access settings of its own."""
    scene.further.add(
        "partners",
        {
            "tenantId": scene.build.guid("tenant", tenant),
            "isServiceProvider": provider,
            "isInMultiTenantOrganization": False,
            "inboundTrust": None if provider else {"isMfaAccepted": True},
            "b2bCollaborationInbound": None,
            "b2bCollaborationOutbound": None,
            "b2bDirectConnectInbound": None,
            "b2bDirectConnectOutbound": None,
            "automaticUserConsentSettings": {"inboundAllowed": None, "outboundAllowed": None},
            "tenantRestrictions": None,
        },
    )


def add_agent(
    scene: Scene, name: str, blueprint: str, *, sponsors: tuple[str, ...] = (), **more: object
) -> str:
    """An agent identity of a blueprint, which is made with the first; returns its object id."""
    build = scene.build
    typed: Json = {"@odata.type": "#microsoft.graph.agentIdentityBlueprint"}
    blueprints = [item for item in build.applications if item["displayName"] == blueprint]
    if not blueprints:
        build.app(
            blueprint,
            owners=(scene.people["Donald Knuth"], scene.people["Edsger Dijkstra"]),
            **typed,
        )
        principal = next(each for each in build.principals if each["displayName"] == blueprint)
        principal["@odata.type"] = "#microsoft.graph.agentIdentityBlueprintPrincipal"
        blueprints = [build.application_named(blueprint)]
    agent = build.principal(
        name,
        kind="ServiceIdentity",
        **{
            "@odata.type": "#microsoft.graph.agentIdentity",
            "agentIdentityBlueprintId": blueprints[0]["appId"],
            "servicePrincipalNames": [],
            **more,
        },
    )
    scene.further.sponsors[agent] = sponsors
    return agent
