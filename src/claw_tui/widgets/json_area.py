"""A field for JSON: names, texts and numbers in colours of their own, and the lines that have a problem marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widgets import TextArea

from claw_tui.i18n import n_
from claw_tui.widgets.marks import sign

_TOKENS = re.compile(
    r"""(?P<comment>//.*|/\*.*?(?:\*/|$))|(?P<string>"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)(?P<colon>\s*:)?"""
    r"""|(?P<word>\b(?:true|false|null)\b)|(?P<number>[+-]?\b\d[\w.+-]*)|(?P<bare>[A-Za-z_$][\w$]*)(?=\s*:)"""
)


class JsonArea(TextArea):
    """JSON and JSON5, line by line: a comment over several lines is coloured in its first one only."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "json-area--name", "json-area--text", "json-area--value", "json-area--comment", "json-area--problem",
    }  # fmt: skip
    # TextArea selects with these; the screen that we stand on has better uses for them.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6", "screen.save_file", n_("Save it")),
        Binding("f7", "screen.load_file", n_("Load one")),
        Binding("ctrl+home", "edge(0)", show=False),
        Binding("ctrl+end", "edge(1)", show=False),
    ]
    DEFAULT_CSS = """
    JsonArea { background: $surface; border: none; padding: 0; height: 1fr; }
    JsonArea:focus { border: none; }
    JsonArea > .json-area--name { color: $accent; }
    JsonArea > .json-area--text { color: $success; }
    JsonArea > .json-area--value { color: $warning; }
    JsonArea > .json-area--comment { color: $text-muted; }
    JsonArea > .json-area--problem { text-style: underline; color: $error; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, show_line_numbers=True, soft_wrap=False, tab_behavior="indent")
        self.indent_width = 2
        self.highlight_cursor_line = False
        self.cursor_blink = False
        self._problem_lines: frozenset[int] = frozenset()

    def mark(self, lines: Iterable[int]) -> None:
        """Lines (from 1) that have a problem."""
        found = frozenset(lines)
        if found != self._problem_lines:
            self._problem_lines = found
            self._line_cache.clear()
            self.refresh()

    def go_to(self, line: int) -> None:
        """The cursor to the first character of a line (from 1)."""
        found = self.document.get_line(line - 1)
        self.move_cursor((line - 1, len(found) - len(found.lstrip())), center=True)

    def action_edge(self, end: int) -> None:
        """To the beginning or the end of the text."""
        self.move_cursor(self.document.end if end else (0, 0))

    async def _on_key(self, event: events.Key) -> None:
        """TextArea goes to the next widget with Escape; where that leads is the screen's business."""
        if event.key == "escape":
            event.prevent_default()

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        for token in _TOKENS.finditer(line.plain):
            kind = token.lastgroup
            if kind == "colon":
                line.stylize(self._style("name"), *token.span("string"))
            elif kind in ("string", "bare"):
                line.stylize(self._style("name" if kind == "bare" else "text"), *token.span(kind))
            else:
                line.stylize(self._style("comment" if kind == "comment" else "value"), *token.span())
        if line_index + 1 in self._problem_lines:
            start = len(line.plain) - len(line.plain.lstrip())
            line.stylize(self._style("problem"), start)
        return line

    def _style(self, kind: str) -> Style:
        return self.get_component_rich_style(f"json-area--{kind}", partial=True)

    def render_line(self, y: int) -> Strip:
        """A line with a problem has a mark behind its number too: colour alone tells nothing to many."""
        strip = super().render_line(y)
        place = self.scroll_offset.y + y
        if (
            not self._problem_lines
            or place >= self.document.line_count
            or place + 1 not in self._problem_lines
        ):
            return strip
        number, *rest = list(strip)
        marked = Segment(f"{number.text[:-2]}{sign('failed')} ", number.style)
        return Strip([marked, *rest], strip.cell_length)
