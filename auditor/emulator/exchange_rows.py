"""What each Exchange cmdlet returns for its parameters."""

from __future__ import annotations

from collections.abc import Callable

from auditor.emulator.tenant import ExchangeOrg, Json
from auditor.emulator.web import Refusal

Rows = tuple[list[Json], tuple[str, ...]]

# The annotation beside a property, in the two spellings the service is seen using.
_ANNOTATIONS = {
    "Guid": ("@odata.type", "#Guid"),
    "ExchangeObjectId": ("@odata.type", "#Guid"),
    "WhenCreatedUTC": ("@odata.type", "#DateTimeOffset"),
    "WhenChangedUTC": ("@data.type", "#System.DateTime"),
    "RoleGroupType": ("@data.type", "#Exchange.RoleGroupType"),
}


def annotate(row: Json) -> Json:
    """A row with the type annotations of the wire format."""
    made: Json = {}
    for name, value in row.items():
        suffix, kind = _ANNOTATIONS.get(name, ("", ""))
        if isinstance(value, list):
            suffix, kind = "@data.type", "#Collection(String)"
        if kind:
            made[name + suffix] = kind
        made[name] = value
    return made


def _role_groups(org: ExchangeOrg, parameters: Json) -> Rows:
    linked = parameters.get("ShowPartnerLinked") is True
    shown = [row for row in org.role_groups if linked or row["RoleGroupType"] != "PartnerLinked"]
    return _identified(shown, parameters.get("Identity"), strict=False), ()


def _members(org: ExchangeOrg, parameters: Json) -> Rows:
    # As documented for this cmdlet: an Identity that is null or not found is no error,
    # it returns the members of every role group.
    groups = _identified(list(org.role_groups), parameters["Identity"], strict=False)
    return [row for group in groups for row in org.members[group["Name"]]], ()


def _service_principals(org: ExchangeOrg, parameters: Json) -> Rows:
    return _identified(list(org.service_principals), parameters.get("Identity"), strict=True), ()


def _assignments(org: ExchangeOrg, parameters: Json) -> Rows:
    rows = _identified(list(org.assignments), parameters.get("Identity"), strict=True)
    for name, key in _ASSIGNMENT_FILTERS.items():
        wanted = parameters.get(name)
        if wanted is not None:
            rows = [row for row in rows if str(row[key]).casefold() == str(wanted).casefold()]
    return rows, ()


def _policies(org: ExchangeOrg, parameters: Json) -> Rows:
    warnings = ("Application access policies are replaced by Role Based Access Control.",)
    return _identified(list(org.policies), parameters.get("Identity"), strict=True), warnings


def _scopes(org: ExchangeOrg, parameters: Json) -> Rows:
    return _identified(list(org.scopes), parameters.get("Identity"), strict=True), ()


def _roles(org: ExchangeOrg, parameters: Json) -> Rows:
    rows = _identified(list(org.roles), parameters.get("Identity"), strict=True)
    wanted = parameters.get("RoleType")
    return [row for row in rows if wanted in (None, row["RoleType"])], ()


def _organization(org: ExchangeOrg, parameters: Json) -> Rows:
    return list(org.organization), ()


def _identified(rows: list[Json], identity: object, *, strict: bool) -> list[Json]:
    """The row an Identity names; if none, all of them or (strict) the cmdlet's error."""
    if identity in (None, ""):
        return rows
    wanted = str(identity).casefold()
    found = [
        row
        for row in rows
        if any(str(row.get(name, "")).casefold() == wanted for name in _IDENTITIES)
    ]
    if found or not strict:
        return found or rows
    raise Refusal(
        400,
        "ManagementObjectNotFoundException",
        f"The operation couldn't be performed because object '{identity}' couldn't be found.",
    )


_IDENTITIES = (
    "Name",
    "Guid",
    "Identity",
    "Id",
    "DistinguishedName",
    "DisplayName",
    "AppId",
    "ObjectId",
)
_ASSIGNMENT_FILTERS = {
    "Role": "Role",
    "RoleAssignee": "RoleAssigneeName",
    "RoleAssigneeType": "RoleAssigneeType",
    "AssignmentMethod": "AssignmentMethod",
    "Enabled": "Enabled",
}
CMDLET_ROWS: dict[str, Callable[[ExchangeOrg, Json], Rows]] = {
    "Get-RoleGroup": _role_groups,
    "Get-RoleGroupMember": _members,
    "Get-ServicePrincipal": _service_principals,
    "Get-ManagementRoleAssignment": _assignments,
    "Get-ApplicationAccessPolicy": _policies,
    "Get-ManagementScope": _scopes,
    "Get-ManagementRole": _roles,
    "Get-OrganizationConfig": _organization,
}
