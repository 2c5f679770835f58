from typing import Any

from auditor.testing import try_rule

NOW = {"start": "2026-01-01", "end": "2026-12-31"}
NOT_TOLD = {"start": None, "end": None}
OLD = {"start": "2024-01-01", "end": "2024-12-31"}


def secret(application: int, key_id: str, **rest: object) -> dict[str, object]:
    return {"application": application, "key_id": key_id, "kind": "secret", **NOW, **rest}


def certificate(application: int, key_id: str, **rest: object) -> dict[str, object]:
    return {"application": application, "key_id": key_id, "kind": "certificate", **NOW, **rest}


ON_PRINCIPAL = {"holder_type": "servicePrincipal"}
APPS = (
    "both",
    "certificate-on-principal",
    "never-ending",
    "secret-only",
    "certificate-only",
    "nothing",
    "secret-expired",
    "secret-ends-now",
    "secret-not-yet",
    "saml-only",
    "expired-and-no-start",
    "symmetric",
    "secret-not-told",
    "certificate-not-told",
    "certain-beside-unknown",
)
ROW = {name: row for row, name in enumerate(APPS)}
TABLES: dict[str, Any] = {
    "applications": [{"id": name, "name": name} for name in APPS],
    "credentials": [
        secret(ROW["both"], "s2"),
        secret(ROW["both"], "s1"),
        secret(ROW["both"], "s0", **OLD),
        certificate(ROW["both"], "c1"),
        secret(ROW["certificate-on-principal"], "s3"),
        certificate(ROW["certificate-on-principal"], "c3", **ON_PRINCIPAL),
        secret(ROW["never-ending"], "s4", end="9999-12-31T23:59:59.9999999Z"),
        certificate(ROW["never-ending"], "c4", end="2299-12-31T00:00:00Z"),
        secret(ROW["secret-only"], "s5"),
        certificate(ROW["certificate-only"], "c5"),
        secret(ROW["secret-expired"], "s6", **OLD),
        certificate(ROW["secret-expired"], "c6"),
        secret(ROW["secret-ends-now"], "s7", end="2026-06-01T00:00:00Z"),
        certificate(ROW["secret-ends-now"], "c7"),
        secret(ROW["secret-not-yet"], "s8", start="2026-06-02"),
        certificate(ROW["secret-not-yet"], "c8"),
        secret(ROW["saml-only"], "s9"),
        certificate(ROW["saml-only"], "c9", saml=True),
        secret(ROW["expired-and-no-start"], "s10", start=None, end="2025-01-01"),
        certificate(ROW["expired-and-no-start"], "c10"),
        secret(ROW["symmetric"], "s11"),
        {**certificate(ROW["symmetric"], "c11"), "kind": "symmetric"},
        secret(ROW["secret-not-told"], "s12", **NOT_TOLD),
        certificate(ROW["secret-not-told"], "c12"),
        secret(ROW["certificate-not-told"], "s13"),
        certificate(ROW["certificate-not-told"], "c13", end=None),
        secret(ROW["certain-beside-unknown"], "s14", **NOT_TOLD),
        secret(ROW["certain-beside-unknown"], "s15"),
        certificate(ROW["certain-beside-unknown"], "c14"),
        secret(-1, "foreign-secret"),
        certificate(-1, "foreign-certificate"),
    ],
}
FAILS = {"both", "certificate-on-principal", "never-ending", "certain-beside-unknown"}
UNKNOWN = {"secret-not-told", "certificate-not-told"}
PASSES = {*APPS} - FAILS - UNKNOWN


def test_the_message_names_the_valid_ones_in_order() -> None:
    result = try_rule("secret-beside-certificate", TABLES)
    message = next(each.message for each in result.findings if each.object["id"] == "both")
    assert message == "both has valid secrets (s1, s2) beside valid certificates (c1)."


def test_without_credentials_all_pass() -> None:
    result = try_rule("secret-beside-certificate", {**TABLES, "credentials": []})
    assert result.passed == {*APPS}
