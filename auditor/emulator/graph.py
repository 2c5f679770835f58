"""Microsoft Graph v1.0: from a request to an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import orjson

from auditor.emulator import effects, odata, permissions
from auditor.emulator.clouds import CloudFacts
from auditor.emulator.facts import GRAPH, MEMBER_ROLE
from auditor.emulator.faults import Fault, FaultPlan
from auditor.emulator.graph_handlers import Amount, Found, Listing, Single, relation_items
from auditor.emulator.graph_route import Match
from auditor.emulator.graph_routes import find_route
from auditor.emulator.licences import demand_licence
from auditor.emulator.odata import EXPANDED_AT_MOST, Query, SkipToken
from auditor.emulator.quota import Quota, cost
from auditor.emulator.tenant import Json, Tenant
from auditor.emulator.tokens import TokenService
from auditor.emulator.web import Call, Refusal, Reply, graph_error, json_reply, new_id


@dataclass(frozen=True)
class GraphService:
    """Everything a request to Graph is answered from."""

    tenant: Tenant
    tokens: TokenService
    faults: FaultPlan
    quota: Quota
    cloud: CloudFacts

    def held(self, call: Call) -> frozenset[str]:
        """The permissions in the caller's token, or 401."""
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.casefold() != "bearer" or not token:
            raise _unauthorized("Access token is empty.")
        claims = self.tokens.claims(token)
        if claims is None:
            raise _unauthorized("Access token validation failure. Invalid or expired token.")
        if claims["aud"] not in (self.cloud.graph_audience, GRAPH):
            raise _unauthorized("Access token validation failure. Invalid audience.")
        if "scp" in claims:
            return self._in_the_name_of(claims)
        return frozenset(claims.get("roles", ()))

    def _in_the_name_of(self, claims: Json) -> frozenset[str]:
        """What an application may do for a user: no more than the user may, who needs a role."""
        if claims["wids"] == [MEMBER_ROLE]:
            return frozenset()
        scopes = frozenset(claims["scp"].split())
        # "Access the directory as the signed-in user": what a reader may is to read.
        as_user = "Directory.AccessAsUser.All" in scopes
        return scopes | {"Directory.Read.All"} if as_user else scopes

    def answer(self, call: Call) -> Reply:
        """The answer to one request or batch item, with the headers every answer has."""
        request_id = new_id()
        client_id = call.headers.get("client-request-id", request_id)
        common = {
            "request-id": request_id,
            "client-request-id": client_id,
            "x-ms-resource-unit": "1",
            "OData-Version": "4.0",
        }
        faults = self.faults.take(call.path)
        try:
            reply = self._serve(call, faults)
        except Refusal as refusal:
            reply = graph_error(refusal, request_id, client_id)
        return effects.change_bytes(faults, reply).with_headers(common)

    def _serve(self, call: Call, faults: tuple[Fault, ...]) -> Reply:
        held = self.held(call)
        if call.path.startswith(self.cloud.missing):
            segment = call.path.rpartition("/")[2]
            raise odata.bad_request(f"Resource not found for the segment '{segment}'.")
        plain = "$expand" in call.query or not call.query.get("$filter")
        effects.refuse(faults, plain=plain)
        if page := effects.replace_reply(faults):
            return page
        match = find_route(call)
        permissions.demand(held, match.route.permissions)
        if match.route.also:
            permissions.demand(held, match.route.also)
        demand_licence(match.route.licence, self.tenant.unlicensed)
        return self._paid(call, match, held, faults)

    def _paid(
        self, call: Call, match: Match, held: frozenset[str], faults: tuple[Fault, ...]
    ) -> Reply:
        found = match.route.handler(self.tenant, call, match.parts)
        query = odata.parse_query(
            call,
            kind=found.kind,
            paged=getattr(found, "paged", False),
            lacks=self.cloud.lacks.get(found.kind, frozenset()),
        )
        if query.expand:
            needed = permissions.EXPANSIONS.get(query.expand.relation)
            permissions.demand(held, needed or match.route.permissions)
        units = cost(
            match.route.cost,
            select=bool(query.select),
            expand=query.expand is not None,
            top=query.top,
        )
        headers = self.quota.take(units)
        self.quota.take_limited(match.route.limit)
        if "keyCredentials" in query.select:
            self.quota.take_keys(found.kind)
        return self._render(call, found, query, held, faults).with_headers(headers)

    def _render(
        self,
        call: Call,
        found: Found,
        query: Query,
        held: frozenset[str],
        faults: tuple[Fault, ...],
    ) -> Reply:
        if isinstance(found, Amount):
            return self._amount(call, found, faults)
        if isinstance(found, Single):
            item = self._shape([found.item], found, query, held)[0]
            if "keyCredentials" in query.select:
                item = self._with_keys(found.item, item)
            body = {"@odata.context": f"{call.base}/{call.version}/$metadata#{found.kind}/$entity"}
            return json_reply({**body, **effects.change_item(faults, item)})
        return self._page(call, found, query, held, faults)

    def _amount(self, call: Call, found: Amount, faults: tuple[Fault, ...]) -> Reply:
        if not call.eventual:
            raise odata.unsupported("$count needs the header ConsistencyLevel: eventual.")
        everywhere = (*faults, *self.faults.about_count(call.path.removesuffix("/$count")))
        number = effects.change_count(everywhere, found.number)
        return Reply(200, str(number).encode(), content_type="text/plain")

    def _page(
        self,
        call: Call,
        found: Listing,
        query: Query,
        held: frozenset[str],
        faults: tuple[Fault, ...],
    ) -> Reply:
        if found.cast and not query.advanced and not query.token:
            raise odata.unsupported("An OData cast needs ConsistencyLevel: eventual and $count.")
        filtered = query.filter and not found.filtered
        kept = odata.keep(found.items, query.filter, found.filters) if filtered else found.items
        token = query.token or SkipToken(
            path=call.path,
            offset=0,
            size=(query.top or odata.DEFAULT_TOP) if found.paged else max(1, len(kept)),
            advanced=query.advanced,
            slipped=False,
        )
        end = token.offset + token.size
        page = effects.change_page(
            faults,
            effects.PageDraft(
                items=self._shape(kept[token.offset : end], found, query, held),
                count=len(kept),
                next_link=(
                    odata.next_link(call, replace(token, offset=end)) if end < len(kept) else None
                ),
                self_link=odata.self_link(call),
                slipped_link=(
                    None if token.slipped else odata.next_link(call, replace(token, slipped=True))
                ),
                path=call.path,
            ),
        )
        body: Json = {"@odata.context": f"{call.base}/{call.version}/$metadata#{found.kind}"}
        # Only the first page tells the count, and only if the index may answer.
        if query.advanced and query.token is None and found.countable:
            body["@odata.count"] = page.count
        if page.next_link:
            body["@odata.nextLink"] = page.next_link
        body["value"] = page.items
        return Reply(
            200, orjson.dumps(body), content_type="application/json;odata.metadata=minimal"
        )

    def _shape(
        self, items: list[Json], found: Listing | Single, query: Query, held: frozenset[str]
    ) -> list[Json]:
        if found.mixed:
            items = self.mixed(items, held)
        shaped = [odata.project(item, query.select) for item in items]
        if query.expand is None:
            return shaped
        relation, select = query.expand.relation, query.expand.select
        if relation not in found.expandable:
            raise odata.bad_request(
                f"Could not find a property named '{relation}' on type "
                f"'microsoft.graph.{found.kind}' that can be expanded."
            )
        for index, item in enumerate(items):
            related = relation_items(self.tenant, found.kind, relation, item)
            shaped[index] = {**shaped[index], relation: self._related(related, select, held)}
        return shaped

    def _related(
        self, related: list[Json] | Json | None, select: tuple[str, ...], held: frozenset[str]
    ) -> list[Json] | Json | None:
        if related is None:
            return None
        if isinstance(related, dict):
            return odata.project(self.mixed([related], held)[0], select)
        first = self.mixed(related[:EXPANDED_AT_MOST], held)
        return [odata.project(item, select) for item in first]

    def mixed(self, items: list[Json], held: frozenset[str]) -> list[Json]:
        """Objects of several types as the caller may see them: each with its type."""
        made = []
        for item in items:
            kind, _ = self.tenant.objects.get(item.get("id", ""), ("", item))
            readers = permissions.READERS.get(kind)
            if readers is None:
                made.append(item)
                continue
            shown = {"id": item["id"]} if held.isdisjoint(readers) else item
            made.append({"@odata.type": f"#microsoft.graph.{kind}", **shown})
        return made

    def _with_keys(self, item: Json, shown: Json) -> Json:
        keys = self.tenant.keys.get(item["id"], {})
        full = [
            {**entry, "key": keys.get(entry["keyId"])} for entry in item.get("keyCredentials", [])
        ]
        return {**shown, "keyCredentials": full}


def _unauthorized(message: str) -> Refusal:
    return Refusal(
        401,
        "InvalidAuthenticationToken",
        message,
        {"WWW-Authenticate": 'Bearer realm="", error="invalid_token"'},
    )
