"""Home's key H: make a public gateway private, or a private one public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claw_tui.domain.doors import Door, door_of
from claw_tui.domain.errors import ClawError
from claw_tui.domain.jobs import Task
from claw_tui.domain.plan import Action, Plan
from claw_tui.domain.prices import DEDICATED_V4
from claw_tui.domain.world import World
from claw_tui.engine.door_desk import DoorDesk
from claw_tui.i18n import _
from claw_tui.screens.dialogs import ReadDialog
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.screens.home import HomeScreen
    from claw_tui.screens.start import StartScreen


def offers(action: str, world: World) -> bool:
    """Which of the two H is."""
    door = door_of(world)
    if action == "expose":
        return door is Door.PRIVATE
    return door in (Door.PUBLIC, Door.SHUT, Door.HALF)


async def change_door(page: HomeScreen, app: str, task: Task) -> None:
    """Explain it, show the plan, start it. The page tells what goes wrong."""
    desk = DoorDesk(page.session, app)
    page.tell(_("Looking at how it is reached …"))
    try:
        await desk.look()
        page.tell("")
        choice = ""
        if task is Task.HARDEN and desk.dedicated:
            what = await page.app.push_screen_wait(_about_paid(desk.dedicated))
            if what not in ("keep", "release"):
                return
            choice = desk.choice(release=what == "release")
        plan = await desk.plan(task, choice)
        if await page.app.push_screen_wait(_dialog(desk, task, choice, plan)) != "yes":
            return
        await page.start_and_watch(desk.start())
    except ClawError as error:
        page.tell_error(error)


def _about_paid(addresses: tuple[str, ...]) -> ReadDialog:
    text = "\n\n".join((
        _("This app has an IPv4 address of its own: {addresses}. It costs ${price:.2f} a month.").format(
            addresses=", ".join(addresses), price=len(addresses) * DEDICATED_V4),
        _("As long as it has it, it is NOT private: port 3000 answers everybody there, and without encryption."),
        _("Once given back, that address can't be had again. Others that have it in their DNS lose it."),
    ))  # fmt: skip
    items = (
        Item("keep", _("Keep it: the result is not private")),
        Item("release", _("Give it back for good")),
    )
    return ReadDialog(_("A dedicated IPv4 address"), text, items)


def _dialog(desk: DoorDesk, task: Task, choice: str, plan: Plan) -> ReadDialog:
    lines = [*desk.told(task, choice), "", _("What is done, in this order:")]
    for number, item in enumerate(plan.items, 1):
        keeps = item.action is Action.KEEP
        detail = f": {item.detail}" if item.detail else ""
        lines.append(f"{number}. {item.title}{detail}" + (f" ({_('nothing to do')})" if keeps else ""))
        lines += [f"  $ {command}" for command in item.commands]
    lines += ["", _("If it is cut off anywhere, it can go on from there: nothing is done twice.")]
    hardens = task is Task.HARDEN
    title = _("Make {app} private") if hardens else _("Make {app} public")
    do_it = _("Make it private") if hardens else _("Make it public")
    answers = (Item("no", _("Leave it as it is")), Item("yes", do_it))
    return ReadDialog(title.format(app=desk.app), "\n".join(lines), answers)


async def follow_goal(page: StartScreen, gateways: tuple[str, ...]) -> None:
    """`claw-tui harden` and `claw-tui expose`: to that gateway's Home, which goes on."""
    from claw_tui.screens.dialogs import PickDialog  # noqa: PLC0415

    claw, session = page.claw, page.session
    command, app = claw.goal
    if not command or session.login is None or not session.has_apps:
        return  # Start says what is in the way; once that is done we are asked again
    if app and app not in [known.name for known in session.apps]:
        page.tell(_("There is no app {app} in this account.").format(app=app), problem=True)
        app, gateways = "", ()
    elif not app and not gateways:
        if not page.told:  # else one could not be looked at, and that was said
            page.tell(_("There is no gateway in this account yet."), problem=True)
    elif not app and len(gateways) == 1:
        app = gateways[0]
    elif not app:
        title = (
            _("Which gateway is to be made private?")
            if command == "harden"
            else _("Which gateway is to be made public?")
        )
        app = (
            await page.app.push_screen_wait(PickDialog(title, [Item(name, name) for name in gateways])) or ""
        )
    claw.goal = (command if app else "", app)
    if app:
        session.home_app = app
        claw.go("home")
