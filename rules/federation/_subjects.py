"""Whom the subject of a federated credential lets in, by the platform that issues the token.

A subject is compared as a whole and exactly: `*` in it is a letter like any other. Only the
expression of a flexible credential (claimsMatchingExpression) knows `*` and `?`.

Sources: GitHub, "OpenID Connect reference"; GitLab, "OpenID Connect (OIDC) Authentication Using ID
Tokens"; HashiCorp, "Dynamic Credentials with the Azure Provider"; Azure DevOps, "Set a workload
identity service connection"; Kubernetes, "Service account token volume projection"; AWS IAM,
"Outbound identity federation"; Google Cloud, "Service account ID tokens"; Microsoft Entra,
"Flexible federated identity credentials".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

ANYWHERE, WIDE, NARROWED, MISTAKEN = "critical", "high", "medium", "low"
_WILD = re.compile(r"[*?]")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# One comparison of an expression; `and` is the only thing that joins two.
_CLAUSE = re.compile(r"\s*claims\['(?P<claim>\w+)'\] (?P<how>eq|matches) '(?P<value>[^']*)'\s*")


class Width(NamedTuple):
    """How far a credential reaches: why it is wide and how bad that is, or why nobody can tell."""

    reason: str | None = None
    severity: str | None = None
    unknown: str | None = None


Parser = Callable[[str], Width]
EXACT = Width()


def _wild(text: str) -> bool:
    return _WILD.search(text) is not None


def _unclear(platform: str) -> Width:
    return Width(unknown=f"its subject has none of the forms of {platform} that are known here")


def _parts(subject: str, *names: str) -> dict[str, str]:
    """The values behind the names in `name:value:name:value`; a value may hold colons."""
    pattern = "|".join(re.escape(name) for name in names)
    found = list(re.finditer(rf"(?:^|:)({pattern})(?=:|$)", subject))
    ends = [*(each.start() for each in found), len(subject)][1:]
    values = (subject[each.end() + 1 : end] for each, end in zip(found, ends, strict=True))
    # In `repo:contoso/shop:*` the pattern begins behind the value.
    return {
        each[1]: re.sub(r":.*[*?].*$", "", value) for each, value in zip(found, values, strict=True)
    }


_OF_GITHUB = (
    *("repo", "repository", "repository_id", "repository_owner", "repository_owner_id"),
    *("environment", "ref", "job_workflow_ref", "pull_request", "context", "enterprise"),
)


def _github(subject: str) -> Width:
    parts = _parts(subject, *_OF_GITHUB)
    named = [parts[name] for name in ("repo", "repository", "repository_id") if parts.get(name)]
    if not parts:
        return _everything("GitHub") if _wild(subject) else _unclear("GitHub")
    if not named:
        return _github_without_repository(parts)
    # repo:OWNER/NAME, with ids behind an @ since GitHub makes subjects that survive a renaming.
    if any(_wild(each) for each in named):
        owner = named[0].partition("/")[0]
        whose = "any organization" if _wild(owner) else f"the organization {owner}"
        return Width(f"any matching repository of {whose}", ANYWHERE)
    where = f"the repository {named[0]}"
    if "job_workflow_ref" in parts and not _wild(parts["job_workflow_ref"]):
        return EXACT
    if "pull_request" in parts:
        return Width(f"every pull request of {where}, before anybody has reviewed it", WIDE)
    for name, told in (("environment", "environment"), ("ref", "branch or tag")):
        if name in parts:
            wide = _wild(parts[name]) or not parts[name]
            return Width(f"any matching {told} of {where}", WIDE) if wide else EXACT
    return Width(f"every workflow of {where}, on any branch", WIDE)


def _github_without_repository(parts: dict[str, str]) -> Width:
    owner = parts.get("repository_owner") or parts.get("repository_owner_id")
    workflow = parts.get("job_workflow_ref")
    if workflow and not _wild(workflow):
        return Width(f"every repository that may call the workflow {workflow}", NARROWED)
    if owner and not _wild(owner):
        return Width(f"every repository of the organization {owner}", ANYWHERE)
    return Width("repositories of anybody on GitHub: it names none and no organization", ANYWHERE)


def _everything(platform: str) -> Width:
    return Width(f"anybody who gets a matching token of {platform}", ANYWHERE)


_OF_GITLAB = (
    *("project_path", "project_id", "namespace_path", "namespace_id", "ref_type", "ref"),
    *("environment", "environment_protected", "deployment_tier", "ref_protected", "user_login"),
)


def _gitlab(subject: str) -> Width:
    parts = _parts(subject, *_OF_GITLAB)
    project = parts.get("project_path") or parts.get("project_id")
    if not parts:
        return _everything("GitLab") if _wild(subject) else _unclear("GitLab")
    if not project or _wild(project):
        group = (project or parts.get("namespace_path") or "").rpartition("/")[0]
        whose = f"the group {group}" if group and not _wild(group) else "any group"
        return Width(f"any matching project of {whose}", ANYWHERE)
    where = f"the project {project}"
    if parts.get("environment"):
        wide = _wild(parts["environment"])
        return Width(f"any matching environment of {where}", WIDE) if wide else EXACT
    ref = parts.get("ref", "")
    if not ref:
        return Width(f"every pipeline of {where}, on any branch", WIDE)
    return Width(f"any matching branch or tag of {where}", WIDE) if _wild(ref) else EXACT


def _terraform(subject: str) -> Width:
    parts = _parts(subject, "organization", "project", "workspace", "run_phase", "stack")
    if not parts:
        return _everything("HCP Terraform") if _wild(subject) else _unclear("Terraform")
    organization, project = parts.get("organization", ""), parts.get("project", "")
    workspace = parts.get("workspace") or parts.get("stack") or ""
    if not organization or _wild(organization):
        return Width("workspaces of any organization of HCP Terraform", ANYWHERE)
    if not project or _wild(project):
        return Width(f"any matching workspace of the organization {organization}", ANYWHERE)
    if not workspace or _wild(workspace):
        return Width(f"any matching workspace of the project {organization}/{project}", WIDE)
    if not parts.get("run_phase") or _wild(parts["run_phase"]):
        where = f"{organization}/{project}/{workspace}"
        return Width(f"plan and apply alike of {where}; a plan runs before approval", NARROWED)
    return EXACT


def _azure_devops(subject: str) -> Width:
    """sc://ORGANIZATION/PROJECT/CONNECTION, or the longer form of Entra as the issuer."""
    if subject.lower().startswith("/eid1/"):
        tail = subject.lower().partition("/sc/")[2].split("/")
        return EXACT if len(tail) >= 2 and all(tail) and not _wild(subject) else _unclear("Entra")
    named = subject.partition("://")[2].split("/")
    if not subject.lower().startswith("sc://") or len(named) < 3 or not all(named):
        return _unclear("Azure DevOps")
    return Width("any matching service connection", ANYWHERE) if _wild(subject) else EXACT


