"""Reach, at 80 columns by 24 rows: one key from Home, and everything that is done there."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from claw_tui.demo import world
from claw_tui.ports import Services
from tests.conftest import Cloud, Gate
from tests.engine.rig import have_gateway
from tests.reach.rig import PRIVATE, accepts, free_ports, private_gateway, proxies, until
from tests.screens.driver import Driver, driving

pytestmark = pytest.mark.anyio


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found = free_ports()
    monkeypatch.setenv("CLAW_DEMO_PORTS", ",".join(map(str, found)))
    return found


@pytest.fixture
async def private(ports: list[int], services: Services, cloud: Cloud) -> AsyncIterator[list[int]]:
    cloud.log_in()
    await private_gateway(services)
    yield ports
    await services.tunnels.stop_left("my-app")


async def at_home(driver: Driver) -> None:
    driver.session.home_app = "my-app"
    await driver.go("home")
    await driver.until("my-app (personal)", "Way in")


async def test_one_key_from_home_opens_the_tunnel_and_has_a_link(private: list[int]) -> None:
    async with driving() as driver:
        await at_home(driver)
        await driver.until("your own network only; W is the way in")
        await driver.press("w")
        await driver.until("One-time link", "(hidden, ", "It works once", "Valid for 9:")
        assert "bootstrapToken" not in driver.text
        await driver.press("f2")
        await driver.until(f"http://localhost:{private[0]}/#bootstrapToken=")
        await driver.press("escape")
        await driver.until(
            "How to reach my-app", f"http://localhost:{private[0]}", "until you leave claw-tui"
        )
        await driver.until(f"ssh -L {private[0]}:localhost:{private[0]}", "http://my-app.flycast:3000")
        assert "bootstrapToken" not in driver.text
        await driver.press("escape")
        await driver.until(f"http://localhost:{private[0]}, until you leave", "Tunnel")
        assert accepts(private[0])
        await driver.press("w")  # it is on: no new link is asked for
        await driver.until("How to reach my-app", "on since")
        await driver.press("f5")
        await driver.until("The tunnel is off.", "off; F5 starts it")
        assert proxies() == []
        await driver.press("f5")
        await driver.until("The tunnel is on: ")
    await until(lambda: proxies() == [])


async def test_it_is_left_on_and_stopped_in_the_next_sitting(private: list[int]) -> None:
    async with driving() as driver:
        await at_home(driver)
        await driver.press("w")
        await driver.until("(hidden, ")
        await driver.press("escape", "f8")
        await driver.until("It stays on when you leave claw-tui", "stays on")
        await driver.press("f8")
        await driver.until("It stays on already")
    assert accepts(private[0])
    async with driving() as driver:
        await at_home(driver)
        await driver.until(f"http://localhost:{private[0]}, stays on")
        await driver.press("w")
        await driver.until("How to reach my-app", "stays on")
        await driver.press("f5")
        await driver.until("The tunnel is off.")
        assert proxies() == []


async def test_another_port_and_one_that_is_taken(private: list[int]) -> None:
    import socket
    from contextlib import closing

    with closing(socket.create_server(("127.0.0.1", private[1]))):
        async with driving() as driver:
            await at_home(driver)
            await driver.press("w")
            await driver.until("(hidden, ")
            await driver.press("escape", "f7")
            await driver.until(
                "Local port", f"{private[0]}  this tunnel's", f"{private[1]}  taken by another program"
            )
            await driver.press("end", "enter")
            await driver.until("How to reach my-app", f"http://localhost:{private[2]}")
            await until(lambda: accepts(private[2]))
            assert len(proxies()) == 1
            await driver.press("f7")
            await driver.until("Local port")
            await driver.press("up", "enter")
            await driver.until(f"Port {private[1]} of this computer is taken", "Choose another one of")


async def test_a_tunnel_that_breaks_for_good_says_why(private: list[int]) -> None:
    async with driving() as driver:
        await at_home(driver)
        await driver.press("w")
        await driver.until("(hidden, ")
        await driver.press("escape")
        with world.opened() as now:
            now["conditions"] = [
                {
                    "method": "POST",
                    "path": "#addWireGuardPeer",
                    "status": 422,
                    "times": 99,
                    "acts": False,
                    "body": {},
                }
            ]
        os.kill(proxies()[0], signal.SIGKILL)
        await driver.until("broken: Fly.io did not let flyctl into the private network")
        with world.opened() as now:
            now["conditions"] = []
        await driver.press("f5")
        await driver.until("The tunnel is on: ", f"http://localhost:{private[0]}")


async def test_a_failure_is_told_with_what_to_do(private: list[int]) -> None:
    del private
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["state"] = "stopped"
    async with driving() as driver:
        await at_home(driver)
        await driver.press("w")
        await driver.until("The machine does not run.", "P on Home starts it.")
        await driver.press("f1")
        await driver.until("A private gateway has no address on the internet")
        await driver.press("escape", "escape")
        await driver.until("my-app (personal)")


async def test_over_ssh_there_is_the_line_for_the_laptop(
    private: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "198.51.100.4 50000 192.0.2.7 2222")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("LOGNAME", "ann")
    async with driving() as driver:
        await at_home(driver)
        await driver.press("w")
        line = f"ssh -L {private[0]}:localhost:{private[0]} -p 2222 ann@192.0.2.7"
        await driver.until("(hidden, ", line)
        await driver.press("escape")
        await driver.until("On your laptop", line)
        assert "Browser" not in driver.text  # it would open on the wrong computer


async def test_the_browser_here_gets_the_address_without_any_secret(
    private: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programs, seen = tmp_path / "programs", tmp_path / "seen"
    programs.mkdir()
    opener = programs / "xdg-open"
    opener.write_text(f'#!/bin/sh\necho "$@" > {seen}.new\nenv >> {seen}.new\nmv {seen}.new {seen}\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-not-for-a-browser")
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    async with driving() as driver:
        await at_home(driver)
        await driver.press("w")
        await driver.until("(hidden, ")
        await driver.press("escape", "f6")
        await driver.until("Opened in your browser.", "needs the link of F4")
        await until(seen.exists)
    said = seen.read_text()
    assert said.splitlines()[0] == f"http://localhost:{private[0]}"
    assert "sk-ant" not in said
    assert "CLAW" not in said


async def test_a_public_gateway_needs_no_tunnel(services: Services, cloud: Cloud, ports: list[int]) -> None:
    cloud.log_in()
    await have_gateway(services)
    async with driving() as driver:
        await at_home(driver)
        await driver.press("w")
        await driver.until("https://my-app.fly.dev", "so it needs no tunnel")
        assert "Leave on" not in driver.text
        await driver.press("f4")
        await driver.until("One-time link", "(hidden, ")
        await driver.press("f2")
        await driver.until("https://my-app.fly.dev/#bootstrapToken=")
    assert proxies() == []
    assert not accepts(ports[0])


async def ask_for_a_link_early(driver: Driver, gate: Gate) -> None:
    driver.session.home_app = "my-app"
    driver.app.go("home")
    await driver.until_true(gate.is_reached)
    await driver.press("w")
    await driver.until("How to reach my-app")
    await driver.press("f4")
    gate.open()
    await driver.until("One-time link", "It works once")


async def test_a_link_asked_for_early_waits_until_it_is_known_that_the_gateway_is_public(
    services: Services, cloud: Cloud, ports: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.log_in()
    await have_gateway(services)
    gate = cloud.hold(monkeypatch, "ips list")
    async with driving() as driver:
        await ask_for_a_link_early(driver, gate)
        await driver.press("f2")
        await driver.until("https://my-app.fly.dev/#bootstrapToken=")
        await driver.press("escape")
        await driver.until("everybody, with the token; so it needs no tunnel")
        assert proxies() == []
        assert not any(accepts(port) for port in ports)


async def test_a_link_asked_for_early_leaves_the_keys_of_a_private_gateway(
    private: list[int], cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = cloud.hold(monkeypatch, "ips list")
    async with driving() as driver:
        await ask_for_a_link_early(driver, gate)
        await driver.press("escape")
        await driver.until("on since", "F5 Tunnel on/off", "F9 WireGuard")
        await driver.press("f5")
        await driver.until("The tunnel is off.")
    await until(lambda: proxies() == [])


async def test_finish_opens_the_tunnel_before_it_shows_the_link(private: list[int]) -> None:
    async with driving(spec=PRIVATE) as driver:
        await driver.go("finish")
        await driver.until("No address on the internet. F4 opens a tunnel")
        await driver.press("f4")
        await driver.until("One-time link", "(hidden, ")
        assert accepts(private[0])
        await driver.press("escape")
        await driver.until(f"http://localhost:{private[0]}")


async def test_a_phone_gets_its_way_in_and_loses_it(private: list[int], tmp_path: Path) -> None:
    del private
    file = tmp_path / "phone.conf"
    async with driving() as driver:
        await at_home(driver)
        await driver.press("w")
        await driver.until("(hidden, ")
        await driver.press("escape", "f9")
        await driver.until("No device of personal has a way in yet. F2 adds one.")
        await driver.press("f2")
        await driver.until("Which device?")
        driver.fill("Ada's phone")
        await driver.press("enter")
        await driver.until("Small letters, digits and hyphens", "F2 asks again")
        await driver.press("f2")
        await driver.until("Which device?")
        await driver.type("phone")
        await driver.press("enter")
        await driver.until("~/my-app-phone.conf")
        driver.fill(str(file))
        await driver.press("enter")
        await driver.until("phone has a way in.", "Devices of personal:", "F6 shows it as a square")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        key = file.read_text().partition("PrivateKey = ")[2].partition("\n")[0]
        assert len(key) == 44
        await driver.press("f6")
        await driver.until("make this window larger")
        assert "▀▀▀▀▀" not in driver.text
        await driver.resize(120, 40)
        await driver.until("scan this in the WireGuard app", "▀▀▀▀▀▀▀")
        assert key not in driver.text
        await driver.press("escape")
        await driver.until("Devices of personal:")
        assert "▀▀▀▀▀▀▀" not in driver.text
        await driver.press("f8")
        await driver.until("Remove phone?")
        await driver.press("down", "enter")
        await driver.until("phone is out.", "No device of personal")
        assert "Square" not in driver.text
    for path in Path(os.environ["CLAW_TUI_HOME"]).rglob("*"):
        assert not path.is_file() or key.encode() not in path.read_bytes(), path
