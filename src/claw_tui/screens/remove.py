"""Home's key Del: take the whole app away, whoever made it, after all that is lost has been said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claw_tui.domain.errors import ClawError
from claw_tui.domain.plan import Plan
from claw_tui.engine.extras import total
from claw_tui.engine.removal_desk import RemovalDesk, forget
from claw_tui.engine.removal_words import KEPT_DAYS, removal_lines, strangers
from claw_tui.i18n import _, many
from claw_tui.screens.consent import ConsentDialog
from claw_tui.screens.dialogs import AskDialog, PickDialog
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.screens.base import Page
    from claw_tui.screens.home import HomeScreen

KEEP, COPY, BUT_APP, ALL = "keep", "copy", "but-app", "all"


async def remove(page: HomeScreen) -> None:
    """Look, ask what goes, ask for the name, start it. The page tells what goes wrong."""
    desk = RemovalDesk(page.session, page.app_name)
    page.tell(_("Looking at what exists on Fly.io …"))
    try:
        await desk.look()
        page.tell("")
        choice = await _which(page, desk)
        if choice not in (ALL, BUT_APP):
            return
        keep_app = choice == BUT_APP
        plan = await desk.plan(keep_app=keep_app)
        if not await _agreed(page, desk, plan, keep_app=keep_app):
            return
        await page.start_and_watch(desk.start())
    except ClawError as error:
        page.tell_error(error)


async def _which(page: HomeScreen, desk: RemovalDesk) -> str:
    """Keeping stands first; after a copy was saved it is asked again."""
    dollars = _("${dollars:.2f} a month").format(dollars=total(desk.everything))
    items = [Item(KEEP, _("Keep it"), dollars)]
    if desk.copy:
        items.append(Item(COPY, _("Save its openclaw.json here first"), _("without secrets")))
    if any(piece.data for piece in desk.goes(keep_app=True)):
        words = _("a snapshot, {days} days").format(days=KEPT_DAYS)
        items.append(Item(BUT_APP, _("Remove all but the empty app"), words))
    items.append(Item(ALL, _("Remove everything"), _("you are asked once more")))
    title = _("Remove {app}: what is to go?").format(app=desk.app)
    note = "\n\n".join(filter(None, (
        "" if desk.is_ours else strangers(desk.app),
        "" if desk.copy else _("Its openclaw.json can't be saved here: its machine would have to run for that."),
        _("Stopping it costs nearly nothing and loses nothing: P on Home."),
        _("Enter chooses; Escape keeps it."),
    )))  # fmt: skip
    while True:
        choice = await page.app.push_screen_wait(PickDialog(title, items, KEEP, note=note, text_width=36))
        if choice != COPY:
            return choice or KEEP
        await page.claw.save_text(f"{desk.app}-openclaw.json", desk.copy).wait()


async def _agreed(page: HomeScreen, desk: RemovalDesk, plan: Plan, *, keep_app: bool) -> bool:
    lines = removal_lines(desk, plan, keep_app=keep_app)
    title = _("Remove {app} for good?").format(app=desk.app)
    return await page.app.push_screen_wait(ConsentDialog(title, lines, desk.app)) is True


async def offer_to_forget(page: Page, app: str) -> None:
    """After it: what this computer keeps of it."""
    state = page.session.services.state
    keys = many("{count} key", "{count} keys", len(state.revisions(app)))
    words = _(
        "{app} is gone. Shall this computer forget it, too: its answers, the log of its runs, and {keys}?"
    )
    question = words.format(app=app, keys=keys)
    if not await page.app.push_screen_wait(AskDialog(question, _("Forget it"), _("Keep that"))):
        return
    try:
        left = await forget(page.session, app)
    except ClawError as error:
        page.tell_error(error)
        return
    if left:
        words = _("Nothing was forgotten: {where} is locked, and has {names}.")
        page.tell(words.format(where=page.session.vault.where, names=", ".join(left)), problem=True)
