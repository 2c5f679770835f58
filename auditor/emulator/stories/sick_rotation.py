"""Contoso's credentials that were not rotated, not removed, or sign tokens for others."""

from __future__ import annotations

from dataclasses import replace

from auditor.emulator.certificates import self_signed
from auditor.emulator.stories.common import Scene


def fill_rotation(scene: Scene) -> None:
    """Too many secrets, an old certificate, a symmetric key, hybrid keys and SAML certificates."""
    build = scene.build
    owner = (scene.people["Donald Knuth"],)
    many = build.secret("many 1", -100, 70)
    many = many + build.secret("many 2", -50, 120) + build.secret("many 3", -4, 170)
    build.app("Many Keys", credentials=many, owners=owner)
    build.app("Settled Mill", credentials=scene.good_certificate("mill", -250, 100), owners=owner)
    _symmetric(scene)
    start, end = build.at(-900), build.at(900)
    hybrid = self_signed("Microsoft Exchange Server Auth Certificate", start, end)
    exchange = build.principal_id("Office 365 Exchange Online")
    build.put(exchange, build.certificate("hybrid", hybrid))
    _saml(scene)


def _symmetric(scene: Scene) -> None:
    build = scene.build
    base = build.certificate("old ticket key", scene.cert("old ticket key", -30, 200), key=b"")
    item = {**base.keys[0][0], "type": "Symmetric", "customKeyIdentifier": None}
    credentials = replace(base, keys=((item, base.keys[0][1]),))
    build.app("Ticket Relay", credentials=credentials, owners=(scene.people["Donald Knuth"],))


def _saml(scene: Scene) -> None:
    scene.saml_app("Learning Portal SAML", scene.saml_pair("CN=Learning SSO", -200, 12))
    # Its old pair has expired and is no longer in use.
    old = scene.saml_pair("CN=Canteen SSO until last year", -700, -20)
    scene.saml_app("Canteen SAML", scene.saml_pair("CN=Canteen SSO", -30, 300), more=old)
    for side in ("North", "South"):
        pair = scene.saml_pair(f"CN={side}", -100, 3500, common="CN=All Branches")
        scene.saml_app(f"Branch {side} SAML", pair)
