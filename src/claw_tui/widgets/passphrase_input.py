"""A field for a passphrase: exactly what was typed, never shown, never copied, in no message."""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from claw_tui.domain.secret import Secret
from claw_tui.i18n import _, n_


def is_meant(char: str) -> bool:
    """A character, and no control sign or half of one."""
    return unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")


class PassphraseInput(Input):
    """Shows dots. Unlike a pasted key, blanks and quotes in a passphrase are meant."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", n_("Go on"))
    ]  # Input's own, but shown
    DEFAULT_CSS = """
    PassphraseInput { width: 1fr; background: $surface; }
    PassphraseInput:focus { background: $boost; }
    """

    class Given(Message):
        """Enter was pressed. The value is asked for, it does not travel."""

        def __init__(self, field: PassphraseInput) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> PassphraseInput:
            return self.field

    class Edited(Message):
        """Something changed."""

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, password=True, compact=True, select_on_focus=False, id=id)
        self.cursor_blink = False

    @property
    def secret(self) -> Secret:
        return Secret(self.value)

    def action_copy(self) -> None:
        self.app.clear_notifications()  # said once more, not once again
        self.notify(_("Secrets are not copied."), severity="warning", markup=False)

    def action_cut(self) -> None:
        self.action_copy()

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

    def post_message(self, message: Message) -> bool:
        """Input's own messages carry the value, and messages are logged: ours do not."""
        if isinstance(message, Input.Changed):
            return super().post_message(self.Edited())
        if isinstance(message, Input.Submitted):
            return super().post_message(self.Given(self))
        if isinstance(message, Input.Blurred):
            return False
        return super().post_message(message)
