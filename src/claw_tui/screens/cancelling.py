"""Ending a run, and what becomes of what it made: it stays and one goes on later, or it is taken away again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from claw_tui.domain.errors import ClawError
from claw_tui.domain.jobs import JobState, Task
from claw_tui.engine.extras import total
from claw_tui.engine.provenance import half_made
from claw_tui.engine.undoing import Removal, Undo
from claw_tui.i18n import _, many
from claw_tui.screens.consent import ConsentDialog, piece_lines, snapshot_line, total_line
from claw_tui.screens.dialogs import AskDialog, PickDialog
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.domain.spec import Spec
    from claw_tui.engine.session import Session
    from claw_tui.ports import RunHandle
    from claw_tui.screens.base import Dialog, Page

T = TypeVar("T")
POLL_SECONDS = 0.1
KEEP, UNDO, GO_ON, ALL, BUT_APP = "keep", "undo", "on", "all", "but-app"
ENDED_BADLY = (JobState.FAILED, JobState.STOPPED, JobState.INTERRUPTED)


def can_undo(session: Session, run: RunHandle | None, state: JobState) -> bool:
    """It ended, and has left something half-made."""
    if run is None or run.job.task is not Task.DEPLOY or state not in ENDED_BADLY:
        return False
    return half_made(run, session.services.journal(run.job.app))


async def cancel(page: Page) -> None:
    """The key X of the Deploy screen, while the run goes on."""
    run = page.session.run
    if run is None:
        return
    choice = await _how(page, run)
    if (
        state := run.state()
    ) is not JobState.GOING_ON:  # the screen says that it was cancelled, here or elsewhere
        page.tell("" if state is JobState.STOPPED else _("It ended meanwhile: nothing was cancelled."))
        return
    if choice not in (KEEP, UNDO):
        return
    run.cancel()
    page.tell(_("Cancelling: flyctl ends what it is doing …"))
    while run.state() is JobState.GOING_ON:  # noqa: ASYNC110  (another process)
        await asyncio.sleep(POLL_SECONDS)
    page.tell("")
    if choice == UNDO:
        await undo(page, run.job.spec)


async def _how(page: Page, run: RunHandle) -> str:
    if run.job.task is not Task.DEPLOY or not half_made(run, page.session.services.journal(run.job.app)):
        question = _("Cancel the run? The step that is going on is ended; you can go on later with R.")
        yes = await _while_it_goes_on(page, run, AskDialog(question, _("Cancel it"), _("Let it go on")))
        return KEEP if yes else GO_ON
    items = [
        Item(KEEP, _("Cancel, keep what exists"), _("it costs what it costs; R goes on later")),
        Item(UNDO, _("Cancel, undo what was made"), _("you see first what that is")),
        Item(GO_ON, _("Let it go on")),
    ]
    note = _("The step that is going on is ended. Enter chooses; Escape lets it go on.")
    return await _while_it_goes_on(page, run, PickDialog(_("Cancel the run?"), items, KEEP, note=note)) or ""


async def _while_it_goes_on(page: Page, run: RunHandle, dialog: Dialog[T]) -> T | None:
    """Ask for as long as there is something to cancel."""

    def look() -> None:
        if run.state() is not JobState.GOING_ON and dialog.is_current:
            dialog.dismiss(None)

    timer = page.set_interval(POLL_SECONDS, look)
    try:
        return await page.app.push_screen_wait(dialog)
    finally:
        timer.stop()


async def undo(page: Page, spec: Spec, *, settled: bool = False) -> None:
    """Show what this program made in an app, ask, and have a run take it away.

    ``settled``: also what was a whole gateway once.
    """
    removal = Removal(page.session, spec)
    page.tell(_("Looking at what exists on Fly.io …"))
    try:
        if page.session.login is None:
            await page.session.find_login()
        await removal.look()
    except ClawError as error:
        page.tell_error(error)
        return
    page.tell("")
    found = removal.undo(settled=settled)
    if not found.goes:
        page.tell(_nothing(removal))
        return
    wanted = await _which(page, removal, found, settled=settled)
    if wanted is None or not await _agreed(page, spec, wanted):
        return
    try:
        page.tell(_("Starting …"))
        await removal.same(wanted, keep_app=found.takes_app and not wanted.takes_app, settled=settled)
        await removal.start(Task.UNDO, wanted.goes)
    except ClawError as error:
        page.tell_error(error)
        return
    page.tell("")
    page.claw.go("deploy")


def _nothing(removal: Removal) -> str:
    app = removal.spec.app
    if removal.world.app is None:
        return _("Nothing of {app} exists on Fly.io: there is nothing to undo.").format(app=app)
    words = _(
        "{app} has nothing half-made from this computer: nothing is removed. `fly apps destroy {app}` removes all."
    )
    return words.format(app=app)


async def _which(page: Page, removal: Removal, found: Undo, *, settled: bool) -> Undo | None:
    """Keeping stands first. The empty app costs nothing, and its snapshots stay with it."""
    all_of_it = (
        _("Undo everything, the app too") if found.takes_app else _("Undo what was made; the app stays")
    )
    items = [
        Item(
            KEEP,
            _("Keep it"),
            _("${dollars:.2f} a month; you can go on later").format(dollars=total(found.goes)),
        ),
        Item(ALL, all_of_it, _("you are asked once more")),
    ]
    if found.takes_app and found.data:
        items.append(
            Item(BUT_APP, _("Undo everything but the empty app"), _("free; its snapshot can be restored"))
        )
    words = many(
        "{count} thing was made from here. What becomes of it?",
        "{count} things were made from here. What becomes of them?",
        len(found.goes) + sum(piece.ours for piece in found.along),
    )
    title = f"{removal.spec.app}: {words}"
    note = _("Enter chooses; Escape keeps it.")
    choice = await page.app.push_screen_wait(PickDialog(title, items, KEEP, note=note))
    if choice not in (ALL, BUT_APP):
        return None
    return found if choice == ALL else removal.undo(keep_app=True, settled=settled)


async def _agreed(page: Page, spec: Spec, found: Undo) -> bool:
    lines = [_("These are removed:"), *piece_lines(found.goes), total_line(found.goes)]
    if found.along:
        lines += ["", _("These go with the app:"), *piece_lines(found.along)]
    if found.stays:
        lines += ["", _("These stay:"), *piece_lines(found.stays)]
    if found.data:
        lines += ["", snapshot_line(takes_app=found.takes_app)]
    lines += ["", _("Your answers stay on this computer, and your keys where they are kept.")]
    title = _("Undo {app}").format(app=spec.app)
    return await page.app.push_screen_wait(ConsentDialog(title, lines, spec.app)) is True
