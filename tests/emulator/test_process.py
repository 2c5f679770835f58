from __future__ import annotations

import signal
import socket
import stat
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from auditor.emulator import Emulator, EmulatorError, EmulatorOptions
from auditor.emulator.stories import make_tenant
from tests.emulator.conftest import Client, running

NOW = datetime(2026, 3, 4, 15, 16, tzinfo=UTC)
SERVE = """
import sys
from pathlib import Path
from auditor.emulator import EmulatorOptions, serve_forever
serve_forever(Path(sys.argv[1]), 0, EmulatorOptions(), lambda line: print(line, flush=True))
print("stopped", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_server_in_peace(tmp_path: Path, number: int) -> None:
    command = [sys.executable, "-c", SERVE, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert "Contoso (sick) at https://localhost:" in line
        process.send_signal(number)
        rest, _ = process.communicate(timeout=10)
    assert (rest, process.returncode) == ("stopped\n", 0)


def test_the_settings_file_names_everything(sick: Client) -> None:
    settings = tomllib.loads(sick.emulator.settings_path.read_text())
    assert settings["tenant"] == {"id": sick.emulator.tenant.id, "cloud": "global"}
    assert settings["credential"]["client_id"] == sick.emulator.tenant.client_id
    assert set(settings["endpoints"].values()) == {sick.emulator.url, "ca.pem"}
    for name in ("client.pem", "server.pem"):
        assert stat.S_IMODE((sick.folder / name).stat().st_mode) == 0o600


def test_the_ca_stays_and_broken_files_are_mended(tmp_path: Path) -> None:
    with Emulator(tmp_path):
        before = (tmp_path / "ca.pem").read_bytes()
    with Emulator(tmp_path):
        assert (tmp_path / "ca.pem").read_bytes() == before
    (tmp_path / "ca.pem").write_text("broken")
    with Emulator(tmp_path):
        assert (tmp_path / "ca.pem").read_bytes() not in (before, b"broken")


def test_a_frozen_clock_shows_in_the_date_and_still_signs_in(tmp_path: Path) -> None:
    long_ago = datetime(2021, 3, 4, 15, 16, 17, tzinfo=UTC)
    with running(tmp_path, now=long_ago) as client:
        answer = client.get("/organization")
        assert answer.headers["date"] == "Thu, 04 Mar 2021 15:16:17 GMT"
        badges = client.emulator.tenant.named("Badge Printer", "application")
        assert badges["keyCredentials"][0]["endDateTime"] == "2021-03-14T00:00:00Z"


def test_stopping_twice_and_starting_again(tmp_path: Path) -> None:
    emulator = Emulator(tmp_path)
    emulator.start()
    port = int(emulator.url.rpartition(":")[2])
    emulator.stop()
    emulator.stop()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    with Emulator(tmp_path, port) as again:
        assert again.url == emulator.url


def test_a_port_in_use_is_named(tmp_path: Path, sick: Client) -> None:
    port = int(sick.emulator.url.rpartition(":")[2])
    with pytest.raises(EmulatorError, match=f"Port {port} is in use"):
        Emulator(tmp_path, port).start()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (EmulatorOptions(story="ill"), "There is no story 'ill'; the stories are sick, healthy."),
        (EmulatorOptions(without=("Aplication.Read.All",)), "Did you mean Application.Read.All?"),
        (EmulatorOptions(grant=("exchange.manageasapp",)), "no permission 'exchange.manageasapp'"),
        (EmulatorOptions(without=("zzzzzzzz",)), "Use a name such as Directory.Read.All."),
        (EmulatorOptions(quota="some"), "use off or documented"),
        (EmulatorOptions(now=NOW.replace(tzinfo=None)), "has no time zone"),
        (EmulatorOptions(size=-1), "The size is -1"),
        (EmulatorOptions(latency_ms=-1), "The latency is -1 ms"),
        (EmulatorOptions(faults=("x@/y",)), "There is no fault kind 'x'"),
    ],
)
def test_options_that_make_no_sense(tmp_path: Path, options: EmulatorOptions, says: str) -> None:
    with pytest.raises(EmulatorError) as caught:
        Emulator(tmp_path, options=options)
    assert says in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EmulatorError, match="cannot be written"):
        Emulator(tmp_path / "file").start()


@pytest.mark.parametrize("story", ["sick", "healthy"])
def test_the_same_options_make_the_same_tenant(story: str) -> None:
    one = _dump_fields(story, 25, 7)
    assert one == _dump_fields(story, 25, 7)
    assert one != _dump_fields(story, 25, 8)
    assert one != _dump_fields(story, 26, 7)


def _dump_fields(story: str, size: int, seed: int) -> bytes:
    tenant = make_tenant(EmulatorOptions(story=story, size=size, seed=seed), NOW)
    fields = {
        name: getattr(tenant, name)
        for name in ("id", "client_id", "applications", "service_principals", "keys", "relations")
    }
    return orjson.dumps([fields, tenant.exchange])


def test_generated_applications_come_on_top() -> None:
    tenant = make_tenant(EmulatorOptions(story="healthy", size=300), NOW)
    generated = tenant.applications[-300:]
    plain = make_tenant(EmulatorOptions(story="healthy"), NOW)
    assert len(tenant.applications) == len(plain.applications) + 300
    assert len({item["id"] for item in tenant.applications}) == len(tenant.applications)
    assert any(item["passwordCredentials"] for item in generated)
    data = [key for item in generated for key in tenant.keys.get(item["id"], {}).values()]
    assert len(data) == len(set(data)) > 50


STRICT = """
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[1])
context.verify_flags |= ssl.VERIFY_X509_STRICT
for name in ("localhost", "127.0.0.1"):
    with socket.create_connection(("127.0.0.1", int(sys.argv[2])), 10) as plain:
        with context.wrap_socket(plain, server_hostname=name) as tls:
            print(tls.version())
"""


def test_the_certificates_stand_strict_checking(sick: Client) -> None:
    # Strict checking is the default from Python 3.13 on; the flag asks the same of any other.
    port = sick.emulator.url.rpartition(":")[2]
    command = [sys.executable, "-c", STRICT, str(sick.folder / "ca.pem"), port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (done.stderr, done.stdout) == ("", "TLSv1.3\n" * 2)
