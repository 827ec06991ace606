"""Rows of a name, some words and where they come from, in one column or two. Only what has changed is painted again."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

TWO = 100  # columns of the terminal from which on there are two of ours
GAP, MOST_TITLE = 2, 20


class Row(NamedTuple):
    """``look``: good, bad, warning, old or nothing. ``aside`` is at the right, dim."""

    title: str
    words: str
    aside: str = ""
    look: str = ""


class _Line(NamedTuple):
    """What is on one line of a column."""

    title: str = ""
    words: str = ""
    aside: str = ""
    look: str = ""


class Figures(Widget):
    """It is as high as its rows need."""

    DEFAULT_CSS = """
    Figures { height: auto; width: 1fr; padding: 0 1; }
    Figures > .figures--title { color: $foreground 60%; }
    Figures > .figures--aside { color: $foreground 45%; }
    Figures > .figures--good { color: $text-success; }
    Figures > .figures--warning { color: $text-warning; }
    Figures > .figures--bad { color: $text-error; text-style: bold; }
    Figures > .figures--old { text-style: dim; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"figures--{name}" for name in ("title", "aside", "good", "warning", "bad", "old")
    }

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[Row, ...] = ()
        self._columns: list[list[_Line]] = [[]]
        self._width = 0

    def show(self, rows: Sequence[Row]) -> None:
        if tuple(rows) == self._rows:
            return
        self._rows, old = tuple(rows), self._columns
        if not self._width:
            self.refresh(layout=True)
            return
        self._columns = self._laid_out(self._width)
        if _height(old) != _height(self._columns) or len(old) != len(self._columns):
            self.refresh(layout=True)
            return
        width = self._column_width(self._width)
        for number, (before, after) in enumerate(zip(old, self._columns, strict=True)):
            for y in range(max(len(before), len(after))):
                if before[y : y + 1] != after[y : y + 1]:
                    self.refresh(Region(number * (width + GAP) + 1, y, width, 1))

    @property
    def text(self) -> str:
        return "\n".join(f"{row.title}: {row.words} ({row.aside})" for row in self._rows)

    # -- layout ---------------------------------------------------------------------------------------------------
    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        self._width, self._columns = width, self._laid_out(width)
        return _height(self._columns)

    def _column_width(self, width: int) -> int:
        return (width - GAP) // 2 if width >= TWO else width

    def _laid_out(self, width: int) -> list[list[_Line]]:
        """Two columns are cut where the halves come nearest to each other."""
        if not self._rows:
            return [[]]
        column = self._column_width(width)
        title = min(MOST_TITLE, max(cell_len(row.title) for row in self._rows))
        blocks = [_block(row, title, column) for row in self._rows]
        if column == width:
            return [[line for block in blocks for line in block]]
        heights = [len(block) for block in blocks]
        cut = min(range(len(blocks) + 1), key=lambda at: (max(sum(heights[:at]), sum(heights[at:])), at))
        return [[line for block in part for line in block] for part in (blocks[:cut], blocks[cut:])]

    # -- painting -------------------------------------------------------------------------------------------------
    def render_line(self, y: int) -> Strip:
        width, base, segments = self.size.width, self.rich_style, []
        column = self._column_width(width)
        for number, lines in enumerate(self._columns):
            if number:
                segments.append(Segment(" " * GAP, base))
            segments += self._segments(lines[y] if y < len(lines) else _Line(), column, base)
        return Strip(segments).adjust_cell_length(width, base)

    def _segments(self, line: _Line, width: int, base: Style) -> list[Segment]:
        def style(name: str) -> Style:
            return base + self.get_component_rich_style(f"figures--{name}", partial=True) if name else base

        space = width - cell_len(line.title) - cell_len(line.words) - cell_len(line.aside)
        return [
            Segment(line.title, style("title")), Segment(line.words, style(line.look)),
            Segment(" " * max(0, space), base), Segment(line.aside, style("aside") if line.aside else base),
        ]  # fmt: skip


def _height(columns: list[list[_Line]]) -> int:
    return max(map(len, columns), default=0)


def _block(row: Row, title: int, width: int) -> list[_Line]:
    """The lines of one row: words that go on are below themselves, what is aside is at the end of the last one."""
    room = max(10, width - title - 2)
    parts = textwrap.wrap(row.words, room, break_on_hyphens=False) or [""]
    if row.aside and cell_len(parts[-1]) + cell_len(row.aside) + 2 > room:
        apart = room - cell_len(row.aside) - 2
        again = textwrap.wrap(row.words, apart, break_on_hyphens=False) if apart >= 20 else []
        parts = again if len(again) == len(parts) + 1 else [*parts, ""]
    names = [row.title[:title].ljust(title + 2), *[" " * (title + 2)] * (len(parts) - 1)]
    asides = [*[""] * (len(parts) - 1), row.aside]
    return [
        _Line(name, words, aside, row.look) for name, words, aside in zip(names, parts, asides, strict=True)
    ]
