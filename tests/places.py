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
# Played all at once in test_end_to_end_activity.py, and in test_end_to_end.py with those below.
ACTIVITY_PATHS = {
    "conditional-access-policies": "/identity/conditionalAccess/policies",
    "named-locations": "/identity/conditionalAccess/namedLocations",
    "cross-tenant-partners": "/policies/crossTenantAccessPolicy/partners",
    "delegated-admin-relationships": "/tenantRelationships/delegatedAdminRelationships",
    "agent-identities": "/servicePrincipals/microsoft.graph.agentIdentity",
    "risky-service-principals": "/identityProtection/riskyServicePrincipals",
    "service-principal-risk-detections": "/identityProtection/servicePrincipalRiskDetections",
    "service-principal-sign-ins": "/reports/servicePrincipalSignInActivities",
    "credential-sign-ins": "/reports/appCredentialSignInActivities",
    "directory-audits": "/auditLogs/directoryAudits",
}
TARGETS = GRAPH_PATHS | CMDLETS

# Each fault is played on many of these in one run.
PIM_PATHS = {
    "role-assignment-schedules": "/roleManagement/directory/roleAssignmentScheduleInstances",
    "transitive-role-assignments": "/roleManagement/directory/transitiveRoleAssignments",
    "group-assignment-schedules": (
        "/identityGovernance/privilegedAccess/group/assignmentScheduleInstances"
    ),
    "group-eligibility-schedules": (
        "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
    ),
}
POLICY_PATHS = {
    "app-management-default-policy": "/policies/defaultAppManagementPolicy",
    "app-management-policies": "/policies/appManagementPolicies",
    "app-management-applies-to": "/policies/appManagementPolicies/*/appliesTo",
    "authorization-policy": "/policies/authorizationPolicy",
    "permission-grant-policies": "/policies/permissionGrantPolicies",
    "permission-grant-includes": "/policies/permissionGrantPolicies/*/includes",
    "permission-grant-excludes": "/policies/permissionGrantPolicies/*/excludes",
    "permission-classifications": "/servicePrincipals/*/delegatedPermissionClassifications",
    "admin-consent-policy": "/policies/adminConsentRequestPolicy",
    "token-lifetime-policies": "/policies/tokenLifetimePolicies",
    "token-lifetime-applies-to": "/policies/tokenLifetimePolicies/*/appliesTo",
    "claims-mapping-policies": "/policies/claimsMappingPolicies",
    "claims-mapping-applies-to": "/policies/claimsMappingPolicies/*/appliesTo",
    "token-issuance-policies": "/policies/tokenIssuancePolicies",
    "token-issuance-applies-to": "/policies/tokenIssuancePolicies/*/appliesTo",
}
