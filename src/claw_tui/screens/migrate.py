"""Home's key Y: from Clawdbot, Moltbot or January's OpenClaw to today's; and back, as long as nobody said that all is well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claw_tui.domain.errors import ClawError
from claw_tui.domain.generations import refuse_old
from claw_tui.domain.jobs import Task
from claw_tui.domain.migration import CONFIRM
from claw_tui.domain.plan import Action, Plan
from claw_tui.domain.prices import monthly_price
from claw_tui.engine.adoption import spec_of
from claw_tui.engine.migration_desk import MigrationDesk
from claw_tui.i18n import _
from claw_tui.screens.dialogs import PickDialog, ReadDialog
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.screens.home import HomeScreen

GO_ON = "go-on"


def refused(page: HomeScreen, task: Task, choice: str = "") -> bool:
    """Whether an old gateway can't have that; the page says then what can be done instead."""
    try:
        refuse_old(page.world, task, choice)
    except ClawError as error:
        page.tell_error(error)
        return True
    return False


async def migrate(page: HomeScreen, app: str) -> None:
    """Explain it, show the plan, start it. The page tells what goes wrong."""
    desk = MigrationDesk(page.session, app)
    page.tell(_("Looking at what runs there …"))
    try:
        await desk.look()
        page.tell("")
        choice = ""
        if desk.migrated:
            choice = await _what(page, desk)
            if choice == GO_ON:
                _go_on(page, app)
            if choice in ("", GO_ON):
                return
        if not await _ready(page, desk):
            return
        plan = await desk.plan(choice)
        if await page.app.push_screen_wait(_dialog(desk, choice, plan)) != "yes":
            return
        await page.start_and_watch(desk.start())
    except ClawError as error:
        page.tell_error(error)


async def _ready(page: HomeScreen, desk: MigrationDesk) -> bool:
    """Secrets that stand in its file need a place first."""
    from claw_tui.screens.storage import ensure_store  # noqa: PLC0415

    if not desk.secrets_in_file or page.session.vault.ready:
        return True
    return await ensure_store(page)


async def _what(page: HomeScreen, desk: MigrationDesk) -> str:
    """CONFIRM, a way back, GO_ON, or nothing."""
    items = []
    if desk.record.done:
        items.append(Item(CONFIRM, _("All is well: take the old names away"), _("then there is no way back")))
    elif page.session.find_run(desk.app) is not None:
        items.append(Item(GO_ON, _("Go on with the migration"), _("what is done stays done")))
    when = desk.record.at[:16].replace("T", " ")
    items += [
        Item(
            way,
            _("Back to {name}").format(name=desk.record.version),
            _("as it was at {when} UTC").format(when=when),
        )
        for way in desk.ways_back
    ]
    title = _("OpenClaw runs in place of {name}.").format(name=desk.record.version)
    note = _("Enter chooses, Escape leaves everything as it is.")
    return await page.app.push_screen_wait(PickDialog(title, items, note=note)) or ""


def _go_on(page: HomeScreen, app: str) -> None:
    page.session.run = page.session.find_run(app)
    page.claw.go("deploy")


def _dialog(desk: MigrationDesk, choice: str, plan: Plan) -> ReadDialog:
    lines = [*(desk.told() if not choice else desk.told_after(choice)), "", _("What is done, in this order:")]
    for number, item in enumerate(plan.items, 1):
        keeps = item.action is Action.KEEP
        detail = f": {item.detail}" if item.detail else ""
        lines.append(f"{number}. {item.title}{detail}" + (f" ({_('nothing to do')})" if keeps else ""))
        lines += [f"  $ {command}" for command in item.commands]
    lines += [
        "",
        price_line(desk, plan),
        _("If it is cut off anywhere, it can go on from there: nothing is done twice."),
    ]
    title, do_it = {
        "": (_("Migrate {app} to OpenClaw"), _("Migrate it")), CONFIRM: (_("{app}: all is well"), _("Take the old names away")),
    }.get(choice, (_("{app}: back to what ran before"), _("Go back")))  # fmt: skip
    answers = (Item("no", _("Leave it as it is")), Item("yes", do_it))
    return ReadDialog(title.format(app=desk.app), "\n".join(lines), answers)


def price_line(desk: MigrationDesk, plan: Plan) -> str:
    before = monthly_price(spec_of(desk.app, desk.world)).short()
    after = plan.price.short()
    return _("Price: {price}, as before.").format(price=after) if before == after else _(
        "Price: {after} (now: {before})."
    ).format(after=after, before=before)  # fmt: skip
