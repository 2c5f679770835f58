"""One real run, told in every form: nothing secret comes out, and a terminal gets bars."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import orjson
import pytest

from auditor.audit import write_file
from auditor.cli import main
from auditor.cli.progress.plain import Plain
from auditor.collect import collect
from auditor.collect.progress import Asked, Event, Expected, Finished, Started
from auditor.datasets import DATASETS
from auditor.emulator import Emulator
from auditor.settings import load_settings

JWT = re.compile(r"eyJ[\w-]+\.eyJ")
WORDS = re.compile(
    r"""bearer |authorization["']?\s*[:=]|client_assertion|access_token|secretText""", re.IGNORECASE
)


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([str(each) for each in arguments])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


class Told:
    """The events of one collection, and what the services saw of it."""

    def __init__(self, folder: Path) -> None:
        self.events: list[Event] = []
        with Emulator(folder / "state") as emulator:
            settings = load_settings(emulator.settings_path)
            self.ledger = collect(settings, folder / "out", progress=self.events.append).ledger
            self.requests = list(emulator.requests)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("logged")
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        assert run("demo", "--output", folder, "--log-format", "json", "--verbose") == 0
    return out.getvalue(), err.getvalue()


def test_every_request_is_told_once_and_belongs_to_its_dataset(told: Told) -> None:
    asked = [each for each in told.events if isinstance(each, Asked)]
    assert len(asked) == len(told.requests)
    for line in told.ledger:
        assert line.requests == sum(each.dataset == line.dataset for each in asked)
    seen = {(each.method, each.path, each.status) for each in told.requests}
    assert {
        (each.method, "/" + each.url.partition("?")[0].partition("/")[2], each.status)
        for each in asked
    } == seen


def test_every_dataset_starts_and_finishes(told: Told) -> None:
    finished = [each.line.dataset for each in told.events if isinstance(each, Finished)]
    started = [each.dataset for each in told.events if isinstance(each, Started)]
    assert sorted(finished) == sorted(DATASETS)
    assert sorted(started) == sorted(name for name in DATASETS if name != "exchange-app-cmdlets")


def test_no_token_and_no_secret_is_told(told: Told, logged: tuple[str, str]) -> None:
    tokens = {
        each.headers["authorization"] for each in told.requests if "authorization" in each.headers
    }
    assert tokens
    lines: list[str] = []
    plain = Plain(verbose=True, write=lines.append)
    for event in told.events:
        plain(event)
    shown = "\n".join([*lines, *map(repr, told.events), *logged])
    assert "/oauth2/v2.0/token ->" in shown
    assert not JWT.search(shown)
    assert not WORDS.search(shown)
    for token in tokens:
        assert token.removeprefix("Bearer ") not in shown


def test_the_log_is_json_line_by_line_and_ends_with_the_result(logged: tuple[str, str]) -> None:
    out, err = logged
    lines = [json.loads(line) for line in err.splitlines()]
    assert all({"time", "level", "event"} <= set(each) for each in lines)
    finished = {each["dataset"]: each for each in lines if each["event"] == "finished"}
    assert set(finished) == set(DATASETS)
    assert finished["applications"]["rows"] > 50
    assert lines[-1]["event"] == "done"
    assert lines[-1]["exit_code"] == 3
    assert sum(lines[-1]["rules"].values()) > 20
    assert all(Path(each).is_file() for each in lines[-1]["files"])
    assert "Wrote:" in out


def test_errors_are_told_in_the_form_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "nowhere.toml"
    assert run("run", "--settings", nowhere, "--log-format", "json") == 2
    record = json.loads(capsys.readouterr().err)
    assert record["event"] == "error"
    assert record["exit_code"] == 2
    assert "no settings file" in record["text"]
    assert run("run", "--settings", nowhere, "--quiet") == 2
    assert capsys.readouterr().err.startswith("auditor: There is no settings file")


def test_quiet_says_gaps_counts_and_files_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("demo", "--output", tmp_path, "--quiet", "--without", "Exchange.ManageAsApp") == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "refused     exchange-role-groups" in captured.out
    assert "Findings: " in captured.out
    assert "report.html" in captured.out
    assert "worst" not in captured.out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo terminals")
def test_a_terminal_gets_bars_without_colour_if_it_wants_none(tmp_path: Path) -> None:
    import pty

    command: list[str | Path] = [sys.executable, "-m", "auditor", "demo", "--output", tmp_path]
    ours, theirs = pty.openpty()
    environment = {**os.environ, "NO_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "100"}
    child = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux tells that the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    assert child.wait(30) == 0
    screen = shown.decode()
    assert re.search(r"datasets +\S* *\d+ of \d+, \d+ requests", screen)
    assert re.search(r"applications: \d+ rows, complete", screen)
    assert screen.index("applications: ") < screen.index("Findings: ")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", screen), "a colour"
    assert screen.count("\x1b[?25l") == screen.count("\x1b[?25h"), "the cursor comes back"


def test_a_result_that_is_stopped_in_the_middle_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    (tmp_path / "report.html").write_text("of yesterday")
    monkeypatch.setattr(Path, "write_bytes", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_file(tmp_path / "report.html", b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_text() == "of yesterday"


def test_certificates_minutes_are_an_event_of_their_own() -> None:
    event = Expected("certificate-bytes", 5000, 33, 150, 10)
    assert str(event).endswith(
        "about 33 min, since the service allows 150 a minute; collect.certificate_minutes allows 10"
    )


def test_datasets_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("datasets", "list") == 0
    assert len(capsys.readouterr().out.splitlines()) == len(DATASETS)
    assert run("datasets", "list", "--format", "json") == 0
    assert [each["name"] for each in orjson.loads(capsys.readouterr().out)] == list(DATASETS)
    for name in DATASETS:
        assert run("datasets", "explain", name) == 0
        shown = capsys.readouterr().out
        assert DATASETS[name].endpoint in shown
        assert all(" + ".join(each) in shown for each in DATASETS[name].permissions)
        assert f'accept = ["{name}"]' in shown
    assert run("datasets", "explain", "role-eligibility", "--format", "json") == 0
    assert "exchange-dormant-access" in orjson.loads(capsys.readouterr().out)["rules"]["absence"]


def test_permissions_follow_the_rules_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("datasets", "permissions", "--rule", "secret-lifetime", "--format", "json") == 0
    told = orjson.loads(capsys.readouterr().out)
    assert told["narrow"]["permissions"] == told["few"]["permissions"] == ["Application.Read.All"]
    assert run("datasets", "permissions") == 0
    everything = capsys.readouterr().out
    assert "Exchange.ManageAsApp" in everything
    assert "Global Reader" in everything
    settings = tmp_path / "auditor.toml"
    settings.write_text("[rules.risky-workload]\nenabled = false\n")
    assert run("datasets", "permissions", "--rules-from", settings) == 0
    assert "IdentityRiskyServicePrincipal" in everything
    assert "IdentityRiskyServicePrincipal" not in capsys.readouterr().out
