"""Tunnels to private gateways: started, seen to work, watched, started again when they break.

A tunnel ends with the sitting, or it is left on: then it is a program of its own that the next sitting finds again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claw_tui.domain.errors import ClawError
from claw_tui.domain.no_such_app import no_such_app
from claw_tui.domain.power import STARTS
from claw_tui.domain.reach import Stage, is_private, local_address, no_way_in
from claw_tui.domain.reach_errors import NoWayIn, PortTaken, TunnelSilent
from claw_tui.engine.world import YOUNG_SECONDS, WorldReader
from claw_tui.i18n import _

if TYPE_CHECKING:
    from claw_tui.ports import Proxy, Services

READY_SECONDS = 60.0  # an agent and a WireGuard tunnel of its own take some 5 seconds, over a bad line 20
POLL_SECONDS, LOOK_SECONDS = 0.5, 15.0
SILENCES = 4  # looks in a row without an answer until the proxy is started again: a gateway restarts in half a minute
TRIES = 5  # starts in a row that fail until it is given up
PARTS = ("app", "ips", "machines")


@dataclass(slots=True)
class Tunnel:
    """One app's. ``error``: why it is broken, or why it was started again. ``since`` in seconds since 1970."""

    app: str
    stage: Stage = Stage.OFF
    port: int = 0
    since: float = 0.0
    stays: bool = False
    error: ClawError | None = None
    silent: bool = False  # it is on, and the gateway did not answer when it was asked last
    starts: int = 0  # how often it came on: who looks now and then sees also a break that was short
    proxy: Proxy | None = field(default=None, repr=False)
    watch: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def is_on(self) -> bool:
        return self.stage in (Stage.ON, Stage.AGAIN)

    @property
    def address(self) -> str:
        return local_address(self.port)


