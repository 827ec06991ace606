"""Home's key V: another size, more memory, a larger volume, another region, another start command."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from claw_tui.domain.errors import ClawError
from claw_tui.domain.fly_toml import COMMAND
from claw_tui.domain.machine_rules import VOLUMES, offered_memories, offered_sizes, wrong
from claw_tui.domain.machine_wish import MachineWish, dollars_after, dollars_before, rows
from claw_tui.domain.machine_words import TITLES, difference
from claw_tui.domain.prices import machine_price
from claw_tui.engine.machine_desk import MachineDesk
from claw_tui.i18n import _
from claw_tui.screens.dialogs import LineDialog, PickDialog, ReadDialog, may_drop
from claw_tui.widgets.pick_list import Item

if TYPE_CHECKING:
    from claw_tui.engine.session import Session
    from claw_tui.screens.home import HomeScreen

GO, ON, BACK, TYPED = "go", "on", "back", "typed"
COMMAND_WIDTH = 40


def left_words(session: Session, app: str) -> str:
    """For Home: a change that was cut off; empty when there is none."""
    left = MachineDesk(session, app).cut_off()
    if left is None:
        return ""
    words = _("to {region}: cut off; V goes on or back") if left.moves else _("cut off; V goes on or back")
    return words.format(region=left.region)


async def change_machine(page: HomeScreen) -> None:
    """Choose, show now and then with the plan, start it. The page tells what goes wrong."""
    desk = MachineDesk(page.session, page.app_name)
    page.tell(_("Looking at its machine and volume …"))
    try:
        await desk.look()
        await desk.regions()
        page.tell("")
        if await _agreed(page, desk):
            await page.start_and_watch(desk.start())
    except ClawError as error:
        page.tell_error(error)


async def _agreed(page: HomeScreen, desk: MachineDesk) -> bool:
    """Escape on the plan goes back to what was chosen."""
    begun = desk.left or desk.begin()
    while True:
        wish = await (_left(page, begun) if desk.left else _wanted(page, begun, desk.usual_command))
        if wish is None:
            return False
        plan = await desk.plan(wish)
        answers = (Item("no", _("Leave it as it is")), Item("yes", _("Do it")))
        text = "\n".join(desk.told(wish, plan))
        title = _("Machine and volume of {app}").format(app=desk.app)
        answer = await page.app.push_screen_wait(ReadDialog(title, text, answers))
        if answer:
            return answer == "yes"
        begun = begun if desk.left else wish


async def _left(page: HomeScreen, left: MachineWish) -> MachineWish | None:
    """A change that was cut off: on, or back."""
    changed = [
        _("{now} → {then}").format(now=now, then=then) for _what, now, then in rows(left) if now != then
    ]
    items = (
        Item(ON, _("Go on with it"), ", ".join(changed)),
        Item(BACK, _("Back to what was before"), f"{left.before.vm_size}, {left.before.region}"),
    )
    title = _("A change of {app} was cut off. What now?").format(app=page.app_name)
    note = _("Enter chooses; Escape leaves all as it is now.")
    found = await page.app.push_screen_wait(PickDialog(title, items, ON, note=note, text_width=28))
    return {ON: left, BACK: replace(left, back=True)}.get(found or "")


async def _wanted(page: HomeScreen, wish: MachineWish, usual: str) -> MachineWish | None:
    """One thing after the other, until the plan is asked for. ``usual``: claw-tui's own start command."""
    current, said = "size", ""
    while True:
        note = said or _("Enter changes a line; nothing is done before you have seen the plan.")
        title = _("Machine and volume of {app}").format(app=page.app_name)
        items = [*_items(wish), *([Item(GO, _("Show the plan"), difference(wish))] if wish.differs else [])]
        found = await page.app.push_screen_wait(PickDialog(title, items, current, note=note, text_width=28))
        if not found and (not wish.differs or await may_drop(page.app, _dropped(wish))):
            return None
        if not found:
            continue
        if found == GO:
            return wish
        new = await _ask(page, wish, found, usual)
        said = wrong(new, tuple(region.code for region in page.session.regions))
        wish, current = (wish, found) if said else (new, GO if new.differs else found)


def _dropped(wish: MachineWish) -> str:
    changed = ", ".join(
        f"{_(TITLES[what])}: {_short(now)} → {_short(then)}" for what, now, then in rows(wish) if now != then
    )
    return _("Nothing was done yet, and this would be dropped: {changed}. Drop it?").format(changed=changed)


def _items(wish: MachineWish) -> list[Item]:
    found = []
    for what, now, then in rows(wish):
        arrow = _("{now} → {then}").format(now=_short(now), then=_short(then))
        shown = arrow if now != then else _short(now)
        found.append(Item(what, _(TITLES[what]), shown))
    return found


