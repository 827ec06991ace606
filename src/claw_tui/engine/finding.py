"""Which of the account's apps are OpenClaw gateways, whoever made them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from claw_tui.domain.errors import FlyError
from claw_tui.domain.world import App, Machine
from claw_tui.engine.world import WorldReader

AT_ONCE = 4
MOST = 30
SIGNS = ("OPENCLAW_STATE_DIR", "CLAWDBOT_STATE_DIR", "MOLTBOT_STATE_DIR")
IMAGES = ("openclaw", "clawdbot", "moltbot")


def looks_like_gateway(machine: Machine) -> bool:
    """By its environment, its image, or its command."""
    if any(name in machine.env for name in SIGNS):
        return True
    words = " ".join(machine.command)
    return any(name in machine.image for name in IMAGES) or ("gateway" in words and "dist/index.js" in words)


async def find_gateways(reader: WorldReader, apps: Iterable[App], ours: Iterable[str]) -> tuple[str, ...]:
    """Names of gateways among ``apps``; those that this program made are known without asking."""
    known = set(ours)
    slots = asyncio.Semaphore(AT_ONCE)

    async def is_gateway(app: App) -> bool:
        if app.name in known:
            return True
        if not app.deployed and app.status not in ("deployed", "suspended"):
            return False
        async with slots:
            try:
                world = await reader.read(app.name, ("machines",))
                return any(map(looks_like_gateway, world.machines))
            except FlyError:
                return False

    some = list(apps)[:MOST]
    found = await asyncio.gather(*map(is_gateway, some))
    return tuple(app.name for app, yes in zip(some, found, strict=True) if yes)
