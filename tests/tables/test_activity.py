"""Tables of Conditional Access, risk, sign-ins, audits, partners and agents, from rows by hand."""

from __future__ import annotations

from typing import Any

import orjson
import pandas as pd
import pytest

from auditor.ledger import Result
from auditor.tables.audits import key_ids, kind_of, plain
from auditor.tables.load import Loaded, load
from auditor.tables.sign_ins import newest
from tests.tables.made_up import Rows, snapshot_of

ONE, TWO = "11111111-aaaa-4aaa-8aaa-000000000001", "11111111-aaaa-4aaa-8aaa-000000000002"


def loaded(**rows: Rows) -> Loaded:
    return load(snapshot_of({name.replace("_", "-"): each for name, each in rows.items()}))


def table(name: str, **rows: Rows) -> pd.DataFrame:
    return loaded(**rows).tables[name]


def policy(id: str, client: Any, **more: Any) -> dict[str, Any]:
    conditions = {"users": {"includeUsers": ["None"]}, "clientApplications": client, **more}
    return {"id": id, "displayName": id, "state": "enabled", "conditions": conditions}


EVERYBODY = {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}


def test_policies_that_touch_no_workload_are_left_out() -> None:
    found = table(
        "ca_policies",
        conditional_access_policies=[
            policy("people", None),
            policy("workloads", EVERYBODY),
            policy("agents", None, agentIdRiskLevels="high,medium"),
            policy("risk", None, servicePrincipalRiskLevels=["high"]),
        ],
    )
    assert list(found["id"]) == ["workloads", "agents", "risk"]
    assert found["all_own"][0]
    assert found["agent_risk_levels"][1] == ("high", "medium")


@pytest.mark.parametrize(("state", "enforced"), [("enabled", True), ("disabled", False)])
def test_only_an_enabled_policy_is_enforced(state: str, enforced: bool) -> None:
    each = policy("p", EVERYBODY) | {"state": state}
    assert list(table("ca_policies", conditional_access_policies=[each])["enforced"]) == [enforced]


def test_what_a_policy_does_not_tell_is_not_known() -> None:
    each = policy("p", {"includeServicePrincipals": None}) | {"state": None}
    row = table("ca_policies", conditional_access_policies=[each]).iloc[0]
    assert row["includes"] is None
    assert pd.isna(row["all_own"])
    assert pd.isna(row["enforced"])
    assert pd.isna(row["blocks"])


@pytest.mark.parametrize(
    "odd", [{"id": "p", "conditions": None}, {"id": "p", "conditions": {}}, {"conditions": {}}]
)
def test_a_policy_that_cannot_be_told_makes_its_dataset_partial(odd: dict[str, Any]) -> None:
    line = loaded(conditional_access_policies=[odd]).coverage["conditional-access-policies"]
    assert line.result is Result.PARTIAL


def test_named_locations_of_both_kinds() -> None:
    ip = {
        "@odata.type": "#microsoft.graph.ipNamedLocation",
        "id": "ip",
        "isTrusted": True,
        "ipRanges": [{"cidrAddress": "203.0.113.0/24"}],
    }
    country = {
        "@odata.type": "#microsoft.graph.countryNamedLocation",
        "id": "country",
        "countriesAndRegions": ["CH"],
        "includeUnknownCountriesAndRegions": False,
    }
    found = table("named_locations", named_locations=[ip, country, ip | {"id": "x", "ipRanges": 1}])
    assert list(found["kind"]) == ["ip", "country", "ip"]
    assert list(found["ranges"]) == [("203.0.113.0/24",), (), None]
    assert list(found["countries"]) == [(), ("CH",), ()]


def test_a_hidden_risk_is_null() -> None:
    risky = {"id": "sp", "riskLevel": "hidden", "riskDetail": "hidden", "riskState": "atRisk"}
    row = table("sp_risks", risky_service_principals=[risky]).iloc[0]
    assert pd.isna(row["level"])
    assert pd.isna(row["detail"])
    assert row["state"] == "atRisk"


def test_the_newest_sign_in_of_all_kinds_counts() -> None:
    entry = {
        "appId": "client",
        "lastSignInActivity": {"lastSignInDateTime": "2026-01-01T00:00:00Z"},
        "delegatedClientSignInActivity": {
            "lastSignInDateTime": None,
            "lastNonInteractiveSignInDateTime": "2026-05-01T10:00:00-8:00",
        },
    }
    row = table("sp_sign_ins", service_principal_sign_ins=[entry]).iloc[0]
    assert row["last"] == pd.Timestamp("2026-05-01T18:00:00Z")
    assert row["last_received"] == "2026-05-01T10:00:00-8:00"
    assert pd.isna(row["client"])


def test_a_stamp_that_cannot_be_read_may_be_the_newest() -> None:
    assert newest(["2026-01-01T00:00:00Z", "soon"]) == "soon"
    assert newest([]) is None
    entry = {
        "appId": "client",
        "lastSignInActivity": {"lastSignInDateTime": "soon"},
        "delegatedClientSignInActivity": {"lastSignInDateTime": "2026-01-01T00:00:00Z"},
    }
    row = table("sp_sign_ins", service_principal_sign_ins=[entry]).iloc[0]
    assert pd.isna(row["last"])
    assert row["last_received"] == "soon"


