"""All gateways of the account, across its organizations: found, and read side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from claw_tui.domain.errors import ClawError, FlyError
from claw_tui.domain.fleet import GatewayRow, row_of, unread_row
from claw_tui.domain.world import App
from claw_tui.engine.finding import AT_ONCE, MOST, find_gateways
from claw_tui.engine.session import Session
from claw_tui.engine.vitals import PRICED, price_of


class Fleet:
    """``problem``: why the last look at one of them failed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._apps: tuple[App, ...] = ()
        self._unread: dict[str, FlyError] = {}
        self._failed: set[str] = set()
        self.problem: ClawError | None = None

    @property
    def not_looked_at(self) -> int:
        """Apps of the account beyond those that are looked at, and those that could not be."""
        return max(0, len(self._session.apps) - MOST) + len(self._unread)

    async def find(self) -> None:
        """Which there are. Raises FlyError, StateError."""
        session = self._session
        await session.load_account()
        begun = [run.job.app for run in session.services.runs.unfinished()]
        known = (*session.services.state.known_apps(), *begun)
        self._unread = {}
        names = await find_gateways(session.reader, session.apps, known, self._unread)
        found = (app for app in session.apps if app.name in names)
        self._apps = tuple(sorted(found, key=lambda app: app.name))

    async def look(self, told: Callable[[], None], *, max_age: float = 0.0) -> None:
        """Read each; what can't be read stays as it was, and ``problem`` says why."""
        slots = asyncio.Semaphore(AT_ONCE)
        self.problem = next(iter(self._unread.values()), None)

        async def one(app: App) -> None:
            async with slots:
                try:
                    await self._session.look(app.name, PRICED, max_age=max_age)
                    self._failed.discard(app.name)
                except ClawError as error:
                    self.problem = error
                    self._failed.add(app.name)
            told()

        await asyncio.gather(*map(one, self._apps))

    @property
    def apps(self) -> tuple[App, ...]:
        return self._apps

    def rows(self) -> list[GatewayRow]:
        """By what is known now. Nothing is asked."""
        return [self._row(app) for app in self._apps]

    def _row(self, app: App) -> GatewayRow:
        reader = self._session.reader
        world = reader.known(app.name)
        known = {part for part in PRICED if reader.age(app.name, (part,)) is not None}
        if "machines" not in known:
            return unread_row(app, failed=app.name in self._failed)
        price = price_of(app.name, world) if len(known) == len(PRICED) else None
        return row_of(app, world, price, ips_known="ips" in known)
