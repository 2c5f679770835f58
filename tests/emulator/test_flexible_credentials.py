"""Whom a flexible federated credential lets in shows in beta only."""

from __future__ import annotations

import pytest

from auditor.emulator.graph import _of_version
from auditor.emulator.web import Call

EXPRESSION = {"value": "claims['sub'] matches 'repo:contoso/*'", "languageVersion": 1}
FLEXIBLE = {"id": "f", "subject": None, "claimsMatchingExpression": EXPRESSION}


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_v1_shows_a_null_subject_and_nothing_more(version: str) -> None:
    call = Call("GET", "/applications", version=version)
    listed = [{"id": "a", "federatedIdentityCredentials": [FLEXIBLE]}]
    [app], [alone] = _of_version(call, listed), _of_version(call, [FLEXIBLE])
    for shown in (app["federatedIdentityCredentials"][0], alone):
        assert ("claimsMatchingExpression" in shown) == (version == "beta")
        assert shown["subject"] is None
