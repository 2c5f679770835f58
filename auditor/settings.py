"""auditor.toml, read once into frozen values.

Every section and key is declared below with how it is read; anything else in the file is an error
that names the file, the key and the nearest name that exists. Paths are relative to the folder of
the file. Secrets are never settings: a password is named by its environment variable.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from auditor.errors import SettingsError

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
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.IGNORECASE
)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

Reader = Callable[[Any], Any]  # the value as written -> what is kept


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text in quotes that is not empty")
    return value


def _matching(meaning: str, *patterns: re.Pattern[str]) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not any(each.fullmatch(value) for each in patterns):
            raise ValueError(f"must be {meaning}, not {value!r}")
        return value.lower() if _GUID.fullmatch(value) else value

    return read


def _one_of(*words: str) -> Reader:
    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(
                f"must be one of {', '.join(words)}, not {value!r}{_nearest(value, words)}"
            )
        return str(value)

    return read


def _whole(low: int, high: int) -> Reader:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {value!r}")
        return value

    return read


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"must be true or false, not {value!r}")
    return value


def _path(value: Any) -> Path:
    return Path(_text(value)).expanduser()


def _address(value: Any) -> str:
    parts = urlsplit(_text(value))
    try:
        wrong = parts.scheme != "https" or not parts.hostname or (parts.port or 1) < 1
    except ValueError:
        wrong = True
    if wrong or parts.username or parts.query or parts.fragment or parts.path not in ("", "/"):
        raise ValueError(f"must be https:// and a host, such as {'https://graph.microsoft.com'!r}")
    return value.rstrip("/") if isinstance(value, str) else ""


def _dataset_names(value: Any) -> tuple[str, ...]:
    from auditor.datasets import DATASETS

    if not isinstance(value, list):
        raise TypeError("must be a list of dataset names")
    for name in value:
        if not isinstance(name, str) or name not in DATASETS:
            raise ValueError(f"names {name!r}, which is no dataset{_nearest(name, DATASETS)}")
    return tuple(value)


def _nearest(name: object, known: Any) -> str:
    close = difflib.get_close_matches(str(name), list(known), 1)
    return f" (nearest: {close[0]})" if close else ""


def _by(read: Reader, *, needed: bool = False) -> Mapping[str, Any]:
    return {"read": read, "needed": needed}


_TENANT_ID = _matching("a tenant id (GUID) or a domain of the tenant", _GUID, _DOMAIN)
_CLIENT_ID = _matching("an application (client) id (GUID)", _GUID)
_PASSWORD_ENV = _matching("the name of an environment variable, not the password", _VARIABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """`[tenant]`: which tenant, in which national cloud."""

    id: str = field(default="", metadata=_by(_TENANT_ID, needed=True))
    cloud: str = field(default="global", metadata=_by(_one_of(*CLOUDS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """`[credential]`: what the auditor signs in with; which keys a kind takes stands in `KINDS`."""

    kind: str = field(default="certificate", metadata=_by(_one_of(*KINDS)))
    client_id: str = field(default="", metadata=_by(_CLIENT_ID))
    certificate: Path = field(default=Path(), metadata=_by(_path))
    password_env: str | None = field(default=None, metadata=_by(_PASSWORD_ENV))
    password_file: Path | None = field(default=None, metadata=_by(_path))
    password_prompt: bool = field(default=False, metadata=_by(_flag))
    token_file: Path | None = field(default=None, metadata=_by(_path))
    secret_env: str | None = field(default=None, metadata=_by(_PASSWORD_ENV))
    service_connection: str | None = field(default=None, metadata=_by(_text))
    audience: str = field(default="api://AzureADTokenExchange", metadata=_by(_text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """`[endpoints]`: hosts that take the place of the cloud's own, and a CA to trust besides."""

    login: str | None = field(default=None, metadata=_by(_address))
    graph: str | None = field(default=None, metadata=_by(_address))
    exchange: str | None = field(default=None, metadata=_by(_address))
    ca_bundle: Path | None = field(default=None, metadata=_by(_path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect:
    """`[collect]`: how patiently and how much is read."""

    certificate_minutes: int = field(default=10, metadata=_by(_whole(0, 24 * 60)))
    concurrency: int = field(default=8, metadata=_by(_whole(1, 64)))
    retries: int = field(default=6, metadata=_by(_whole(0, 20)))
    exchange: bool = field(default=True, metadata=_by(_flag))
    graph_page_size: int = field(default=999, metadata=_by(_whole(1, 999)))
    longest_wait: int = field(default=300, metadata=_by(_whole(1, 3600)))
    app_cmdlet_days: int = field(default=0, metadata=_by(_whole(0, 180)))
    app_cmdlet_pages: int = field(default=10, metadata=_by(_whole(1, 1000)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """`[coverage]`: datasets whose standing absence is accepted by name."""

    accept: tuple[str, ...] = field(default=(), metadata=_by(_dataset_names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """`[audit]`: from which severity on findings fail a run."""

    fail_on: str = field(default="high", metadata=_by(_one_of(*SEVERITIES)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """`[knowledge]`: ratings of your own in place of those that come with the auditor."""

    overlay: Path | None = field(default=None, metadata=_by(_path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. `rules` is checked later, against the rules that are loaded."""

    tenant: Tenant = field(default_factory=Tenant)
    credential: Credential = field(default_factory=Credential)
    endpoints: Endpoints = field(default_factory=Endpoints)
    collect: Collect = field(default_factory=Collect)
    coverage: Coverage = field(default_factory=Coverage)
    audit: Audit = field(default_factory=Audit)
    knowledge: Knowledge = field(default_factory=Knowledge)
    rules: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    path: Path | None = None

    @classmethod
    def offline(cls) -> Settings:
        """The defaults, for work on a snapshot without a file: there is nobody to sign in as."""
        return cls()


_SECTIONS: dict[str, type[Any]] = {
    "tenant": Tenant,
    "credential": Credential,
    "endpoints": Endpoints,
    "collect": Collect,
    "coverage": Coverage,
    "audit": Audit,
    "knowledge": Knowledge,
}
_Section = TypeVar("_Section")


def load_settings(path: Path, *, connect: bool = True) -> Settings:
    """Reads and checks auditor.toml.

    With `connect=False`, for work on a snapshot, the tenant, the credential and the files they
    name may be missing. Raises `SettingsError`.
    """
    content = _parse(path)
    for name in content:
        if name not in _SECTIONS and name != "rules":
            known = (*_SECTIONS, "rules")
            raise SettingsError(
                f"{path}: [{name}] is no section of the settings{_nearest(name, known)}.",
                f"Known sections: {', '.join(known)}.",
            )
    read = {
        name: _section(path, name, section, content.get(name, {}), connect)
        for name, section in _SECTIONS.items()
    }
    settings = Settings(**read, rules=_rules(path, content.get("rules", {})), path=path)
    if connect:
        if settings.credential.kind == "certificate":
            _must_exist(path, "credential.certificate", settings.credential.certificate)
        _must_exist(path, "endpoints.ca_bundle", settings.endpoints.ca_bundle)
    return settings


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise SettingsError(
            f"There is no settings file at {path}.", "Name one with --settings, or write it."
        ) from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 text.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from error


def _section(path: Path, name: str, section: type[_Section], given: Any, connect: bool) -> _Section:
    if not isinstance(given, dict):
        raise SettingsError(f"{path}: {name} must be a section: [{name}].")
    declared: dict[str, Field[Any]] = {each.name: each for each in fields(section)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in given.items():
        if key not in declared:
            raise SettingsError(
                f"{path}: {name}.{key} is no setting{_nearest(key, declared)}.",
                f"Known in [{name}]: {', '.join(declared)}.",
            )
        try:
            kept = declared[key].metadata["read"](value)
            values[key] = path.parent / kept if isinstance(kept, Path) else kept
        except (TypeError, ValueError) as error:
            raise SettingsError(f"{path}: {name}.{key} {error}.") from error
    missing = [
        key for key, each in declared.items() if each.metadata["needed"] and key not in given
    ]
    if name == "credential":
        missing = [key for key in KINDS[values.get("kind", "certificate")][0] if key not in given]
    if missing and connect:
        raise SettingsError(
            f"{path}: {name}.{missing[0]} is missing.", f"Add it to the section [{name}]."
        )
    return section(**values)


def _rules(path: Path, given: Any) -> dict[str, dict[str, object]]:
    if not isinstance(given, dict):
        raise SettingsError(f"{path}: rules must be sections such as [rules.secret-lifetime].")
    for name, settings in given.items():
        if not isinstance(settings, dict):
            raise SettingsError(f"{path}: rules.{name} must be a section: [rules.{name}].")
    return {name: dict(settings) for name, settings in given.items()}


def _must_exist(path: Path, key: str, file: Path | None) -> None:
    if file is not None and not file.is_file():
        raise SettingsError(
            f"{path}: {key} names {file}, and there is no such file.",
            "Paths are relative to the folder of the settings file.",
        )
