"""What a command said: long, scrolled, and saved by a key."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from claw_tui.i18n import n_
from claw_tui.screens.base import Dialog
from claw_tui.widgets.transcript import Transcript


class OutputDialog(Dialog[None]):
    """``text`` has no secrets any more. It is shown from its beginning."""

    HELP: ClassVar[str] = n_("Arrow and page keys scroll; left and right move along long lines.")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f6", "save", n_("Save to a file"))]

    def __init__(self, title: str, text: str, *, file_name: str) -> None:
        super().__init__()
        self._heading, self._text, self._file_name = title, text, file_name

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -wide"):
            yield Static(self._heading, classes="title", markup=False)
            yield Transcript(id="output")

    def on_mount(self) -> None:
        super().on_mount()
        output = self.query_one(Transcript)
        output.add(self._text.splitlines())
        output.focus()
        self.call_after_refresh(output.show_beginning)

    def action_save(self) -> None:
        self.claw.save_text(self._file_name, self._text + "\n")
