"""Whether a restriction of app management policies holds: its presence is not enough."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from pandas import DataFrame, Series, Timestamp

_STATES = ("enabled", "disabled", "absent")
_WHOM = {"applications": "applications", "servicePrincipals": "service principals"}


def of(restriction: str) -> Callable[[DataFrame], Series]:
    """The rows of one type of restriction in every policy."""
    return lambda table: table["restriction"] == restriction


def loose(
    app_policies: DataFrame,
    app_policy_targets: DataFrame,
    applications: DataFrame,
    as_of: Timestamp,
    max_days: int | None = None,
) -> DataFrame:
    """The rows that do not restrict, or cannot be judged: `reason`, `severity` and `unknown`.

    A custom policy that is off or put on nothing restricts nobody and frees nobody: it passes.
    """
    table = app_policies
    objects = (
        table["policy_id"]
        .str.lower()
        .map(app_policy_targets["policy_id"].str.lower().value_counts())
    )
    objects = objects.fillna(0).astype("int64")
    custom = table["custom"].astype(bool)
    on, state = table["enabled"], table["state"]
    idle = custom & ((objects == 0) | ~on.fillna(True))
    whom = table["target"].map(_WHOM).fillna("the " + objects.astype("str") + " it is put on")
    table = table.assign(objects=objects, whom=whom)
    reason, severity = _reasons(table, custom, as_of, max_days, applications)
    doubt = _doubts(table, custom, max_days, applications)
    # Whether a custom policy is on decides whether it is about anybody.
    reason = reason.mask(custom & on.isna(), None)
    found = table.assign(
        reason=reason, severity=severity, unknown=doubt.mask(reason.notna() | state.isna(), None)
    )
    found["unknown"] = found["unknown"].mask(
        reason.isna() & ~state.isin(_STATES), "the state of the restriction is not known"
    )
    return found[~idle & (found["reason"].notna() | found["unknown"].notna())]


def _nothing(table: DataFrame) -> Series:
    return Series(None, index=table.index, dtype=object)


def _reasons(
    table: DataFrame,
    custom: Series,
    as_of: Timestamp,
    max_days: int | None,
    applications: DataFrame,
) -> tuple[Series, Series]:
    """Why each does not restrict, the worst last; and how bad that is, null for the rule's own."""
    reason, severity = _nothing(table), _nothing(table)
    state, since, days = table["state"], table["applies_from"], table["max_lifetime_days"]
    date = since.dt.strftime("%Y-%m-%d").astype("str")
    older, _ = _older(table, applications)
    count = older.astype("str").mask(table["target"] != "applications", "all")
    left = since.notna() & ((older > 0) | (table["target"] != "applications"))
    spared = table["exempt"].str.len().fillna(0) > 0
    names = table["exempt"].map(lambda each: ", ".join(each) if isinstance(each, tuple) else "")
    long = (days > (max_days if max_days is not None else np.inf)).fillna(False)
    told = (
        (left, "it leaves out what was created before " + date + " (" + count + ")", "low"),
        (spared, "it spares whoever has the attribute " + names, "low"),
        (long, "it allows " + days.astype("str") + f" days; the limit is {max_days}", None),
        (since > as_of, "it begins only on " + date, None),
        (state == "disabled", "it is switched off", None),
        ((state == "absent") & ~custom, "the policy does not list it", None),
        ((~table["enabled"]).fillna(False) & ~custom, "the policy is switched off", "high"),
    )
    for holds, text, level in told:
        wanted = holds.fillna(False).astype(bool)
        reason = reason.mask(wanted, text)
        severity = severity.mask(wanted, level)
    return reason, severity


def _doubts(
    table: DataFrame, custom: Series, max_days: int | None, applications: DataFrame
) -> Series:
    """What is not known of each, and would have to be before it can pass."""
    doubt = _nothing(table)
    _, undated = _older(table, applications)
    dated = table["applies_from"].notna()
    open_ = table["applies_to_all"].isna() | (~table["applies_to_all"].fillna(True) & ~dated)
    cases = (
        (dated & undated, "when some applications were registered is not known"),
        (table["exempt"].isna(), "who is exempt is not known"),
        (
            table["max_lifetime_days"].isna() & (max_days is not None),
            "its maxLifetime is not known",
        ),
        (open_, "from when on it holds is not known"),
        (
            (table["state"] == "absent") & custom,
            "a custom policy that does not list it: whether the default holds is not documented",
        ),
        (table["enabled"].isna(), "whether the policy is on is not known"),
    )
    for holds, text in cases:
        doubt = doubt.mask(holds.fillna(False).astype(bool), text)
    return doubt


def _older(table: DataFrame, applications: DataFrame) -> tuple[Series, bool]:
    """How many applications are older than each row's date, and whether some tell no date."""
    created = applications["created"]
    known = np.sort(created.dropna().to_numpy())
    since = table["applies_from"]
    dates = since.fillna(Timestamp(0, tz="UTC")).to_numpy()
    counts = np.searchsorted(known, dates, side="left")
    return Series(counts, index=table.index).where(since.notna(), 0), bool(created.isna().any())
