"""Home's key I: look around in the machine, fetch a file, put one."""

from __future__ import annotations

from pathlib import Path

import pytest

from claw_tui.ports import Services
from tests.adapters.test_gateway import beside
from tests.conftest import Cloud
from tests.engine.rig import have_gateway
from tests.screens.driver import Driver, driving
from tests.screens.test_update import open_home

pytestmark = pytest.mark.anyio


async def open_files(driver: Driver) -> None:
    await open_home(driver)
    await driver.settle()
    await driver.press("i")
    await driver.until("/data", "notes.txt", "openclaw.json")


async def move_to(driver: Driver, name: str) -> None:
    await driver.press("home")
    for _row in range(40):
        if driver.app.screen.query_one("#files").current == name:  # type: ignore[attr-defined]
            return
        await driver.press("down")
    raise AssertionError(name)


async def test_a_folder_that_was_not_read_yet_is_not_an_empty_one(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log_in()
    await have_gateway(services)
    cloud.faults(monkeypatch)
    async with driving() as driver:
        await open_home(driver)
        await driver.settle()
        gate = cloud.hold(monkeypatch, "machine exec")
        await driver.press("i")
        await driver.until_true(gate.is_reached)
        await driver.press("g")
        await driver.until("The folder has not been read yet")
        gate.open()
        await driver.until("openclaw.json")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_look_fetch_and_put(
    services: Services, cloud: Cloud, tmp_path: Path, size: tuple[int, int]
) -> None:
    cloud.log_in()
    await have_gateway(services)
    beside(cloud, "a note\nits token: api_token=abcdefgh\n", "/data/notes.txt")
    async with driving(size) as driver:
        await open_files(driver)
        await driver.until("-rw------- node")
        await move_to(driver, "notes.txt")
        await driver.press("enter")
        await driver.until("a note", "api_token=***")
        await driver.press("escape")
        await move_to(driver, "openclaw.json")
        await driver.press("enter")
        await driver.until("may hold secrets")
        await driver.press("g")
        await driver.until("Fetch /data/openclaw.json to")
        driver.fill(str(tmp_path / "nothing" / "mine.json"))
        await driver.press("enter")
        await driver.until("There is no folder", "make it first")
        local = tmp_path / "mine.json"
        driver.fill(str(local))
        await driver.press("enter")
        await driver.until("Fetched:")
        assert '"gateway"' in local.read_text()
        local.write_text("another note\n")
        await driver.press("p")
        await driver.until("Which file of this computer?")
        driver.fill("/nope")
        await driver.press("enter")
        await driver.until("✗ /nope is no file that can be sent.", "Which file of this computer?")
        driver.fill(str(local))
        await driver.press("enter")
        await driver.until("Put it where in the machine?")
        driver.fill("nothing/notes.txt")
        await driver.press("enter")
        await driver.until("✗ There is no folder /data/nothing in the machine.", "nothing/notes.txt")
        driver.fill("notes.txt")
        await driver.press("enter")
        await driver.until("notes.txt is in the machine already. Replace it?")
        await driver.press("down", "enter")
        await driver.until("Put: /data/notes.txt", "node, 600")
        assert cloud.app("my-app")["volumes"][0]["files"]["/data/notes.txt"]["text"] == "another note\n"
        await driver.press("f")
        await driver.until("Which folder in the machine?")
        driver.fill("/data/nothing")
        await driver.press("enter")
        await driver.until("There is no folder /data/nothing")


async def test_openclaw_json_goes_the_checked_way(services: Services, cloud: Cloud, tmp_path: Path) -> None:
    cloud.log_in()
    await have_gateway(services)
    beside(cloud, "x", "/data/notes.txt")
    local = tmp_path / "openclaw.json"
    local.write_text("{}")
    async with driving() as driver:
        await open_files(driver)
        await driver.press("p")
        await driver.until("Which file of this computer?")
        driver.fill(str(local))
        await driver.press("enter")
        await driver.until("Put it where in the machine?")
        await driver.press("enter")
        await driver.until("the gateway's own file", "F7 loads your file")
        await driver.press("down", "enter")
        await driver.until("F7 Load one")
