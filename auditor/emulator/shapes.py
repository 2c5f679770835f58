"""Directory objects with every property Graph v1.0 returns by default, and its empty values."""

from __future__ import annotations

from auditor.emulator import facts
from auditor.emulator.tenant import Json

_INFO: Json = {
    "logoUrl": None,
    "marketingUrl": None,
    "privacyStatementUrl": None,
    "supportUrl": None,
    "termsOfServiceUrl": None,
}
_NO_PUBLISHER: Json = {"displayName": None, "verifiedPublisherId": None, "addedDateTime": None}


def application(object_id: str, app_id: str, name: str, domain: str, created: str) -> Json:
    """An application as `GET /applications` shows it."""
    return {
        "id": object_id,
        "deletedDateTime": None,
        "appId": app_id,
        "applicationTemplateId": None,
        "disabledByMicrosoftStatus": None,
        "createdByAppId": None,
        "createdDateTime": created,
        "displayName": name,
        "description": None,
        "groupMembershipClaims": None,
        "identifierUris": [],
        "isDeviceOnlyAuthSupported": None,
        "isDisabled": None,
        "isFallbackPublicClient": None,
        "nativeAuthenticationApisEnabled": None,
        "notes": None,
        "publisherDomain": domain,
        "serviceManagementReference": None,
        "signInAudience": "AzureADMyOrg",
        "tags": [],
        "tokenEncryptionKeyId": None,
        "uniqueName": None,
        "samlMetadataUrl": None,
        "defaultRedirectUri": None,
        "certification": None,
        "optionalClaims": None,
        "servicePrincipalLockConfiguration": {
            "isEnabled": True,
            "allProperties": True,
            "credentialsWithUsageVerify": True,
            "credentialsWithUsageSign": True,
            "tokenEncryptionKeyId": True,
        },
        "requestSignatureVerification": None,
        "addIns": [],
        "api": {
            "acceptMappedClaims": None,
            "knownClientApplications": [],
            "requestedAccessTokenVersion": 2,
            "oauth2PermissionScopes": [],
            "preAuthorizedApplications": [],
        },
        "appRoles": [],
        "info": _INFO,
        "keyCredentials": [],
        "parentalControlSettings": {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"},
        "passwordCredentials": [],
        "publicClient": {"redirectUris": []},
        "requiredResourceAccess": [],
        "verifiedPublisher": _NO_PUBLISHER,
        "web": {
            "homePageUrl": None,
            "logoutUrl": None,
            "redirectUris": [],
            "implicitGrantSettings": {
                "enableAccessTokenIssuance": False,
                "enableIdTokenIssuance": False,
            },
            "redirectUriSettings": [],
        },
        "spa": {"redirectUris": []},
    }


def service_principal(
    object_id: str, app_id: str, name: str, owner_tenant: str | None, created: str
) -> Json:
    """A service principal as `GET /servicePrincipals` shows it."""
    return {
        "id": object_id,
        "deletedDateTime": None,
        "accountEnabled": True,
        "alternativeNames": [],
        "appDisplayName": name,
        "appDescription": None,
        "appId": app_id,
        "applicationTemplateId": None,
        "appOwnerOrganizationId": owner_tenant,
        "appRoleAssignmentRequired": False,
        "createdByAppId": None,
        "createdDateTime": created,
        "description": None,
        "disabledByMicrosoftStatus": None,
        "displayName": name,
        "homepage": None,
        "isDisabled": None,
        "loginUrl": None,
        "logoutUrl": None,
        "notes": None,
        "notificationEmailAddresses": [],
        "preferredSingleSignOnMode": None,
        "preferredTokenSigningKeyThumbprint": None,
        "replyUrls": [],
        "servicePrincipalNames": [app_id],
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMyOrg",
        "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
        "tokenEncryptionKeyId": None,
        "samlSingleSignOnSettings": None,
        "addIns": [],
        "appRoles": [],
        "info": _INFO,
        "keyCredentials": [],
        "oauth2PermissionScopes": [],
        "passwordCredentials": [],
        "resourceSpecificApplicationPermissions": [],
        "verifiedPublisher": _NO_PUBLISHER,
    }


def resource_principal(object_id: str, app_id: str, name: str) -> Json:
    """A Microsoft service principal with the permissions it offers."""
    made = service_principal(
        object_id, app_id, name, facts.MICROSOFT_TENANT, "2019-03-04T09:12:45Z"
    )
    made["signInAudience"] = "AzureADMultipleOrgs"
    made["appRoles"] = [
        {
            "allowedMemberTypes": ["Application"],
            "description": permission.title,
            "displayName": permission.title,
            "id": permission.id,
            "isEnabled": True,
            "origin": "Application",
            "value": permission.name,
        }
        for permission in facts.app_roles(app_id)
    ]
    made["oauth2PermissionScopes"] = [
        {
            "adminConsentDescription": permission.title,
            "adminConsentDisplayName": permission.title,
            "id": permission.id,
            "isEnabled": True,
            "type": "Admin",
            "userConsentDescription": permission.title,
            "userConsentDisplayName": permission.title,
            "value": permission.name,
        }
        for permission in facts.scopes(app_id)
    ]
    return made


def role_definition(role: facts.RoleFact) -> Json:
    """A built-in role as v1.0 shows it: isPrivileged is in beta only."""
    return {
        "id": role.id,
        "description": role.description,
        "displayName": role.name,
        "isBuiltIn": True,
        "isEnabled": True,
        "resourceScopes": ["/"],
        "rolePermissions": [
            {
                "allowedResourceActions": ["microsoft.directory/users/standard/read"],
                "condition": None,
            }
        ],
        "templateId": role.id,
        "version": "1",
    }


def organization(tenant_id: str, name: str, domain: str) -> Json:
    """The tenant's own entry."""
    return {
        "id": tenant_id,
        "deletedDateTime": None,
        "displayName": name,
        "createdDateTime": "2016-05-11T07:30:00Z",
        "countryLetterCode": "CH",
        "tenantType": "AAD",
        "partnerTenantType": None,
        "onPremisesSyncEnabled": None,
        "technicalNotificationMails": [f"it@{domain}"],
        "assignedPlans": [],
        "verifiedDomains": [
            {
                "capabilities": "Email, OfficeCommunicationsOnline",
                "isDefault": True,
                "isInitial": True,
                "name": domain,
                "type": "Managed",
            }
        ],
    }
