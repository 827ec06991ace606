"""Home's key J: ask the providers whether the gateway's keys still work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claw_tui.domain.errors import ClawError
from claw_tui.domain.vital_verdict import key_title
from claw_tui.engine.key_desk import KeyDesk
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.screens.home import HomeScreen


async def check_keys(page: HomeScreen) -> None:
    """The page tells what could not be asked."""
    from claw_tui.screens.storage import ensure_store  # noqa: PLC0415

    desk = KeyDesk(page.session, page.app_name)
    if not desk.names():
        page.tell(_("None of its secrets can be checked from here."))
        return
    if not page.session.vault.ready and not await ensure_store(page):
        return
    page.tell(_("Asking whether the keys work …"))
    try:
        missing = await desk.check()
    except ClawError as error:
        page.tell_error(error)
        return
    finally:
        page.show_now()
    page.tell(_("The keys were checked."))
    if missing:
        names = ", ".join(map(key_title, missing))
        page.tell(
            _("Not at hand on this computer: {names}.").format(names=names), _("K takes a new value of them.")
        )
