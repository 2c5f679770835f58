from typing import Any

from auditor.testing import try_rule
from tests.rules.permission_rows import ON_EXCHANGE, OWN_API, SIGN_IN, by_user, consent

MAIL, FILES = {"reach": ("mail-read",)}, {"reach": ("files-write",)}


def of(client: int, publisher: str | None = "foreign") -> dict[str, object]:
    return {"client": client, "publisher": publisher}


TABLES: dict[str, Any] = {
    "delegated_grants": [
        # Client 0 keeps its access for users u and v.
        by_user("offline_access", "u", 1, **SIGN_IN, **of(0)),
        by_user("Offline_Access", "v", 1, **SIGN_IN, **of(0)),
        by_user("mail", "u", 1, **MAIL, **of(0)),
        by_user("files-of-tier-2", "V", 2, **FILES, **of(0)),
        by_user("mail-in-exchange", "u", 1, **MAIL, **of(0), **ON_EXCHANGE),
        by_user("for-another-user", "w", 1, **MAIL, **of(0)),
        by_user("calendar", "u", 1, reach=("calendar-read",), **of(0)),
        by_user("unrated", "u", reach=None, **of(0)),
        by_user("of-an-own-api", "u", reach=None, **of(0), **OWN_API),
        by_user("user-not-told", None, 1, **MAIL, **of(0)),
        consent("kind-not-told", 1, consent_type=None, principal_id="u", **MAIL, **of(0)),
        consent("for-everybody", 1, **MAIL, **of(0)),
        # Client 1, the tenant's own, keeps it for everybody.
        consent("OFFLINE_ACCESS", 1, **SIGN_IN, **of(1, "own")),
        by_user("own-application", "u", 1, **MAIL, **of(1, "own")),
        # Client 2 does not keep it; of client 3 nobody knows.
        by_user("ends-with-the-sign-in", "u", 1, **MAIL, **of(2)),
        consent("offline_Access", 1, consent_type=None, **SIGN_IN, **of(3)),
        by_user("perhaps", "u", 1, **MAIL, **of(3)),
        by_user("publisher-not-told", "u", 1, **MAIL, **of(0, None)),
        by_user("microsoft", "u", 1, **MAIL, **of(0, "microsoft")),
    ]
}
FAILS = {"mail", "files-of-tier-2", "mail-in-exchange", "own-application"}
PASSES = {
    *("offline_access", "Offline_Access", "OFFLINE_ACCESS", "offline_Access", "for-another-user"),
    *("calendar", "of-an-own-api", "for-everybody", "ends-with-the-sign-in"),
}
UNKNOWN = {"unrated", "user-not-told", "kind-not-told", "perhaps", "publisher-not-told"}


def test_an_own_application_is_low() -> None:
    found = try_rule("user-consent-to-mail-or-files", TABLES).findings
    told = {each.part.rpartition("/")[2]: each.severity for each in found}
    assert told == {key: "low" if key == "own-application" else "medium" for key in FAILS}
