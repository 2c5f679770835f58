"""What the emulator can be asked to play, and the errors for what it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from auditor.emulator.clouds import CLOUDS, CloudFacts
from auditor.emulator.facts import EXCHANGE, GRAPH, permission_names, role_facts
from auditor.emulator.licences import LICENCES

QUOTAS = ("off", "documented")
DEFAULT_GRAPH_PERMISSIONS = (
    "Application.Read.All",
    "Directory.Read.All",
    "RoleManagement.Read.Directory",
    "RoleEligibilitySchedule.Read.Directory",
    "RoleAssignmentSchedule.Read.Directory",
    "PrivilegedAssignmentSchedule.Read.AzureADGroup",
    "PrivilegedEligibilitySchedule.Read.AzureADGroup",
    "Policy.Read.All",
    "Policy.Read.PermissionGrant",
    "AuditLog.Read.All",
    "IdentityRiskyServicePrincipal.Read.All",
    "IdentityRiskEvent.Read.All",
    "AgentIdentity.Read.All",
    "DelegatedAdminRelationship.Read.All",
)
DEFAULT_EXCHANGE_PERMISSIONS = ("Exchange.ManageAsApp",)


class EmulatorError(ValueError):
    """An option the emulator cannot play, or a port or folder it cannot use."""


@dataclass(frozen=True)
class EmulatorOptions:
    """One tenant and how its services behave.

    `without` takes permissions from the auditor's own app; `grant` replaces its Graph permissions
    by exactly these. `unlicensed` names licences the tenant has not bought.
    `now` freezes the services' clock: the Date header and the instant the
    story's dates are counted from; tokens keep real time.

    Ways in besides the certificate: `auditor_secret` gives the auditor's app a client secret for
    that many days (below 0: expired); `trusts` are subjects of the emulator's own issuer that the
    app trusts; `managed_identity` adds one with the app's permissions, and its endpoint;
    `public_client` adds an application to sign in through and a user who does, with `user_role`
    ("" for none) and, unless `consented` is false, an administrator's consent.
    """

    story: str = "sick"
    size: int = 0
    seed: int = 1
    without: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    quota: str = "off"
    latency_ms: int = 0
    grant: tuple[str, ...] | None = None
    now: datetime | None = None
    auditor_secret: int | None = None
    trusts: tuple[str, ...] = ()
    managed_identity: bool = False
    public_client: bool = False
    user_role: str = "Global Reader"
    consented: bool = True
    unlicensed: tuple[str, ...] = ()
    cloud: str = "global"

    @property
    def cloud_facts(self) -> CloudFacts:
        """What is peculiar to the cloud."""
        return CLOUDS[self.cloud]

    def graph_permissions(self) -> tuple[str, ...]:
        """The Graph application permissions the auditor's own app holds."""
        held = DEFAULT_GRAPH_PERMISSIONS if self.grant is None else self.grant
        return tuple(name for name in held if name not in self.without)

    def exchange_permissions(self) -> tuple[str, ...]:
        """The Exchange application permissions the auditor's own app holds."""
        return tuple(name for name in DEFAULT_EXCHANGE_PERMISSIONS if name not in self.without)


def check_options(options: EmulatorOptions, stories: tuple[str, ...]) -> None:
    """Raises EmulatorError with one sentence for the first option that makes no sense."""
    if options.story not in stories:
        raise EmulatorError(
            f"There is no story {options.story!r}; the stories are {', '.join(stories)}."
        )
    if options.quota not in QUOTAS:
        raise EmulatorError(f"There is no quota {options.quota!r}; use {' or '.join(QUOTAS)}.")
    if options.cloud not in CLOUDS:
        raise EmulatorError(
            f"There is no cloud {options.cloud!r}; the clouds are {', '.join(CLOUDS)}."
        )
    if options.now is not None and options.now.tzinfo is None:
        raise EmulatorError("The instant `now` has no time zone; give it in UTC.")
    if options.size < 0:
        raise EmulatorError(f"The size is {options.size}; use 0 or the number of applications.")
    if options.latency_ms < 0:
        raise EmulatorError(f"The latency is {options.latency_ms} ms; use 0 or more.")
    if options.user_role and all(role.name != options.user_role for role in role_facts()):
        raise EmulatorError(f"There is no directory role {options.user_role!r}.")
    for name in options.unlicensed:
        if name not in LICENCES:
            raise EmulatorError(
                f"There is no licence {name!r} to lack; use one of {', '.join(LICENCES)}."
            )
    graph = permission_names(GRAPH)
    known = graph | permission_names(EXCHANGE)
    for name in options.without:
        _check_permission(name, known, "without")
    for name in options.grant or ():
        _check_permission(name, graph, "grant")


def _check_permission(name: str, known: frozenset[str], option: str) -> None:
    if name in known:
        return
    folded = {other.casefold(): other for other in known}
    near = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.5)
    hint = (
        f" Did you mean {folded[near[0]]}?" if near else " Use a name such as Directory.Read.All."
    )
    raise EmulatorError(f"The emulator knows no permission {name!r} (option {option}).{hint}")