def _short(text: str) -> str:
    if text == COMMAND:
        return _("claw-tui's own")
    text = text or _("the image's own")
    return text if len(text) <= COMMAND_WIDTH else f"{text[: COMMAND_WIDTH - 1]}…"


async def _ask(page: HomeScreen, wish: MachineWish, what: str, usual: str) -> MachineWish:
    """``wish`` with another answer to one question."""
    match what:
        case "size":
            return await _size(page, wish)
        case "memory":
            return await _memory(page, wish)
        case "volume":
            return await _volume(page, wish)
        case "region":
            return await _region(page, wish)
        case _:
            return await _command(page, wish, usual)


def _price(wish: MachineWish) -> str:
    more = dollars_after(wish) - dollars_before(wish.before)
    if not round(more, 2):
        return _("${dollars:.2f}, as now").format(dollars=dollars_after(wish))
    return _("${dollars:.2f} ({more:+.2f})").format(dollars=dollars_after(wish), more=more)


async def _pick(page: HomeScreen, title: str, items: list[Item], current: str, note: str = "") -> str:
    return await page.app.push_screen_wait(PickDialog(title, items, current, note=note, text_width=28)) or ""


def _sized(wish: MachineWish, size: str) -> MachineWish:
    """With memory that this machine can have: the same, or what is next to it."""
    fitting = offered_memories(size, wish.memory)
    memory = min(fitting, key=lambda one: (abs(one - wish.memory), one), default=wish.memory)
    return replace(wish, vm_size=size, memory_mb=memory)


async def _size(page: HomeScreen, wish: MachineWish) -> MachineWish:
    some = [_sized(wish, size) for size in offered_sizes(wish.before.vm_size)]
    items = [Item(one.size, f"{one.size}, {one.memory} MB", _price(one)) for one in some]
    note = _("Dollars a month with everything, and what that is more or less than now.")
    found = await _pick(page, _("Which machine?"), items, wish.size, note)
    return _sized(wish, found) if found else wish


async def _memory(page: HomeScreen, wish: MachineWish) -> MachineWish:
    some = [replace(wish, memory_mb=one) for one in offered_memories(wish.size, wish.memory)]
    items = [Item(str(one.memory), f"{one.memory} MB", _price(one)) for one in some]
    note = _("OpenClaw needs 2048 MB. What {size} can have is listed; a larger machine can have more.")
    found = await _pick(page, _("How much memory?"), items, str(wish.memory), note.format(size=wish.size))
    return replace(wish, memory_mb=int(found)) if found else wish


async def _volume(page: HomeScreen, wish: MachineWish) -> MachineWish:
    least = wish.before.volume_gb
    some = [replace(wish, volume_gb=one) for one in sorted({least, *VOLUMES}) if one >= least]
    items = [Item(str(one.disk), f"{one.disk} GB", _price(one)) for one in some]
    items.append(Item(TYPED, _("Another size: type it")))
    note = _("Only larger: Fly.io can't make a volume smaller.")
    found = await _pick(page, _("How large a volume?"), items, str(wish.disk), note)
    if found == TYPED:
        found = (
            await page.app.push_screen_wait(LineDialog(_("How many GB?"), str(wish.disk), note=note)) or ""
        )
    return replace(wish, volume_gb=int(found)) if re.fullmatch(r"\d{1,4}", found) else wish


async def _region(page: HomeScreen, wish: MachineWish) -> MachineWish:
    items = []
    for region in page.session.regions:
        dollars = machine_price(wish.size, wish.memory, region.code) - machine_price(
            wish.size, wish.memory, wish.before.region
        )
        price = _("here") if region.code == wish.before.region else f"{dollars:+.2f}"
        if region.requires_paid_plan:
            price = _("{price}, paid plan only").format(price=price)
        items.append(Item(region.code, f"{region.code}  {region.name}", price))
    note = _(
        "Another region is a move: the volume is copied, and it is away meanwhile. Dollars a month, more or less."
    )
    found = await page.app.push_screen_wait(
        PickDialog(_("Which region?"), items, wish.place, note=note, text_width=40)
    )
    return replace(wish, region=found) if found else wish


async def _command(page: HomeScreen, wish: MachineWish, usual: str) -> MachineWish:
    now = wish.command or wish.before.command or usual
    note = _(
        "For who knows why. It has to start the gateway with --port {port} and --bind lan; empty: claw-tui's own."
    ).format(port=wish.before.port)
    found: str | None = await page.app.push_screen_wait(
        LineDialog(_("What the machine starts"), now, note=note, may_be_empty=True)
    )
    return wish if found is None else replace(wish, command=found or usual)
