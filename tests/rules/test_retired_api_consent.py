from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import LOST_API, ON_EXCHANGE, by_user, consent

AAD_GRAPH = {"resource_app_id": "00000002-0000-0000-C000-000000000000"}
EWS = {"permission_id": "3b5f3d61-589b-4a3c-a359-5dd4b5ee5bd5"}
TABLES: dict[str, Any] = {
    "delegated_grants": [
        consent("user_impersonation", **AAD_GRAPH),
        by_user("Directory.Read", "u", **AAD_GRAPH),
        consent("Of.A.Foreign.App", publisher="foreign", **AAD_GRAPH),
        consent("EWS.AccessAsUser.All", **EWS, **ON_EXCHANGE),
        consent("On.Graph"),
        consent("Mail.Read", permission_id="185758ba-798d-4b72-9e54-429a413a2510", **ON_EXCHANGE),
        consent("id-not-told", **ON_EXCHANGE),
        consent("api-not-told", **LOST_API),
        consent("publisher-not-told", publisher=None, **AAD_GRAPH),
        consent("microsoft", publisher="microsoft", **AAD_GRAPH),
    ]
}
FAILS = {"user_impersonation", "Directory.Read", "Of.A.Foreign.App", "EWS.AccessAsUser.All"}
PASSES = {"On.Graph", "Mail.Read"}
UNKNOWN = {"id-not-told", "api-not-told", "publisher-not-told"}


def test_the_message_tells_which_api() -> None:
    found = try_rule("retired-api-consent", TABLES).findings
    told = {each.part.rpartition("/")[2]: each.message for each in found}
    assert "Azure AD Graph" in told["user_impersonation"]
    assert "Exchange Web Services" in told["EWS.AccessAsUser.All"]
