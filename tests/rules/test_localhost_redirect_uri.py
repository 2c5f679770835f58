from typing import Any

from auditor.testing import try_rule

LOCAL, PUBLIC = ("http://localhost:3000/in",), ("https://shop.example/in",)
TABLES: dict[str, Any] = {
    "applications": [
        {"id": "beside-public", "local_redirects": LOCAL, "public_redirects": PUBLIC},
        {"id": "with-secret", "local_redirects": LOCAL, "public_redirects": ()},
        {"id": "toy", "local_redirects": LOCAL, "public_redirects": ()},
        {"id": "secret-on-principal-only", "local_redirects": LOCAL, "public_redirects": ()},
        {"id": "public-not-told", "local_redirects": LOCAL, "public_redirects": None},
        {"id": "not-told", "local_redirects": None, "public_redirects": PUBLIC},
        {"id": "public-only", "local_redirects": (), "public_redirects": PUBLIC},
    ],
    "credentials": [
        {"application": 1, "holder_type": "application", "key_id": "k1"},
        {"application": 3, "holder_type": "servicePrincipal", "key_id": "k3"},
    ],
}
FAILS = {"beside-public", "with-secret"}
PASSES = {"toy", "secret-on-principal-only"}
UNKNOWN = {"public-not-told", "not-told"}


def test_the_fix_keeps_the_other_addresses() -> None:
    result = try_rule("localhost-redirect-uri", TABLES)
    assert result.outcome.left_out == 1
    fix = next(each.fix for each in result.findings if each.object["id"] == "with-secret")
    assert "$local = 'http://localhost:3000/in' -split ', '" in fix
    assert "@($a.Web.RedirectUris | Where-Object { $_ -notin $local })" in fix
