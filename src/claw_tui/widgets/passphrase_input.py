"""A field for a passphrase: exactly what was typed, never shown, never copied, in no message."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input

from claw_tui.domain.secret import Secret
from claw_tui.i18n import _


class PassphraseInput(Input):
    """Shows dots. Unlike a pasted key, blanks and quotes in a passphrase are meant."""

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

    def _on_paste(self, event: events.Paste) -> None:
        """A line break at the end belongs to the copying, not to the passphrase."""
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor("".join(char for char in event.text if char.isprintable()))

    def post_message(self, message: Message) -> bool:
        """Input's own messages carry the value, and messages are logged: ours do not."""
        if isinstance(message, Input.Changed):
            return super().post_message(self.Edited())
        if isinstance(message, Input.Submitted):
            return super().post_message(self.Given(self))
        if isinstance(message, Input.Blurred):
            return False
        return super().post_message(message)
