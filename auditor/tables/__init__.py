"""Every table: declared once, with its columns, its meaning and the datasets it comes from."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.tables import (
    credentials,
    exchange,
    exchange_access,
    exchange_groups,
    grants,
    owners,
    principals,
    privilege,
    redirects,
    roles,
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
    )
    for table in module.TABLES
}

__all__ = ["TABLES", "Column", "Source", "Table"]
