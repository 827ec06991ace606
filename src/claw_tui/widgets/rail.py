"""Where you are on the road, on one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.widget import Widget

from claw_tui.i18n import _
from claw_tui.widgets.marks import sign


class Rail(Widget):
    """Steps with a mark each: done, here, still to come. Where they do not fit, only the marks and the name."""

    DEFAULT_CSS = """
    Rail { height: 1; padding: 0 1; color: $text-muted; }
    Rail > .rail--here { color: $accent; text-style: bold; }
    Rail > .rail--done { color: $success; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rail--here", "rail--done"}

    def __init__(self, steps: Sequence[tuple[str, str]], here: str, done: Sequence[str] = ()) -> None:
        super().__init__()
        self._steps, self._here, self._done = steps, here, set(done)

    def show(self, done: Sequence[str]) -> None:
        if set(done) != self._done:
            self._done = set(done)
            self.refresh()

    def _mark(self, step: str) -> str:
        return sign("here") if step == self._here else sign("done") if step in self._done else sign("todo")

    def render(self) -> Text:
        names = [(step, f"{self._mark(step)}{_(title)}") for step, title in self._steps]
        length = sum(cell_len(name) for _step, name in names)
        gap = next((gap for gap in (2, 1) if length + gap * (len(names) - 1) <= self.size.width), 0)
        text = Text(no_wrap=True, overflow="ellipsis")
        for number, (step, name) in enumerate(names, 1):
            style = "rail--here" if step == self._here else "rail--done" if step in self._done else ""
            rich_style = self.get_component_rich_style(style, partial=True) if style else ""
            if gap:
                text.append(name, rich_style)
                text.append(" " * gap)
            elif step == self._here:
                text.append(f" {number}/{len(names)} {name} ", rich_style)
            else:
                text.append(self._mark(step), rich_style)
        return text
