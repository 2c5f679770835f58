"""What a table's builder reads: the snapshot's rows, and the tables built before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from auditor.knowledge import BUILT_IN, Ratings

if TYPE_CHECKING:
    from auditor.snapshot import Row, Snapshot
    from auditor.tables.declare import Table


@dataclass
class Source:
    """Rows of one snapshot, its tables so far, and what was wrong with rows that arrived."""

    snapshot: Snapshot
    declared: Mapping[str, Table]
    tenant_id: str
    ratings: Ratings = BUILT_IN
    _tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    _rows: dict[str, list[Row]] = field(default_factory=dict)

    def rows(self, dataset: str) -> list[Row]:
        """The objects of a dataset as received."""
        if dataset not in self._rows:
            self._rows[dataset] = list(self.snapshot.rows(dataset))
        return self._rows[dataset]

    def asked(self, dataset: str) -> set[str]:
        """The objects a dataset was asked about one at a time, with an answer."""
        return {
            page.of
            for page in self.snapshot.pages
            if page.dataset == dataset and page.of and 200 <= page.status < 300
        }

    def table(self, name: str) -> pd.DataFrame:
        """A table, built when it is first asked for."""
        if name not in self._tables:
            table = self.declared[name]
            built = table.build(self)
            twice = built.duplicated(list(table.key))
            if twice.any():
                # One of them would be lost behind the other's identity; neither proves the other.
                self.faults[table.source, f"the same identity as another in {name}"] += int(
                    twice.sum()
                )
                built = built[~twice].reset_index(drop=True)
            self._tables[name] = built
        return self._tables[name]

    def fault(self, dataset: str, what: str) -> None:
        """Remembers that a row of `dataset` could not be used, in words that name the field."""
        self.faults[dataset, what] += 1

    def whole(self, dataset: str, item: Mapping[str, Any], *names: str) -> bool:
        """Whether the item has all the fields a row cannot be without; tells the fault if not."""
        missing = [name for name in names if not isinstance(item.get(name), str) or not item[name]]
        if missing:
            self.fault(dataset, f"no {missing[0]}")
        return not missing

    def each(
        self, dataset: str, item: Mapping[str, Any], name: str, *, needed: bool = True
    ) -> Iterator[dict[str, Any]]:
        """The objects of a list field. A list that is null or absent is a fault, not an empty one."""
        found = item.get(name)
        if not isinstance(found, list):
            if needed:
                self.fault(dataset, f"no {name} list")
            return
        for each in found:
            if isinstance(each, dict):
                yield each
            else:
                self.fault(dataset, f"an entry of {name} that is no object")


def positions(frame: pd.DataFrame, column: str) -> dict[str, int]:
    """Row position by id. Ids compare without regard to case: services differ in it."""
    return {str(value).lower(): place for place, value in enumerate(frame[column])}


def place(where: Mapping[str, int], id: object) -> int:
    """The position of an id, -1 if it is not there."""
    return where.get(id.lower(), -1) if isinstance(id, str) else -1


def words(value: object) -> str | None:
    """A text field as it is; None for anything else."""
    return value if isinstance(value, str) else None


def texts(value: object) -> list[str] | None:
    """A list of texts as it is; None for anything else."""
    whole = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return list(value) if whole and isinstance(value, list) else None


def known(value: Any) -> Any:
    """A scalar as a plain Python value; None for any of pandas' nulls.

    Nullable columns yield numpy's scalars, for which `is False` never holds.
    """
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
