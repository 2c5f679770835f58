"""Whom a registration lets sign in, by signInAudience."""

from __future__ import annotations

OWN = "AzureADMyOrg"
# Other organizations' tenants get a service principal of it; personal accounts have no tenant.
MULTITENANT = ("AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount")
KNOWN = (OWN, *MULTITENANT, "PersonalMicrosoftAccount")
