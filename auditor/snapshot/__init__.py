"""The snapshot: the sealed file of one collection, and the only thing the checks read.

A snapshot is a ZIP file, so that any tool can open it:

    pages/000001.json   one response body each, as the service sent it (see `page.py` for the
                        one thing that is taken out: the first characters of client secrets)
    ledger.json         the coverage ledger
    manifest.json       tenant, times, and per page the request, the answer's status, ids and hashes
    SEAL                the SHA-256 of manifest.json; written last, so a half-written file has none
"""

from auditor.snapshot.page import Page
from auditor.snapshot.read import Row, Snapshot, open_snapshot
from auditor.snapshot.write import SnapshotWriter

__all__ = ["Page", "Row", "Snapshot", "SnapshotWriter", "open_snapshot"]
