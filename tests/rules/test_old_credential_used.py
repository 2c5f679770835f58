from typing import Any

from auditor.testing import try_rule

OWN = {"publisher": "own", "managed_identity": False, "kind": "secret", "name": "Job"}
FIRST = {"start": "2026-01-01", "end": "2026-12-31"}
SECOND = {"start": "2026-05-01", "end": "2026-12-31"}


def one(key_id: str, app: int, dates: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"key_id": key_id, "application": app, **OWN, **dates, **more}


CREDENTIALS = [
    one("still-used", 0, FIRST),
    one("its-successor", 0, SECOND),
    one("used-until-moved", 1, FIRST),
    one("moved-to", 1, SECOND),
    one("used-in-the-grace", 2, FIRST),
    one("grace-successor", 2, SECOND),
    one("beside-a-new-one", 3, FIRST),
    one("too-new-to-count", 3, {**SECOND, "start": "2026-05-25"}),
    one("beside-an-expired-one", 4, FIRST),
    one("expired", 4, {**SECOND, "end": "2026-05-30"}),
    one("secret-beside-certificate", 5, FIRST),
    one("certificate", 5, SECOND, kind="certificate", holder_type="servicePrincipal"),
    one("on-a-principal-alone", -1, FIRST, principal=3, holder_type="servicePrincipal"),
    one("on-another-principal-alone", -1, SECOND, principal=4, holder_type="servicePrincipal"),
    one("alone", 6, FIRST),
    one("time-not-readable", 7, FIRST),
    one("its-newer-one", 7, SECOND),
    one("beside-one-not-told", 8, FIRST),
    one("dates-not-told", 8, {"start": None, "end": None}),
    one("start-not-told", 9, {**FIRST, "start": None}),
    one("newer-than-that", 9, SECOND),
    one("not-listed", 10, FIRST),
    one("newer-than-not-listed", 10, SECOND),
    one("foreign", 0, FIRST, publisher="foreign"),
    one("saml", 0, FIRST, saml=True),
]
ROW = {each["key_id"]: row for row, each in enumerate(CREDENTIALS)}


def use(key_id: str, last: str | None) -> dict[str, Any]:
    return {"credential": ROW[key_id], "last": last}


TABLES: dict[str, Any] = {
    "credentials": CREDENTIALS,
    "credential_sign_ins": [
        use("still-used", "2026-05-31"),
        use("used-until-moved", "2026-04-30"),
        use("moved-to", "2026-05-31"),
        use("used-in-the-grace", "2026-05-14"),
        use("beside-a-new-one", "2026-05-31"),
        use("beside-an-expired-one", "2026-05-31"),
        use("secret-beside-certificate", "2026-05-20"),
        use("certificate", "2026-05-31"),
        use("on-a-principal-alone", "2026-05-31"),
        use("on-another-principal-alone", "2026-05-31"),
        use("alone", "2026-05-31"),
        use("time-not-readable", None),
        use("beside-one-not-told", "2026-05-31"),
        use("start-not-told", "2026-05-31"),
        use("newer-than-that", "2026-05-31"),
    ],
}
FAILS = {"still-used", "secret-beside-certificate"}
# Of two, one of which may have begun first or last, each may be the old one.
UNKNOWN = {"time-not-readable", "beside-one-not-told", "start-not-told", "newer-than-that"}
PASSES = {*ROW} - FAILS - UNKNOWN - {"foreign", "saml"}


def test_the_message_tells_both_ends_of_the_rotation() -> None:
    found = {each.part: each for each in try_rule("old-credential-used", TABLES).findings}
    assert found["still-used"].message == (
        "The secret still-used of Job was used on 2026-05-31, 30 days after "
        "the secret its-successor began; no use of that one is known."
    )
    assert found["secret-beside-certificate"].message.endswith(
        "the certificate certificate began; that one was used last on 2026-05-31."
    )


def test_the_command_finds_out_who_uses_it() -> None:
    fix = next(e.fix for e in try_rule("old-credential-used", TABLES).findings)
    assert fix is not None
    assert fix.startswith("Get-MgBetaAuditLogSignIn -Filter \"appId eq 'app_id-")
    assert "ServicePrincipalCredentialKeyId -eq '" in fix


def test_an_empty_report_tells_nothing_of_those_with_a_newer_one() -> None:
    result = try_rule("old-credential-used", {**TABLES, "credential_sign_ins": []})
    assert result.failed == set()
    assert {"still-used", "used-until-moved", "not-listed"} <= result.unknown
    assert "alone" in result.passed
