"""Exchange Online's admin API: POST /adminapi/beta/{tenant}/InvokeCommand.

Source: the cmdlet reference, and public tools that call the same address.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field, replace

import orjson

from auditor.emulator import effects, exchange_audit
from auditor.emulator.clouds import CloudFacts
from auditor.emulator.exchange_audit import AuditLog
from auditor.emulator.exchange_rbac import sees
from auditor.emulator.exchange_rows import CMDLET_ROWS, annotate
from auditor.emulator.facts import EXCHANGE_ROLES
from auditor.emulator.faults import Fault, FaultPlan
from auditor.emulator.tenant import Json, Tenant
from auditor.emulator.tokens import TokenService
from auditor.emulator.web import Call, Refusal, Reply, json_reply, new_id

PERMISSION = "Exchange.ManageAsApp"
MAX_PAGE = 1000
DEFAULT_RESULT_SIZE = 1000


@dataclass(frozen=True)
class ExchangeService:
    """Everything a request to Exchange is answered from."""

    tenant: Tenant
    tokens: TokenService
    faults: FaultPlan
    cloud: CloudFacts
    audit: AuditLog = field(default_factory=AuditLog)

    def answer(self, call: Call, tenant: str) -> Reply:
        """The answer to one InvokeCommand request."""
        request_id = new_id()
        faults: tuple[Fault, ...] = ()
        command = ""
        try:
            claims = self.check(call, tenant)
            if call.method != "POST":
                raise bad_command("HttpMethodNotSupported", "InvokeCommand answers POST only.")
            name, parameters = _command(call)
            if not sees(self.tenant.exchange, name, claims["oid"], claims["wids"]):
                raise _no_cmdlet(name)
            command = _variant(name, parameters)
            faults = self.faults.take(command)
            effects.refuse(faults, plain=False)
            reply = effects.replace_reply(faults) or self._invoke(call, name, parameters, faults)
        except Refusal as refusal:
            reply = exchange_error(refusal)
        reply = effects.change_bytes(faults, reply)
        made = reply.with_headers({"request-id": request_id, "x-proxy-backendserver": "emulator"})
        return replace(made, detail=(command,) if command else ())

    def check(self, call: Call, tenant: str) -> Json:
        """The claims of a caller whom Exchange obeys; refuses any other."""
        claims = self.tokens.claims(call.headers.get("authorization", "").partition(" ")[2])
        if claims is None or claims["aud"] not in (
            self.cloud.exchange_audience,
            self.cloud.exchange_resource,
        ):
            raise _unauthorized("The token is missing, has expired or is for another audience.")
        if tenant.casefold() not in (self.tenant.id, self.tenant.domain):
            raise Refusal(404, "NotFound", f"The tenant '{tenant}' is not known here.")
        if PERMISSION not in claims.get("roles", ()):
            raise _unauthorized(f"The role assigned to application isn't supported: {PERMISSION}.")
        opened = EXCHANGE_ROLES.intersection(claims["wids"])
        if not opened and not self.tenant.exchange.admits(claims["oid"]):
            raise _unauthorized("UnAuthorized: the application has no role in this organization.")
        return claims

    def _invoke(self, call: Call, name: str, parameters: Json, faults: tuple[Fault, ...]) -> Reply:
        cut_off = 0
        if name == _AUDIT:
            again = "$skiptoken" in call.query
            rows, warnings = self.audit.search(self.tenant.exchange.audit, parameters, again=again)
        else:
            rows, warnings = CMDLET_ROWS[name](self.tenant.exchange, parameters)
            rows, cut_off = _limited(rows, parameters)
        if cut_off:
            warnings = (*warnings, f"There are more results available than {cut_off}.")
        offset = _offset(call)
        size = _page_size(call)
        link = f"{call.base}{call.path}?$skiptoken={_skip(call, offset + size)}"
        page = effects.change_page(
            faults,
            effects.PageDraft(
                items=[annotate(row) for row in rows[offset : offset + size]],
                count=len(rows),
                next_link=link if offset + size < len(rows) else None,
                self_link=f"{call.base}{call.path}?$skiptoken={_skip(call, offset)}",
                slipped_link=None if "slipped" in call.raw_query else _slipped(call, offset),
                path=call.path,
            ),
        )
        body: Json = {
            "@odata.context": f"https://{self.cloud.exchange_host}/adminapi/beta/{self.tenant.id}/$metadata"
            "#Collection(Exchange.GenericCmdletResponse)",
            "@adminapi.warnings@odata.type": "#Collection(String)",
            "@adminapi.warnings": list(warnings),
        }
        if page.next_link:
            body["@odata.nextLink"] = page.next_link
        body["value"] = page.items
        return Reply(200, orjson.dumps(body))


def exchange_error(refusal: Refusal) -> Reply:
    """A refusal in the admin API's error form."""
    body: Json = {"error": {"code": refusal.code, "message": refusal.message}}
    if refusal.status == 400:
        mark = hashlib.sha256(refusal.code.encode()).hexdigest()[:6].upper()
        kind = f"Microsoft.Exchange.Configuration.Tasks.{refusal.code}"
        body["error"] = {
            "code": "BadRequest",
            "message": "Error executing cmdlet",
            "details": [
                {
                    "code": "Context",
                    "target": "",
                    "message": f"Ex{mark}|{kind}|{refusal.message}",
                }
            ],
            "innererror": {
                "message": "Error executing cmdlet",
                "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
                "stacktrace": "",
                "internalexception": {"message": refusal.message, "type": kind, "stacktrace": ""},
            },
        }
    return json_reply(body, refusal.status, dict(refusal.headers))


