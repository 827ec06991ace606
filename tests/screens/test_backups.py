"""Home's screen for earlier openclaw.json files, driven by its keys, on the simulated cloud and with the real runner."""

from __future__ import annotations

import json

import pytest

from claw_tui.domain.jobs import JobState
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import have_gateway
from tests.engine.test_delivery import CONFIG, files, in_machine
from tests.engine.test_rescue import break_it
from tests.screens.driver import Driver, driving

pytestmark = pytest.mark.anyio


def older(cloud: Cloud, **changes: object) -> str:
    """A backup of a file as it was before."""
    config = json.loads(files(cloud)[CONFIG]["text"])
    text = json.dumps({**config, **changes}, indent=2)
    in_machine(lambda _machine, inside: inside.put(CONFIG + ".before-20260101-000000", text))
    return text


async def open_backups(driver: Driver) -> None:
    driver.session.home_app = "my-app"
    await driver.go("home")
    await driver.until("Looked at")
    await driver.press("b")
    await driver.until("before-20260101-000000")


async def test_see_what_differs_and_put_it_back(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    now = files(cloud)[CONFIG]["text"]
    model = {"defaults": {"model": {"primary": "anthropic/claude-haiku-4-5"}}, "entries": {"main": {}}}
    then = older(cloud, agents=model)
    async with driving() as driver:
        await open_backups(driver)
        assert "differs" in driver.text
        await driver.press("enter")
        await driver.until("From the file of now to", "claude-haiku-4-5")
        await driver.press("escape")
        await driver.press("p")
        await driver.until("in the place of openclaw.json?")
        await driver.press("down", "enter")
        await driver.until("Done: the gateway runs with this openclaw.json")
        run = driver.session.run
        assert run is not None
        assert run.state() is JobState.DONE
        assert files(cloud)[CONFIG]["text"] == then
        assert now in [entry["text"] for name, entry in files(cloud).items() if ".before-2026" in name]
        await driver.press("ctrl+n")
        await driver.until("Looked at")


async def test_a_literal_secret_is_masked(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    gateway = json.loads(files(cloud)[CONFIG]["text"])["gateway"]
    older(cloud, gateway={**gateway, "auth": {"mode": "token", "token": "literal\x43ANARYliteralCANARY"}})
    async with driving() as driver:
        await open_backups(driver)
        await driver.press("enter")
        await driver.until("secrets that stand in it")
        assert "CANARY" not in driver.text


async def test_what_is_in_place_is_not_put_back(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    text = files(cloud)[CONFIG]["text"]
    in_machine(lambda _machine, inside: inside.put(CONFIG + ".before-20260101-000000", text))
    async with driving() as driver:
        await open_backups(driver)
        await driver.press("p")
        await driver.until("byte for byte")
        assert driver.session.run is None


async def test_a_machine_that_is_stopped_says_so(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    in_machine(lambda machine, _files: machine.update(state="stopped"))
    async with driving() as driver:
        driver.session.home_app = "my-app"
        await driver.go("backups")
        await driver.until("The machine is stopped: its files can't be read now.")


async def test_the_rescue_by_its_key(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    good = files(cloud)[CONFIG]["text"]
    in_machine(lambda _machine, inside: inside.put(CONFIG + ".before-20260101-000000", good))
    break_it("{")
    async with driving(size=(100, 32)) as driver:
        driver.session.home_app = "my-app"
        await driver.go("home")
        await driver.until("it refuses to start (exit code 78)", "X Rescue")
        await driver.press("x")
        await driver.until("Start the machine without the gateway")
        await driver.press("down", "enter")
        await driver.until("The machine runs without the gateway", "OpenClaw refuses it")
        await driver.press("ctrl+n")
        await driver.until("it runs without the gateway; X goes on from here")
        await driver.press("x")
        await driver.until("How is the gateway to start again?", "Put before-20260101-000000 back")
        await driver.press("down", "enter")
        await driver.until("Done: the gateway runs again")
        assert files(cloud)[CONFIG]["text"] == good
        await driver.press("ctrl+n")
        await driver.until("goes on from here", gone=True)
