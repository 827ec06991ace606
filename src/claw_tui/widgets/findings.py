"""A list of checks with their states, in words and signs as well as in colour."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from claw_tui.widgets.marks import sign


class Findings(Widget):
    """Rows of (state, what, what to do); a row without a state yet shows that it is being asked."""

    DEFAULT_CSS = """
    Findings { height: auto; padding: 0 1; }
    Findings > .findings--good { color: $success; }
    Findings > .findings--warning { color: $warning; text-style: bold; }
    Findings > .findings--bad { color: $error; text-style: bold; }
    Findings > .findings--todo { color: $text-muted; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "findings--good", "findings--warning", "findings--bad", "findings--todo",
    }  # fmt: skip

    def __init__(self, labels: Mapping[str, tuple[str, str, str]], *, id: str | None = None) -> None:
        """``labels``: state -> (its word, its sign, its style: good, warning, bad, todo)."""
        super().__init__(id=id)
        self._labels = labels
        self._rows: dict[str, tuple[str, str, str]] = {}

    def show(self, row: str, state: str, words: str, todo: str = "") -> None:
        self._rows[row] = (state, words, todo)
        self.refresh(layout=True)

    def keep(self, rows: Collection[str]) -> None:
        """Drop all rows but these."""
        self._rows = {row: shown for row, shown in self._rows.items() if row in rows}
        self.refresh(layout=True)

    def on_resize(self) -> None:
        self.refresh(layout=True)

    def render(self) -> Text:
        indent = max((len(word) for word, _sign, _style in self._labels.values()), default=0) + 4
        text = Text()
        for state, words, todo in self._rows.values():
            word, mark, style = self._labels[state]
            if text:
                text.append("\n")
            text.append(
                f"{sign(mark)} {word.ljust(indent - 4)}  ",
                self.get_component_rich_style(f"findings--{style}", partial=True),
            )
            text.append_text(self._wrapped(words, indent))
            if todo:
                text.append("\n" + " " * indent)
                todo_style = self.get_component_rich_style("findings--todo", partial=True)
                text.append_text(self._wrapped(todo, indent, todo_style))
        return text

    def _wrapped(self, words: str, indent: int, style: str | Style = "") -> Text:
        """Broken where the room beside the marks ends, so that all of it stands in one column."""
        room = max(20, (self.content_size.width or self.app.size.width - 2) - indent)
        lines = Text(words, style).wrap(self.app.console, room)
        return Text("\n" + " " * indent).join(lines)
