"""Makes text from a tenant safe to print: a display name must not steer a terminal."""

from __future__ import annotations

import re
import unicodedata

# Control, format (bidirectional overrides among them), surrogate and private characters, and the
# separators that break lines.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_PLAIN = re.compile(r"[ -~]*", re.ASCII)


def visible(text: object, *, width: int | None = None) -> str:
    r"""The text on one line, characters that steer a terminal shown as \x1b or \u202e.

    Longer than `width`, it is cut with an ellipsis.
    """
    shown = str(text)
    if not _PLAIN.fullmatch(shown):
        shown = "".join(map(_show, shown))
    if width is not None and len(shown) > width:
        shown = shown[: width - 1] + "…"
    return shown


def _show(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN:
        return character
    code = ord(character)
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )
