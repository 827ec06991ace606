"""Home's key Y: what an old gateway is, what can't be done with it, its migration, and what follows."""

from __future__ import annotations

import pytest

from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.clawdbot import APP, IMAGE, have_clawdbot
from tests.engine.rig import ended
from tests.screens.driver import Driver, driving

pytestmark = pytest.mark.anyio
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


async def open_home(driver: Driver) -> None:
    await driver.until(f"Look after {APP}")
    driver.session.home_app = APP
    driver.app.go("home")
    await driver.until("Looked at")


async def run_ended(driver: Driver) -> None:
    run = driver.session.run
    assert run is not None
    await ended(run, 150)


@SIZES
async def test_migrated_and_all_is_well(services: Services, cloud: Cloud, size: tuple[int, int]) -> None:
    cloud.log_in()
    have_clawdbot()
    async with driving(size) as driver:
        await driver.until("Clawdbot: Y there migrates it")
        await open_home(driver)
        await driver.until("What it is", "Clawdbot (variable CLAWDBOT_STATE_DIR", "Y Migrate")
        for key in ("e", "d", "u"):
            await driver.press(key)
            await driver.until("only by migrating it to OpenClaw", "claw-tui migrate")
        for key in ("a", "n"):
            await driver.press(key)
            await driver.until("has no command that could be asked for that")
        await driver.press("o")
        await driver.until("Its web page is reached at https://my-clawdbot.fly.dev")
        await driver.press("y")
        await driver.until(
            "Migrate my-clawdbot to OpenClaw", "runs Clawdbot 2026.1.24-3", "Leave it as it is"
        )
        await driver.press("enter")
        await driver.until("Migrate my-clawdbot to OpenClaw", gone=True)
        assert cloud.app(APP)["machines"][0]["image"] == IMAGE, "nothing was done"
        await driver.press("y")
        await driver.until("Migrate it")
        await driver.press("down", "enter")
        await driver.until("Deploy OpenClaw in its place")
        await run_ended(driver)
        await driver.until("Done: OpenClaw 2026.9.6 runs in its place")
        await driver.press("ctrl+n")
        await driver.until("Migration", "takes the old names away")
        assert "What it is" not in driver.text
        await driver.until("F Changed", gone=True)
        await driver.press("y")
        await driver.until("OpenClaw runs in place of Clawdbot", "All is well", "Back to Clawdbot")
        await driver.press("enter")
        await driver.until("my-clawdbot: all is well", "fly secrets unset CLAWDBOT_GATEWAY_TOKEN")
        await driver.press("down", "enter")
        await driver.until("Done: the old names are gone")
        await driver.press("ctrl+n")
        await driver.until("Looked at", gone=False)
        await driver.until("Migration", gone=True)
        assert "Y Migrate" not in driver.text
