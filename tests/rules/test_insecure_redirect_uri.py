from typing import Any

import pytest

from auditor.tables.configuration import address
from auditor.testing import try_rule


def uri(text: str, **columns: object) -> dict[str, object]:
    told = address(text)._asdict() if text else {}
    values = {"holder": "app", "platform": "web", "holder_type": "application", "publisher": "own"}
    return values | {"uri": text, "name": "Portal"} | told | columns


TABLES: dict[str, Any] = {
    "redirect_uris": [
        uri("http://portal.example/in"),
        uri("HTTP://CAPITALS.example/in"),
        uri("http://localhost.evil.example/"),
        uri("http://localhost@evil.example/"),
        uri("http://evil.example\\@localhost/"),
        uri("http://127.0.0.1.nip.example/"),
        uri("http://0.0.0.0/"),
        uri("http:///no-host"),
        uri("http://spa.example/", platform="spa"),
        uri("http://beside.example/", holder_type="servicePrincipal", platform="replyUrls"),
        uri("https://portal.example/in"),
        uri("http://localhost:3000/in"),
        uri("http://127.0.0.1/"),
        uri("http://127.9.9.9:80/"),
        uri("http://[::1]:5000/"),
        uri("http://app.localhost./"),
        uri("msauth.com.contoso.app://auth"),
        uri("urn:ietf:wg:oauth:2.0:oob"),
        uri("", scheme=None),
        uri("http://[broken/"),
        uri("no scheme"),
        uri("http://whose.example/", publisher=None),
        uri("http://foreign.example/", publisher="foreign"),
    ]
}
FAILS = {
    "http://portal.example/in",
    "HTTP://CAPITALS.example/in",
    "http://localhost.evil.example/",
    "http://localhost@evil.example/",
    "http://evil.example\\@localhost/",
    "http://127.0.0.1.nip.example/",
    "http://0.0.0.0/",
    "http:///no-host",
    "http://spa.example/",
    "http://beside.example/",
}
PASSES = {
    "https://portal.example/in",
    "http://localhost:3000/in",
    "http://127.0.0.1/",
    "http://127.9.9.9:80/",
    "http://[::1]:5000/",
    "http://app.localhost./",
    "msauth.com.contoso.app://auth",
    "urn:ietf:wg:oauth:2.0:oob",
}
UNKNOWN = {"", "http://[broken/", "no scheme", "http://whose.example/"}


def test_fails_passes_and_unknown() -> None:
    result = try_rule("insecure-redirect-uri", TABLES)
    assert (result.failed, result.passed, result.unknown) == (FAILS, PASSES, UNKNOWN)
    assert result.outcome.left_out == 1


@pytest.mark.parametrize(
    ("text", "list_"),
    [
        ("http://portal.example/in", "-Web @{ RedirectUris = @($a.Web.RedirectUris |"),
        ("http://spa.example/", "-Spa @{ RedirectUris = @($a.Spa.RedirectUris |"),
        ("http://beside.example/", "Update-MgServicePrincipal -ServicePrincipalId 'app'"),
    ],
)
def test_the_fix_takes_this_one_from_its_own_list(text: str, list_: str) -> None:
    found = {each.part: each for each in try_rule("insecure-redirect-uri", TABLES).findings}
    fix = next(each.fix for part, each in found.items() if part.endswith(text))
    assert list_ in fix
    assert f"Where-Object {{ $_ -cne '{text}' }}" in fix


def test_a_quote_in_an_address_stays_text() -> None:
    rows = [uri("http://portal.example/'; Remove-Item x; '")]
    finding = try_rule("insecure-redirect-uri", {"redirect_uris": rows}).findings[0]
    assert "-cne 'http://portal.example/''; Remove-Item x; ''' }" in finding.fix
