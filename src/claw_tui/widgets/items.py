"""What a list is made of, and what a search finds in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Item(NamedTuple):
    """A row. A heading is not chosen."""

    id: str
    text: str
    detail: str = ""
    depth: int = 0
    heading: bool = False
    mark: str = ""
    also: str = ""  # found by a search for this as well


def matching(items: Sequence[Item], query: str) -> list[Item]:
    """Those that have all words of ``query``; all of them, headings too, where there is none."""
    words = query.casefold().split()
    if not words:
        return list(items)
    return [
        item
        for item in items
        if not item.heading
        and all(word in f"{item.text} {item.detail} {item.also} {item.id}".casefold() for word in words)
    ]


def place_of(rows: Sequence[Item], stay: str, query: str) -> int | None:
    """Where the cursor belongs: at what was typed whole, a code or a key, else where it was."""
    wanted = query.casefold().strip()
    if wanted:
        for at, item in enumerate(rows):
            if wanted in (item.id.casefold(), item.also.casefold()):
                return at
    return next((at for at, item in enumerate(rows) if item.id == stay and not item.heading), None)
