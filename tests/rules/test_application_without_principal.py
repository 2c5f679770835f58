from typing import Any

from auditor.testing import try_rule

TABLES: dict[str, Any] = {
    "applications": [
        {"id": "unborn", "name": "Unborn", "principal": -1},
        {"id": "whole", "principal": 0},
    ],
    "service_principals": [{"id": "s"}],
}
FAILS = {"unborn"}
PASSES = {"whole"}
UNKNOWN: set[str] = set()


def test_message_and_severity() -> None:
    (found,) = try_rule("application-without-principal", TABLES).findings
    assert found.severity == "info"
    assert found.message == "Unborn is registered here and has no service principal in this tenant."
    assert found.fix == "Remove-MgApplication -ApplicationId 'unborn'"


def test_service_principals_that_were_not_read_may_be_there() -> None:
    for how in ("refused", "partial"):
        result = try_rule(
            "application-without-principal", TABLES, coverage={"service-principals": how}
        )
        assert not result.failed
        assert "unborn" in result.unknown
