"""A list to choose from that draws only what is visible: one or several items, with headings and a filter.

Typing narrows the list, Backspace widens it again. A list of ten thousand items costs what is on the screen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from claw_tui.i18n import n_
from claw_tui.widgets.items import Item, matching, place_of
from claw_tui.widgets.marks import sign

__all__ = ["Item", "PickList", "TickList"]


class PickList(ScrollView, can_focus=True):
    """Up, down, page keys; Enter chooses; in a list for several, Space ticks."""

    DEFAULT_CSS = """
    PickList { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    PickList > .pick-list--cursor { background: $boost; text-style: bold; }
    PickList:focus > .pick-list--cursor { background: $primary; color: $text; text-style: bold; }
    PickList > .pick-list--heading { color: $text-muted; text-style: bold; }
    PickList > .pick-list--detail { color: $text-muted; }
    PickList > .pick-list--mark { color: $accent; }
    PickList > .pick-list--good { color: $text-success; }
    PickList > .pick-list--bad { color: $text-error; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "pick-list--cursor", "pick-list--heading", "pick-list--detail", "pick-list--mark", "pick-list--good", "pick-list--bad",
    }  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False), Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False), Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(0)", show=False), Binding("end", "edge(1)", show=False),
        Binding("enter", "choose", n_("Choose")),
    ]  # fmt: skip

    class Chosen(Message):
        """Enter on an item."""

        def __init__(self, pick_list: PickList, item: str) -> None:
            super().__init__()
            self.pick_list, self.item = pick_list, item

        @property
        def control(self) -> PickList:
            return self.pick_list

    class Moved(Message):
        """The cursor is on another item."""

        def __init__(self, pick_list: PickList, item: str) -> None:
            super().__init__()
            self.pick_list, self.item = pick_list, item

        @property
        def control(self) -> PickList:
            return self.pick_list

    class AtTop(Message):
        """Up on the first item."""

    class Narrowed(Message):
        """The filter changed."""

        def __init__(self, query: str) -> None:
            super().__init__()
            self.query = query

    def __init__(
        self, items: Sequence[Item] = (), *, filters: bool = False,
        text_width: int = 0, id: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(id=id)
        self._all: tuple[Item, ...] = tuple(items)
        self._rows: list[Item] = list(items)
        self._filters, self._text_width = filters, text_width
        self.query_text = ""
        self.was_moved = False  # by somebody, and not by other items that came
        self._cursor = next((at for at, item in enumerate(self._rows) if not item.heading), 0)

    # -- what it shows --------------------------------------------------------------------------------------------
    def set_items(self, items: Sequence[Item], cursor: str = "") -> None:
        """Show other items; the cursor stays on the item it was on, or goes to ``cursor``."""
        stay = cursor or self.current
        self._all = tuple(items)
        self._narrow(stay)

    def on_mount(self) -> None:
        self._resize()

    @property
    def finds_nothing(self) -> bool:
        """Of what was typed."""
        return bool(self.query_text) and not self._rows

    @property
    def current(self) -> str:
        """The id of the item under the cursor."""
        return self._rows[self._cursor].id if 0 <= self._cursor < len(self._rows) else ""

    def _narrow(self, stay: str = "") -> None:
        self._rows = matching(self._all, self.query_text)
        at = place_of(self._rows, stay, self.query_text)
        first = next((index for index, item in enumerate(self._rows) if not item.heading), 0)
        self._cursor = first if at is None else at
        self._resize()

    def _resize(self) -> None:
        self.virtual_size = Size(max(1, self.size.width), len(self._rows))
        self._show_cursor()
        self.refresh()

    def _on_resize(self, _event: events.Resize) -> None:
        self._resize()

    def render_line(self, y: int) -> Strip:
        index = self.scroll_offset.y + y
        width = self.scrollable_content_region.width
        base = self.rich_style
        if not 0 <= index < len(self._rows):
            return Strip.blank(width, base)
        item = self._rows[index]
        here = index == self._cursor and not item.heading
        style = base + self.get_component_rich_style("pick-list--cursor", partial=True) if here else base
        strip = Strip(self._segments(item, style, here=here))
        if strip.cell_length > width:
            cut = Segment(sign("more"), style)
            strip = Strip([*strip.crop(0, width - cut.cell_length), cut])
        return strip.adjust_cell_length(width, style)

    def _segments(self, item: Item, style: Style, *, here: bool) -> list[Segment]:
        indent = " " * (1 + 2 * item.depth)
        if item.heading:
            return [
                Segment(
                    indent + item.text,
                    style + self.get_component_rich_style("pick-list--heading", partial=True),
                )
            ]
        kind = {sign("done"): "good", sign("failed"): "bad"}.get(item.mark, "mark")
        mark_style = (
            style if here else style + self.get_component_rich_style(f"pick-list--{kind}", partial=True)
        )
        detail_style = (
            style if here else style + self.get_component_rich_style("pick-list--detail", partial=True)
        )
        text = item.text.ljust(self._text_width)
        return [
            Segment(indent, style),
            Segment(f"{item.mark} " if item.mark else "", mark_style),
            Segment(self.tick_box(item) + text, style),
            Segment(f"  {item.detail}" if item.detail else "", detail_style),
        ]

    def tick_box(self, item: Item) -> str:  # noqa: ARG002  (a list for one has none)
        return ""

    # -- keys -----------------------------------------------------------------------------------------------------
    def action_move(self, by: int) -> None:
        at = self._cursor + by
        while 0 <= at < len(self._rows) and self._rows[at].heading:
            at += by
        if 0 <= at < len(self._rows):
            self._go(at)
        elif by < 0:
            self.scroll_to(y=0, animate=False)
            self.post_message(self.AtTop())

    def action_page(self, by: int) -> None:
        at = max(0, min(len(self._rows) - 1, self._cursor + by * max(1, self.size.height - 1)))
        while 0 <= at < len(self._rows) and self._rows[at].heading:
            at += 1 if at == 0 else by
        if 0 <= at < len(self._rows):
            self._go(at)

    def action_edge(self, end: int) -> None:
        order = range(len(self._rows) - 1, -1, -1) if end else range(len(self._rows))
        at = next((index for index in order if not self._rows[index].heading), None)
        if at is not None:
            self._go(at)

    def _go(self, at: int) -> None:
        old, self._cursor, self.was_moved = self._cursor, at, True
        self._show_cursor()
        self.refresh_row(old)
        self.refresh_row(at)
        self.post_message(self.Moved(self, self.current))

    def refresh_row(self, at: int) -> None:
        self.refresh(Region(0, at - self.scroll_offset.y, self.size.width, 1))

    def _show_cursor(self) -> None:
        if self._rows:  # with the headings that only it is below
            top = 0 if all(item.heading for item in self._rows[: self._cursor]) else self._cursor
            region = Region(0, top, 1, self._cursor - top + 1)
            self.scroll_to_region(region, animate=False, force=True)

    def action_choose(self) -> None:
        if self.current:
            self.post_message(self.Chosen(self, self.current))

    async def _on_key(self, event: events.Key) -> None:
        if self._filters and event.key == "backspace" and self.query_text:
            self._filter(self.query_text[:-1])
        elif self._filters and event.character and event.is_printable:
            self._filter(self.query_text + event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        if self._filters:
            event.stop()
            self._filter(self.query_text + next(iter(event.text.splitlines()), ""))

    def _filter(self, query: str) -> None:
        stay = self.current
        self.query_text = query
        self._narrow(stay)
        self.post_message(self.Narrowed(query))

    def clear_filter(self) -> bool:
        """Show everything again. False when nothing was hidden."""
        if not self.query_text:
            return False
        self._filter("")
        return True

    async def _on_click(self, event: events.Click) -> None:
        at = self.scroll_offset.y + event.y
        if 0 <= at < len(self._rows) and not self._rows[at].heading:
            self._go(at)
            self.clicked()

    def clicked(self) -> None:
        self.action_choose()


class TickList(PickList):
    """A list for ticking several; ``Chosen`` says that the ticking is done."""

    DEFAULT_CSS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "tick", n_("Tick"), priority=True),
        Binding("enter", "choose", n_("Done")),
    ]

    def __init__(
        self,
        items: Sequence[Item] = (),
        *,
        ticked: Collection[str] = (),
        filters: bool = True,
        id: str | None = None,
    ) -> None:
        super().__init__(items, filters=filters, id=id)
        self.ticked = set(ticked)

    def tick_box(self, item: Item) -> str:
        return f"{sign('on') if item.id in self.ticked else sign('off')} "

    def action_tick(self) -> None:
        if self.current:
            self.ticked ^= {self.current}
            self.refresh()
            self.post_message(self.Moved(self, self.current))

    def action_choose(self) -> None:
        self.post_message(self.Chosen(self, self.current))

    def clicked(self) -> None:
        self.action_tick()
