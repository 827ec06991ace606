"""Home's key X: reach into a gateway that does not start, choose what mends it, let it start."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from claw_tui.domain.delivery import Backup
from claw_tui.domain.errors import ClawError
from claw_tui.domain.rescue import in_rescue
from claw_tui.domain.spec import Spec
from claw_tui.domain.versions import version_of
from claw_tui.domain.world import World
from claw_tui.engine.delivery import Delivery
from claw_tui.i18n import _
from claw_tui.screens.dialogs import AskDialog, PickDialog
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.screens.home import HomeScreen

SHOWN = 8  # backups that are offered
STAY = "stay"


async def rescue(page: HomeScreen, app: str, world: World) -> None:
    """Into the rescue, or, when the machine is there already, out of it. The page tells how it went."""
    delivery = Delivery(page.session, app)
    machine = world.machine
    choice: str | None
    try:
        if not in_rescue(machine) or (machine is not None and machine.state != "started"):
            choice = await _enter(page)
        else:
            page.tell(_("Looking at the files in the machine …"))
            choice = await _choose(page, await delivery.backups())
        page.tell("")
        if not choice or choice == STAY:
            return
        page.tell(_("Starting …"))
        await delivery.plan_rescue(_same_image(page.session.spec, world), choice)
        await delivery.start()
    except ClawError as error:
        page.tell_error(error)
        return
    page.tell("")
    page.claw.go("deploy")


async def _enter(page: HomeScreen) -> str:
    question = _(
        "Start the machine without the gateway, so that its files can be reached? The volume stays as it is. Afterwards X"
        " again shows what can be done, and lets the gateway start."
    )
    yes = await page.app.push_screen_wait(AskDialog(question, _("Rescue it"), _("Leave it")))
    return Delivery.LOOK if yes else ""


async def _choose(page: HomeScreen, backups: tuple[Backup, ...]) -> str | None:
    items = [Item(Delivery.OWNER, _("Let it start with its file as it is now (owner and mode are mended)"))]
    items += [
        Item(
            Delivery.PUT + backup.name,
            _("Put {name} back").format(name=backup.name.removeprefix("openclaw.json.")),
            _when(backup),
        )
        for backup in backups
        if not backup.same and ".refused-" not in backup.name
    ][:SHOWN]
    if page.session.spec.gateway.primary_model:
        items.append(Item(Delivery.ANSWERS, _("Write the file anew from the answers")))
    items.append(Item(STAY, _("Leave it in rescue: I use the console (S)")))
    note = _(
        "Enter chooses, Escape leaves it in rescue. All but the last one end with a deploy of the same image."
    )
    return await page.app.push_screen_wait(
        PickDialog(_("How is the gateway to start again?"), items, note=note)
    )


def _when(backup: Backup) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(backup.at))


def _same_image(spec: Spec, world: World) -> Spec:
    """A deploy that changes nothing but the entrypoint: the version that is there."""
    tag = version_of(world.machine.image) if world.machine else ""
    return replace(spec, version=tag) if tag[:2] == "20" and spec.source == "image" else spec