def _kubernetes(subject: str) -> Width:
    """system:serviceaccount:NAMESPACE:NAME."""
    parts = subject.split(":")
    if len(parts) != 4 or parts[:2] != ["system", "serviceaccount"] or not all(parts):
        return _unclear("Kubernetes")
    if _wild(parts[2]) or _wild(parts[3]):
        return Width("any matching service account of the cluster", ANYWHERE)
    if parts[3] == "default":
        return Width(
            f"every pod of the namespace {parts[2]} that names no service account of its own", WIDE
        )
    return EXACT


def _aws(subject: str) -> Width:
    """The ARN of a role or user."""
    parts = subject.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        return _unclear("AWS")
    kind, _, name = parts[5].partition("/")
    if kind == "root" or _wild(subject):
        return Width(f"anybody in the AWS account {parts[4] or 'named'}", ANYWHERE)
    return EXACT if kind in ("role", "user", "assumed-role") and name else _unclear("AWS")


def _google(subject: str) -> Width:
    """The number of a service account or person."""
    return EXACT if subject.isdigit() else _unclear("Google")


def _identity(subject: str) -> Width:
    """Entra itself: the object id of a managed identity, or a service connection."""
    if subject.lower().startswith("/eid1/"):
        return _azure_devops(subject)
    return EXACT if _GUID.fullmatch(subject) else _unclear("Entra")


