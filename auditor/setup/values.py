"""What is to be set up, as values, checked once.

Sources: subjects and issuers of federated credentials from "Configuring OpenID Connect in Azure"
(GitHub) and "Manually set up a workload identity service connection" (Azure Pipelines); the
audiences of national clouds from "Workload identity federation"; environment names from the
reference pages of Connect-MgGraph, Connect-ExchangeOnline, Connect-AzAccount, `az cloud` and the
Terraform providers azuread and azurerm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from auditor.errors import SettingsError
from auditor.setup.plan import Permission, permissions, unreadable
from auditor.setup.quoting import toml
from auditor.text import visible

KINDS = ("certificate", "federated", "managed-identity")
LANGUAGES = ("powershell", "azure-cli", "terraform")
# Where AKS and others with the workload identity webhook put the token.
TOKEN_FILE = "/var/run/secrets/azure/tokens/azure-identity-token"  # noqa: S105 -- a path

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_IDENTITY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}", re.ASCII)
_GROUP_NAME = re.compile(r"[\w.()-]{0,89}[\w()-]")
_REPOSITORY = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class CloudNames:
    """What each tool calls a national cloud."""

    graph_powershell: str
    exchange_powershell: str
    azure: str  # the Azure CLI and Connect-AzAccount
    azuread: str
    azurerm: str
    audience: str


CLOUD_NAMES = {
    "global": CloudNames(
        "Global", "O365Default", "AzureCloud", "global", "public", "api://AzureADTokenExchange"
    ),
    "gcc-high": CloudNames(
        "USGov",
        "O365USGovGCCHigh",
        "AzureUSGovernment",
        "usgovernmentl4",
        "usgovernment",
        "api://AzureADTokenExchangeUSGov",
    ),
    "dod": CloudNames(
        "USGovDoD",
        "O365USGovDoD",
        "AzureUSGovernment",
        "usgovernmentl5",
        "usgovernment",
        "api://AzureADTokenExchangeUSGov",
    ),
    "china": CloudNames(
        "China",
        "O365China",
        "AzureChinaCloud",
        "china",
        "china",
        "api://AzureADTokenExchangeChina",
    ),
}


@dataclass(frozen=True, slots=True)
class Federation:
    """Whose tokens stand in for a credential, and what signs in with them (auditor.toml's kind)."""

    issuer: str
    subject: str
    credential: str = "workload-identity"
    service_connection: str = ""


@dataclass(frozen=True, slots=True)
class PublicCertificate:
    """The public part of a certificate, as the directory takes it."""

    base64: str  # of its DER form
    thumbprint: str  # SHA-1 in hex, as the admin center shows it
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What is to be created."""

    kind: str = "certificate"
    tiers: tuple[str, ...] = ("core",)
    name: str = "entra-app-auditor"
    cloud: str = "global"
    exchange_role: str = "view-only-organization-management"
    certificate: PublicCertificate | None = None  # None: the script reads client.crt when it runs
    certificate_file: str = "client.pem"  # for auditor.toml
    password_env: str | None = None
    federation: Federation | None = None
    resource_group: str = ""

    def __post_init__(self) -> None:
        """Raises `SettingsError` for what no service would take, or what must not be in a script."""
        plain("--name", self.name, 120)
        if self.kind == "managed-identity":
            if not _IDENTITY_NAME.fullmatch(self.name):
                raise SettingsError(
                    f"--name {visible(self.name, width=60)!r} is no name of a managed identity.",
                    "It has 3 to 128 letters, digits, hyphens and underscores.",
                )
            if not _GROUP_NAME.fullmatch(self.resource_group):
                raise SettingsError(
                    "A managed identity lives in a resource group.",
                    "Name one that exists with --resource-group.",
                )
        if (self.kind == "federated") != (self.federation is not None):
            raise SettingsError(
                "A federated application trusts the tokens of one issuer and subject, and only "
                "a federated application does.",
                "Give --as federated with --github, --azure-pipelines, or --issuer and --subject.",
            )

    @property
    def permissions(self) -> tuple[Permission, ...]:
        """The application permissions to grant."""
        return permissions(self.tiers, self.cloud)

    @property
    def names(self) -> CloudNames:
        """What each tool calls this cloud."""
        return CLOUD_NAMES[self.cloud]

    @property
    def exchange(self) -> bool:
        """Whether Exchange is to be read."""
        return "exchange" in self.tiers

    @property
    def role_group(self) -> bool:
        """Whether the Exchange role is a role group rather than a directory role."""
        return self.exchange and self.exchange_role == "view-only-organization-management"

    @property
    def settings(self) -> tuple[str, ...]:
        """The lines of auditor.toml that follow `[tenant] id` and `[credential] client_id`."""
        lines = [f"kind = {toml(self._credential)}"]
        if self.kind == "certificate":
            lines.append(f"certificate = {toml(self.certificate_file)}")
            if self.password_env:
                lines.append(f"password_env = {toml(self.password_env)}")
        if self._credential == "workload-identity":
            lines.append(f"token_file = {toml(TOKEN_FILE)}")
        if self.federation and self.federation.service_connection:
            lines.append(f"service_connection = {toml(self.federation.service_connection)}")
        if not self.exchange:
            lines += ["", "[collect]", "exchange = false"]
        if gaps := unreadable(self.permissions):
            listed = ", ".join(toml(name) for name in gaps)
            lines += [
                "",
                "# Not granted by choice. With these two lines the gaps stay told, and no longer",
                "# make exit code 3.",
                "# [coverage]",
                f"# accept = [{listed}]",
            ]
        return tuple(lines)

    @property
    def _credential(self) -> str:
        return self.federation.credential if self.federation else self.kind


def plain(option: str, text: str, longest: int = 600) -> str:
    """The text, if it is one visible line. Raises `SettingsError`."""
    if not text.strip() or len(text) > longest or visible(text) != text:
        raise SettingsError(
            f"{option} {visible(text, width=60)!r} cannot be used.",
            f"It must be 1 to {longest} visible characters on one line.",
        )
    return text


def github(repository: str, environment: str | None, branch: str | None) -> Federation:
    """The tokens of GitHub Actions jobs of one environment or branch. Raises `SettingsError`."""
    if not _REPOSITORY.fullmatch(repository):
        raise SettingsError(
            f"--github {visible(repository, width=60)!r} is no repository.", "Write OWNER/REPO."
        )
    if (environment is None) == (branch is None):
        raise SettingsError(
            "--github trusts jobs of one environment or of one branch.",
            "Give either --environment (best: it can ask for approval) or --branch.",
        )
    if environment is not None:
        # A colon separates the parts of a subject; GitHub encodes it inside a name.
        name = plain("--environment", environment, 255).replace(":", "%3A")
        subject = f"repo:{repository}:environment:{name}"
    else:
        subject = f"repo:{repository}:ref:refs/heads/{plain('--branch', branch or '', 255)}"
    return Federation(
        "https://token.actions.githubusercontent.com", subject, credential="github-actions"
    )


def azure_pipelines(connection: str, organisation_id: str, connection_id: str) -> Federation:
    """The tokens of an Azure Pipelines service connection whose issuer is Azure DevOps.

    `connection` is ORGANISATION/PROJECT/NAME. Raises `SettingsError`.
    """
    plain("--azure-pipelines", connection)
    if connection.count("/") != 2 or not all(connection.split("/")):
        raise SettingsError(
            f"--azure-pipelines {visible(connection, width=60)!r} names no service connection.",
            "Write ORGANISATION/PROJECT/CONNECTION.",
        )
    return Federation(
        f"https://vstoken.dev.azure.com/{guid('--organisation-id', organisation_id)}",
        f"sc://{connection}",
        credential="azure-pipelines",
        service_connection=guid("--service-connection-id", connection_id),
    )


def any_issuer(issuer: str, subject: str, connection_id: str | None) -> Federation:
    """The tokens of any issuer and subject. Raises `SettingsError`."""
    plain("--issuer", issuer)
    if not re.fullmatch(r"https://[^\s?#]+", issuer):
        raise SettingsError(
            f"--issuer {visible(issuer, width=60)!r} is no issuer.", "It begins with https://."
        )
    plain("--subject", subject)
    if connection_id is None:
        return Federation(issuer, subject)
    named = guid("--service-connection-id", connection_id)
    return Federation(issuer, subject, "azure-pipelines", named)


def guid(option: str, text: str) -> str:
    """The GUID in lower case. Raises `SettingsError`."""
    if not _GUID.fullmatch(text):
        raise SettingsError(f"{option} {visible(text, width=60)!r} is no GUID.")
    return text.lower()
