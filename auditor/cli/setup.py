"""`auditor setup`: prints what creates the auditor's own identity. It never writes to a tenant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.setup.plan import EXCHANGE_ROLES, TIERS
from auditor.setup.values import CLOUD_NAMES, KINDS, LANGUAGES
from auditor.text import visible

if TYPE_CHECKING:
    from auditor.setup.certificate import Made
    from auditor.setup.values import Federation, PublicCertificate, Setup

_SUFFIX = {"powershell": "ps1", "azure-cli": "sh", "terraform": "tf"}
_EPILOG = """\b
Examples
  auditor setup --make-certificate . --output setup.ps1
  auditor setup --with all --certificate client.crt --language azure-cli > setup.sh
  auditor setup --as federated --github contoso/audits --environment audit
  auditor setup --as managed-identity --resource-group rg-audit --language terraform

\b
Tiers: what --with adds to the core
  core      applications, credentials, permissions, directory roles, policies
  activity  sign-ins, audit log, service principals at risk
  pim       what may be activated: directory roles and groups
  exchange  Exchange role groups and assignments: Exchange.ManageAsApp and a role
"""


@click.command(epilog=_EPILOG)
@click.option(
    "--as",
    "kind",
    type=click.Choice(KINDS),
    default="certificate",
    show_default=True,
    help="An application with a certificate; one that trusts the tokens of a pipeline; "
    "or a managed identity of Azure.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="powershell",
    show_default=True,
    help="What the script is written in.",
)
@click.option(
    "--with",
    "added",
    type=click.Choice([*TIERS[1:], "all"]),
    multiple=True,
    help="A tier to add to the core; see below. Repeatable.",
)
@click.option(
    "--exchange-role",
    type=click.Choice(EXCHANGE_ROLES),
    default=EXCHANGE_ROLES[0],
    show_default=True,
    help="What Exchange.ManageAsApp is paired with. The role group reads Exchange only; "
    "Global Reader reads every setting of the tenant.",
)
@click.option("--name", default="entra-app-auditor", show_default=True, help="The identity's name.")
@click.option(
    "--cloud",
    type=click.Choice(list(CLOUD_NAMES)),
    default="global",
    show_default=True,
    help="The national cloud; GCC is global.",
)
@click.option(
    "--certificate",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The public part of a certificate you have, PEM or DER. "
    "Without it the script reads client.crt beside it.",
)
@click.option(
    "--make-certificate",
    "made_in",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Make an RSA 3072 key and a certificate of one year here: client.pem, readable by you "
    "alone, and client.crt. Nothing is overwritten.",
)
@click.option(
    "--password-env",
    metavar="NAME",
    help="Encrypt the key with the password in this environment variable.",
)
@click.option("--github", metavar="OWNER/REPO", help="Trust GitHub Actions jobs of a repository,")
@click.option("--environment", help="of this environment,")
@click.option("--branch", help="or of this branch.")
@click.option(
    "--azure-pipelines",
    metavar="ORG/PROJECT/NAME",
    help="Trust an Azure Pipelines service connection whose issuer is Azure DevOps.",
)
@click.option("--organisation-id", metavar="GUID", help="The Azure DevOps organisation of it.")
@click.option("--service-connection-id", metavar="GUID", help="The service connection's own id.")
@click.option("--issuer", metavar="URL", help="Trust tokens of any issuer,")
@click.option("--subject", metavar="TEXT", help="and this subject.")
@click.option("--resource-group", default="", help="Where the managed identity is made.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the script to this file instead of printing it.",
)
def setup(
    kind: str,
    language: str,
    added: Sequence[str],
    exchange_role: str,
    name: str,
    cloud: str,
    certificate: Path | None,
    made_in: Path | None,
    password_env: str | None,
    github: str | None,
    environment: str | None,
    branch: str | None,
    azure_pipelines: str | None,
    organisation_id: str | None,
    service_connection_id: str | None,
    issuer: str | None,
    subject: str | None,
    resource_group: str,
    output: Path | None,
) -> int:
    """Print what creates the auditor's own read-only identity.

    The script is for you to read and for an administrator to run; nothing is sent to a tenant.
    Each step in it says which administrator runs it, and its last words are the auditor.toml.
    """
    from dataclasses import replace

    from auditor.setup.values import Setup

    _together(kind, "certificate", {"--certificate": certificate, "--make-certificate": made_in})
    if certificate and made_in:
        raise click.UsageError("Give either --certificate or --make-certificate.")
    if password_env and not made_in:
        raise click.UsageError("--password-env encrypts the key of --make-certificate.")
    if resource_group:
        _together(kind, "managed-identity", {"--resource-group": resource_group})
    wanted = Setup(
        kind=kind,
        tiers=tuple(each for each in TIERS if each == "core" or {each, "all"} & set(added)),
        name=name,
        cloud=cloud,
        exchange_role=exchange_role,
        federation=_federation(
            kind,
            github=github,
            environment=environment,
            branch=branch,
            azure_pipelines=azure_pipelines,
            organisation_id=organisation_id,
            service_connection_id=service_connection_id,
            issuer=issuer,
            subject=subject,
        ),
        resource_group=resource_group,
        password_env=password_env,
    )
    if made_in:
        made = _make(made_in, password_env)
        # Told at once: what follows may fail, and the key is there.
        _tell(
            "",
            f"Made {visible(made.key_file)}: certificate and private key; keep it to yourself.",
            f"Made {visible(made.public_file)}: the public part, thumbprint {made.public.thumbprint}",
            f"  valid until {made.public.end:%Y-%m-%d}.",
        )
        wanted = replace(wanted, certificate=made.public, certificate_file=str(made.key_file))
    elif certificate:
        wanted = replace(wanted, certificate=_read(certificate))
    _write(wanted, language, output)
    return 0


def _together(kind: str, belongs: str, given: dict[str, object]) -> None:
    """A usage error for options that do nothing for this kind of identity."""
    for option, value in given.items():
        if value and kind != belongs:
            raise click.UsageError(f"{option} goes with --as {belongs}.")


def _federation(kind: str, **given: str | None) -> Federation | None:
    """Whose tokens are trusted, from one of the three ways to say it."""
    from auditor.setup import values

    options = {f"--{key.replace('_', '-')}": value for key, value in given.items()}
    _together(kind, "federated", dict(options))
    ways = [way for way in ("--github", "--azure-pipelines", "--issuer") if options[way]]
    if kind != "federated":
        return None
    if len(ways) != 1:
        raise click.UsageError(
            "Say once whose tokens are trusted: --github, --azure-pipelines, "
            "or --issuer and --subject."
        )
    belongs = {
        "--github": {"--environment", "--branch"},
        "--azure-pipelines": {"--organisation-id", "--service-connection-id"},
        "--issuer": {"--subject", "--service-connection-id"},
    }[ways[0]]
    for option, value in options.items():
        if value and option != ways[0] and option not in belongs:
            raise click.UsageError(f"{option} does not go with {ways[0]}.")
    if given["github"]:
        return values.github(given["github"], given["environment"], given["branch"])
    if given["azure_pipelines"]:
        return values.azure_pipelines(
            given["azure_pipelines"],
            given["organisation_id"] or "",
            given["service_connection_id"] or "",
        )
    return values.any_issuer(
        given["issuer"] or "", given["subject"] or "", given["service_connection_id"]
    )


def _make(folder: Path, password_env: str | None) -> Made:
    import os
    from datetime import UTC, datetime

    from auditor.errors import CredentialError
    from auditor.setup.certificate import make_certificate

    password = None
    if password_env is not None:
        password = os.environ.get(password_env, "").encode()
        if not password:
            raise CredentialError(
                f"The environment variable {password_env} is not set, or empty.",
                "Set it to the password the key is to be encrypted with.",
            )
    return make_certificate(folder, now=datetime.now(UTC), password=password)


def _read(path: Path) -> PublicCertificate:
    from datetime import UTC, datetime

    from auditor.setup.certificate import read_public

    return read_public(path, datetime.now(UTC))


def _write(wanted: Setup, language: str, output: Path | None) -> None:
    """The script to where it is wanted; what to do with it to the other stream."""
    from auditor.errors import OutputError
    from auditor.setup.script import render, steps

    script = render(wanted, language)
    if output is None:
        # As bytes: a console's code page must not change a name inside a script.
        click.echo(script.encode(), nl=False)
    else:
        # Windows PowerShell reads a file without this mark as if it were of an old code page.
        encoding = "utf-8-sig" if language == "powershell" else "utf-8"
        try:
            output.write_text(script, encoding=encoding, newline="\n")
        except OSError as error:
            raise OutputError(
                f"{output} cannot be written: {error.strerror or error}.",
                "Name another file with --output.",
            ) from error
    where = visible(output) if output else f"the script (such as setup.{_SUFFIX[language]})"
    _tell("", f"Nothing was sent to a tenant. Read {where}; it is run by:")
    for step in steps(wanted):
        _tell(f"  {step.number}. {step.title}", f"     {step.who}")
    _tell("It ends with the auditor.toml. Then: auditor access, auditor run")
    if wanted.exchange and wanted.cloud in {"gcc-high", "dod"}:
        _tell(
            "In this cloud Exchange.ManageAsApp belongs to Exchange Online Protection; whether "
            "Exchange's own settings can be read with it, auditor access tells."
        )


def _tell(*lines: str) -> None:
    for line in lines:
        click.echo(line, err=True)
