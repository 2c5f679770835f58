"""Which privileged principals a Conditional Access policy for workloads covers, and which not.

What a policy is worth is told by `Worth`: nothing wrong, something wrong, or something not known.
A policy that is not there, does nothing or leaves a principal out does not cover it. Where a policy
could cover a principal and something about it is not known, so is whether the principal is covered.

Source: https://learn.microsoft.com/entra/identity/conditional-access/workload-identity (only
applications of this tenant and no other can be covered; managed identities cannot; the only control
is block).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pandas import DataFrame, Series

from auditor.tables.source import known

_EVERYBODY = "ServicePrincipalsInMyTenant"
_AGENT = "ServiceIdentity"
_BY_ATTRIBUTE = "chooses by custom security attributes or a list, which is not known here"
_TOLD = 3  # how many policies a message names

Policy = Mapping[Any, Any]


@dataclass
class Worth:
    """What keeps a policy from protecting, for certain and perhaps."""

    wrong: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def demand(self, holds: bool | None, problem: str, not_told: str) -> None:
        """Notes the problem where `holds` is false, and what is not told where it is None."""
        if holds is None:
            self.unknown.append(not_told)
        elif not holds:
            self.wrong.append(problem)


def coverable(principals: DataFrame) -> Series:
    """Principals that a policy can cover; null where publisher, kind or audience is not told.

    Managed identities, agents, and applications that other organizations can sign in to, theirs or
    one's own, are beyond Conditional Access for workload identities.
    """
    own = principals["publisher"].astype("string") == "own"
    single = principals["audience"].astype("string") == "AzureADMyOrg"
    agent = (principals["type"].astype("string") == _AGENT).fillna(False)
    return own & single & ~principals["managed_identity"] & ~agent


def listed(value: object) -> tuple[str, ...] | None:
    """A list's texts; None if it is not told."""
    return value if isinstance(value, tuple) else None


def enforced(policy: Policy) -> Worth:
    """What any policy needs to block anything: to be on, to block, and for every resource."""
    worth = Worth()
    on, blocks = known(policy["enforced"]), known(policy["blocks"])
    state = known(policy["state"]) or "not on"
    only = "only reports" if "report" in state.lower() else f"is {state}"
    worth.demand(on, only, "does not say whether it is on")
    worth.demand(blocks, "does not block", "does not say whether it blocks")
    resources, excepted = listed(policy["resources"]), listed(policy["resources_except"])
    everything = None if resources is None else "All" in resources
    worth.demand(everything, "is not for all resources", "does not say for which resources it is")
    none = None if excepted is None else not excepted
    worth.demand(none, "leaves resources out", "does not say which resources it leaves out")
    return worth


def judged(
    principals: DataFrame,
    policies: DataFrame,
    worth: Callable[[Policy], Worth],
    grades: Callable[[Policy], Iterable[str]],
    wanted: Iterable[str],
) -> DataFrame:
    """The principals that are not covered for every grade `wanted`, with why, or unknown.

    `grades` tells for what a policy counts: the levels of risk it is for, or one word where there
    is only one.
    """
    ids, none = principals["id"].str.lower(), Series(False, index=principals.index)
    sure = dict.fromkeys(wanted, none)
    perhaps = dict.fromkeys(wanted, none)
    told = doubts = pages = Series([()] * len(ids), index=ids.index, dtype=object)
    for policy in policies.sort_values("id").to_dict("records"):
        certain, possible, outside = _chosen(policy, ids)
        value = worth(policy)
        name = f"policy {known(policy['name']) or policy['id']}"
        pages = _noted(pages, certain | possible | outside, policy["page"])
        told = _noted(told, outside, f"{name} leaves it out")
        if value.wrong:
            told = _noted(told, certain | possible, f"{name} {value.wrong[0]}")
            continue
        unsure = possible | certain if value.unknown else possible
        doubts = _noted(doubts, unsure, f"{name} {(*value.unknown, _BY_ATTRIBUTE)[0]}")
        for grade in set(grades(policy)) & set(sure):
            sure[grade] = sure[grade] | (certain & ~unsure)
            perhaps[grade] = perhaps[grade] | unsure
    return _said(principals, sure, perhaps, told, doubts, pages)


def _noted(notes: Series, at: Series, note: object) -> Series:
    return notes.where(~at, notes.map(lambda old: (*old, note)))


def _chosen(policy: Policy, ids: Series) -> tuple[Series, Series, Series]:
    """Who is certainly in the policy, who perhaps, and who is left out by name."""
    no = Series(False, index=ids.index)
    includes, excludes = listed(policy["includes"]), listed(policy["excludes"])
    filtered = known(policy["filter"]) or known(policy["filter_mode"])
    if includes is None:
        named = no
    elif _EVERYBODY in includes:
        named = ~no
    else:
        named = ids.isin([each.lower() for each in includes])
    out = ids.isin([each.lower() for each in excludes or ()])
    adds = bool(filtered) and known(policy["filter_mode"]) != "exclude"
    maybe = ~no if includes is None or adds else named
    doubtful = bool(filtered) or includes is None or excludes is None
    possible = maybe & ~out if doubtful else no
    certain = no if doubtful else named & ~out
    return certain, possible, (named | maybe) & out


def _said(
    principals: DataFrame,
    sure: Mapping[str, Series],
    perhaps: Mapping[str, Series],
    told: Series,
    doubts: Series,
    pages: Series,
) -> DataFrame:
    covered = Series(True, index=principals.index)
    possible = Series(True, index=principals.index)
    lacking = Series([()] * len(principals), index=principals.index, dtype=object)
    for grade, yes in sure.items():
        covered &= yes
        possible &= yes | perhaps[grade]
        lacking = lacking.where(yes, lacking.map(lambda old, new=grade: (*old, new)))
    found = principals[~covered]
    return found.assign(
        why=told[found.index].map(_few),
        lacking=lacking[found.index],
        proof_pages=pages[found.index],
        unknown=doubts[found.index].map(_few).where(possible[found.index], None),
    )


def _few(reasons: tuple[str, ...]) -> str:
    more = len(reasons) - _TOLD
    shown = "; ".join(reasons[:_TOLD]) + (f"; and {more} more" if more > 0 else "")
    return shown or "no policy for workload identities is about it"
