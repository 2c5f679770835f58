"""Datasets of what applications did, and of the risk Microsoft sees in them.

Sources: the API's pages on Microsoft Learn and msgraph-metadata (reference, sections 1.1, 1.6, 2.2
and 6).

* The two sign-in reports are keyed by application and by credential, and hold what was used. One
  that is not in a complete report was not used as far back as the report reaches, which is not
  documented; in one that was not read, nothing is known of anybody.
* Directory audits are one listing, filtered to a window of time and to the service that records
  changes of applications, consents, roles, owners and policies. A listing for each activity would
  need `startswith` a dozen times at 5 requests in 10 seconds, and `or` is not documented. Where the
  service refuses the second condition, the window alone is asked.
* Whether the listing of risky service principals shares Conditional Access's limit is not
  documented; it is paced as if it did.
"""

from __future__ import annotations

from auditor.datasets.dataset import Dataset

_REPORTS = (("AuditLog.Read.All",), ("Directory.Read.All",))
_PREMIUM = "Microsoft Entra ID P1 or P2"
_WORKLOAD = "Microsoft Entra Workload ID Premium"
_NOT_CHINA = ("global", "gcc-high", "dod")

ACTIVITY: tuple[Dataset, ...] = (
    Dataset(
        name="risky-service-principals",
        service="graph",
        tier="activity",
        throttle="conditional-access",
        title="Service principals at risk",
        path="/identityProtection/riskyServicePrincipals",
        permissions=(("IdentityRiskyServicePrincipal.Read.All",),),
        licence=_WORKLOAD,
        clouds=_NOT_CHINA,
        top=500,
    ),
    Dataset(
        name="service-principal-risk-detections",
        service="graph",
        tier="activity",
        throttle="conditional-access",
        title="What made service principals risky",
        path="/identityProtection/servicePrincipalRiskDetections",
        permissions=(("IdentityRiskEvent.Read.All",),),
        licence=_WORKLOAD,
        clouds=_NOT_CHINA,
        top=500,
    ),
    Dataset(
        name="service-principal-sign-ins",
        service="graph",
        tier="activity",
        throttle="reports",
        title="Last sign-ins of applications",
        path="/reports/servicePrincipalSignInActivities",
        version="beta",
        permissions=_REPORTS,
        licence=_PREMIUM,
        clouds=("global",),
        may_be_empty=False,  # Microsoft's own applications sign in to every tenant
    ),
    Dataset(
        name="credential-sign-ins",
        service="graph",
        tier="activity",
        throttle="reports",
        title="Last use of applications' credentials",
        path="/reports/appCredentialSignInActivities",
        version="beta",
        permissions=_REPORTS,
        licence=_PREMIUM,
        clouds=("global",),
    ),
    Dataset(
        name="directory-audits",
        service="graph",
        tier="activity",
        throttle="reports",
        title="Recorded changes of applications, consents, roles, owners and policies",
        path="/auditLogs/directoryAudits",
        permissions=_REPORTS,
    ),
)
