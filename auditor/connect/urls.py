"""Graph's URLs, built by the SDK's own request builders.

The builders know the API's paths and how a query is written. Building them costs 0.05 to 0.15 s
once (measured), because only their typed models are slow to import, and those are not used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from msgraph.graph_service_client import GraphServiceClient

Builder = Callable[["GraphServiceClient", str], Any]

_BUILDERS: Mapping[str, Builder] = {
    "/organization": lambda g, _: g.organization,
    "/applications": lambda g, _: g.applications,
    "/applications/$count": lambda g, _: g.applications.count,
    "/applications/{id}": lambda g, i: g.applications.by_application_id(i),
    "/applications/{id}/owners": lambda g, i: g.applications.by_application_id(i).owners,
    "/applications/{id}/federatedIdentityCredentials": lambda g, i: (
        g.applications.by_application_id(i).federated_identity_credentials
    ),
    "/servicePrincipals": lambda g, _: g.service_principals,
    "/servicePrincipals/$count": lambda g, _: g.service_principals.count,
    "/servicePrincipals/{id}": lambda g, i: g.service_principals.by_service_principal_id(i),
    "/servicePrincipals/{id}/owners": lambda g, i: (
        g.service_principals.by_service_principal_id(i).owners
    ),
    "/servicePrincipals/{id}/appRoleAssignedTo": lambda g, i: (
        g.service_principals.by_service_principal_id(i).app_role_assigned_to
    ),
    "/servicePrincipals/{id}/appRoleAssignedTo/$count": lambda g, i: (
        g.service_principals.by_service_principal_id(i).app_role_assigned_to.count
    ),
    "/oauth2PermissionGrants": lambda g, _: g.oauth2_permission_grants,
    "/oauth2PermissionGrants/$count": lambda g, _: g.oauth2_permission_grants.count,
    "/roleManagement/directory/roleDefinitions": lambda g, _: (
        g.role_management.directory.role_definitions
    ),
    "/roleManagement/directory/roleAssignments": lambda g, _: (
        g.role_management.directory.role_assignments
    ),
    "/roleManagement/directory/roleEligibilityScheduleInstances": lambda g, _: (
        g.role_management.directory.role_eligibility_schedule_instances
    ),
    "/directoryRoles": lambda g, _: g.directory_roles,
    "/directoryObjects/{id}": lambda g, i: g.directory_objects.by_directory_object_id(i),
    "/directoryObjects/getByIds": lambda g, _: g.directory_objects.get_by_ids,
    "/groups/{id}/transitiveMembers": lambda g, i: g.groups.by_group_id(i).transitive_members,
    "/groups/{id}/transitiveMembers/$count": lambda g, i: (
        g.groups.by_group_id(i).transitive_members.count
    ),
    "/groups/{id}/transitiveMembers/microsoft.graph.servicePrincipal": lambda g, i: (
        g.groups.by_group_id(i).transitive_members.graph_service_principal
    ),
    "/groups/{id}/transitiveMembers/microsoft.graph.servicePrincipal/$count": lambda g, i: (
        g.groups.by_group_id(i).transitive_members.graph_service_principal.count
    ),
    "/directory/deletedItems/microsoft.graph.application": lambda g, _: (
        g.directory.deleted_items.graph_application
    ),
    "/directory/deletedItems/microsoft.graph.application/$count": lambda g, _: (
        g.directory.deleted_items.graph_application.count
    ),
}


class GraphUrls:
    """Writes absolute URLs below `base`, such as https://graph.microsoft.com/v1.0."""

    def __init__(self, base: str) -> None:
        import httpx
        from kiota_abstractions.authentication import AnonymousAuthenticationProvider
        from msgraph.graph_request_adapter import GraphRequestAdapter
        from msgraph.graph_service_client import GraphServiceClient

        self.base = base.rstrip("/")  # the templates begin with a slash of their own
        cannot_send = httpx.AsyncClient(transport=httpx.AsyncBaseTransport())
        self._client = GraphServiceClient(
            request_adapter=GraphRequestAdapter(AnonymousAuthenticationProvider(), cannot_send)
        )

    def url(self, path: str, id: str = "", **query: object) -> str:
        """The URL of a declared path; `select=("id",), top=999` become $select and $top."""
        from kiota_abstractions.method import Method
        from kiota_abstractions.request_information import RequestInformation

        builder = _BUILDERS[path](self._client, id)
        info = RequestInformation(Method.GET, builder.url_template, dict(builder.path_parameters))
        info.path_parameters["baseurl"] = ""
        for name, value in query.items():
            if value:
                told = list(value) if isinstance(value, tuple) else value
                info.query_parameters[f"%24{name}"] = told
        # The builders write a type cast in its short form; the documented form names the namespace.
        return self.base + info.url.replace("/graph.", "/microsoft.graph.")

    def relative(self, url: str) -> str:
        """The URL as $batch wants it: below the API version."""
        return url.removeprefix(self.base)
