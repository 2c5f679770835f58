"""Subjects as the platforms write them, and whom each lets in."""

from __future__ import annotations

import pytest

from rules.federation._subjects import host, width

GITHUB = "https://token.actions.githubusercontent.com"
GITLAB, TERRAFORM = "https://gitlab.com", "https://app.terraform.io"
ORG = "2f3a1c8e-5b1d-4e0f-9d55-0d6b7c1f2a3b"
DEVOPS = f"https://vstoken.dev.azure.com/{ORG}"
ENTRA = f"https://login.microsoftonline.com/{ORG}/v2.0"
AKS = f"https://westeurope.oic.prod-aks.azure.com/{ORG}/{ORG}/"
EKS = "https://oidc.eks.eu-central-1.amazonaws.com/id/AB12"
AWS, GOOGLE = f"https://{ORG}.tokens.sts.global.api.aws", "https://accounts.google.com"
OWN = "https://git.contoso.example"


@pytest.mark.parametrize(
    ("issuer", "subject"),
    [
        (GITHUB, "repo:contoso/shop:ref:refs/heads/main"),
        (GITHUB, "repo:contoso/shop:ref:refs/tags/v1"),
        (GITHUB, "repo:contoso/shop:environment:production"),
        (GITHUB, "repo:contoso@123/shop@456:environment:production"),
        (GITHUB, "repository_id:456:environment:production"),
        (
            GITHUB,
            "repo:contoso/shop:job_workflow_ref:contoso/ci/.github/workflows/a.yml@refs/heads/m",
        ),
        ("https://contoso.ghe.com/_services/token", "repo:a/b:ref:refs/heads/main"),
        ("https://github.contoso.example/_services/token", "repo:a/b:ref:refs/heads/main"),
        (GITLAB, "project_path:group/sub/shop:ref_type:branch:ref:main"),
        (OWN, "project_path:group/shop:ref_type:tag:ref:v1.0"),
        (GITLAB, "project_path:group/shop:environment:production"),
        (TERRAFORM, "organization:contoso:project:core:workspace:network:run_phase:apply"),
        (TERRAFORM, "organization:contoso:project:core:workspace:network:run_phase:plan"),
        (DEVOPS, "sc://contoso/Shop/azure-production"),
        (ENTRA, f"/eid1/c/pub/t/abc/a/def/sc/{ORG}/{ORG}"),
        (ENTRA, ORG),
        (AKS, "system:serviceaccount:shop:orders"),
        (EKS, "system:serviceaccount:shop:orders"),
        (OWN, "system:serviceaccount:shop:orders"),
        (AWS, "arn:aws:iam::123456789012:role/deploy"),
        (AWS, "arn:aws-us-gov:iam::123456789012:user/robot"),
        (GOOGLE, "112233445566778899001"),
    ],
)
def test_one_workload(issuer: str, subject: str) -> None:
    assert width(issuer, subject, None) == (None, None, None)


@pytest.mark.parametrize(
    ("issuer", "subject", "severity", "told"),
    [
        (GITHUB, "repo:contoso/shop:pull_request", "high", "every pull request"),
        (GITHUB, "repo:contoso/shop", "high", "every workflow of the repository contoso/shop"),
        (GITHUB, "repo:contoso/shop:environment:", "high", "environment"),
        (GITHUB, "repository_owner:contoso", "critical", "organization contoso"),
        (GITHUB, "environment:production", "critical", "anybody on GitHub"),
        (GITHUB, "job_workflow_ref:a/b/.github/workflows/c.yml@refs/heads/m", "medium", "may call"),
        (GITHUB, "repo:contoso/*", "low", "literally"),
        (GITLAB, "project_path:group/shop", "high", "every pipeline"),
        (TERRAFORM, "organization:contoso:project:core:workspace:net", "medium", "plan and apply"),
        (TERRAFORM, "organization:contoso:project:core", "high", "contoso/core"),
        (TERRAFORM, "organization:contoso", "critical", "organization contoso"),
        (AKS, "system:serviceaccount:shop:default", "high", "every pod of the namespace shop"),
        (AWS, "arn:aws:iam::123456789012:root", "critical", "AWS account 123456789012"),
    ],
)
def test_many_workloads(issuer: str, subject: str, severity: str, told: str) -> None:
    found = width(issuer, subject, None)
    assert (found.severity, found.unknown) == (severity, None)
    assert told in (found.reason or "")


