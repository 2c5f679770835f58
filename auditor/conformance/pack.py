"""The checks on every rule of a user's pack, with the rows of the tests that lie in it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from auditor.conformance.case import Case
from auditor.conformance.checks import examine
from auditor.errors import PackError
from auditor.packs import load_rules
from auditor.rule import Rule


@dataclass(frozen=True)
class Examined:
    """One rule of a pack, the test its rows came from, and what is wrong; nothing: all is well."""

    rule: Rule
    test: Path | None
    problems: tuple[str, ...]


def examine_pack(folder: Path) -> Iterator[Examined]:
    """Examines each rule of the pack. Its test is test_<stem>.py in any folder of the pack.

    Raises `PackError` for a pack that cannot be loaded or has no rule.
    """
    root = folder.resolve()
    own = [rule for rule in load_rules([folder]) if Path(rule.file).is_relative_to(root)]
    if not own:
        raise PackError(
            f"There is no rule in {folder}.",
            "Write one with: auditor rules new bad-thing-in-words --into " + str(folder),
        )
    tests = {path.name: path for path in sorted(root.rglob("test_*.py"))}
    for rule in own:
        name = f"test_{Path(rule.file).name}"
        path = tests.get(name)
        if path is None:
            told = f"it has no test: write {root / '_tests' / name} with its rows"
            yield Examined(rule, None, (f"as-named: {told}",))
            continue
        try:
            problems = examine(Case.of(rule, _module(path)))
        except PackError as error:
            problems = (f"as-named: {error}",)
        yield Examined(rule, path, problems)


def _module(path: Path) -> ModuleType:
    """The test module; it is not part of the pack's package, and its tests are not run."""
    name = f"_auditor_test_{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    spec = spec_from_file_location(name, path)
    assert spec is not None  # it ends in .py
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever a test raises on import, its file is to blame
        raise PackError(
            f"{path} cannot be loaded: {type(error).__name__}: {error}.", "Correct it."
        ) from error
    return module
