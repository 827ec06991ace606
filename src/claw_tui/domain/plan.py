"""The plan: what a run would do, before it does it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from claw_tui.domain.prices import Price


class Action(StrEnum):
    """What a step would do."""

    CREATE = "create"
    CHANGE = "change"
    KEEP = "keep"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One step of the plan. ``commands`` are the exact command lines; secrets travel on stdin and show as `< …`."""

    id: str
    title: str
    action: Action
    detail: str = ""
    commands: tuple[str, ...] = ()
    undo: str = ""

    @property
    def changes(self) -> bool:
        """Something would be another way afterwards."""
        return self.action in (Action.CREATE, Action.CHANGE)


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps, the price of the result, and the world that the plan was made for."""

    items: tuple[PlanItem, ...]
    price: Price
    fingerprint: str

    @property
    def changes(self) -> bool:
        return any(item.changes for item in self.items)
