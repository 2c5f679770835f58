"""False passes found in peers by reading their code, one test each: ours must not have them.

The peer and the place are named at each test. A few show a false alarm instead: it hides the rest.
"""

from __future__ import annotations

from typing import Any

import pytest

from auditor.conformance.case import INCOMPLETE
from auditor.errors import Refused
from auditor.knowledge import GRAPH, rating
from auditor.packs import load_rules
from auditor.testing import AS_OF, datasets_of, try_rule
from tests.collect.fakes import BASE, run, service, unheard
from tests.collect.test_batch import Batches, asks, fine

OTHER_API = "11112222-3333-4444-5555-666677778888"
ROLE_MANAGEMENT = "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"  # RoleManagement.ReadWrite.Directory
GLOBAL_ADMINISTRATOR = {"tier": 0, "path": "direct", "role": "Global Administrator", "scope": "/"}
RULES = {rule.id: rule for rule in load_rules()}


def holder(id: str, **columns: Any) -> dict[str, Any]:
    return {"principal_id": id, "publisher": "own", "name": id, **GLOBAL_ADMINISTRATOR, **columns}


def grant(id: str, **columns: Any) -> dict[str, Any]:
    told = {"permission_id": id, "id": id, "tier": 0, "path": "direct", "name": "Payroll"}
    api = {"resource_app_id": GRAPH, "resource_publisher": "microsoft", "publisher": "own"}
    return {**told, **api, **columns}


@pytest.mark.parametrize("how", ["refused", "unavailable", "partial", "not-asked"])
def test_a_403_on_role_assignments_is_no_pass(how: str) -> None:
    """Prowler, entra_service.py: one `try` around all; nobody has a role, both checks pass."""
    result = try_rule("privileged-role", {"workload_roles": []}, coverage={"role-assignments": how})
    assert result.verdict in ("not-evaluated", "unknown")
    assert "role-assignments" in result.outcome.cause


def test_an_error_on_owners_is_no_application_without_bad_owners() -> None:
    """Prowler, the same place: an error on the owners call leaves an empty list, which passes."""
    result = try_rule("privileged-app-owner", {}, coverage={"application-owners": "refused"})
    assert result.verdict in ("not-evaluated", "unknown")


def test_foreign_applications_and_managed_identities_are_judged_for_tier_0() -> None:
    """Prowler: only principals owned by the audited tenant are kept."""
    rows = [
        holder("foreign", publisher="foreign"),
        holder("identity", managed_identity=True),
        holder("by-group", group_id="g", group_name="Robots"),
        holder("in-a-unit", scope="/administrativeUnits/7"),
    ]
    assert try_rule("privileged-role", {"workload_roles": rows}).failed == {
        each["principal_id"] for each in rows
    }
    grants = [grant("f", publisher="foreign"), grant("m", managed_identity=True)]
    judged = try_rule("path-to-global-administrator", {"grants": grants})
    assert len(judged.findings) == len(grants)


@pytest.mark.parametrize("id", RULES)
def test_a_first_page_alone_is_never_a_pass(id: str) -> None:
    """Maester MT.1050 and Prowler's owners take `.value` of the first page for everything."""
    source = next(name for name, use in datasets_of(RULES[id]) if use == "population")
    assert "partial" in INCOMPLETE
    result = try_rule(id, {}, coverage={source: "partial"})
    assert result.verdict in ("unknown", "not-evaluated")


@pytest.mark.parametrize("id", RULES)
def test_a_failed_collection_is_no_empty_list(id: str) -> None:
    """M365-Assess: a failed call becomes a warning and an empty list, so that rules pass."""
    source = next(name for name, use in datasets_of(RULES[id]) if use == "population")
    assert try_rule(id, {}, coverage={source: "refused"}).verdict == "not-evaluated"


def test_secrets_of_applications_and_of_service_principals_are_both_read() -> None:
    """M365-Assess: credential checks read servicePrincipals alone; most secrets lie elsewhere."""
    dates = {"start": "2024-01-01", "end": "2028-01-01", "publisher": "own"}
    rows = [
        {"key_id": f"on-{kind}", "holder_type": kind, "managed_identity": False, **dates}
        for kind in ("application", "servicePrincipal")
    ]
    judged = try_rule("secret-lifetime", {"secrets": rows})
    assert judged.failed == {"on-application", "on-servicePrincipal"}


def test_a_findings_identity_does_not_change_every_night() -> None:
    """Peers put days left, or a whole message, into the identity: each night all is new."""
    from datetime import timedelta

    row = {"key_id": "k", "end": "2026-01-01", "publisher": "own", "managed_identity": False}
    tonight, tomorrow = (
        try_rule(
            "credential-expired",
            {"credentials": [{**row, "name": name}]},
            as_of=AS_OF + timedelta(days=days),
        ).findings
        for days, name in ((0, "Payroll"), (1, "Payroll (renamed)"))
    )
    assert tonight[0].message != tomorrow[0].message
    assert tonight[0].id == tomorrow[0].id


def test_an_error_inside_a_batch_is_not_dropped() -> None:
    """Peers look at the batch's own 200 and skip items of another status."""

    def item(url: str, attempt: int) -> dict[str, Any]:
        if url == "/things/1":
            return {"status": 403, "headers": {}, "body": {"error": {"code": "Authorization_X"}}}
        return fine(url, attempt)

    replies = run(batch_of(Batches(item)))
    assert [type(each.error) for each in replies] == [type(None), Refused, type(None)]


def batch_of(tenant: Batches) -> Any:
    from auditor.collect.batch import batch

    return batch(service(tenant.send), BASE, asks(3), unheard)


def test_a_resource_is_told_by_its_app_id_never_by_its_name() -> None:
    """Maester and others match `resourceDisplayName`: whoever names an API so is taken for it."""
    rows = [
        grant("real", resource_name="Anything"),
        grant(
            "imitation",
            resource_name="Microsoft Graph",
            resource_app_id=OTHER_API,
            resource_publisher="own",
            tier=None,
            path=None,
        ),
    ]
    judged = try_rule("path-to-global-administrator", {"grants": rows})
    assert {each.evidence["permission_id"] for each in judged.findings} == {"real"}


def test_a_permissions_id_counts_only_with_its_resource() -> None:
    """Lists of GUIDs without their API: the same id may be another permission elsewhere."""
    assert rating(GRAPH, ROLE_MANAGEMENT).tier == 0
    assert rating(OTHER_API, ROLE_MANAGEMENT).tier is None


def test_no_word_of_the_publisher_is_no_pass() -> None:
    """A filter on the owner tenant drops in silence who has none told."""
    judged = try_rule("privileged-role", {"workload_roles": [holder("whose", publisher=None)]})
    assert judged.unknown == {"whose"}
