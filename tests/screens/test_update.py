"""Home's key U: newer and older versions, a plan to read, the run, and the ways back."""

from __future__ import annotations

import pytest

from claw_tui.domain.jobs import JobState
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.test_update import OLD, have_old, image, snapshots
from tests.screens.driver import Driver, driving

pytestmark = pytest.mark.anyio


async def open_home(driver: Driver) -> None:
    driver.session.home_app = "my-app"
    await driver.go("home")
    await driver.until("Looked at")


async def test_to_the_newest_and_back(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_old(services)
    async with driving() as driver:
        await open_home(driver)
        await driver.until("2026.10.1 is out (U)")
        await driver.press("u")
        await driver.until(
            "2026.9.1 runs. Which version instead?", "newer", "older: its state may not go back"
        )
        assert driver.text.index("2026.10.1") < driver.text.index("2026.9.6") < driver.text.index("2026.8.4")
        await driver.press("enter")
        await driver.until(
            "OpenClaw 2026.9.1 → 2026.10.1",
            "https://github.com/openclaw/openclaw/releases/tag/v2026.10.1",
            "fly volumes snapshots create",
        )
        assert cloud.app("my-app").get("snapshots") is None, "nothing was done up to here"
        await driver.press("down", "enter")
        await driver.until("Done: OpenClaw 2026.10.1 runs.")
        run = driver.session.run
        assert run is not None
        assert run.state() is JobState.DONE
        await driver.press("ctrl+n")
        await driver.until("Looked at", "2026.10.1, the newest")
        await driver.until("is out", gone=True)
        await driver.settle()
        await driver.press("u")
        await driver.until(
            "There is no newer one.", "Back to 2026.9.1, with the volume of then", "may be refused"
        )
        await driver.press("enter")
        await driver.until("OpenClaw 2026.10.1 → 2026.9.1", "an older one can't read", "fly machine destroy")
        await driver.press("down", "enter")
        await driver.until("Done: OpenClaw 2026.9.1 runs.")
        assert image(cloud).endswith(":2026.9.1")
        kept = services.state.load_answers("my-app")
        assert kept is not None
        assert kept.volume_name.startswith("openclaw_data_vs")
        await driver.press("ctrl+n")
        await driver.until("Looked at")
        await driver.press("d")
        await driver.until("Nothing to change")


async def test_leaving_changes_nothing(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_old(services)
    before = cloud.app("my-app")["machines"]
    async with driving() as driver:
        await open_home(driver)
        await driver.press("u")
        await driver.until("Which version instead?")
        await driver.press("enter")
        await driver.until("Leave it as it is")
        await driver.press("enter")
        await driver.until("Which version", gone=True)
        assert driver.session.run is None
    assert cloud.app("my-app")["machines"] == before
    assert snapshots(cloud) == []
    assert services.state.load_answers("my-app") == OLD


async def test_review_starts_its_own_plan_only_and_not_an_update_that_was_left(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+N while Review still looks: the last plan of this sitting is another one."""
    cloud.log_in()
    await have_old(services)
    cloud.faults(monkeypatch)
    async with driving() as driver:
        await open_home(driver)
        await driver.press("u")
        await driver.until("Which version instead?")
        await driver.press("enter")
        await driver.until("Leave it as it is")
        await driver.press("enter")
        await driver.until("Leave it", gone=True)
        gate = cloud.hold(monkeypatch, "volumes list")
        driver.session.reader.changed("my-app")
        driver.app.go("review")
        await driver.until_true(gate.is_reached)
        await driver.press("ctrl+n")
        await driver.until("There is no plan yet", "Ctrl+N starts once the plan is shown")
        gate.open()
        await driver.settle()
        await driver.until("Ctrl+N checks that it answers")
        assert "There is no plan yet" not in driver.text, "it is there"
        assert driver.session.run is None


async def test_without_the_registry_the_version_is_typed(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log_in()
    await have_old(services)
    async with driving() as driver:

        async def nobody(_repository: str) -> tuple[str, ...]:
            return ()

        monkeypatch.setattr(driver.session.services.web, "newest_versions", nobody)
        await open_home(driver)
        await driver.press("u")
        await driver.until("can't be asked from here: type the version")
        driver.fill("no such tag")
        await driver.press("enter")
        await driver.until("A version looks like")
        driver.fill("2026.9.6")
        await driver.press("enter")
        await driver.until("OpenClaw 2026.9.1 → 2026.9.6")


async def test_a_typed_version_that_does_not_exist_is_told_before_anything_is_done(
    services: Services, cloud: Cloud
) -> None:
    """And what was typed stands there to be mended."""
    cloud.log_in()
    await have_old(services)
    async with driving() as driver:
        await open_home(driver)
        await driver.press("u")
        await driver.until("Which version instead?")
        await driver.press("end", "enter")
        await driver.until("Which version?")
        driver.fill("2031.1.1")
        await driver.press("enter")
        await driver.until("The image registry has no OpenClaw 2031.1.1.")
        await driver.press(*["backspace"] * 6)
        await driver.type("26.9.6")
        await driver.press("enter")
        await driver.until("OpenClaw 2026.9.1 → 2026.9.6")
