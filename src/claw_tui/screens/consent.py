"""A last question before something is taken away for good: what it is, and the app's name to be typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from claw_tui.engine.extras import Piece, total
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Dialog
from claw_tui.widgets.line_input import LineInput
from claw_tui.widgets.marks import sign

KEPT_DAYS = 5  # Fly.io's own, unless somebody has changed it for the volume


class ConsentDialog(Dialog[bool]):
    """True once the app's name was typed. The list may be longer than the screen: arrows move it."""

    HELP: ClassVar[str] = n_(
        "What is listed here is done for good. Read it (the arrow keys move it), then type the app's name and press Enter."
        " Escape leaves everything as it is."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,pagedown", "scroll(1)", n_("Scroll")),
        Binding("up,pageup", "scroll(-1)", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[str], app: str) -> None:
        super().__init__()
        self._heading, self._lines, self._app = title, lines, app

    def compose_body(self) -> ComposeResult:
        with Vertical(classes="panel -wide"):
            yield Static(self._heading, classes="title", markup=False)
            with VerticalScroll(id="text"):
                yield Static("\n".join(self._lines), markup=False)
            yield Static(
                _("Type {app} and press Enter to do it; Escape leaves everything as it is.").format(
                    app=self._app
                ),
                markup=False,
            )
            yield LineInput(placeholder=self._app, max_length=80)
            yield Static("", id="consent-said", classes="muted", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(LineInput).focus()

    def action_scroll(self, pages: int) -> None:
        text = self.query_one("#text", VerticalScroll)
        text.scroll_relative(y=pages * max(1, text.size.height - 1), animate=False)

    @on(LineInput.Submitted)
    def _submitted(self, event: LineInput.Submitted) -> None:
        if event.value.strip() == self._app:
            self.dismiss(True)
            return
        words = _("That is not {app}: nothing was done.").format(app=self._app)
        self.query_one("#consent-said", Static).update(f"{sign('failed')} {words}")


def piece_lines(pieces: Sequence[Piece]) -> list[str]:
    return [f"  {piece.words}, {piece.price}" for piece in pieces]


def total_line(pieces: Sequence[Piece]) -> str:
    return _("${dollars:.2f} a month that are then no longer charged.").format(dollars=total(pieces))


def snapshot_line(*, takes_app: bool) -> str:
    """What becomes of the data, as Fly.io's documentation has it."""
    if takes_app:
        return _(
            "What is on the volume is lost. A snapshot is taken first, in case that this stops half-way; but snapshots"
            " belong to the app, and go with it."
        )
    words = _(
        "What is on the volume is lost, but for a snapshot that is taken first: Fly.io keeps it {days} days, as long as the"
        " app is there. `fly volumes list --all`, `fly volumes snapshots list VOLUME` and `fly volumes create --snapshot-id`"
        " bring it back."
    )
    return words.format(days=KEPT_DAYS)
