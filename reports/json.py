"""The audit as JSON: audit.json, for programs and for later reports."""

from __future__ import annotations

from auditor.audit import Audit, to_json
from auditor.tables.load import Loaded

FORMAT = "json"
FILE = "audit.json"


def render(audit: Audit, loaded: Loaded | None) -> bytes:  # reports share one form
    """The audit as deterministic JSON; the tables are not needed."""
    return to_json(audit)
