"""Reading how a gateway is: everything side by side, told as soon as it is known, and kept with its age."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from claw_tui.domain import versions
from claw_tui.domain.errors import ClawError
from claw_tui.domain.made import Kind, Thing
from claw_tui.domain.power import as_it_runs
from claw_tui.domain.prices import Price, monthly_price
from claw_tui.domain.rescue import in_rescue, refuses_to_start
from claw_tui.domain.spec import IMAGE
from claw_tui.domain.untold import untold
from claw_tui.domain.vitals import Known, Vitals, last_start
from claw_tui.domain.world import IpKind, Machine, World
from claw_tui.engine.adoption import spec_of
from claw_tui.engine.extras import pieces, total
from claw_tui.engine.key_desk import KeyDesk
from claw_tui.engine.session import Session
from claw_tui.engine.world import SHOWN
from claw_tui.i18n import _

T = TypeVar("T")
Told = Callable[[], None]
PRICED = ("machines", "volumes", "ips")  # parts that cost something
LONG = 300.0  # seconds after which a look into the machine is old


@dataclass(slots=True)
class _Part(Generic[T]):
    """Something of the gateway that Fly.io does not tell. ``at`` by the clock of ``VitalsDesk``; 0: never.

    ``start``: which start of the machine it is about, by Fly.io's clock; 0: it is about none.
    """

    value: T | None = None
    at: float = 0.0
    problem: str = ""
    start: float = 0.0

    def known(self, now: float, redact: Callable[[str], str], start: float = 0.0) -> Known[T]:
        if self.value is not None and self.start != start:
            return Known()  # of another time
        return Known(self.value, now - self.at if self.at else None, redact(self.problem))


class VitalsDesk:
    """How ``app`` is. ``clock``: seconds since 1970."""

    def __init__(self, session: Session, app: str, clock: Callable[[], float] = time.time) -> None:
        from claw_tui.domain.answers import ChannelStatus, HealthAnswer  # noqa: PLC0415
        from claw_tui.domain.vitals import Resources  # noqa: PLC0415

        self._session, self.app, self._clock = session, app, clock
        self._resources: _Part[Resources] = _Part()
        self._health: _Part[HealthAnswer] = _Part()
        self._channels: _Part[tuple[ChannelStatus, ...]] = _Part()
        self._found: _Part[tuple[str, ...]] = _Part()

    # -- what is known --------------------------------------------------------------------------------------------
    def vitals(self) -> Vitals:
        """All that is known now. Nothing is asked."""
        now, reader, redact = self._clock(), self._session.reader, self._session.redact
        world = reader.known(self.app)
        ages = {part: reader.age(self.app, (part,)) for part in SHOWN}
        start = _start(world.machine)
        return Vitals(
            self.app, world, ages, self._resources.known(now, redact, start), self._health.known(now, redact, start),
            self._channels.known(now, redact, start), self._newer(world, now), KeyDesk(self._session, self.app).notes(),
            price_of(self.app, world) if reader.age(self.app, PRICED) is not None else None, now,
        )  # fmt: skip

    def _newer(self, world: World, now: float) -> Known[tuple[str, ...]]:
        part, machine = self._found, world.machine
        found = part.known(now, self._session.redact)
        if part.value is None or machine is None:
            return Known(None, found.age, found.problem)
        return Known(versions.split(versions.version_of(machine.image), part.value)[0], found.age)

    # -- Fly.io ---------------------------------------------------------------------------------------------------
    async def look(
        self, told: Told, parts: Sequence[str] = SHOWN, *, max_age: float = 0.0
    ) -> dict[str, ClawError]:
        """What Fly.io tells, part by part. Returns what could not be read, and why."""
        results = await asyncio.gather(
            *(self._fly(part, told, max_age) for part in parts), return_exceptions=True
        )
        failed = {}
        for part, result in zip(parts, results, strict=True):
            if isinstance(result, ClawError):
                failed[part] = result
            elif isinstance(result, BaseException):
                raise result
        return failed

    async def _fly(self, part: str, told: Told, max_age: float) -> None:
        await self._session.look(self.app, (part,), max_age=max_age)
        told()

    # -- the machine, the gateway, the registry -------------------------------------------------------------------
    async def look_inside(self, told: Told, *, max_age: float = 0.0, channels: bool = True) -> None:
        """What the machine, its gateway and the image registry tell. A failure becomes that figure's words.

        ``channels``: also OpenClaw's own command for them, which is a load on a small machine for some seconds.
        """
        machine = self._session.reader.known(self.app).machine
        await asyncio.gather(
            self._one(self._found, self._ask_registry, told, max_age),
            *self._in_machine(machine, told, max_age, channels=channels),
        )

    def _in_machine(
        self, machine: Machine | None, told: Told, max_age: float, *, channels: bool
    ) -> list[Awaitable[None]]:
        gateway, app = self._session.services.gateway, self.app
        away = why_not(machine)
        parts = (self._resources, self._health, self._channels)
        if machine is None or away:
            for part in parts:
                part.value, part.at, part.problem = None, 0.0, away
            told()
            return []
        asks = channels and not refuses_to_start(machine)
        return [
            self._one(
                self._resources,
                lambda: gateway.resources(app, machine.id),
                told,
                max_age,
                start=_start(machine),
            ),
            self._talk(machine, told, max_age, channels=asks),
        ]

    async def _talk(self, machine: Machine, told: Told, max_age: float, *, channels: bool) -> None:
        """Of a gateway that does not answer the channels are not asked for: OpenClaw would wait for it a minute long."""
        gateway, app, start = self._session.services.gateway, self.app, _start(machine)
        await self._one(self._health, lambda: gateway.health(app, machine.id), told, max_age, start=start)
        health = self._health.value
        if channels and health is not None and not health.reached:
            self._channels.value, self._channels.at = None, 0.0
            self._channels.problem = _("the gateway does not answer")
            told()
        elif channels:
            await self._one(
                self._channels, lambda: gateway.channels(app, machine.id), told, max_age, start=start
            )

    async def _ask_registry(self) -> tuple[str, ...]:
        found = await self._session.services.web.newest_versions(IMAGE)
        if not found:
            raise ClawError(_("the registry can't be asked"))
        return found

    async def _one(
        self,
        part: _Part[T],
        ask: Callable[[], Awaitable[T]],
        told: Told,
        max_age: float,
        *,
        start: float = 0.0,
    ) -> None:
        young = part.at and part.start == start and self._clock() - part.at <= max_age
        if young and not part.problem:
            return
        begun = self._clock()
        try:
            part.value, part.at, part.problem, part.start = await ask(), begun, "", start
        except ClawError as error:
            part.problem = error.message.rstrip(".")
        told()


def _start(machine: Machine | None) -> float:
    """Which start of it what runs now is from, by Fly.io's clock."""
    found = last_start(machine) if machine is not None else None
    return found.at if found is not None else 0.0


def why_not(machine: Machine | None) -> str:
    """Why nobody can look into it; empty when one can."""
    if machine is None:
        return _("there is no machine")
    if in_rescue(machine):
        return _("in rescue")
    return "" if machine.state == "started" else _("the machine is {state}").format(state=machine.state)


def price_of(app: str, world: World) -> Price | None:
    """By all that is there, also what the gateway does not need: a disk that is left over goes on costing."""
    if world.machine is None or untold(world):
        return None
    others = [Thing(Kind.MACHINE, one.id) for one in world.machines if one is not world.machine]
    others += [Thing(Kind.VOLUME, one.id) for one in world.volumes if one is not world.disk]
    paid = sum(ip.kind is IpKind.V4 for ip in world.ips)
    price = monthly_price(spec_of(app, world), dedicated_v4=paid, not_needed=total(pieces(world, others)))
    return as_it_runs(price, world)
