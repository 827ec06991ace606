"""Home's key T: the machine is started anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claw_tui.domain.errors import ClawError
from claw_tui.domain.power import is_resting
from claw_tui.i18n import _
from claw_tui.screens.dialogs import AskDialog
from claw_tui.screens.power import power

if TYPE_CHECKING:
    from claw_tui.screens.home import HomeScreen


async def restart(page: HomeScreen) -> None:
    """Asks first. The page tells how it went."""
    machine = page.world.machine
    if machine is None:
        page.tell(_("There is no machine to restart."), _("D deploys again."), problem=True)
        return
    if is_resting(page.world):
        await power(page)
        return
    question = _("Restart machine {id}? It is away for about half a minute.").format(id=machine.id)
    if not await page.app.push_screen_wait(AskDialog(question, _("Restart it"), _("Leave it"))):
        return
    page.tell(_("Restarting …"))
    try:
        await page.session.restart_machine(page.app_name, machine.id)
    except ClawError as error:
        page.tell_error(error)
        return
    page.tell(_("Restarted."))
    page.look()
