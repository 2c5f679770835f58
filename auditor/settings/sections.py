"""Every section and key there is, how each is written, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from auditor.settings.rules import Rules
from auditor.settings.values import (
    ADDRESS,
    CLIENT_ID,
    DATASET_NAMES,
    FLAG,
    PATH,
    TENANT_ID,
    TEXT,
    VARIABLE,
    Value,
    one_of,
    whole,
)

# Each kind of credential: the keys it cannot do without, and those it may have.
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "certificate": (
        ("client_id", "certificate"),
        ("password_env", "password_file", "password_prompt"),
    ),
    "workload-identity": (("client_id", "token_file"), ()),
    "github-actions": (("client_id",), ("audience",)),
    "azure-pipelines": (("client_id", "service_connection"), ()),
    "managed-identity": ((), ("client_id",)),
    "client-secret": (("client_id", "secret_env"), ()),
    "device-code": (("client_id",), ()),
    "browser": (("client_id",), ()),
    "azure-cli": ((), ()),
}
CLOUDS = ("global", "gcc-high", "dod", "china")
SEVERITIES = ("critical", "high", "medium", "low", "info")


@dataclass(frozen=True, slots=True)
class Key:
    """One declared key: how it is written, what it means, whether connecting needs it."""

    value: Value
    meaning: str
    default: Any
    needed: bool = False


def _by(value: Value, meaning: str, *, needed: bool = False) -> Mapping[str, Any]:
    return {"value": value, "meaning": meaning, "needed": needed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """`[tenant]`: which tenant, in which national cloud."""

    id: str = field(
        default="", metadata=_by(TENANT_ID, "domain or GUID of the tenant", needed=True)
    )
    cloud: str = field(
        default="global", metadata=_by(one_of(*CLOUDS), "its cloud; `global` for GCC as well")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """`[credential]`: what the auditor signs in with; each kind takes keys of its own."""

    kind: str = field(
        default="certificate", metadata=_by(one_of(*KINDS), "how the auditor signs in")
    )
    client_id: str = field(
        default="", metadata=_by(CLIENT_ID, "client id of the auditor's own application")
    )
    certificate: Path = field(
        default=Path(), metadata=_by(PATH, "file with the certificate and its RSA key: PEM or PFX")
    )
    password_env: str | None = field(
        default=None,
        metadata=_by(VARIABLE, "name of the environment variable with the file's password"),
    )
    password_file: Path | None = field(
        default=None, metadata=_by(PATH, "file that holds the certificate file's password")
    )
    password_prompt: bool = field(
        default=False, metadata=_by(FLAG, "asks for the certificate file's password")
    )
    token_file: Path | None = field(
        default=None, metadata=_by(PATH, "file with the token of the workload's own issuer")
    )
    secret_env: str | None = field(
        default=None,
        metadata=_by(VARIABLE, "name of the environment variable with the client secret"),
    )
    service_connection: str | None = field(
        default=None, metadata=_by(TEXT, "id of the Azure Pipelines service connection")
    )
    audience: str = field(
        default="api://AzureADTokenExchange",
        metadata=_by(TEXT, "audience GitHub's token is asked for"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """`[endpoints]`: hosts that take the place of the cloud's own, and a CA to trust besides."""

    login: str | None = field(
        default=None, metadata=_by(ADDRESS, "where to sign in, in place of the cloud's own host")
    )
    graph: str | None = field(
        default=None, metadata=_by(ADDRESS, "Microsoft Graph, in place of the cloud's own host")
    )
    exchange: str | None = field(
        default=None, metadata=_by(ADDRESS, "Exchange Online, in place of the cloud's own host")
    )
    ca_bundle: Path | None = field(
        default=None,
        metadata=_by(
            PATH, "PEM file of authorities to trust besides the system's, by every client"
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect:
    """`[collect]`: how patiently and how much is read."""

    certificate_minutes: int = field(
        default=10,
        metadata=_by(whole(0, 24 * 60), "how long to fetch certificates' bytes, at 150 a minute"),
    )
    concurrency: int = field(default=8, metadata=_by(whole(1, 64), "requests in flight"))
    retries: int = field(
        default=6, metadata=_by(whole(0, 20), "tries again after a throttled or failed request")
    )
    exchange: bool = field(default=True, metadata=_by(FLAG, "whether Exchange is asked at all"))
    graph_page_size: int = field(default=999, metadata=_by(whole(1, 999), "objects per page"))
    longest_wait: int = field(
        default=300, metadata=_by(whole(1, 3600), "seconds one Retry-After may ask for")
    )
    app_cmdlet_days: int = field(
        default=0,
        metadata=_by(
            whole(0, 180),
            "days of the audit log to search for cmdlets that applications ran in Exchange; 0 is off",
        ),
    )
    app_cmdlet_pages: int = field(
        default=10, metadata=_by(whole(1, 1000), "pages of 1,000 records that search may read")
    )
    audit_days: int = field(
        default=30,
        metadata=_by(whole(0, 30), "days of the directory's audit log to read; 0 leaves it out"),
    )
    audit_pages: int = field(
        default=40, metadata=_by(whole(1, 1000), "pages of the directory's audit log to read")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """`[knowledge]`: ratings of your own in place of those that come with the auditor."""

    overlay: Path | None = field(
        default=None, metadata=_by(PATH, "file with ratings of your own (docs/knowledge.md)")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`[coverage]`: datasets whose standing absence is accepted by name."""

    accept: tuple[str, ...] = field(
        default=(),
        metadata=_by(DATASET_NAMES, "datasets whose standing gap is accepted; they stay told"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """`[audit]`: from which severity on findings fail a run."""

    fail_on: str = field(
        default="high",
        metadata=_by(one_of(*SEVERITIES), "findings from this severity on make exit code 1"),
    )
    profile: str = field(
        default="default",
        metadata=_by(TEXT, "settings of rules by name, see [Profiles](#profiles); your own win"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. `rules` is checked later, against the rules that are loaded.

    `origins` tells for each `section.key` that was given where: a file, a variable or --set.
    """

    tenant: Tenant = field(default_factory=Tenant)
    credential: Credential = field(default_factory=Credential)
    endpoints: Endpoints = field(default_factory=Endpoints)
    collect: Collect = field(default_factory=Collect)
    coverage: Coverage = field(default_factory=Coverage)
    audit: Audit = field(default_factory=Audit)
    knowledge: Knowledge = field(default_factory=Knowledge)
    rules: Mapping[str, Mapping[str, object]] = field(default_factory=Rules)
    path: Path | None = None
    origins: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def offline(cls) -> Settings:
        """The defaults, for work on a snapshot without a file: there is nobody to sign in as."""
        return cls()


SECTIONS: Mapping[str, type[Any]] = {
    "tenant": Tenant,
    "credential": Credential,
    "endpoints": Endpoints,
    "collect": Collect,
    "coverage": Coverage,
    "audit": Audit,
    "knowledge": Knowledge,
}


def keys_of(section: str) -> dict[str, Key]:
    """The declared keys of a section."""
    return {
        each.name: Key(default=each.default, **each.metadata) for each in fields(SECTIONS[section])
    }


def variable_of(section: str, key: str) -> str:
    """The environment variable of a key: AUDITOR_SECTION__KEY."""
    return f"AUDITOR_{section}__{key}".upper()
