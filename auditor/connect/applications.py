"""Ways in for an application with something of its own: a certificate, or a client secret."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from auditor.connect.certificate import checked_certificate
from auditor.connect.way import TokenSource, Way
from auditor.errors import CredentialError

SECRET_RULE = "client-secret"  # noqa: S105 - a rule's id, no password


def certificate(way: Way) -> TokenSource:
    """Signs in with a certificate file, PEM or PFX. Raises `CredentialError`."""
    from azure.identity import CertificateCredential

    chosen = way.chosen
    password = _password(way)
    data = checked_certificate(chosen.certificate, password, way.now)
    try:
        return CertificateCredential(
            way.tenant_id,
            chosen.client_id,
            certificate_data=data,
            password=password,
            **way.options(),
        )
    except ValueError as error:
        raise CredentialError(
            f"The certificate {chosen.certificate} cannot be used to sign in.",
            way.heard.safe(str(error).partition("\n")[0]),
        ) from error


def client_secret(way: Way) -> TokenSource:
    """Signs in with a secret from the environment, and warns. Raises `CredentialError`."""
    from azure.identity import ClientSecretCredential

    secret = _from_environment(
        way.chosen.secret_env or "", "credential.secret_env", "the application's client secret"
    )
    way.say(
        f"warning: signing in with a client secret breaks the rule {SECRET_RULE}"
        f" (auditor rules explain {SECRET_RULE}): register a certificate on the application and"
        ' use credential.kind = "certificate", or a kind that has no secret at all.'
    )
    return ClientSecretCredential(
        way.tenant_id, way.chosen.client_id, way.heard.keep_secret(secret), **way.options()
    )


def _password(way: Way) -> bytes | None:
    """The certificate's password from the one place the settings name."""
    chosen = way.chosen
    named = {
        "password_env": chosen.password_env is not None,
        "password_file": chosen.password_file is not None,
        "password_prompt": chosen.password_prompt,
    }
    given = [f"credential.{name}" for name, there in named.items() if there]
    if len(given) > 1:
        raise CredentialError(
            f"The settings name {' and '.join(given)} for one password.", "Keep one of them."
        )
    password: bytes | None = None
    if chosen.password_env is not None:
        password = _from_environment(
            chosen.password_env,
            "credential.password_env",
            "the password of the certificate file",
            empty=True,
        ).encode()
    elif chosen.password_file is not None:
        password = _from_file(chosen.password_file)
    elif chosen.password_prompt:
        password = _asked(chosen.certificate)
    if password:
        way.heard.keep_secret(password.decode(errors="replace"))
    return password


def _from_environment(variable: str, setting: str, meaning: str, *, empty: bool = False) -> str:
    value = os.environ.get(variable)
    if value is None or not (value or empty):
        wrong = "not set" if value is None else "empty"
        raise CredentialError(
            f"The environment variable {variable}, named by {setting}, is {wrong}.",
            f"Set it to {meaning}.",
        )
    return value


def _from_file(path: Path) -> bytes:
    try:
        found = path.read_bytes()
    except OSError as error:
        raise CredentialError(
            f"The password file {path}, named by credential.password_file, cannot be read:"
            f" {error.strerror or error}.",
            "Check the path and that you may read the file.",
        ) from error
    # An editor ends the line; the password does not.
    return found.removesuffix(b"\n").removesuffix(b"\r")


def _asked(certificate: Path) -> bytes:
    if not sys.stdin.isatty():
        raise CredentialError(
            "credential.password_prompt asks for the certificate's password, and there is no"
            " terminal to ask at.",
            "Name an environment variable in credential.password_env, or a file in"
            " credential.password_file.",
        )
    return getpass.getpass(f"Password of {certificate}: ", stream=sys.stderr).encode()
