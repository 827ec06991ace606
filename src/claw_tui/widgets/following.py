"""What all long outputs share: they follow the end until somebody goes up, and long lines are looked along sideways."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.scroll_view import ScrollView

REFRESH = 1 / 4  # seconds between two paintings of new lines: enough for an eye, little for a thin line
SIDEWAYS = 20  # columns


class Following(ScrollView, can_focus=True):
    """Whether it follows is settled by where somebody wants to go, not by where Textual has got to.

    Textual moves at its next painting. Lines that came before it would take the end for what is wanted, and the key
    would do nothing.
    """

    DEFAULT_CSS = """
    Following { background: $surface; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", show=False), Binding("down", "scroll_down", show=False),
        Binding("pageup", "page_up", show=False), Binding("pagedown", "page_down", show=False),
        Binding("home", "scroll_home", show=False), Binding("end", "scroll_end", show=False),
        Binding("left", f"shift(-{SIDEWAYS})", show=False), Binding("right", f"shift({SIDEWAYS})", show=False),
    ]  # fmt: skip

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.follows = True
        self.left = 0  # columns that are out of sight on the left

    def action_shift(self, columns: int) -> None:
        """Long lines are cut, not broken: left and right move along them."""
        self.left = max(0, self.left + columns)
        self.refresh()

    def watch_scroll_target_y(self, row: float) -> None:
        self.settle(row)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.settle(new_value)

    def settle(self, row: float) -> None:
        """``row`` is to be the first in sight."""
        self.follows = round(row) >= self.max_scroll_y

    def to_end(self) -> None:
        self.scroll_end(animate=False, immediate=True, x_axis=False)

    def stay(self, gone: int) -> None:
        """``gone`` lines above are no more: what is read stays in sight, and what somebody is on the way to."""
        self.scroll_to(y=max(0, self.scroll_target_y - gone), animate=False, immediate=True)
