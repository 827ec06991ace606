"""Home's key U: another version, or back to the one before an update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claw_tui.domain import names
from claw_tui.domain.errors import ClawError
from claw_tui.domain.plan import Action, Plan
from claw_tui.domain.prices import VOLUME_GB
from claw_tui.domain.spec import Spec
from claw_tui.domain.untold import untold
from claw_tui.domain.update import snapshot_in
from claw_tui.domain.versions import is_older, number, release_page
from claw_tui.engine.update_desk import Offer, UpdateDesk
from claw_tui.i18n import _
from claw_tui.screens.adopt import agreed, tell_there
from claw_tui.screens.dialogs import LineDialog, PickDialog, ReadDialog
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.screens.home import HomeScreen

SHOWN, TYPED = 12, "typed"


async def update(page: HomeScreen, app: str) -> None:
    """Ask which version, show what it takes, start it. The page tells what goes wrong."""
    desk = UpdateDesk(page.session, app)
    page.tell(_("Asking which versions there are …"))
    try:
        offer = await desk.offer()
        page.tell("")
        if not offer.image:
            there, words = page.world.machine is not None, untold(page.world)
            why = words or _("There is no machine to update.")
            page.tell(why, "" if there else _("D deploys again."), problem=True)
            return
        chosen = await _choose(page, desk, offer)
        if not chosen:
            return
        yes, words = await agreed(page, app)
        if not yes:
            return
        choice = chosen if chosen in offer.ways_back else ""
        spec = desk.spec_for(chosen, offer.record, choice)
        plan = await desk.plan(spec, choice)
        title = _("OpenClaw {now} → {then}").format(now=offer.now or "?", then=spec.version)
        text = _plan_text(plan, offer, spec, choice)
        do_it = _("Go back") if choice else _("Update")
        answers = (Item("no", _("Leave it as it is")), Item("yes", do_it))
        if await page.app.push_screen_wait(ReadDialog(title, text, answers)) != "yes":
            return
        await page.start_and_watch(desk.start())
        tell_there(page, words)
    except ClawError as error:
        page.tell_error(error)


async def _choose(page: HomeScreen, desk: UpdateDesk, offer: Offer) -> str:
    """A version, or a way back; empty: nothing."""
    if not offer.asked:
        note = _("The image registry can't be asked from here: type the version, e.g. {now}.")
        return await _typed(page, desk, offer.now, note.format(now=offer.now))
    items = [Item(way, *_way_words(offer, way)) for way in offer.ways_back]
    items += [Item(version, version, _("newer")) for version in offer.newer[:SHOWN]]
    older = _("older: its state may not go back")
    items += [Item(version, version, older) for version in offer.older[:SHOWN]]
    items.append(Item(TYPED, _("Another one: type it")))
    first = next((item.id for item in items if item.id in offer.newer), "")
    title = _("{now} runs. Which version instead?").format(now=offer.now or _("An unknown version"))
    if not offer.newer:
        title += " " + _("There is no newer one.")
    found = await page.app.push_screen_wait(
        PickDialog(title, items, items[0].id if offer.ways_back else first)
    )
    if found == TYPED:
        return await _typed(
            page, desk, offer.now, _("A version as in 2026.9.6, or another tag of the image.")
        )
    return found or ""


async def _typed(page: HomeScreen, desk: UpdateDesk, version: str, note: str) -> str:
    words = note
    while True:
        version = await page.app.push_screen_wait(LineDialog(_("Which version?"), version, note=words)) or ""
        if not version:
            return ""
        problem = names.image_tag_problem(version) or await desk.missing(version)
        if not problem:
            return version
        words = f"{problem}\n{note}"


def _way_words(offer: Offer, way: str) -> tuple[str, str]:
    record = offer.record
    if snapshot_in(way):
        when = record.at[:16].replace("T", " ")
        return _("Back to {version}, with the volume of then").format(version=record.version), _(
            "as it was at {when} UTC"
        ).format(when=when)
    return _("Back to {version}, with the volume of now").format(version=record.version), _("may be refused")


def _plan_text(plan: Plan, offer: Offer, spec: Spec, choice: str) -> str:
    lines, version, volume_gb = [], spec.version, spec.volume_gb
    if not choice and number(version):
        lines += [_("What it changes:"), release_page(version), ""]
    if choice or is_older(version, offer.now):
        lines += [
            _(
                "What a newer version has changed in its data, an older one can't read: it refuses to start (exit code 78)."
                " Then only the volume as it was before the update helps."
            ),
            "",
        ]
    if snapshot_in(choice):
        lines += [
            _(
                "What was said and changed since the snapshot stays on the volume of now, and is not on the new one."
                " `fly volumes destroy {id}` removes the volume of now when you don't need it any more."
            ).format(id=offer.record.volume),
            "",
        ]
    for item in plan.items:
        if item.action is Action.KEEP:
            continue
        lines.append(f"{item.title}: {item.detail}" if item.detail else item.title)
        lines += [f"  $ {command}" for command in item.commands]
    lines += ["", _("Price: {price}, as before.").format(price=plan.price.short())]
    if snapshot_in(choice):
        words = _("Besides ${more:.2f} a month for the volume of now, until it is removed.")
        lines.append(words.format(more=volume_gb * VOLUME_GB))
    if not choice:
        lines.append(
            _("The gateway is away for a minute or two. If it fails, U goes back to {now}.").format(
                now=offer.now
            )
        )
    return "\n".join(lines)


def news(offer: Offer) -> str:
    """What an update left to be done, for Home; empty when there is nothing."""
    record = offer.record
    if record.broken_off and offer.now == record.to:
        return _("to {to} was begun and did not end well; U goes on or back").format(to=record.to)
    if offer.ways_back and not offer.well:
        return _("the gateway is not well; U goes back or on")
    return ""
