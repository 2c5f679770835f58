"""Turns what Entra says to a sign-in into one sentence and what to do.

Codes: Microsoft Entra authentication and authorization error codes (AADSTS reference), and the
workload identity federation guide for 70021 and 70021x.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from auditor.connect.heard import Heard
from auditor.errors import SignInError

_NO_APPLICATION = (
    "There is no such application in this tenant: check credential.client_id and tenant.id, and "
    "that the application was consented to in this tenant."
)
_NO_TENANT = "There is no such tenant in this cloud: check tenant.id and tenant.cloud."
_MFA = (
    "The user has to prove who they are a second time: sign in with credential.kind device-code or "
    "browser and finish it there, or use a certificate."
)
_DEVICE = (
    "A Conditional Access policy wants a managed device, and a device code proves none: use "
    "credential.kind browser on such a device, or a certificate."
)
_CLOCK = "The time in what was presented is not accepted: set this machine's clock right."
_FEDERATED = (
    "The application trusts no such token: under Certificates & secrets, Federated credentials, add "
    "one whose {part} is exactly the one named above."
)
REMEDIES: Mapping[str, str] = {
    "700016": _NO_APPLICATION,
    "7000229": _NO_APPLICATION,
    "7000112": "The application is disabled in this tenant: switch on 'Enabled for users to sign in' "
    "in its enterprise application, or use another.",
    "700027": "The certificate is not registered on the application: upload its public part to "
    "the app registration's certificates.",
    "7000215": "The secret is wrong: put its Value, not its Secret ID, into the variable that "
    "credential.secret_env names. Better: sign in with a certificate.",
    "7000222": "The secret has expired: register a certificate on the application and use "
    'credential.kind = "certificate".',
    "7000218": "The application is no public client: in the app registration, Authentication, allow "
    "public client flows.",
    "90002": _NO_TENANT,
    "900023": _NO_TENANT,
    "53003": "A Conditional Access policy blocks this sign-in: allow the auditor (or the user) from "
    "this network, and look into the tenant's sign-in log for the policy's name.",
    "53000": _DEVICE,
    "53001": _DEVICE,
    "530003": _DEVICE,
    "65001": "Nobody has consented to this application: let an administrator grant its permissions "
    "(app registration, API permissions, Grant admin consent).",
    "65004": "The user declined: sign in again and accept, or let an administrator consent.",
    "50076": _MFA,
    "50079": _MFA,
    "50034": "There is no such user in this tenant: check tenant.id, and sign in as a user of it.",
    "50020": "The user is of another tenant: sign in as a user of tenant.id, or invite them.",
    "50057": "The user's account is disabled.",
    "50105": "The user is not assigned to the application: assign them in its enterprise "
    "application, or switch 'Assignment required' off.",
    "50011": "The application lacks the address the browser comes back to: in the app registration, "
    "Authentication, add the platform 'Mobile and desktop applications' with http://localhost.",
    "700024": _CLOCK,
    "700021": "The assertion names another application: check credential.client_id.",
    "700023": "The assertion is for another sign-in address: check tenant.cloud and "
    "endpoints.login.",
    "70021": _FEDERATED.format(part="issuer, subject and audience"),
    "70025": "The application trusts no other issuer: under Certificates & secrets, Federated "
    "credentials, add one for where the auditor runs.",
    "700211": _FEDERATED.format(part="issuer"),
    "700212": _FEDERATED.format(part="audience")
    + " The settings name the one to ask for in credential.audience.",
    "700213": _FEDERATED.format(part="subject"),
    "500011": "The service is not known in this tenant: check tenant.cloud; otherwise the tenant "
    "has no such product, or its service principal was removed.",
}
_CODE = re.compile(r"AADSTS(\d+)")
_UNKNOWN_TENANT = "Unable to get authority configuration"  # msal's words for an unknown tenant
_TRACE = re.compile(r"\s*(Trace ID|Correlation ID|Timestamp):.*", re.DOTALL)
_UNREACHABLE = "Entra could not be reached to sign in"


def refused(message: str, heard: Heard | None = None) -> SignInError:
    """Entra's refusal as a sentence and its remedy."""
    heard = heard or Heard()
    match = _CODE.search(message)
    code = match[1] if match else "90002" if _UNKNOWN_TENANT in message else ""
    remedy = REMEDIES.get(code, "")
    if remedy is _CLOCK and heard.clock():
        remedy = f"{heard.clock()} Set it right."
    return SignInError(f"Entra refused the sign-in: {heard.safe(_reason(message))}.", remedy)


def unreachable(message: str, heard: Heard | None = None) -> SignInError:
    """A sign-in that got no answer."""
    remedy = "Check the network, the proxy, and [endpoints] in the settings."
    if "CERTIFICATE_VERIFY_FAILED" in message:
        remedy = (
            "Its certificate is signed by nobody this machine trusts: if a proxy opens TLS here, "
            "name its authority in endpoints.ca_bundle."
        )
    told = (heard or Heard()).safe(_reason(message))
    return SignInError(f"{_UNREACHABLE}: {told}.", remedy)


def was_unreachable(error: SignInError) -> bool:
    """Whether Entra did not answer, rather than refuse."""
    return error.what.startswith(_UNREACHABLE)


def _reason(text: str) -> str:
    """The reason without what azure-identity puts before it and Entra's trace ids behind it."""
    if match := _CODE.search(text):
        text = text[match.start() :]
    text = _TRACE.sub("", text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    line = lines[0] if lines else "no reason was given"
    line = line.removeprefix("Authentication failed: ")
    if _UNKNOWN_TENANT in line:
        line = "there is no such tenant"  # what follows is advice on how to write an authority
    if line.count("'") % 2:
        line = line.removesuffix("'")  # azure-identity puts the whole into quotes
    return line.rstrip(". ")
