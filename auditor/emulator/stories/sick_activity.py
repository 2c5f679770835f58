"""Contoso's Conditional Access, risk, sign-ins and audit records, its partners and agents."""

from __future__ import annotations

from auditor.emulator import activity_shapes as shapes
from auditor.emulator.facts import role_id
from auditor.emulator.stories import activity
from auditor.emulator.stories.activity import exact, record, record_secret
from auditor.emulator.stories.common import Scene
from auditor.emulator.tenant import Json

ELSEWHERE = "198.51.100.77"


def fill_activity(scene: Scene) -> None:
    """Everything about what applications do and what was done to them."""
    _rotation(scene)
    _agents(scene)
    _conditional_access(scene)
    _risk(scene)
    _sign_ins(scene)
    _audits(scene)
    _partners(scene)


def _principal(scene: Scene, name: str) -> Json:
    return next(item for item in scene.build.principals if item["displayName"] == name)


def _rotation(scene: Scene) -> None:
    """An application that got a new secret and goes on with the old one."""
    build = scene.build
    old = build.secret("courier, until spring", -160, 15)
    new = build.secret("courier, from summer", -20, 155)
    build.app("Rotated Courier", credentials=old + new, owners=(scene.people["Donald Knuth"],))


def _agents(scene: Scene) -> None:
    build = scene.build
    sponsor = (scene.people["Barbara Liskov"],)
    agent = activity.add_agent(scene, "Expense Agent", "Agent Workshop", sponsors=sponsor)
    build.grant(agent, "Graph/Mail.ReadWrite")
    # The service does not promise an appId for an agent identity.
    activity.add_agent(scene, "Forgotten Agent", "Agent Workshop", appId=None)


def _conditional_access(scene: Scene) -> None:
    activity.add_policy_for_users(scene)
    office = activity.add_location(scene, "Offices", "203.0.113.0/24", "2001:db8:40::/48")
    activity.add_location(scene, "Anywhere", "0.0.0.0/1", "128.0.0.0/1", trusted=False)
    places = {"includeLocations": ["All"], "excludeLocations": [office]}
    activity.add_policy(
        scene,
        "Workloads only from the offices",
        {
            "clientApplications": shapes.workloads(
                "ServicePrincipalsInMyTenant",
                exclude=(scene.build.principal_id("Break Glass Automation"),),
            ),
            "locations": places,
        },
        state="enabledForReportingButNotEnforced",
    )
    activity.add_policy(
        scene,
        "Block risky workloads",
        {
            "clientApplications": shapes.workloads("ServicePrincipalsInMyTenant"),
            "servicePrincipalRiskLevels": ["high"],
        },
        state="disabled",
    )
    activity.add_policy(
        scene,
        "Payroll only from the offices",
        {
            "clientApplications": shapes.workloads(scene.build.principal_id("Payroll Sync")),
            "locations": places,
        },
    )


def _risk(scene: Scene) -> None:
    leaked = scene.build.application_named("Payroll Sync")["passwordCredentials"][0]["keyId"]
    cases = (
        ("Payroll Sync", "high", "atRisk", "leakedCredentials", (leaked,)),
        ("Ticket Bridge", "medium", "dismissed", "suspiciousSignins", ()),
    )
    for name, level, state, event, keys in cases:
        item, detected = _principal(scene, name), exact(scene, -5)
        changed = exact(scene, -4)
        scene.further.add("risky", shapes.risky(item, level, state, changed))
        detection = scene.build.guid("detection", name)
        address = None if keys else ELSEWHERE
        made = shapes.detection(detection, item, level, state, event, detected, address, *keys)
        scene.further.add("risk_detections", {**made, "lastUpdatedDateTime": changed})


def _sign_ins(scene: Scene) -> None:
    def last(name: str, **kinds: str) -> Json:
        return shapes.sign_ins(_principal(scene, name)["appId"], kinds)

    odd = f"{scene.build.at(-130):%Y-%m-%dT%H:%M:%S}-8:00"  # as the documentation's example has it
    activity.add_sign_ins(
        scene,
        {
            "Orphan Admin": last(
                "Orphan Admin", applicationAuthenticationClient=exact(scene, -210)
            ),
            "Fleet Tracker": last("Fleet Tracker", delegatedClient=odd),
            "Mail Insights": last(
                "Mail Insights",
                delegatedClient=exact(scene, -2),
                applicationAuthenticationClient=exact(scene, -180),
            ),
            "Silent Reader": {"lastSignInActivity": None},
            "Forever Portal": None,
            "Forgotten Agent": None,
        },
    )
    activity.add_credential_uses(
        scene,
        {"courier, until spring": -1, "newsletter": -5, "ticket-bridge": -45},
        never=("courier, from summer", "two years", "forever", "orphan-admin"),
    )


