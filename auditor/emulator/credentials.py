"""Secrets and certificates as an application or service principal shows them."""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from auditor.emulator.certificates import Certificate
from auditor.emulator.tenant import Json


@dataclass(frozen=True)
class Credentials:
    """Secrets, listed certificates and the bytes behind them, ready to be put on an object."""

    passwords: tuple[Json, ...] = ()
    keys: tuple[tuple[Json, str], ...] = ()

    def __add__(self, other: Credentials) -> Credentials:
        return Credentials(self.passwords + other.passwords, self.keys + other.keys)


NOTHING = Credentials()


def secret_value(key_id: str) -> str:
    """The value behind a client secret, which only its maker saw; it begins with the hint."""
    return base64.urlsafe_b64encode(hashlib.sha256(key_id.encode()).digest()).decode().rstrip("=")


@dataclass
class CredentialMaker:
    """Makes ids, dates and credentials of one tenant from its name and seed."""

    name: str
    seed: int
    now: datetime

    def guid(self, kind: str, name: str) -> str:
        """The same id for the same seed, tenant, kind and name."""
        raw = hashlib.sha256(f"{self.seed}/{self.name}/{kind}/{name}".encode()).digest()
        return str(uuid.UUID(bytes=raw[:16], version=4))

    def at(self, days: float) -> datetime:
        """The instant this many days from the story's own."""
        return self.now + timedelta(days=days)

    def stamp(self, days: float) -> str:
        """That instant as Graph writes it."""
        return self.at(days).strftime("%Y-%m-%dT%H:%M:%SZ")

    def secret(
        self, name: str, start: float, end: float | str, *, custom_key: str | None = None
    ) -> Credentials:
        """A client secret; `end` may be the text of a date beyond any calendar."""
        key_id = self.guid("secret", name)
        item: Json = {
            "customKeyIdentifier": custom_key,
            "displayName": name,
            "endDateTime": end if isinstance(end, str) else self.stamp(end),
            "hint": secret_value(key_id)[:3],
            "keyId": key_id,
            "secretText": None,
            "startDateTime": self.stamp(start),
        }
        return Credentials(passwords=(item,))

    def certificate(
        self,
        name: str,
        certificate: Certificate,
        *,
        usage: str = "Verify",
        kind: str = "AsymmetricX509Cert",
        end: str | None = None,
        key: bytes | None = None,
        identifier: str | None = None,
    ) -> Credentials:
        """A certificate; `key` puts other bytes in its place, `identifier` another hint."""
        item: Json = {
            "customKeyIdentifier": identifier or base64.b64encode(certificate.sha1).decode(),
            "displayName": name,
            "endDateTime": end or certificate.end.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "key": None,
            "keyId": self.guid("key", f"{name}/{usage}"),
            "startDateTime": certificate.start.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "type": kind,
            "usage": usage,
        }
        data = base64.b64encode(certificate.der if key is None else key).decode()
        return Credentials(keys=((item, data),))
