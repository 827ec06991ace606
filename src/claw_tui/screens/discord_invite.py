"""The invitation of the bot: its link as text that can be clicked, copied with a key, and as a QR code."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from claw_tui.i18n import _
from claw_tui.widgets.qr import QrCode

CODE_ROWS = 20  # of the link's code
SOON, LATER, SOON_TIMES = 5.0, 20.0, 36  # asked every 5 seconds for 3 minutes, then every 20


class InvitePane(Vertical):
    """The link stands on lines of its own from edge to edge: marked with the mouse it is whole, without blanks in it."""

    DEFAULT_CSS = """
    InvitePane { height: 1fr; display: none; }
    InvitePane > Horizontal { height: 1fr; }
    InvitePane #invite-words { width: 1fr; padding: 0 2 0 1; }
    """

    _words = _url = ""

    def compose(self) -> ComposeResult:
        yield Static("", id="invite-url", classes="url", markup=False)
        with Horizontal():
            yield Static("", id="invite-words", markup=False)
            yield QrCode(id="invite-qr")

    def show(self, url: str, *, first: bool) -> None:
        """``first``: the bot is in no server at all yet."""
        self.query_one("#invite-url", Static).update(Text(url, Style(link=url), overflow="fold"))
        why = _("The bot is in no server yet.") if first else _("Let the bot into another server:")
        how = _("Open this address (the square holds the same one), choose your server and say yes.")
        copy = _("C copies it. This screen notices when the bot has joined.")
        self._words = f"{why} {how}\n\n{copy}"
        self.say("")
        self._url = url
        self._show_code()

    def on_resize(self) -> None:
        self._show_code()

    def _show_code(self) -> None:
        """Half a code is none: it is shown where it has room."""
        rows = self.size.height - self.query_one("#invite-url").size.height
        self.query_one(QrCode).show(self._url if rows >= CODE_ROWS else "")

    def say(self, words: str) -> None:
        """Beside the square, which needs all the rows of a small terminal."""
        text = f"{self._words}\n\n{words}" if words else self._words
        self.query_one("#invite-words", Static).update(text)


def poll_after(times: int) -> float:
    """Seconds until it is asked again whether the bot has joined."""
    return SOON if times < SOON_TIMES else LATER
