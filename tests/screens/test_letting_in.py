"""Home's key A: who waits, who is in."""

from __future__ import annotations

import pytest

from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import have_gateway
from tests.screens.driver import Driver, driving
from tests.screens.test_update import open_home

pytestmark = pytest.mark.anyio


async def open_list(driver: Driver) -> None:
    await open_home(driver)
    await driver.settle()
    await driver.press("a")
    await driver.until("Enter lets in who waits", "Chrome", "ada", "min left")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_let_in_look_and_take_out(services: Services, cloud: Cloud, size: tuple[int, int]) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving(size) as driver:
        await open_list(driver)
        await driver.press("enter")
        await driver.until("Let this in? Chrome", "Not now")
        await driver.press("escape")
        await driver.until("Let this in?", gone=True)
        await driver.press("enter")
        await driver.until("Let this in? Chrome")
        await driver.press("down", "enter")
        await driver.until("Let in: Chrome", "Devices that are in", "may do everything")
        await driver.press("home", "enter")
        await driver.until("The first one becomes the owner", "The code is")
        await driver.press("down", "enter")
        await driver.until("Let in: ada", "Nobody waits to be let in", "owner")
        await driver.press("end", "delete")
        await driver.until("/allowlist remove dm --channel discord 987654321098765432")
        await driver.press("escape", "home", "enter")
        await driver.until("System: MacIntel", "operator.admin")
        await driver.press("escape", "delete")
        await driver.until("Take Chrome out?")
        await driver.press("down", "enter")
        await driver.until("Taken out: Chrome")
        await driver.until("Devices that are in", gone=True)
        await driver.press("escape")
        await driver.until("M More", "Log")


async def test_turn_away(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving() as driver:
        await open_list(driver)
        for name in ("Chrome", "ada"):
            await driver.press("home", "delete")
            await driver.until(f"Turn this away? {name}")
            await driver.press("down", "enter")
            await driver.until(f"Turned away: {name}")
            await driver.settle()
        await driver.until("Nobody waits to be let in")
        assert "who are in" not in driver.text


async def test_who_comes_later_is_seen_without_a_key(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claw_tui.demo import world
    from claw_tui.screens import letting_in

    cloud.log_in()
    await have_gateway(services)
    monkeypatch.setattr(letting_in, "AGAIN_SECONDS", 0.1)
    with world.opened() as now:
        came = now["apps"]["my-app"]["machines"][0]["gateway"].pop("somebody")
    async with driving() as driver:
        await open_home(driver)
        await driver.settle()
        await driver.press("a")
        await driver.until("Nobody waits to be let in")
        with world.opened() as now:
            now["apps"]["my-app"]["machines"][0]["gateway"]["somebody"] = came
        await driver.until("Chrome", "ada")


async def test_a_stopped_machine_is_told(services: Services, cloud: Cloud) -> None:
    from claw_tui.demo import world

    cloud.log_in()
    await have_gateway(services)
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["state"] = "stopped"
    async with driving() as driver:
        await open_home(driver)
        await driver.settle()
        await driver.press("a")
        await driver.until("The machine is not running", "Who waits could not be seen")
