"""Which of the account's apps are OpenClaw gateways, whoever made them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from claw_tui.domain.errors import FlyError
from claw_tui.domain.generations import looks_like_gateway
from claw_tui.domain.untold import untold
from claw_tui.domain.world import App, World
from claw_tui.engine.world import WorldReader
from claw_tui.i18n import _

AT_ONCE = 4
MOST = 30


def _looks_like_one(world: World) -> bool:
    """Raises FlyError when Fly.io tells nothing of a machine that may be one."""
    if any(map(looks_like_gateway, world.machines)):
        return True
    if words := untold(world):
        raise FlyError(words, hint=_("Look again later."))
    return False


async def find_gateways(
    reader: WorldReader, apps: Iterable[App], ours: Iterable[str], unread: dict[str, FlyError] | None = None
) -> tuple[str, ...]:
    """Names of gateways among ``apps``; those that this program made are known without asking.

    An app that can't be looked at may be one: it is put into ``unread``. Without that, raises FlyError.
    """
    known = set(ours)
    slots = asyncio.Semaphore(AT_ONCE)

    async def is_gateway(app: App) -> bool:
        if app.name in known:
            return True
        if not app.deployed and app.status not in ("deployed", "suspended"):
            return False
        async with slots:
            try:
                return _looks_like_one(await reader.read(app.name, ("machines",)))
            except FlyError as error:
                if unread is None:
                    raise
                unread[app.name] = error
                return False

    some = list(apps)[:MOST]
    found = await asyncio.gather(*map(is_gateway, some))
    return tuple(app.name for app, yes in zip(some, found, strict=True) if yes)
