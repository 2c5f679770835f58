"""Text for the page: hostile characters made visible, and the rules' small Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from markupsafe import Markup, escape

# Controls, bidirectional and zero-width marks, line separators, surrogates and private use: what
# can move, hide or reorder text. The page's script uses the same set.
_HIDDEN = ("Cc", "Cf", "Zl", "Zp", "Cs", "Co")
_INLINE = re.compile(r"`([^`]+)`|(https://[^\s<>\"'`]+[^\s<>\"'`.,;:)])|\*\*([^*]+)\*\*")
_ITEM = re.compile(r"(?:[-*]|\d+\.)\s+(.*)", re.ASCII)


# Their names, not their pictures: few fonts have those.
_CONTROLS = [
    "NUL",
    "SOH",
    "STX",
    "ETX",
    "EOT",
    "ENQ",
    "ACK",
    "BEL",
    "BS",
    "TAB",
    "LF",
    "VT",
    "FF",
    "CR",
    "SO",
    "SI",
    "DLE",
    "DC1",
    "DC2",
    "DC3",
    "DC4",
    "NAK",
    "SYN",
    "ETB",
    "CAN",
    "EM",
    "SUB",
    "ESC",
    "FS",
    "GS",
    "RS",
    "US",
]


def shown(character: str) -> str:
    """How a character that cannot be seen is written: the name of a control, or its number."""
    code = ord(character)
    if code < len(_CONTROLS):
        return _CONTROLS[code]
    return "DEL" if code == 0x7F else f"U+{code:04X}"


def plain(text: object) -> str:
    """The text with what cannot be seen written out, for places that take no markup."""
    return "".join(
        f"[{shown(each)}]" if unicodedata.category(each) in _HIDDEN else each for each in str(text)
    )


def visible(text: object) -> Markup:
    """The text as markup: escaped, isolated from its surroundings, nothing hidden in it."""
    parts = [
        Markup('<span class="ctl">{}</span>').format(shown(each))
        if unicodedata.category(each) in _HIDDEN
        else escape(each)
        for each in str(text)
    ]
    return Markup("<bdi>{}</bdi>").format(Markup("").join(parts))


def markdown(text: str) -> Markup:
    """Paragraphs, lists, fenced and inline code, bold and bare https links; all else is text."""
    return Markup("").join(_blocks(text))


def _blocks(text: str) -> Iterator[Markup]:
    for number, part in enumerate(re.split(r"^```.*$", text, flags=re.MULTILINE)):
        if number % 2:
            yield Markup("<pre><code>{}</code></pre>").format(part.strip("\n"))
            continue
        for block in re.split(r"\n\s*\n", part.strip()):
            yield from _block(block.splitlines())


def _block(lines: list[str]) -> Iterator[Markup]:
    paragraph: list[str] = []
    items: list[list[str]] = []
    ordered = False
    for line in lines:
        item = _ITEM.match(line.strip())
        if item and (items or not line.startswith(" ")):
            ordered = ordered or line.strip()[0].isdigit()
            items.append([item[1]])
        elif items:
            items[-1].append(line.strip())
        else:
            paragraph.append(line.strip())
    if any(paragraph):
        yield Markup("<p>{}</p>").format(inline(" ".join(paragraph)))
    if items:
        listed = Markup("").join(
            Markup("<li>{}</li>").format(inline(" ".join(item))) for item in items
        )
        yield (Markup("<ol>{}</ol>") if ordered else Markup("<ul>{}</ul>")).format(listed)


def inline(text: str) -> Markup:
    """One line of text with inline code, bold and links."""
    parts: list[Markup] = []
    end = 0
    for match in _INLINE.finditer(text):
        parts.append(escape(text[end : match.start()]))
        code, link, bold = match.groups()
        if code:
            parts.append(Markup("<code>{}</code>").format(code))
        elif link:
            parts.append(Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(link))
        else:
            parts.append(Markup("<b>{}</b>").format(bold))
        end = match.end()
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def count(number: int, one: str, many: str = "") -> str:
    """`1 rule`, `2 rules`, `1,204 rules`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
