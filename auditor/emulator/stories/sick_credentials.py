"""Contoso's secrets and certificates."""

from __future__ import annotations

from datetime import UTC, datetime

from auditor.emulator.certificates import (
    Certificate,
    issued,
    odd_curve,
    self_signed,
    story_key,
)
from auditor.emulator.stories.common import Scene

EXPIRING = (
    ("Invoice Exporter", 5),
    ("HR Feed", 20),
    ("Fleet Tracker", 45),
    ("Travel Desk", 75),
)
NEVER = "9999-12-31T23:59:59.9999999Z"


def fill_credentials(scene: Scene) -> None:
    """Everything about how applications sign in."""
    _secrets(scene)
    _certificates(scene)
    _weak(scene)
    _on_principals(scene)


def _secrets(scene: Scene) -> None:
    build, people = scene.build, scene.people
    owner = (people["Donald Knuth"],)
    build.app(
        "Payroll Sync",
        credentials=build.secret("payroll", -30, 110),
        holds=("Graph/User.Read.All",),
        owners=owner,
    )
    build.app(
        "Ticket Bridge",
        credentials=build.secret("ticket", -20, 120) + scene.good_certificate("ticket-bridge"),
        owners=owner,
    )
    build.app("Old Newsletter", credentials=build.secret("newsletter", -120, -3), owners=owner)
    for name, days in EXPIRING:
        secret = build.secret(name.lower(), days - 150, days)
        build.app(name, credentials=secret, owners=owner)
    forever = build.secret("forever", -800, "2299-12-31T00:00:00Z")
    build.app("Forever Portal", credentials=forever)
    build.app("Two Year Portal", credentials=build.secret("two years", -10, 720), owners=owner)
    future = build.secret("next", 10, 160)
    build.app("Rotation Ahead", credentials=future, owners=owner)


def _certificates(scene: Scene) -> None:
    build = scene.build
    owner = (scene.people["Edsger Dijkstra"],)
    good = scene.good_certificate("warehouse")
    build.app("Warehouse API", credentials=good, holds=("Graph/User.ReadBasic.All",), owners=owner)
    build.app(
        "Legacy Scanner", credentials=scene.good_certificate("scanner", -300, -40), owners=owner
    )
    build.app("Badge Printer", credentials=scene.good_certificate("badges", -290, 10), owners=owner)
    long = scene.good_certificate("gateway", -100, 995)
    build.app("Branch Gateway", credentials=long, owners=owner)
    eternal = issued(
        "kiosk", build.at(-50), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), issuer=build.name
    )
    build.app(
        "Eternal Kiosk",
        credentials=build.certificate("kiosk", eternal, end=NEVER),
        owners=owner,
    )
    home = self_signed("homemade.contoso.example", build.at(-30), build.at(200))
    # Azure's own tools write the hint as hex text instead of base64 bytes.
    identifier = home.sha1.hex().upper()
    build.app(
        "Home-made Login",
        credentials=build.certificate("homemade", home, identifier=identifier),
        owners=owner,
    )
    twin = scene.cert("twin", -30, 220)
    for side in ("East", "West"):
        build.app(f"Twin {side}", credentials=build.certificate(f"twin {side}", twin), owners=owner)


def _weak(scene: Scene) -> None:
    build = scene.build
    start, end = build.at(-30), build.at(200)
    small = story_key("weak").public_key()
    weak: dict[str, Certificate] = {
        "rsa-1024": issued("rsa-1024", start, end, issuer=build.name, key=small),
        "sha1": self_signed("sha1.contoso.example", start, end, digest="sha1"),
        "md5": self_signed("md5.contoso.example", start, end, digest="md5"),
        "odd-curve": odd_curve("odd-curve", start, end, issuer=build.name),
    }
    credentials = scene.good_certificate("strong")
    for name, certificate in weak.items():
        credentials = credentials + build.certificate(name, certificate)
    build.app("Ancient Crypto", credentials=credentials)
    broken = build.certificate(
        "broken", scene.cert("broken", -30, 200), key=b"this is no certificate at all"
    )
    build.app("Broken Certificate", credentials=broken)


def _on_principals(scene: Scene) -> None:
    build = scene.build
    build.app(
        "Backdoored Service",
        principal_credentials=build.secret("added later", -5, 150),
        owners=(scene.people["Donald Knuth"],),
    )
    build.principal(
        "Northwind CRM Connector",
        owner_tenant=build.guid("tenant", "Northwind"),
        credentials=build.secret("added by whom", -15, 140),
        signInAudience="AzureADMultipleOrgs",
    )
    teams = build.principal_id("Microsoft Teams Services")
    build.put(teams, scene.good_certificate("planted on Teams"))
