"""A log of a hundred thousand lines, shown: only what is visible is drawn, filters and searches never hold up a key.

It follows the end until somebody scrolls up or pauses it. Lines go on being collected meanwhile.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from claw_tui.domain.log_book import LogBook, LogFilter
from claw_tui.domain.log_lines import Level, LogLine
from claw_tui.widgets.cutting import cut_line
from claw_tui.widgets.following import REFRESH, Following

STEP = 4_000  # rows that are searched at once
DATE = 11  # columns of the day, which is not shown
STYLES = {Level.ERROR: "error", Level.WARNING: "warning", Level.DEBUG: "debug"}


class LogView(Following):
    """What ``book`` shows."""

    DEFAULT_CSS = """
    LogView { height: 1fr; }
    LogView > .log-view--error { color: $text-error; }
    LogView > .log-view--warning { color: $text-warning; }
    LogView > .log-view--debug { color: $text-muted; }
    LogView > .log-view--found { background: $primary; color: $text; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"log-view--{name}" for name in ("error", "warning", "debug", "found")
    }
    BINDINGS: ClassVar[list[BindingType]] = [Binding("end", "follow", show=False)]

    class Changed(Message):
        """More lines, or it follows or not."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.book = LogBook()
        self.paused = False
        self.words = ""  # that were searched for
        self._at = -1  # the number of the line that a search or a diagnosis has led to
        self._tall = 0
        self._painted = (-1, -1)
        self._seen = 0  # the number of the first line that came since the end was last in sight

    def on_mount(self) -> None:
        self.set_interval(REFRESH, self.paint)

    def start_over(self) -> None:
        """The log of another app."""
        self.book, self.words = LogBook(), ""
        self.action_follow()

    # -- lines ----------------------------------------------------------------------------------------------------
    def add(self, lines: Iterable[LogLine]) -> None:
        before = self.book.first, len(self.book.shown)
        self.book.add(lines)
        if (
            self.book.first != before[0] and not self.follows
        ):  # the oldest went: what is read stays where it is
            gone = max(0, before[1] - len(self.book.shown))
            self.stay(gone)

    @property
    def waiting(self) -> int:
        """Lines that came since it follows no more."""
        return 0 if self.follows else len(self.book.shown) - bisect_left(self.book.shown, self._seen)

    def paint(self, *, anew: bool = False) -> None:
        now = (self.book.count, len(self.book.shown))
        if now == self._painted and not anew:
            return
        self._painted = now
        self.virtual_size = Size(self.size.width, len(self.book.shown))
        if self.follows:
            self._go_to_end()
            self.refresh()
        elif anew or len(self.book.shown) <= self.scroll_offset.y + self.size.height:
            self.refresh()
        self.post_message(self.Changed())

    def _go_to_end(self) -> None:
        self._seen = self.book.count
        self.to_end()

    def settle(self, row: float) -> None:
        if self.paused:
            return
        follows = round(row) >= self.max_scroll_y
        if follows != self.follows:
            self.follows, self._seen = follows, self.book.count
            self.post_message(self.Changed())

    def on_resize(self) -> None:
        before, self._tall, self._painted = self._tall, self.size.height, (-1, -1)
        if self.follows:
            self._go_to_end()
        elif self._at >= 0:
            self._keep_in_sight(before)

    def _keep_in_sight(self, tall: int) -> None:
        """The line that was led to is not to go when a message takes a row away; ``tall`` was the height before."""
        row, top = bisect_left(self.book.shown, self._at), self.scroll_offset.y
        if top + self.size.height <= row < top + tall:
            self.scroll_to(y=row + 1 - self.size.height, animate=False, immediate=True, force=True)

    # -- following, and not ---------------------------------------------------------------------------------------
    def action_follow(self) -> None:
        self.paused, self.follows, self._at, self.left = False, True, -1, 0
        self.paint(anew=True)

    def pause(self) -> None:
        """Nothing moves any more, until ``action_follow``."""
        self.paused, self.follows, self._seen = True, False, self.book.count
        self.post_message(self.Changed())

    # -- which lines, and where -----------------------------------------------------------------------------------
    async def choose(self, wanted: LogFilter) -> None:
        """What is visible is there at once; the rest comes without holding up anything."""
        here = self._number_at(self.scroll_offset.y) if not self.follows else -1
        for turn, _ in enumerate(self.book.choose(wanted)):
            if not turn:
                self.paint(anew=True)
            await asyncio.sleep(0)
        self.paint(anew=True)
        if here >= 0:
            self.scroll_to(y=bisect_left(self.book.shown, here), animate=False, immediate=True)

    def _number_at(self, row: int) -> int:
        return self.book.shown[row] if 0 <= row < len(self.book.shown) else -1

    async def search(self, *, forwards: bool) -> bool:
        """Go to the next line with ``words``, or the one before, and round at the end. False: there is none."""
        count, row = len(self.book.shown), bisect_left(self.book.shown, self._at)
        if self._at >= 0 and self._number_at(row) == self._at:
            start = row + (1 if forwards else -1)
        else:
            start = (
                self.scroll_offset.y if forwards else min(count, self.scroll_offset.y + self.size.height) - 1
            )
        down, up = range(start, count), range(start, -1, -1)
        order = (
            (*down, *range(min(start, count))) if forwards else (*up, *range(count - 1, max(start, -1), -1))
        )
        return await self._go(order, lambda rows: self.book.find(self.words, rows))

    def end_search(self) -> None:
        self.words = ""
        self.refresh()

    async def go_to(self, line: str) -> bool:
        """To the newest line that is this one. False: it is not among those that are shown."""
        order = tuple(range(len(self.book.shown) - 1, -1, -1))
        return await self._go(order, lambda rows: self.book.place(line, rows))

    async def _go(self, order: Sequence[int], find: Callable[[Sequence[int]], int | None]) -> bool:
        for at in range(0, len(order), STEP):
            row = find(order[at : at + STEP])
            if row is not None:
                self._show_row(row)
                return True
            await asyncio.sleep(0)
        return False

    def _show_row(self, row: int) -> None:
        self._at = self._number_at(row)
        if self.follows:
            self.follows, self._seen = False, self.book.count
        self.virtual_size = Size(self.size.width, len(self.book.shown))
        top = max(0, row - self.size.height // 2)
        self.scroll_to(y=top, animate=False, immediate=True, force=True)
        self.refresh()
        self.post_message(self.Changed())

    # -- painting -------------------------------------------------------------------------------------------------
    def render_line(self, y: int) -> Strip:
        width, number, base = (
            self.scrollable_content_region.width,
            self._number_at(self.scroll_offset.y + y),
            self.rich_style,
        )
        if number < self.book.first:
            return Strip.blank(width, base)
        text = " " + self.book.text(number)[DATE:].expandtabs(4)
        name = "found" if number == self._at else STYLES.get(self.book.level(number), "")
        style = base + self.get_component_rich_style(f"log-view--{name}", partial=True) if name else base
        line = Strip(self._segments(text, style))
        return cut_line(line, self.left, width, style if number == self._at else base)

    def _segments(self, text: str, style: Style) -> list[Segment]:
        """With what was searched for set off."""
        wanted, same = self.words.casefold(), text.casefold()
        if not wanted or wanted not in same or len(same) != len(text):
            return [Segment(text, style)]
        found, parts, at = style + self.get_component_rich_style("log-view--found", partial=True), [], 0
        while (start := same.find(wanted, at)) >= 0:
            parts += [Segment(text[at:start], style), Segment(text[start : start + len(wanted)], found)]
            at = start + len(wanted)
        return [*parts, Segment(text[at:], style)]
