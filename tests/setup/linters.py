"""What parses each language: a parse error fails the test that asked."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path
from typing import Any

import hcl2
import tree_sitter
import tree_sitter_powershell


@cache
def _powershell_parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))


def powershell(script: str) -> tree_sitter.Node:
    """The syntax tree of a PowerShell script."""
    root = _powershell_parser().parse(script.encode()).root_node
    broken = [
        (node.start_point, node.type, node.text)
        for node in _walk(root)
        if node.type == "ERROR" or node.is_missing
    ]
    assert not broken, broken
    assert not root.has_error
    return root


def strings(root: tree_sitter.Node) -> list[str]:
    """The strings in single quotes of a PowerShell script, as PowerShell would read them."""
    return [
        (node.text or b"").decode()[1:-1].replace("''", "'")
        for node in _walk(root)
        if node.type == "verbatim_string_characters"
    ]


def _walk(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    found = [node]
    for each in node.children:
        found += _walk(each)
    return found


def shell(folder: Path, scripts: dict[str, str], severity: str = "style") -> None:
    """Reads every script with bash's own parser and with ShellCheck."""
    for name, script in scripts.items():
        (folder / name).write_text(script, encoding="utf-8")
        _passes("bash", "-n", name, folder=folder)
    program = Path(sysconfig.get_path("scripts")) / "shellcheck"
    _passes(str(program), f"--severity={severity}", *scripts, folder=folder)


def _passes(*command: str, folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"


def terraform(script: str) -> dict[str, Any]:
    """The blocks of a Terraform file."""
    return hcl2.loads(script)


ON_POSIX = sys.platform != "win32"
