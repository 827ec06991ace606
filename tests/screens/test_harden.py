"""Home's key H: private and public again, the question about a paid address, and the way in from the command line."""

from __future__ import annotations

import os

import pytest

from claw_tui.app import ClawApp
from claw_tui.domain.jobs import JobState
from claw_tui.ports import Services
from claw_tui.wiring import services_for
from tests.conftest import Cloud
from tests.engine.rig import ended, have_gateway
from tests.engine.test_hardening import add_v4, have_guides, ips
from tests.screens.driver import Driver, driving
from tests.screens.test_update import open_home

pytestmark = pytest.mark.anyio


async def run_ended(driver: Driver) -> None:
    """The proof looks around in many calls: on a busy computer it takes longer than a screen may."""
    await driver.until("Deploy the same gateway")
    run = driver.session.run
    assert run is not None
    await ended(run, 150)


SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@SIZES
async def test_private_and_public_again(services: Services, cloud: Cloud, size: tuple[int, int]) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving(size) as driver:
        await open_home(driver)
        await driver.until("everybody, with the token", "H Harden")
        assert "Make public" not in driver.text
        await driver.press("h")
        await driver.until(
            "Make my-app private", "Now everybody can open https://my-app.fly.dev", "Leave it as it is"
        )
        await driver.press("enter")
        await driver.until("Make my-app private", gone=True)
        assert ips(cloud) == ["shared_v4", "v6"], "nothing was done"
        await driver.press("h")
        await driver.until("Make it private")
        await driver.press("down", "enter")
        await driver.until("Done: the internet does not reach it any more", "W on Home opens a tunnel")
        assert ips(cloud) == ["private_v6"]
        await driver.press("ctrl+n")
        await driver.until("your own network only", "Make public")
        assert "Harden" not in driver.text
        await driver.press("h")
        await driver.until("Make my-app public", "Make it public")
        await driver.press("down", "enter")
        await run_ended(driver)
        await driver.until("Done: everybody with the token reaches it at https://my-app.fly.dev")
        await driver.press("ctrl+n")
        await driver.until("everybody, with the token", "H Harden")


async def test_a_paid_address_is_asked_about_by_itself(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    add_v4()
    async with driving() as driver:
        await open_home(driver)
        await driver.press("h")
        await driver.until("A dedicated IPv4 address", "$2.00 a month", "Keep it: the result is not private")
        await driver.press("escape")
        await driver.until("A dedicated IPv4 address", gone=True)
        assert driver.session.run is None
        await driver.press("h")
        await driver.until("A dedicated IPv4 address")
        await driver.press("enter")
        await driver.until("Make it private")
        await driver.press("down", "enter")
        await run_ended(driver)
        await driver.until("It is NOT private")
        assert ips(cloud) == ["private_v6", "v4"]
        await driver.press("ctrl+n")
        await driver.until("everybody, with the token")
        await driver.press("h")
        await driver.until("A dedicated IPv4 address")
        await driver.press("down", "enter")
        await driver.until("Make it private")
        await driver.press("down", "enter")
        await run_ended(driver)
        await driver.until("Done: the internet does not reach it any more")
    assert ips(cloud) == ["private_v6"]


async def test_the_guides_recipe_is_explained(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_guides(services, cloud, private=True)
    async with driving() as driver:
        await open_home(driver)
        await driver.until("nobody: nothing leads to it; H gives it a private way in")
        await driver.press("h")
        await driver.until("the gateway listens on IPv4 only")


async def test_a_failure_is_tried_again_and_gone_on_with_later(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log_in()
    await have_gateway(services)
    cloud.faults(monkeypatch, {"command": "ips release", "exit": 1, "stderr": "Error: 502 Bad Gateway"})
    async with driving() as driver:
        await open_home(driver)
        await driver.press("h")
        await driver.until("Make it private")
        await driver.press("down", "enter")
        await run_ended(driver)
        await driver.until("Try again")
        run = driver.session.run
        assert run is not None
        assert run.state() is JobState.FAILED
    async with driving() as driver:
        await driver.until("Go on making my-app private")
        await driver.press("enter")
        await driver.until("502 Bad Gateway")
        await driver.settle()
        await driver.press("r")
        await run_ended(driver)
        await driver.until("Done: the internet does not reach it any more")
    assert ips(cloud) == ["private_v6"]


@pytest.mark.parametrize("app", ["", "my-app", "no-such-app"])
async def test_from_the_command_line(services: Services, cloud: Cloud, app: str) -> None:
    cloud.log_in()
    await have_gateway(services)
    made = ClawApp(lambda: services_for(os.environ, demo=True), demo=True, goal=("harden", app))
    async with made.run_test(size=(80, 24), notifications=True) as pilot:
        driver = Driver(made, pilot)
        if app == "no-such-app":
            await driver.until("There is no app no-such-app in this account.")
        else:
            await driver.until("Make my-app private", "Leave it as it is")
        made.leave_now()
