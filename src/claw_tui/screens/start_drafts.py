"""Start's lines for answers that somebody has begun to give: they are offered until they are used or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from claw_tui.domain.errors import ClawError
from claw_tui.engine import drafts
from claw_tui.i18n import _
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.ports import RunHandle
    from claw_tui.screens.start import StartScreen


def draft_items(page: StartScreen, runs: Sequence[RunHandle]) -> list[Item]:
    """``runs``: those that are offered anyway, with the answers that they have."""
    asked_for = [run.job.app for run in runs if run.job.task.value not in ("undo", "tidy")]
    try:
        found = drafts.unfinished(page.session.services.state)
    except ClawError as error:
        page.tell_error(error)
        return []
    return [
        Item(f"draft {draft.app}", _("Go on with the answers of last time ({name})").format(name=_name(draft.app)))
        for draft in found
        if draft.app not in asked_for
    ]  # fmt: skip


async def forget_draft(page: StartScreen, app: str) -> bool:
    """Whether they are gone. What a gateway that is there was made of stays."""
    words = _("Drop the answers for {name} that you have not used yet?").format(name=_name(app))
    from claw_tui.screens.dialogs import may_drop  # noqa: PLC0415  (few ask for it on the first screen)

    if not await may_drop(page.app, words):
        return False
    session = page.session
    try:
        drafts.forget(session.services.state, app)
        if session.spec.app == app:
            session.start_over()
    except ClawError as error:
        page.tell_error(error)
        return False
    return True


def _name(app: str) -> str:
    return app or _("no name yet")
