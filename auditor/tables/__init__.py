"""Every table: declared once, with its columns, its meaning and the datasets it comes from."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.tables import (
    app_policies,
    audits,
    conditional_access,
    consent,
    credentials,
    exchange,
    exchange_access,
    exchange_config,
    exchange_groups,
    grants,
    owners,
    partners,
    pim,
    principals,
    privilege,
    redirects,
    risk,
    roles,
    sign_ins,
    token_policies,
)
from auditor.tables.declare import Column, Table
from auditor.tables.source import Source

TABLES: Mapping[str, Table] = {
    table.name: table
    for module in (
        principals,
        redirects,
        owners,
        credentials,
        grants,
        roles,
        exchange_groups,
        exchange,
        privilege,
        exchange_access,
        exchange_config,
        conditional_access,
        risk,
        sign_ins,
        audits,
        partners,
        pim,
        app_policies,
        consent,
        token_policies,
    )
    for table in module.TABLES
}

__all__ = ["TABLES", "Column", "Source", "Table"]
