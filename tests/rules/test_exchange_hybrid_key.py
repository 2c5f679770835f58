from typing import Any

from auditor.testing import try_rule

EXCHANGE = "00000002-0000-0ff1-ce00-000000000000"
KEY = {"holder_type": "servicePrincipal", "kind": "certificate"}
TABLES: dict[str, Any] = {
    "service_principals": [
        {"id": "exchange", "app_id": EXCHANGE, "name": "Office 365 Exchange Online"},
        {"id": "exchange-in-capitals", "app_id": EXCHANGE.upper()},
        {"id": "secret-only", "app_id": EXCHANGE},
        {"id": "clean", "app_id": EXCHANGE},
        {"id": "graph", "app_id": "00000003-0000-0000-c000-000000000000"},
    ],
    "credentials": [
        {"principal": 0, "key_id": "k2", **KEY},
        {"principal": 0, "key_id": "k1", **KEY, "end": "2020-01-01"},
        {"principal": 0, "key_id": "s1", **KEY, "kind": "secret"},
        {"principal": 1, "key_id": "k3", **KEY, "kind": "symmetric"},
        {"principal": 2, "key_id": "s2", **KEY, "kind": "secret"},
        {"principal": 3, "key_id": "k4", **KEY, "holder_type": "application"},
        {"principal": 4, "key_id": "k5", **KEY},
        {"principal": -1, "key_id": "k6", **KEY},
    ],
    "certificate_contents": [
        {"principal": 0, "key_id": "k1", "subject": "CN=Microsoft Exchange Server Auth Certificate"}
    ],
}
FAILS = {"exchange", "exchange-in-capitals"}
PASSES = {"secret-only", "clean"}
UNKNOWN: set[str] = set()


def test_the_message_names_keys_and_subject() -> None:
    found = {each.object["id"]: each for each in try_rule("exchange-hybrid-key", TABLES).findings}
    assert found["exchange"].message == (
        "Office 365 Exchange Online carries keys: k1, k2 "
        "(CN=Microsoft Exchange Server Auth Certificate)."
    )
    assert found["exchange"].severity == "high"


def test_without_the_bytes_the_keys_still_fail() -> None:
    result = try_rule("exchange-hybrid-key", {**TABLES, "certificate_contents": []})
    assert result.failed == FAILS
