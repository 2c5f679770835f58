"""Which control of which framework a rule gives evidence for.

    controls=(cis_m365("7.0", "5.1.5.6", max_days=180), nist_800_53("SC-12"))

Keywords are the rule's settings at which that control is judged, where the framework sets a limit
of its own. A control that asks for one definite setting of the tenant cannot pass because of what
is found on applications: only a rule that reads the setting itself, and says so with `answers`,
can make it pass. Every other rule mapped to it can only show that it does not hold.

    controls=(answers(cis_m365("7.0", "5.1.5.6", max_days=180)),)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from auditor.errors import PackError
from auditor.knowledge.frameworks import entries, frameworks


@dataclass(frozen=True, slots=True)
class Control:
    """One control that a rule gives evidence for, and the settings at which it does.

    `answering`: whether the rule can make the control pass, or only fail.
    """

    key: str
    id: str
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)
    answering: bool = True

    @property
    def framework(self) -> str:
        """The framework's name."""
        return frameworks()[self.key].name

    @property
    def version(self) -> str:
        """The framework's version."""
        return frameworks()[self.key].version

    @property
    def told(self) -> str:
        """Framework, version, id and the limits that the framework sets, in one line."""
        limits = ", ".join(f"{name} = {value}" for name, value in self.settings.items())
        return f"{self.framework} {self.version}: {self.id}" + (f" ({limits})" if limits else "")


def cis_m365(version: str, id: str, **settings: Any) -> Control:
    """CIS Microsoft 365 Foundations Benchmark, such as `cis_m365("7.0", "5.1.5.4")`."""
    return _control(f"cis-m365-{version}", id, settings)


def scuba(id: str, **settings: Any) -> Control:
    """CISA SCuBA baseline for Entra ID, such as `scuba("MS.AAD.5.6v1")`."""
    return _control("scuba", id, settings)


def nist_800_53(id: str, **settings: Any) -> Control:
    """NIST SP 800-53, revision 5, such as `nist_800_53("IA-5")`."""
    return _control("nist-800-53", id, settings)


def iso_27001(id: str, **settings: Any) -> Control:
    """ISO/IEC 27001:2022, Annex A, such as `iso_27001("A.5.17")`."""
    return _control("iso-27001", id, settings)


def soc2(id: str, **settings: Any) -> Control:
    """SOC 2 Trust Services Criteria, such as `soc2("CC6.1")`."""
    return _control("soc2", id, settings)


def pci_dss(id: str, **settings: Any) -> Control:
    """PCI DSS 4.0.1, such as `pci_dss("8.6.3")`."""
    return _control("pci-dss", id, settings)


def mitre(id: str, **settings: Any) -> Control:
    """MITRE ATT&CK technique, such as `mitre("T1098.001")`."""
    return _control("mitre", id, settings)


def answers(control: Control) -> Control:
    """The control, as evidence of a rule that reads the very setting the control asks for."""
    return replace(control, answering=True)


def _control(key: str, id: str, settings: Mapping[str, Any]) -> Control:
    if key not in frameworks():
        raise PackError(
            f"There is no framework {key}.{_nearest(key, frameworks())}",
            f"Known: {', '.join(frameworks())}.",
        )
    known = entries(key)
    if id not in known:
        raise PackError(
            f"{frameworks()[key].title} has no control {id!r} here.{_nearest(id, known)}",
            f"Controls are declared, with a reason, in knowledge/frameworks/{key}.csv.",
        )
    return Control(key, id, dict(settings), answering=known[id].asks == "practice")


def _nearest(word: str, known: Mapping[str, object]) -> str:
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" Did you mean {close[0]}?" if close else ""
