"""A one-row text field whose cursor does not blink: a blink is a write, twice a second, over SSH too."""

from __future__ import annotations

from textual import events
from textual.widgets import Input


class LineInput(Input):
    """Textual's Input, one row high."""

    DEFAULT_CSS = """
    LineInput { width: 1fr; max-width: 60; background: $surface; padding: 0 1; }
    LineInput:focus { background: $boost; }
    """

    def __init__(
        self, value: str = "", *, placeholder: str = "", max_length: int = 0, id: str | None = None
    ) -> None:
        super().__init__(
            value, placeholder, compact=True, max_length=max_length, select_on_focus=False, id=id
        )
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        """As much of it as there is room for: Textual's own would drop all of a paste that is too long."""
        event.prevent_default()
        event.stop()
        line = next(iter(event.text.splitlines()), "")
        if self.max_length:
            room = self.max_length - len(self.value) + len(self.selected_text)
            line = line[: max(0, room)]
        if line:
            self.replace(line, *self.selection)