@pytest.mark.parametrize(
    ("issuer", "subject"),
    [
        (None, "repo:contoso/shop:ref:refs/heads/main"),
        (GITHUB, None),
        (GITHUB, "whatever"),
        (GITLAB, "whatever"),
        (TERRAFORM, "whatever"),
        (DEVOPS, "sc://contoso"),
        (ENTRA, "/eid1/c/pub/t/abc"),
        (ENTRA, "somebody"),
        (AKS, "system:serviceaccount:shop"),
        (AWS, "123456789012"),
        (AWS, "arn:aws:iam::123456789012:group/x"),
        (GOOGLE, "robot@project.iam.gserviceaccount.com"),
        (OWN, "7"),
        ("https://[broken", "7"),
    ],
)
def test_what_is_not_understood_is_not_taken_for_narrow(issuer: str, subject: str) -> None:
    found = width(issuer, subject, None)
    assert found.unknown
    assert found.reason is None


def matches(pattern: str) -> str:
    return f"claims['sub'] matches '{pattern}'"


@pytest.mark.parametrize(
    ("issuer", "expression", "severity", "told"),
    [
        (GITHUB, matches("repo:contoso/*"), "critical", "organization contoso"),
        (GITHUB, matches("repo:*/shop:ref:refs/heads/main"), "critical", "any organization"),
        (GITHUB, matches("*"), "critical", "anybody"),
        (GITHUB, matches("*job_workflow_ref:a/b@refs/heads/main*"), "critical", "anybody"),
        (GITHUB, "claims['environment'] eq 'production'", "critical", "anybody"),
        (GITHUB, matches("repo:contoso/shop:*"), "high", "every workflow"),
        (GITHUB, matches("repo:contoso/shop:ref:refs/heads/*"), "high", "branch or tag"),
        (GITHUB, matches("repo:contoso/shop:ref:refs/heads/release-?"), "high", "branch or tag"),
        (GITHUB, matches("repo:contoso/shop:environment:*"), "high", "environment"),
        (
            GITHUB,
            matches("repo:contoso/*") + " and claims['job_workflow_ref'] eq 'a/b@refs/heads/main'",
            "medium",
            "narrowed to job_workflow_ref a/b@refs/heads/main",
        ),
        (
            GITHUB,
            matches("repo:contoso/*") + " and claims['job_workflow_ref'] matches 'a/b@*'",
            "critical",
            "organization contoso",
        ),
        (GITLAB, matches("project_path:group/*:ref_type:branch:ref:main"), "critical", "group"),
        (GITLAB, matches("project_path:group/shop:ref_type:branch:ref:*"), "high", "branch"),
        (TERRAFORM, matches("organization:contoso:*"), "critical", "organization contoso"),
        (TERRAFORM, matches("organization:c:project:p:workspace:w:run_phase:*"), "medium", "plan"),
        (OWN, matches("*"), "critical", "anybody"),
    ],
)
def test_wide_expressions(issuer: str, expression: str, severity: str, told: str) -> None:
    found = width(issuer, None, expression)
    assert (found.severity, found.unknown) == (severity, None)
    assert told in (found.reason or "")


def test_an_expression_may_name_one_workload() -> None:
    exact = "claims['sub'] eq 'repo:contoso/shop:environment:production'"
    assert width(GITHUB, None, exact) == (None, None, None)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "claims['sub'] startsWith 'repo:contoso/'",
        "claims['sub'] eq 'repo:contoso/*'",
        f"{matches('repo:a/b:ref:refs/heads/m')} or {matches('*')}",
        f"{matches('repo:a/b:ref:refs/heads/m')} and ",
        f"{matches('repo:a/b:ref:refs/heads/m')} and {matches('*')}",
    ],
)
def test_an_expression_that_cannot_be_read_is_unknown(expression: str) -> None:
    assert width(GITHUB, None, expression).unknown


def test_both_a_subject_and_an_expression_are_unknown() -> None:
    assert width(GITHUB, "repo:a/b:ref:refs/heads/m", matches("*")).unknown


def test_the_host_of_an_issuer() -> None:
    assert host("https://GitLab.com/x") == "gitlab.com"
    assert host("gitlab.com") == ""
    assert host("https://[broken") == ""
