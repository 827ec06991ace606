"""Home's key P: stop a gateway, or start it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claw_tui.domain.errors import ClawError
from claw_tui.domain.power import (
    SLEEP,
    START,
    STOP,
    is_off_proxy,
    is_resting,
    resting_dollars,
    running_dollars,
)
from claw_tui.domain.world import World
from claw_tui.engine.power_desk import PowerDesk
from claw_tui.i18n import _
from claw_tui.screens.dialogs import PickDialog, ReadDialog
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.screens.home import HomeScreen


def offers(action: str, world: World) -> bool:
    """Which of the two P is."""
    return bool(world.machines) and (is_resting(world) or is_off_proxy(world)) is (action == "start")


def resting_row(world: World) -> list[tuple[str, str]]:
    """For Home: what is to be known of a stopped one."""
    if is_off_proxy(world):
        return [(_("Fly's proxy"), _("does not lead to it; P puts it back"))]
    if not is_resting(world):
        return []
    if any(machine.starts_by_itself and not machine.cordoned for machine in world.machines):
        return [(_("Stopped"), _("a request to its address starts it; P does, too"))]
    return [(_("Stopped"), _("nobody gets an answer; P starts it again"))]


async def power(page: HomeScreen) -> None:
    """Say what it means, show the plan, start it. The page tells what goes wrong."""
    desk = PowerDesk(page.session, page.app_name)
    page.tell(_("Looking at its machine …"))
    try:
        await desk.look()
        page.tell("")
        choice = START if desk.rests else await _how(page, desk.world)
        if not choice:
            return
        plan = await desk.plan(choice)
        title = _("Start {app}") if choice == START else _("Stop {app}")
        do_it = _("Start it") if choice == START else _("Stop it")
        answers = (Item("no", _("Leave it as it is")), Item("yes", do_it))
        text = "\n".join(desk.told(choice, plan))
        if await page.app.push_screen_wait(ReadDialog(title.format(app=desk.app), text, answers)) != "yes":
            return
        await page.start_and_watch(desk.start())
    except ClawError as error:
        page.tell_error(error)


async def _how(page: HomeScreen, world: World) -> str:
    """Whether a request may start it again; empty: it goes on running."""
    if not any(machine.starts_by_itself for machine in world.machines):
        return STOP
    rest, run = resting_dollars(world), running_dollars(world)
    price = _("${dollars:.2f} a month")
    items = (
        Item("run", _("Let it run"), price.format(dollars=rest + run)),
        Item(STOP, _("Stop it until I start it"), price.format(dollars=rest)),
        Item(SLEEP, _("Stop it until somebody asks for it"), _("a request starts it")),
    )
    title = _("Stop {app}?").format(app=page.app_name)
    note = _("Nothing is lost either way. Enter chooses; Escape lets it run.")
    found = await page.app.push_screen_wait(PickDialog(title, items, "run", note=note, text_width=36))
    return found if found in (STOP, SLEEP) else ""
