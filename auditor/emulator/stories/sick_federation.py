"""Contoso's federated credentials: outside platforms that are trusted with too much."""

from __future__ import annotations

from auditor.emulator.builder import AppHandle
from auditor.emulator.stories.common import Scene

_GITHUB = "https://token.actions.githubusercontent.com"


def fill_federation(scene: Scene) -> None:
    """States who may sign in from outside."""
    build = scene.build
    terraform = build.app(
        "Tenant Terraform",
        holds=("Graph/RoleManagement.ReadWrite.Directory",),
        credentials=build.secret("before federation", -20, 70),
        owners=(scene.people["Lea Leaver"],),
    )
    build.trust(terraform, "github-main", _GITHUB, "repo:contoso/infra:ref:refs/heads/main")
    _flexible(scene, terraform, "any-repository", "claims['sub'] matches 'repo:contoso/*'")
    build.trust(
        terraform, "own-cluster", "https://oidc.evil.example/k8s", "system:serviceaccount:ci:deploy"
    )
    docs = build.app("Docs Publisher", owners=(scene.people["Lea Leaver"],))
    build.trust(docs, "github-main", _GITHUB, "repo:contoso/infra:ref:refs/heads/main")
    build.federated[docs.object_id][0]["audiences"] = ["https://github.com/contoso"]


def _flexible(scene: Scene, app: AppHandle, name: str, expression: str) -> None:
    scene.build.trust(app, name, _GITHUB, "")
    scene.build.federated[app.object_id][-1] |= {
        "subject": None,
        "claimsMatchingExpression": {"value": expression, "languageVersion": 1},
    }