def bad_command(exception: str, message: str) -> Refusal:
    """400 for a cmdlet or parameter that is not there."""
    return Refusal(400, exception, message)


def _no_cmdlet(name: str) -> Refusal:
    # The same answer for a cmdlet that does not exist and for one the caller has no role for.
    told = f"The term '{name}' is not recognized as the name of a cmdlet."
    return bad_command("CommandNotFoundException", told)


def _unauthorized(message: str) -> Refusal:
    return Refusal(401, "Unauthorized", message)


def _command(call: Call) -> tuple[str, Json]:
    body = call.json()
    given = body.get("CmdletInput") if isinstance(body, dict) else None
    if not isinstance(given, dict) or not isinstance(given.get("CmdletName"), str):
        raise bad_command("InvalidRequestException", "The body must hold CmdletInput.CmdletName.")
    wanted = given["CmdletName"].casefold()
    name = next((known for known in KNOWN_PARAMETERS if known.casefold() == wanted), None)
    if name is None:
        raise _no_cmdlet(given["CmdletName"])
    parameters = given.get("Parameters") or {}
    if not isinstance(parameters, dict):
        raise bad_command("InvalidRequestException", "Parameters must be an object.")
    return name, _parameters(name, parameters)


def _parameters(name: str, given: Json) -> Json:
    known = {text.casefold(): text for text in KNOWN_PARAMETERS[name]}
    made: Json = {}
    for key, value in given.items():
        if key.casefold() not in known:
            raise bad_command(
                "ParameterBindingException",
                f"A parameter cannot be found that matches parameter name '{key}'.",
            )
        made[known[key.casefold()]] = value
    if name == "Get-RoleGroupMember" and "Identity" not in made:
        raise bad_command(
            "ParameterBindingException",
            "Cannot process command because of one or more missing mandatory parameters: Identity.",
        )
    return made


def _variant(name: str, parameters: Json) -> str:
    return f"{name}+ShowPartnerLinked" if parameters.get("ShowPartnerLinked") is True else name


def _limited(rows: list[Json], parameters: Json) -> tuple[list[Json], int]:
    """The rows ResultSize lets through, and the limit if it cut some off."""
    size = parameters.get("ResultSize", DEFAULT_RESULT_SIZE)
    if isinstance(size, str) and size.casefold() == "unlimited":
        return rows, 0
    if isinstance(size, bool) or not str(size).isdigit() or int(size) < 1:
        raise bad_command("ParameterBindingException", f"'{size}' is no valid ResultSize.")
    return rows[: int(size)], int(size) if len(rows) > int(size) else 0


def _page_size(call: Call) -> int:
    match = re.search(r"odata\.maxpagesize=(\d+)", call.headers.get("prefer", ""), re.IGNORECASE)
    return max(1, min(MAX_PAGE, int(match[1]))) if match else MAX_PAGE


def _skip(call: Call, offset: int, *, slipped: bool = False) -> str:
    # The body's digest is part of the token: another body does not continue this listing.
    digest = hashlib.sha256(orjson.dumps(call.json(), option=orjson.OPT_SORT_KEYS)).hexdigest()
    token = base64.urlsafe_b64encode(orjson.dumps([offset, digest])).decode().rstrip("=")
    return f"{token}&slipped=1" if slipped or "slipped" in call.raw_query else token


def _slipped(call: Call, offset: int) -> str:
    return f"{call.base}{call.path}?$skiptoken={_skip(call, offset, slipped=True)}"


def _offset(call: Call) -> int:
    text = call.query.get("$skiptoken")
    if text is None:
        return 0
    try:
        offset, _ = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError):
        raise bad_command("InvalidSkipTokenException", "The skip token is not valid.") from None
    if _skip(call, offset).partition("&")[0] != text:
        raise bad_command(
            "InvalidSkipTokenException",
            "The body differs from the one this listing began with: send the same again.",
        )
    return int(offset)


_AUDIT = "Search-UnifiedAuditLog"
_COMMON = ("ResultSize", "ErrorAction", "WarningAction")
KNOWN_PARAMETERS: dict[str, tuple[str, ...]] = {
    "Get-RoleGroup": (
        *_COMMON,
        "Identity",
        "Filter",
        "SortBy",
        "ShowPartnerLinked",
        "ReadFromDomainController",
    ),
    "Get-RoleGroupMember": (*_COMMON, "Identity", "ReadFromDomainController"),
    "Get-ServicePrincipal": (*_COMMON, "Identity", "Organization"),
    "Get-ManagementRoleAssignment": (
        "ErrorAction",
        "WarningAction",
        "Identity",
        "Role",
        "RoleAssignee",
        "RoleAssigneeType",
        "AssignmentMethod",
        "Delegating",
        "Enabled",
        "Exclusive",
        "GetEffectiveUsers",
    ),
    "Get-ApplicationAccessPolicy": (*_COMMON, "Identity"),
    "Get-ManagementScope": ("ErrorAction", "WarningAction", "Identity", "Exclusive", "Orphan"),
    "Get-ManagementRole": (
        *("ErrorAction", "WarningAction", "Identity", "RoleType", "GetChildren", "Recurse"),
        *("Cmdlet", "CmdletParameters", "Script", "ScriptParameters"),
    ),
    "Get-OrganizationConfig": ("ErrorAction", "WarningAction"),
    _AUDIT: exchange_audit.PARAMETERS,
}
