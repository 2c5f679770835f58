from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import LOST_API, ON_EXCHANGE, OWN_API, grant

NOTHING = "00000000-0000-0000-0000-000000000000"
MAIL_READ = "810c84a8-4a9e-49e6-bf7d-12d183f40d01"


def reaching(id: Any, word: Any, tier: Any = 1, **columns: Any) -> dict[str, object]:
    return grant(id, tier, **({"reach": (word,)} | columns))


TABLES: dict[str, Any] = {
    "grants": [
        reaching("files", "files-write"),
        reaching("sites-of-a-foreign-app", "sites-control", publisher="foreign"),
        reaching("chats-of-an-identity", "chat-read", managed_identity=True),
        reaching("untested-tier-0", "protected-content", 0),
        reaching("where-installed", "chat-read", permission="Chat.Read.WhereInstalled"),
        reaching("calendars", "calendar-write"),
        reaching("calendars-read-at-tier-2", "calendar-read", 2),
        reaching("contacts-in-exchange", "contacts-write", **ON_EXCHANGE),
        reaching("nameless", "files-read", permission=None),
        # These pass.
        reaching("one-by-one", "sites-selected"),
        reaching("metadata", "files-read", 2),
        reaching("directory", "directory-read"),
        reaching("tested-path", "files-write", 0, path="indirect"),
        # These are not judged.
        reaching("unrated", "files-read", None),
        grant("reach-not-told", 1, reach=None),
        reaching("api-not-told", "files-read", **LOST_API),
        reaching("publisher-not-told", "files-read", publisher=None),
        # These are left out: mail is Exchange's, but only where API and id are both those of mail.
        reaching(MAIL_READ, "mail-read"),
        reaching("microsofts-own", "files-read", publisher="microsoft"),
        reaching("own-api", "files-read", None, **OWN_API),
        reaching(NOTHING, "files-read", None),
    ]
}
FAILS = {
    *("files", "sites-of-a-foreign-app", "chats-of-an-identity", "untested-tier-0"),
    *("where-installed", "calendars", "calendars-read-at-tier-2", "contacts-in-exchange"),
    "nameless",
}
PASSES = {"one-by-one", "metadata", "directory", "tested-path"}
UNKNOWN = {"unrated", "reach-not-told", "api-not-told", "publisher-not-told"}


def test_severity_tells_wide_from_narrow_and_from_what_exchange_can_limit() -> None:
    found = try_rule("tenant-wide-data-permission", TABLES).findings
    severity = {each.part.rpartition("/")[2]: each.severity for each in found}
    medium = {key for key, value in severity.items() if value == "medium"}
    assert medium == {
        *("where-installed", "calendars", "calendars-read-at-tier-2", "contacts-in-exchange")
    }
    assert severity["nameless"] == "high"


def test_the_id_of_a_mail_permission_on_another_api_is_judged() -> None:
    sharepoint = "00000003-0000-0ff1-ce00-000000000000"
    row = reaching(MAIL_READ, "files-read", resource_app_id=sharepoint)
    assert try_rule("tenant-wide-data-permission", {"grants": [row]}).verdict == "fail"
