"""GET /AdminApi/v1.0/{tenant}/EXOModuleFile: the cmdlets the caller may run.

Source: what the PowerShell module asks first, as public tools transcribe it.
"""

from __future__ import annotations

from auditor.emulator import effects
from auditor.emulator.exchange_api import (
    KNOWN_PARAMETERS,
    ExchangeService,
    bad_command,
    exchange_error,
)
from auditor.emulator.exchange_rbac import sees
from auditor.emulator.tenant import Json
from auditor.emulator.web import Call, Refusal, Reply, json_reply, new_id

PLACE = "EXOModuleFile"


def module_file(service: ExchangeService, call: Call, tenant: str) -> Reply:
    """The answer to one request for the module file."""
    faults = service.faults.take(PLACE)
    try:
        claims = service.check(call, tenant)
        effects.refuse(faults, plain=False)
        reply = effects.replace_reply(faults) or _file(service, call, claims)
    except Refusal as refusal:
        reply = exchange_error(refusal)
    reply = effects.change_bytes(faults, reply)
    return reply.with_headers({"request-id": new_id(), "x-proxy-backendserver": "emulator"})


def _file(service: ExchangeService, call: Call, claims: Json) -> Reply:
    if call.method != "GET":
        raise bad_command("HttpMethodNotSupported", "EXOModuleFile answers GET only.")
    if not call.query.get("Version", "").startswith("3."):
        raise bad_command("InvalidRequestException", "The module's Version is missing or too old.")
    if call.headers.get("commandname") != "*":
        raise bad_command("InvalidRequestException", "The header CommandName is missing.")
    org = service.tenant.exchange
    seen = [name for name in KNOWN_PARAMETERS if sees(org, name, claims["oid"], claims["wids"])]
    return json_reply({"value": [{"exportedCmdlets": ",".join(sorted(seen))}]})
