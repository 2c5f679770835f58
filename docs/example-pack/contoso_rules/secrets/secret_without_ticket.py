"""Client secrets whose description names no change ticket.

## What it does
Looks at the description of every client secret on Contoso's own applications. It fails when it does
not contain a text of the form that `pattern` describes; a secret without any description is unknown.

## Why it matters
A secret nobody asked for in a ticket was made outside the process, or by somebody else.

## How to fix
Find out who made it, then replace it by one whose description names the ticket. A description cannot
be changed afterwards. Entra admin center > App registrations > the application > Certificates & secrets.

## When it is fine
Secrets from before the process: leave their applications out with `except_apps`.

## References
- https://learn.microsoft.com/graph/api/resources/passwordcredential
"""

from __future__ import annotations

from pandas import DataFrame, Series

from auditor.rule import rule


def ours(secrets: DataFrame) -> Series:
    """Secrets of Contoso's own applications; null where the publisher is not known."""
    publisher = secrets["publisher"]
    # A comparison alone says false of a null, and would leave the row out in silence.
    return publisher.eq("own").astype("boolean").mask(publisher.isna())


@rule(
    id="secret-without-ticket",
    severity="low",
    about="secrets",  # its rows are the population, each of them is judged
    where=ours,  # others are left out; where it is null, the row is unknown
    needs=("label",),  # rows without it are unknown, never passed
    message="Secret {key_id} of {name} is called {label}, which names no ticket.",
    fix="Remove-MgApplicationPassword -ApplicationId {holder} -KeyId {key_id}",
)
def secret_without_ticket(secrets: DataFrame, *, pattern: str = "CHG-[0-9]{6}") -> DataFrame:
    return secrets[~secrets["label"].str.contains(pattern)]
