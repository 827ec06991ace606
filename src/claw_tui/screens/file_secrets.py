"""Secrets that stood in a file: which of them are to be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.domain.openclaw.lift import Given
    from claw_tui.screens.base import Page


async def agreed_secrets(page: Page, found: Given, known: tuple[str, ...], *, asks: bool) -> Given | None:
    """Those that are to be kept; None when there is no place for them. The person's own stay unless they say otherwise.

    ``known``: the names that they have given a value for already.
    """
    from claw_tui.screens.dialogs import AskDialog  # noqa: PLC0415
    from claw_tui.screens.storage import ensure_store  # noqa: PLC0415

    if found and not page.session.vault.ready and not (asks and await ensure_store(page)):
        return None
    if not known:
        return found
    words = _("Other values for keys that you have given stand in this file: {names}. Use the file's?")
    dialog = AskDialog(words.format(names=", ".join(known)), _("Use the file's"), _("Keep mine"))
    if asks and await page.app.push_screen_wait(dialog):
        return found
    return tuple(pair for pair in found if pair[0] not in known)
