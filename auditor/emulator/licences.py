"""Licences a tenant can lack, and how Graph says so.

Source: the error answers of Privileged Identity Management and of the identity reports as
Microsoft's documentation and public tools tell them. Written down apart from the auditor's own
table of datasets.
"""

from __future__ import annotations

from collections.abc import Collection

from auditor.emulator.web import Refusal

P1, P2, WORKLOAD = "P1", "P2", "workload"
LICENCES = (P1, P2, WORKLOAD)

_NOT_PREMIUM = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
_REFUSALS = {
    P1: (
        403,
        _NOT_PREMIUM,
        "Neither tenant is B2C or tenant doesn't have premium license.",
    ),
    P2: (
        400,
        "AadPremiumLicenseRequired",
        "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
    ),
    WORKLOAD: (
        403,
        _NOT_PREMIUM,
        "The tenant needs to have Microsoft Entra Workload ID Premium license.",
    ),
}


def demand_licence(licence: str, unlicensed: Collection[str]) -> None:
    """Refuses what the tenant has not bought; P2 holds P1, so who lacks P1 lacks P2."""
    lacking = {*unlicensed, *((P2,) if P1 in unlicensed else ())}
    if licence in lacking:
        raise Refusal(*_REFUSALS[licence])
