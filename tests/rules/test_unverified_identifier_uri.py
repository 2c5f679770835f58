from typing import Any

from auditor.testing import try_rule

APP, TENANT = "0a0a0a0a-1111-2222-3333-444444444444", "0b0b0b0b-1111-2222-3333-444444444444"


def app(id: str, *uris: str, principal: int = -1) -> dict[str, object]:
    values = {"id": id, "app_id": APP.upper(), "name": "API", "principal": principal}
    return values | {"identifier_uris": uris}


TABLES: dict[str, Any] = {
    "applications": [
        app("foreign-domain", "https://other.example/api"),
        app("no-domain", "api://my-api"),
        app("looks-like-ours", "https://evilcontoso.example/api"),
        app("ours-in-the-path", "https://other.example/contoso.example"),
        app("ours-before-an-at", "https://contoso.example@other.example/"),
        app("one-of-two", f"api://{APP}", "https://other.example/api"),
        app("principal-without-saml", "https://other.example/x", principal=1),
        app("default", f"api://{APP}"),
        app("tenant", f"api://{TENANT}/api"),
        app("verified", "https://CONTOSO.example:443/api"),
        app("below-verified", "api://api.contoso.example"),
        app("initial-domain", "https://contoso.onmicrosoft.com/api"),
        app("saml", "https://product.example/saml", principal=0),
        app("not-told") | {"identifier_uris": None},
        app("none"),
    ],
    "tenant": [{"id": TENANT, "domains": ("contoso.example", "contoso.onmicrosoft.com")}],
    "service_principals": [{"single_sign_on": "saml"}, {"single_sign_on": None}],
}
FAILS = {
    *("foreign-domain", "no-domain", "looks-like-ours", "ours-in-the-path", "ours-before-an-at"),
    *("one-of-two", "principal-without-saml"),
}
PASSES = {"default", "tenant", "verified", "below-verified", "initial-domain", "saml"}
UNKNOWN = {"not-told"}


def test_only_the_strange_ones_are_named_and_taken_away() -> None:
    result = try_rule("unverified-identifier-uri", TABLES)
    assert result.outcome.left_out == 1
    finding = next(e for e in result.findings if e.object["id"] == "one-of-two")
    assert finding.message.startswith("API is named https://other.example/api as an API")
    assert "$strange = 'https://other.example/api' -split ', '" in finding.fix


def test_without_the_tenants_domains_nothing_fails() -> None:
    tables = TABLES | {"tenant": [{"id": TENANT, "domains": None}]}
    result = try_rule("unverified-identifier-uri", tables)
    assert result.failed == set()
    assert "default" in result.passed
    assert "foreign-domain" in result.unknown
