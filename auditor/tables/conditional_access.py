"""Conditional Access as far as it touches workload identities, and the places it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.tables.declare import PAGE, Frame, Table, flag, many, text, time
from auditor.tables.source import Source, words

_DATASET = "conditional-access-policies"
_ALL_OWN = "ServicePrincipalsInMyTenant"


def part(item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside an object; empty if it is null, absent or something else."""
    found = item.get(name)
    return found if isinstance(found, dict) else {}


def texts(value: object) -> list[str] | None:
    """A list of texts; None if it is no list. Beta writes some lists as one text with commas."""
    if isinstance(value, str):
        return [each.strip() for each in value.split(",") if each.strip()]
    if isinstance(value, list):
        return [each for each in value if isinstance(each, str)]
    return None


def _touches(source: Source, item: Mapping[str, Any]) -> bool:
    """Whether a policy is for workloads: it names them, their risk, or agents."""
    conditions = item.get("conditions")
    if not isinstance(conditions, dict):
        source.fault(_DATASET, "no conditions")
        return False
    chosen = conditions.get("clientApplications")
    if chosen is None and not isinstance(conditions.get("users"), dict):
        source.fault(_DATASET, "neither users nor clientApplications")
    risks = ("servicePrincipalRiskLevels", "agentIdRiskLevels")
    return isinstance(chosen, dict) or any(texts(conditions.get(name)) for name in risks)


def _policies(source: Source) -> Frame:
    return CA_POLICIES.frame(_touching(source))


def _touching(source: Source) -> Iterator[dict[str, Any]]:
    for found in source.rows(_DATASET):
        item = found.item
        if not source.whole(_DATASET, item, "id") or not _touches(source, item):
            continue
        conditions = part(item, "conditions")
        chosen = part(conditions, "clientApplications")
        rule, agents = part(chosen, "servicePrincipalFilter"), "agentIdServicePrincipalFilter"
        includes = texts(chosen.get("includeServicePrincipals"))
        controls = texts(part(item, "grantControls").get("builtInControls"))
        state = words(item.get("state"))
        places, resources = part(conditions, "locations"), part(conditions, "applications")
        yield {
            "id": item["id"],
            "name": words(item.get("displayName")),
            "state": state,
            "enforced": state == "enabled" if state else None,
            "includes": includes,
            "excludes": texts(chosen.get("excludeServicePrincipals")),
            "all_own": _ALL_OWN in includes if includes is not None else None,
            "filter": words(rule.get("rule")),
            "filter_mode": words(rule.get("mode")),
            "agent_includes": texts(chosen.get("includeAgentIdServicePrincipals")),
            "agent_excludes": texts(chosen.get("excludeAgentIdServicePrincipals")),
            "agent_filter": words(part(chosen, agents).get("rule")),
            "risk_levels": texts(conditions.get("servicePrincipalRiskLevels")),
            "agent_risk_levels": texts(conditions.get("agentIdRiskLevels")),
            "locations": texts(places.get("includeLocations")),
            "locations_except": texts(places.get("excludeLocations")),
            "resources": texts(resources.get("includeApplications")),
            "resources_except": texts(resources.get("excludeApplications")),
            "controls": controls,
            "blocks": "block" in controls if controls is not None else None,
            "created": item.get("createdDateTime"),
            "modified": item.get("modifiedDateTime"),
            "page": found.page,
        }


def _locations(source: Source) -> Frame:
    return NAMED_LOCATIONS.frame(
        {
            "id": item["id"],
            "name": words(item.get("displayName")),
            "kind": kind,
            "trusted": item.get("isTrusted"),
            "ranges": _ranges(source, item) if kind == "ip" else [],
            "countries": texts(item.get("countriesAndRegions")) if kind == "country" else [],
            "unknown_countries": item.get("includeUnknownCountriesAndRegions"),
            "created": item.get("createdDateTime"),
            "modified": item.get("modifiedDateTime"),
            "page": found.page,
        }
        for found in source.rows("named-locations")
        if source.whole("named-locations", item := found.item, "id")
        for kind in (_kind(item),)
    )


def _kind(item: Mapping[str, Any]) -> str | None:
    told = (words(item.get("@odata.type")) or "").rpartition(".")[2].lower()
    return {"ipnamedlocation": "ip", "countrynamedlocation": "country"}.get(told)


def _ranges(source: Source, item: Mapping[str, Any]) -> list[str] | None:
    if not isinstance(item.get("ipRanges"), list):
        return None
    return [
        each["cidrAddress"]
        for each in source.each("named-locations", item, "ipRanges")
        if source.whole("named-locations", each, "cidrAddress")
    ]


CA_POLICIES = Table(
    name="ca_policies",
    meaning="Conditional Access policies that touch workload identities or agents",
    key=("id",),
    columns=(
        text("id", "id of the policy", True),
        text("name", "display name"),
        text("state", "enabled, disabled or enabledForReportingButNotEnforced"),
        flag("enforced", "whether it is enabled; null if its state is not told"),
        many("includes", f"object ids of service principals, or {_ALL_OWN}"),
        many("excludes", "object ids of service principals it leaves out"),
        flag("all_own", f"whether {_ALL_OWN} is among those included"),
        text("filter", "rule on custom security attributes"),
        text("filter_mode", "include or exclude: what the filter does"),
        many("agent_includes", "object ids of agent identities, or a word for all"),
        many("agent_excludes", "object ids of agent identities it leaves out"),
        text("agent_filter", "rule on custom security attributes of agents"),
        many("risk_levels", "risk levels of service principals it is for; empty for any"),
        many("agent_risk_levels", "risk levels of agents it is for"),
        many("locations", "named locations it is for, or All; null for no such condition"),
        many("locations_except", "named locations it leaves out, or AllTrusted"),
        many("resources", "client ids of the resources it is for, or All"),
        many("resources_except", "client ids of resources it leaves out"),
        many("controls", "built-in grant controls"),
        flag("blocks", "whether block is among the controls"),
        time("created", "when it was made"),
        time("modified", "when it was changed last"),
        PAGE,
    ),
    source=_DATASET,
    build=_policies,
    subject=("'conditionalAccessPolicy'", "id", "", "name"),
)
NAMED_LOCATIONS = Table(
    name="named_locations",
    meaning="places that Conditional Access policies can name",
    key=("id",),
    columns=(
        text("id", "id", True),
        text("name", "display name"),
        text("kind", "ip or country; null for another kind"),
        flag("trusted", "isTrusted; null for countries"),
        many("ranges", "address ranges, CIDR; null if not told"),
        many("countries", "two-letter codes; null if not told"),
        flag("unknown_countries", "whether addresses of no known country count too"),
        time("created", "when it was made"),
        time("modified", "when it was changed last"),
        PAGE,
    ),
    source="named-locations",
    build=_locations,
    subject=("'namedLocation'", "id", "", "name"),
)
TABLES = (CA_POLICIES, NAMED_LOCATIONS)