def test_a_credentials_end_has_two_names() -> None:
    use = {"id": "1", "keyId": ONE, "appId": "client", "signInActivity": None}
    end = "2026-12-01T00:00:00Z"
    found = table(
        "credential_sign_ins",
        credential_sign_ins=[
            use | {"expirationDateTime": end},
            use | {"id": "2", "expirationDate": end},
        ],
    )
    assert list(found["expires_received"]) == [end, end]
    assert found["last"].isna().all()


def described(*texts: str) -> str:
    return orjson.dumps(list(texts)).decode()


def key(id: str, name: str) -> str:
    return f"[KeyIdentifier={id},KeyType=Password,KeyUsage=Verify,DisplayName={name}]"


def test_activity_names_are_read_with_their_dash_and_blank() -> None:
    name = "Update application \u2013 Certificates and secrets management "
    assert plain(name) == "Update application - Certificates and secrets management"
    assert kind_of(name) == "credential"
    assert kind_of("Update application") == "application"
    assert kind_of("Add eligible member to role in PIM completed (permanent)") == "role"
    assert kind_of("Reset user password") is None


def test_a_display_name_cannot_pass_for_a_credential() -> None:
    hostile = f"a, b],[KeyIdentifier={TWO},KeyType=Password"
    assert key_ids(described(key(ONE, hostile))) == frozenset({ONE})
    assert key_ids(described(key(ONE, "x"), key(TWO.upper(), "y"))) == frozenset({ONE, TWO})
    assert key_ids("[]") == key_ids(None) == frozenset()


@pytest.mark.parametrize("odd", ["", "{}", "[1]", described("KeyIdentifier=x"), "no json"])
def test_a_description_of_another_form_is_not_known(odd: str) -> None:
    assert key_ids(odd) is None


def record(*properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    target = {"id": "app", "type": "Application", "modifiedProperties": list(properties)}
    return {
        "id": "r",
        "activityDisplayName": "Add service principal credentials",
        "activityDateTime": "2026-11-20T08:00:00.1234567Z",
        "targetResources": [target],
        **more,
    }


def test_a_record_tells_who_did_what_and_which_keys_came_and_went() -> None:
    change = {
        "displayName": "KeyDescription",
        "oldValue": described(key(ONE, "old, one")),
        "newValue": described(key(TWO, "new")),
    }
    other = {"displayName": "Application.ObjectID", "newValue": '"other"', "oldValue": None}
    user = {"user": {"id": "ada", "userPrincipalName": "ada@x.example", "ipAddress": "192.0.2.1"}}
    row = table("directory_audits", directory_audits=[record(change, other, initiatedBy=user)])
    assert row.iloc[0][["kind", "actor_kind", "actor_id", "address"]].to_list() == [
        *("credential", "user", "ada", "192.0.2.1")
    ]
    assert row["keys_added"][0] == (TWO,)
    assert row["keys_removed"][0] == (ONE,)
    assert row["target_ids"][0] == ("app",)
    assert row["related_ids"][0] == ("other",)


def test_a_record_by_an_application_and_one_by_nobody() -> None:
    by_app = {"app": {"appId": None, "servicePrincipalId": "robot", "displayName": "Robot"}}
    found = table(
        "directory_audits",
        directory_audits=[record(initiatedBy=by_app), record(id="s", initiatedBy=None)],
    )
    assert list(found["actor_id"].fillna("-")) == ["robot", "-"]
    assert list(found["actor_kind"].fillna("-")) == ["app", "-"]


def test_keys_of_a_record_that_cannot_be_read_are_not_known() -> None:
    odd = {"displayName": "KeyDescription", "oldValue": "[]", "newValue": "something new"}
    row = table("directory_audits", directory_audits=[record(odd)]).iloc[0]
    assert row["keys_added"] is None


def test_partners_and_customers() -> None:
    partner = {"tenantId": "t", "isServiceProvider": True, "inboundTrust": None}
    customer = {
        "id": "c",
        "customer": {"tenantId": "x"},
        "accessDetails": {"unifiedRoles": [{"roleDefinitionId": "role"}]},
    }
    found = loaded(
        cross_tenant_partners=[partner],
        delegated_admin_relationships=[customer, {"id": "d", "accessDetails": None}],
    ).tables
    assert list(found["partners"]["service_provider"]) == [True]
    assert list(found["customers"]["roles"]) == [("role",), None]


def test_agents_come_from_the_listings_and_their_blueprint_from_their_own() -> None:
    shared: dict[str, Any] = {"keyCredentials": [], "passwordCredentials": [], "owners": []}
    agent = {"@odata.type": "#microsoft.graph.agentIdentity", "id": "agent", "appId": None}
    blueprint = {"id": "bp", "appId": "blueprint", "requiredResourceAccess": []}
    kind = "#microsoft.graph.agentIdentityBlueprintPrincipal"
    found = loaded(
        service_principals=[
            shared | agent,
            shared | {"@odata.type": kind, "id": "bps", "appId": "blueprint"},
            shared | {"id": "plain", "appId": "plain"},
        ],
        applications=[
            shared | blueprint | {"@odata.type": "#microsoft.graph.agentIdentityBlueprint"}
        ],
        agent_identities=[
            {"id": "AGENT", "agentIdentityBlueprintId": "blueprint", "sponsors": [{"id": "ada"}]}
        ],
    )
    agents = found.tables["agents"]
    assert list(agents["id"]) == ["agent", "bps", "bp"]
    assert list(agents["app_id"]) == ["agent", "blueprint", "blueprint"]
    assert agents["sponsors"].to_list() == [("ada",), None, None]
    assert agents["blueprint"][0] == 1
    assert found.coverage["service-principals"].complete  # an agent without appId is no fault
