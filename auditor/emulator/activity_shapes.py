"""Conditional Access, risk, sign-in reports and audit records in the shapes Graph gives them.

Sources: Graph's metadata and the examples of the API's pages. The form of an audit record's
`modifiedProperties` is not documented; it is what the service writes, texts of JSON in JSON.
"""

from __future__ import annotations

import base64
import json

from auditor.emulator.tenant import Json

_NO_SIGN_IN: Json = {
    "lastSignInDateTime": None,
    "lastSignInRequestId": None,
    "lastNonInteractiveSignInDateTime": None,
    "lastNonInteractiveSignInRequestId": None,
    "lastSuccessfulSignInDateTime": None,
    "lastSuccessfulSignInRequestId": None,
}


def policy(policy_id: str, name: str, state: str, created: str, conditions: Json) -> Json:
    """A Conditional Access policy that blocks; `conditions` are those it has beyond the empty."""
    return {
        "id": policy_id,
        "templateId": None,
        "displayName": name,
        "description": None,
        "createdDateTime": created,
        "modifiedDateTime": None,
        "state": state,
        "sessionControls": None,
        "conditions": {
            "userRiskLevels": [],
            "signInRiskLevels": [],
            "clientAppTypes": ["all"],
            "servicePrincipalRiskLevels": [],
            "agentIdRiskLevels": None,
            "insiderRiskLevels": None,
            "platforms": None,
            "locations": None,
            "devices": None,
            "authenticationFlows": None,
            "applications": {
                "includeApplications": ["All"],
                "excludeApplications": [],
                "includeUserActions": [],
                "includeAuthenticationContextClassReferences": [],
                "applicationFilter": None,
            },
            "users": {
                "includeUsers": ["None"],
                "excludeUsers": [],
                "includeGroups": [],
                "excludeGroups": [],
                "includeRoles": [],
                "excludeRoles": [],
                "includeGuestsOrExternalUsers": None,
                "excludeGuestsOrExternalUsers": None,
            },
            "clientApplications": None,
            **conditions,
        },
        "grantControls": {
            "operator": "OR",
            "builtInControls": ["block"],
            "customAuthenticationFactors": [],
            "termsOfUse": [],
            "authenticationStrength": None,
        },
    }


def workloads(*include: str, exclude: tuple[str, ...] = (), rule: str | None = None) -> Json:
    """The condition that makes a policy one for workload identities."""
    chosen = {"mode": "include", "rule": rule} if rule else None
    return {
        "includeServicePrincipals": list(include),
        "excludeServicePrincipals": list(exclude),
        "servicePrincipalFilter": chosen,
        "includeAgentIdServicePrincipals": [],
        "excludeAgentIdServicePrincipals": [],
        "agentIdServicePrincipalFilter": None,
    }


def risky(item: Json, level: str, state: str, updated: str) -> Json:
    """A service principal at risk."""
    return {
        "id": item["id"],
        "appId": item["appId"],
        "displayName": item["displayName"],
        "isEnabled": item["accountEnabled"],
        "isProcessing": False,
        "riskDetail": "none",
        "riskLevel": level,
        "riskState": state,
        "riskLastUpdatedDateTime": updated,
        "servicePrincipalType": item["servicePrincipalType"],
    }


def detection(
    detection_id: str,
    item: Json,
    level: str,
    state: str,
    event: str,
    when: str,
    address: str | None,
    *keys: str,
) -> Json:
    """What made a service principal risky."""
    return {
        "id": detection_id,
        "requestId": None,
        "correlationId": None,
        "riskEventType": event,
        "riskState": state,
        "riskLevel": level,
        "riskDetail": "none",
        "source": "IdentityProtection",
        "detectionTimingType": "offline",
        "activity": "servicePrincipal",
        "tokenIssuerType": "AzureAD",
        "ipAddress": address,
        "activityDateTime": when,
        "detectedDateTime": when,
        "lastUpdatedDateTime": when,
        "servicePrincipalId": item["id"],
        "servicePrincipalDisplayName": item["displayName"],
        "appId": item["appId"],
        "keyIds": list(keys),
        "additionalInfo": "[]",
    }


