from typing import Any

from auditor.testing import try_rule

OWN = {
    "publisher": "own",
    "managed_identity": False,
    "holder_type": "application",
    "readable": True,
}
SELF = {**OWN, "self_signed": True, "subject": "CN=job", "issuer": "CN=job"}
TABLES: dict[str, Any] = {
    "certificate_contents": [
        {"key_id": "self-signed", **SELF},
        {"key_id": "from-vault", **SELF, "issuer": "CN=job,O=Contoso Vault"},
        {"key_id": "no-names", **SELF, "subject": "", "issuer": ""},
        {"key_id": "issued", **SELF, "self_signed": False, "issuer": "CN=Contoso CA"},
        {"key_id": "not-fetched", **OWN, "readable": None},
        {"key_id": "names-unread", **SELF, "self_signed": None, "issuer": None},
        {"key_id": "publisher-not-told", **SELF, "publisher": None},
        {"key_id": "managed", **SELF, "managed_identity": True},
        {"key_id": "foreign", **SELF, "publisher": "foreign"},
    ]
}
FAILS = {"self-signed", "from-vault", "no-names"}
PASSES = {"issued"}
UNKNOWN = {"not-fetched", "names-unread", "publisher-not-told"}


def test_approved_issuers_are_allowed() -> None:
    settings = {"approved_issuers": ["o=contoso vault", "O=Other (x"]}
    result = try_rule("self-signed-certificate", TABLES, settings=settings)
    assert result.failed == {"self-signed", "no-names"}
    assert "from-vault" in result.passed


def test_an_issuer_that_is_not_known_is_not_approved() -> None:
    rows = [{"key_id": "one", **SELF, "issuer": None}]
    settings = {"approved_issuers": ["job"]}
    result = try_rule("self-signed-certificate", {"certificate_contents": rows}, settings=settings)
    assert result.failed == {"one"}


def test_others_are_left_out() -> None:
    assert try_rule("self-signed-certificate", TABLES).outcome.left_out == 2


def test_only_approved_issuers_are_allowed_where_that_is_set() -> None:
    settings = {"approved_issuers": ["o=contoso vault"], "only_approved": True}
    result = try_rule("self-signed-certificate", TABLES, settings=settings)
    assert result.failed == {"self-signed", "no-names", "issued"}
    assert result.passed == {"from-vault"}
    message = next(each.message for each in result.findings if each.part == "issued")
    assert "is from no approved authority; its issuer is CN=Contoso CA." in message
