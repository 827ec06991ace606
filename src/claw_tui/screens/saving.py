"""Where a file of this computer is to be written: asked until it is a place where one can be; never over another unasked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.app import App

from claw_tui.i18n import _
from claw_tui.screens.dialogs import AskDialog, LineDialog
from claw_tui.widgets.marks import sign


async def ask_place(app: App[Any], title: str, place: str, note: str = "") -> Path | None:
    """None: nowhere. What was typed stays there until it can be used."""
    said = note
    while True:
        name = await app.push_screen_wait(LineDialog(title, place, note=said))
        if not name:
            return None
        place, wrong = name, _wrong(name)
        if not wrong:
            break
        said = f"{sign('failed')} {wrong}"
    path = Path(place).expanduser()
    if not path.exists():
        return path
    question = _("{path} exists. Replace it?").format(path=path)
    return path if await app.push_screen_wait(AskDialog(question, _("Replace it"), _("Keep it"))) else None


def _wrong(name: str) -> str:
    """Why nothing can be written there."""
    try:
        path = Path(name).expanduser()
        if path.is_dir():
            return _("{path} is a folder: give a file's name in it.").format(path=path)
        if not path.parent.is_dir():
            return _("There is no folder {path} here: make it first, or give another place.").format(
                path=path.parent
            )
        path.exists()
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: ~somebody who is not known
        return str(getattr(error, "strerror", "") or error)
    return ""
