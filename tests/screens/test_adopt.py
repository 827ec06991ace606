"""Home's Edit and Deploy again: which openclaw.json counts, and that nothing of it is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claw_tui.demo import world
from claw_tui.domain.delivery import is_old
from claw_tui.domain.wanted_config import wanted_config
from claw_tui.ports import Services
from tests.conftest import Cloud, Gate
from tests.engine.rig import WISH, have_gateway
from tests.screens.driver import STEERING, Driver, driving, steers

pytestmark = pytest.mark.anyio
CONFIG = "/data/openclaw.json"
TOKEN = "7123456789:AAH" + "q" * 32


@pytest.fixture(autouse=True)
def logged_in(cloud: Cloud) -> None:
    cloud.log_in()


def there(change: Callable[[Any], None]) -> None:
    """Somebody changed the gateway's file in the machine."""
    with world.opened() as now:
        (volume,) = now["apps"]["my-app"]["volumes"]
        tree = json.loads(volume["files"][CONFIG]["text"])
        change(tree)
        volume["files"][CONFIG]["text"] = json.dumps(tree)


def forget_answers(tmp_path: Path) -> None:
    """As if somebody else had made it."""
    for path in (tmp_path / "state" / "demo").glob("gateways/*/answers.toml"):
        path.unlink()
    (tmp_path / "state" / "demo" / "draft.toml").unlink(missing_ok=True)


async def at_home(driver: Driver) -> None:
    driver.session.home_app = "my-app"
    await driver.go("home")
    await driver.until("openclaw_data, 3 GB")


async def pressed_early(driver: Driver, gate: Gate, key: str) -> None:
    """While its addresses are being read for the first time."""
    driver.session.home_app = "my-app"
    driver.app.go("home")
    await driver.until("openclaw_data, 3 GB")
    await driver.until_true(gate.is_reached)
    await driver.press(key)
    gate.open()