class Reach:
    """The tunnels of one sitting. ``clock`` in seconds; it never goes back."""

    def __init__(
        self, services: Services, reader: WorldReader, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._services, self._reader, self._clock = services, reader, clock
        self._tunnels: dict[str, Tunnel] = {}
        self._turn = asyncio.Lock()

    @property
    def ports(self) -> tuple[int, ...]:
        return self._services.tunnels.ports

    def tunnel(self, app: str) -> Tunnel:
        """How it is now; one that was left on is found again."""
        known = self._tunnels.get(app)
        if known is not None and known.stage is not Stage.OFF and not known.stays:
            return known
        left = self._services.tunnels.left_on(app)
        if left is not None:
            known = Tunnel(app, Stage.ON, left.port, left.since, stays=True)
        elif known is None or known.stays:
            known = Tunnel(app)
        self._tunnels[app] = known
        return known

    def is_free(self, port: int) -> bool:
        return self._services.tunnels.is_free(port)

    def free_port(self) -> int:
        """The first one of the reserve that nobody listens on; 0 when all are taken."""
        return next((port for port in self.ports if self._services.tunnels.is_free(port)), 0)

    async def open(self, app: str, port: int = 0) -> Tunnel:
        """Have a tunnel that works, and return it; ``port`` 0: the first free one. Raises ClawError."""
        async with self._turn:
            tunnel = self.tunnel(app)
            if tunnel.is_on and port in (0, tunnel.port):
                if (await self._services.tunnels.answers(tunnel.port)).json_ok:
                    tunnel.silent = False
                    return tunnel
                if tunnel.stays:  # it runs, and leads nowhere: a new one tells why
                    await self._services.tunnels.stop_left(app)
            await self._stop(tunnel)
            await self._look_for_a_way(app)
            tunnel = self._tunnels[app] = Tunnel(app, Stage.STARTING, self._port(port))
            async with AsyncExitStack() as undo:  # also when nobody waits for it any more
                undo.push_async_callback(self._stop, tunnel)
                await self._start(tunnel)
                undo.pop_all()
            tunnel.watch = asyncio.ensure_future(self._watch(tunnel))
            return tunnel

    async def _look_for_a_way(self, app: str) -> None:
        """What would only be seen after minutes of waiting is seen in what the app has."""
        world = await self._reader.read(app, PARTS, max_age=YOUNG_SECONDS)
        if world.app is None:
            raise no_such_app(app)
        if not is_private(world) and any(no_way_in(world)):
            words = _("{app} is public: it needs no tunnel.").format(app=app)
            raise NoWayIn(words, hint=_("Open https://{app}.fly.dev").format(app=app))
        words, hint = no_way_in(world)
        if words:
            raise NoWayIn(words, hint=hint)
        if not any(machine.state == "started" for machine in world.machines):
            raise NoWayIn(_("The machine does not run."), hint=_(STARTS))

    def _port(self, wanted: int) -> int:
        listed = ", ".join(map(str, self.ports))
        if wanted and wanted not in self.ports:
            words = _("The gateway lets browsers in from these local ports only: {ports}.")
            raise PortTaken(words.format(ports=listed), hint=_("Choose one of them."))
        if wanted and not self._services.tunnels.is_free(wanted):
            words = _("Port {port} of this computer is taken by another program.").format(port=wanted)
            raise PortTaken(
                words, hint=_("Choose another one of {ports}, or end that program.").format(ports=listed)
            )
        port = wanted or self.free_port()
        if not port:
            words = _("The local ports {ports} are all taken by other programs.").format(ports=listed)
            raise PortTaken(
                words,
                hint=_("End one of these programs: the gateway lets browsers in from these ports only."),
            )
        return port  # fmt: skip

    # -- one proxy ------------------------------------------------------------------------------------------------
    async def _start(self, tunnel: Tunnel) -> None:
        """Returns once the gateway answers through it. Raises ClawError."""
        tunnel.proxy = proxy = await self._services.tunnels.start(tunnel.app, tunnel.port)
        end = asyncio.ensure_future(proxy.ended())
        ready = asyncio.ensure_future(self._ready(tunnel))
        try:
            await asyncio.wait((end, ready), return_when=asyncio.FIRST_COMPLETED)
            if end.done():
                raise end.result()
            await ready
        finally:
            for task in (end, ready):
                task.cancel()
            await asyncio.gather(end, ready, return_exceptions=True)
        tunnel.stage, tunnel.since, tunnel.silent = Stage.ON, tunnel.since or time.time(), False
        tunnel.starts += 1

    async def _ready(self, tunnel: Tunnel) -> None:
        """Raises TunnelSilent when nobody answers in time."""
        begun = self._clock()
        while True:
            answer = await self._services.tunnels.answers(tunnel.port)
            if answer.json_ok:
                return
            if self._clock() - begun > READY_SECONDS:
                words = _("The tunnel to {app} is there, but the gateway does not answer: {why}.")
                raise TunnelSilent(words.format(app=tunnel.app, why=answer.words))
            await self._services.pause(POLL_SECONDS)

    async def _watch(self, tunnel: Tunnel) -> None:
        """Start it again when it breaks; give up when that fails several times in a row."""
        failed = 0
        while failed < TRIES:
            assert tunnel.proxy is not None
            try:
                if not failed:
                    tunnel.error = await self._broken(tunnel, tunnel.proxy)
                tunnel.stage = Stage.AGAIN
                await tunnel.proxy.stop()
                if failed:
                    await self._services.pause(2.0**failed)
                await self._start(tunnel)
                failed = 0
            except ClawError as error:
                tunnel.error, failed = error, failed + 1
        await tunnel.proxy.stop() if tunnel.proxy else None
        tunnel.stage = Stage.BROKEN

    async def _broken(self, tunnel: Tunnel, proxy: Proxy) -> ClawError:
        """Wait until it ends by itself, or leads nowhere for long; why."""
        end = asyncio.ensure_future(proxy.ended())
        silence = asyncio.ensure_future(self._silence(tunnel))
        try:
            await asyncio.wait((end, silence), return_when=asyncio.FIRST_COMPLETED)
            return end.result() if end.done() else silence.result()
        finally:
            for task in (end, silence):
                task.cancel()
            await asyncio.gather(end, silence, return_exceptions=True)

    async def _silence(self, tunnel: Tunnel) -> ClawError:
        missed = 0
        while missed < SILENCES:
            await self._services.pause(LOOK_SECONDS)
            answer = await self._services.tunnels.answers(tunnel.port)
            tunnel.silent = not answer.json_ok
            missed = missed + 1 if tunnel.silent else 0
        return TunnelSilent(_("The gateway did not answer through the tunnel for a while."))

    # -- ending ---------------------------------------------------------------------------------------------------
    async def _stop(self, tunnel: Tunnel) -> None:
        if tunnel.watch is not None:
            tunnel.watch.cancel()
            await asyncio.gather(tunnel.watch, return_exceptions=True)
            tunnel.watch = None
        if tunnel.proxy is not None:
            await tunnel.proxy.stop()
            tunnel.proxy = None
        tunnel.stage = Stage.OFF

    async def close(self, app: str) -> None:
        """Stop it, also one that was left on."""
        async with self._turn:
            await self._stop(self.tunnel(app))
            await self._services.tunnels.stop_left(app)
            self._tunnels.pop(app, None)

    async def leave_on(self, app: str) -> Tunnel:
        """Have it outlive us: it is started anew, at the same port, as a program of its own. Raises ClawError."""
        tunnel = await self.open(app)
        async with self._turn:
            if tunnel.stays:
                return tunnel
            await self._stop(tunnel)
            tunnels = self._services.tunnels
            left = await tunnels.start_to_stay(app, tunnel.port)
            new = Tunnel(app, Stage.STARTING, left.port, left.since, stays=True)
            async with AsyncExitStack() as undo:
                undo.callback(self._tunnels.pop, app, None)
                undo.push_async_callback(tunnels.stop_left, app)
                await self._ready_to_stay(new)
                undo.pop_all()
            return self.tunnel(app)

    async def _ready_to_stay(self, tunnel: Tunnel) -> None:
        ready = asyncio.ensure_future(self._ready(tunnel))
        try:
            while not ready.done():
                if self._services.tunnels.left_on(tunnel.app) is None:
                    raise self._services.tunnels.why(tunnel.app)
                await asyncio.wait((ready,), timeout=0.1)
            await ready
        finally:
            ready.cancel()
            await asyncio.gather(ready, return_exceptions=True)

    async def end(self) -> None:
        """With the sitting: all of ours end, those that were left on stay."""
        for tunnel in self._tunnels.values():
            if not tunnel.stays:
                await self._stop(tunnel)
        self._tunnels.clear()
        with suppress(ClawError):
            await self._services.tunnels.rest()
