"""Which of the SDK's request builders stands for which path of Graph v1.0.

Paths of the beta API are not here: the SDK for v1.0 has no builders for them, and the one for beta
takes 676 MB (reference, section 5.3); `GraphUrls` writes those itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from msgraph.graph_service_client import GraphServiceClient

Builder = Callable[["GraphServiceClient", str], Any]

DIRECTORY: Mapping[str, Builder] = {
    "/organization": lambda g, _: g.organization,
    "/applications": lambda g, _: g.applications,
    "/applications/$count": lambda g, _: g.applications.count,
    "/applications/{id}": lambda g, i: g.applications.by_application_id(i),
    "/applications/{id}/owners": lambda g, i: g.applications.by_application_id(i).owners,
    "/applications/{id}/federatedIdentityCredentials": lambda g, i: (
        g.applications.by_application_id(i).federated_identity_credentials
    ),
    "/servicePrincipals": lambda g, _: g.service_principals,
    "/servicePrincipals/$count": lambda g, _: g.service_principals.count,
    "/servicePrincipals/{id}": lambda g, i: g.service_principals.by_service_principal_id(i),
    "/servicePrincipals/{id}/owners": lambda g, i: (
        g.service_principals.by_service_principal_id(i).owners
    ),
    "/servicePrincipals/{id}/appRoleAssignments": lambda g, i: (
        g.service_principals.by_service_principal_id(i).app_role_assignments
    ),
    "/servicePrincipals/{id}/appRoleAssignedTo": lambda g, i: (
        g.service_principals.by_service_principal_id(i).app_role_assigned_to
    ),
    "/servicePrincipals/{id}/appRoleAssignedTo/$count": lambda g, i: (
        g.service_principals.by_service_principal_id(i).app_role_assigned_to.count
    ),
    "/oauth2PermissionGrants": lambda g, _: g.oauth2_permission_grants,
    "/oauth2PermissionGrants/$count": lambda g, _: g.oauth2_permission_grants.count,
    "/roleManagement/directory/roleDefinitions": lambda g, _: (
        g.role_management.directory.role_definitions
    ),
    "/roleManagement/directory/roleAssignments": lambda g, _: (
        g.role_management.directory.role_assignments
    ),
    "/roleManagement/directory/roleEligibilityScheduleInstances": lambda g, _: (
        g.role_management.directory.role_eligibility_schedule_instances
    ),
    "/directoryRoles": lambda g, _: g.directory_roles,
    "/directoryObjects/{id}": lambda g, i: g.directory_objects.by_directory_object_id(i),
    "/directoryObjects/getByIds": lambda g, _: g.directory_objects.get_by_ids,
    "/groups/{id}/transitiveMembers": lambda g, i: g.groups.by_group_id(i).transitive_members,
    "/groups/{id}/transitiveMembers/$count": lambda g, i: (
        g.groups.by_group_id(i).transitive_members.count
    ),
    "/groups/{id}/transitiveMembers/microsoft.graph.servicePrincipal": lambda g, i: (
        g.groups.by_group_id(i).transitive_members.graph_service_principal
    ),
    "/groups/{id}/transitiveMembers/microsoft.graph.servicePrincipal/$count": lambda g, i: (
        g.groups.by_group_id(i).transitive_members.graph_service_principal.count
    ),
    "/directory/deletedItems/microsoft.graph.application": lambda g, _: (
        g.directory.deleted_items.graph_application
    ),
    "/directory/deletedItems/microsoft.graph.application/$count": lambda g, _: (
        g.directory.deleted_items.graph_application.count
    ),
}

PIM: Mapping[str, Builder] = {
    "/roleManagement/directory/roleAssignmentScheduleInstances": lambda g, _: (
        g.role_management.directory.role_assignment_schedule_instances
    ),
    "/identityGovernance/privilegedAccess/group/assignmentScheduleInstances": lambda g, _: (
        g.identity_governance.privileged_access.group.assignment_schedule_instances
    ),
    "/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances": lambda g, _: (
        g.identity_governance.privileged_access.group.eligibility_schedule_instances
    ),
}

POLICIES: Mapping[str, Builder] = {
    "/policies/defaultAppManagementPolicy": lambda g, _: g.policies.default_app_management_policy,
    "/policies/appManagementPolicies": lambda g, _: g.policies.app_management_policies,
    "/policies/appManagementPolicies/{id}/appliesTo": lambda g, i: (
        g.policies.app_management_policies.by_app_management_policy_id(i).applies_to
    ),
    "/policies/authorizationPolicy": lambda g, _: g.policies.authorization_policy,
    "/policies/permissionGrantPolicies": lambda g, _: g.policies.permission_grant_policies,
    "/policies/permissionGrantPolicies/{id}/includes": lambda g, i: (
        g.policies.permission_grant_policies.by_permission_grant_policy_id(i).includes
    ),
    "/policies/permissionGrantPolicies/{id}/excludes": lambda g, i: (
        g.policies.permission_grant_policies.by_permission_grant_policy_id(i).excludes
    ),
    "/servicePrincipals/{id}/delegatedPermissionClassifications": lambda g, i: (
        g.service_principals.by_service_principal_id(i).delegated_permission_classifications
    ),
    "/policies/adminConsentRequestPolicy": lambda g, _: g.policies.admin_consent_request_policy,
    "/policies/tokenLifetimePolicies": lambda g, _: g.policies.token_lifetime_policies,
    "/policies/tokenLifetimePolicies/{id}/appliesTo": lambda g, i: (
        g.policies.token_lifetime_policies.by_token_lifetime_policy_id(i).applies_to
    ),
    "/policies/claimsMappingPolicies": lambda g, _: g.policies.claims_mapping_policies,
    "/policies/claimsMappingPolicies/{id}/appliesTo": lambda g, i: (
        g.policies.claims_mapping_policies.by_claims_mapping_policy_id(i).applies_to
    ),
    "/policies/tokenIssuancePolicies": lambda g, _: g.policies.token_issuance_policies,
    "/policies/tokenIssuancePolicies/{id}/appliesTo": lambda g, i: (
        g.policies.token_issuance_policies.by_token_issuance_policy_id(i).applies_to
    ),
}

ACCESS: Mapping[str, Builder] = {
    "/identity/conditionalAccess/namedLocations": lambda g, _: (
        g.identity.conditional_access.named_locations
    ),
    "/policies/crossTenantAccessPolicy/partners": lambda g, _: (
        g.policies.cross_tenant_access_policy.partners
    ),
    "/tenantRelationships/delegatedAdminRelationships": lambda g, _: (
        g.tenant_relationships.delegated_admin_relationships
    ),
}

ACTIVITY: Mapping[str, Builder] = {
    "/identityProtection/riskyServicePrincipals": lambda g, _: (
        g.identity_protection.risky_service_principals
    ),
    "/identityProtection/servicePrincipalRiskDetections": lambda g, _: (
        g.identity_protection.service_principal_risk_detections
    ),
    "/auditLogs/directoryAudits": lambda g, _: g.audit_logs.directory_audits,
}

BUILDERS: Mapping[str, Builder] = {**DIRECTORY, **PIM, **POLICIES, **ACCESS, **ACTIVITY}
