"""Home's key A: who waits to be let in, and who is in: browsers, phones, people."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widgets import Static

from claw_tui.domain.answers import PairingRequest
from claw_tui.domain.errors import ClawError
from claw_tui.domain.guest_words import (
    about_words,
    ask_in,
    ask_out,
    device_words,
    person_words,
    seen_words,
    waits_words,
)
from claw_tui.domain.guests import Device, Guests, Person
from claw_tui.engine.guest_desk import GuestDesk
from claw_tui.i18n import _, n_
from claw_tui.screens.base import Page
from claw_tui.screens.dialogs import AskDialog, TextDialog
from claw_tui.widgets.pick_list import Item, PickList

AGAIN_SECONDS = 10.0
Known = dict[str, PairingRequest | Device | Person]


class LettingInScreen(Page):
    """One list: who waits, devices that are in, people who are in."""

    HELP = n_(
        "A browser, a phone or a program that the gateway does not know yet waits here until you let it in; so does a"
        " person who writes to the bot for the first time and got a code from it. OpenClaw calls this pairing. Compare the"
        " code, or the time and the address, with what the person tells you.\n\n"
        "A device's request ends by itself after 5 minutes and a person's after an hour: they then ask again by trying once"
        " more. The first person who is let in becomes the owner, who may give the bot commands that others may not.\n\n"
        "Enter lets in, or tells more about one that is in. Del turns away, or takes a device out again; it may ask anew."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete", "out", n_("Turn away")),
        Binding("r", "look", n_("Look again")),
        Binding("f5", "look", show=False),
        Binding("escape", "home", n_("Home")),
    ]

    def __init__(self, app: str) -> None:
        super().__init__()
        self._desk_of = app
        self._guests = Guests()
        self._known: dict[str, PairingRequest | Device | Person] = {}
        self._timer: Timer | None = None

    def compose_body(self) -> ComposeResult:
        yield Static(_("Looking …"), id="guest-words", classes="words", markup=False)
        yield PickList(id="guests", text_width=34)
        yield Static("", id="looked-at", classes="words", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#guests").focus()

    def resumed(self) -> None:
        self.look()

    @property
    def desk(self) -> GuestDesk:
        return GuestDesk(self.session, self._desk_of)

    def action_look(self) -> None:
        self.tell("")
        self.query_one("#looked-at", Static).update(_("Looking …"))
        self.look()

    def _again(self) -> None:
        """Quietly, and never under a question."""
        if self.is_current:
            self.look()

    @work(exclusive=True, group="look")
    async def look(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        try:
            self._show(await self.desk.look())
        except ClawError as error:
            self.tell_error(error)
            self.query_one("#guest-words", Static).update(_("Who waits could not be seen."))
            self.query_one("#looked-at", Static).update("")
        self._timer = self.set_timer(AGAIN_SECONDS, self._again)

    def _show(self, guests: Guests) -> None:
        self._guests = guests
        items, self._known = rows_of(guests, time.time())
        self.query_one("#guests", PickList).set_items(items)
        words = _("Nobody waits to be let in.")
        if guests.waiting:
            words = _("Enter lets in who waits; Del turns away.")
        self.query_one("#guest-words", Static).update(words)
        looked = _("Looked at {time}. Looks again by itself.").format(time=time.strftime("%H:%M:%S"))
        if guests.unknown:
            looked = _("Not known now: {what}.").format(what=", ".join(guests.unknown)) + " " + looked
        self.query_one("#looked-at", Static).update(looked)

    # -- deciding -------------------------------------------------------------------------------------------------
    @property
    def _current(self) -> PairingRequest | Device | Person | None:
        return self._known.get(self.query_one("#guests", PickList).current)

    @on(PickList.Chosen, "#guests")
    def _chosen(self, event: PickList.Chosen) -> None:
        found = self._known.get(event.item)
        if isinstance(found, PairingRequest):
            self.let_in(found)
        elif isinstance(found, Device):
            self.app.push_screen(TextDialog(found.name, device_words(found)))
        elif isinstance(found, Person):
            self.app.push_screen(TextDialog(found.id, person_words(found)))

    def action_out(self) -> None:
        found = self._current
        if isinstance(found, PairingRequest):
            self.turn_away(found)
        elif isinstance(found, Device):
            self.take_out(found)
        elif isinstance(found, Person):
            self.app.push_screen(TextDialog(found.id, person_words(found)))

    @work(exclusive=True, group="decide")
    async def let_in(self, request: PairingRequest) -> None:
        question = ask_in(request, first=not any(person.owner for person in self._guests.people))
        if await self.app.push_screen_wait(AskDialog(question, _("Let it in"), _("Not now"))):
            self.tell(_("Letting in …"))
            await self._do(self.desk.approve(request), _("Let in: {who}").format(who=request.words))

    @work(exclusive=True, group="decide")
    async def turn_away(self, request: PairingRequest) -> None:
        question = _("Turn this away? {who}. It may ask again.").format(who=request.words)
        if await self.app.push_screen_wait(AskDialog(question, _("Turn it away"), _("Not now"))):
            self.tell(_("Turning away …"))
            await self._do(self.desk.reject(request), _("Turned away: {who}").format(who=request.words))

    @work(exclusive=True, group="decide")
    async def take_out(self, device: Device) -> None:
        if await self.app.push_screen_wait(AskDialog(ask_out(device), _("Take it out"), _("Leave it"))):
            self.tell(_("Taking out …"))
            await self._do(self.desk.revoke(device), _("Taken out: {who}").format(who=device.name))

    async def _do(self, deed: Awaitable[None], done: str) -> None:
        try:
            await deed
        except ClawError as error:
            self.tell_error(error)
        else:
            self.tell(self.session.redact(done))
        self.look()

    def action_home(self) -> None:
        self.dismiss()


def rows_of(guests: Guests, now: float) -> tuple[list[Item], Known]:
    """The list, and whom each of its rows is about."""
    known: Known = {}
    waiting, devices, people = [], [], []
    for request in guests.waiting:
        key = f"waits {request.channel} {request.id}"
        known[key] = request
        waiting.append(Item(key, request.words, waits_words(request, now)))
    for device in guests.devices:
        known[f"device {device.id}"] = device
        devices.append(Item(f"device {device.id}", device.name, seen_words(device, now)))
    for person in guests.people:
        key = f"person {person.channel} {person.id}"
        known[key] = person
        people.append(Item(key, person.id, about_words(person)))
    items = []
    for title, rows in (
        (_("Waiting"), waiting),
        (_("Devices that are in"), devices),
        (_("People who are in"), people),
    ):
        if rows:
            items += [Item(f"heading {title}", title, heading=True), *rows]
    return items, known
