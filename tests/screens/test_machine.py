"""Home's key V: now and then with their prices, the plan, and what is cut off goes on or back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from claw_tui.domain.jobs import JobState
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import ended, have_gateway
from tests.engine.test_changing import machine
from tests.screens.driver import Driver, driving
from tests.screens.test_update import open_home

pytestmark = pytest.mark.anyio
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


async def done(driver: Driver) -> None:
    """The real steps take longer than a screen may on a busy computer."""
    await driver.until("Write it down, so that the next deploy keeps it")
    run = driver.session.run
    assert run is not None
    assert await ended(run, 120) is JobState.DONE


@SIZES
async def test_memory_and_volume(services: Services, cloud: Cloud, size: tuple[int, int]) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving(size) as driver:
        await open_home(driver)
        await driver.press("v")
        await driver.until("Machine and volume of my-app", "shared-cpu-2x", "3 GB", "claw-tui's own")
        assert "Show the plan" not in driver.text
        await driver.press("down", "enter")
        await driver.until("How much memory?", "3072 MB", "$15.90, as now", "$29.76 (+13.86)")
        await driver.press("end", "enter")
        await driver.until("2048 MB → 4096 MB", "Show the plan", "(+13.86)")
        await driver.press("home", "down", "down", "enter")
        await driver.until("How large a volume?", "10 GB", "Only larger")
        await driver.press("down", "down", "enter")
        await driver.until("3 GB → 10 GB")
        await driver.press("end", "enter")
        await driver.until("Memory: 2048 MB → 4096 MB", "Volume: 3 GB → 10 GB", "Do it")
        await driver.press("down", "enter")
        await done(driver)
        await driver.until("Done: the gateway is as you want it, and answers.")
        assert machine(cloud)["guest"]["memory_mb"] == 4096
        await driver.press("ctrl+n")
        await driver.until("4.0 GB", "10 GB, fra")


async def test_what_was_chosen_is_not_dropped_unasked(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving() as driver:
        await open_home(driver)
        await driver.press("v")
        await driver.until("Machine and volume of my-app")
        await driver.press("escape")  # nothing was chosen
        await driver.until("Machine and volume of my-app", gone=True)
        await driver.press("v")
        await driver.until("Machine and volume of my-app")
        await driver.press("down", "enter")
        await driver.until("How much memory?")
        await driver.press("end", "enter")
        await driver.until("2048 MB → 4096 MB", "Show the plan")
        await driver.press("enter")
        await driver.until("Do it")
        await driver.press("escape")
        await driver.until("2048 MB → 4096 MB", "Show the plan")
        await driver.press("escape")
        await driver.until("Nothing was done yet", "Memory: 2048 MB → 4096 MB", "Go on choosing")
        await driver.press("escape")
        await driver.until("2048 MB → 4096 MB", "Show the plan")
        await driver.press("escape")
        await driver.until("Nothing was done yet")
        await driver.press("down", "enter")
        await driver.until("Machine and volume of my-app", gone=True)
        assert driver.session.run is None or driver.session.run.state() is JobState.DONE
        assert machine(cloud)["guest"]["memory_mb"] == 2048


async def test_a_move_that_is_cut_off_goes_back(
    services: Services, cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log_in()
    await have_gateway(services)
    gate = tmp_path / "gate"
    cloud.faults(monkeypatch, {"command": "volumes fork", "when": "after", "hold": str(gate)})
    async with driving() as driver:
        await open_home(driver)
        await driver.press("v")
        await driver.until("Machine and volume of my-app")
        await driver.press("down", "down", "down", "enter")
        await driver.until("Which region?", "Another region is a move", "here")
        await driver.type("iad")
        await driver.press("enter")
        await driver.until("fra → iad", "Show the plan")
        await driver.press("end", "enter")
        await driver.until("Fly.io moves neither machines nor volumes")
        await driver.press("down", "enter")
        await driver.until("Copy the volume into the other region")
        run = driver.session.run
        assert run is not None
        while not Path(f"{gate}.reached").exists():
            assert run.state() is JobState.GOING_ON
            await asyncio.sleep(0.02)
        run.cancel()
        assert await ended(run) is JobState.STOPPED
        await driver.go("home")
        await driver.press("r")
        await driver.until("to iad: cut off; V goes on or back")
        await driver.press("v")
        await driver.until("A change of my-app was cut off", "Back to what was before")
        await driver.press("down", "enter")
        await driver.until("the machine of before runs again", "Do it")
        await driver.press("down", "enter")
        await driver.until("Done: it is as it was before.")
        assert machine(cloud)["region"] == "fra"
        assert machine(cloud)["state"] == "started"
        assert len(cloud.app("my-app")["volumes"]) == 1
