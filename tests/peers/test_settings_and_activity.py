"""More false passes of peers: settings read by their presence, and silence taken for an answer."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.conformance.case import INCOMPLETE
from auditor.testing import try_rule
from tests.rules import test_inactive_application as inactive
from tests.rules.permission_rows import consent

ADDITION = "password-addition-allowed"
BLOCKS: dict[str, Any] = {
    "policy_id": "policy",
    "restriction": "passwordAddition",
    "target": "applications",
    "custom": False,
    "enabled": True,
    "state": "enabled",
    "applies_to_all": True,
    "exempt": (),
}


def judged(**columns: Any) -> Any:
    return try_rule(ADDITION, {"app_policies": [{**BLOCKS, **columns}]})


def test_a_missing_password_addition_entry_is_not_compliant() -> None:
    """ScubaGear, AADConfig.rego: 5.5v1 collects issues from entries that exist; none is no issue."""
    assert judged(state="absent", exempt=None).verdict == "fail"


@pytest.mark.parametrize(
    "columns",
    [
        {"enabled": False},
        {"state": "disabled"},
        {"applies_to_all": False, "applies_from": "2026-07-01"},
        {"exempt": ("Spare equals yes",)},
    ],
    ids=["policy-off", "state", "start-date", "exemptions"],
)
def test_the_presence_of_a_policy_is_not_its_values(columns: dict[str, Any]) -> None:
    """Prowler, entra_default_app_management_policy_enabled: four entries present are enough."""
    assert judged(**columns).verdict == "fail"


def test_a_policy_for_applications_says_nothing_of_service_principals() -> None:
    """Prowler, the same check: only applicationRestrictions are looked at."""
    assert judged(target="servicePrincipals", state="absent", exempt=None).verdict == "fail"
    assert judged().verdict == "pass"


@pytest.mark.parametrize("how", INCOMPLETE)
def test_no_activity_data_is_not_inactivity_and_no_pass(how: str) -> None:
    """Peers read a report that did not come as: nobody signed in, or nobody is inactive."""
    tables = inactive.TABLES | {"sp_sign_ins": []}
    result = try_rule("inactive-application", tables, coverage={"service-principal-sign-ins": how})
    assert not result.failed
    assert result.verdict in ("unknown", "not-evaluated")


def test_null_consent_data_does_not_pass() -> None:
    """Peers compare a null consentType with AllPrincipals, and the grant drops out."""
    rows = [consent("not-told", 0, consent_type=None), consent("for-everybody", 0)]
    result = try_rule("dangerous-admin-consent", {"delegated_grants": rows})
    assert result.unknown == {"not-told"}
    assert result.failed == {"for-everybody"}
