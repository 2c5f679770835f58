"""Every error the auditor raises on purpose, drawn as a tree.

AuditorError                  one clear sentence and its remedy; exit code 2
├── SettingsError             auditor.toml, a flag or an environment variable
├── CredentialError           the certificate or key the auditor signs in with
├── SignInError               Entra refused to issue a token
├── SnapshotError             a snapshot that is missing, half-written or changed
├── AuditFileError            an audit.json that is missing, broken or of another version
├── ImportFileError           a file of PowerShell output that cannot be imported
├── PackError                 a rule or report pack that cannot be loaded
├── OutputError               a place where results cannot be written
└── ServiceError              the service's answer to one request; becomes a ledger line, not an exit
    ├── Refused               401, 403: not allowed, or not licensed
    ├── Unavailable           the service, or the way to it, does not answer
    └── Malformed             an answer that cannot be read or must not be followed
"""

from __future__ import annotations


class AuditorError(Exception):
    """Something the user can act on: what is wrong, and the remedy."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(f"{what} {remedy}".strip())
        self.what = what
        self.remedy = remedy


class SettingsError(AuditorError):
    """A setting that is unknown, has the wrong type or points to nothing."""


class CredentialError(AuditorError):
    """The auditor's own certificate or key cannot be used."""


class SignInError(AuditorError):
    """Entra refused to issue a token."""


class SnapshotError(AuditorError):
    """A snapshot that is missing, half-written or not what was sealed."""


class AuditFileError(AuditorError):
    """An audit.json that is missing, broken or of another version."""


class ImportFileError(AuditorError):
    """A file of PowerShell output that is unreadable, or not what can be imported."""


class PackError(AuditorError):
    """A rule or report pack that cannot be loaded."""


class OutputError(AuditorError):
    """A folder or file that cannot be written."""


class ServiceError(AuditorError):
    """The service's answer to one request. Collecting goes on; the ledger tells it."""

    def __init__(self, what: str, remedy: str = "", *, status: int = 0, code: str = "") -> None:
        super().__init__(what, remedy)
        self.status = status
        self.code = code


class Refused(ServiceError):
    """The service does not allow it: a permission, a role or a licence is missing."""


class Unavailable(ServiceError):
    """The service did not answer, or kept failing after every retry."""


class Malformed(ServiceError):
    """The answer cannot be read, or points somewhere it must not."""
