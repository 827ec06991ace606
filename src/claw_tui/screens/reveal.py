"""Something that is shown only when it is asked for, and copied only when it is asked for."""

from __future__ import annotations

import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from claw_tui.domain.secret import Secret
from claw_tui.domain.spans import span
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog


class RevealDialog(Dialog[None]):
    """Masked until a key shows it; never a QR code, never in a log. ``until`` in seconds since 1970."""

    HELP: ClassVar[str] = n_(
        "A secret. F2 shows it, F6 copies it; the screen and the log keep nothing of it. Escape closes it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "show", n_("Show")),
        Binding("f6", "copy", n_("Copy")),
    ]

    def __init__(self, title: str, words: str, value: str, *, until: float = 0.0) -> None:
        super().__init__()
        self._heading, self._words, self._value, self._until = title, words, Secret(value), until
        self._shown = False

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -wide"):
            yield Static(self._heading, classes="title", markup=False)
            yield Static(self._words, markup=False)
            yield Static("", id="value", classes="url", markup=False)
            yield Static("", id="reveal-said", classes="muted", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._draw()
        if self._until:
            self.set_interval(1.0, self._count_down)
            self._count_down()

    def _draw(self) -> None:
        hidden = _("(hidden, {count} characters)").format(count=len(self._value))
        self.query_one("#value", Static).update(
            "\n" + (self._value.reveal() if self._shown else hidden) + "\n"
        )

    def _count_down(self) -> None:
        left = self._until - time.time()
        words = (
            _("Valid for {left}.").format(left=span(left))
            if left > 0
            else _("It is not valid any more: ask for a new one.")
        )
        self.query_one("#reveal-said", Static).update(words)

    def action_show(self) -> None:
        self._shown = not self._shown
        self._draw()

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._value.reveal())
        self.notify(
            _("Copied, if your terminal lets programs copy. Else F2 shows it for the mouse."), markup=False
        )
