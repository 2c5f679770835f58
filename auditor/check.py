"""Checks one snapshot: every rule over its tables, put together as an audit."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from auditor import __version__
from auditor.audit import Audit, Finding, Outcome
from auditor.compliance import weigh
from auditor.engine import judge
from auditor.findings import Describer
from auditor.packs import configure
from auditor.profiles import Profile
from auditor.rated import overlay_used
from auditor.rule import Rule, Severity
from auditor.scope import used
from auditor.snapshot import Page
from auditor.tables.load import Loaded
from auditor.times import iso


def check(
    loaded: Loaded,
    rules: Iterable[Rule],
    *,
    settings: Mapping[str, Mapping[str, object]] | None = None,
    as_of: datetime | None = None,
    accepted: Sequence[str] = (),
    fail_on: str = "high",
    relative_to: Path | None = None,
    profile: Profile | None = None,
) -> Audit:
    """The audit of a snapshot under these rules and settings.

    `as_of` defaults to the last server date in the snapshot, never to the clock.
    """
    chosen = configure(rules, settings or {}, profile)
    instant = as_of or loaded.snapshot.last_server_date()
    describe = Describer(loaded.tables, loaded.coverage)
    outcomes: list[Outcome] = []
    findings: list[Finding] = []
    for each in chosen:
        outcome, found = judge(each, loaded.tables, loaded.coverage, instant, accepted, describe)
        outcomes.append(outcome)
        findings += found
    findings.sort(key=lambda each: (-Severity.named(each.severity), each.rule, each.id))
    controls = weigh(
        chosen,
        outcomes,
        findings,
        lambda each: judge(each, loaded.tables, loaded.coverage, instant, accepted, describe),
    )
    snapshot = loaded.snapshot
    path = snapshot.path
    if relative_to is not None:
        path = relative_path(path, relative_to)
    return Audit(
        tenant=snapshot.tenant,
        as_of=iso(instant),
        snapshot={"path": path.as_posix(), "sha256": snapshot.sha256},
        versions={"auditor": __version__, "pandas": version("pandas")},
        coverage=tuple(loaded.coverage.values()),
        outcomes=tuple(outcomes),
        findings=tuple(findings),
        rules=tuple(describe_rule(each.rule) for each in chosen),
        requests=tuple(_request(page) for page in snapshot.pages),
        accepted=tuple(accepted),
        fail_on=fail_on,
        controls=controls,
        overlay=overlay_used(loaded),
        profile=asdict(profile) if profile else None,
        scope=used(describe.scoper, {each.rule.id: each.scope for each in chosen}),
    )


def relative_path(path: Path, folder: Path) -> Path:
    """The path as seen from a folder, or whole where there is no way (Windows drives)."""
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve()))
    except ValueError:  # another drive on Windows
        return path.resolve()


def describe_rule(rule: Rule) -> dict[str, Any]:
    """A rule's documentation as JSON types."""
    return {
        "id": rule.id,
        "title": rule.title,
        "theme": rule.theme,
        "severity": rule.severity.label,
        "status": rule.status,
        "pack": rule.pack or "built-in",
        "about": rule.about,
        "sections": dict(rule.sections or {}),
        "settings": [
            {"name": each.name, "type": each.type.__name__, "default": each.default}
            for each in rule.settings
        ],
        "controls": [
            {
                "framework": each.framework,
                "version": each.version,
                "id": each.id,
                "settings": dict(each.settings),
            }
            for each in rule.controls
        ],
        "needs": list(rule.needs),
        "passes_without": list(rule.passes_without),
        "fails_without": list(rule.fails_without),
        "detail": list(rule.detail),
    }


def _request(page: Page) -> dict[str, Any]:
    return {
        "page": page.number,
        "dataset": page.dataset,
        "method": page.method,
        "url": page.url,
        "body": page.request_body,
        "status": page.status,
        "request_id": page.request_id,
        "date": page.date,
        "received_sha256": page.received_sha256,
        "reused_from": page.reused_from,
    }


EXIT_OK, EXIT_FINDINGS, EXIT_MISUSE, EXIT_INCOMPLETE = 0, 1, 2, 3


def exit_code(audit: Audit) -> int:
    """0 nothing at or above `fail_on`; 1 such findings; 3 something could not be judged.

    3 wins over 1. What the settings accept by name does not count as incomplete.
    """
    open_ = [
        each
        for each in audit.outcomes
        if (each.verdict in ("error", "not-evaluated") or each.unknown) and not each.accepted
    ]
    if open_:
        return EXIT_INCOMPLETE
    limit = Severity.named(audit.fail_on)
    worst = [each for each in audit.findings if Severity.named(each.severity) >= limit]
    return EXIT_FINDINGS if worst else EXIT_OK


def parse_instant(text: str) -> datetime:
    """An instant given by hand, such as 2026-05-19T00:00:00Z or 2026-05-19 (UTC).

    Raises `ValueError` if it is none.
    """
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
