"""Text from a user as a literal of another language, so that it stays text there."""

from __future__ import annotations

import json
import re
import shlex

# PowerShell takes the typographic single quotes for the plain one (about_Quoting_Rules and its
# tokenizer): each closes a string in single quotes unless it is doubled.
_POWERSHELL_QUOTES = re.compile("(['\u2018\u2019\u201a\u201b])")


class Quoted(str):
    """A literal of the script's language. The templates print nothing else."""

    __slots__ = ()


def powershell(text: str) -> Quoted:
    """A PowerShell string in single quotes: nothing is expanded in it."""
    return Quoted("'" + _POWERSHELL_QUOTES.sub(r"\1\1", text) + "'")


def shell(text: str) -> Quoted:
    """One word of a POSIX shell."""
    quoted = shlex.quote(text)
    return Quoted(quoted if quoted.startswith("'") else f"'{quoted}'")


def hcl(text: str) -> Quoted:
    """An HCL string, with the introducers of its templates escaped."""
    escaped = json.dumps(text, ensure_ascii=False)
    return Quoted(escaped.replace("${", "$${").replace("%{", "%%{"))


def json_in_shell(text: str) -> Quoted:
    """A JSON string for inside a shell's single quotes: a quote is JSON's own escape there."""
    return Quoted(json.dumps(text).replace("'", r"\u0027"))


def toml(text: str) -> str:
    """A TOML basic string."""
    return json.dumps(text, ensure_ascii=False)


def odata(text: str) -> str:
    """A string literal in an OData filter."""
    return "'" + text.replace("'", "''") + "'"