# Issuers with one address, or with addresses below it; the others are told by their subjects.
_ISSUERS: tuple[tuple[str, Parser], ...] = (
    (r"token\.actions\.githubusercontent\.com", _github),
    (r"[\w.-]+\.ghe\.com", _github),
    (r"gitlab\.com", _gitlab),
    (r"app(\.eu)?\.terraform\.io", _terraform),
    (r"vstoken\.dev\.azure\.com", _azure_devops),
    (r"login\.(microsoftonline\.com|microsoftonline\.us|partner\.microsoftonline\.cn)", _identity),
    (r"sts\.windows\.net", _identity),
    (r"[\w-]+\.oic\.(prod-aks|prod-arc)\.azure\.com", _kubernetes),
    (r"oidc\.eks\.[\w-]+\.amazonaws\.com", _kubernetes),
    (r"container\.googleapis\.com", _kubernetes),
    (r"[\w-]+\.tokens\.sts\.global\.api\.aws", _aws),
    (r"accounts\.google\.com", _google),
)
# Platforms that anybody can run under a name of their own.
_FORMS: tuple[tuple[str, Parser], ...] = (
    ("repo:", _github),
    ("repository_owner:", _github),
    ("project_path:", _gitlab),
    ("sc://", _azure_devops),
    ("organization:", _terraform),
    ("system:serviceaccount:", _kubernetes),
    ("arn:", _aws),
)


def host(issuer: str) -> str:
    """The host of an issuer, in lower case; empty where the text is no URL with one."""
    try:
        return (urlsplit(issuer.strip()).hostname or "").lower()
    except ValueError:
        return ""


def _parser(issuer: str, subject: str) -> Parser | None:
    name = host(issuer)
    for pattern, parser in _ISSUERS:
        if re.fullmatch(pattern, name):
            return parser
    return next((parser for start, parser in _FORMS if subject.startswith(start)), None)


def width(issuer: str | None, subject: str | None, expression: str | None) -> Width:
    """How far a federated credential reaches; null texts are ones that were not told."""
    if issuer is None:
        return Width(unknown="its issuer is not known")
    if subject is None:
        if expression is None:
            return Width(unknown="neither a subject nor an expression came with it")
        return _flexible(issuer, expression)
    if expression is not None:
        return Width(unknown="it came with a subject and an expression, which Entra does not allow")
    if _wild(subject):
        return Width(
            "nobody as it stands, for Entra takes * and ? literally here; whoever wrote it meant "
            "more, and the expression put in its place would be wide",
            MISTAKEN,
        )
    parser = _parser(issuer, subject)
    if parser is None:
        return Width(unknown="what the subjects of this issuer stand for is not known here")
    return parser(subject)


def _flexible(issuer: str, expression: str) -> Width:
    clauses: dict[str, str] = {}
    at = 0
    while True:
        found = _CLAUSE.match(expression, at)
        if found is None or found["claim"] in clauses:
            return Width(unknown="its expression cannot be read here")
        value = found["value"]
        if found["how"] == "eq" and _wild(value):
            return Width(unknown="its expression compares with eq what looks like a pattern")
        clauses[found["claim"]] = value
        at = found.end()
        if at == len(expression):
            break
        if not expression.startswith("and ", at):
            return Width(unknown="its expression cannot be read here")
        at += len("and ")
    subject = clauses.pop("sub", "*")
    parser = _parser(issuer, subject)
    if parser is None:
        if subject.strip("*:?") == "":
            return _everything("this issuer")
        return Width(unknown="what the subjects of this issuer stand for is not known here")
    return _narrowed(parser(subject), clauses)


# Claims that, compared exactly, bind a token to one repository or one reviewed workflow.
_BINDING = frozenset({"job_workflow_ref", "repository", "repository_id", "workflow_ref"})


def _narrowed(found: Width, others: dict[str, str]) -> Width:
    exact = sorted(name for name, value in others.items() if name in _BINDING and not _wild(value))
    if found.reason is None or not exact:
        return found
    told = " and ".join(f"{name} {others[name]}" for name in exact)
    return Width(f"{found.reason}, narrowed to {told}", NARROWED)
