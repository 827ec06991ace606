"""An address as a QR code. Never one with a secret in it."""

from __future__ import annotations

import io

from textual.widgets import Static

from claw_tui.widgets.marks import is_ascii


def qr_text(url: str) -> str:
    """Two modules a cell high, with a border of one: it fits beside text on a small terminal."""
    import segno  # noqa: PLC0415

    out = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(out, border=1, compact=True)
    return out.getvalue().rstrip("\n")


class QrCode(Static):
    """Its blocks are the light modules, so white on black whatever the theme: a camera has to read it."""

    DEFAULT_CSS = """
    QrCode { width: auto; height: auto; background: black; color: white; }
    """

    def __init__(self, url: str = "", *, id: str | None = None) -> None:
        super().__init__("", markup=False, id=id)
        self._url = url

    def on_mount(self) -> None:
        self.show(self._url)

    def show(self, url: str) -> None:
        """Show ``url``; nothing where a terminal cannot draw the half blocks."""
        self.display = bool(url) and not is_ascii()
        if self.display:
            self.update(qr_text(url))
