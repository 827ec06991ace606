"""Setting up one gateway after another in one sitting: each has its own answers, and none is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claw_tui.ports import Services
from claw_tui.widgets.line_input import LineInput
from claw_tui.widgets.rail import Rail
from tests.conftest import Cloud
from tests.engine.rig import WISH, have_gateway
from tests.screens.driver import Driver, driving

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def logged_in(cloud: Cloud) -> None:
    cloud.log_in()


def name_shown(driver: Driver) -> str:
    return driver.app.screen.query_one("#name-input", LineInput).value


async def begin_another(driver: Driver) -> None:
    await driver.go("start")
    await driver.until("Set up a new gateway")
    while "Set up a new gateway" not in highlighted(driver):
        await driver.press("down")
    await driver.press("enter")
    await driver.until("Organization")


def highlighted(driver: Driver) -> str:
    from claw_tui.widgets.pick_list import PickList

    return driver.app.screen.query_one("#choices", PickList).current.replace("new", "Set up a new gateway")


async def test_a_new_one_keeps_the_one_that_was_begun(cloud: Cloud) -> None:
    async with driving() as driver:
        driver.session.update(app="half-two")
        await begin_another(driver)
        await driver.go("start")
        await driver.until("Go on with the answers of last time (half-two)")
        await driver.press("home", "enter")
        await driver.go("app")
        assert name_shown(driver) == "half-two"
        await driver.go("start")
        await driver.press("home", "delete")
        await driver.until("Drop the answers for half-two")
        await driver.press("down", "enter")
        await driver.until("answers of last time", gone=True)


async def test_the_form_shows_the_gateway_that_is_edited(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    async with driving() as driver:
        driver.session.home_app = "my-app"
        await driver.go("home")
        await driver.press("e")
        await driver.until("App name", "This app is yours already")
        await driver.press("end")
        await driver.type("q")
        await driver.until("With another name it becomes another gateway; my-app stays.")
        await driver.press("escape")
        await driver.until("M More", "my-app (personal)")
        await driver.go("start")
        await driver.until("(my-appq)")
        driver.session.home_app = "my-app"
        await driver.go("home")
        await driver.press("e")
        await driver.until("App name", "This app is yours already")
        assert (name_shown(driver), driver.spec.app) == ("my-app", "my-app")
        await driver.go("start")
        await driver.until("(my-appq)")
        assert "(my-app)" not in driver.text, "Edit alone is nothing to go on with"


async def test_edit_goes_on_where_it_was_left(services: Services, cloud: Cloud) -> None:
    await have_gateway(services)
    async with driving() as driver:
        state = driver.session.services.state
        state.save_draft(replace(WISH, memory_mb=4096))
        driver.session.home_app = "my-app"
        await driver.go("home")
        await driver.press("e")
        await driver.until("App name", "This app is yours already")
        await driver.settle()
        assert driver.spec.memory_mb == 4096
        for step in ("secrets", "app", "home"):  # and what is changed in it stays, wherever one goes
            await driver.go(step)
            assert driver.spec.memory_mb == 4096
        await driver.press("e")
        await driver.until("App name", "This app is yours already")
        await driver.settle()
        assert driver.spec.memory_mb == 4096
        assert "‹ 4 GB ›" in driver.text


async def test_another_one_begins_at_the_top_without_the_ticks_of_the_one_before(cloud: Cloud) -> None:
    async with driving() as driver:
        driver.session.update(app="half-two")
        for step in ("app", "privacy", "review", "app"):
            await driver.go(step)
        await driver.press("down", "down", "down")
        await begin_another(driver)
        await driver.press("ctrl+n")
        await driver.until("App name")
        focused = driver.app.screen.focused
        assert focused is not None
        assert focused.id == "name-input"
        assert name_shown(driver) not in ("", "half-two")
        assert "Privacy" in driver.text
        assert driver.app.screen.query(Rail)
        assert "✓Privacy" not in driver.text
