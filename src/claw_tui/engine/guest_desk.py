"""People and devices of one gateway: looking at them, letting in, turning away, taking out."""

from __future__ import annotations

from claw_tui.domain.answers import PairingRequest
from claw_tui.domain.errors import GatewayError, MachineStopped
from claw_tui.domain.guests import Device, Guests, merged, rules_of
from claw_tui.domain.migration import refuse_old_commands
from claw_tui.domain.no_such_app import no_such_app
from claw_tui.domain.world import Machine
from claw_tui.engine.session import Session
from claw_tui.engine.world import YOUNG_SECONDS
from claw_tui.i18n import _


async def running_machine(session: Session, app: str) -> Machine:
    """The one whose gateway is asked. Raises NoSuchApp, MachineStopped, FlyError."""
    if session.login is None:
        await session.find_login()
    world = await session.look(app, ("app", "machines"), max_age=YOUNG_SECONDS)
    if world.app is None:
        raise no_such_app(app)
    started = [machine for machine in world.machines if machine.state == "started"]
    if not started:
        raise MachineStopped(_("The machine is not running."))
    return started[0]


async def commanded_machine(session: Session, app: str) -> Machine:
    """The same, of one that has commands of OpenClaw. Raises OldGateway too."""
    machine = await running_machine(session, app)
    refuse_old_commands(session.reader.known(app))
    return machine


class GuestDesk:
    """Raises GatewayError, FlyError. Nothing of it is kept: OpenClaw knows."""

    def __init__(self, session: Session, app: str) -> None:
        self._session, self._app = session, app
        self._book = session.services.gateway

    async def _machine(self) -> str:
        return (await commanded_machine(self._session, self._app)).id

    async def look(self) -> Guests:
        """What a channel can't tell is told in words; only devices are never missing."""
        machine = await self._machine()
        rules = rules_of(await self._book.read_config(self._app, machine))
        waiting, devices = await self._book.devices(self._app, machine)
        unknown: list[str] = []
        for channel in rules.channels:
            try:
                waiting += await self._book.people_waiting(self._app, machine, channel)
            except GatewayError:
                unknown.append(_("who waits in {channel}").format(channel=channel))
        people = rules.people
        try:
            people = merged(await self._book.people_in(self._app, machine), rules)
        except GatewayError:
            if rules.channels:
                unknown.append(_("whom codes have let in"))
        return Guests(waiting, devices, people, tuple(unknown))

    async def approve(self, request: PairingRequest) -> None:
        await self._book.approve(self._app, await self._machine(), request)

    async def reject(self, request: PairingRequest) -> None:
        await self._book.reject(self._app, await self._machine(), request)

    async def revoke(self, device: Device) -> None:
        await self._book.revoke(self._app, await self._machine(), device)
