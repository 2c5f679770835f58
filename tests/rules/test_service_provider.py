from typing import Any

from auditor.testing import try_rule

TABLES: dict[str, Any] = {
    "partners": [
        {"tenant_id": "provider", "service_provider": True, "trusts_mfa": True},
        {"tenant_id": "guest-tenant", "service_provider": False, "trusts_mfa": True},
        {"tenant_id": "not-told", "service_provider": None},
    ]
}
FAILS = {"provider"}
PASSES = {"guest-tenant"}
UNKNOWN = {"not-told"}


def test_the_message_names_the_tenant() -> None:
    finding = try_rule("service-provider", TABLES).findings[0]
    assert finding.message == (
        "The organization provider is a service provider with a partner relationship here."
    )
    assert finding.fix.endswith("PartnerTenantId 'provider'")
