"""auditor.toml, environment variables and flags, read once into frozen values.

`sections` declares every section and key; `values` knows how one is written in TOML, as a text and
in the JSON schema; `sources` collects what was given; `reading` puts it together; `credential` holds
the kinds of credential to their keys. Secrets are never settings: they are named, not written.
"""

from __future__ import annotations

from auditor.settings.reading import load_settings
from auditor.settings.rules import Rules, Text
from auditor.settings.sections import (
    CLOUDS,
    KINDS,
    SECTIONS,
    SEVERITIES,
    Audit,
    Collect,
    Coverage,
    Credential,
    Endpoints,
    Settings,
    Tenant,
)

__all__ = [
    "CLOUDS",
    "KINDS",
    "SECTIONS",
    "SEVERITIES",
    "Audit",
    "Collect",
    "Coverage",
    "Credential",
    "Endpoints",
    "Rules",
    "Settings",
    "Tenant",
    "Text",
    "load_settings",
]
