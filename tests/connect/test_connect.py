"""Clouds, commands and identities."""

from __future__ import annotations

import jwt
import pytest

from auditor.connect.clouds import CLOUDS, cloud_of
from auditor.connect.exchange import command
from auditor.connect.identity import Identity, read_identity
from auditor.connect.remedies import refused
from auditor.errors import Malformed
from auditor.settings import CLOUDS as NAMES
from auditor.settings import Endpoints


def test_every_cloud_of_the_settings_is_known() -> None:
    assert tuple(CLOUDS) == NAMES
    assert CLOUDS["dod"].graph == "https://dod-graph.microsoft.us"


def test_endpoints_replace_hosts_but_not_audiences() -> None:
    cloud = cloud_of("global", Endpoints(login="https://localhost:1", graph="https://localhost:2"))
    assert (cloud.login, cloud.graph) == ("https://localhost:1", "https://localhost:2")
    assert cloud.graph_scope == "https://graph.microsoft.com/.default"
    assert cloud.own_login
    assert not cloud_of("global", Endpoints()).own_login


@pytest.mark.parametrize("identity", ["", " ", None])
def test_an_empty_identity_is_never_sent(identity: object) -> None:
    with pytest.raises(Malformed):
        command("https://x.test", "t", "Get-RoleGroupMember", {"Identity": identity})


def test_the_command_names_tenant_anchor_and_cmdlet() -> None:
    ask = command("https://x.test", "t", "Get-RoleGroup", {"ResultSize": "Unlimited"})
    assert ask.url == "https://x.test/adminapi/beta/t/InvokeCommand"
    assert ask.headers["X-AnchorMailbox"].endswith("@t")
    assert ask.headers["Prefer"] == "odata.maxpagesize=1000"
    assert ask.body == {
        "CmdletInput": {"CmdletName": "Get-RoleGroup", "Parameters": {"ResultSize": "Unlimited"}}
    }


def test_a_token_tells_who_we_are() -> None:
    claims = {"tid": "T", "oid": "O", "appid": "A", "roles": ["b", "a"], "wids": ["w"], "exp": 1}
    token = jwt.encode(claims, "x" * 32)
    assert read_identity(token) == Identity("t", "o", "a", ("a", "b"), ("w",))
    assert read_identity("not a token") == Identity()


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("700016", "client_id"),
        ("700027", "certificate"),
        ("7000215", "certificate"),
        ("7000222", "expired"),
        ("90002", "tenant.id"),
        ("53003", "Conditional Access"),
        ("700024", "clock"),
        ("500011", "service"),
    ],
)
def test_sign_in_errors_have_remedies(code: str, remedy: str) -> None:
    error = refused(f"AADSTS{code}: It did not work.\nTrace ID: 1\nTimestamp: 2")
    assert remedy in error.remedy
    assert error.what == f"Entra refused the sign-in: AADSTS{code}: It did not work."


def test_a_users_token_tells_scopes_and_no_roles() -> None:
    claims = {"tid": "T", "oid": "U", "appid": "A", "scp": "User.Read B.Read", "upn": "u@x"}
    found = read_identity(jwt.encode({**claims, "wids": ["w"]}, "x" * 32))
    assert found.delegated
    assert found.held == ("B.Read", "User.Read")
    assert (found.user, found.roles, found.sees_everything) == ("u@x", (), False)
    reader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
    assert read_identity(jwt.encode({**claims, "wids": [reader]}, "x" * 32)).sees_everything
    assert not read_identity(jwt.encode({**claims, "idtyp": "app"}, "x" * 32)).delegated
    odd = {"tid": None, "roles": "no list", "wids": None, "scp": None}
    assert read_identity(jwt.encode(odd, "x" * 32)) == Identity()


def test_an_unknown_sign_in_error_says_its_first_line() -> None:
    error = refused("AADSTS1: strange\nmore")
    assert str(error) == "Entra refused the sign-in: AADSTS1: strange."
