"""The texts behind F1, F2: what the guides tell besides commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claw_tui.domain.topics import BY_ID, TOPICS
from claw_tui.i18n import _
from claw_tui.screens.dialogs import PickDialog, TextDialog
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.app import ClawApp


async def read_topics(app: ClawApp) -> None:
    """One after the other, until Escape."""
    current = ""
    while True:
        items = [Item(topic.id, _(topic.title)) for topic in TOPICS]
        chosen = await app.push_screen_wait(PickDialog(_("What would you like to read?"), items, current))
        if not chosen:
            return
        current, topic = chosen, BY_ID[chosen]
        await app.push_screen_wait(TextDialog(_(topic.title), topic.words()))
