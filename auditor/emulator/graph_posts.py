"""The two POST requests a reader makes to Graph: getByIds and $batch."""

from __future__ import annotations

import random
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import orjson

from auditor.emulator import effects, odata, permissions
from auditor.emulator.graph import GraphService
from auditor.emulator.quota import cost
from auditor.emulator.tenant import Json
from auditor.emulator.web import Call, Refusal, Reply, graph_error, json_reply, new_id

MAX_IDS = 1000
MAX_BATCH = 20
GET_BY_IDS = "/directoryObjects/getByIds"
BATCH = "/$batch"


def get_by_ids(service: GraphService, call: Call) -> Reply:
    """Resolves ids to objects; unknown ones are left out without a word."""
    request_id = new_id()
    client_id = call.headers.get("client-request-id", request_id)
    faults = service.faults.take(call.path)
    try:
        held = service.held(call)
        effects.refuse(faults, plain=True)
        reply = effects.replace_reply(faults)
        if reply is None:
            permissions.demand(held, permissions.ANY_OBJECT)
            reply = _resolved(service, call, held, faults)
    except Refusal as refusal:
        reply = graph_error(refusal, request_id, client_id)
    reply = effects.change_bytes(faults, reply)
    return reply.with_headers({"request-id": request_id, "client-request-id": client_id})


def _resolved(
    service: GraphService, call: Call, held: frozenset[str], faults: tuple[Any, ...]
) -> Reply:
    body = call.json()
    ids = body.get("ids") if isinstance(body, dict) else None
    if not isinstance(ids, list) or not all(isinstance(text, str) for text in ids):
        raise odata.bad_request("The request body must contain 'ids', a list of strings.")
    if len(ids) > MAX_IDS:
        raise odata.bad_request(f"Too many ids: at most {MAX_IDS} can be resolved at once.")
    query = odata.parse_query(call, kind="directoryObject", paged=False)
    base = 2 if query.select else 5
    headers = service.quota.take(cost(base, select=False, expand=False, top=None))
    types = {text.casefold() for text in body.get("types") or ()} - {"directoryobject"}
    items: list[Json] = []
    for identifier in dict.fromkeys(text.casefold() for text in ids):
        kind, item = service.tenant.objects.get(identifier, ("", {}))
        if kind and (not types or kind.casefold() in types):
            items.extend(service.mixed([item], held))
    page = effects.change_page(
        faults, effects.PageDraft(items, len(items), None, odata.self_link(call), None, call.path)
    )
    value = [odata.project(item, query.select) for item in page.items]
    context = f"{call.base}/v1.0/$metadata#directoryObjects"
    return json_reply({"@odata.context": context, "value": value}, headers=headers)


def batch(service: GraphService, call: Call) -> Reply:
    """Serves up to twenty requests in one; the answers come in no particular order."""
    request_id = new_id()
    client_id = call.headers.get("client-request-id", request_id)
    common = {"request-id": request_id, "client-request-id": client_id}
    faults = service.faults.take(call.path)
    try:
        service.held(call)
        effects.refuse(faults, plain=True)
        reply = effects.replace_reply(faults) or _served(service, call)
    except Refusal as refusal:
        reply = graph_error(refusal, request_id, client_id)
    return effects.change_bytes(faults, reply).with_headers(common)


def _served(service: GraphService, call: Call) -> Reply:
    items = _items(call)
    replies = [(item, answer(service, _item_call(call, item))) for item in items]
    responses = [_response(item, reply) for item, reply in replies]
    random.Random(call.body).shuffle(responses)
    return Reply(
        200,
        orjson.dumps({"responses": responses}),
        cut=any(reply.cut for _, reply in replies),
        delay=sum(reply.delay for _, reply in replies),
        detail=tuple(str(item["url"]) for item in items),
    )


def answer(service: GraphService, call: Call) -> Reply:
    """The answer to any request to Graph."""
    posts = {GET_BY_IDS: get_by_ids, BATCH: batch}
    post = posts.get(call.path) if call.method == "POST" else None
    return post(service, call) if post else service.answer(call)


def _items(call: Call) -> list[Json]:
    body = call.json()
    items = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(items, list) or not items:
        raise _malformed("The batch request must contain 'requests', a list that is not empty.")
    if len(items) > MAX_BATCH:
        raise _malformed(f"Number of batch request steps exceeds the maximum value of {MAX_BATCH}.")
    seen: set[str] = set()
    for item in items:
        if not isinstance(item, dict) or not all(
            isinstance(item.get(name), str) for name in ("id", "method", "url")
        ):
            raise _malformed("Every batch request step needs id, method and url.")
        if item["id"].casefold() in seen:
            raise _malformed(f"Request Id {item['id']} has to be unique in a batch.")
        seen.add(item["id"].casefold())
        parts = urlsplit(item["url"])
        if parts.scheme or parts.netloc or parts.path.startswith(("/v1.0", "/beta")):
            raise _malformed(f"Invalid Url '{item['url']}': it must be relative to the version.")
        if parts.path.strip("/") == "$batch":
            raise _malformed("A batch cannot contain a batch.")
    return items


def _item_call(call: Call, item: Json) -> Call:
    headers = {name.casefold(): str(value) for name, value in (item.get("headers") or {}).items()}
    sent = item.get("body")
    if sent is not None and "content-type" not in headers:
        raise _malformed(f"Request Id {item['id']} has a body but no Content-Type header.")
    parts = urlsplit("/" + item["url"].lstrip("/"))
    return replace(
        call,
        method=item["method"].upper(),
        path=parts.path,
        raw_query=parts.query,
        headers={"authorization": call.headers.get("authorization", ""), **headers},
        body=b"" if sent is None else orjson.dumps(sent),
    )


def _response(item: Json, reply: Reply) -> Json:
    is_json = reply.content_type.startswith("application/json")
    body: Any = orjson.Fragment(reply.body)
    if not is_json:
        text = reply.body.decode("utf-8")
        body = int(text) if text.isdigit() else text
    return {
        "id": item["id"],
        "status": int(HTTPStatus(reply.status)),
        "headers": {"Content-Type": reply.content_type, **reply.headers},
        "body": body,
    }


def _malformed(message: str) -> Refusal:
    return Refusal(400, "BadRequest", message)
