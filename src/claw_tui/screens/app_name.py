"""What is said at the name of an app that is not in the account."""

from __future__ import annotations

from claw_tui.i18n import _
from claw_tui.widgets.field import Field


def note_dns(field: Field, name: str, *, taken: bool, edited: str) -> None:
    """``taken``: its address exists. ``edited``: the gateway whose answers were begun with, if any."""
    if taken:
        words = _("Somebody seems to have this name: {name}.fly.dev exists.")
        field.note(words.format(name=name), problem=True)
        return
    free = _("Probably free: {name}.fly.dev").format(name=name)
    other = _("With another name it becomes another gateway; {app} stays.").format(app=edited)
    field.note(f"{free}. {other}" if edited else free, good=True)
