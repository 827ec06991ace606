"""Gathering the facts about an app's exposure: all at once, each one a value or why it could not be asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from claw_tui.domain.errors import ClawError
from claw_tui.domain.exposure.facts import Fact, Facts, Knock, Probe, Records, Unasked
from claw_tui.domain.world import App, Ip
from claw_tui.engine.former import former, remember
from claw_tui.i18n import _
from claw_tui.ports import Services

T = TypeVar("T")
PORTS = (80, 443, 3000)  # of Fly's proxy for web pages, and our own service's
APPS_AT_ONCE = 4
MOST_APPS = 30  # of an organization that are looked at


class ExposureReader:
    """Asks by itself, and always anew: the WorldReader's «nothing there» may also be an app that was not found."""

    def __init__(self, services: Services, app: App, knock: Callable[[], Awaitable[Knock]]) -> None:
        self._services, self._fly, self._app, self._knock = services, services.fly, app, knock

    async def read(self) -> Facts:
        """Never raises but for what is a mistake of ours."""
        app, org, fly, at = self._app.name, self._app.org, self._fly, time.time()
        async with asyncio.TaskGroup() as group:
            ips = group.create_task(asked(fly.ips(app)))
            machines = group.create_task(asked(fly.machines(app)))
            config = group.create_task(asked(fly.deployed_config(app)))
            certificates = group.create_task(asked(fly.certificates(app)))
            v4, v6 = group.create_task(self._records("A")), group.create_task(self._records("AAAA"))
            knock, inside = group.create_task(asked(self._knock())), group.create_task(asked(self._inside()))
            members = group.create_task(asked(fly.members(org)))
            peers = group.create_task(asked(fly.peers(org)))
            open_apps = group.create_task(asked(self._open_apps()))
        addresses = ips.result()
        known = self._remembered(() if isinstance(addresses, Unasked) else addresses)
        named = [
            one
            for found in (v4.result(), v6.result())
            if isinstance(found, Records)
            for one in found.addresses
        ]
        tried = await self._probes((*(ip.address for ip in known), *named))
        return Facts(
            app, org, addresses, machines.result(), config.result(), certificates.result(), v4.result(), v6.result(),
            tuple(ip.address for ip in known), tried, knock.result(), members.result(), peers.result(), open_apps.result(),
            inside.result(), at,
        )  # fmt: skip

    def _remembered(self, ips: Iterable[Ip]) -> tuple[Ip, ...]:
        """What it has now will be tried after its release too; a disk that is full keeps nobody from looking."""
        state, app = self._services.state, self._app.name
        found = tuple(ips)
        try:
            remember(state, app, found)
        except ClawError:
            known = {ip.address for ip in found}
            return (*found, *(ip for ip in former(state, app) if ip.address not in known))
        return former(state, app)

    async def _records(self, kind: str) -> Fact[Records]:
        return await asked(self._services.outside.records(f"{self._app.name}.fly.dev", kind))

    async def _probes(self, addresses: Iterable[str]) -> tuple[Probe, ...]:
        host, outside = f"{self._app.name}.fly.dev", self._services.outside
        tries = [outside.probe(host, address, port) for address in dict.fromkeys(addresses) for port in PORTS]
        return tuple(await asyncio.gather(*tries))

    async def _open_apps(self) -> tuple[str, ...]:
        """Other apps of the organization with a public address. Raises ClawError when one could not be asked."""
        own, gate = self._app, asyncio.Semaphore(APPS_AT_ONCE)

        async def opened(app: App) -> str:
            async with gate:
                return app.name if any(ip.public for ip in await self._fly.ips(app.name)) else ""

        others = [app for app in await self._fly.apps() if app.org == own.org and app.name != own.name]
        found = await asyncio.gather(*map(opened, others[:MOST_APPS]))
        left = [_("{count} more were not asked").format(count=len(others) - MOST_APPS)] * (
            len(others) > MOST_APPS
        )
        return (*filter(None, found), *left)

    async def _inside(self) -> tuple[str, ...]:
        machine = next((m for m in await self._fly.machines(self._app.name) if m.state == "started"), None)
        return () if machine is None else await self._services.gateway.tunnels(self._app.name, machine.id)


async def asked(question: Awaitable[T]) -> Fact[T]:
    """The answer, or why there is none."""
    try:
        return await question
    except ClawError as error:
        return Unasked(" ".join(dict.fromkeys([error.message, *error.detail.splitlines()[:1]])))
