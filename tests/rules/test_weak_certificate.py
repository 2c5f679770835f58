from typing import Any

import pytest

from auditor.testing import try_rule

OWN = {"publisher": "own", "managed_identity": False, "holder_type": "application", "name": "Job"}
RSA = {**OWN, "readable": True, "algorithm": "RSA", "bits": 2048, "signature_hash": "sha256"}
EC = {**RSA, "algorithm": "EC", "bits": 256, "curve": "secp256r1"}
BARE = {**OWN, "readable": True}
TABLES: dict[str, Any] = {
    "certificate_contents": [
        {"key_id": "short", **RSA, "bits": 1024},
        {"key_id": "2047-bits", **RSA, "bits": 2047},
        {"key_id": "sha1", **RSA, "signature_hash": "sha1"},
        {"key_id": "md5", **RSA, "signature_hash": "MD5"},
        {"key_id": "dsa", **RSA, "algorithm": "DSA", "bits": 3072},
        {"key_id": "p-224", **EC, "curve": "secp224r1"},
        {"key_id": "short-and-md5", **RSA, "bits": 512, "signature_hash": "md5"},
        {"key_id": "short-hash-unread", **RSA, "bits": 1024, "signature_hash": None},
        {"key_id": "sha1-key-unread", **BARE, "signature_hash": "sha1"},
        {
            "key_id": "sha1-new-kind",
            **BARE,
            "signature_hash": "sha1",
            "algorithm": "MLDSA65PublicKey",
        },
        {"key_id": "rsa", **RSA},
        {"key_id": "p-256", **EC},
        {"key_id": "p-521", **EC, "curve": "secp521r1"},
        {"key_id": "ed25519", **BARE, "algorithm": "Ed25519", "signature_hash": "ed25519"},
        {"key_id": "not-fetched", **OWN, "readable": None},
        {"key_id": "no-certificate", **OWN, "readable": False},
        {"key_id": "hash-unread", **RSA, "signature_hash": None},
        {"key_id": "key-unread", **BARE, "signature_hash": "sha256"},
        {"key_id": "bits-unread", **RSA, "bits": None},
        {"key_id": "curve-unread", **EC, "curve": None},
        {
            "key_id": "new-kind",
            **BARE,
            "algorithm": "MLDSA65PublicKey",
            "signature_hash": "ML-DSA-65",
        },
        {"key_id": "publisher-not-told", **RSA, "bits": 512, "publisher": None},
        {"key_id": "managed", **RSA, "bits": 512, "managed_identity": True},
        {"key_id": "foreign", **RSA, "bits": 512, "publisher": "foreign"},
    ]
}
PASSES = {"rsa", "p-256", "p-521", "ed25519"}
CAUSES = {
    "not-fetched": "its bytes were not fetched",
    "no-certificate": "its bytes are no readable certificate",
    "hash-unread": "its key or signature could not be read or is of a kind not rated",
    "key-unread": "its key or signature could not be read or is of a kind not rated",
    "bits-unread": "its key or signature could not be read or is of a kind not rated",
    "curve-unread": "its key or signature could not be read or is of a kind not rated",
    "new-kind": "its key or signature could not be read or is of a kind not rated",
    "publisher-not-told": "whether the rule is about it could not be told",
}
UNKNOWN = {*CAUSES}
REASONS = {
    "short": "an RSA key of 1024 bits",
    "2047-bits": "an RSA key of 2047 bits",
    "sha1": "a signature with SHA1",
    "md5": "a signature with MD5",
    "dsa": "a DSA key",
    "p-224": "the elliptic curve secp224r1",
    "short-and-md5": "an RSA key of 512 bits and a signature with MD5",
    "short-hash-unread": "an RSA key of 1024 bits",
    "sha1-key-unread": "a signature with SHA1",
    "sha1-new-kind": "a signature with SHA1",
}
FAILS = {*REASONS}


def test_the_message_tells_every_reason() -> None:
    result = try_rule("weak-certificate", TABLES)
    for each in result.findings:
        assert each.message == f"Certificate {each.part} of Job is weak: {REASONS[each.part]}."


def test_the_cause_of_each_unknown_is_told() -> None:
    result = try_rule("weak-certificate", TABLES)
    assert {each.part: each.cause for each in result.outcome.unknowns} == CAUSES


@pytest.mark.parametrize(("bits", "fails"), [(3072, True), (1024, False)])
def test_the_length_is_a_setting(bits: int, fails: bool) -> None:
    result = try_rule("weak-certificate", TABLES, settings={"min_bits": bits})
    assert ("rsa" in result.failed) is fails
    assert ("short" in result.failed) is fails


def test_without_the_bytes_nothing_passes() -> None:
    rows = [{"key_id": "one", **OWN}]
    result = try_rule(
        "weak-certificate",
        {"certificate_contents": rows},
        coverage={"certificate-bytes": "refused"},
    )
    assert result.verdict == "unknown"
