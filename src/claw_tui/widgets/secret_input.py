"""A field for a secret: nothing can be copied out of it, and its value is in no message.

What a terminal pastes over several lines is joined. A paste that arrives as keys (no bracketed paste) ends with
Enter; an Enter that comes right behind other keys is a part of it and does not submit.
"""

from __future__ import annotations

import time

from textual import events
from textual.message import Message
from textual.widgets import Input

from claw_tui.domain.secret import Secret
from claw_tui.domain.secret_kinds import tidy
from claw_tui.i18n import _

PASTE_SECONDS = 0.05  # keys that come faster than this were not typed


class SecretInput(Input):
    """Shows dots. ``secret`` is what was typed or pasted, tidied."""

    DEFAULT_CSS = """
    SecretInput { width: 1fr; background: $surface; }
    SecretInput:focus { background: $boost; }
    """

    class Given(Message):
        """Enter was pressed. The value is asked for, it does not travel."""

    class Edited(Message):
        """Something changed."""

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(placeholder=placeholder, password=True, compact=True, select_on_focus=False, id=id)
        self.cursor_blink = False
        self._last_key = 0.0

    @property
    def secret(self) -> Secret:
        return Secret(tidy(self.value))

    @property
    def changed_by_tidying(self) -> bool:
        """Blanks, line breaks, quotes or a name were taken off."""
        return bool(self.value) and tidy(self.value) != self.value

    def action_copy(self) -> None:
        self.notify(_("Secrets are not copied."), severity="warning", markup=False)

    def action_cut(self) -> None:
        self.action_copy()

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(tidy(event.text))

    async def _on_key(self, event: events.Key) -> None:
        now = time.monotonic()
        if event.is_printable:
            self._last_key = now
        elif event.key == "enter" and now - self._last_key < PASTE_SECONDS:
            self._last_key = now
            event.prevent_default()
            event.stop()
            return
        await super()._on_key(event)

    def post_message(self, message: Message) -> bool:
        """Input's own messages carry the value, and messages are logged: ours do not."""
        if isinstance(message, Input.Changed):
            return super().post_message(self.Edited())
        if isinstance(message, Input.Submitted):
            return super().post_message(self.Given())
        if isinstance(message, Input.Blurred):
            return False
        return super().post_message(message)
