"""The role groups every Exchange Online organization begins with.

Source: Microsoft's pages on Exchange Online permissions and role groups.
"""

from __future__ import annotations

# Default role groups with their roles, nested groups and whether the directory manages them.
# {n} is a number of the tenant's own, {g} a GUID without dashes.
DEFAULT_GROUPS: tuple[tuple[str, tuple[str, ...], tuple[str, ...], bool], ...] = (
    (
        "Organization Management",
        (
            "Audit Logs",
            "Compliance Admin",
            "Data Loss Prevention",
            "Distribution Groups",
            "Federated Sharing",
            "Journaling",
            "Mail Recipient Creation",
            "Mail Recipients",
            "Message Tracking",
            "Migration",
            "Organization Client Access",
            "Organization Configuration",
            "Organization Transport Settings",
            "Recipient Policies",
            "Remote and Accepted Domains",
            "Reset Password",
            "Retention Management",
            "Role Management",
            "Security Admin",
            "Security Group Creation and Membership",
            "Transport Rules",
            "User Options",
            "View-Only Audit Logs",
            "View-Only Configuration",
            "View-Only Recipients",
        ),
        ("TenantAdmins_{n}", "ExchangeServiceAdmins_{n}"),
        False,
    ),
    (
        "View-Only Organization Management",
        ("View-Only Configuration", "View-Only Recipients"),
        ("HelpdeskAdmins_{n}", "GlobalReaders_{n}"),
        False,
    ),
    (
        "Recipient Management",
        (
            "Distribution Groups",
            "Mail Recipient Creation",
            "Mail Recipients",
            "Message Tracking",
            "Migration",
            "Move Mailboxes",
            "Recipient Policies",
            "Reset Password",
        ),
        ("RIM-MailboxAdmins{g}",),
        False,
    ),
    ("Help Desk", ("Reset Password", "User Options", "View-Only Recipients"), (), False),
    (
        "Hygiene Management",
        ("Transport Hygiene", "View-Only Configuration", "View-Only Recipients"),
        (),
        False,
    ),
    (
        "Records Management",
        ("Audit Logs", "Journaling", "Message Tracking", "Retention Management", "Transport Rules"),
        (),
        False,
    ),
    ("Discovery Management", ("Legal Hold", "Mailbox Search"), (), False),
    (
        "Compliance Management",
        (
            "Audit Logs",
            "Compliance Admin",
            "Data Loss Prevention",
            "Information Rights Management",
            "Journaling",
            "Retention Management",
            "View-Only Audit Logs",
        ),
        ("ComplianceAdmins_{n}",),
        False,
    ),
    ("Security Operator", ("Tenant AllowBlockList Manager",), (), False),
    ("Security Administrator", ("Security Admin",), (), True),
    ("Security Reader", ("Security Reader",), (), True),
    ("TenantAdmins_{n}", (), (), True),
    ("ExchangeServiceAdmins_{n}", (), (), True),
    ("HelpdeskAdmins_{n}", (), (), True),
    ("GlobalReaders_{n}", (), (), True),
    ("ComplianceAdmins_{n}", (), (), True),
    ("RIM-MailboxAdmins{g}", (), (), True),
)

MANAGED = (
    "Membership in this role group is synchronized across services and managed centrally. This "
    "role group is not manageable through Microsoft Exchange. Members of this role group may "
    "include cross-service administrators, as well as external partner groups and Microsoft "
    "Support. By default, this group may not be assigned any roles. However, it will be a member "
    "of the Organization Management role group and will inherit the rights of that role group."
)
DISPLAY = {
    "TenantAdmins_{n}": "Company Administrator",
    "ExchangeServiceAdmins_{n}": "Exchange Service Administrator",
    "HelpdeskAdmins_{n}": "Helpdesk Administrator",
    "GlobalReaders_{n}": "Global Reader",
    "ComplianceAdmins_{n}": "Compliance Administrator",
}
