"""A list whose rows fold: left and right close and open a branch, / searches, Space ticks what the screen says."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message

from claw_tui.i18n import n_
from claw_tui.widgets.marks import sign
from claw_tui.widgets.pick_list import Item, TickList


class TreeList(TickList):
    """Letters are left to the screen's keys, until / begins a search. It ticks nothing itself: see ``Ticked``."""

    DEFAULT_CSS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", n_("Search"), key_display="/"),
        Binding("left", "fold(True)", show=False),
        Binding("right", "fold(False)", n_("Fold"), key_display="←→"),
    ]

    class Ticked(Message):
        """Space on an item."""

        def __init__(self, tree: TreeList, item: str) -> None:
            super().__init__()
            self.tree, self.item = tree, item

        @property
        def control(self) -> TreeList:
            return self.tree

    class Folded(Message):
        """A branch is to be closed, or opened."""

        def __init__(self, tree: TreeList, item: str, *, closed: bool) -> None:
            super().__init__()
            self.tree, self.item, self.closed = tree, item, closed

        @property
        def control(self) -> TreeList:
            return self.tree

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(filters=False, id=id)
        self._partly: set[str] = set()

    def show_ticks(self, ticked: Collection[str], partly: Collection[str]) -> None:
        """``partly``: branches of which something is ticked."""
        self.ticked, self._partly = set(ticked), set(partly)
        self.refresh()

    @property
    def searching(self) -> bool:
        return self._filters

    def tick_box(self, item: Item) -> str:
        return f"{sign('partly')} " if item.id in self._partly else super().tick_box(item)

    def action_fold(self, closed: bool) -> None:  # noqa: FBT001  (Textual's actions have no keywords)
        if self.current:
            self.post_message(self.Folded(self, self.current, closed=closed))

    def action_search(self) -> None:
        self._filters = True
        self.post_message(self.Narrowed(self.query_text))

    async def _on_key(self, event: events.Key) -> None:
        """At once, and not by the binding: the letters that follow would overtake it, and be keys."""
        if event.key == "slash" and not self._filters:
            self.action_search()
            event.stop()
            event.prevent_default()

    def action_choose(self) -> None:
        """In a search Enter ends the typing: what was found stays, and letters are keys again."""
        if self._filters:
            self._filters = False
            self.post_message(self.Narrowed(self.query_text))
            return
        super().action_choose()

    def action_tick(self) -> None:
        """Whoever ticks what was found has typed enough."""
        self._filters = False
        if self.current:
            self.post_message(self.Ticked(self, self.current))

    def clear_filter(self) -> bool:
        if not self._filters and not self.query_text:
            return False
        self._filters = False
        self._filter("")
        return True

    def go_to(self, item: str) -> None:
        """Put the cursor on ``item``, if it is shown."""
        at = next((at for at, row in enumerate(self._rows) if row.id == item and not row.heading), None)
        if at is not None:
            self._go(at)

    def show_below(self, rows: int) -> None:
        """Bring as much as there is room for of the ``rows`` below the cursor into sight."""
        self.scroll_to_region(
            Region(0, self._cursor, 1, min(rows + 1, max(1, self.size.height))), animate=False, force=True
        )
