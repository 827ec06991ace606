"""Going on with a gateway that exists: which openclaw.json counts, and what was taken over from it."""

from __future__ import annotations

from contextlib import suppress

from claw_tui.domain.errors import ClawError
from claw_tui.engine.adoption import Adoption, Theirs
from claw_tui.i18n import _, many
from claw_tui.screens.base import Page
from claw_tui.screens.config_words import taken_lines
from claw_tui.screens.dialogs import AskDialog, PickDialog, TextDialog
from claw_tui.screens.taking_up import is_known
from claw_tui.widgets.pick_list import Item


async def take_over(page: Page, app: str, step: str) -> None:
    """Make the answers those of ``app`` and go to ``step``, unless the person would rather not, or it can't be done."""
    if step == "app":  # Edit goes on where it was left; what else begins goes by what was deployed
        with suppress(ClawError):
            page.session.resume_draft(app)
    yes, words = await agreed(page, app)
    if yes:
        page.claw.go(step)
        tell_there(page, words)


async def agreed(page: Page, app: str) -> tuple[bool, str]:
    """Make the answers those of ``app``. Returns whether that is wanted and done, and what is to be told afterwards."""
    adoption = Adoption(page.session, app)
    page.tell(_("Reading the gateway's openclaw.json …"))
    words = await _found(page, adoption)
    if words is None:
        return False, ""
    try:
        theirs = await adoption.look()
    except ClawError as error:
        page.tell_error(error)
        return False, ""
    page.tell("")
    if not await _agreed(page, adoption, theirs):
        return False, words
    if not is_known(page.session, app):
        page.session.services.journal(app).note({"adopted": app})
    return True, words


async def find_answers(page: Page, app: str) -> str | None:
    """The same without its openclaw.json. Returns what is to be told afterwards; None when it can't be done."""
    page.tell(_("Looking …"))
    words = await _found(page, Adoption(page.session, app))
    if words is not None:
        page.tell("")
    return words


async def _found(page: Page, adoption: Adoption) -> str | None:
    try:
        wrong = await adoption.find_answers()
    except ClawError as error:
        page.tell_error(error)
        return None
    return _("{why} Going on with what Fly.io tells.").format(why=wrong) if wrong else ""


def tell_there(page: Page, words: str) -> None:
    """On the screen that was just gone to."""
    if words:
        page.claw.call_later(page.claw.tell_next, words)


async def _agreed(page: Page, adoption: Adoption, theirs: Theirs | None) -> bool:
    if theirs is None:
        return adoption.known or not adoption.why_not or await _without(page, adoption)
    if adoption.known and not theirs.adds:
        found = await _ask_which(page, theirs)
        if found != "theirs":
            return found == "ours"
    return await _adopt(page, adoption, theirs)


async def _without(page: Page, adoption: Adoption) -> bool:
    question = "\n\n".join((
        _("Its openclaw.json could not be read: {why}").format(why=adoption.why_not),
        _("Going on means a new one, made of your answers; the old one is kept beside it in the machine."),
    ))  # fmt: skip
    dialog = AskDialog(question, _("Go on with a new one"), _("Not now"))
    return await page.app.push_screen_wait(dialog) is True


async def _ask_which(page: Page, theirs: Theirs) -> str:
    words = many(
        "The gateway's openclaw.json is another one than the answers here would write: {count} place differs.",
        "The gateway's openclaw.json is another one than the answers here would write: {count} places differ.",
        theirs.count,
    )
    items = [
        Item("theirs", _("Start from the gateway's file"), _("nothing that was changed there is lost")),
        Item("ours", _("Start from the answers here"), _("the next deploy writes them over it; F9 compares")),
    ]
    note = _("Enter chooses, Escape leaves everything as it is.")
    return await page.app.push_screen_wait(PickDialog(words, items, note=note)) or ""


async def _adopt(page: Page, adoption: Adoption, theirs: Theirs) -> bool:
    from claw_tui.screens.storage import ensure_store  # noqa: PLC0415

    loaded = theirs.loaded
    if loaded.secrets and not page.session.vault.ready and not await ensure_store(page):
        return False
    try:
        await adoption.adopt(theirs)
    except ClawError as error:
        page.tell_error(error)
        return False
    lines = taken_lines(loaded, page.session.vault.where)
    if lines:
        title = _("The gateway's openclaw.json, brought up to date")
        await page.app.push_screen_wait(TextDialog(title, "\n".join(lines)))
    return True
