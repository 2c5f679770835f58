"""Every kind of credential signs in to the emulator and reads something with what it got."""

from __future__ import annotations

import threading
import webbrowser
from pathlib import Path

import pytest

from auditor.connect.credentials import MAKERS
from auditor.settings import KINDS
from tests.connect.ways import Stage

DELEGATED = ("device-code", "browser", "azure-cli")


@pytest.fixture
def browser(place: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_(url: str, *_: object) -> bool:
        # The listener is bound by now, but answers only after this returns.
        threading.Thread(target=place.browse, args=(url,), daemon=True).start()
        return True

    monkeypatch.setattr(webbrowser, "open", open_)


def test_every_kind_of_the_settings_has_a_way_in() -> None:
    assert set(MAKERS) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_way_leads_in(
    kind: str,
    place: Stage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    browser: None,
    capfd: pytest.CaptureFixture[str],
) -> None:
    keys, environment = place.way(kind, tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    place.said.clear()
    me, status = place.enter(place.settings(**keys))
    assert status == 200
    assert me.tenant_id == place.emulator.tenant.id
    assert me.delegated == (kind in DELEGATED)
    assert bool(me.scopes) == me.delegated
    assert bool(me.roles) != me.delegated
    assert me.sees_everything
    if me.delegated:
        assert me.user.startswith("quinn.reader@")
    told = "\n".join(place.said) + "".join(capfd.readouterr())
    assert "eyJ" not in told
    assert place.secret not in told
