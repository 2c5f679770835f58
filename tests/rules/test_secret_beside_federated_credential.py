from typing import Any

from auditor.testing import try_rule

APPS = ("both", "on-principal", "expired", "only-federated", "only-secret", "untold", "symmetric")
NOW = {"start": "2026-01-01", "end": "2026-12-31"}
ON_APP = {"holder_type": "application", "kind": "secret"}


def secret(app: str, **more: Any) -> dict[str, Any]:
    return {"key_id": app, "application": APPS.index(app), "holder": app, **ON_APP, **NOW, **more}


TABLES: dict[str, Any] = {
    "applications": [{"id": each, "name": each} for each in APPS],
    "federated_credentials": [
        {"id": f"f-{each}", "application": at}
        for at, each in enumerate(APPS)
        if each != "only-secret"
    ],
    "secrets": [
        secret("both"),
        secret("both", key_id="another"),
        secret("on-principal", holder_type="servicePrincipal", holder="sp"),
        secret("expired", start="2024-01-01", end="2025-01-01"),
        secret("only-secret"),
        secret("untold", end=None),
        secret("symmetric", kind="symmetric"),
        {"key_id": "of-nobody", "application": -1, **ON_APP, **NOW},
    ],
}
FAILS = {"both", "on-principal", "symmetric"}
PASSES = {"expired", "only-federated", "only-secret"}
UNKNOWN = {"untold"}


def test_the_secrets_are_named_with_the_command_for_the_first() -> None:
    result = try_rule("secret-beside-federated-credential", TABLES)
    found = {str(each.object["id"]): each for each in result.findings}
    assert found["both"].message.endswith("valid secrets: another, both.")
    assert found["both"].fix == (
        "Remove-MgApplicationPassword -ApplicationId 'both' -KeyId 'another'"
    )
    assert found["on-principal"].fix.startswith("Remove-MgServicePrincipalPassword")
    assert found["symmetric"].fix.startswith("Remove-AzADAppCredential")
