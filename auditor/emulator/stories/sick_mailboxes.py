"""Contoso's limits on mailboxes that limit nothing: policies, scopes and what was left behind."""

from __future__ import annotations

from auditor.emulator.builder import AppHandle
from auditor.emulator.stories.common import Scene


def fill_mailboxes(scene: Scene) -> None:
    """States access policies and scoped roles that do not bind."""
    _policies(scene)
    _scopes(scene)


def _app(scene: Scene, name: str, *holds: str) -> AppHandle:
    mark = name.lower().replace(" ", "-")
    handle = scene.build.app(
        name,
        credentials=scene.good_certificate(mark),
        holds=holds,
        reference=f"CMDB-{mark}",
    )
    scene.exchange.workload(name, handle.app_id, handle.principal_id)
    return handle


def _policies(scene: Scene) -> None:
    exchange = scene.exchange
    denied = _app(scene, "Meeting Planner", "Graph/Calendars.ReadWrite")
    exchange.policy(denied.app_id, "Board", "DenyAccess")
    broken = _app(scene, "Contact Sync", "Graph/Contacts.ReadWrite")
    exchange.policy(broken.app_id, "Deleted Group", valid=False)
    exchange.policy(scene.build.guid("appid", "gone from Entra"), "Old Mailboxes")


def _scopes(scene: Scene) -> None:
    exchange = scene.exchange
    twice = _app(scene, "Invoice Reader", "Graph/Mail.Read")
    exchange.assign_workload(twice.principal_id, "Application Mail.Read", scope="Finance Mailboxes")
    everyone = _app(scene, "Room Finder")
    exchange.assign_workload(everyone.principal_id, "Application Calendars.Read", scope="Everyone")
    migrator = _app(scene, "Retired Migrator")
    exchange.assign_workload(migrator.principal_id, "ApplicationImpersonation")
