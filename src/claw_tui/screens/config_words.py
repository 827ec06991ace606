"""What is said of an openclaw.json that was taken over: what changed in it, and why."""

from __future__ import annotations

from collections.abc import Iterable

from claw_tui.domain.openclaw.changes import Change
from claw_tui.domain.openclaw.edited import Edit
from claw_tui.domain.openclaw.lift import Given
from claw_tui.domain.openclaw.notes import Migration
from claw_tui.engine.config_desk import Loaded
from claw_tui.i18n import _
from claw_tui.widgets.marks import sign


def taken_lines(taken: Edit | Loaded, where: str) -> list[str]:
    """All that is to be said of a file that was taken over."""
    back = taken.back if isinstance(taken, Edit) else ()
    return [*secret_words(taken.secrets, where), *back_words(back), *note_words(taken.notes)]


def note_words(notes: Iterable[Migration]) -> list[str]:
    """Each change with its name, its place, what it was and is, and why."""
    found = []
    for note in notes:
        place = f" {sign('bullet')} {note.path}" if note.path else ""
        found.append(f"{note.name}{place}")
        if note.before or note.after:
            found.append(f"    {note.before or _('nothing')}  {sign('right')}  {note.after or _('nothing')}")
        found += [f"    {note.why}", ""]
    return found


def secret_words(secrets: Given, where: str) -> list[str]:
    """The variables that secrets of the file went to."""
    if not secrets:
        return []
    words = _("These secrets stood in the file. They go to {where}, and the file only names them:")
    return [words.format(where=where), *(f"    {name}" for name, _secret in secrets), ""]


def back_words(back: Iterable[Change]) -> list[str]:
    """What other answers decide."""
    found = [
        f"    {change.path}: {change.before} {sign('right')} {change.after or _('nothing')}"
        for change in back
    ]
    return [_("Other answers decide these; they were set back:"), *found, ""] if found else []
