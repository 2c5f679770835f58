"""Takes what an Exchange administrator read in PowerShell into a snapshot.

Nothing here asks a service, and nothing here judges:

    powershell.py   JSON as ConvertTo-Json writes it, in any of its encodings -> plain values
    commands.py     which commands are read, into which dataset, and how their rows must look
    export.py       one file -> the answers in it, and what is wrong with them
    merge.py        snapshot + files -> a new sealed snapshot that says what was imported
    export.ps1      what the administrator runs
"""

from auditor.importing.export import Export, read_export
from auditor.importing.merge import Imported, import_exchange

__all__ = ["Export", "Imported", "import_exchange", "read_export"]
