from typing import Any

from auditor.testing import try_rule

NOW = {"start": "2026-01-01", "end": "2026-12-31"}
OLD = {"start": "2025-01-01", "end": "2026-05-20"}
LATER = {"start": "2026-06-20", "end": "2026-12-31"}
NOT_TOLD = {"start": None, "end": None}
RECENT, LONG_AGO = {"client": "2026-05-25"}, {"client": "2026-01-25"}
# Of each application: its credentials, and its entry in the report of sign-ins.
APPS: dict[str, tuple[list[dict[str, Any]], dict[str, Any] | None]] = {
    "expired": ([OLD, {**OLD, "kind": "certificate", "end": "2026-05-10"}], RECENT),
    "saml-does-not-count": ([OLD, {**NOW, "saml": True}], RECENT),
    "next-begins-later": ([OLD, LATER], RECENT),
    "another-is-valid": ([OLD, NOW], RECENT),
    "valid-on-the-principal": ([OLD, {**NOW, "holder_type": "servicePrincipal"}], RECENT),
    "federated": ([OLD], RECENT),
    "signed-in-long-ago": ([OLD], LONG_AGO),
    "not-in-the-report": ([OLD], None),
    "signs-users-in": ([OLD], {"delegated_client": "2026-05-31", "last": "2026-05-31"}),
    "no-credentials": ([], RECENT),
    "not-yet-only": ([LATER], RECENT),
    "ends-not-told": ([NOT_TOLD], RECENT),
    "one-end-not-told": ([OLD, NOT_TOLD], RECENT),
    "end-not-told-and-silent": ([OLD, NOT_TOLD], None),
    "entry-without-kinds": ([OLD], {"last": "2026-05-31"}),
    "entry-not-readable": ([OLD], {"client": "once upon a time"}),
}
ROW = {name: row for row, name in enumerate(APPS)}
TABLES: dict[str, Any] = {
    "applications": [{"id": name, "name": name, "principal": ROW[name]} for name in APPS],
    "credentials": [
        {"application": ROW[name], "kind": "secret", **each}
        for name, (held, _) in APPS.items()
        for each in held
    ],
    "federated_credentials": [{"application": ROW["federated"]}],
    "sp_sign_ins": [
        {"principal": ROW[name], **entry} for name, (_, entry) in APPS.items() if entry is not None
    ],
}
FAILS = {"expired", "saml-does-not-count", "next-begins-later"}
UNKNOWN = {"ends-not-told", "one-end-not-told", "entry-without-kinds", "entry-not-readable"}
PASSES = {*APPS} - FAILS - UNKNOWN


def test_the_message_tells_use_and_end() -> None:
    found = {e.object["id"]: e for e in try_rule("all-credentials-expired", TABLES).findings}
    assert found["expired"].message == (
        "expired signed in on 2026-05-25, and none of its credentials is valid: "
        "the last one ended on 2026-05-20."
    )
    assert found["next-begins-later"].message.endswith(
        "ended on 2026-05-20; the next begins on 2026-06-20."
    )


def test_a_refused_report_never_says_that_nothing_signed_in() -> None:
    coverage = {"service-principal-sign-ins": "refused"}
    result = try_rule("all-credentials-expired", {**TABLES, "sp_sign_ins": []}, coverage=coverage)
    assert result.passed == set()
    assert result.verdict == "unknown"
