"""What a dataset is: one thing we ask a service for, declared as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

CLOUDS = ("global", "gcc-high", "dod", "china")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One thing we ask for, who may ask it, and what its answer can honestly look like.

    `path` is a Graph path below the API version, with `{id}` where one object at a time is asked
    about, or the name of an Exchange cmdlet.

    tier      what the auditor's administrator chooses to grant: core, activity, pim or exchange
    top       the largest page it may be asked for with $top; 0 where it takes none
    throttle  whose budget a request is taken from, see `auditor.collect.pace`
    clouds    the national clouds that have it
    """

    name: str
    service: str  # "graph" or "exchange"
    title: str
    path: str
    permissions: tuple[tuple[str, ...], ...]  # sets of application permissions; any one is enough
    method: str = "GET"
    version: str = "v1.0"
    tier: str = "core"
    throttle: str = "directory"
    clouds: tuple[str, ...] = CLOUDS
    licence: str = ""
    advice: str = ""  # what else is needed besides a permission
    single: bool = False  # the answer is one object, not a list
    may_be_empty: bool = True
    counted: bool = False  # the service tells how many there are ($count)
    advanced: bool = False  # needs ConsistencyLevel: eventual on every page
    top: int = 999
    select: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()  # names in `select` that not every cloud knows
    expand: str = ""
    parameters: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    needs: tuple[str, ...] = ()  # datasets without which this one cannot be asked
    after: tuple[str, ...] = ()  # datasets that tell more objects to ask about, if they are there

    @property
    def endpoint(self) -> str:
        """What is asked, in the words of the service's own documentation."""
        if self.service == "exchange":
            told = (f"-{name} {value}" for name, value in self.parameters.items())
            return " ".join((self.path, *told))
        return f"{self.method} {self.path}"

    @property
    def remedy(self) -> str:
        """What to grant when the service refuses."""
        told = f"Grant the auditor the application permission {self._least} and consent to it."
        return f"{told} {self.advice}".strip()

    @property
    def remedy_for_user(self) -> str:
        """What to grant when the service refuses somebody who signed in as a user."""
        return (
            f"Consent to the delegated permission {self._least} for the application the user signs"
            " in through, or sign in as an application (docs/sign-in.md)."
        )

    @property
    def _least(self) -> str:
        return " + ".join(self.permissions[0])
