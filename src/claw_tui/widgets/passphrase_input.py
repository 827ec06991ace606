"""A field for a passphrase: exactly what was typed, never shown, never copied, in no message."""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from claw_tui.i18n import n_
from claw_tui.widgets.hidden_input import HiddenInput


def is_meant(char: str) -> bool:
    """A character, and no control sign or half of one."""
    return unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")


class PassphraseInput(HiddenInput):
    """Shows dots. Unlike a pasted key, blanks and quotes in a passphrase are meant."""

    # Input's own, but shown
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", n_("Go on"))]

    async def _on_key(self, event: events.Key) -> None:
        """A blank of another kind (AltGr and the space bar) is typed as well; Input lets it fall."""
        if event.character and not event.is_printable and is_meant(event.character):
            event.prevent_default()
            event.stop()
            self.insert_text_at_cursor(event.character)
        else:
            await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        """A line break at the end belongs to the copying, not to the passphrase."""
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor("".join(filter(is_meant, event.text)))
