from typing import Any

from auditor.testing import try_rule
from tests.rules.test_insecure_redirect_uri import uri

UNIQUE = "https://shop-ds27dh7271aah175.westus-01.azurewebsites.net/in"
TABLES: dict[str, Any] = {
    "redirect_uris": [
        uri("https://shop.azurewebsites.net/in"),
        uri("https://SHOP.GitHub.io/in", platform="spa"),
        uri("http://shop.herokuapp.com./in"),
        uri("https://bucket.s3.eu-west-1.amazonaws.com/in", platform="replyUrls"),
        uri(UNIQUE),
        uri("https://shop.example/in"),
        uri("https://shop.example/azurewebsites.net"),
        uri("https://myazurewebsites.net/in"),
        uri("https://azurewebsites.net.shop.example/in"),
        uri("", scheme=None),
        uri("https://[broken/"),
        uri("https://whose.github.io/", publisher=None),
        uri("msauth.com.contoso.app://auth", platform="publicClient"),
        uri("https://foreign.github.io/", publisher="foreign"),
    ]
}
FAILS = {
    "https://shop.azurewebsites.net/in",
    "https://SHOP.GitHub.io/in",
    "http://shop.herokuapp.com./in",
    "https://bucket.s3.eu-west-1.amazonaws.com/in",
    UNIQUE,
}
PASSES = {
    "https://shop.example/in",
    "https://shop.example/azurewebsites.net",
    "https://myazurewebsites.net/in",
    "https://azurewebsites.net.shop.example/in",
}
UNKNOWN = {"", "https://[broken/", "https://whose.github.io/"}


def test_schemes_of_applications_are_left_out() -> None:
    assert try_rule("shared-hosting-redirect-uri", TABLES).outcome.left_out == 2


def test_a_host_name_nobody_can_choose_is_low() -> None:
    found = try_rule("shared-hosting-redirect-uri", TABLES).findings
    assert {each.severity for each in found if each.part.endswith(UNIQUE)} == {"low"}
    assert sum(each.severity == "high" for each in found) == 4


def test_hosts_can_be_added() -> None:
    result = try_rule(
        "shared-hosting-redirect-uri", TABLES, settings={"more_hosts": [" .Shop.EXAMPLE "]}
    )
    assert PASSES - result.passed == {
        "https://shop.example/in",
        "https://shop.example/azurewebsites.net",
        "https://azurewebsites.net.shop.example/in",
    }
