from typing import Any

import pytest

from auditor.testing import try_rule

CYRILLIC_O, ZERO_WIDTH, RIGHT_TO_LEFT = "\u043e", "\u200b", "\u202e"


def app(id: str, name: str | None, verified: bool | None = False, **columns: object) -> Any:
    values = {"id": id, "name": name, "verified": verified, "publisher": "foreign"}
    return values | {"owner_tenant": "stranger", "verified_name": None} | columns


TABLES: dict[str, Any] = {
    "service_principals": [
        app("homoglyph", f"Micr{CYRILLIC_O}soft Teams"),
        app("homoglyph-verified", f"Micr{CYRILLIC_O}soft Teams", True),
        app("zero", "0ffice 365"),
        app("rn", "Rnicrosoft"),
        app("accents", "M\u00ed\u00e7ros\u00f3ft Graph"),
        app("full-width", "\uff2d\uff29\uff23\uff32\uff2f\uff33\uff2f\uff26\uff34"),
        app("zero-width", f"Micro{ZERO_WIDTH}soft"),
        app("brand-with-homoglyph", f"Micr{CYRILLIC_O}soft Security Check"),
        app("own-homoglyph", f"Payr{CYRILLIC_O}ll Sync", True),
        app("exact", "microsoft  TEAMS"),
        app("exact-verified", "Microsoft Teams", True),
        app("begins", "Microsoft Login Helper"),
        app("own-name", "payroll-sync"),
        app("reversed", f"invoice{RIGHT_TO_LEFT}gpj.exe"),
        app("begins-verified", "Azure DevOps Sync", True, verified_name="Exalate"),
        app("own-name-verified", "Payroll Sync", True),
        app("for-microsoft", "Jira for Microsoft Teams"),
        app("word-that-begins-alike", "Azureus"),
        app("cyrillic-word", "\u0411\u0443\u0445\u0433\u0430\u043b\u0442\u0435\u0440 365"),
        app("greek-unit", "\u00b5Torrent"),
        app("family", "\U0001f468\u200d\U0001f469 Family"),
        app("short", "CRM"),
        app("name-not-told", None),
        app("begins-verification-not-told", "Microsoft Login Helper", None),
        app("own-verification-not-told", "Payroll Sync", None),
        app("tenant-not-told", "Microsoft", owner_tenant=None),
        app("whose", "Microsoft", publisher=None),
        app("own", "Microsoft", publisher="own"),
        app("microsoft", "Microsoft", publisher="microsoft"),
    ],
    "applications": [{"name": "Payroll Sync"}, {"name": "CRM"}],
}
FAILS = {
    *("homoglyph", "homoglyph-verified", "zero", "rn", "accents", "full-width", "zero-width"),
    *("brand-with-homoglyph", "own-homoglyph", "exact", "exact-verified", "begins", "own-name"),
    "reversed",
}
PASSES = {
    *("begins-verified", "own-name-verified", "for-microsoft", "word-that-begins-alike"),
    *("cyrillic-word", "greek-unit", "family", "short"),
}
UNKNOWN = {
    *("name-not-told", "begins-verification-not-told", "own-verification-not-told"),
    *("tenant-not-told", "whose"),
}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("imitating-name", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)


@pytest.mark.parametrize(
    ("id", "severity", "told"),
    [
        ("homoglyph", "critical", "look like 'Microsoft Teams'"),
        ("homoglyph-verified", "critical", "look like 'Microsoft Teams'"),
        ("zero-width", "critical", "look like 'Microsoft'"),
        ("brand-with-homoglyph", "critical", "look like a brand of Microsoft's"),
        ("own-homoglyph", "critical", "look like 'Payroll Sync'"),
        ("exact", "high", "(publisher not verified): it has the name of Microsoft's"),
        ("exact-verified", "medium", "(verified): it has the name of Microsoft's"),
        ("begins", "medium", "it begins with a brand"),
        ("own-name", "medium", "the name of your own 'Payroll Sync'"),
        ("reversed", "medium", "hides characters"),
    ],
)
def test_what_is_told(id: str, severity: str, told: str) -> None:
    found = {each.object["id"]: each for each in try_rule("imitating-name", TABLES).findings}
    assert found[id].severity == severity
    assert told in found[id].message


def test_a_trusted_tenant_may_bear_any_name() -> None:
    result = try_rule("imitating-name", TABLES, settings={"trusted_tenants": ["STRANGER"]})
    assert result.failed == set()


def test_names_and_brands_are_settings() -> None:
    wanted = {"names": ["Jira for Microsoft Teams"], "brands": []}
    result = try_rule("imitating-name", TABLES, settings=wanted)
    assert "for-microsoft" in result.failed
    assert {"begins", "exact"} <= result.passed


def test_nothing_passes_while_names_of_own_registrations_are_not_known() -> None:
    result = try_rule("imitating-name", TABLES | {"applications": [{"name": None}]})
    assert "homoglyph" in result.failed
    assert result.passed == set()
