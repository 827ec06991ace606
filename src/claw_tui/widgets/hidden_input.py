"""A field that shows dots: its value is never copied, and in no message."""

from __future__ import annotations

from textual.message import Message
from textual.widgets import Input

from claw_tui.domain.secret import Secret
from claw_tui.i18n import _


class HiddenInput(Input):
    """What fields for keys and fields for passphrases share."""

    DEFAULT_CSS = """
    HiddenInput { width: 1fr; background: $surface; }
    HiddenInput:focus { background: $boost; }
    """

    class Given(Message):
        """Enter was pressed. The value is asked for, it does not travel."""

        def __init__(self, field: HiddenInput) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> HiddenInput:
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

    def post_message(self, message: Message) -> bool:
        """Input's own messages carry the value, and messages are logged: ours do not."""
        if isinstance(message, Input.Changed):
            return super().post_message(self.Edited())
        if isinstance(message, Input.Submitted):
            return super().post_message(self.Given(self))
        if isinstance(message, Input.Blurred):
            return False
        return super().post_message(message)
