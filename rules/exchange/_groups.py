"""Role groups and their members, as the rules about them read them: a few dozen rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pandas import DataFrame, Series

from auditor.tables.source import known

TOP = "Organization Management"
MEMBER_NOT_TOLD = "what kind of member {} is was not told"
MEMBERS_NOT_TOLD = "the members of the group {} inside it are not known"
REMOVE_MEMBER = "Remove-RoleGroupMember -Identity {name} -Member {remove}"


class Member(NamedTuple):
    """A member of a role group. `path` is there for effective members only."""

    id: str
    name: str
    kind: str | None
    external_id: str | None
    principal: int
    inner: int  # row of the role group it is, or -1
    path: tuple[str, ...] | None
    page: str

    @property
    def workload(self) -> bool:
        """Whether it is an application or managed identity."""
        return self.principal >= 0 or self.kind == "servicePrincipal"

    @property
    def nested(self) -> bool:
        """Whether it is another role group."""
        return self.inner >= 0 or self.kind == "roleGroup"

    @property
    def hides_others(self) -> bool:
        """Whether an effective member is a group that could not be opened."""
        return self.kind in ("group", "roleGroup")


def members_of(table: DataFrame) -> Mapping[int, list[Member]]:
    """Members by the row of their role group: role_group_members or effective_members."""
    found: dict[int, list[Member]] = defaultdict(list)
    for row in table.to_dict("records"):
        path = row.get("path")
        member = Member(
            id=row["member"],
            name=known(row["name"]) or row["member"],
            kind=known(row["kind"]),
            external_id=known(row["external_id"]),
            principal=row["principal"],
            inner=row.get("member_group", -1),
            path=path if isinstance(path, tuple) else None,
            page=str(row["page"]),
        )
        found[row["role_group"]].append(member)
    for each in found.values():
        each.sort(key=lambda member: (member.name.lower(), member.id))
    return found


def named(members: Iterable[Member]) -> tuple[str, ...]:
    """Their names, each once."""
    return tuple(dict.fromkeys(member.name for member in members))


def pages(members: Iterable[Member]) -> tuple[str, ...]:
    """The pages that prove them."""
    return tuple(sorted({member.page for member in members}))


def saying(role_groups: DataFrame, verdicts: Mapping[int, Mapping[str, Any] | None]) -> DataFrame:
    """The role groups that there is something to say of, with the columns that say it.

    `verdicts` is by row; None says that the group passes.
    """
    said = {row: each for row, each in verdicts.items() if each is not None}
    found = role_groups.loc[list(said)]
    names = dict.fromkeys(name for each in said.values() for name in each)
    return found.assign(
        **{
            name: Series(
                [each.get(name) for each in said.values()], index=found.index, dtype=object
            )
            for name in names
        }
    )
