"""Adds any number of made-up applications to a tenant, the same ones for the same seed."""

from __future__ import annotations

import hashlib
import random

from auditor.emulator.certificates import Certificate
from auditor.emulator.credentials import NOTHING, Credentials
from auditor.emulator.stories.common import Scene

_PERMISSIONS = (
    "Graph/User.Read.All",
    "Graph/Group.Read.All",
    "Graph/Mail.Read",
    "Graph/Mail.Send",
    "Graph/Calendars.Read",
    "Graph/Sites.Selected",
    "Graph/Files.Read.All",
    "Graph/Reports.Read.All",
    "Exchange/Calendars.Read",
    "SharePoint/Sites.Selected",
)
_SCOPES = ("User.Read", "openid profile User.Read", " Mail.Read offline_access", "Calendars.Read")
_KINDS = ("Billing", "Stock", "Survey", "Portal", "Feed", "Scanner", "Kiosk", "Planner", "Archive")


def add_generated(scene: Scene, size: int, seed: int) -> None:
    """`size` applications with service principals, credentials, permissions and grants."""
    if not size:
        return
    draw = random.Random(f"{scene.build.name}/{seed}/{size}")
    mould = _Mould(scene)
    people = list(scene.people.values())
    for number in range(size):
        name = f"{draw.choice(_KINDS)} {number:06d}"
        handle = scene.build.app(
            name,
            credentials=_secrets(scene, draw, name) + mould.credentials(draw, name),
            holds=tuple(draw.sample(_PERMISSIONS, draw.choice((0, 1, 1, 2, 3)))),
            owners=tuple(draw.sample(people, draw.choice((0, 1, 2, 2)))),
            created=-draw.randint(30, 2000),
        )
        if draw.random() < 0.4:
            scene.build.delegated(handle.principal_id, draw.choice(_SCOPES))


def _secrets(scene: Scene, draw: random.Random, name: str) -> Credentials:
    made = NOTHING
    for number in range(draw.choice((0, 0, 1, 1, 2, 3))):
        end = draw.randint(-300, 700)
        start = end - draw.choice((90, 180, 365, 730))
        made = made + scene.build.secret(f"{name} {number}", start, end)
    return made


class _Mould:
    """Presses many certificates from one: only the serial number differs.

    Signing each would take 2 ms; the signature of a certificate whose issuer nobody holds is never
    verified, so the bytes of the serial number are replaced and the rest is kept.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._moulds = [
            scene.cert(f"mould {end}", end - 300, end) for end in (-20, 15, 50, 120, 180, 240)
        ]

    def credentials(self, draw: random.Random, name: str) -> Credentials:
        if draw.random() < 0.6:
            return NOTHING
        mould = draw.choice(self._moulds)
        # The serial number is the first integer after the version; 02 10 announces 16 bytes.
        place = mould.der.index(b"\x02\x10") + 2
        serial = hashlib.sha256(name.encode()).digest()[:16]
        serial = bytes([serial[0] & 0x3F | 0x40]) + serial[1:]
        der = mould.der[:place] + serial + mould.der[place + 16 :]
        return self._scene.build.certificate(name, Certificate(der, mould.start, mould.end))
