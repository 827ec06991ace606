"""The list of all gateways, across organizations: how each is, sorted, refreshed in its place, and Home behind Enter."""

from __future__ import annotations

import json
import os

import pytest

from claw_tui.demo import world
from claw_tui.screens.gateways import GatewaysScreen
from claw_tui.widgets.pick_list import PickList
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud
from tests.engine.rig import have_gateway
from tests.plain.program import claw_tui
from tests.screens.driver import Driver, driving
from tests.screens.test_screens import give_all

pytestmark = pytest.mark.anyio

OLD = "registry.fly.io/old-bot:deployment-01CLAWDBOT"


@pytest.fixture(autouse=True)
async def gateways(cloud: Cloud) -> None:
    """my-app; a stopped one of another organization; a private one; one of Clawdbot's; and an app that is none."""
    made = services_for(os.environ, demo=True)
    made.fly.use_token(TOKEN)
    cloud.log_in()
    await have_gateway(made)
    add_others()


def add_others() -> None:
    """Beside my-app."""
    with world.opened() as now:
        now["orgs"]["team"] = {**now["orgs"]["personal"], "name": "The team"}
        for name, org in (
            ("team-bot", "team"),
            ("home-bot", "personal"),
            ("old-bot", "personal"),
            ("web-shop", "team"),
        ):
            copy = json.loads(json.dumps(now["apps"]["my-app"]))
            copy.update(name=name, org=org, hostname=f"{name}.fly.dev")
            for machine in copy["machines"]:
                machine.update(id=f"{name}-1", app=name)
            now["apps"][name] = copy
        apps = now["apps"]
        apps["team-bot"]["machines"][0].update(state="stopped")
        apps["home-bot"]["ips"] = [
            {**apps["home-bot"]["ips"][0], "type": "private_v6", "address": "fdaa:0:1::3"}
        ]
        old, shop = apps["old-bot"]["machines"][0], apps["web-shop"]["machines"][0]
        old.update(image=OLD, env={"CLAWDBOT_STATE_DIR": "/data"})
        shop.update(image="registry.fly.io/web-shop:1", env={}, cmd=["serve"])
        for machine in (old, shop):
            machine["config"].update(image=machine["image"], env=machine["env"], init={"cmd": machine["cmd"]})


async def open_list(driver: Driver) -> GatewaysScreen:
    await driver.until("All 4 gateways in a list")
    await driver.press("end", "enter")
    await driver.until("4 gateways", "together")
    page = driver.app.screen
    assert isinstance(page, GatewaysScreen)
    return page


def names(page: GatewaysScreen) -> list[str]:
    return [item.id for item in page.query_one(PickList)._rows if item.id]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_all_are_there_whatever_organization_they_are_of(size: tuple[int, int]) -> None:
    async with driving(size=size) as driver:
        page = await open_list(driver)
        assert names(page) == ["home-bot", "my-app", "old-bot", "team-bot"]
        rows = {
            line.split()[1]: line for line in driver.text.splitlines() if "-bot" in line or "my-app" in line
        }
        for words in ("personal", "2026.9.6", "fra", "public", "$15.90"):
            assert words in rows["my-app"], words
        assert "private" in rows["home-bot"]
        assert "stopped" in rows["team-bot"]
        assert "team" in rows["team-bot"]
        assert "Clawdbot" in rows["old-bot"]
        assert not [line for line in driver.text.splitlines() if line.rstrip().endswith("…")], (
            "nothing is cut off"
        )


async def test_it_is_sorted_in_several_ways() -> None:
    async with driving() as driver:
        page = await open_list(driver)
        await driver.press("o")
        await driver.until("by organization")
        assert names(page)[-1] == "team-bot"
        await driver.press("o")
        await driver.until("what is not well first")
        assert names(page)[0] == "team-bot"


