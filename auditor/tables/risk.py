"""Service principals that Microsoft sees at risk, and why.

Without a licence for workload identities the service hides levels and details; hidden is null here.
"""

from __future__ import annotations

from auditor.tables.conditional_access import texts
from auditor.tables.declare import PAGE, Frame, Table, flag, many, row, text, time
from auditor.tables.source import Source, place, positions, words


def _shown(value: object) -> str | None:
    found = words(value)
    return None if found == "hidden" else found


def _risks(source: Source) -> Frame:
    rows = positions(source.table("service_principals"), "id")
    return SP_RISKS.frame(
        {
            "id": item["id"],
            "principal": place(rows, item["id"]),
            "app_id": words(item.get("appId")),
            "name": words(item.get("displayName")),
            "level": _shown(item.get("riskLevel")),
            "state": words(item.get("riskState")),
            "detail": _shown(item.get("riskDetail")),
            "enabled": item.get("isEnabled"),
            "processing": item.get("isProcessing"),
            "updated": item.get("riskLastUpdatedDateTime"),
            "page": found.page,
        }
        for found in source.rows("risky-service-principals")
        if source.whole("risky-service-principals", item := found.item, "id")
    )


def _detections(source: Source) -> Frame:
    rows = positions(source.table("service_principals"), "id")
    return SP_RISK_DETECTIONS.frame(
        {
            "id": item["id"],
            "principal_id": item["servicePrincipalId"],
            "principal": place(rows, item["servicePrincipalId"]),
            "app_id": words(item.get("appId")),
            "name": words(item.get("servicePrincipalDisplayName")),
            "event": words(item.get("riskEventType")),
            "level": _shown(item.get("riskLevel")),
            "state": words(item.get("riskState")),
            "key_ids": texts(item.get("keyIds")),
            "address": words(item.get("ipAddress")),
            "happened": item.get("activityDateTime"),
            "detected": item.get("detectedDateTime"),
            "page": found.page,
        }
        for found in source.rows("service-principal-risk-detections")
        if source.whole(
            "service-principal-risk-detections", item := found.item, "id", "servicePrincipalId"
        )
    )


SP_RISKS = Table(
    name="sp_risks",
    meaning="service principals that are or were at risk",
    key=("id",),
    columns=(
        text("id", "object id of the service principal", True),
        row("principal", "its row in service_principals"),
        text("app_id", "its client id"),
        text("name", "its display name"),
        text("level", "low, medium, high or none; null if the service hides it"),
        text("state", "atRisk, confirmedCompromised, dismissed, remediated, confirmedSafe or none"),
        text("detail", "what was done about it; null if the service hides it"),
        flag("enabled", "whether it can sign in"),
        flag("processing", "whether its state is being worked out"),
        time("updated", "when its risk changed last"),
        PAGE,
    ),
    source="risky-service-principals",
    build=_risks,
    fills=("service-principals",),
    subject=("'servicePrincipal'", "id", "app_id", "name"),
)
SP_RISK_DETECTIONS = Table(
    name="sp_risk_detections",
    meaning="what made service principals risky",
    key=("id",),
    columns=(
        text("id", "id of the detection", True),
        text("principal_id", "object id of the service principal", True),
        row("principal", "its row in service_principals"),
        text("app_id", "its client id"),
        text("name", "its display name"),
        text("event", "riskEventType, such as leakedCredentials"),
        text("level", "low, medium, high or none; null if the service hides it"),
        text("state", "atRisk, confirmedCompromised, dismissed or none"),
        many("key_ids", "ids of the credentials it is about"),
        text("address", "address it came from"),
        time("happened", "when the risky thing was done"),
        time("detected", "when it was noticed"),
        PAGE,
    ),
    source="service-principal-risk-detections",
    build=_detections,
    fills=("service-principals",),
    subject=("'servicePrincipal'", "principal_id", "app_id", "name"),
)
TABLES = (SP_RISKS, SP_RISK_DETECTIONS)
