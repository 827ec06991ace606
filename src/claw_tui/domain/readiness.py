"""How ready a thing is that a gateway needs. (A module of its own: the first frame needs these words and no more.)"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Ready(StrEnum):
    """How ready a thing is."""

    READY = "ready"
    WARNING = "warning"
    BLOCKED = "blocked"
    WAITING = "waiting"


class Finding(NamedTuple):
    """One line of the readiness list: what, how it is, and what to do about it."""

    id: str
    state: Ready
    words: str
    todo: str = ""
