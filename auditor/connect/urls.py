"""Graph's URLs, built by the SDK's own request builders.

The builders know the API's paths and how a query is written. Building them costs 0.05 to 0.15 s
once (measured), because only their typed models are slow to import, and those are not used.
"""

from __future__ import annotations

from urllib.parse import quote

from auditor.connect.builders import BUILDERS

BETA = "beta"
_PLAIN = "$,()='/"  # what the builders leave as it is, besides what never needs quoting


class GraphUrls:
    """Writes absolute URLs below `root`, such as https://graph.microsoft.com."""

    def __init__(self, root: str) -> None:
        import httpx
        from kiota_abstractions.authentication import AnonymousAuthenticationProvider
        from msgraph.graph_request_adapter import GraphRequestAdapter
        from msgraph.graph_service_client import GraphServiceClient

        self.root = root.rstrip("/")  # the templates begin with a slash of their own
        cannot_send = httpx.AsyncClient(transport=httpx.AsyncBaseTransport())
        self._client = GraphServiceClient(
            request_adapter=GraphRequestAdapter(AnonymousAuthenticationProvider(), cannot_send)
        )

    def base(self, version: str = "v1.0") -> str:
        """The address of an API version."""
        return f"{self.root}/{version}"

    def url(self, path: str, id: str = "", *, version: str = "v1.0", **query: object) -> str:
        """The URL of a declared path; `select=("id",), top=999` become $select and $top."""
        told = {name: value for name, value in query.items() if value}
        if version == BETA:
            return self.base(version) + _by_hand(path, id, told)
        return self.base(version) + self._built(path, id, told)

    def _built(self, path: str, id: str, query: dict[str, object]) -> str:
        from kiota_abstractions.method import Method
        from kiota_abstractions.request_information import RequestInformation

        builder = BUILDERS[path](self._client, id)
        info = RequestInformation(Method.GET, builder.url_template, dict(builder.path_parameters))
        info.path_parameters["baseurl"] = ""
        for name, value in query.items():
            told = list(value) if isinstance(value, tuple) else value
            info.query_parameters[f"%24{name}"] = told
        # The builders write a type cast in its short form; the documented form names the namespace.
        return info.url.replace("/graph.", "/microsoft.graph.")


def _by_hand(path: str, id: str, query: dict[str, object]) -> str:
    """Path and query of the beta API, for which the SDK in use has no builders."""
    told = path.replace("{id}", quote(id, safe=""))
    pairs = []
    for name, value in sorted(query.items()):
        words = ",".join(value) if isinstance(value, tuple) else value
        text = str(words).lower() if isinstance(words, bool) else str(words)
        pairs.append(f"${name}={quote(text, safe=_PLAIN)}")
    return f"{told}?{'&'.join(pairs)}" if pairs else told
