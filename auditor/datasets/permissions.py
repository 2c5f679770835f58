"""Which permissions open which datasets, how wide they are, and how few are enough for many."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cache
from typing import Any

from auditor.datasets import DATASETS, Dataset

Permissions = frozenset[str]


def opens(held: Collection[str], dataset: Dataset) -> bool:
    """Whether these permissions are enough for a dataset."""
    return any(set(each) <= set(held) for each in dataset.permissions)


def unread(held: Collection[str]) -> tuple[str, ...]:
    """The datasets that these permissions do not open."""
    return tuple(name for name, each in DATASETS.items() if not opens(held, each))


def narrowest(datasets: Iterable[Dataset]) -> tuple[str, ...]:
    """The permissions that open all of these and as little else as possible."""
    return _least(datasets, lambda held: (_breadth(held), len(held)))


def fewest(datasets: Iterable[Dataset]) -> tuple[str, ...]:
    """The smallest number of permissions that open all of these."""
    return _least(datasets, lambda held: (len(held), _breadth(held)))


def _least(datasets: Iterable[Dataset], size: Callable[[Permissions], object]) -> tuple[str, ...]:
    def order(held: Permissions) -> tuple[Any, ...]:
        return sum(map(writes, held)), size(held), sorted(held)

    found: Permissions = min(_covers(datasets), key=order)
    return tuple(sorted(found))


def _covers(datasets: Iterable[Dataset]) -> list[Permissions]:
    """Every set of permissions that opens all the datasets and has none to spare.

    Exact, and small: datasets share their ways in, so few sets stay once those that hold another
    one are dropped.
    """
    sets: list[Permissions] = [frozenset()]
    for ways in dict.fromkeys(tuple(map(frozenset, each.permissions)) for each in datasets):
        grown = {held | way for held in sets for way in ways}
        sets = [each for each in grown if not any(other < each for other in grown)]
    return sets


def writes(permission: str) -> bool:
    """Whether a permission's name says that it may change something.

    Exchange.ManageAsApp does nothing by itself: a role decides, and a reading one is enough.
    """
    return "Write" in permission or "FullControl" in permission


def _breadth(held: Permissions) -> int:
    return sum(map(breadth, held))


@cache
def breadth(permission: str) -> int:
    """How wide a permission is, told by how many declared datasets it opens on its own.

    Those of one width are told apart by their place: a dataset lists the least first.
    """
    alone = [each for each in DATASETS.values() if (permission,) in each.permissions]
    place = min((each.permissions.index((permission,)) for each in alone), default=0)
    return 100 * len(alone) + place
