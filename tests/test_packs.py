"""Packs: ours and a user's are loaded the same way, and a broken one names its file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.cli import main
from auditor.cli.rules import NEW_RULE
from auditor.errors import PackError
from auditor.packs import built_in, load_reports, load_rules


def run_cli(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([str(each) for each in arguments])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def pack(folder: Path, name: str = "own_rule") -> Path:
    """A pack of the one rule that `auditor rules new` writes."""
    path = folder / "theme" / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(NEW_RULE.format(id="own-rule", stem="own_rule"), encoding="utf-8")
    return folder


def test_a_users_pack_is_loaded_beside_ours(tmp_path: Path) -> None:
    rules = {rule.id: rule for rule in load_rules([pack(tmp_path)])}
    assert rules["own-rule"].theme == "theme"
    assert "secret-lifetime" in rules


def test_rules_are_found_by_their_file_alone() -> None:
    files = {
        path.stem.replace("_", "-")
        for path in built_in("rules").rglob("*.py")
        if not any(part.startswith("_") for part in path.relative_to(built_in("rules")).parts)
    }
    assert {rule.id for rule in load_rules()} == files


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("def broken(:\n", "SyntaxError"),
        ("import nothing_of_that_name\n", "nothing_of_that_name"),
        ("1 / 0\n", "ZeroDivisionError"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_named(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "bad_rule.py").write_text(content)
    with pytest.raises(PackError, match=told) as error:
        load_rules([tmp_path])
    assert str(tmp_path / "bad_rule.py") in str(error.value)


def test_an_id_that_is_not_the_files_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="the file's name says other-name"):
        load_rules([pack(tmp_path, "other_name")])


def test_an_id_that_is_taken_is_refused(tmp_path: Path) -> None:
    first, second = pack(tmp_path / "a"), pack(tmp_path / "b")
    with pytest.raises(PackError, match="is taken by"):
        load_rules([first, second])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("secrets: DataFrame", "secretz: DataFrame", "names secrets, which is no parameter"),
        ('severity="low"', 'severity="bad"', "'bad' is no severity"),
        ('needs=("label",)', 'needs=("labl",)', "has no column labl. Did you mean label?"),
        ("## Why it matters", "## Why", "lacks the section '## Why it matters'"),
    ],
)
def test_a_wrong_declaration_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    pack(tmp_path)
    path = tmp_path / "theme" / "own_rule.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PackError) as error:
        load_rules([tmp_path])
    assert told in str(error.value)
    assert str(path) in str(error.value)


def test_reports_are_known_by_their_format() -> None:
    assert [each.file for each in load_reports(["html", "json"])] == ["report.html", "audit.json"]
    with pytest.raises(PackError, match="Known: html, json"):
        load_reports(["pdf"])


def test_the_packs_come_from_the_installation_where_there_is_one() -> None:
    """In CI the suite runs once against the wheel, with the sources out of the way."""
    installed = built_in("rules").parts[-3:-1] == ("auditor", "_packs")
    assert installed is bool(os.environ.get("AUDITOR_INSTALLED"))


EXAMPLE = Path(__file__).parents[1] / "docs" / "example-pack" / "contoso_rules"


def test_the_example_pack_passes_every_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_cli("rules", "test", EXAMPLE) == 0
    assert "ok      secret-without-ticket" in capsys.readouterr().out


def test_a_faulty_rule_of_a_users_pack_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_cli("rules", "new", "secret-for-testing", "--into", tmp_path) == 0
    assert run_cli("rules", "test", tmp_path) == 0
    path = tmp_path / "own" / "secret_for_testing.py"
    text = path.read_text(encoding="utf-8").replace('needs=("label",)', "needs=()")
    other = tmp_path / "other"  # a module is loaded once per folder
    (other / "own").mkdir(parents=True)
    (other / "own" / path.name).write_text(text, encoding="utf-8")
    (other / "_tests").mkdir()
    test = (tmp_path / "_tests" / "test_secret_for_testing.py").read_text(encoding="utf-8")
    (other / "_tests" / "test_secret_for_testing.py").write_text(test, encoding="utf-8")
    capsys.readouterr()
    assert run_cli("rules", "test", other) == 1
    assert "nulls: with secrets.label null, for-a-test passes" in capsys.readouterr().out


def distribution(folder: Path, value: str) -> None:
    """A distribution as pip leaves it, with an entry point of our group."""
    info = folder / "contoso_auditor_rules-1.0.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: contoso-rules\nVersion: 1.0.0\n")
    (info / "entry_points.txt").write_text(f"[auditor.rules]\ncontoso = {value}\n")


def test_an_installed_pack_is_found_by_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution(tmp_path, "contoso_rules")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.syspath_prepend(str(EXAMPLE.parent))
    rules = {rule.id: rule for rule in load_rules()}
    assert rules["secret-without-ticket"].pack == "contoso-rules 1.0.0"
    assert rules["secret-lifetime"].pack == ""
    # Named besides, it is the same pack and no id is taken.
    assert "secret-without-ticket" in {rule.id for rule in load_rules([EXAMPLE])}


@pytest.mark.parametrize("value", ["no_such_package", "contoso_rules.nothing.here", "json.decoder"])
def test_an_installed_pack_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    distribution(tmp_path, value)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(PackError, match=r"pack of contoso-rules 1\.0\.0"):
        load_rules()
