"""A long output, shown: only the visible lines are drawn, and it follows the end until somebody scrolls up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from claw_tui.i18n import _, many
from claw_tui.widgets.cutting import cut_line
from claw_tui.widgets.following import REFRESH, Following
from claw_tui.widgets.marks import sign

KEPT = 50_000  # lines; what is older is in the file
KEPT_CHARACTERS = 8_000_000
BLOCK = 5_000  # lines that go at once: moving the others for each new one would cost more
LONGEST = 4_000  # characters of a line


class Transcript(Following):
    """Lines are added to it; it paints at most four times a second."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[str] = []
        self._characters = 0
        self._dropped = 0  # lines that were here and are not any more
        self._file: Path | None = None  # where all of them are
        self._painted = 0
        self._seen = 0  # how many there were when the end was last in sight

    def on_mount(self) -> None:
        self.set_interval(REFRESH, self._paint)

    @property
    def count(self) -> int:
        """All lines that it was given."""
        return self._dropped + len(self._lines)

    @property
    def text(self) -> str:
        return "\n".join(self._lines)

    def add(self, lines: Sequence[str]) -> None:
        if max(map(len, lines), default=0) > LONGEST:
            lines = [line if len(line) <= LONGEST else line[:LONGEST] + "…" for line in lines]
        self._lines.extend(lines)
        self._characters += sum(map(len, lines))
        while len(self._lines) > BLOCK and (
            len(self._lines) > KEPT + BLOCK or self._characters > KEPT_CHARACTERS
        ):
            self._drop()

    def _drop(self) -> None:
        """The oldest go; what somebody reads further down stays where it is."""
        self._characters -= sum(map(len, self._lines[:BLOCK]))
        del self._lines[:BLOCK]
        self._dropped += BLOCK
        if not self.follows:
            self.stay(BLOCK)

    def clear(self, file: Path | None = None) -> None:
        """``file``: where all lines are that come now."""
        self._lines.clear()
        self._characters = self._dropped = self._seen = self.left = 0
        self._file = file
        self._painted = -1
        self._paint()

    def _paint(self) -> None:
        if self.count == self._painted:
            return
        self._painted = self.count
        follows = self.follows
        self.virtual_size = Size(self.size.width, len(self._lines))
        if follows:
            self._go_to_end()
        self.refresh()

    def show_beginning(self) -> None:
        """Of what was said once and is read from above."""
        self._paint()
        self.follows = False
        self.scroll_home(animate=False, immediate=True)

    def _go_to_end(self) -> None:
        self._seen = self.count
        self.to_end()

    def on_resize(self) -> None:
        """What is above it has grown or shrunk: the end stays in sight."""
        if self.follows:
            self._go_to_end()

    def render_line(self, y: int) -> Strip:
        width, index = self.scrollable_content_region.width, self.scroll_offset.y + y
        if index >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        text = " " + self._lines[index].expandtabs(4)
        left = self.left
        if index == 0 and self._dropped:
            text, left = f" {sign('more')} {self._older()}", 0
        elif y == self.size.height - 1 and not self.follows and self.count > self._seen:
            text, left = f" {sign('down')} {self._newer()}", 0
        line = Segment(text, self.rich_style)
        return cut_line(Strip([line]), left, width, self.rich_style)

    def _older(self) -> str:
        words = many("{count} earlier line", "{count} earlier lines", self._dropped + 1)
        return words if self._file is None else _("{lines}: {path}").format(lines=words, path=self._file)

    def _newer(self) -> str:
        return many("{count} new line: End", "{count} new lines: End", self.count - self._seen)
