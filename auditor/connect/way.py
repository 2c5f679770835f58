"""What every maker of a credential is given."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from auditor.connect.clouds import Cloud
from auditor.connect.heard import Heard
from auditor.connect.tls import Watch, sign_in_transport, watching
from auditor.settings import Credential

if TYPE_CHECKING:
    from azure.core.credentials import AccessToken
    from azure.core.pipeline.transport import RequestsTransport


class TokenSource(Protocol):
    """A credential of azure-identity, or one of ours in its shape."""

    def get_token(self, *scopes: str, **kwargs: Any) -> AccessToken:
        """A token for `scopes`."""

    def close(self) -> None:
        """Closes its connections."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way in: the settings, the cloud, whom to trust, and whom to tell what to do."""

    chosen: Credential
    tenant_id: str
    cloud: Cloud
    context: ssl.SSLContext
    now: datetime
    say: Callable[[str], None]
    watch: Watch | None = None
    heard: Heard = field(default_factory=Heard)

    def options(self) -> dict[str, Any]:
        """Where azure-identity signs in, and through what.

        Discovery asks the public cloud whether the host is known; a host of one's own is not.
        """
        return {
            "authority": self.cloud.login,
            "disable_instance_discovery": self.cloud.own_login,
            "transport": self.transport(),
        }

    def transport(self, *, local: bool = False) -> RequestsTransport:
        """What carries the sign-in, heard and watched."""
        hooks = [self.heard.listen, *([watching(self.watch)] if self.watch else [])]
        return sign_in_transport(self.context, *hooks, local=local)


Maker = Callable[[Way], TokenSource]