def sign_ins(app_id: str, kinds: dict[str, str]) -> Json:
    """An application's last sign-ins: instants by the part it played, the newest of them on top."""
    parts = (
        "delegatedClient",
        "delegatedResource",
        "applicationAuthenticationClient",
        "applicationAuthenticationResource",
    )
    last = max(kinds.values())
    return {
        "id": base64.b64encode(app_id.encode()).decode(),
        "appId": app_id,
        "lastSignInActivity": {**_NO_SIGN_IN, "lastSignInDateTime": last},
        **{
            f"{part}SignInActivity": {**_NO_SIGN_IN, "lastSignInDateTime": kinds.get(part)}
            for part in parts
        },
    }


def credential_use(item: Json, owner: Json, principal_id: str, last: str | None) -> Json:
    """The last use of a secret or certificate; `owner` is the application or principal it is of."""
    key = f"{owner['appId']}|{item['keyId']}"
    return {
        "id": base64.b64encode(key.encode()).decode(),
        "keyId": item["keyId"],
        "keyType": "certificate" if "usage" in item else "clientSecret",
        "keyUsage": "verify",
        "appId": owner["appId"],
        "appObjectId": owner["id"],
        "servicePrincipalObjectId": principal_id,
        "resourceId": "00000003-0000-0000-c000-000000000000",
        "credentialOrigin": "application" if owner["id"] != principal_id else "servicePrincipal",
        "createdDateTime": item["startDateTime"],
        "expirationDateTime": item["endDateTime"],
        "signInActivity": {**_NO_SIGN_IN, "lastSignInDateTime": last},
    }


def key_description(*items: Json) -> list[str]:
    """Credentials as the audit log writes them: bracketed, and not safe against commas."""
    return [
        f"[KeyIdentifier={item['keyId']},"
        f"KeyType={item.get('type', 'Password')},KeyUsage={item.get('usage', 'Verify')},"
        f"DisplayName={item['displayName']}]"
        for item in items
    ]


def changed(name: str, old: object, new: object) -> Json:
    """One modified property: its values are texts that hold JSON."""
    return {
        "displayName": name,
        "oldValue": None if old is None else json.dumps(old, ensure_ascii=False),
        "newValue": None if new is None else json.dumps(new, ensure_ascii=False),
    }


def target(kind: str, object_id: str, name: str, *properties: Json) -> Json:
    """One object that an activity was about."""
    return {
        "id": object_id,
        "displayName": name,
        "type": kind,
        "userPrincipalName": None,
        "groupType": None,
        "modifiedProperties": list(properties),
    }


def by_user(user: Json, address: str) -> Json:
    """A user as the one who did it."""
    return {
        "app": None,
        "user": {
            "id": user["id"],
            "displayName": None,
            "userPrincipalName": user["userPrincipalName"],
            "ipAddress": address,
        },
    }


def by_app(principal: Json) -> Json:
    """An application as the one who did it: its appId is often left out."""
    return {
        "user": None,
        "app": {
            "appId": None,
            "displayName": principal["displayName"],
            "servicePrincipalId": principal["id"],
            "servicePrincipalName": None,
        },
    }


def audit(
    record_id: str, activity: str, category: str, when: str, who: Json, *targets: Json
) -> Json:
    """One record of the directory's audit log."""
    return {
        "id": f"Directory_{record_id}",
        "category": category,
        "correlationId": record_id,
        "result": "success",
        "resultReason": "",
        "activityDisplayName": activity,
        "activityDateTime": when,
        "loggedByService": "Core Directory",
        "operationType": activity.split(maxsplit=1)[0],
        "initiatedBy": who,
        "targetResources": list(targets),
        "additionalDetails": [{"key": "User-Agent", "value": "EvoSTS"}],
    }
