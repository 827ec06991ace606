"""What differs between two openclaw.json files, line by line, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog

THEIRS, WRITE = "theirs", "write"
COLOURS = {"+": "text-success", "-": "text-error", "@": "text-muted"}


class DifferencesDialog(Dialog[str]):
    """Lines with + come, lines with - go. Answers THEIRS or WRITE where they are offered (``may``)."""

    HELP = n_(
        "Lines with + would be new, lines with - would go; lines without a sign are there to show where that is.\n\n"
        "Secrets are never shown: the file names variables.\n\n"
        "Where it is offered: Ctrl+N writes the new file into the gateway, which goes on running and takes it over by itself;"
        " F7 drops the answers of this screen and starts from the file that the gateway has now."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", f"answer('{WRITE}')", n_("Write it into the gateway")),
        Binding("f7", f"answer('{THEIRS}')", n_("Start from the gateway's")),
    ]

    def __init__(self, title: str, lines: Sequence[str], nothing: str, *, may: Sequence[str] = ()) -> None:
        super().__init__()
        self._heading, self._lines, self._nothing, self._may = title, lines, nothing, may

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -wide"):
            yield Static(self._heading, classes="title", markup=False)
            with VerticalScroll(id="text"):
                yield Static("", id="differences", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        text = marked(self._lines, self.app.theme_variables) if self._lines else Text(self._nothing)
        self.query_one("#differences", Static).update(text)
        self.query_one("#text").focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "answer":
            return bool(self._lines) and parameters[0] in self._may
        return super().check_action(action, parameters)

    def action_answer(self, answer: str) -> None:
        self.dismiss(answer)


def marked(lines: Sequence[str], theme: Mapping[str, str]) -> Text:
    """The lines in their colours; a terminal without them has the signs."""
    found = Text()
    for line in lines:
        colour = theme.get(COLOURS.get(line[:1], ""), "")
        words = _("from line {line}").format(line=line[2:]) if line[:1] == "@" else line
        found.append(f"{words}\n", style=colour if colour.startswith("#") else "")
    return found
