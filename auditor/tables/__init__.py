"""Every table: declared once, with its columns, its meaning and the datasets it comes from."""

from __future__ import annotations

from collections.abc import Mapping

from auditor.tables import (
    credentials,
    exchange,
    exchange_access,
    exchange_config,
    exchange_groups,
    grants,
    owners,
    principals,
    privilege,
    roles,
)
from auditor.tables.declare import Column, Table
from auditor.tables.source import Source

TABLES: Mapping[str, Table] = {
    table.name: table
    for module in (
        principals,
        owners,
        credentials,
        grants,
        roles,
        exchange_groups,
        exchange,
        privilege,
        exchange_access,
        exchange_config,
    )
    for table in module.TABLES
}

__all__ = ["TABLES", "Column", "Source", "Table"]
