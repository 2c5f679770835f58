from __future__ import annotations

import zipfile
from pathlib import Path

import orjson
import pytest

from auditor.errors import OutputError, SnapshotError
from auditor.ledger import LedgerLine, Result
from auditor.snapshot import Snapshot, SnapshotWriter, open_snapshot
from auditor.snapshot.page import sha256

DATE = "Tue, 19 May 2026 10:00:00 GMT"
SECRET = (
    b'{"value":[{"id":"a","passwordCredentials":[{"keyId":"k","hint":"Qx7","secretText":"boo"}],'
    b'"hint":"not a secret"}]}'
)


def write(path: Path, body: bytes = SECRET) -> Path:
    writer = SnapshotWriter(path, tenant={"id": "t"})
    writer.page(
        dataset="applications",
        method="GET",
        url="https://localhost/v1.0/applications",
        status=200,
        headers={"request-id": "r1", "date": DATE},
        body=body,
    )
    writer.page(
        dataset="applications",
        method="GET",
        url="https://localhost/v1.0/applications?page=2",
        status=403,
        headers={"date": "Tue, 19 May 2026 10:00:05 GMT"},
        body=b'{"error":{"code":"Authorization_RequestDenied"}}',
    )
    return writer.seal([LedgerLine("applications", Result.PARTIAL, rows=1, notes=("n",))])


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    return write(tmp_path / "t.snapshot")


def change(path: Path, name: str, data: bytes | None) -> None:
    """Writes the archive again with one part changed, or left out."""
    with zipfile.ZipFile(path) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for each, old in parts.items():
            if each != name:
                archive.writestr(each, old)
            elif data is not None:
                archive.writestr(each, data)


def test_what_was_written_is_read(sealed: Path) -> None:
    snapshot = open_snapshot(sealed)
    assert snapshot.tenant == {"id": "t"}
    assert [row.item["id"] for row in snapshot.rows("applications")] == ["a"]
    assert snapshot.ledger[0].notes == ("n",)
    assert snapshot.last_server_date().isoformat() == "2026-05-19T10:00:05+00:00"


def test_answers_of_errors_are_kept_but_are_no_rows(sealed: Path) -> None:
    snapshot = open_snapshot(sealed)
    assert [page.status for page in snapshot.pages] == [200, 403]
    assert len(list(snapshot.rows("applications"))) == 1


def test_parts_of_secrets_are_not_stored_and_that_is_told(sealed: Path) -> None:
    snapshot = open_snapshot(sealed)
    page = snapshot.pages[0]
    assert page.transformations == ("secret-hint-dropped",)
    assert page.received_sha256 == sha256(SECRET) != page.stored_sha256
    stored = snapshot.bodies[page.number]
    assert b"Qx7" not in stored
    assert b"boo" not in stored
    assert b"not a secret" in stored
    with zipfile.ZipFile(sealed) as archive:
        assert not any(b"Qx7" in archive.read(name) for name in archive.namelist())


def test_a_broken_body_that_may_hold_a_secret_is_not_stored(tmp_path: Path) -> None:
    path = write(tmp_path / "t.snapshot", SECRET[:-10])
    snapshot = open_snapshot(path)
    assert snapshot.pages[0].transformations == ("body-omitted",)
    assert snapshot.bodies[1] == b""


def test_a_body_without_secrets_is_stored_byte_for_byte(tmp_path: Path) -> None:
    body = b'{ "value" : [ {"id":"a"} ] }'
    snapshot = open_snapshot(write(tmp_path / "t.snapshot", body))
    assert snapshot.bodies[1] == body
    assert snapshot.pages[0].received_sha256 == snapshot.pages[0].stored_sha256


def test_the_same_answers_give_the_same_bytes(tmp_path: Path) -> None:
    assert write(tmp_path / "a").read_bytes() == write(tmp_path / "b").read_bytes()


@pytest.mark.parametrize("part", ["pages/000001.json", "ledger.json", "manifest.json"])
def test_a_change_after_sealing_is_seen(sealed: Path, part: str) -> None:
    with zipfile.ZipFile(sealed) as archive:
        old = archive.read(part)
    change(sealed, part, old.replace(b"applications", b"Applications", 1) + b" ")
    with pytest.raises(SnapshotError, match="does not match"):
        open_snapshot(sealed)


@pytest.mark.parametrize("part", ["SEAL", "manifest.json", "pages/000002.json"])
def test_a_missing_part_is_seen(sealed: Path, part: str) -> None:
    change(sealed, part, None)
    with pytest.raises(SnapshotError):
        open_snapshot(sealed)


def test_a_later_schema_is_told(sealed: Path) -> None:
    with zipfile.ZipFile(sealed) as archive:
        manifest = orjson.loads(archive.read("manifest.json"))
    change(sealed, "manifest.json", orjson.dumps(manifest | {"schema": 9}))
    with pytest.raises(SnapshotError, match="schema 9"):
        open_snapshot(sealed)


@pytest.mark.parametrize("kept", [0, 1, 100, 400, -30])
def test_half_a_file_is_told(sealed: Path, kept: int) -> None:
    sealed.write_bytes(sealed.read_bytes()[:kept])
    with pytest.raises(SnapshotError, match="half-written or damaged"):
        open_snapshot(sealed)


def test_one_flipped_byte_is_told(sealed: Path) -> None:
    data = bytearray(sealed.read_bytes())
    data[len(data) // 3] ^= 0xFF
    sealed.write_bytes(data)
    with pytest.raises(SnapshotError):
        open_snapshot(sealed)


def test_an_unfinished_file_is_told_by_its_name(tmp_path: Path) -> None:
    writer = SnapshotWriter(tmp_path / "t.snapshot", tenant={})
    part = tmp_path / "t.snapshot.part"
    assert part.exists()
    with pytest.raises(SnapshotError, match="never finished"):
        open_snapshot(part)
    writer.abandon()
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        SnapshotWriter(tmp_path / "file" / "t.snapshot", tenant={})


def test_a_snapshot_without_any_server_date_asks_for_as_of(tmp_path: Path) -> None:
    path = SnapshotWriter(tmp_path / "t.snapshot", tenant={}).seal([])
    with pytest.raises(SnapshotError, match="--as-of"):
        open_snapshot(path).last_server_date()


def test_an_answer_used_again_keeps_its_own_request(sealed: Path, tmp_path: Path) -> None:
    old: Snapshot = open_snapshot(sealed)
    writer = SnapshotWriter(tmp_path / "new.snapshot", tenant={})
    writer.reuse(old.pages[0], old.bodies[1], snapshot_sha256=old.sha256)
    new = open_snapshot(writer.seal([]))
    assert new.pages[0].reused_from == old.sha256
    assert new.pages[0].date == DATE
