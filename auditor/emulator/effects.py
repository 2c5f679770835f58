"""What each kind of fault does: before a request is served, to a page, and to the bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from auditor.emulator.faults import Fault
from auditor.emulator.tenant import Json
from auditor.emulator.web import Refusal, Reply

CODES = {
    400: ("Request_BadRequest", "The request is malformed."),
    401: ("InvalidAuthenticationToken", "Access token has expired or is not yet valid."),
    403: ("Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
    404: ("Request_ResourceNotFound", "The resource does not exist."),
    429: ("TooManyRequests", "Please retry again later."),
    500: ("UnknownError", "An internal error occurred."),
    503: ("ServiceNotAvailable", "The service is temporarily unavailable."),
    504: ("GatewayTimeout", "The upstream service did not answer in time."),
}
_HTML = b"""<!DOCTYPE html><html><head><title>Web filter</title></head>
<body><h1>This page is being checked</h1><p>Please sign in to the proxy.</p></body></html>"""


@dataclass(frozen=True)
class PageDraft:
    """A page before it becomes JSON."""

    items: list[Json]
    count: int
    next_link: str | None
    self_link: str
    slipped_link: str | None
    path: str


def refuse(faults: tuple[Fault, ...], *, plain: bool) -> None:
    """Raises the refusal of the first fault that is one.

    `plain` is a listing without $filter or a request with $expand.
    """
    for fault in faults:
        if maker := _REFUSALS.get(fault.kind):
            raise maker(fault)
        if fault.kind == "badexpand" and plain:
            raise Refusal(
                400,
                "Request_UnsupportedQuery",
                "A $filter on roleDefinitionId or principalId is required.",
            )


def delay(faults: tuple[Fault, ...]) -> float:
    """Seconds the answer is late."""
    return sum(float(fault.value) / 1000 for fault in faults if fault.kind == "slow")


def replace_reply(faults: tuple[Fault, ...]) -> Reply | None:
    """The proxy's page, if one is asked for."""
    if any(fault.kind == "html" for fault in faults):
        return Reply(200, _HTML, content_type="text/html; charset=utf-8")
    return None


def change_page(faults: tuple[Fault, ...], page: PageDraft) -> PageDraft:
    """The page as the faults leave it."""
    for fault in faults:
        if effect := _PAGES.get(fault.kind):
            page = effect(fault, page)
    return page


def change_item(faults: tuple[Fault, ...], item: Json) -> Json:
    """A single object as the faults leave it."""
    for fault in faults:
        if effect := _ITEMS.get(fault.kind):
            item = effect(fault, item)
    return item


def change_count(faults: tuple[Fault, ...], count: int) -> int:
    """A count as the faults leave it."""
    for fault in faults:
        if effect := _COUNTS.get(fault.kind):
            count = effect(fault, count)
    return count


def change_bytes(faults: tuple[Fault, ...], reply: Reply) -> Reply:
    """The answer with its delay, cut off if asked for."""
    cut = any(fault.kind == "cut" for fault in faults)
    return replace(reply, cut=reply.cut or cut, delay=reply.delay + delay(faults))


def _status(fault: Fault) -> Refusal:
    code, message = CODES[int(fault.value)]
    return Refusal(int(fault.value), code, message)


def _throttle(fault: Fault) -> Refusal:
    headers = {"Retry-After": fault.value} if fault.value else {}
    return Refusal(429, *CODES[429], headers)


def _license(_fault: Fault) -> Refusal:
    return Refusal(
        403,
        "AadPremiumLicenseRequired",
        "The tenant needs to have a Microsoft Entra ID P2 license to use this feature.",
    )


def _truncate(_fault: Fault, page: PageDraft) -> PageDraft:
    if page.next_link:
        return replace(page, next_link=None)
    return replace(page, items=page.items[: len(page.items) // 2])


def _empty(_fault: Fault, page: PageDraft) -> PageDraft:
    return replace(page, items=[], next_link=None)


def _vanish(_fault: Fault, page: PageDraft) -> PageDraft:
    return replace(page, items=[], next_link=None, count=0)


def _emptypage(_fault: Fault, page: PageDraft) -> PageDraft:
    # A page whose link was slipped already is the continuation: it is served as it is.
    if page.slipped_link is None:
        return page
    return replace(page, items=[], next_link=page.slipped_link)


def _loop(_fault: Fault, page: PageDraft) -> PageDraft:
    return replace(page, next_link=page.self_link)


def _foreign(_fault: Fault, page: PageDraft) -> PageDraft:
    return replace(page, next_link=f"https://evil.example/v1.0{page.path}?$skiptoken=stolen")


def _count_page(fault: Fault, page: PageDraft) -> PageDraft:
    return replace(page, count=max(0, page.count + int(fault.value)))


def _null(fault: Fault, item: Json) -> Json:
    return {**item, fault.value: None} if fault.value in item else item


def _drop(fault: Fault, item: Json) -> Json:
    return {key: value for key, value in item.items() if key != fault.value}


def _each(effect: Callable[[Fault, Json], Json]) -> Callable[[Fault, PageDraft], PageDraft]:
    def change(fault: Fault, page: PageDraft) -> PageDraft:
        return replace(page, items=[effect(fault, item) for item in page.items])

    return change


_REFUSALS: dict[str, Callable[[Fault], Refusal]] = {
    "status": _status,
    "throttle": _throttle,
    "noretryafter": _throttle,
    "license": _license,
}
_ITEMS: dict[str, Callable[[Fault, Json], Json]] = {"null": _null, "drop": _drop}
_PAGES: dict[str, Callable[[Fault, PageDraft], PageDraft]] = {
    "truncate": _truncate,
    "empty": _empty,
    "vanish": _vanish,
    "emptypage": _emptypage,
    "loop": _loop,
    "foreignlink": _foreign,
    "count": _count_page,
    "null": _each(_null),
    "drop": _each(_drop),
}
_COUNTS: dict[str, Callable[[Fault, int], int]] = {
    "vanish": lambda _fault, _count: 0,
    "count": lambda fault, count: max(0, count + int(fault.value)),
}
