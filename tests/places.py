"""Where each dataset is asked, as the emulator's faults name places."""

GRAPH_PATHS = {
    "organization": "/organization",
    "applications": "/applications",
    "application-owners": "/applications/*/owners",
    "service-principals": "/servicePrincipals",
    "service-principal-owners": "/servicePrincipals/*/owners",
    "certificate-bytes": "/applications/*",
    "app-role-assignments": "/servicePrincipals/*/appRoleAssignedTo",
    "delegated-grants": "/oauth2PermissionGrants",
    "role-definitions": "/roleManagement/directory/roleDefinitions",
    "role-assignments": "/roleManagement/directory/roleAssignments",
    "role-eligibility": "/roleManagement/directory/roleEligibilityScheduleInstances",
    "directory-roles": "/directoryRoles",
    "referenced-principals": "/directoryObjects/getByIds",
    "group-members": "/groups/*/transitiveMembers",
    "group-service-principals": "/groups/*/transitiveMembers/microsoft.graph.servicePrincipal",
    "deleted-applications": "/directory/deletedItems/microsoft.graph.application",
}
CMDLETS = {
    "exchange-role-groups": "Get-RoleGroup",
    "exchange-partner-role-groups": "Get-RoleGroup+ShowPartnerLinked",
    "exchange-role-group-members": "Get-RoleGroupMember",
    "exchange-service-principals": "Get-ServicePrincipal",
    "exchange-role-assignments": "Get-ManagementRoleAssignment",
    "exchange-access-policies": "Get-ApplicationAccessPolicy",
    "exchange-management-scopes": "Get-ManagementScope",
    "exchange-management-roles": "Get-ManagementRole",
    "exchange-organization-config": "Get-OrganizationConfig",
}
TARGETS = GRAPH_PATHS | CMDLETS
