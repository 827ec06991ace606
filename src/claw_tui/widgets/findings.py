"""A list of checks with their states, in words and signs as well as in colour."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

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

    @property
    def text(self) -> str:
        return self.render().plain

    def render(self) -> Text:
        width = max((len(word) for word, _sign, _style in self._labels.values()), default=0)
        text = Text()
        for state, words, todo in self._rows.values():
            word, mark, style = self._labels[state]
            if text:
                text.append("\n")
            text.append(
                f"{sign(mark)} {word.ljust(width)}  ",
                self.get_component_rich_style(f"findings--{style}", partial=True),
            )
            text.append(words)
            if todo:
                text.append(
                    f"\n{' ' * (width + 4)}{todo}",
                    self.get_component_rich_style("findings--todo", partial=True),
                )
        return text
