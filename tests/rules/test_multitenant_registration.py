from typing import Any

from auditor.testing import try_rule

MANY = "AzureADMultipleOrgs"
TABLES: dict[str, Any] = {
    "applications": [
        {"id": "many", "audience": MANY, "verified": False, "public_redirects": ()},
        {"id": "web", "audience": MANY, "verified": False, "public_redirects": ("https://x",)},
        {"id": "urls-not-told", "audience": MANY, "verified": False, "public_redirects": None},
        {"id": "personal", "audience": "PersonalMicrosoftAccount", "verified": False},
        {"id": "both", "audience": "AzureADandPersonalMicrosoftAccount", "verified": False},
        {"id": "verified", "audience": MANY, "verified": True},
        {"id": "own", "audience": "AzureADMyOrg", "verified": False},
        {"id": "own-not-told", "audience": "AzureADMyOrg", "verified": None},
        {"id": "not-told", "audience": None, "verified": False},
        {"id": "verification-not-told", "audience": MANY, "verified": None},
        {"id": "new-word", "audience": "Galaxy", "verified": True},
    ]
}
FAILS = {"many", "web", "urls-not-told", "personal", "both"}
PASSES = {"verified", "own", "own-not-told"}
UNKNOWN = {"not-told", "verification-not-told", "new-word"}


def test_where_people_sign_in_is_worse() -> None:
    found = try_rule("multitenant-registration", TABLES).findings
    assert {e.object["id"] for e in found if e.severity == "medium"} == {"web"}
