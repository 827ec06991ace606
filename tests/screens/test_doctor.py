"""Home's key G: what is wrong, what it rests on, and its mending."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from claw_tui.demo import world
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.ports import RunHandle, Services
from tests.conftest import Cloud
from tests.doctor.asking import sick
from tests.doctor.worlds import BROKEN
from tests.engine.rig import ended, have_gateway
from tests.screens.driver import Driver, driving
from tests.screens.test_update import open_home

pytestmark = pytest.mark.anyio
CONFIG = "/data/openclaw.json"


async def a_sick_one(services: Services) -> None:
    """Whose file is root's, and whose page nobody may open."""
    await have_gateway(services)
    with world.opened() as now:
        app = now["apps"]["my-app"]
        machine = app["machines"][0]
        machine["gateway"]["somebody"] = None
        files = SimulatedFiles(app, machine)
        config = json.loads(files.read(CONFIG) or "{}")
        config["gateway"]["controlUi"]["allowedOrigins"] = []
        files.put(CONFIG, json.dumps(config))
        files.set_owner(CONFIG, "0:0")


def runs(driver: Driver) -> list[RunHandle]:
    return [driver.session.run] if driver.session.run is not None else []


async def looked(driver: Driver) -> None:
    await open_home(driver)
    await driver.press("g")
    await driver.until("Looking from all sides")
    end = time.monotonic() + 120.0  # it asks for some twenty things, each by a process of its own
    while "Looking from all sides" in driver.text:
        assert time.monotonic() < end, driver.text
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_what_is_wrong_is_shown_and_mended(
    services: Services, cloud: Cloud, size: tuple[int, int]
) -> None:
    cloud.log_in()
    await a_sick_one(services)
    async with driving(size) as driver:
        await looked(driver)
        await driver.until(
            "openclaw.json belongs to another user", "0:0 600", "What helps (Enter)", "F Mend all"
        )
        await driver.press("enter")
        await driver.until("What helps", "See to the owner and the mode", "Leave it as it is")
        await driver.press("escape")
        await driver.until("Leave it as it is", gone=True)
        assert not runs(driver), "nothing was done"
        await driver.press("f")
        await driver.until(
            "allowedOrigins: + https://my-app.fly.dev",
            "Mend settings in openclaw.json: gateway.controlUi.allowedOrigins",
            "Do this",
        )
        await driver.press("down", "enter")
        await driver.until("Look again, from all sides")
        (run,) = runs(driver)
        await ended(run, 200)
        await driver.until("Done: what was to be mended is well now")


async def test_one_that_is_well(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["gateway"]["somebody"] = None
    async with driving() as driver:
        await looked(driver)
        await driver.until("my-app is well: nothing wrong was found.")
        await driver.press("f")
        await driver.until("There is nothing to mend.")
        await driver.press("escape")
        await driver.until("is well: nothing wrong was found", gone=True)
        await driver.until("everybody, with the token")


async def test_what_could_not_be_asked_is_where_the_cursor_is(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log_in()
    await have_gateway(services)
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["gateway"]["somebody"] = None
    cloud.faults(
        monkeypatch, {"command": "config show", "times": 99, "exit": 1, "stderr": "Error: trouble\n"}
    )
    async with driving((80, 24)) as driver:
        await looked(driver)
        await driver.until(
            "not everything could be asked", "It could not be asked: its fly.toml", "| ", "trouble"
        )


@pytest.mark.parametrize("name", ["403: no trustedProxies", "a bot's token, and no channel"])
async def test_the_log_is_opened_at_the_line_that_tells_of_it(
    services: Services, cloud: Cloud, name: str
) -> None:
    """And nothing else that was seen counts as a line of it, nor is a line shown twice."""
    cloud.log_in()
    await sick(next(case for case in BROKEN if case.name == name), services)
    said = {"403": "observed unattributable", "a b": "suppressed ambient channel"}[name[:3]]
    async with driving((80, 24)) as driver:
        await looked(driver)
        await driver.until(said, "What helps (Enter)", "L In the log")
        assert driver.text.count(said) == 1
        await driver.press("l")
        await driver.until("This is the line.", said)
        await driver.press("escape")
        await driver.until("What helps (Enter)")
        await driver.press("home")
        await driver.until("In the log", gone=True)


async def test_what_comes_of_it_is_no_fault_of_its_own(services: Services, cloud: Cloud) -> None:
    """And how each line stands is not cut off at 80 columns."""
    cloud.log_in()
    await sick(next(case for case in BROKEN if case.name == "512 MB"), services)
    async with driving() as driver:
        await looked(driver)
        await driver.until("memory ran out. It explains 1 more.")
        await driver.press(*["up"] * 5)
        await driver.until("not asked")
        assert "not ask…" not in driver.text
