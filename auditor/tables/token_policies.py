"""Token lifetime, claims mapping and token issuance policies, and what they are put on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from auditor.tables.app_policies import TARGET, targets
from auditor.tables.declare import PAGE, Frame, Table, flag, number, text
from auditor.tables.source import Source, known, words
from auditor.times import span_minutes

_KINDS = {
    "token-lifetime": "tokenLifetime",
    "claims-mapping": "claimsMapping",
    "token-issuance": "tokenIssuance",
}


def _each(source: Source) -> Iterator[dict[str, Any]]:
    for stem, kind in _KINDS.items():
        dataset = f"{stem}-policies"
        for found in source.rows(dataset):
            item = found.item
            if source.whole(dataset, item, "id"):
                definition = _definition(item.get("definition"))
                yield {
                    "policy_id": item["id"],
                    "kind": kind,
                    "policy": words(item.get("displayName")),
                    "definition": definition,
                    "access_token_minutes": _minutes(definition),
                    "organization_default": item.get("isOrganizationDefault"),
                    "page": found.page,
                }


def _definition(value: object) -> str | None:
    """The definition's texts; the API has a list of them, with one in use."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return None
    return "\n".join(value)


def _minutes(definition: str | None) -> int | None:
    try:
        told = orjson.loads(definition or "")["TokenLifetimePolicy"]["AccessTokenLifetime"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return span_minutes(told)


def _policies(source: Source) -> Frame:
    return TOKEN_POLICIES.frame(_each(source))


def _targets(source: Source) -> Frame:
    frame = source.table("token_policies")
    names = ("kind", "policy", "definition", "access_token_minutes", "organization_default")
    values = {name: list(frame[name]) for name in names}
    policies = {
        str(id_).lower(): {name: known(values[name][at]) for name in names}
        for at, id_ in enumerate(frame["policy_id"])
    }
    return TOKEN_POLICY_TARGETS.frame(
        {**each, "kind": kind}
        for stem, kind in _KINDS.items()
        for each in targets(source, f"{stem}-applies-to", policies)
    )


_POLICY = (
    text("kind", "tokenLifetime, claimsMapping or tokenIssuance", True),
    text("definition", "the policy's JSON as received"),
    number("access_token_minutes", "AccessTokenLifetime in minutes; null if it sets none"),
    flag("organization_default", "whether it holds for everything that has none of its own"),
)
TOKEN_POLICIES = Table(
    name="token_policies",
    meaning="token lifetime, claims mapping and token issuance policies",
    key=("policy_id",),
    columns=(
        text("policy_id", "id of the policy", True),
        text("policy", "its display name"),
        *_POLICY,
        PAGE,
    ),
    source="token-lifetime-policies",
    build=_policies,
    adds=("claims-mapping-policies", "token-issuance-policies"),
    subject=("'policy'", "policy_id", "policy_id", "policy"),
)
TOKEN_POLICY_TARGETS = Table(
    name="token_policy_targets",
    meaning="applications and service principals that a token policy was put on",
    key=("policy_id", "object_id"),
    columns=(*TARGET, *_POLICY),
    source="token-lifetime-applies-to",
    build=_targets,
    adds=("claims-mapping-applies-to", "token-issuance-applies-to"),
    fills=(
        "token-lifetime-policies",
        "claims-mapping-policies",
        "token-issuance-policies",
        "applications",
        "service-principals",
    ),
    subject=("object_type", "object_id", "app_id", "name"),
)
TABLES = (TOKEN_POLICIES, TOKEN_POLICY_TARGETS)
