"""Driving the screens inside the process: press keys, wait for what is shown, look at what was answered."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import fields
from typing import Any

from textual.events import Key, Paste
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import Worker, get_current_worker

from claw_tui.app import ClawApp
from claw_tui.domain.spec import Spec
from claw_tui.engine.session import Session
from claw_tui.wiring import services_for

SECONDS = 20.0
STEERING = "\x1b]52;c;ZWNobw==\x07\x1b[2J\x9b31m\x1b]0;OWNED\x07\u202e\u2066"  # clipboard, empty screen, colour, title, direction


def shown(app: ClawApp) -> str:
    """The screen's text."""
    return "\n".join(
        "".join(s.text for s in strip).rstrip() for strip in app.screen._compositor.render_strips()
    )


def steers(driver: Driver) -> bool:
    """Whether what goes to the terminal would act on it: styles are Textual's own, and end in "m"."""
    drawn = "".join(
        strip.render(driver.app.console) for strip in driver.app.screen._compositor.render_strips()
    )
    return not re.sub(r"\x1b\[[0-9;]*m", "", drawn).isprintable()


class Driver:
    """One running app."""

    def __init__(self, app: ClawApp, pilot: Pilot[None]) -> None:
        self.app, self._pilot = app, pilot
        self._with_dialogs: set[Worker[Any]] = set()  # they go on when the person has answered
        self._wait_for_answer = app.push_screen_wait
        app.push_screen_wait = self._ask  # type: ignore[method-assign, assignment]

    async def _ask(self, screen: Screen[Any]) -> Any:
        worker = get_current_worker()
        self._with_dialogs.add(worker)
        try:
            return await self._wait_for_answer(screen)
        finally:
            self._with_dialogs.discard(worker)

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
        """Pilot's own ``press`` sleeps 60 ms for each key; what matters is that all it set off is done."""
        for key in keys:
            await self._send(key, " " if key == "space" else key if len(key) == 1 else None)

    async def type(self, text: str) -> None:
        for char in text:
            await self._send(_character_to_key(char), char)

    async def _send(self, key: str, char: str | None) -> None:
        event = Key(key, char)
        event.set_sender(self.app)
        self.app.post_message(event)
        for _ in range(
            3
        ):  # the key, what it set off, and what that set off (a dialog that closes, its answer)
            await self._pilot.pause(0)

    async def paste(self, text: str) -> None:
        self.app.post_message(Paste(text))
        await self._pilot.pause(0)

    def fill(self, text: str) -> None:
        """Put a long text into the field with the cursor; keys would take a second for each twenty."""
        field = self.app.screen.focused
        assert isinstance(field, Input)
        field.value = text

    async def until(self, *texts: str, gone: bool = False) -> None:
        """Wait until all of ``texts`` are on the screen (or none of them)."""
        end = time.monotonic() + SECONDS
        while True:
            await self._pilot.pause(0)
            now = self.text
            words = " ".join(now.split())  # a sentence may be broken over lines
            if all((text in now or text in words) != gone for text in texts):
                return
            assert time.monotonic() < end, f"{texts} did not come; the screen was:\n{now}"
            await asyncio.sleep(0.02)

    async def until_true(self, true: Callable[[], bool]) -> None:
        """Wait for what no text on the screen tells."""
        async with asyncio.timeout(SECONDS):
            while not true():
                await self._pilot.pause(0)
                await asyncio.sleep(0.02)
        await self._pilot.pause(0)

    async def settle(self) -> None:
        """Wait until nothing is being asked any more, of anybody but the person."""
        async with asyncio.timeout(SECONDS):
            while set(self.app.workers) - self._with_dialogs:
                await self._pilot.pause(0)
                await asyncio.sleep(0.005)
        await self._pilot.pause(0)  # what they showed is laid out

    async def go(self, step: str) -> None:
        self.app.go(step)
        await self._pilot.pause(0)
        await self.settle()

    async def resize(self, columns: int, rows: int) -> None:
        await self._pilot.resize_terminal(columns, rows)
        await self._pilot.pause(0)


def answer(app: ClawApp, spec: Spec) -> None:
    app.session.update(**{field.name: getattr(spec, field.name) for field in fields(spec)})


@asynccontextmanager
async def driving(
    size: tuple[int, int] = (80, 24), spec: Spec | None = None, *, early: bool = False
) -> AsyncIterator[Driver]:
    """The app on the simulated cloud, after its Start screen has looked at everything. ``early``: while it looks."""
    app = ClawApp(lambda: services_for(os.environ, demo=True), demo=True)
    async with app.run_test(size=size, notifications=True) as pilot:
        driver = Driver(app, pilot)
        if early:
            await driver.until_true(lambda: app.is_loaded)
        else:
            await driver.settle()
        if spec is not None:
            answer(app, spec)
        try:
            yield driver
        finally:
            app.leave_now()
