"""Driving the screens inside the process: press keys, wait for what is shown, look at what was answered."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot
from textual.widgets import Input

from claw_tui.app import ClawApp
from claw_tui.domain.spec import Spec
from claw_tui.engine.session import Session
from claw_tui.wiring import services_for

SECONDS = 20.0


def shown(app: ClawApp) -> str:
    """The screen's text."""
    return "\n".join(
        "".join(s.text for s in strip).rstrip() for strip in app.screen._compositor.render_strips()
    )


class Driver:
    """One running app."""

    def __init__(self, app: ClawApp, pilot: Pilot[None]) -> None:
        self.app, self._pilot = app, pilot

    @property
    def session(self) -> Session:
        return self.app.session

    @property
    def spec(self) -> Spec:
        return self.app.session.spec

    @property
    def text(self) -> str:
        return shown(self.app)

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self._pilot.press(key)

    async def type(self, text: str) -> None:
        await self._pilot.press(*["space" if char == " " else char for char in text])

    def fill(self, text: str) -> None:
        """Put a long text into the field with the cursor; keys would take a second for each twenty."""
        field = self.app.screen.focused
        assert isinstance(field, Input)
        field.value = text

    async def until(self, *texts: str, gone: bool = False) -> None:
        """Wait until all of ``texts`` are on the screen (or none of them)."""
        end = time.monotonic() + SECONDS
        while True:
            await self._pilot.pause()
            now = self.text
            words = " ".join(now.split())  # a sentence may be broken over lines
            if all((text in now or text in words) != gone for text in texts):
                return
            assert time.monotonic() < end, f"{texts} did not come; the screen was:\n{now}"
            await asyncio.sleep(0.02)

    async def settle(self) -> None:
        """Wait until nothing is being asked any more."""
        await asyncio.wait_for(self.app.workers.wait_for_complete(), SECONDS)
        await self._pilot.pause()

    async def go(self, step: str) -> None:
        self.app.go(step)
        await self._pilot.pause()
        await self.settle()

    async def resize(self, columns: int, rows: int) -> None:
        await self._pilot.resize_terminal(columns, rows)
        await self._pilot.pause()


@asynccontextmanager
async def driving(
    size: tuple[int, int] = (80, 24), spec: Spec | None = None, *, logged_in: bool = True
) -> AsyncIterator[Driver]:
    """The app on the simulated cloud; with ``logged_in``, the account is there and read."""
    app = ClawApp(services_for(os.environ, demo=True))
    async with app.run_test(size=size, notifications=True) as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        if logged_in:
            await app.session.find_login()
            await app.session.load_account()
            await app.session.load_regions()
        if spec is not None:
            app.session.update(**{name: getattr(spec, name) for name in spec.__dataclass_fields__})
        yield driver
        app.leave_now()
