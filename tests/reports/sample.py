"""A small tenant written by hand, hostile names included, judged by the real rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor.audit import Audit, Datasets, Finding, Outcome
from auditor.check import check
from auditor.ledger import LedgerLine
from auditor.packs import load_reports, load_rules
from auditor.snapshot import Page, Snapshot
from auditor.tables.load import Loaded
from auditor.testing import AS_OF, make_coverage, make_frames

TENANT = "11111111-1111-1111-1111-111111111111"
SCRIPT = "<script>window.ran = 1</script>"
BIDI = "invoice\u202egpj.exe"
ANSI = "\x1b[31mred\x1b[0m\nsecond line"
BREAK = '</script></style><img src=x onerror="window.ran=2">{{ 7*7 }}'
HOSTILE = (SCRIPT, BIDI, ANSI, BREAK)
GROUPS = ("Organization Management", "TenantAdmins_123456789", "Loop", "PartnerRoleGroup_Tailspin")


def tables() -> dict[str, list[dict[str, Any]]]:
    """Rows of the tables that matter."""
    apps = [_app(n, name) for n, name in enumerate(("Plain", *HOSTILE))]
    own: list[dict[str, Any]] = [
        {
            "id": f"sp{n}",
            "app_id": app["app_id"],
            "name": app["name"],
            "type": "Application",
            "publisher": "own",
            "owner_tenant": TENANT,
            "enabled": True,
            "managed_identity": False,
        }
        for n, app in enumerate(apps)
    ]
    others: list[dict[str, Any]] = [
        {"id": "sp-ms", "app_id": "app-ms", "name": "Microsoft Teams", "publisher": "microsoft"},
        {"id": "sp-foreign", "app_id": "app-foreign", "name": "Vendor", "publisher": "foreign"},
    ]
    for each in others:
        each |= {"type": "Application", "managed_identity": False}
    credentials = [
        _secret(n, place, end)
        for n, (place, end) in enumerate(
            (
                (0, "2026-05-01T00:00:00Z"),
                (0, "2026-06-05T00:00:00Z"),
                (1, "2026-06-20T00:00:00Z"),
                (2, "9999-12-31T23:59:59.9999999Z"),
                (3, "2027-06-20T00:00:00Z"),
                (4, None),
            )
        )
    ]
    return {
        "applications": apps,
        "service_principals": [*own, *others],
        "credentials": [*credentials, credentials[0] | {"key_id": "saml", "saml": True}],
        "secrets": credentials,
        "exchange_access": [
            _access(0, "full", 7, "granted", ["directory role Global Administrator"]),
            _access(1, "dormant", 1, "requested", []),
            _access(2, "none", 0, "none", [])
            | {"mailbox": ("Graph Mail.Read",), "mailbox_reach": "tenant-wide"},
            _access(3, "none", 0, "none", []),
        ],
        "role_groups": [_group(n, name) for n, name in enumerate(GROUPS)],
        "role_group_members": [
            _member(0, "TenantAdmins_123456789", "roleGroup", inner=1),
            _member(0, "Loop", "roleGroup", inner=2),
            _member(1, SCRIPT, "servicePrincipal", principal=1),
            _member(2, "Organization Management", "roleGroup", inner=0),
            _member(3, BIDI, "partner"),
        ],
        "effective_members": [
            _member(0, SCRIPT, "servicePrincipal", principal=1, effective=True)
            | {"path": ("Organization Management", "TenantAdmins_123456789")}
        ],
    }


def _app(n: int, name: str) -> dict[str, Any]:
    return {"id": f"obj{n}", "app_id": f"app{n}", "name": name, "principal": n, "notes": name}


def _secret(n: int, place: int, end: str | None) -> dict[str, Any]:
    return {
        "holder": f"obj{place}",
        "key_id": f"key{n}",
        "kind": "secret",
        "holder_type": "application",
        "app_id": f"app{place}",
        "name": ("Plain", *HOSTILE)[place],
        "label": ("Plain", *HOSTILE)[place],
        "start": "2025-01-01T00:00:00Z",
        "end": end,
        "publisher": "own",
        "managed_identity": False,
        "application": place,
        "principal": place,
    }


def _access(n: int, level: str, rank: int, permission: str, via: Sequence[str]) -> dict[str, Any]:
    return {
        "id": f"sp{n}",
        "principal": n,
        "app_id": f"app{n}",
        "name": ("Plain", *HOSTILE)[n],
        "publisher": "own",
        "level": level,
        "rank": rank,
        "permission": permission,
        "permissions": (),
        "via": tuple(via),
        "eligible": (),
        "narrower": (),
        "unrated": (),
        "mailbox": (),
        "mailbox_reach": "none",
        "proof_pages": ("1",),
    }


def _group(n: int, name: str) -> dict[str, Any]:
    return {
        "guid": f"group{n}",
        "name": name,
        "partner_managed": n == 1,
        "partner_only": n == 3,
        "roles": ("Mail Recipients",) if n == 1 else (),
        "normal_roles": ("User Options",) if n == 1 else None,
        "directory_roles": ("62e90394-69f5-4237-9190-012177145e10",) if n == 1 else None,
    }


def _member(
    group: int,
    name: str,
    kind: str,
    inner: int = -1,
    principal: int = -1,
    *,
    effective: bool = False,
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "group_guid": f"group{group}",
        "member": f"{group}-{name}",
        "role_group": group,
        "group_name": GROUPS[group],
        "name": name,
        "kind": kind,
        "principal": principal,
    }
    return row if effective else row | {"member_group": inner}


def loaded(coverage: Mapping[str, LedgerLine] | None = None) -> Loaded:
    """The hand-written tables as if a snapshot had held them."""
    page = Page(
        number=1,
        dataset="applications",
        method="GET",
        url="https://graph.microsoft.com/v1.0/applications?$top=999",
        status=200,
        received_sha256="a" * 64,
        stored_sha256="a" * 64,
        size=2,
        request_id="r-1",
        date="Mon, 01 Jun 2026 00:00:00 GMT",
    )
    tenant = {
        "id": TENANT,
        "name": f"Contoso {SCRIPT}",
        "domains": ["contoso.com"],
        "cloud": "global",
    }
    lines = dict(coverage or make_coverage())
    snapshot = Snapshot(Path("t.snapshot"), "b" * 64, tenant, (page,), tuple(lines.values()), {})
    return Loaded(make_frames(tables()), lines, snapshot)


def sample(refused: Sequence[str] = ()) -> tuple[Audit, Loaded]:
    """An audit of the hand-written tenant by every built-in rule."""
    have = loaded(make_coverage(dict.fromkeys(refused, "refused")))
    return check(have, load_rules(), as_of=AS_OF), have


def empty() -> Audit:
    """An audit that holds nothing at all."""
    return Audit({}, "2026-06-01T00:00:00Z", {"path": "", "sha256": ""}, {}, (), (), (), (), ())


def many(count: int) -> Audit:
    """An audit with `count` findings of ten rules, as a large tenant has them."""
    audit, _ = sample()
    severities = ("critical", "high", "medium", "low", "info")
    rules = [f"made-up-{n}" for n in range(10)]
    findings = tuple(
        Finding(
            id=f"{n:020x}",
            rule=rules[n % 10],
            severity=severities[n % 5],
            object={
                "type": "application",
                "id": f"object-{n}",
                "app_id": f"app-{n % 3000}",
                "name": f"App {n}",
            },
            part=f"key-{n}",
            message=f"Secret key-{n} of App {n} is valid for {400 + n % 300} days; the limit is 180.",
            fix=f"Remove-MgApplicationPassword -ApplicationId 'object-{n}' -KeyId 'key-{n}'",
            owners=(f"Owner {n % 50}",),
            evidence={"holder": f"object-{n}", "key_id": f"key-{n}", "days": 400 + n % 300},
            pages=(1,),
        )
        for n in range(count)
    )
    outcomes = tuple(_outcome(rule, count // 10) for rule in rules)
    return replace(audit, findings=findings, outcomes=outcomes, rules=())


def _outcome(rule: str, failed: int) -> Outcome:
    return Outcome(
        rule=rule,
        title=f"The rule {rule}",
        theme="credentials",
        severity="medium",
        verdict="fail",
        population=failed,
        failed=failed,
        unknown=0,
        passed=0,
        waived=0,
        missing=0,
        left_out=0,
        cause="",
        remedy="",
        accepted=False,
        datasets=Datasets(("applications",), (), ()),
        detail_missing=(),
        settings={},
        pages=(1,),
    )


def html(audit: Audit, have: Loaded | None) -> str:
    """The page, by the loader that the command line uses."""
    return load_reports(["html"])[0].render(audit, have).decode()
