"""A long output, shown: only the visible lines are drawn, and it follows the end until somebody scrolls up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

KEPT = 200_000  # lines
REFRESH = 1 / 4  # seconds between two paintings of new lines: enough for an eye, little for a thin line


class Transcript(ScrollView, can_focus=True):
    """Lines are added to it; it paints at most four times a second."""

    DEFAULT_CSS = """
    Transcript { background: $surface; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", show=False), Binding("down", "scroll_down", show=False),
        Binding("pageup", "page_up", show=False), Binding("pagedown", "page_down", show=False),
        Binding("home", "scroll_home", show=False), Binding("end", "scroll_end", show=False),
        Binding("left", "shift(-20)", show=False), Binding("right", "shift(20)", show=False),
    ]  # fmt: skip

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[str] = []
        self._painted = 0
        self._left = 0  # columns that are out of sight on the left

    def action_shift(self, columns: int) -> None:
        """Long lines are cut, not broken: left and right move along them."""
        self._left = max(0, self._left + columns)
        self.refresh()

    def on_mount(self) -> None:
        self.set_interval(REFRESH, self._paint)

    @property
    def count(self) -> int:
        return len(self._lines)

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def add(self, lines: Iterable[str]) -> None:
        self._lines.extend(lines)
        if len(self._lines) > KEPT:
            del self._lines[: len(self._lines) - KEPT]

    def clear(self) -> None:
        self._lines.clear()
        self._painted = -1
        self._paint()

    def _paint(self) -> None:
        if len(self._lines) == self._painted:
            return
        self._painted = len(self._lines)
        at_end = self.is_vertical_scroll_end
        self.virtual_size = Size(self.size.width, len(self._lines))
        if at_end:
            self.scroll_end(animate=False, immediate=True, x_axis=False)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, index = self.scrollable_content_region.width, self.scroll_offset.y + y
        if index >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        line = Segment(" " + self._lines[index].expandtabs(4), self.rich_style)
        return Strip([line]).crop_extend(self._left, self._left + width, self.rich_style)
