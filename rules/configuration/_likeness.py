"""What a display name looks like to a reader: letters that look alike become the same.

The table of letters is our own and small: those of Cyrillic, Greek and Armenian that usual fonts
draw like Latin ones (written as escapes: nobody could read them here), and the digits and signs that stand for letters. Accents, full-width and
mathematical letters are dealt with by Unicode's own normal form (NFKD).
"""

from __future__ import annotations

import re
import unicodedata

_UPPER = {
    "b": "\u0392",
    "h": "\u0397",
    "m": "\u039c",
    "n": "\u039d",
    "p": "\u03a1",
    "v": "\u0474",
    "x": "\u03a7",
    "y": "\u03a5",
}
_LOWER = {
    "a": "\u0430\u04d9\u03b1\u0251@",
    "b": "\u0432\u044c\u03b2",
    "c": "\u0441\u03f2",
    "d": "\u0501",
    "e": "\u0435\u0454\u04bd\u03b5",
    "f": "\u0493",
    "g": "\u0261\u0581",
    "h": "\u043d\u04bb\u0570",
    "j": "\u0458\u0575",
    "k": "\u043a\u03ba",
    # Capital I, small l and the digit 1 are one stroke in many fonts.
    "l": "i\u0456\u0131\u04cf\u0269\u03b91|!",
    "m": "\u043c",
    "n": "\u043f\u0578\u03b7",
    "o": "\u043e\u04e9\u03bf\u05850",
    "p": "\u0440\u03c1",
    "q": "\u051b\u0566",
    "r": "\u0433",
    "s": "\u0455$",
    "t": "\u0442\u03c4",
    "u": "\u057d\u03c5\u03bc",
    "v": "\u0475\u03bd",
    "w": "\u051d\u0561\u03c9",
    "x": "\u0445\u03c7",
    "y": "\u0443\u04af\u03b3",
    "z": "\u03b6",
}


def _table(letters: dict[str, str]) -> dict[int, str]:
    return {ord(each): latin for latin, like in letters.items() for each in like}


_CAPITALS, _SMALL = _table(_UPPER), _table(_LOWER)
_PAIRS = (("rn", "m"), ("vv", "w"))
_APART = re.compile(r"[^\w]+|_")

# Reversed reading order anywhere, or characters without width inside a Latin word.
HIDDEN = (
    "[\u202d\u202e]"
    "|(?<=[A-Za-z])[\u00ad\u180e\u200b-\u200d\u2060\ufeff]"
    "|[\u00ad\u180e\u200b-\u200d\u2060\ufeff](?=[A-Za-z])"
)
# A word of Latin and Cyrillic letters; Greek ones stand in honest names (alpha, micro).
MIXED = "[A-Za-z][\u0400-\u052f]|[\u0400-\u052f][A-Za-z]"


def likeness(name: str) -> str:
    """The name as it looks, in lower case, its words parted by single blanks.

    Two names with the same likeness are hard to tell apart; a likeness is no name to show.
    """
    shown = unicodedata.normalize("NFKD", name.translate(_CAPITALS)).casefold()
    seen = "".join(
        each for each in shown if unicodedata.category(each) not in ("Mn", "Me", "Cf", "Cc")
    )
    text = _APART.sub(" ", seen.translate(_SMALL)).strip()
    for two, one in _PAIRS:
        text = text.replace(two, one)
    return text


def plain(name: str) -> str:
    """The name without regard to letter case, blanks and punctuation, and nothing else."""
    return "".join(each for each in name.casefold() if each.isalnum())
