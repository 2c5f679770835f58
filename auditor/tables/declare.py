"""How a table is declared: its columns, key, meaning and the datasets it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from auditor.times import DTYPE, times

if TYPE_CHECKING:
    from auditor.tables.source import Source

Frame = pd.DataFrame


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    type      text, bool, int: nullable; row: position of a row in another table, -1 for none;
              time: instant in UTC, with the text as received beside it in `NAME_received`;
              list: a tuple of texts or None
    required  never null: the loader leaves a row without it out and calls its dataset partial
    """

    name: str
    type: str
    meaning: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    source  the dataset whose objects are its rows: refused, the table does not exist
    adds    datasets that bring further rows: incomplete, rows may be missing
    joins   datasets whose missing rows could make a row look harmless
    fills   datasets that fill columns of rows that exist anyway: incomplete, those are null
    named   datasets that only help to tell who a row is about; where that stays open, the load
            calls the table's source partial
    subject the columns (type, id, app_id, name) that tell which object a row is about; the type
            may be a literal in quotes, the app_id nothing
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    source: str
    build: Callable[[Source], Frame]
    adds: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    fills: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    subject: tuple[str, str, str, str] = ("'object'", "id", "app_id", "name")

    def datasets(self) -> tuple[str, ...]:
        """Every dataset that a verdict on the table can hang on."""
        return (self.source, *self.adds, *self.joins, *self.fills)

    def names(self) -> tuple[str, ...]:
        """The names of its columns, those of received times included."""
        return tuple(name for column in self.columns for name in _names(column))

    def frame(self, records: Iterable[Mapping[str, Any]]) -> Frame:
        """The records as a frame with the declared columns and types, in the order given."""
        rows = list(records)
        data: dict[str, Any] = {}
        for column in self.columns:
            values = [row.get(column.name) for row in rows]
            data[column.name] = _CAST[column.type](values)
            if column.type == "time":
                data[f"{column.name}_received"] = _text(values)
        return pd.DataFrame(data, index=pd.RangeIndex(len(rows)))


def _names(column: Column) -> tuple[str, ...]:
    return (column.name, f"{column.name}_received") if column.type == "time" else (column.name,)


def _text(values: Sequence[Any]) -> Any:
    # A null read from another table is a null of pandas', and must not become the text "nan".
    texts = [each if isinstance(each, str) else _told(each) for each in values]
    return pd.array(texts, dtype="str")


def _told(value: Any) -> str | None:
    # A list or an object where a text should be is no text.
    return str(value) if pd.api.types.is_scalar(value) and not pd.isna(value) else None


def _bool(values: Sequence[Any]) -> Any:
    return pd.array(
        [bool(each) if isinstance(each, bool | np.bool_) else None for each in values],
        dtype="boolean",
    )


def _int(values: Sequence[Any]) -> Any:
    return pd.array(values, dtype="Int64")


def _row(values: Sequence[Any]) -> Any:
    return np.array([-1 if each is None else each for each in values], dtype="int64")


def _list(values: Sequence[Any]) -> Any:
    found = np.empty(len(values), dtype=object)
    for position, value in enumerate(values):
        found[position] = None if value is None else tuple(str(each) for each in value)
    return found


def _time(values: Sequence[Any]) -> Any:
    return times(values) if values else pd.Series([], dtype=DTYPE)


_CAST: Mapping[str, Callable[[Sequence[Any]], Any]] = {
    "text": _text,
    "bool": _bool,
    "int": _int,
    "row": _row,
    "list": _list,
    "time": _time,
}


def text(name: str, meaning: str, required: bool = False) -> Column:
    """A column of text."""
    return Column(name, "text", meaning, required)


def flag(name: str, meaning: str, required: bool = False) -> Column:
    """A column of true, false or null."""
    return Column(name, "bool", meaning, required)


def number(name: str, meaning: str) -> Column:
    """A column of whole numbers."""
    return Column(name, "int", meaning)


def row(name: str, meaning: str) -> Column:
    """A column of row positions in another table; -1 for none. Never null."""
    return Column(name, "row", meaning, True)


def many(name: str, meaning: str) -> Column:
    """A column of tuples of text."""
    return Column(name, "list", meaning)


def time(name: str, meaning: str) -> Column:
    """A column of instants; `NAME_received` holds the text as received."""
    return Column(name, "time", meaning)


PAGE = row("page", "number of the snapshot page the row was read from")
