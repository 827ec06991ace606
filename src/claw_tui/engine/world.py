"""Reading what exists, in parallel."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from typing import Any

from claw_tui.domain.errors import AppNotFound
from claw_tui.domain.world import World
from claw_tui.ports import FlyLook

PARTS = ("app", "volumes", "secrets", "ips", "machines")


async def read_world(
    fly: FlyLook, app: str, parts: Collection[str] = PARTS, known: World | None = None
) -> World:
    """Read ``parts`` of what ``app`` has; the rest is taken over from ``known``.

    Raises FlyError. An app that does not exist is an empty world.
    """
    readers: dict[str, Callable[[str], Awaitable[Any]]] = {
        "app": fly.app, "volumes": fly.volumes, "secrets": fly.secrets, "ips": fly.ips, "machines": fly.machines,
    }  # fmt: skip
    found: dict[str, Any] = {}

    async def read(part: str) -> None:
        try:
            found[part] = await readers[part](app)
        except AppNotFound:
            found[part] = None if part == "app" else ()

    await _all(read(part) for part in parts)
    return replace(known or World(), **found)


async def _all(calls: Any) -> None:
    """Wait for all; of several failures the first is raised as itself."""
    try:
        async with asyncio.TaskGroup() as group:
            for call in calls:
                group.create_task(call)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from failures
