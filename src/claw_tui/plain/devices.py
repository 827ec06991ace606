"""`devices`: who waits to be let in, and who is in; letting in, turning away, taking out."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace

from claw_tui.domain.answers import PairingRequest
from claw_tui.domain.errors import BadInput
from claw_tui.domain.guest_words import about_words, channel_name, seen_words, waits_words
from claw_tui.domain.guests import Device, Guests
from claw_tui.engine.guest_desk import GuestDesk
from claw_tui.engine.session import Session
from claw_tui.i18n import _
from claw_tui.plain import exits
from claw_tui.plain.desk import refuse_no_name
from claw_tui.plain.door import Door
from claw_tui.plain.out import Out, stamp


def options(parser: ArgumentParser) -> None:
    parser.add_argument("app", metavar="APP", help=_("the gateway's app on Fly.io"))
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--approve", default=None, metavar="ID", help=_("let in who waits: its number, or a person's code")
    )
    what.add_argument("--reject", default=None, metavar="ID", help=_("turn away who waits; it may ask again"))
    what.add_argument(
        "--revoke", default=None, metavar="ID", help=_("take a device out: its number, or how that begins")
    )


class Devices:
    """One `devices`."""

    def __init__(self, out: Out, session: Session, door: Door, args: Namespace) -> None:
        self._out, self._session, self._door, self._args = out, session, door, args
        self._desk = GuestDesk(session, args.app)

    async def run(self) -> int:
        """Raises ClawError."""
        refuse_no_name(self._args.app)
        if "" in (self._args.approve, self._args.reject, self._args.revoke):
            raise BadInput(
                _("Whom? Nothing was said."), hint=_("Without options the list shows who there is.")
            )
        await self._door.log_in()
        self._out.hide(self._session.redact)
        guests = await self._desk.look()
        if self._args.approve is not None:
            request = _waiting(guests, self._args.approve)
            await self._desk.approve(request)
            return self._done("approved", _("Let in: {who}").format(who=request.words), request.id)
        if self._args.reject is not None:
            request = _waiting(guests, self._args.reject)
            await self._desk.reject(request)
            return self._done("rejected", _("Turned away: {who}").format(who=request.words), request.id)
        if self._args.revoke is not None:
            device = _device(guests, self._args.revoke)
            await self._desk.revoke(device)
            return self._done("revoked", _("Taken out: {who}").format(who=device.name), device.id)
        self._list(guests)
        return exits.DONE

    def _done(self, event: str, words: str, number: str) -> int:
        self._out.put(event, words, app=self._args.app, id=number)
        return exits.DONE

    def _list(self, guests: Guests) -> None:
        now, put = time.time(), self._out.put
        for one in guests.waiting:
            words = _("Waits: {id}  {who}  {about}").format(
                id=one.id, who=one.words, about=waits_words(one, now)
            )
            until = stamp(one.until) if one.until else ""
            put("waiting", words, id=one.id, channel=one.channel, who=one.words, until=until)
        for device in guests.devices:
            words = _("Is in: {id}  {who}  {about}").format(
                id=device.id[:16], who=device.name, about=seen_words(device, now)
            )
            put(
                "device", words, id=device.id, name=device.name, platform=device.platform, roles=device.roles,
                scopes=device.scopes, address=device.address, connected=device.connected,
                seen=stamp(device.seen_at) if device.seen_at else "", approved=stamp(device.approved_at),
            )  # fmt: skip
        for person in guests.people:
            words = _("Is in: {id}  {about}").format(id=person.id, about=about_words(person))
            put(
                "person",
                words,
                id=person.id,
                channel=person.channel,
                owner=person.owner,
                by_file=person.by_file,
            )
        for what in guests.unknown:
            put("unknown", _("Not known now: {what}.").format(what=what), what=what)
        if not guests.waiting:
            put("nobody", _("Nobody waits to be let in."))


def _waiting(guests: Guests, number: str) -> PairingRequest:
    found = [request for request in guests.waiting if request.id.casefold() == number.casefold()]
    if len(found) == 1:
        return found[0]
    waiting = ", ".join(f"{request.id} ({channel_name(request.channel)})" for request in guests.waiting)
    raise BadInput(
        _("Nobody with the number {id} waits.").format(id=number),
        hint=_("These wait: {who}").format(who=waiting) if waiting else _("Nobody waits to be let in."),
    )


def _device(guests: Guests, number: str) -> Device:
    found = [device for device in guests.devices if device.id.startswith(number)]
    if len(found) == 1:
        return found[0]
    raise BadInput(
        _("No device with the number {id} is in.").format(id=number) if not found
        else _("The numbers of {count} devices begin with {id}.").format(count=len(found), id=number),
        hint=_("`claw-tui devices APP` lists them. A person is taken out in the chat: see A on Home."),
    )  # fmt: skip
