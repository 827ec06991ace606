"""Home's key N: a command of OpenClaw, picked or typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from claw_tui.ports import Services
from claw_tui.widgets.line_input import LineInput
from tests.conftest import Cloud
from tests.engine.rig import have_gateway
from tests.screens.driver import driving
from tests.screens.test_update import open_home

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_pick_one_read_it_and_save_it(
    services: Services, cloud: Cloud, tmp_path: Path, size: tuple[int, int]
) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving(size) as driver:
        await open_home(driver)
        await driver.settle()
        await driver.press("n")
        await driver.until("doctor --lint", "what is wrong; nothing", "Link WhatsApp")
        await driver.press("down", "down", "down", "enter")
        await driver.until("Gateway reachable.", "Discord default", "F6 Save to a file")
        await driver.press("f6")
        await driver.until("Save as")
        driver.fill(str(tmp_path / "said.txt"))
        await driver.press("enter")
        await driver.settle()
        assert "Gateway reachable." in (tmp_path / "said.txt").read_text()
        await driver.press("escape", "tab")
        await driver.type("config validate --json")
        await driver.press("enter")
        await driver.until('"valid": true')
        await driver.press("escape")
        await driver.until("typed before")
        await driver.press("escape")
        await driver.until("M More")


async def test_what_is_typed_goes_into_the_line_wherever_the_cursor_is(
    services: Services, cloud: Cloud
) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving() as driver:
        await open_home(driver)
        await driver.settle()
        await driver.press("n")
        await driver.until("doctor --lint")
        await driver.type("Config")
        assert driver.app.screen.query_one(LineInput).value == "Config"
        await driver.press("end", "ctrl+u")
        await driver.type("config validate")
        await driver.press("down", "up")
        await driver.type(" --json")
        await driver.press("enter")
        await driver.until('"valid": true')


async def test_what_is_pasted_goes_there_too_and_runs_nothing(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving() as driver:
        await open_home(driver)
        await driver.press("n")
        await driver.until("doctor --lint")
        await driver.paste("models status\nagents list\n")
        line = driver.app.screen.query_one(LineInput)
        await driver.until_true(lambda: line.value == "models status")
        assert driver.app.focused is line
        await driver.paste(" --json")
        await driver.until_true(lambda: line.value == "models status --json")
        assert "Running for" not in driver.text
        await driver.press("escape")
        await driver.until("M More")
        await driver.press("m")
        await driver.until("Type to search")
        await driver.paste("snapshot")
        await driver.until("another version, after a snapshot")
        assert "SSH console" not in driver.text


async def test_what_it_ends_with_and_what_is_none(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving() as driver:
        await open_home(driver)
        await driver.settle()
        await driver.press("n")
        await driver.until("doctor --lint")
        await driver.press("tab")
        for line, words in (("bash", "Only commands of openclaw"), ("nosuch", "ended with 1")):
            driver.fill(line)
            await driver.press("enter")
            await driver.until(words)
        await driver.until("does not know the command")
        await driver.press("escape")
        driver.fill("devices clear --yes")
        await driver.press("enter")
        await driver.until("takes away what does not come back", "Leave it")
        await driver.press("escape")
        await driver.until("takes away", gone=True)


async def test_the_guides(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving() as driver:
        await open_home(driver)
        await driver.settle()
        await driver.press("n")
        await driver.until("Telegram's first message")
        await driver.press("enter")
        await driver.until("Linked devices", "make it larger first", "fly ssh console", "Show the QR code")
        await driver.press("escape", "down", "enter")
        await driver.until("BotFather", "See who waits")
        await driver.press("down", "enter")
        await driver.until("Enter lets in who waits")
