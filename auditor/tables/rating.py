"""The columns of a rating, the same in every table that carries one."""

from __future__ import annotations

from typing import Any

from auditor.knowledge import Rating, RoleRating
from auditor.tables.declare import Column, many, number, text

COLUMNS: tuple[Column, ...] = (
    number("tier", "0 to 2 by knowledge; null if nobody rates it, which is not harmless"),
    text("state", "rated, candidate (one model, or tier 0 that nobody tested) or unknown"),
    many("reach", "what it can reach, in the words of knowledge"),
    text("path", "direct or indirect (tested), not-proven, none; null if nobody rates it"),
    text("basis", "tested, documented, several-models, one-model, none or overlay"),
    text("confidence", "high, medium, low, none, or stated (by an overlay)"),
    text("rated_by", "overlay and its reason, where one changed the rating; else null"),
)
NAMES = tuple(column.name for column in COLUMNS)


def columns(rating: Rating | RoleRating | None) -> dict[str, Any]:
    """The cells of a rating; null where nobody rates it."""
    if rating is None:
        return {"state": "unknown", "basis": "none", "confidence": "none"}
    return {
        "tier": rating.tier,
        "state": rating.state,
        "reach": rating.reach or None,
        "path": None if rating.tier is None else rating.path,
        "basis": rating.basis,
        "confidence": rating.confidence,
        "rated_by": by(rating.rated_by),
    }


def by(reason: str) -> str | None:
    """How a table tells that an overlay rated it."""
    return f"overlay: {reason}" if reason else None
