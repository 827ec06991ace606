"""What is said when the program itself fails: where, and nothing of what it was working with."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import Input

from claw_tui.domain.clean import clean
from claw_tui.domain.redact import Redactor
from claw_tui.domain.secret import Secret

if TYPE_CHECKING:
    from claw_tui.app import ClawApp


def crash_words(app: ClawApp) -> Text:
    """Python's own traceback, without local variables; secrets that are in a message are taken out."""
    fields = [field for screen in app.screen_stack for field in screen.query(Input) if field.password]
    words = Redactor(Secret(field.value) for field in fields)(traceback.format_exc())
    return Text(clean(app.session.redact(words) if app.is_loaded else words), overflow="fold")
