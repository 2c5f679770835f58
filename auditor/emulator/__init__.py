"""A tenant on loopback: Entra's token endpoint, Microsoft Graph and Exchange Online in one server.

    with Emulator(folder, options=EmulatorOptions(story="sick")) as emulator:
        ...  # emulator.settings_path, emulator.url, emulator.requests, emulator.tenant

It is written from Microsoft's reference and shares nothing with the auditor's own datasets or
knowledge: what they get wrong must show against it.
"""

from __future__ import annotations

from auditor.emulator.emulator import Emulator, serve_forever
from auditor.emulator.faults import FAULT_HELP
from auditor.emulator.options import EmulatorError, EmulatorOptions
from auditor.emulator.server import RequestRecord
from auditor.emulator.stories import STORIES
from auditor.emulator.tenant import Tenant

__all__ = [
    "FAULT_HELP",
    "STORIES",
    "Emulator",
    "EmulatorError",
    "EmulatorOptions",
    "RequestRecord",
    "Tenant",
    "serve_forever",
]
