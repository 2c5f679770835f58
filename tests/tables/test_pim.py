"""PIM's schedules as tables, and what they prove to be missing elsewhere."""

from __future__ import annotations

from typing import Any

from auditor.tables.load import load
from auditor.tables.source import known
from tests.tables.made_up import snapshot_of
from tests.tables.test_load import GA, WHOLE, line, loaded

SCHEDULE = {
    "id": "ra",
    "principalId": "sp",
    "roleDefinitionId": GA,
    "directoryScopeId": "/",
    "assignmentType": "Assigned",
    "memberType": "Direct",
    "startDateTime": None,
    "endDateTime": None,
}
MEMBER = {
    "id": "g_member_1",
    "groupId": "G",
    "principalId": "SP",
    "accessId": "member",
    "startDateTime": "2026-01-01T00:00:00Z",
    "endDateTime": "2026-06-01T00:00:00Z",
    "memberType": "Direct",
}


def test_a_schedule_without_an_end_is_permanent_and_one_that_is_not_told_is_unknown() -> None:
    timed = SCHEDULE | {"id": "b", "endDateTime": "2026-06-01T08:00:00Z"}
    untold = {name: each for name, each in SCHEDULE.items() if name != "endDateTime"} | {"id": "c"}
    frame = loaded(role_assignment_schedules=[SCHEDULE, timed, untold]).tables["role_schedules"]
    assert [known(each) for each in frame["permanent"]] == [True, False, None]
    assert list(frame["principal_type"]) == ["servicePrincipal"] * 3
    assert list(frame["role"]) == ["Global Administrator"] * 3
    assert list(frame["tier"]) == [0, 0, 0]
    assert [str(each)[:10] for each in frame["end"]] == ["NaT", "2026-06-01", "NaT"]


def test_group_schedules_hold_members_and_those_who_may_become_so() -> None:
    group = {"@odata.type": "#microsoft.graph.group", "id": "g", "displayName": "Tier 0"}
    assigned = MEMBER | {"assignmentType": "Assigned", "endDateTime": None}
    frame = loaded(
        referenced_principals=[group],
        group_assignment_schedules={"g": [assigned]},
        group_eligibility_schedules={"g": [MEMBER]},
    ).tables["group_schedules"]
    assert list(frame["eligible"]) == [False, True]
    assert list(frame["group_name"]) == ["Tier 0"] * 2
    assert list(frame["principal"]) == [0, 0]
    assert [known(each) for each in frame["permanent"]] == [True, False]
    assert list(frame["access"]) == ["member"] * 2


def test_a_schedule_of_nobody_is_a_gap() -> None:
    rows = [SCHEDULE | {"principalId": None}]
    assert (
        "no principalId" in line("role-assignment-schedules", role_assignment_schedules=rows).cause
    )
    eligible = {"g": [MEMBER | {"groupId": 5}]}
    gap = line("group-eligibility-schedules", group_eligibility_schedules=eligible)
    assert "no groupId" in gap.cause


def test_a_role_that_only_pim_lists_makes_the_assignments_partial() -> None:
    other = SCHEDULE | {"id": "x", "directoryScopeId": "/administrativeUnits/1"}
    gap = line("role-assignments", role_assignment_schedules=[SCHEDULE, other])
    assert not gap.complete
    assert "told elsewhere" in gap.cause


def test_what_people_activate_meanwhile_proves_nothing() -> None:
    person = {"@odata.type": "#microsoft.graph.user", "id": "u", "displayName": "Ada"}
    activated = SCHEDULE | {"id": "x", "principalId": "u", "assignmentType": "Activated"}
    through = SCHEDULE | {"id": "y", "principalId": "sp", "memberType": "Group"}
    found = load(
        snapshot_of(
            WHOLE
            | {
                "referenced-principals": [person],
                "role-assignment-schedules": [SCHEDULE, activated, through],
            }
        )
    )
    assert found.coverage["role-assignments"].complete


def test_a_role_through_a_group_that_is_not_listed_makes_the_assignments_partial() -> None:
    told: dict[str, Any] = {"id": "t", "principalId": "other-group", "roleDefinitionId": GA}
    rows = {"sp": [told | {"directoryScopeId": "/"}]}
    gap = line("role-assignments", transitive_role_assignments=rows)
    assert "such as one of other-group" in gap.cause
    agreed = {"sp": [told | {"principalId": "SP", "directoryScopeId": "/"}]}
    assert line("role-assignments", transitive_role_assignments=agreed).complete
    vague = {"sp": [told | {"directoryScopeId": None}]}
    assert line("role-assignments", transitive_role_assignments=vague).complete
