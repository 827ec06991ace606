"""What all screens have in common."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

import claw_tui.screens
from claw_tui.screens.base import Dialog, Page
from tests.conftest import Cloud
from tests.screens.driver import driving

pytestmark = pytest.mark.anyio


class Last(Vertical):
    """It takes a while to go: what stood beside it is gone by then, and the screen is not."""

    async def on_unmount(self) -> None:
        while self.screen.query("#line"):
            await asyncio.sleep(0)
        for _ in range(9):
            await asyncio.sleep(0)


def widgets() -> ComposeResult:
    yield Static("Waiting", id="line")
    yield Last()


async def answer(screen: Screen[None]) -> None:
    """Something that is known at the worst moment."""
    while screen.query("#line"):
        await asyncio.sleep(0)
    screen.query_one("#line", Static).update("Here it is")


class SlowDialog(Dialog[None]):
    def compose_body(self) -> ComposeResult:
        yield from widgets()

    @work
    async def load(self) -> None:
        await answer(self)


class SlowPage(Page):
    def compose_body(self) -> ComposeResult:
        yield from widgets()

    @work
    async def load(self) -> None:
        await answer(self)


def everything(kind: type[Screen[Any]]) -> Iterator[type[Screen[Any]]]:
    for one in kind.__subclasses__():
        yield one
        yield from everything(one)


def test_f1_says_something_everywhere() -> None:
    for module in pkgutil.iter_modules(claw_tui.screens.__path__):
        importlib.import_module(f"claw_tui.screens.{module.name}")
    ours = [
        one for base in (Page, Dialog) for one in everything(base) if one.__module__.startswith("claw_tui")
    ]
    assert len(ours) > 50
    silent = {one.__name__ for one in ours if not getattr(one, "HELP", "") and not one.__subclasses__()}
    assert silent == {"HelpDialog"}


@pytest.mark.parametrize("kind", [SlowDialog, SlowPage])
async def test_an_answer_that_comes_while_its_screen_goes_is_no_crash(
    kind: type[SlowDialog | SlowPage], cloud: Cloud
) -> None:
    async with driving() as driver:
        screen = kind()
        await driver.app.push_screen(screen)
        screen.load()
        await driver.app.pop_screen()
        await driver.settle()
        assert driver.app.return_code is None
