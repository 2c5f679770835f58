from typing import Any

from auditor.testing import try_rule

HUB = {"issuer": "https://token.actions.githubusercontent.com"}
MAIN = {**HUB, "subject": "repo:a/b:ref:refs/heads/main"}
FLEXIBLE = {**HUB, "expression": "claims['sub'] matches 'repo:a/*'"}
TABLES: dict[str, Any] = {
    "federated_credentials": [
        {"id": "one", "holder": "app-1", "name": "One", **MAIN},
        {"id": "two", "holder": "app-2", "name": "Two", **MAIN},
        {"id": "slash", "holder": "app-3", "name": None, **MAIN, "issuer": HUB["issuer"] + "/"},
        {"id": "flexible-one", "holder": "app-1", "name": "One", **FLEXIBLE},
        {"id": "flexible-two", "holder": "app-2", "name": "Two", **FLEXIBLE},
        {"id": "same-app-1", "holder": "app-4", **HUB, "subject": "repo:a/c:pull_request"},
        {"id": "same-app-2", "holder": "app-4", **HUB, "subject": "repo:a/c:pull_request"},
        {"id": "other-case", "holder": "app-5", **HUB, "subject": "repo:A/c:pull_request"},
        {"id": "other-issuer", "holder": "app-6", **MAIN, "issuer": "https://gitlab.com"},
        {"id": "no-issuer", "holder": "app-7", "issuer": None, "subject": "x"},
        {"id": "untold", "holder": "app-8", "issuer": "https://idp.example"},
        {"id": "beside-untold", "holder": "app-9", "issuer": "https://idp.example", "subject": "x"},
    ]
}
FAILS = {"one", "two", "slash", "flexible-one", "flexible-two"}
PASSES = {"same-app-1", "same-app-2", "other-case", "other-issuer"}
UNKNOWN = {"no-issuer", "untold", "beside-untold"}


def test_the_others_are_named() -> None:
    found = {each.part: each for each in try_rule("shared-federated-identity", TABLES).findings}
    assert found["one"].message.endswith("of One trusts the same identity as Two, app-3.")
    assert found["flexible-two"].message.endswith("the same identity as One.")
    assert found["one"].evidence["apps"] == 3


def test_many_are_counted_and_not_all_named() -> None:
    rows = [{"id": f"{n}", "holder": f"app-{n}", "name": f"App {n}", **MAIN} for n in range(2000)]
    found = try_rule("shared-federated-identity", {"federated_credentials": rows}).findings
    assert len(found) == 2000
    assert "and 1994 more." in found[0].message
