"""The command line as a user meets it: words, exit codes, and what is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from auditor.cli import main
from auditor.emulator import Emulator, EmulatorOptions


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([str(each) for each in arguments])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    assert run("demo", "--output", folder) == 0
    return folder


def test_help_does_not_wait_for_heavy_packages() -> None:
    code = (
        "import sys; from auditor.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'msgraph', 'azure', 'httpx', 'cryptography', 'jinja2', 'rich'}\n"
        "sys.exit(sorted(heavy & set(sys.modules)).__repr__() if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_demo_writes_its_three_files_and_exits_0(demo: Path) -> None:
    names = sorted(path.name for path in demo.iterdir())
    assert [name for name in names if not name.endswith(".snapshot")] == [
        "audit.json",
        "report.html",
    ]
    assert len(names) == 3
    audit = orjson.loads((demo / "audit.json").read_bytes())
    assert audit["schema"] == 1
    assert (demo / audit["snapshot"]["path"]).is_file()


def test_the_demo_without_a_permission_says_what_was_not_evaluated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("demo", "--output", tmp_path, "--without", "Exchange.ManageAsApp") == 0
    printed = capsys.readouterr().out
    assert "not-evaluated partner-linked-role-group" in printed
    assert "remedy:" in printed


def test_a_permission_that_does_not_exist_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("demo", "--output", tmp_path, "--without", "Aplication.Read.All") == 2
    told = capsys.readouterr().err
    assert "Aplication.Read.All" in told
    assert "Application.Read.All" in told


def test_the_steps_give_what_run_gives(demo: Path, tmp_path: Path) -> None:
    snapshot = next(demo.glob("*.snapshot"))
    assert run("check", snapshot, "--output", tmp_path) == 3
    old, new = (orjson.loads((each / "audit.json").read_bytes()) for each in (demo, tmp_path))
    assert old["findings"] == new["findings"]
    assert old["outcomes"] == new["outcomes"]
    assert run("report", tmp_path / "audit.json", "--output", tmp_path / "r") == 0
    assert {each.name for each in (tmp_path / "r").iterdir()} == {"audit.json", "report.html"}
    copied = orjson.loads((tmp_path / "r" / "audit.json").read_bytes())
    assert (tmp_path / "r" / copied["snapshot"]["path"]).resolve() == snapshot.resolve()


def test_controls_are_a_view_of_the_audit(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("controls", demo / "audit.json", "--framework", "scuba") == 0
    assert "certificate-lifetime at max_days = 365" in capsys.readouterr().out
    assert run("controls", demo / "audit.json", "--framework", "suba") == 2
    assert "Did you mean scuba?" in capsys.readouterr().err


def test_a_report_without_its_snapshot_says_so(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "audit.json").write_bytes((demo / "audit.json").read_bytes())
    assert run("report", tmp_path / "audit.json", "--output", tmp_path, "--format", "html") == 0
    assert "is not there" in capsys.readouterr().err


def test_a_report_beside_another_snapshot_is_refused(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from auditor.snapshot import SnapshotWriter

    audit = orjson.loads((demo / "audit.json").read_bytes())
    (tmp_path / "audit.json").write_bytes((demo / "audit.json").read_bytes())
    SnapshotWriter(tmp_path / audit["snapshot"]["path"], tenant={}).seal([])
    assert run("report", tmp_path / "audit.json", "--output", tmp_path) == 2
    assert "its SHA-256 differs" in capsys.readouterr().err


def test_rows_nobody_can_judge_show_in_the_exit_code_until_they_are_accepted_by_name(
    demo: Path, tmp_path: Path
) -> None:
    """The sick tenant has a broken certificate and a service principal without registration."""
    snapshot = next(demo.glob("*.snapshot"))
    audit = orjson.loads((demo / "audit.json").read_bytes())
    unsure = [each["rule"] for each in audit["outcomes"] if each["unknown"]]
    assert "weak-certificate" in unsure
    settings = tmp_path / "auditor.toml"
    settings.write_text("".join(f"[rules.{rule}]\naccept_unknown = true\n" for rule in unsure))
    assert run("check", snapshot, "--output", tmp_path, "--settings", settings) == 1
    settings.write_text(settings.read_text() + '[audit]\nfail_on = "critical"\n')
    assert run("check", snapshot, "--output", tmp_path, "--settings", settings) == 1


def test_as_of_moves_the_instant_judged(demo: Path, tmp_path: Path) -> None:
    snapshot = next(demo.glob("*.snapshot"))
    run("check", snapshot, "--output", tmp_path, "--as-of", "2020-01-01T00:00:00Z")
    audit = orjson.loads((tmp_path / "audit.json").read_bytes())
    assert audit["as_of"] == "2020-01-01T00:00:00Z"
    assert not [each for each in audit["findings"] if each["rule"] == "credential-expired"]


def test_settings_of_rules_reach_the_audit(demo: Path, tmp_path: Path) -> None:
    settings = tmp_path / "auditor.toml"
    settings.write_text('[rules.secret-lifetime]\nmax_days = 9\nseverity = "low"\n')
    snapshot = next(demo.glob("*.snapshot"))
    run("check", snapshot, "--output", tmp_path, "--settings", settings)
    audit = orjson.loads((tmp_path / "audit.json").read_bytes())
    outcome = next(each for each in audit["outcomes"] if each["rule"] == "secret-lifetime")
    assert outcome["settings"] == {"max_days": 9}
    assert outcome["severity"] == "low"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["check", "nowhere"], "There is no snapshot at nowhere"),
        (["report", "nowhere"], "There is no audit at nowhere"),
        (["run", "--settings", "nowhere.toml"], "There is no settings file at nowhere.toml"),
        (["rules", "explain", "secret-lifetme"], "Did you mean secret-lifetime?"),
        (["datasets", "explain", "aplications"], "Did you mean applications?"),
        (["datasets", "permissions", "--rule", "secret-lifetme"], "Did you mean secret-lifetime?"),
        (["demo", "--quiet", "--verbose"], "exclude each other"),
        (["rules", "new", "Bad Name"], "is no id for a rule"),
        (["rules", "new", "secret-lifetime"], "is taken by a built-in rule"),
        (["rules", "list", "--rules", "nowhere"], "There is no pack at"),
        (["check", "x", "--as-of", "yesterday"], "is no instant"),
        (["emulator", "serve", "--port", "0", "--fault", "explode@/x"], "explode"),
        (["emulator", "serve", "--port", "0", "--unlicensed", "E5"], "use one of P1, P2, workload"),
    ],
)
def test_misuse_is_told_in_one_sentence_and_exits_2(
    arguments: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    error = capsys.readouterr().err
    assert told in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("audit.json", b"{", "is not whole JSON"),
        ("audit.json", b"[]", "has schema None"),
        ("audit.json", b'{"schema": 2}', "has schema 2"),
        ("audit.json", b'{"schema": 1}', "lacks a part"),
    ],
)
def test_a_broken_audit_is_told(
    name: str, content: bytes, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(content)
    assert run("report", tmp_path / name, "--output", tmp_path) == 2
    assert told in capsys.readouterr().err


def test_an_output_folder_that_is_a_file_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert run("demo", "--output", tmp_path / "file" / "x") == 2
    assert "cannot be used as output folder" in capsys.readouterr().err


def test_an_unknown_report_format_is_told_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("demo", "--output", tmp_path, "--format", "pdf") == 2
    assert "no report format 'pdf'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_rules_new_writes_a_rule_that_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "mine"
    assert run("rules", "new", "secret-for-testing", "--into", into) == 0
    test = into / "_tests" / "test_secret_for_testing.py"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout
    assert run("rules", "list", "--rules", into) == 0
    assert "secret-for-testing" in capsys.readouterr().out
    assert run("rules", "new", "secret-for-testing", "--into", into) == 2


def test_run_against_a_served_tenant(tmp_path: Path) -> None:
    """The exit code tells findings, and that something could not be judged, which wins."""
    with Emulator(tmp_path / "state", options=EmulatorOptions(story="healthy")) as emulator:
        settings = emulator.settings_path
        assert run("run", "--settings", settings, "--output", tmp_path / "a") == 0
        assert run("collect", "--settings", settings, "--output", tmp_path / "c") == 0
    refused = EmulatorOptions(without=("Directory.Read.All", "RoleManagement.Read.Directory"))
    with Emulator(tmp_path / "state", options=refused) as emulator:
        assert run("run", "--settings", emulator.settings_path, "--output", tmp_path / "d") == 3


def test_a_sign_in_that_is_refused_exits_2_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Emulator(tmp_path / "state") as emulator:
        text = emulator.settings_path.read_text()
        client = next(line for line in text.splitlines() if line.startswith("client_id"))
        stranger = 'client_id = "99999999-9999-9999-9999-999999999999"'
        emulator.settings_path.write_text(text.replace(client, stranger))
        code = run("run", "--settings", emulator.settings_path, "--output", tmp_path / "out")
    assert code == 2
    assert "AADSTS700016" in capsys.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals to a child")
def test_signals_stop_at_once_and_leave_nothing(tmp_path: Path) -> None:
    """SIGTERM does what Ctrl-C does, also in a job for which Ctrl-C is switched off."""

    deaf = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]  # as a shell starts jobs with &
    slow = EmulatorOptions(latency_ms=300)
    cases: dict[str, tuple[signal.Signals, list[str]]] = {
        "ctrl-c": (signal.SIGINT, []),
        "sigterm": (signal.SIGTERM, []),
        "in the background": (signal.SIGTERM, deaf),
    }
    with Emulator(tmp_path / "state", options=slow) as emulator:
        command: list[str | Path] = [sys.executable, "-m", "auditor", "collect", "--settings"]
        children = {
            name: subprocess.Popen(
                [*shell, *command, emulator.settings_path, "--output", tmp_path / name],
                stderr=subprocess.PIPE,
                text=True,
            )
            for name, (_, shell) in cases.items()
        }
        for name, child in children.items():
            assert child.stderr is not None
            assert "signed in" in child.stderr.readline()
            # Once the first dataset is whole, its pages are in an unfinished snapshot.
            assert "complete" in child.stderr.readline()
            if name == "in the background":
                child.send_signal(signal.SIGINT)  # has no effect
            child.send_signal(cases[name][0])
        told = {name: child.communicate(timeout=30)[1] for name, child in children.items()}
    codes = {name: child.returncode for name, child in children.items()}
    assert codes == {"ctrl-c": 130, "sigterm": 143, "in the background": 143}, told
    for name in cases:
        assert "nothing half-written" in told[name]
        assert list((tmp_path / name).iterdir()) == []
