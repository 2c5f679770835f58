"""A made-up snapshot of a large tenant, written straight to a file: the same one for the same size.

Of N applications: N service principals, 3 N credentials (two secrets and a certificate each) and 5 N
grants (four application permissions and one delegated grant each), in pages of 999.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from auditor.datasets import DATASETS
from auditor.emulator import facts, shapes
from auditor.ledger import LedgerLine, Result
from auditor.snapshot import SnapshotWriter

TENANT = "0d15ea5e-0000-4000-8000-000000000001"
DATE = "Mon, 18 May 2026 21:04:09 GMT"
PAGE = 999
OWNERS = 5000
Json = dict[str, Any]


def guid(kind: int, number: int) -> str:
    """An id that differs by kind and number."""
    return f"{number:08x}-{kind:04x}-4000-8000-{number * 7919 % 2**48:012x}"


def write(path: Path, size: int) -> Path:
    """The snapshot of a tenant of `size` applications."""
    writer = SnapshotWriter(path, tenant={"id": TENANT, "name": "Large", "cloud": "global"})
    rows: dict[str, int] = {}

    def add(dataset: str, items: Iterator[Json], of: str | None = None) -> None:
        while page := list(islice(items, PAGE)):
            writer.page(
                dataset=dataset,
                method="GET",
                url=f"https://graph.microsoft.com/v1.0/{dataset}",
                status=200,
                headers={"date": DATE, "request-id": guid(1, len(rows))},
                body=orjson.dumps({"value": page}),
                of=of,
            )
            rows[dataset] = rows.get(dataset, 0) + len(page)

    graph = shapes.resource_principal(guid(9, 0), facts.GRAPH, "Microsoft Graph")
    roles = [each["id"] for each in graph["appRoles"]]
    add("organization", iter([shapes.organization(TENANT, "Large", "large.example")]))
    add("applications", (_application(n, roles) for n in range(size)))
    add("service-principals", _principals(size, graph))
    add("app-role-assignments", _assignments(size, roles), of=graph["id"])
    add("delegated-grants", (_grant(n, graph["id"]) for n in range(size)))
    add("referenced-principals", (_owner(n) for n in range(OWNERS)))
    add("role-definitions", (shapes.role_definition(each) for each in facts.role_facts()))
    add("role-assignments", (_role(n) for n in range(size // 100)))
    return writer.seal([_line(name, rows.get(name, 0)) for name in DATASETS])


def _line(name: str, rows: int) -> LedgerLine:
    return LedgerLine(name, Result.COMPLETE, rows=rows)


def _application(n: int, roles: list[str]) -> Json:
    app = shapes.application(
        guid(2, n), guid(3, n), f"Application {n}", "large.example", "2024-02-03T10:11:12Z"
    )
    app["passwordCredentials"] = [
        {
            "keyId": guid(4 + k, n),
            "displayName": f"secret {k}",
            "startDateTime": "2026-01-01T00:00:00Z",
            "endDateTime": f"202{6 + (n + k) % 4}-0{1 + n % 9}-01T00:00:00Z",
            "hint": "abc",
            "secretText": None,
            "customKeyIdentifier": None,
        }
        for k in range(2)
    ]
    app["keyCredentials"] = [
        {
            "keyId": guid(6, n),
            "displayName": "CN=large",
            "startDateTime": "2026-01-01T00:00:00Z",
            "endDateTime": "2027-01-01T00:00:00Z",
            "type": "AsymmetricX509Cert",
            "usage": "Verify",
            "customKeyIdentifier": f"{n % (2**20):040X}",
            "key": None,
        }
    ]
    app["owners"] = [{"@odata.type": "#microsoft.graph.user", "id": guid(8, n % OWNERS)}]
    app["requiredResourceAccess"] = [
        {
            "resourceAppId": facts.GRAPH,
            "resourceAccess": [{"id": each, "type": "Role"} for each in _four(n, roles)],
        }
    ]
    return app


def _four(n: int, roles: list[str]) -> list[str]:
    return [roles[(n * 7 + k * 31) % len(roles)] for k in range(4)]


def _principals(size: int, graph: Json) -> Iterator[Json]:
    yield graph | {"owners": []}
    for n in range(size):
        made = shapes.service_principal(
            guid(7, n), guid(3, n), f"Application {n}", TENANT, "2024-02-03T10:11:12Z"
        )
        yield made | {"owners": []}


def _assignments(size: int, roles: list[str]) -> Iterator[Json]:
    for n in range(size):
        for k, role in enumerate(_four(n, roles)):
            yield {
                "id": f"grant-{n}-{k}",
                "appRoleId": role,
                "createdDateTime": "2025-02-03T10:11:12Z",
                "principalDisplayName": f"Application {n}",
                "principalId": guid(7, n),
                "principalType": "ServicePrincipal",
                "resourceDisplayName": "Microsoft Graph",
                "resourceId": guid(9, 0),
            }


def _grant(n: int, graph: str) -> Json:
    return {
        "id": f"delegated-{n}",
        "clientId": guid(7, n),
        "consentType": "AllPrincipals" if n % 10 == 0 else "Principal",
        "principalId": None if n % 10 == 0 else guid(8, n % OWNERS),
        "resourceId": graph,
        "scope": "openid User.Read Mail.Read" if n % 3 else "openid Directory.ReadWrite.All",
    }


def _owner(n: int) -> Json:
    return {
        "@odata.type": "#microsoft.graph.user",
        "id": guid(8, n),
        "displayName": f"User {n}",
        "userPrincipalName": f"user{n}@large.example",
        "accountEnabled": n % 50 != 0,
        "userType": "Member",
    }


def _role(n: int) -> Json:
    role = facts.role_facts()[n % len(facts.role_facts())]
    return {
        "id": f"role-{n}",
        "principalId": guid(7, n),
        "roleDefinitionId": role.id,
        "directoryScopeId": "/",
        "principal": {"@odata.type": "#microsoft.graph.servicePrincipal", "id": guid(7, n)},
    }
