from typing import Any

from auditor.testing import try_rule

MANY = "AzureADMultipleOrgs"


def app(id: str, *locks: bool | None, audience: str | None = MANY) -> dict[str, object]:
    names = ("lock_enabled", "lock_all", "lock_verify", "lock_sign", "lock_encryption")
    return {"id": id, "audience": audience} | dict(zip(names, locks, strict=True))


TABLES: dict[str, Any] = {
    "applications": [
        app("never-set", False, False, False, False, False),
        app("switched-off", False, True, True, True, True),
        app("on-but-nothing", True, False, False, False, False),
        app("only-verify", True, False, True, False, False),
        app("only-sign", True, False, False, True, True),
        app("sure-although-one-is-not-told", True, False, None, False, True),
        app(
            "personal-too",
            False,
            False,
            False,
            False,
            False,
            audience=f"{MANY[:7]}andPersonalMicrosoftAccount",
        ),
        app("all", True, True, True, True, True),
        app("all-by-one-word", True, True, False, False, False),
        app("all-one-by-one", True, False, True, True, True),
        app("all-parts-not-told", True, True, None, None, None),
        app("cloud-does-not-tell", None, None, None, None, None),
        app("enabled-not-told", None, True, True, True, True),
        app("part-not-told", True, False, True, True, None),
        app("audience-not-told", False, False, False, False, False, audience=None),
        app("single-tenant", False, False, False, False, False, audience="AzureADMyOrg"),
        app("personal", False, False, False, False, False, audience="PersonalMicrosoftAccount"),
    ]
}
FAILS = {
    *("never-set", "switched-off", "on-but-nothing", "only-verify", "only-sign"),
    *("sure-although-one-is-not-told", "personal-too"),
}
PASSES = {"all", "all-by-one-word", "all-one-by-one", "all-parts-not-told"}
UNKNOWN = {"cloud-does-not-tell", "enabled-not-told", "part-not-told", "audience-not-told"}


def test_single_tenant_registrations_have_no_instances() -> None:
    result = try_rule("property-lock-off", TABLES)
    assert result.outcome.left_out == 2
    severities = {each.object["id"]: each.severity for each in result.findings}
    assert severities["only-verify"] == "medium"
    assert severities["only-sign"] == severities["never-set"] == "high"


def test_the_message_says_what_is_open() -> None:
    found = {e.object["id"]: e.message for e in try_rule("property-lock-off", TABLES).findings}
    assert found["only-sign"].endswith(": credentials to sign in with.")
