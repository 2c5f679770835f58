"""Contoso: something for every rule to find, beside objects that are fine."""

from __future__ import annotations

from auditor.emulator.stories.common import Scene
from auditor.emulator.stories.sick_access import fill_access
from auditor.emulator.stories.sick_activity import fill_activity
from auditor.emulator.stories.sick_configuration import fill_configuration
from auditor.emulator.stories.sick_credentials import fill_credentials
from auditor.emulator.stories.sick_exchange import fill_exchange
from auditor.emulator.stories.sick_odd import fill_odd
from auditor.emulator.stories.sick_policies import fill_policies


def fill(scene: Scene) -> None:
    """States the sick tenant."""
    scene.build.role(scene.client.principal_id, "Global Reader")
    fill_credentials(scene)
    fill_access(scene)
    fill_exchange(scene)
    fill_odd(scene)
    fill_activity(scene)
    fill_policies(scene)
    fill_configuration(scene)
