"""A row of the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A row of the table: what, the budget in words, what was measured, what the bare thing took, kept or not."""

    what: str
    budget: str
    ours: str
    bare: str
    kept: bool
