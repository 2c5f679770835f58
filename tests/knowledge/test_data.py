"""The data files hold together: ids once, closed vocabularies, and nothing more certain than it is."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import pairwise

import orjson

from auditor import knowledge
from auditor.knowledge.data import lines, read
from auditor.knowledge.lookup import BASIS_SAYS, PATH_SAYS, TIER_SAYS
from auditor.knowledge.ratings import BASES, CONFIDENCES, KINDS, PATHS, STATES, TIERS

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PERMISSIONS = read("permissions")
ROLES = read("roles")
RATED = [*PERMISSIONS, *ROLES]
SOURCES = {"azure-tiering", "EAM", "EntraFalcon", "Maester", "ScubaGear", "Prowler", "M365-Assess"}


def test_ids_are_guids_in_lower_case_and_stand_once() -> None:
    keys = [(row["resource"], row["kind"], row["id"]) for row in PERMISSIONS]
    assert not [key for key, count in Counter(keys).items() if count > 1]
    assert all(GUID.fullmatch(row["resource"]) and GUID.fullmatch(row["id"]) for row in PERMISSIONS)
    for name, column in (("roles", "template_id"), ("applications", "app_id")):
        ids = [row[column] for row in read(name)]
        assert len(ids) == len(set(ids))
        assert all(GUID.fullmatch(id) for id in ids)


def test_rows_are_sorted_so_that_a_change_reads_as_one() -> None:
    keys = [(r["resource"], r["kind"], r["name"].lower(), r["id"]) for r in PERMISSIONS]
    assert all(first <= second for first, second in pairwise(keys))
    assert all(len(row) == len(lines("permissions")[0]) for row in lines("permissions"))


def test_vocabularies_are_closed_and_explained() -> None:
    closed = {
        "tier": TIERS,
        "state": STATES,
        "path": PATHS,
        "basis": BASES,
        "confidence": CONFIDENCES,
    }
    for column, words in closed.items():
        assert {row[column] for row in RATED} <= set(words), column
    assert {row["kind"] for row in PERMISSIONS} == set(KINDS)
    used = {word for row in RATED for word in row["reach"].split(";")}
    assert used == set(knowledge.reach_words())
    assert {row["basis"] for row in RATED} <= set(BASIS_SAYS)
    assert {row["path"] for row in RATED} - {"none", "unknown"} == set(PATH_SAYS)
    assert {rating.tier for rating in knowledge.permissions().values()} == set(TIER_SAYS)
    told = {each for row in RATED for each in row["agree"].split(";")} - {""}
    other = {each for row in RATED for each in row["disagree"].split(";")} - {""}
    assert told <= SOURCES
    assert {each.rpartition(" ")[0] for each in other if each != "id unconfirmed"} <= SOURCES


def test_tested_paths_are_tier_0_and_nothing_else_is_proven() -> None:
    for row in RATED:
        if row["basis"] == "tested":
            assert (row["tier"], row["state"]) == ("0", "rated"), row
        assert (row["path"] in ("direct", "indirect")) == (row["basis"] in ("tested", "documented"))
        if row["tier"] == "0" and row["basis"] != "tested":
            assert row["state"] == "candidate", row


def test_one_models_rating_is_a_candidate_and_says_so() -> None:
    alone = [row for row in RATED if row["basis"] == "one-model"]
    assert alone
    for row in alone:
        assert row["state"] == "candidate", row
        assert row["confidence"] in ("medium", "low"), row
        assert ";" not in row["agree"], row


def test_unknown_is_a_state_of_its_own() -> None:
    unknown = [row for row in RATED if row["tier"] == "unknown"]
    assert {"Device Join", "PullPrintPrinter.Read.All"} <= {row["name"] for row in unknown}
    for row in unknown:
        values = (row["state"], row["path"], row["basis"], row["confidence"], row["agree"])
        assert values == ("unknown", "unknown", "none", "none", ""), row


def test_every_directory_role_the_service_has_is_rated_or_unknown() -> None:
    """Held against the emulator's own list, which is written apart from the ratings."""
    from importlib.resources import files

    rows = orjson.loads((files("auditor.emulator") / "data" / "roles.json").read_bytes())
    ids = {row[0].lower() for row in rows}
    assert ids <= set(knowledge.roles())
    assert len(knowledge.roles()) == 145


def test_what_the_verdicts_hang_on_is_as_tested() -> None:
    direct = knowledge.rating(knowledge.GRAPH, "9E3F62CF-CA93-4989-B6CE-BF83C28F9FE8")
    assert (direct.name, direct.tier, direct.path, direct.state) == (
        *("RoleManagement.ReadWrite.Directory", 0, "direct", "rated"),
    )
    tested = [each for each in knowledge.permissions().values() if each.basis == "tested"]
    assert Counter(each.path for each in tested) == {"indirect": 25, "direct": 13}
    assert knowledge.role_rating("62e90394-69f5-4237-9190-012177145e10").path == "direct"
    nobody = knowledge.rating(knowledge.GRAPH, "00000000-0000-0000-0000-00000000beef")
    assert (nobody.state, nobody.tier, nobody.path) == ("unknown", None, "unknown")
    assert knowledge.role_rating("no-such-role").state == "unknown"


def test_the_same_id_is_rated_by_its_api() -> None:
    id = "810c84a8-4a9e-49e6-bf7d-12d183f40d01"
    graph, exchange = (knowledge.rating(api, id) for api in (knowledge.GRAPH, knowledge.EXCHANGE))
    assert (graph.state, exchange.state) == ("rated", "candidate")


def test_mailbox_permissions_and_exchange_levels_refer_to_what_is_known() -> None:
    assert set(knowledge.mailbox_permissions()) <= set(knowledge.permissions())
    assert set(knowledge.MANAGE_AS_APP) <= set(knowledge.permissions())
    assert {each.level for each in knowledge.exchange_roles()} <= set(knowledge.LEVELS)
    assert set(knowledge.exchange_levels("directory-role")) <= set(knowledge.roles())
    held = {role for roles in knowledge.role_group_contents().values() for role in roles}
    assert held <= set(knowledge.exchange_levels("management-role"))
    assert set(knowledge.role_group_contents()) <= set(knowledge.exchange_levels("role-group"))
    roles = [each for each in knowledge.exchange_roles() if each.kind == "management-role"]
    assert all(each.allows for each in roles)


def test_applications_of_microsofts_are_no_permissions_or_roles() -> None:
    ids = {row["id"] for row in PERMISSIONS} | set(knowledge.roles())
    assert not ids & set(knowledge.applications())
    owners = {each.owner_tenant for each in knowledge.applications().values()} - {""}
    assert owners == set(knowledge.owner_tenants()) == knowledge.MICROSOFT_TENANTS
    assert knowledge.application_name(knowledge.GRAPH.upper()) == "Microsoft Graph"
    apis = {row["resource"] for row in PERMISSIONS}
    assert apis <= set(knowledge.applications())


def test_sentences_are_short_and_end() -> None:
    for word, sentence in knowledge.reach_words().items():
        assert sentence.endswith("."), word
        assert len(sentence) < 160, word


def test_ids_differ_enough_for_a_typo_to_be_noticed() -> None:
    """overlay_file takes ids more alike than 0.9 for one another's typo."""
    ids = sorted(knowledge.roles())
    most = max(SequenceMatcher(None, a, b).quick_ratio() for a, b in pairwise(ids))
    assert most < 1
