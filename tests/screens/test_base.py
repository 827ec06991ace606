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
from claw_tui.screens.login import LoginDialog
from tests.conftest import Cloud
from tests.screens.driver import Driver, driving

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


async def open_login(driver: Driver) -> None:
    await driver.go("account")
    await driver.press("home", "enter")
    await driver.until("Log in to Fly.io", "In the demo the code is")


async def test_a_window_that_takes_a_moment_to_close_is_closed_once(cloud: Cloud) -> None:
    """Escape is pressed again by those who see nothing happen; the second one is no screen's to take away."""
    async with driving() as driver:
        await open_login(driver)
        window = driver.app.screen
        assert isinstance(window, LoginDialog)
        window.action_close()
        window.action_close()
        await driver.until("You are not logged in.")
        await driver.settle()
        await open_login(driver)


async def test_a_window_that_ends_by_itself_takes_what_lies_over_it_along(cloud: Cloud) -> None:
    async with driving() as driver:
        await open_login(driver)
        await driver.type("demo")
        await driver.press("enter", "f1")
        await driver.until("Logged in as you@example.com")
        assert "Keys here" not in driver.text
        assert len(driver.app.screen_stack) == 1


async def test_a_window_that_ends_while_another_step_is_shown_is_gone_when_one_comes_back(
    cloud: Cloud,
) -> None:
    async with driving() as driver:
        await open_login(driver)
        window = driver.app.screen
        driver.app.go("start")
        await driver.until("What would you like to do?")
        window.dismiss(True)
        await driver.until("What would you like to do?")
        driver.app.go("account")
        await driver.until("You are not logged in.", "Paste a token")
        assert len(driver.app.screen_stack) == 1
