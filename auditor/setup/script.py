"""Fills the templates. Nothing reaches a script but literals of its language and our own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from auditor.setup import quoting
from auditor.setup.plan import GLOBAL_READER, RESOURCES, VIEW_ONLY
from auditor.setup.values import Setup

if TYPE_CHECKING:
    from jinja2 import Environment

# What may stand in a script, or a comment of it, as it is: our own names, ids and numbers.
_OWN_WORDS = re.compile(r"[A-Za-z0-9 .,;:'()/_+-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Step:
    """One step, and which administrator runs it."""

    number: int
    title: str
    who: str


def steps(setup: Setup) -> tuple[Step, ...]:
    """What is to be done, in order.

    Source: Microsoft Entra built-in roles (who may register, consent and assign roles), Azure's
    Managed Identity Contributor, and Exchange's Add-RoleGroupMember (role Role Management).
    """
    if setup.kind == "managed-identity":
        first = Step(
            1,
            "Create the managed identity",
            "Contributor or Managed Identity Contributor of the resource group (Azure)",
        )
    else:
        first = Step(
            1,
            "Create the application, its service principal and its credential",
            "Application Administrator or Cloud Application Administrator",
        )
    found = [first, Step(2, "Grant the application permissions", "Privileged Role Administrator")]
    if setup.role_group:
        title = "Add it to the Exchange role group View-Only Organization Management"
        found.append(
            Step(3, title, "Exchange Administrator, or a member of Organization Management")
        )
    elif setup.exchange:
        found.append(
            Step(3, "Assign the directory role Global Reader", "Privileged Role Administrator")
        )
    return tuple(found)


def render(setup: Setup, language: str) -> str:
    """The script, for one of `values.LANGUAGES`."""
    template, quote = _TEMPLATES[language]
    environment = _environment(quote)
    text: str = environment.get_template(template).render(
        setup=setup,
        names=setup.names,
        steps=steps(setup),
        resources={each.resource: RESOURCES[each.resource] for each in setup.permissions},
        global_reader=GLOBAL_READER,
        view_only=VIEW_ONLY,
        graph=_graph(setup),
        end=setup.certificate.end.strftime("%Y-%m-%dT%H:%M:%SZ") if setup.certificate else "",
        powershell_name=quoting.powershell(setup.name),
    )
    return text


_TEMPLATES: dict[str, tuple[str, Callable[[str], quoting.Quoted]]] = {
    "powershell": ("powershell.ps1.j2", quoting.powershell),
    "azure-cli": ("azure_cli.sh.j2", quoting.shell),
    "terraform": ("terraform.tf.j2", quoting.hcl),
}


def _graph(setup: Setup) -> str:
    from auditor.connect.clouds import CLOUDS

    return CLOUDS[setup.cloud].graph


@cache
def _environment(quote: Callable[[str], quoting.Quoted]) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("auditor.setup"),
        autoescape=False,  # noqa: S701 -- no HTML: `finalize` refuses what is not quoted
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_only_quoted,
    )
    made.filters.update(q=quote, json=quoting.json_in_shell, odata=quoting.odata, own=_own)
    return made


def _only_quoted(value: Any) -> Any:
    if not isinstance(value, quoting.Quoted):
        raise TypeError(f"A template prints {value!r} without quoting it.")
    return value


def _own(value: object) -> quoting.Quoted:
    text = str(value)
    if not _OWN_WORDS.fullmatch(text):
        raise ValueError(f"A template prints {text!r} as if it were our own words.")
    return quoting.Quoted(text)
