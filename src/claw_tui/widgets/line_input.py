"""A one-row text field whose cursor does not blink: a blink is a write, twice a second, over SSH too."""

from __future__ import annotations

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
