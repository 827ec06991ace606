"""Home's key P: what stopping means, both ways of it, and the way back."""

from __future__ import annotations

import pytest

from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import have_gateway
from tests.engine.test_powering import machine
from tests.screens.driver import driving
from tests.screens.test_update import open_home

pytestmark = pytest.mark.anyio
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@SIZES
async def test_stopped_and_started(services: Services, cloud: Cloud, size: tuple[int, int]) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving(size) as driver:
        await open_home(driver)
        await driver.press("p")
        await driver.until(
            "Stop my-app?", "Let it run", "$0.45 a month", "Stop it until somebody asks for it"
        )
        await driver.press("enter")
        await driver.until("Stop my-app?", gone=True)
        assert machine(cloud) == ("started", False)
        await driver.press("p")
        await driver.until("Stop my-app?")
        await driver.press("down", "enter")
        await driver.until("nobody gets an answer", "Stop it")
        await driver.press("down", "enter")
        await driver.until("Done: it is stopped. P on Home starts it again.")
        assert machine(cloud) == ("stopped", True)
        await driver.press("ctrl+n")
        await driver.until("Stopped, as it was wanted", "P Start", "$0.45 a month")
        await driver.press("p")
        await driver.until("Start my-app", "fly machine start")
        await driver.press("down", "enter")
        await driver.until("Done: the gateway runs and answers.")
        assert machine(cloud) == ("started", False)
