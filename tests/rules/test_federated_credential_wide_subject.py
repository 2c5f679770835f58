from typing import Any

from auditor.testing import try_rule

GITHUB = {"issuer": "https://token.actions.githubusercontent.com", "holder": "h", "name": "Deploy"}
TABLES: dict[str, Any] = {
    "federated_credentials": [
        {"id": "pull-requests", **GITHUB, "label": "pr", "subject": "repo:a/b:pull_request"},
        {"id": "no-repository", **GITHUB, "subject": "environment:production"},
        {"id": "literal-star", **GITHUB, "subject": "repo:a/*"},
        {"id": "any-branch", **GITHUB, "expression": "claims['sub'] matches 'repo:a/b:ref:*'"},
        {"id": "any-repository", **GITHUB, "expression": "claims['sub'] matches 'repo:a/*'"},
        {"id": "main", **GITHUB, "subject": "repo:a/b:ref:refs/heads/main"},
        {"id": "one", **GITHUB, "expression": "claims['sub'] eq 'repo:a/b:environment:prod'"},
        {"id": "unread-expression", **GITHUB, "expression": "claims['sub'] like 'x'"},
        {"id": "nothing-told", **GITHUB},
        {"id": "no-issuer", "subject": "repo:a/b:ref:refs/heads/main"},
        {"id": "odd-issuer", "issuer": "https://idp.example", "subject": "7"},
    ]
}
FAILS = {"pull-requests", "no-repository", "literal-star", "any-branch", "any-repository"}
PASSES = {"main", "one"}
UNKNOWN = {"unread-expression", "nothing-told", "no-issuer", "odd-issuer"}


def test_the_wider_the_worse() -> None:
    found = try_rule("federated-credential-wide-subject", TABLES).findings
    assert {each.part: each.severity for each in found} == {
        "pull-requests": "high",
        "no-repository": "critical",
        "literal-star": "low",
        "any-branch": "high",
        "any-repository": "critical",
    }


def test_the_finding_names_who_gets_in_and_the_command() -> None:
    found = try_rule("federated-credential-wide-subject", TABLES).findings
    told = {each.part: each for each in found}["pull-requests"]
    assert told.message == (
        "Federated credential pr of Deploy lets in every pull request of the repository a/b, "
        "before anybody has reviewed it."
    )
    assert told.fix == (
        "Remove-MgApplicationFederatedIdentityCredential -ApplicationId 'h' "
        "-FederatedIdentityCredentialId 'pull-requests'"
    )


def test_why_a_credential_is_unknown_is_told() -> None:
    causes = {
        each.part: each.cause
        for each in try_rule("federated-credential-wide-subject", TABLES).outcome.unknowns
    }
    assert causes["nothing-told"] == "neither a subject nor an expression came with it"
    assert causes["unread-expression"] == "its expression cannot be read here"
