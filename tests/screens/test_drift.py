"""Home's key F: what somebody changed on the machine, taken over or brought back."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from claw_tui.demo import cloud_machines, world
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import have_gateway
from tests.screens.driver import driving
from tests.screens.test_update import open_home

pytestmark = pytest.mark.anyio
GUIDES = "node dist/index.js gateway --port 3000 --bind lan"


def change(**config: Any) -> None:
    """As `fly machine update` does."""
    with world.opened() as now:
        app = now["apps"]["my-app"]
        machine = app["machines"][0]
        cloud_machines.change(now, app, machine, {**machine["config"], **config})


async def test_a_machine_that_nobody_changed(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving() as driver:
        await open_home(driver)
        assert "Changed" not in driver.text


async def test_memory_and_command_are_taken_over_and_the_next_deploy_keeps_them(
    services: Services, cloud: Cloud
) -> None:
    cloud.log_in()
    await have_gateway(services)
    guest = {"cpu_kind": "shared", "cpus": 2, "memory_mb": 4096}
    change(
        guest=guest,
        init={"cmd": shlex.split(GUIDES)},
        env={**cloud.app("my-app")["machines"][0]["env"], "MINE": "1"},
    )
    async with driving() as driver:
        await open_home(driver)
        await driver.until("not as fly.toml says: memory, start command, variable MINE (F)")
        await driver.press("f")
        await driver.until("the machine has:  4096 MB", "fly.toml says:    2048 MB", "Keep 3 of them")
        await driver.press("down", "enter")
        await driver.until("Taken over: the next deploy keeps it.")
        kept = services.state.load_answers("my-app")
        assert kept is not None
        assert (kept.memory_mb, kept.command) == (4096, GUIDES)
        file = services.state.read_file(services.state.file("my-app", "fly.toml"))
        assert GUIDES in file
        assert 'MINE = "1"' in file
        await driver.press("d")
        await driver.until("environment")
        await driver.press("ctrl+n")
        await driver.until("Done.")
    machine = cloud.app("my-app")["machines"][0]
    assert machine["guest"]["memory_mb"] == 4096
    assert machine["cmd"] == shlex.split(GUIDES)
    assert machine["env"]["MINE"] == "1"
    assert machine["env"]["NODE_OPTIONS"] == "--max-old-space-size=3072"


async def test_it_is_brought_back(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    services_ = [dict(service) for service in cloud.app("my-app")["machines"][0]["services"]]
    services_[0]["internal_port"] = 8080
    change(services=services_)
    async with driving() as driver:
        await open_home(driver)
        await driver.until("who can reach it (F)")
        await driver.press("f")
        await driver.until("80, 443 to 8080", "`fly launch`", "Bring back")
        assert "Keep" not in driver.text
        await driver.press("down", "enter")
        await driver.until("who can reach it", "Deploy")
        await driver.press("ctrl+n")
        await driver.until("Done.")
    assert cloud.app("my-app")["machines"][0]["services"][0]["internal_port"] == 3000
