"""Reading what exists: in parallel, once for all who ask, and kept with its age."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from claw_tui.domain.errors import AppNotFound
from claw_tui.domain.world import Snapshot, World

if TYPE_CHECKING:
    from claw_tui.ports import FlyReads

PARTS = ("app", "volumes", "secrets", "ips", "machines")  # what a plan is made of
SHOWN = (*PARTS, "releases")  # and what Home shows besides
KNOWN = (*SHOWN, "leases")  # and what is only asked where it counts
YOUNG_SECONDS = 10.0  # what was read so lately is not asked for again when a screen is only opened


@dataclass(slots=True)
class _Kept:
    """A part as it was read. ``at``: when the reading of it began, by the reader's clock."""

    value: Any  # of the type that World has for the part
    at: float
    young: bool = True


@dataclass(slots=True)
class _Reading:
    """A part that is being read, for everybody who asks in the meantime. Its result: whether it still counted."""

    task: asyncio.Future[bool]
    askers: int = 0


class WorldReader:
    """The one that asks Fly.io what an app has. ``clock`` in seconds; it never goes back."""

    def __init__(self, fly: FlyReads, clock: Callable[[], float] = time.monotonic) -> None:
        self._fly, self._clock = fly, clock
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._going: dict[tuple[str, str], _Reading] = {}

    async def read(self, app: str, parts: Iterable[str] = PARTS, *, max_age: float = 0.0) -> World:
        """What ``app`` has: ``parts`` at most ``max_age`` seconds old, the rest as it was read last.

        Parts that are asked for are read side by side, and a reading that is already going on is shared. Each is
        waited for and kept; then the first failure is raised (FlyError, StateError). An app that does not exist is
        an empty world.
        """
        old = [part for part in parts if self._age(app, part) >= max_age]
        results = await asyncio.gather(*(self._share(app, part) for part in old), return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return self.known(app)

    async def snapshots(self, app: str, volume: str) -> tuple[Snapshot, ...]:
        """Of one volume, oldest first; never kept, for whoever asks waits for a new one. Raises FlyError."""
        return await self._fly.snapshots(app, volume)

    async def deployed_config(self, app: str) -> Mapping[str, object]:
        """Made up by flyctl from a machine; never kept, for it is asked once in a while. Raises FlyError."""
        return await self._fly.deployed_config(app)

    async def certificates(self, app: str) -> tuple[str, ...]:
        """Host names; never kept. Raises FlyError."""
        return tuple(certificate.host for certificate in await self._fly.certificates(app))

    async def members(self, org: str) -> tuple[str, ...]:
        """Whom an organization's private network is open to; never kept. Raises FlyError."""
        return tuple(person.email for person in await self._fly.members(org))

    def known(self, app: str) -> World:
        """What was read of ``app`` so far, however long ago."""
        found = {part: self._kept[app, part].value for part in KNOWN if (app, part) in self._kept}
        return replace(World(), **found)

    def age(self, app: str, parts: Iterable[str] = PARTS) -> float | None:
        """Seconds since the oldest of ``parts`` was read; None as long as one never was."""
        if any((app, part) not in self._kept for part in parts):
            return None
        return max(self._clock() - self._kept[app, part].at for part in parts)

    def changed(self, app: str, parts: Iterable[str] = KNOWN) -> None:
        """Something was done to ``parts``: the next who asks for them gets a reading that begins after this."""
        for part in parts:
            self._going.pop((app, part), None)
            if (app, part) in self._kept:
                self._kept[app, part].young = False

    def forget(self) -> None:
        """Another account is logged in."""
        self._going.clear()
        self._kept.clear()

    def _age(self, app: str, part: str) -> float:
        kept = self._kept.get((app, part))
        return self._clock() - kept.at if kept is not None and kept.young else float("inf")

    async def _share(self, app: str, part: str) -> None:
        while not await self._join(app, part):
            """Something was changed in the meantime."""

    async def _join(self, app: str, part: str) -> bool:
        key = (app, part)
        reading = self._going.get(key)
        if reading is None:
            reading = self._going[key] = _Reading(asyncio.ensure_future(self._ask(app, part)))
        reading.askers += 1
        try:
            return await asyncio.shield(reading.task)
        finally:
            reading.askers -= 1
            if not reading.askers:
                await self._end(key, reading)

    async def _end(self, key: tuple[str, str], reading: _Reading) -> None:
        """Nobody waits for it any more: what still runs for it is stopped."""
        if self._going.get(key) is reading:
            del self._going[key]
        if not reading.task.done():
            reading.task.cancel()
            await asyncio.gather(reading.task, return_exceptions=True)

    async def _ask(self, app: str, part: str) -> bool:
        begun, key = self._clock(), (app, part)
        ask: Callable[[str], Any] = getattr(self._fly, part)
        try:
            value = await ask(app)
        except AppNotFound:
            value = None if part == "app" else ()
        going = self._going.get(key)
        if going is None or going.task is not asyncio.current_task():
            return False
        self._kept[key] = _Kept(value, begun)
        return True
