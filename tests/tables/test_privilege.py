"""What a table tells of privileged principals and of roles through groups."""

from __future__ import annotations

from auditor.tables.source import known
from tests.tables.test_load import APP, GA, PRINCIPAL, loaded


def test_a_privileged_principal_tells_its_type_and_its_registrations_audience() -> None:
    found = loaded(applications=[APP | {"signInAudience": "AzureADMyOrg"}]).tables
    row = found["privileged_principals"].iloc[0]
    assert (row["type"], row["audience"]) == ("Application", "AzureADMyOrg")
    assert known(loaded().tables["privileged_principals"]["audience"].iloc[0]) is None
    # A registration that was not read tells nothing, whatever its service principal says.
    other = PRINCIPAL | {"appId": "elsewhere", "signInAudience": "AzureADMyOrg"}
    lost = loaded(service_principals=[other]).tables["privileged_principals"]
    assert known(lost["audience"].iloc[0]) is None


def test_a_role_tells_whether_it_comes_through_a_group() -> None:
    assignments = [
        {"id": id, "principalId": holder, "roleDefinitionId": GA, "directoryScopeId": "/"}
        for id, holder in (("direct", "sp"), ("inherited", "g"))
    ]
    held = loaded(
        role_assignments=assignments, group_service_principals={"g": [{"id": "sp"}]}
    ).tables["workload_roles"]
    through = dict(zip(held["assignment_id"], held["through_group"], strict=True))
    assert through == {"direct": False, "inherited": True}
