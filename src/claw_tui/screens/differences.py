"""What would change in the gateway's openclaw.json."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog


class DifferencesDialog(Dialog[bool]):
    """Lines with + come, lines with - go. Answers True when the gateway's own file is to be started from."""

    HELP = n_(
        "Lines with + would be new in the gateway's openclaw.json, lines with - would go; lines without a sign are there to"
        " show where that is.\n\nSecrets are never shown: the file names variables.\n\n"
        "F7 drops the answers of this screen and starts from the file that the gateway has now."
    )
    DEFAULT_CSS = """
    DifferencesDialog .difference--added { color: $success; }
    DifferencesDialog .difference--removed { color: $error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f7", "theirs", n_("Start from the gateway's"))]

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = lines

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -wide"):
            yield Static(_("From the gateway's openclaw.json to the one here"), classes="title", markup=False)
            with VerticalScroll(id="text"):
                yield Static("", id="differences", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#differences", Static).update(self._text())
        self.query_one("#text").focus()

    def _text(self) -> Text:
        if not self._lines:
            return Text(_("Nothing differs: the gateway runs what is here."))
        theme = self.app.theme_variables
        colours = {
            "+": theme.get("text-success", ""),
            "-": theme.get("text-error", ""),
            "@": theme.get("text-muted", ""),
        }
        found = Text()
        for line in self._lines:
            colour = colours.get(line[0], "")
            words = _("from line {line}").format(line=line[2:]) if line[0] == "@" else line
            found.append(f"{words}\n", style=colour if colour.startswith("#") else "")
        return found

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return bool(self._lines) if action == "theirs" else super().check_action(action, parameters)

    def action_theirs(self) -> None:
        self.dismiss(True)

    def action_close(self) -> None:
        self.dismiss(False)
