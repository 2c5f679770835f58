from typing import Any

from auditor.testing import try_rule
from tests.rules.test_insecure_redirect_uri import uri

TABLES: dict[str, Any] = {
    "redirect_uris": [
        uri("https://*.portal.example/in"),
        uri("https://portal.example/*"),
        uri("https://portal.example/in?to=*", platform="spa"),
        uri("https://portal.example/in"),
        uri("https://portal.example/%2a"),
        uri("msauth.com.contoso.app://auth", platform="publicClient"),
        uri("", scheme=None),
        uri("https://*.whose.example/", publisher=None),
        uri("https://*.foreign.example/", publisher="foreign"),
    ]
}
FAILS = {
    "https://*.portal.example/in",
    "https://portal.example/*",
    "https://portal.example/in?to=*",
}
PASSES = {
    "https://portal.example/in",
    "https://portal.example/%2a",
    "msauth.com.contoso.app://auth",
}
UNKNOWN = {"", "https://*.whose.example/"}


def test_a_wildcard_in_the_host_is_worse() -> None:
    found = try_rule("wildcard-redirect-uri", TABLES).findings
    severities = {each.part.partition("/")[2]: each.severity for each in found}
    assert severities["https://*.portal.example/in"] == "critical"
    assert severities["https://portal.example/*"] == "high"
