"""One file of PowerShell output: what is read of it, what is doubted and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import ImportFileError
from auditor.importing import read_export
from auditor.importing.commands import COMMANDS
from auditor.importing.export import Answer, Export, parse_export
from auditor.importing.powershell import CUT, plain
from tests.importing.shells import TAKEN, answer, powershell_5, powershell_7

GROUP = {
    "Name": "Help Desk",
    "Guid": "11111111-0000-0000-0000-000000000001",
    "RoleGroupType": "Standard",
    "LinkedPartnerOrganizationId": "",
    "Members": ["Ada", "Grace Hopper"],
    "Roles": ["Reset Password"],
    "Capabilities": ["None"],
    "DistinguishedName": "CN=Help Desk,OU=contoso.onmicrosoft.com,DC=EX,DC=PROD",
}
ASSIGNMENT = {
    "Name": "a",
    "Role": "Reset Password",
    "RoleAssigneeName": "Help Desk",
    "RoleAssigneeType": "RoleGroup",
    "RoleAssignmentDelegationType": "Regular",
    "Enabled": True,
}


def bare(value: Any, name: str = "Get-RoleGroup.json") -> Answer:
    export = parse_export(orjson.dumps(value), name)
    assert len(export.answers) == 1
    return export.answers[0]


def told(*answers: dict[str, Any], **values: Any) -> Export:
    value = {"format": "auditor-exchange-export", "version": 1, "takenAt": TAKEN}
    return parse_export(orjson.dumps(value | {"answers": answers} | values), "exchange.json")


@pytest.mark.parametrize("render", [powershell_5, powershell_7])
def test_the_scripts_file_is_read_from_either_shell(render: Any) -> None:
    told = {"format": "auditor-exchange-export", "version": 1, "takenAt": TAKEN}
    told["answers"] = [answer("Get-RoleGroup -ResultSize Unlimited", [GROUP])]
    export = parse_export(render(told), "exchange.json")
    (found,) = export.answers
    assert found.dataset == "exchange-role-groups"
    assert found.flaws == ()
    assert found.rows[0]["Members"] == ["Ada", "Grace Hopper"]
    assert found.rows[0]["Roles"] == ["Reset Password"]
    assert export.taken_at == datetime(2026, 5, 19, 8, tzinfo=UTC)
    assert export.domains == {"contoso.onmicrosoft.com"}


def test_the_script_runs_every_command_in_the_way_that_counts_as_whole() -> None:
    script = (files("auditor.importing") / "export.ps1").read_text("utf-8")
    for command in COMMANDS:
        for line in command.whole:
            assert line.format(of="$guid") in script
        for name in (*command.needed, *command.texts, *command.lists, *command.flags):
            assert f"{name} = " in script
    assert script.isascii()  # whatever a shell redirects it through
    assert script.count("{") == script.count("}")
    assert script.count("(") == script.count(")")


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_utf_8_with_and_without_a_mark(mark: bytes) -> None:
    assert parse_export(mark + orjson.dumps([GROUP]), "x.json").answers[0].rows


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_with_and_without_a_mark(coding: str) -> None:
    text = orjson.dumps([GROUP | {"Name": "Überwachung"}]).decode()
    found = parse_export(text.encode(coding), "x.json").answers[0]
    assert found.rows[0]["Name"] == "Überwachung"


def test_a_pipeline_of_one_object_is_a_list_of_one() -> None:
    assert len(bare(GROUP).rows) == 1


@pytest.mark.parametrize("data", [b"", b"null", b"\xff\xfe", b"[]", b"\xef\xbb\xbf\r\n"])
def test_nothing_is_nothing_where_the_name_tells_what_of(data: bytes) -> None:
    export = parse_export(data, "Get-ApplicationAccessPolicy.json")
    assert export.answers[0].rows == ()
    assert export.answers[0].dataset == "exchange-access-policies"
    with pytest.raises(ImportFileError, match="its name does not tell"):
        parse_export(data, "policies.json")


def test_values_are_those_the_service_would_send() -> None:
    assert plain("/Date(1714564800000)/") == "2024-05-01T12:00:00Z"
    assert plain("/Date(1714564800000+0200)/") == "2024-05-01T12:00:00Z"
    assert plain({"value": "/Date(0)/", "DateTime": "…", "DisplayHint": 2}).startswith("1970")
    assert plain({"Guid": "g"}) == "g"
    assert plain({"Name": "Mail Recipients", "DomainId": None}) == "Mail Recipients"
    assert plain({"value": ["a"], "Count": 1}) == ["a"]
    assert plain(True) is True


@pytest.mark.parametrize(
    "value",
    [
        "@{Name=Ada; Guid=1}",
        "System.Object[]",
        "System.Collections.ArrayList",
        "Microsoft.Exchange.Data.Directory.ADObjectId",
        "/Date(99999999999999999)/",
        {"odd": {"deep": 1}},
    ],
    ids=str,
)
def test_what_was_cut_off_is_known_as_such(value: Any) -> None:
    assert plain(value) is CUT
    found = bare([GROUP | {"RoleGroupType": value}])
    assert found.rows[0]["RoleGroupType"] is None
    assert "1 rows of Get-RoleGroup came with RoleGroupType cut off" in found.flaws


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("Ada", ["Ada"]),
        ("Ada Grace", None),  # one member of two words, or two joined by a cut
        ("System.Object[]", None),
        (["@{Name=Ada}"], None),
        ([""], None),  # the property was not there
        (None, None),
        ([], []),
        ([{"Name": "Ada"}], ["Ada"]),
    ],
)
def test_a_list_is_never_silently_shorter(value: Any, kept: Any) -> None:
    found = bare([GROUP | {"Members": value}])
    assert found.rows[0]["Members"] == kept
    assert (kept is None) == any("Members" in flaw for flaw in found.flaws)


def test_one_role_of_several_words_is_known_by_its_name() -> None:
    assert bare([GROUP | {"Roles": "Mail Recipients"}]).rows[0]["Roles"] == ["Mail Recipients"]
    joined = bare([GROUP | {"Roles": "Mail Recipients Reset Password"}])
    assert joined.rows[0]["Roles"] is None


def test_a_number_in_place_of_a_name_is_not_guessed() -> None:
    found = bare([ASSIGNMENT | {"RoleAssigneeType": 10}], "Get-ManagementRoleAssignment.json")
    assert found.rows[0]["RoleAssigneeType"] is None
    assert any("tell RoleAssigneeType as a number" in flaw for flaw in found.flaws)


def test_a_flag_in_words_is_a_flag() -> None:
    found = bare([ASSIGNMENT | {"Enabled": "False"}], "Get-ManagementRoleAssignment.json")
    assert found.rows[0]["Enabled"] is False
    found = bare([ASSIGNMENT | {"Enabled": 0}], "Get-ManagementRoleAssignment.json")
    assert found.rows[0]["Enabled"] is None


def test_a_field_that_was_not_selected_is_told() -> None:
    row = {name: value for name, value in GROUP.items() if name != "Capabilities"}
    assert "1 rows of Get-RoleGroup came without Capabilities" in bare([row]).flaws


def test_bare_output_never_proves_that_it_is_whole() -> None:
    assert "rows may be missing" in bare([GROUP]).flaws[0]


def test_a_file_is_known_by_its_rows() -> None:
    assert bare([GROUP], "a.json").dataset == "exchange-role-groups"
    assert bare([ASSIGNMENT], "a.json").dataset == "exchange-role-assignments"
    linked = GROUP | {"RoleGroupType": "PartnerLinked"}
    assert bare([GROUP, linked], "a.json").dataset == "exchange-partner-role-groups"
    old = {"AppId": "a", "ServiceId": "s"}
    assert bare(old, "a.json").rows[0]["ObjectId"] == "s"


def test_members_come_by_group() -> None:
    one = {"Name": "Ada", "RoleGroupGuid": "G1"}
    export = parse_export(orjson.dumps([one, one | {"RoleGroupGuid": "g2"}]), "m.json")
    assert [each.of for each in export.answers] == ["g1", "g2"]
    with pytest.raises(ImportFileError, match="RoleGroupGuid"):
        bare([{"Name": "Ada"}], "Get-RoleGroupMember.json")


@pytest.mark.parametrize(
    ("value", "name", "message"),
    [
        ([{"Odd": 1}], "a.json", "not the output of a command"),
        ([3], "a.json", "where an object should be"),
        ([ASSIGNMENT], "Get-RoleGroup.json", "holds the output of Get-ManagementRoleAssignment"),
        ([GROUP | {"Guid": ""}], "a.json", "row 1 of Get-RoleGroup has no Guid"),
        ([GROUP | {"Guid": {"a": 1}}], "a.json", "has no Guid"),
        ({"format": "other", "version": 1, "answers": []}, "a.json", "has format 'other'"),
    ],
)
def test_what_is_refused(value: Any, name: str, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        parse_export(orjson.dumps(value), name)


@pytest.mark.parametrize("data", [b"{", b"Name Guid\n---- ----\n", b"\xe9t\xe9"])
def test_what_is_no_json_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(ImportFileError) as error:
        parse_export(data, "a.json")
    assert "Write it" in error.value.remedy


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="cannot be read"):
        read_export(tmp_path / "none.json")


def test_the_script_tells_what_failed_and_what_was_lost() -> None:
    line = "Get-RoleGroup -ResultSize Unlimited"
    (found,) = told(answer(line, [GROUP]) | {"count": 2}).answers
    assert "gave 2 rows, 1 are in exchange.json" in found.flaws[0]
    (found,) = told(answer("Get-RoleGroup -Filter x", [GROUP])).answers
    assert "may leave rows out" in found.flaws[0]
    (found,) = told(answer(line, [], error="Access\nis denied")).answers
    assert found.error == "Access is denied"
    with pytest.raises(ImportFileError, match="'Get-Mailbox', which is not read"):
        told({"command": "Get-Mailbox", "rows": []})
    with pytest.raises(ImportFileError, match="role group that is not named"):
        told({"command": "Get-RoleGroupMember", "rows": []})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*GROUP, *ASSIGNMENT, "value", "Count", "answers", "format"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@st.composite
def _outputs(draw: st.DrawFn) -> tuple[str, Any]:
    """A command's name, and rows with its fields and anything in them."""
    command = draw(st.sampled_from(COMMANDS))
    judged = (*command.texts, *command.lists, *command.flags, "RoleGroupGuid")
    fields = dict.fromkeys(judged, _JSON) | dict.fromkeys(command.needed, st.text(max_size=3))
    return command.cmdlet, draw(_JSON | st.lists(st.fixed_dictionaries(fields), max_size=2))


@settings(max_examples=150, deadline=None)
@given(_outputs())
def test_whatever_json_comes_it_is_read_or_refused(given: tuple[str, Any]) -> None:
    cmdlet, value = given
    command = next(each for each in COMMANDS if each.cmdlet == cmdlet)
    try:
        export = parse_export(orjson.dumps(value), f"{cmdlet}.json")
    except ImportFileError:
        return
    for row in (row for each in export.answers for row in each.rows):
        assert all(isinstance(row[name], str) and row[name] for name in command.needed)
        for names, kind in ((command.lists, list), (command.flags, bool), (command.texts, str)):
            assert all(isinstance(row.get(name), kind | None) for name in names)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40) | st.text(max_size=20).map(lambda text: text.encode("utf-16")))
def test_whatever_bytes_come_they_are_read_or_refused(data: bytes) -> None:
    try:
        parse_export(data, "Get-RoleGroup.json")
    except ImportFileError:
        return
