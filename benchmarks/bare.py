"""The smallest honest Textual app: what the platform itself costs. With ``form``, the smallest one with fields."""

from __future__ import annotations

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Input, Static


class Bare(App[None]):
    BINDINGS: ClassVar = [("ctrl+q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static("Hello world")
        if "form" in sys.argv:
            for number in range(5):
                yield Input(f"Field {number}", compact=True)
        yield Footer()


if __name__ == "__main__":
    Bare().run()
