from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import LOST_API, ON_EXCHANGE, grant

AAD_GRAPH = {"resource_app_id": "00000002-0000-0000-C000-000000000000"}
NOTHING = "00000000-0000-0000-0000-000000000000"
EWS = "dc890d15-9560-4a4c-9b7f-a736ec74ec40"
TABLES: dict[str, Any] = {
    "grants": [
        grant("directory-read", 2, **AAD_GRAPH),
        grant("unrated", None, **AAD_GRAPH),
        grant("of-a-foreign-app", 0, publisher="foreign", **AAD_GRAPH),
        grant(EWS, 0, **ON_EXCHANGE),
        grant("graph", 0),
        grant("named-like-it", 0, resource_name="Windows Azure Active Directory"),
        grant("mail", 1, **ON_EXCHANGE),
        grant("api-not-told", 0, **LOST_API),
        grant("publisher-not-told", 0, publisher=None, **AAD_GRAPH),
        grant("microsoft", 0, publisher="microsoft", **AAD_GRAPH),
        grant(NOTHING, None, **AAD_GRAPH),
    ]
}
FAILS = {"directory-read", "unrated", "of-a-foreign-app", EWS}
PASSES = {"graph", "named-like-it", "mail"}
UNKNOWN = {"api-not-told", "publisher-not-told"}


def test_the_message_tells_which_api() -> None:
    found = try_rule("retired-api-permission", TABLES).findings
    told = {each.part.rpartition("/")[2]: each.message for each in found}
    assert "Azure AD Graph, switched off in 2025" in told["unrated"]
    assert "Exchange Web Services" in told[EWS]


def test_the_id_of_full_access_on_another_api_is_no_ews() -> None:
    assert try_rule("retired-api-permission", {"grants": [grant(EWS, 0)]}).verdict == "pass"
