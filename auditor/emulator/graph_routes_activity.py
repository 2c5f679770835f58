"""Risk, sign-in reports and the audit log.

Sources: the endpoints' pages in Microsoft's documentation of Graph. Without a licence for workload
identities, risk is listed with its level and detail hidden; without P1 the audit log goes back 7
days and the sign-in reports are refused.
"""

from __future__ import annotations

from datetime import timedelta

from auditor.emulator.graph_handlers import Found, Handler, Listing
from auditor.emulator.graph_route import BETA, BOTH, Route, route
from auditor.emulator.graph_routes_access import further
from auditor.emulator.tenant import Json, Tenant
from auditor.emulator.web import Call

_REPORTS = frozenset({"AuditLog.Read.All", "Directory.Read.All"})
_RISKY = frozenset(
    {"IdentityRiskyServicePrincipal.Read.All", "IdentityRiskyServicePrincipal.ReadWrite.All"}
)
_DETECTIONS = frozenset({"IdentityRiskEvent.Read.All", "IdentityRiskEvent.ReadWrite.All"})
_HIDDEN: Json = {"riskLevel": "hidden", "riskDetail": "hidden"}
_SHORT_MEMORY = timedelta(days=7)


def _risk(name: str, kind: str, *filters: str) -> Handler:
    def handle(tenant: Tenant, _call: Call, _parts: dict[str, str]) -> Found:
        items = list(tenant.more.get(name, ()))
        if "workload" in tenant.unlicensed:
            items = [{**item, **_HIDDEN} for item in items]
        return Listing(kind, items, frozenset(filters), countable=False)

    return handle


def _audits(tenant: Tenant, _call: Call, _parts: dict[str, str]) -> Found:
    items = list(tenant.more.get("audits", ()))
    if "P1" in tenant.unlicensed:
        since = f"{tenant.now - _SHORT_MEMORY:%Y-%m-%dT%H:%M:%SZ}"
        items = [item for item in items if item["activityDateTime"] >= since]
    names = frozenset({"activityDateTime", "activityDisplayName", "loggedByService"})
    return Listing("directoryAudit", items, names, countable=False)


ACTIVITY: tuple[Route, ...] = (
    route(
        "/identityProtection/riskyServicePrincipals",
        _RISKY,
        _risk("risky", "riskyServicePrincipal", "riskLevel", "riskState"),
        versions=BOTH,
        limit="conditional-access",
        licence="P2",
    ),
    route(
        "/identityProtection/servicePrincipalRiskDetections",
        _DETECTIONS,
        _risk("risk_detections", "servicePrincipalRiskDetection", "servicePrincipalId"),
        versions=BOTH,
        limit="conditional-access",
        licence="P2",
    ),
    route(
        "/reports/servicePrincipalSignInActivities",
        _REPORTS,
        further("sign_ins", "servicePrincipalSignInActivity", "appId"),
        versions=BETA,
        limit="reports",
        licence="P1",
    ),
    route(
        "/reports/appCredentialSignInActivities",
        _REPORTS,
        further("credential_sign_ins", "appCredentialSignInActivity", "appId", "keyId"),
        versions=BETA,
        limit="reports",
        licence="P1",
    ),
    route("/auditLogs/directoryAudits", _REPORTS, _audits, versions=BOTH, limit="reports"),
)