async def test_a_row_changes_in_its_place() -> None:
    async with driving() as driver:
        page = await open_list(driver)
        await driver.settle()
        await driver.press("down", "down")
        chosen = page.query_one(PickList).current
        with world.opened() as now:
            now["apps"]["team-bot"]["machines"][0]["state"] = "started"
        await driver.press("r")
        await driver.until("stopped", gone=True)
        assert page.query_one(PickList).current == chosen


async def test_enter_looks_after_one_and_escape_comes_back() -> None:
    async with driving() as driver:
        await open_list(driver)
        await driver.press("down", "enter")
        await driver.until("my-app (personal)", "Looked at")
        await driver.press("escape")
        await driver.until("4 gateways")
        await driver.press("escape")
        await driver.until("What would you like to do?")


async def test_home_has_a_key_for_it() -> None:
    async with driving() as driver:
        driver.session.home_app = "my-app"
        await driver.go("home")
        await driver.until("Looked at")
        await driver.press("0")
        await driver.until("4 gateways")


async def test_one_that_can_not_be_read_does_not_hide_the_others(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.faults(monkeypatch)
    async with driving() as driver:
        await open_list(driver)
        await driver.settle()
        cloud.faults(
            monkeypatch, {"command": "ips list", "exit": 1, "stderr": "Error: dial tcp: no such host\n"}
        )
        await driver.press("r")
        await driver.until("Fly.io could not be reached", "$15.90", "4 gateways")


async def test_apps_that_can_not_be_looked_at_are_not_no_gateways(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.refuse(monkeypatch, "machine list")
    async with driving() as driver:
        await driver.until("Look after my-app", "could not be looked at: ", "the sky fell")
        await driver.go("gateways")
        await driver.until("1 gateway", "4 more apps not looked at", "not known")
    said = claw_tui("harden", "--yes")
    assert said.code != 0
    assert "the sky fell" in said.err + said.out, "my-app is not the only one that can be meant"


async def test_finish_shows_nothing_of_another_gateway(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud.faults(monkeypatch)
    async with driving() as driver:
        for name in ("my-app", "home-bot"):
            driver.session.home_app = name
            await driver.go("home")
            await driver.until("Looked at")
            if name == "my-app":
                await driver.press("o")
                await driver.settle()
                await driver.until("PASS", "https://my-app.fly.dev")
        gate = cloud.hold(monkeypatch, "ips list")
        await driver.press("o")
        await driver.until_true(gate.is_reached)
        await driver.until("No address on the internet")
        assert "PASS" not in driver.text
        gate.open()
        await driver.until("PASS")


@pytest.mark.parametrize(("step", "there"), [("backups", " B  "), ("review", "Deploy  machine")])
async def test_nothing_of_another_gateway_is_shown_while_one_is_read(
    step: str, there: str, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.faults(monkeypatch)
    async with driving() as driver:
        driver.session.home_app = "my-app"
        driver.session.take_up("my-app")
        await driver.go(step)
        await driver.until(there)
        await driver.go("start")
        driver.session.home_app = "home-bot"
        driver.session.update(app="home-bot")
        await give_all(driver)
        driver.session.reader.changed("home-bot")
        gate = cloud.hold(monkeypatch, "machine list")
        driver.app.go(step)
        await driver.until_true(gate.is_reached)
        await driver.until("Looking")
        assert there not in driver.text
        gate.open()
        await driver.until("Looking", gone=True)


async def test_status_without_a_name_tells_the_same() -> None:
    said = claw_tui("status")
    assert said.code == 0
    lines = said.out.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == ["home-bot", "my-app", "old-bot", "team-bot"]
    assert "my-app: deployed" in said.out
    assert "team, stopped, 2026.9.6, fra, public, $0.45 a month" in said.out
    rows = {row["app"]: row for row in claw_tui("status", "--json").of("gateway")}
    assert rows["home-bot"]["public"] is False
    assert (rows["team-bot"]["standing"], rows["team-bot"]["org"]) == ("bad", "team")
    assert rows["my-app"]["price"]["total"] == pytest.approx(15.9)
