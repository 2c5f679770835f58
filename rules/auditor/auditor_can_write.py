"""The auditor's own application can change something.

## What it does
Looks at the service principal that collected this snapshot. It fails when it holds an application
permission of Microsoft's APIs whose name does not say that it only reads, or a directory role other
than the readers' (Global Reader, Security Reader, Reports Reader, Directory Readers, Message Center
Reader); critical if one of them is rated tier 0. Exchange.ManageAsApp does nothing by itself: what
the auditor may do in Exchange is judged by exchange-app-only. A permission on an API that is not
Microsoft's, or whose name is not known, is unknown. If a person signed in to collect, there is no
such service principal and the rule is not applicable.

## Why it matters
An auditor reads the weak points of the whole tenant. Whoever takes its credential, or finds a fault
in it, must not be able to change anything with it. Reading needs no permission to write.

## How to fix
Remove the permissions and roles named here. `auditor access` tells what is needed.
Portal: Entra admin center > Enterprise apps > the auditor > Permissions; Roles and administrators.
Graph PowerShell: Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId ID
-AppRoleAssignmentId ASSIGNMENT.

## When it is fine
Never: use another application for what has to write.

## References
Catalogue: SELF-001
- https://learn.microsoft.com/entra/identity-platform/secure-least-privileged-access
- https://learn.microsoft.com/graph/permissions-reference
"""

from __future__ import annotations

from pandas import DataFrame, Series, concat

from auditor.rule import nist_800_53, rule

from .._shared import beside, gathered

_NOTHING = "00000000-0000-0000-0000-000000000000"  # assigned, without any permission
_READS = r"(?:^|[._-])(?:Read|ReadBasic|ReadAll|Export)(?:[._]|$)"
_MANAGE = r"^Exchange\.ManageAsApp(?:V2)?$"
_READERS = (
    "f2ef992c-3afb-46b9-b7cf-a126ee74c451",  # Global Reader
    "5d6b6bb7-de71-4623-b4af-96380a352509",  # Security Reader
    "4a5d8f65-41da-4de4-8968-e035b65339cf",  # Reports Reader
    "88d8e3e3-8f55-4a1e-953a-9b9898b8876b",  # Directory Readers
    "790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b",  # Message Center Reader
)


def _collector(service_principals: DataFrame) -> Series:
    return service_principals["auditor"]


@rule(
    id="auditor-can-write",
    severity="high",
    about="service_principals",
    where=_collector,
    passes_without=("grants", "workload_roles"),
    message="The auditor's own application, {name}, can change something: {held}.",
    fix="{assignments} -split ', ' | Where-Object {{ $_ -ne 'none' }} | ForEach-Object {{"
    " Remove-MgServicePrincipalAppRoleAssignment -ServicePrincipalId {id}"
    " -AppRoleAssignmentId $_ }}",
    controls=(nist_800_53("AC-6"),),
)
def auditor_can_write(
    service_principals: DataFrame, grants: DataFrame, workload_roles: DataFrame
) -> DataFrame:
    mine = service_principals.index
    granted = grants[grants["client"].isin(mine) & (grants["permission_id"] != _NOTHING)]
    name = granted["permission"].str
    reads = name.contains(_READS, regex=True) & ~name.contains("Write", regex=False)
    harmless = (reads | name.contains(_MANAGE, regex=True)).astype("boolean")
    strange = (granted["resource_publisher"] != "microsoft").fillna(True).astype(bool)
    untold = strange | granted["permission"].isna()
    bad = granted[~harmless.mask(untold, True).astype(bool)]
    roles = workload_roles[workload_roles["principal"].isin(mine)]
    template = roles["template_id"].str.lower()
    strong = roles[~template.isin(_READERS) & template.notna()]
    held = concat(
        [
            DataFrame({"row": bad["client"], "what": bad["permission"], "tier": bad["tier"]}),
            DataFrame(
                {
                    "row": strong["principal"],
                    "what": "role " + strong["role"].fillna(strong["template_id"]),
                    "tier": strong["tier"],
                }
            ),
        ]
    )
    rows = Series(mine, index=mine)
    unsure = mine.isin([*granted["client"][untold], *roles["principal"][template.isna()]])
    worst = held["row"][(held["tier"] == 0).fillna(False).astype(bool)]
    blank = Series(None, index=mine, dtype=object)
    found = service_principals.assign(
        held=beside(rows, gathered(held["row"], held["what"])),
        assignments=beside(rows, gathered(bad["client"], bad["id"])),
        severity=Series("high", index=mine).mask(mine.isin(worst), "critical"),
        unknown=blank.mask(
            unsure & ~mine.isin(held["row"]),
            "what one of its permissions or roles allows is not known",
        ),
    )
    return found[mine.isin(held["row"]) | unsure]
