"""What both tenants have: people, managed identities and the auditor's own application."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from auditor.emulator.builder import AppHandle, TenantBuilder
from auditor.emulator.certificates import Certificate, issued, self_signed, story_key
from auditor.emulator.credentials import Credentials
from auditor.emulator.directory import Client, Further
from auditor.emulator.exchange_org import ExchangeBuilder
from auditor.emulator.options import EmulatorOptions
from auditor.emulator.pim import PimBuilder
from auditor.emulator.policies import PolicyBuilder

PEOPLE = (
    "Ada Lovelace",
    "Grace Hopper",
    "Alan Turing",
    "Katherine Johnson",
    "Edsger Dijkstra",
    "Barbara Liskov",
    "Donald Knuth",
    "Radia Perlman",
    "Tony Hoare",
    "Frances Allen",
)


@dataclass
class Scene:
    """The builders a story writes to, and the people it can name."""

    build: TenantBuilder
    exchange: ExchangeBuilder
    people: dict[str, str] = field(default_factory=dict)
    client: AppHandle = field(default_factory=AppHandle)
    further: Further = field(default_factory=Further)

    def __post_init__(self) -> None:
        self.pim = PimBuilder(self.build)
        self.policies = PolicyBuilder(self.build)

    def cert(self, name: str, start: float, end: float) -> Certificate:
        """A certificate of the tenant's own authority, valid between these days."""
        build = self.build
        return issued(name, build.at(start), build.at(end), issuer=build.name)

    def good_certificate(self, name: str, start: float = -60, end: float = 240) -> Credentials:
        """A credential no rule minds: issued, 2048 bits, below a year, not near its end."""
        return self.build.certificate(name, self.cert(name, start, end))

    def saml_pair(self, name: str) -> Credentials:
        """A SAML signing certificate: Sign and Verify entries and the password of its key."""
        certificate = self.cert(name, -60, 240)
        mark = base64.b64encode(certificate.sha1).decode()
        build = self.build
        signing = build.certificate(name, certificate, usage="Sign", kind="X509CertAndPassword")
        verifying = build.certificate(name, certificate)
        return signing + verifying + build.secret(name, -60, 240, custom_key=mark)


def make_everyday(scene: Scene) -> None:
    """People, guests, managed identities and a SAML application."""
    build, exchange = scene.build, scene.exchange
    for person in PEOPLE:
        scene.people[person] = build.user(person)
    scene.people["Gil Guest"] = build.user("Gil Guest", guest=True)
    scene.people["Lea Leaver"] = build.user("Lea Leaver", enabled=False)
    for name in ("Ada Lovelace", "Grace Hopper"):
        build.role(scene.people[name], "Global Administrator")
        exchange.add_user("TenantAdmins_{n}", name, scene.people[name])
    build.role(scene.people["Alan Turing"], "Exchange Administrator")
    exchange.add_user("ExchangeServiceAdmins_{n}", "Alan Turing", scene.people["Alan Turing"])
    build.role(scene.people["Radia Perlman"], "Helpdesk Administrator")
    exchange.add_user("HelpdeskAdmins_{n}", "Radia Perlman", scene.people["Radia Perlman"])
    build.eligibility(scene.people["Barbara Liskov"], "Security Administrator")
    _managed_identity(scene, "vm-backup-01", "managed1", "Microsoft.Compute/virtualMachines")
    _managed_identity(scene, "func-orders", "managed2", "Microsoft.Web/sites")
    travel = build.app(
        "Travel Expenses SAML",
        principal_credentials=scene.saml_pair("CN=Travel Expenses SSO"),
        asks=("delegated:Graph/User.Read",),
        owners=(scene.people["Tony Hoare"], scene.people["Frances Allen"]),
        identifierUris=["https://travel.example/saml"],
    )
    principal = next(each for each in build.principals if each["id"] == travel.principal_id)
    principal["preferredSingleSignOnMode"] = "saml"
    principal["appRoleAssignmentRequired"] = True
    build.delegated(travel.principal_id, "User.Read")


def redirects(
    scene: Scene, handle: AppHandle, *uris: str, implicit: bool = False, assigned: bool = False
) -> None:
    """Gives an application redirect URIs on the web; its service principal gets all it has."""
    app = next(each for each in scene.build.applications if each["id"] == handle.object_id)
    app["web"] = app["web"] | {
        "redirectUris": list(uris),
        "implicitGrantSettings": {
            "enableAccessTokenIssuance": implicit,
            "enableIdTokenIssuance": implicit,
        },
    }
    principal = next(each for each in scene.build.principals if each["id"] == handle.principal_id)
    others = (app[name]["redirectUris"] for name in ("spa", "publicClient"))
    principal["replyUrls"] = [*uris, *(uri for each in others for uri in each)]
    principal["appRoleAssignmentRequired"] = assigned


def make_client(scene: Scene, options: EmulatorOptions, *, own_signature: bool) -> Client:
    """The auditor's own application, with the permissions the options leave it."""
    build = scene.build
    certificate = _client_certificate(scene, own_signature=own_signature)
    holds = tuple(f"Graph/{name}" for name in options.graph_permissions())
    holds += tuple(f"Exchange/{name}" for name in options.exchange_permissions())
    credentials = build.certificate("auditor", certificate)
    if options.auditor_secret is not None:
        credentials += build.secret(
            "auditor secret", options.auditor_secret - 30, options.auditor_secret
        )
    handle = build.app(
        "Entra App Auditor",
        credentials=credentials,
        holds=holds,
        reference="CMDB-0001",
        created=-45,
    )
    scene.exchange.workload("Entra App Auditor", handle.app_id, handle.principal_id)
    return Client(handle, certificate)


def _client_certificate(scene: Scene, *, own_signature: bool) -> Certificate:
    name, start, end = "entra-app-auditor", scene.build.at(-40), scene.build.at(260)
    if own_signature:
        return self_signed(name, start, end, key="client")
    key = story_key("client").public_key()
    return issued(name, start, end, issuer=scene.build.name, key=key)


def _managed_identity(scene: Scene, name: str, key: str, provider: str) -> None:
    build = scene.build
    app_id = build.guid("appid", name)
    certificate = self_signed(f"CN={app_id}", build.at(-30), build.at(60), key=key)
    group = f"/subscriptions/{build.guid('subscription', 'main')}/resourcegroups/prod"
    build.principal(
        name,
        app_id=app_id,
        kind="ManagedIdentity",
        credentials=build.certificate(f"CN={app_id}", certificate),
        alternativeNames=[
            "isExplicit=False",
            f"{group}/providers/{provider}/{name}",
        ],
        servicePrincipalNames=[app_id, f"https://identity.azure.net/{name}"],
        tags=[],
    )
