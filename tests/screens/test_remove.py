"""Home's key Del: all that is lost is said, the name is typed, and nothing is left; then this computer may forget it."""

from __future__ import annotations

from pathlib import Path

import pytest

from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import have_gateway
from tests.engine.test_hardening import have_guides
from tests.screens.driver import driving
from tests.screens.test_removing import consent
from tests.screens.test_update import open_home

pytestmark = pytest.mark.anyio
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@SIZES
async def test_everything_goes(services: Services, cloud: Cloud, size: tuple[int, int]) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving(size) as driver:
        await open_home(driver)
        await driver.press("delete")
        await driver.until("Remove my-app: what is to go?", "Keep it", "Remove everything")
        await driver.press("enter")
        await driver.until("what is to go?", gone=True)
        assert "my-app" in cloud.read()["apps"], "keeping stands first"
        await driver.press("delete")
        await driver.until("what is to go?")
        await driver.press("end", "enter")
        await driver.until("Remove my-app for good?", "machine ", "$0.45 a month")
        await driver.type("my-app!")
        await driver.press("enter")
        await driver.until("That is not my-app: nothing was done")
        await driver.press("backspace", "enter")
        await driver.until("Done: Fly.io was asked anew", "Check that it is gone")
        assert cloud.read()["apps"] == {}
        await driver.press("ctrl+n")
        await driver.until("Shall this computer forget it", "3 keys", "Forget it")
        await driver.press("down", "enter")
        await driver.until("Set up a new gateway")
        assert services.state.known_apps() == ()


async def test_a_copy_first_and_the_empty_app_stays(
    services: Services, cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cloud.log_in()
    await have_guides(services, cloud)
    async with driving() as driver:
        await open_home(driver)
        await driver.press("delete")
        await driver.until("was not made by claw-tui on this computer", "Save its openclaw.json here first")
        await driver.press("down", "enter")
        await driver.until("Save as")
        await driver.press("enter")
        await driver.until("what is to go?")
        assert '"gateway"' in (tmp_path / "my-app-openclaw.json").read_text()
        await driver.press("down", "down", "enter")
        await consent(driver)
        await driver.until("Done: Fly.io was asked anew")
        await driver.press("ctrl+n")
        await driver.until("my-app (personal)", "Z Undo")
    app = cloud.app("my-app")
    assert (app["machines"], app["volumes"], len(app["snapshots"])) == ([], [], 1)
