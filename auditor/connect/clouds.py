"""The national clouds' hosts and token audiences.

Sources: Microsoft Graph "National cloud deployments", the Exchange admin API's base URLs, and
azure-identity's constants (reference, section 6). GCC is the global cloud. The scope of Exchange in
China is what the PowerShell module uses; it is not documented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from auditor.settings import Endpoints


@dataclass(frozen=True, slots=True)
class Cloud:
    """Where to sign in, where to ask, and for whom the tokens are."""

    login: str
    graph: str
    graph_scope: str
    exchange: str
    exchange_scope: str
    own_login: bool = False  # the settings name another host to sign in at


CLOUDS: Mapping[str, Cloud] = MappingProxyType(
    {
        "global": Cloud(
            login="https://login.microsoftonline.com",
            graph="https://graph.microsoft.com",
            graph_scope="https://graph.microsoft.com/.default",
            exchange="https://outlook.office365.com",
            exchange_scope="https://outlook.office365.com/.default",
        ),
        "gcc-high": Cloud(
            login="https://login.microsoftonline.us",
            graph="https://graph.microsoft.us",
            graph_scope="https://graph.microsoft.us/.default",
            exchange="https://outlook.office365.us",
            exchange_scope="https://outlook.office365.us/.default",
        ),
        "dod": Cloud(
            login="https://login.microsoftonline.us",
            graph="https://dod-graph.microsoft.us",
            graph_scope="https://dod-graph.microsoft.us/.default",
            exchange="https://outlook-dod.office365.us",
            exchange_scope="https://outlook-dod.office365.us/.default",
        ),
        "china": Cloud(
            login="https://login.chinacloudapi.cn",
            graph="https://microsoftgraph.chinacloudapi.cn",
            graph_scope="https://microsoftgraph.chinacloudapi.cn/.default",
            exchange="https://outlook.office365.cn",
            exchange_scope="https://partner.outlook.cn/.default",
        ),
    }
)


def cloud_of(name: str, endpoints: Endpoints) -> Cloud:
    """The named cloud with the hosts of the settings in place of its own. Audiences stay."""
    cloud = CLOUDS[name]
    return replace(
        cloud,
        login=endpoints.login or cloud.login,
        graph=endpoints.graph or cloud.graph,
        exchange=endpoints.exchange or cloud.exchange,
        own_login=endpoints.login is not None and endpoints.login != cloud.login,
    )
