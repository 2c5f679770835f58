from typing import Any

from auditor.testing import try_rule

TABLES: dict[str, Any] = {
    "sp_risks": [
        {"id": "high", "name": "Payroll", "state": "atRisk", "level": "high"},
        {"id": "low", "name": "Reader", "state": "atRisk", "level": "low"},
        {"id": "hidden", "name": "Courier", "state": "atRisk", "level": None},
        {"id": "compromised", "name": "Bot", "state": "confirmedCompromised", "level": "low"},
        {"id": "dismissed", "state": "dismissed", "level": "high"},
        {"id": "remediated", "state": "remediated"},
        {"id": "safe", "state": "confirmedSafe"},
        {"id": "none", "state": "none"},
        {"id": "not-told", "state": None},
        {"id": "new-word", "state": "unknownFutureValue"},
    ],
    "sp_risk_detections": [
        {"principal_id": "HIGH", "event": "leakedCredentials", "key_ids": ("K1", "k0"), "page": 7},
        {"principal_id": "high", "event": "suspiciousSignins", "key_ids": ()},
        {"principal_id": "low", "event": None, "key_ids": ("gone",)},
        {"principal_id": "dismissed", "event": "leakedCredentials", "key_ids": ("k2",)},
    ],
    "credentials": [
        {"holder": "app", "key_id": "k1", "kind": "secret", "holder_type": "application"},
        {"holder": "app", "key_id": "k2", "kind": "secret", "holder_type": "application"},
    ],
}
FAILS = {"high", "low", "hidden", "compromised"}
PASSES = {"dismissed", "remediated", "safe", "none"}
UNKNOWN = {"not-told", "new-word"}


def test_message_severity_fix_and_proof() -> None:
    found = {each.object["id"]: each for each in try_rule("risky-workload", TABLES).findings}
    severity = {id: each.severity for id, each in found.items()}
    assert severity == {"high": "high", "low": "low", "hidden": "high", "compromised": "critical"}
    assert found["high"].message == (
        "Payroll is at risk, level high: leakedCredentials, suspiciousSignins; "
        "nobody has dealt with it."
    )
    assert 7 in found["high"].pages
    assert "level not shown" in found["hidden"].message
    assert "Bot is confirmed compromised: no detection was read" in found["compromised"].message


def test_the_fix_removes_a_leaked_credential_that_is_still_there() -> None:
    found = {each.object["id"]: each for each in try_rule("risky-workload", TABLES).findings}
    assert found["high"].fix == "Remove-MgApplicationPassword -ApplicationId 'app' -KeyId 'k1'"
    assert found["low"].fix == ""


def test_without_the_licence_it_is_not_evaluated() -> None:
    result = try_rule("risky-workload", TABLES, coverage={"risky-service-principals": "refused"})
    assert result.verdict == "not-evaluated"
