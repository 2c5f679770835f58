from typing import Any

from auditor.testing import try_rule

VALID, ENDED = "2026-12-01T00:00:00Z", "2026-05-01T00:00:00Z"


def deleted(
    id: str, credentials: int | None, end: str | None, asks: tuple[str, ...] | None
) -> dict[str, Any]:
    return {"id": id, "name": id, "credentials": credentials, "last_end": end, "asks": asks}


TABLES: dict[str, Any] = {
    "deleted_applications": [
        deleted("loaded", 1, VALID, ("Mail.ReadWrite", "User.ReadWrite.All")),
        deleted("ended", 2, ENDED, ("Mail.ReadWrite",)),
        deleted("bare", 0, None, ("Mail.ReadWrite",)),
        deleted("harmless", 1, VALID, ()),
        deleted("asks-not-told", 1, VALID, None),
        deleted("end-not-told", 1, None, ("Mail.ReadWrite",)),
        deleted("credentials-not-told", None, None, ("Mail.ReadWrite",)),
    ]
}
FAILS = {"loaded"}
PASSES = {"ended", "bare"}
UNKNOWN = {"harmless", "asks-not-told", "end-not-told", "credentials-not-told"}


def test_message_and_fix() -> None:
    (found,) = try_rule("deleted-application-credential", TABLES).findings
    assert found.message == (
        "loaded was deleted, asks for Mail.ReadWrite, User.ReadWrite.All, and can be restored with "
        "a credential that is valid until 2026-12-01."
    )
    assert found.fix == "Remove-MgDirectoryDeletedItem -DirectoryObjectId 'loaded'"