async def test_edit_waits_for_what_has_not_been_read_yet(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Addresses that nobody has read yet are not "no addresses": Edit would make a public gateway private."""
    await have_gateway(services)
    forget_answers(tmp_path)
    gate = cloud.hold(monkeypatch, "ips list")
    async with driving() as driver:
        await pressed_early(driver, gate, "e")
        await driver.until("App name", "my-app")
        assert (driver.spec.region, driver.spec.memory_mb, driver.spec.private) == ("fra", 2048, False)


async def test_open_waits_for_what_has_not_been_read_yet(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Finish would say that a public gateway has no address on the internet."""
    await have_gateway(services)
    forget_answers(tmp_path)
    gate = cloud.hold(monkeypatch, "ips list")
    async with driving() as driver:
        await pressed_early(driver, gate, "o")
        await driver.until("Finish", "https://my-app.fly.dev", "Looked at")
        assert not driver.spec.private
        assert "FAIL" not in driver.text


@pytest.mark.parametrize("key", ["e", "o"])
async def test_what_cannot_be_read_is_said_and_nothing_is_made_up(
    key: str, services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await have_gateway(services)
    forget_answers(tmp_path)
    cloud.refuse(monkeypatch, "ips list")
    async with driving() as driver:
        before = driver.spec
        await at_home(driver)
        await driver.until("the sky fell", "Not read", "addresses; R tries again")
        await driver.press(key)
        await driver.settle()
        await driver.until("the sky fell", "openclaw_data, 3 GB")
        assert driver.spec == before


async def test_answers_that_are_kept_here_do_without_what_cannot_be_read(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await have_gateway(services)
    cloud.refuse(monkeypatch, "ips list")
    async with driving() as driver:
        await at_home(driver)
        await driver.press("e")
        await driver.until("App name", "my-app")
        assert driver.spec == WISH


async def test_a_file_that_was_changed_is_not_gone_past_where_addresses_cannot_be_read(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    await have_gateway(services)
    there(lambda tree: tree["agents"]["defaults"].update(maxConcurrent=9))
    cloud.refuse(monkeypatch, "ips list", times=4)  # Home, the key's first look, the answers, the file
    async with driving() as driver:
        await at_home(driver)
        await driver.press("e")
        await driver.settle()
        await driver.until("the sky fell", "openclaw_data, 3 GB")
        await driver.press("e")
        await driver.until("1 place differs", "Start from the gateway's file")


async def test_a_file_that_was_changed_in_the_machine_is_asked_about(cloud: Cloud) -> None:
    async with driving() as driver:
        await have_gateway(driver.session.services)
        there(lambda tree: tree.update(tools={"profile": "full"}))
        there(lambda tree: tree["agents"]["defaults"].update(maxConcurrent=9))
        await at_home(driver)
        await driver.press("e")
        await driver.until("2 places differ", "Start from the gateway's file")
        await driver.press("escape")
        await driver.until("openclaw_data, 3 GB")
        await driver.press("e")
        await driver.until("Start from the answers here")
        await driver.press("down", "enter")
        await driver.until("App name")
        assert driver.spec == WISH
        await driver.go("home")
        await driver.press("e")
        await driver.until("Start from the gateway's file")
        await driver.press("home", "enter")
        await driver.until("App name")
        tree: Any = wanted_config(driver.spec)
        assert tree["tools"] == {"profile": "full"}


async def test_what_openclaw_itself_adds_is_taken_up_unasked(cloud: Cloud) -> None:
    """The first person who is let in becomes the owner: OpenClaw writes that into the file."""
    async with driving() as driver:
        await have_gateway(driver.session.services)
        there(lambda tree: tree.update(commands={"ownerAllowFrom": ["discord:116"]}))
        await at_home(driver)
        await driver.press("e")
        await driver.until("App name")
        tree: Any = wanted_config(driver.spec)
        assert tree["commands"] == {"ownerAllowFrom": ["discord:116"]}


async def test_the_file_of_a_gateway_that_somebody_else_made_is_taken_over(
    cloud: Cloud, tmp_path: Path
) -> None:
    def lived_in(tree: Any) -> None:
        tree["channels"]["telegram"] = {"enabled": True, "botToken": TOKEN}
        defaults = {"model": {"primary": "anthropic/claude-opus-5"}}
        tree["agents"] = {
            "defaults": defaults,
            "list": [{"id": "claw", "default": True, "workspace": "/data/w"}],
        }
        tree["bindings"] = [{"agentId": "claw", "match": {"channel": "discord"}}]

    async with driving() as driver:
        await have_gateway(driver.session.services)
        forget_answers(tmp_path)
        there(lived_in)
        await at_home(driver)
        await driver.press("d")
        await driver.until("brought up to date", "TELEGRAM_BOT_TOKEN")
        assert TOKEN not in driver.text
        await driver.press("escape")
        await driver.until("Send the secrets TELEGRAM_BOT_TOKEN", "~ change Write openclaw.json")
        gateway = driver.spec.gateway
        assert gateway.telegram.enabled
        assert [agent.id for agent in gateway.agents] == ["claw"]
        assert gateway.discord.guilds
        tree: Any = wanted_config(driver.spec)
        assert tree["agents"]["entries"]["claw"]["workspace"] == "/data/w"
        assert TOKEN not in gateway.base
        held = await driver.session.vault.values("my-app", ["TELEGRAM_BOT_TOKEN"])
        assert held["TELEGRAM_BOT_TOKEN"].reveal() == TOKEN


async def test_what_would_steer_the_terminal_stays_in_the_file_and_is_not_drawn(
    cloud: Cloud, tmp_path: Path
) -> None:
    name = f"anthropic/odd{STEERING}model"
    async with driving() as driver:
        await have_gateway(driver.session.services)
        forget_answers(tmp_path)
        there(lambda tree: tree["agents"].update(defaults={"model": {"primary": name}}))
        await at_home(driver)
        await driver.press("e")
        await driver.until("App name")
        await driver.go("gateway")
        await driver.until("anthropic/odd", "model")
        assert not steers(driver)
        tree: Any = wanted_config(driver.spec)
        assert tree["agents"]["defaults"]["model"]["primary"] == name


@pytest.mark.parametrize("known", [True, False])
async def test_lists_that_hold_no_texts_can_be_edited(cloud: Cloud, tmp_path: Path, *, known: bool) -> None:
    def odd(tree: Any) -> None:
        tree["gateway"].update(controlUi={"allowedOrigins": [None, {}, [1]]}, trustedProxies=[{"a": 1}, None])

    async with driving() as driver:
        await have_gateway(driver.session.services)
        if not known:
            forget_answers(tmp_path)
        there(odd)
        await at_home(driver)
        await driver.press("e")
        if known:
            await driver.until("Start from the gateway's file")
            await driver.press("home", "enter")
        await driver.until("App name")
        tree: Any = wanted_config(driver.spec)
        assert {"a": 1} in tree["gateway"]["trustedProxies"]


async def test_a_strangers_file_that_can_not_be_read_is_not_written_over_unasked(
    cloud: Cloud, tmp_path: Path
) -> None:
    async with driving() as driver:
        await have_gateway(driver.session.services)
        forget_answers(tmp_path)
        with world.opened() as now:
            (volume,) = now["apps"]["my-app"]["volumes"]
            volume["files"][CONFIG]["text"] = "{ broken"
        await at_home(driver)
        await driver.press("d")
        await driver.until("could not be read", "Go on with a new one")
        await driver.press("enter")
        await driver.until("openclaw_data, 3 GB")
        assert driver.app.current_mode == "home"


@pytest.mark.parametrize(
    ("version", "old"),
    [
        ("2026.1.29", True),
        ("2025.12.3", True),
        ("2026.2.1", False),
        ("2026.9.1", False),
        ("deployment-01J", False),
    ],
)
def test_old_versions(version: str, old: bool) -> None:
    assert is_old(version) is old
