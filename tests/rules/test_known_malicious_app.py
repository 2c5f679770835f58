import re
from typing import Any

from auditor.knowledge.attacks import AS_OF, attack_applications
from auditor.packs import built_in
from auditor.testing import try_rule

MADE = "c4d0b015-689a-4bcf-b69b-3ed5005fddb6"
RCLONE = "b15665d9-eda6-4092-8539-0eec376afd59"
FINE = {"disabled_by_microsoft": "NotDisabled", "publisher": "foreign", "app_id": "harmless"}
TABLES: dict[str, Any] = {
    "service_principals": [
        {"id": "made", **FINE, "app_id": MADE.upper()},
        {"id": "whose", **FINE, "app_id": MADE, "publisher": None},
        {"id": "listed-status-not-told", **FINE, "app_id": MADE, "disabled_by_microsoft": None},
        {"id": "abused", **FINE, "app_id": RCLONE},
        {
            "id": "disabled",
            **FINE,
            "disabled_by_microsoft": "DisabledDueToViolationOfServicesAgreement",
        },
        {"id": "harmless", **FINE},
        {"id": "nobody-knows-whose", **FINE, "publisher": None},
        {"id": "status-not-told", **FINE, "disabled_by_microsoft": None},
        {"id": "microsoft", **FINE, "app_id": MADE, "publisher": "microsoft"},
    ]
}
FAILS = {"made", "whose", "abused", "disabled"}
PASSES = {"harmless", "nobody-knows-whose"}
UNKNOWN = {"status-not-told"}
FAILS |= {"listed-status-not-told"}


def test_a_product_that_attackers_use_is_less_than_one_made_for_attacks() -> None:
    found = {e.object["id"]: e for e in try_rule("known-malicious-app", TABLES).findings}
    assert found["abused"].severity == "high"
    assert {e.severity for id, e in found.items() if id != "abused"} == {"critical"}
    assert found["made"].evidence["reported"].startswith("https://")
    assert "Microsoft disabled it" in found["disabled"].message


def test_ids_can_be_added() -> None:
    result = try_rule("known-malicious-app", TABLES, settings={"app_ids": [" HARMLESS "]})
    found = {each.object["id"]: each for each in result.findings}
    assert {"harmless", "status-not-told"} <= result.failed
    assert "your settings list it" in found["harmless"].message


def test_the_list_is_whole_and_says_its_date() -> None:
    known = attack_applications()
    for id, each in known.items():
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", id)
        assert each.kind in ("malicious", "abused")
        assert each.source.startswith("https://")
    assert len(known) >= 48
    text = (built_in("rules") / "configuration" / "known_malicious_app.py").read_text("utf-8")
    year, _, day = AS_OF.split("-")
    assert f"{day} August {year}" in text
