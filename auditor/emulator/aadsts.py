"""Entra's refusals: AADSTS numbers, their words, and the form they come in.

Source: Microsoft's list of AADSTS errors, and the answers azure-identity and msal quote.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from auditor.emulator.web import Reply, json_reply, new_id


class Denied(Exception):
    """An AADSTS error."""

    def __init__(self, number: int, error: str, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.number = number
        self.error = error
        self.text = text
        self.status = status


# Refusals that a fault can ask for, because no tenant made up here would cause them by itself.
PLAYED: Mapping[int, Denied] = {
    each.number: each
    for each in (
        Denied(
            50076,
            "invalid_grant",
            "Due to a configuration change made by your administrator, or because you moved to a "
            "new location, you must use multi-factor authentication to access "
            "'00000003-0000-0000-c000-000000000000'.",
        ),
        Denied(
            50079,
            "invalid_grant",
            "Due to a configuration change made by your administrator, or because you moved to a "
            "new location, you must enroll in multi-factor authentication to access "
            "'00000003-0000-0000-c000-000000000000'.",
        ),
        Denied(50034, "invalid_grant", "The user account does not exist in the directory."),
        Denied(
            53003,
            "access_denied",
            "Access has been blocked by Conditional Access policies. The access policy does not "
            "allow token issuance.",
        ),
        Denied(
            530003,
            "access_denied",
            "Your device is required to be managed to access this resource.",
        ),
        Denied(
            65001,
            "invalid_grant",
            "The user or administrator has not consented to use the application. Send an "
            "interactive authorization request for this user and resource.",
        ),
        Denied(70020, "expired_token", "The provided device code has expired."),
        Denied(
            700024,
            "invalid_client",
            "Client assertion is not within its valid time range.",
            401,
        ),
        Denied(
            7000222,
            "invalid_client",
            "The provided client secret keys are expired.",
            401,
        ),
    )
}


def error_reply(denied: Denied) -> Reply:
    """An AADSTS error as Entra words it."""
    trace, correlation = new_id(), new_id()
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return json_reply(
        {
            "error": denied.error,
            "error_description": f"AADSTS{denied.number}: {denied.text} Trace ID: {trace} "
            f"Correlation ID: {correlation} Timestamp: {stamp}",
            "error_codes": [denied.number],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={denied.number}",
        },
        denied.status,
    )
