"""The audit as one self-contained HTML page for a reviewer.

Everything is inside the file: no font, script, style or picture is fetched, and the page's own
Content-Security-Policy forbids it. The same audit and snapshot give the same bytes.
"""

from __future__ import annotations

from auditor.audit import Audit
from auditor.tables.load import Loaded

from ._html.page import page

FORMAT = "html"
FILE = "report.html"


def render(audit: Audit, loaded: Loaded | None) -> bytes:
    """The page as UTF-8. Without the snapshot's tables the parts that need them say so."""
    return page(audit, loaded).encode()
