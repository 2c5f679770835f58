"""Settings of rules: read before the rules are loaded, and checked against them later."""

from __future__ import annotations

from collections.abc import Mapping


class Text(str):
    """A value from an environment variable or --set: its type is the rule's to say."""

    __slots__ = ()


class Rules(dict[str, dict[str, object]]):
    """Each rule's settings by its id, and where each of them was written."""

    def __init__(
        self,
        values: Mapping[str, Mapping[str, object]] | None = None,
        origins: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        super().__init__({name: dict(each) for name, each in (values or {}).items()})
        self.origins = dict(origins or {})


def origin_of(settings: Mapping[str, Mapping[str, object]], rule: str, key: str = "") -> str:
    """`FILE: ` or `VARIABLE: `, to begin an error with; nothing where it is not known."""
    if not isinstance(settings, Rules):
        return ""
    keys = [key] if key else ["", *settings[rule]]
    found = [settings.origins[rule, each] for each in keys if (rule, each) in settings.origins]
    return f"{found[0]}: " if found else ""
