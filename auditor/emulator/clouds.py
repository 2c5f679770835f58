"""What differs between the national clouds, as far as the emulator plays it.

Sources: Microsoft Graph's page of national cloud deployments, the v1.0 metadata of each cloud, and
Exchange's page of app-only authentication. Written down apart from the auditor's own knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.emulator.facts import EXCHANGE, EXCHANGE_PROTECTION, GRAPH


@dataclass(frozen=True)
class CloudFacts:
    """One cloud: its hosts, audiences, and what it does not have."""

    graph_host: str
    exchange_host: str
    exchange_audience: str
    instance: str
    region: str
    exchange_resource: str = EXCHANGE  # whose app role lets an application into Exchange
    lacks: Mapping[str, frozenset[str]] = field(default_factory=dict)  # properties by type
    missing: tuple[str, ...] = ()  # beginnings of paths

    @property
    def graph_audience(self) -> str:
        """The audience of tokens for Graph."""
        return f"https://{self.graph_host}"

    @property
    def audiences(self) -> dict[str, str]:
        """The app id of the resource behind each audience a token can be asked for."""
        return {self.graph_audience: GRAPH, self.exchange_audience: self.exchange_resource}


_LACKING: Mapping[str, frozenset[str]] = {
    "application": frozenset(
        {"certification", "nativeAuthenticationApisEnabled", "samlMetadataUrl", "verifiedPublisher"}
    ),
    "servicePrincipal": frozenset({"verifiedPublisher", "resourceSpecificApplicationPermissions"}),
}
_GLOBAL_ONLY = (
    "/reports/servicePrincipalSignInActivities",
    "/reports/appCredentialSignInActivities",
)
_NOT_IN_CHINA = (
    "/identityProtection/riskyServicePrincipals",
    "/identityProtection/servicePrincipalRiskDetections",
    "/tenantRelationships/delegatedAdmin",
)

CLOUDS: Mapping[str, CloudFacts] = {
    "global": CloudFacts(
        graph_host="graph.microsoft.com",
        exchange_host="outlook.office365.com",
        exchange_audience="https://outlook.office365.com",
        instance="microsoftonline.com",
        region="EU",
    ),
    "gcc-high": CloudFacts(
        graph_host="graph.microsoft.us",
        exchange_host="outlook.office365.us",
        exchange_audience="https://outlook.office365.us",
        instance="microsoftonline.us",
        region="USGov",
        exchange_resource=EXCHANGE_PROTECTION,
        lacks=_LACKING,
        missing=_GLOBAL_ONLY,
    ),
    "dod": CloudFacts(
        graph_host="dod-graph.microsoft.us",
        exchange_host="outlook-dod.office365.us",
        exchange_audience="https://outlook-dod.office365.us",
        instance="microsoftonline.us",
        region="USGov",
        exchange_resource=EXCHANGE_PROTECTION,
        lacks=_LACKING,
        missing=_GLOBAL_ONLY,
    ),
    "china": CloudFacts(
        graph_host="microsoftgraph.chinacloudapi.cn",
        exchange_host="outlook.office365.cn",
        exchange_audience="https://partner.outlook.cn",
        instance="partner.microsoftonline.cn",
        region="AS",
        lacks=_LACKING,
        missing=(*_GLOBAL_ONLY, *_NOT_IN_CHINA),
    ),
}
