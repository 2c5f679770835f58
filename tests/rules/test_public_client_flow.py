from typing import Any

TABLES: dict[str, Any] = {
    "applications": [
        {"id": "on", "fallback_public": True},
        {"id": "off", "fallback_public": False},
        {"id": "not-told", "fallback_public": None},
    ]
}
FAILS = {"on"}
PASSES = {"off"}
UNKNOWN = {"not-told"}
