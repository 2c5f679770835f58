from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "managed_identity": False, "holder_type": "application", "name": "Job"}
READ = {
    **OWN,
    "readable": True,
    "subject": "",
    "issuer": "CN=a",
    "serial": "1",
    "not_before": "2026-01-01",
    "not_after": "2026-12-31",
    "algorithm": "Ed25519",
    "signature_hash": "ed25519",
}
NO_KEY = {**READ, "algorithm": None, "problem": "public key: unknown"}
TABLES: dict[str, Any] = {
    "certificate_contents": [
        {
            "key_id": "no-certificate",
            **OWN,
            "readable": False,
            "problem": "its bytes are not base64",
        },
        {"key_id": "no-reason", **OWN, "readable": False},
        {"key_id": "no-key", **NO_KEY},
        {"key_id": "whole", **READ},
        {"key_id": "not-fetched", **OWN, "readable": None},
        {"key_id": "part-missing", **READ, "serial": None},
        {"key_id": "publisher-not-told", **NO_KEY, "publisher": None},
        {"key_id": "managed", **NO_KEY, "managed_identity": True},
        {"key_id": "foreign", **NO_KEY, "publisher": "foreign"},
    ]
}
FAILS = {"no-certificate", "no-reason", "no-key"}
PASSES = {"whole"}
UNKNOWN = {"not-fetched", "part-missing", "publisher-not-told"}


def test_the_message_tells_what_is_wrong() -> None:
    messages = {
        each.part: each.message for each in try_rule("unreadable-certificate", TABLES).findings
    }
    assert messages["no-certificate"].endswith("cannot be read: its bytes are not base64.")
    assert messages["no-key"].endswith("cannot be read: public key: unknown.")
    assert messages["no-reason"].endswith("cannot be read: what is wrong was not told.")


def test_a_broken_extension_is_a_problem_though_all_columns_are_there() -> None:
    rows = [{"key_id": "one", **READ, "problem": "extensions: duplicate"}]
    assert try_rule("unreadable-certificate", {"certificate_contents": rows}).failed == {"one"}


def test_the_cause_of_each_unknown_is_told() -> None:
    unknowns = try_rule("unreadable-certificate", TABLES).outcome.unknowns
    causes = {each.part: each.cause for each in unknowns}
    assert causes["not-fetched"] == "its bytes were not fetched"
    assert causes["part-missing"] == "a part of it is not known, nor why"