def _audits(scene: Scene) -> None:
    build, people = scene.build, scene.people
    users = {item["displayName"]: item for item in build.users}
    ada = shapes.by_user(users["Ada Lovelace"], activity.OFFICE)
    lea = shapes.by_user(users["Lea Leaver"], ELSEWHERE)
    robot = shapes.by_app(_principal(scene, "Consent Robot"))
    graph = _principal(scene, "Microsoft Graph")
    management, roles = "ApplicationManagement", "RoleManagement"
    changed, target = shapes.changed, shapes.target
    record(
        scene,
        -2,
        "Add app role assignment to service principal",
        management,
        robot,
        target(
            "ServicePrincipal",
            graph["id"],
            "Microsoft Graph",
            changed("AppRole.Value", None, "RoleManagement.ReadWrite.Directory"),
            changed("ServicePrincipal.ObjectID", None, build.principal_id("Orphan Admin")),
            changed("TargetId.ServicePrincipalNames", None, graph["appId"]),
        ),
        target("ServicePrincipal", build.principal_id("Orphan Admin"), "Orphan Admin"),
    )
    held = next(
        item
        for item in build.principals
        if item["passwordCredentials"] and item["preferredSingleSignOnMode"] != "saml"
    )
    record(
        scene,
        -3,
        "Add service principal credentials",
        management,
        lea,
        target(
            "ServicePrincipal",
            held["id"],
            held["displayName"],
            changed("KeyDescription", [], shapes.key_description(*held["passwordCredentials"])),
            changed("TargetId.ServicePrincipalNames", None, held["appId"]),
        ),
    )
    record_secret(scene, -20, ada, build.application_named("Rotated Courier"), before=1)
    record_secret(scene, -21, lea, build.application_named("Payroll Sync"))
    insights = _principal(scene, "Mail Insights")
    record(
        scene,
        -22,
        "Consent to application",
        management,
        ada,
        target(
            "ServicePrincipal",
            insights["id"],
            "Mail Insights",
            changed("ConsentContext.IsAdminConsent", None, "True"),
            changed("ConsentContext.OnBehalfOfAll", None, "True"),
        ),
    )
    record(
        scene,
        -22,
        "Add delegated permission grant",
        management,
        ada,
        target(
            "ServicePrincipal",
            graph["id"],
            "Microsoft Graph",
            changed("DelegatedPermissionGrant.Scope", None, " Mail.Read offline_access"),
            changed("ServicePrincipal.ObjectID", None, insights["id"]),
        ),
    )
    factory = build.application_named("App Factory")
    record(
        scene,
        -24,
        "Add owner to application",
        management,
        ada,
        target(
            "User",
            people["Gil Guest"],
            "Gil Guest",
            changed("Application.ObjectID", None, factory["id"]),
            changed("Application.DisplayName", None, "App Factory"),
        ),
        target("Application", factory["id"], "App Factory"),
    )
    record(
        scene,
        -25,
        "Add member to role",
        roles,
        ada,
        target(
            "ServicePrincipal",
            build.principal_id("Break Glass Automation"),
            "Break Glass Automation",
            changed("Role.TemplateId", None, role_id("Global Administrator")),
            changed("Role.DisplayName", None, "Global Administrator"),
        ),
    )
    record(scene, -26, "Update policy", "Policy", ada, target("Policy", "policy", "Block risky"))
    record(scene, -27, "Reset user password", "UserManagement", ada, target("User", "user", "Tony"))
    record(scene, -28, "Add member to group", "GroupManagement", ada, service="Self-service Group")
    record(scene, -40, "Add application", management, ada, target("Application", "old", "Old"))


def _partners(scene: Scene) -> None:
    activity.add_partner(scene, "Northwind Cloud Services", provider=True)
    activity.add_partner(scene, "Woodgrove", provider=False)
    # Contoso is a partner itself, for one customer.
    scene.further.partner = "breadthPartnerDelegatedAdmin"
    build = scene.build
    scene.further.add(
        "relationships",
        {
            "id": f"{build.guid('relationship', 'customer')}-{build.guid('customer', 'Tailspin')}",
            "displayName": "Tailspin: user and role administration",
            "status": "active",
            "duration": "P730D",
            "autoExtendDuration": "P180D",
            "createdDateTime": build.stamp(-400),
            "activatedDateTime": build.stamp(-399),
            "lastModifiedDateTime": build.stamp(-399),
            "endDateTime": build.stamp(331),
            "customer": {
                "tenantId": build.guid("tenant", "Tailspin"),
                "displayName": "Tailspin Toys",
            },
            "accessDetails": {
                "unifiedRoles": [
                    {"roleDefinitionId": role_id("User Administrator")},
                    {"roleDefinitionId": role_id("Privileged Role Administrator")},
                ]
            },
        },
    )
