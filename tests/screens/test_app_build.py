"""The App screen's rows about where OpenClaw comes from: each way with its time and price."""

from __future__ import annotations

import pytest

from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.screens.driver import driving

pytestmark = pytest.mark.anyio


async def test_each_way_says_what_it_costs(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    async with driving() as driver:
        await driver.session.find_login()
        await driver.session.load_account()
        await driver.go("app")
        await driver.until("The registry has it", "About a minute, nothing is built")
        assert "Built by" not in driver.text
        for _row in range(5):
            await driver.press("tab")
        await driver.press("right")
        await driver.until("Built by", "name no charge for it")
        await driver.press("tab", "right")
        await driver.until("$7.50 a month", "50 GB volume")
        await driver.press("right")
        await driver.until("Depends on this computer")
        assert (driver.spec.source, driver.spec.builder) == ("git", "local")
        assert "Prices of" in driver.text, "all of it fits"


async def test_docker_is_offered_where_it_answers_only(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log_in()
    async with driving() as driver:

        async def no() -> bool:
            return False

        monkeypatch.setattr(driver.session.services.git, "has_docker", no)
        await driver.session.find_login()
        await driver.session.load_account()
        driver.session.update(source="git")
        await driver.go("app")
        await driver.until("The registry has it", "Built by")
        for _row in range(6):
            await driver.press("tab")
        await driver.press("enter")
        await driver.until("A builder machine on Fly.io")
        assert "Docker on this computer" not in driver.text


async def test_more_programs_are_chosen_and_seen(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    async with driving() as driver:
        await driver.session.find_login()
        await driver.session.load_account()
        await driver.go("app")
        await driver.until("The registry has it", "F8 More programs")
        await driver.press("f8")
        await driver.until("More programs for the image", "[ ] signal-cli with Java", "[ ] tailscale")
        await driver.press("end", "space", "enter")
        await driver.until("Fly.io builds it with tailscale")
        assert driver.spec.programs == ("tailscale",)
        await driver.press("f8")
        await driver.until("[x] tailscale")
        await driver.press("end", "space", "escape")
        await driver.until("You changed something here")
        await driver.press("enter")  # go on choosing
        await driver.until("[ ] tailscale")
        await driver.press("escape", "down", "enter")
        await driver.until("More programs for the image", gone=True)
        assert driver.spec.programs == ("tailscale",)
        await driver.press("f8")
        await driver.until("[x] tailscale")
        await driver.press("escape")  # nothing was changed
        await driver.until("More programs for the image", gone=True)
        await driver.press("f8")
        await driver.until("[x] tailscale")
        await driver.press("end", "space", "enter")
        await driver.until("nothing is built")
        assert not driver.spec.programs
