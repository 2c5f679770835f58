"""What was heard while signing in, and what must never be told of it.

Errors of azure-identity, msal, the Azure CLI and a pipeline's token service may quote what was sent
to them. Whatever becomes a message goes through `Heard.safe` first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, quote_plus

_REMOVED = "[removed]"
_SECRET_LIKE = (
    re.compile(r"eyJ[\w-]*\.[\w.~+/=-]*"),  # a token, or the beginning of one
    re.compile(
        r"(?i)\b((?:client_)?(?:secret|assertion)|password|pwd|code|(?:access|refresh|id)_?token"
        r"|x-identity-header|authorization|bearer)(\"?\s*[=:]\s*\"?|\s+(?=\S{20}))"
        r"(?:bearer\s+)?[^\s\"'&,;]+"
    ),
    # Long and without a break: an opaque token. A thumbprint (hex) and an address are none.
    re.compile(r"(?<![\w/:.-])(?![0-9A-Fa-f]+(?![\w~+=.-]))[\w~+=.-]{64,}"),
)
_NOTICEABLE = timedelta(minutes=2)


@dataclass
class Heard:
    """Secrets in use, and how far the server's clock is from this machine's."""

    _secrets: set[str] = field(default_factory=set)
    skew: timedelta | None = None  # the server's clock minus ours

    def keep_secret(self, value: str) -> str:
        """Remembers a secret, so that no message ever shows it; hands it back."""
        if len(value) > 3:  # anything shorter would blank out ordinary words
            self._secrets |= {value, quote(value, safe=""), quote_plus(value)}
        return value

    def safe(self, text: str) -> str:
        """The text without any secret."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, _REMOVED)
        named = _SECRET_LIKE[1]
        text = _SECRET_LIKE[0].sub(_REMOVED, text)
        text = named.sub(lambda found: f"{found[1]}{found[2]}{_REMOVED}", text)
        return _SECRET_LIKE[2].sub(_REMOVED, text)

    def listen(self, response: Any, *_: Any, **__: Any) -> None:
        """Notes the server's clock; a hook of the requests library."""
        try:
            theirs = parsedate_to_datetime(response.headers.get("Date", ""))
        except (ValueError, TypeError):
            return
        if theirs.tzinfo is not None:
            self.skew = theirs - datetime.now(UTC)

    def clock(self) -> str:
        """How wrong this machine's clock is, as a sentence; empty if it is right or not known."""
        if self.skew is None or abs(self.skew) < _NOTICEABLE:
            return ""
        minutes = round(abs(self.skew).total_seconds() / 60)
        told = f"{minutes} minutes" if minutes < 180 else f"{round(minutes / 60)} hours"
        return f"This machine's clock is {told} {'behind' if self.skew > timedelta() else 'ahead'}."
