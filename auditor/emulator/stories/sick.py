"""Contoso: something for every rule to find, beside objects that are fine."""

from __future__ import annotations

from auditor.emulator.stories.common import Scene
from auditor.emulator.stories.sick_access import fill_access
from auditor.emulator.stories.sick_activity import fill_activity
from auditor.emulator.stories.sick_configuration import fill_configuration
from auditor.emulator.stories.sick_credentials import fill_credentials
from auditor.emulator.stories.sick_exchange import fill_exchange
from auditor.emulator.stories.sick_federation import fill_federation
from auditor.emulator.stories.sick_mailboxes import fill_mailboxes
from auditor.emulator.stories.sick_odd import fill_odd
from auditor.emulator.stories.sick_owners import fill_owners
from auditor.emulator.stories.sick_permissions import fill_permissions
from auditor.emulator.stories.sick_policies import fill_policies
from auditor.emulator.stories.sick_roles import fill_roles
from auditor.emulator.stories.sick_rotation import fill_rotation


def fill(scene: Scene) -> None:
    """States the sick tenant."""
    scene.build.role(scene.client.principal_id, "Global Reader")
    fill_credentials(scene)
    fill_access(scene)
    fill_roles(scene)
    fill_exchange(scene)
    fill_mailboxes(scene)
    fill_odd(scene)
    fill_rotation(scene)
    fill_permissions(scene)
    fill_owners(scene)
    fill_activity(scene)
    fill_policies(scene)
    fill_configuration(scene)
    fill_federation(scene)
