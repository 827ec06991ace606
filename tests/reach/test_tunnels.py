"""Tunnels by the real subprocess of the simulated flyctl, on real ports."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from claw_tui.demo import world
from claw_tui.domain.errors import NotLoggedIn
from claw_tui.domain.reach import Stage
from claw_tui.domain.reach_errors import NoWayIn, PortTaken, TunnelRefused, TunnelSilent
from claw_tui.domain.secret import Secret
from claw_tui.engine import reach as engine_reach
from claw_tui.engine.reach import Reach
from claw_tui.engine.world import WorldReader
from claw_tui.ports import Services
from claw_tui.wiring import services_for
from tests.conftest import TOKEN, Cloud
from tests.engine.rig import assert_no_canary, have_gateway
from tests.reach.rig import accepts, free_ports, private_gateway, proxies, until

pytestmark = pytest.mark.anyio


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found = free_ports()
    monkeypatch.setenv("CLAW_DEMO_PORTS", ",".join(map(str, found)))
    return found


@pytest.fixture
async def private(ports: list[int], services: Services, cloud: Cloud) -> Services:
    del ports
    cloud.log_in()
    await private_gateway(services)
    return services


def a_sitting(services: Services) -> Reach:
    return Reach(services, WorldReader(services.fly))


@pytest.fixture
async def reach(private: Services) -> AsyncIterator[Reach]:
    found = a_sitting(private)
    yield found
    await found.close("my-app")
    await found.end()


async def test_a_tunnel_leads_to_the_gateway_and_ends_with_the_sitting(
    private: Services, ports: list[int], cloud: Cloud
) -> None:
    cloud.record()
    reach = a_sitting(private)
    tunnel = await reach.open("my-app")
    assert (tunnel.stage, tunnel.port, tunnel.stays) == (Stage.ON, ports[0], False)
    assert tunnel.address == f"http://localhost:{ports[0]}"
    assert (await private.tunnels.answers(ports[0])).json_ok
    assert await reach.open("my-app") is tunnel
    call = next(call for call in cloud.calls() if call["argv"][0] == "proxy")
    assert call["argv"] == [
        "proxy", f"{ports[0]}:3000", "my-app.flycast", "--app", "my-app", "--bind-addr", "127.0.0.1", "--quiet",
        "--watch-stdin",
    ]  # fmt: skip
    assert len(proxies()) == 1
    await reach.end()
    assert proxies() == []
    assert not accepts(ports[0])
    assert not list(Path(os.environ["CLAW_TUI_HOME"]).rglob("fly-agent.sock"))
    assert_no_canary(Path(os.environ["CLAW_TUI_HOME"]) / "demo" / "reach")


async def test_the_next_port_of_the_reserve_is_taken_and_all_taken_is_told(
    reach: Reach, ports: list[int]
) -> None:
    with closing(socket.create_server(("127.0.0.1", ports[0]))):
        assert (await reach.open("my-app")).port == ports[1]
        with pytest.raises(PortTaken, match=f"Port {ports[0]} of this computer is taken"):
            await reach.open("my-app", ports[0])
        await reach.close("my-app")
        with (
            closing(socket.create_server(("127.0.0.1", ports[1]))),
            closing(socket.create_server(("127.0.0.1", ports[2]))),
            pytest.raises(PortTaken, match="all taken"),
        ):
            await reach.open("my-app")
    with pytest.raises(PortTaken, match="from these local ports only"):
        await reach.open("my-app", 1)


async def test_a_port_that_is_taken_in_between_is_flyctls_to_tell(
    private: Services, ports: list[int]
) -> None:
    with closing(socket.create_server(("127.0.0.1", ports[0]))):
        proxy = await private.tunnels.start("my-app", ports[0])
        error = await proxy.ended()
        await proxy.stop()
    assert isinstance(error, PortTaken)
    assert str(ports[0]) in error.message
    assert error.detail.endswith("bind: address already in use")


async def test_a_proxy_that_is_killed_is_started_again(reach: Reach, private: Services) -> None:
    tunnel = await reach.open("my-app")
    (pid,) = proxies()
    os.kill(pid, signal.SIGKILL)
    await until(lambda: tunnel.stage is Stage.ON and proxies() not in ([], [pid]))
    assert (await private.tunnels.answers(tunnel.port)).json_ok
    assert tunnel.error is not None


async def test_one_that_cannot_be_started_again_is_given_up_with_its_cause(
    reach: Reach, private: Services
) -> None:
    tunnel = await reach.open("my-app")
    private.fly.use_token(Secret("fo1_expired"))
    os.kill(proxies()[0], signal.SIGKILL)
    await until(lambda: tunnel.stage is Stage.BROKEN)
    assert tunnel.error is not None
    assert tunnel.error.code == "token-rejected"
    private.fly.use_token(TOKEN)
    assert (await reach.open("my-app")).stage is Stage.ON


async def test_one_that_is_left_on_survives_is_found_again_and_can_be_stopped(
    private: Services, ports: list[int], cloud: Cloud
) -> None:
    first = a_sitting(private)
    await first.open("my-app")
    left = await first.leave_on("my-app")
    assert (left.stays, left.port) == (True, ports[0])
    await first.end()
    (pid,) = proxies()
    second = services_for(os.environ, demo=True)
    second.fly.use_token(TOKEN)
    reach = a_sitting(second)
    found = reach.tunnel("my-app")
    assert (found.stage, found.stays, found.port, found.since) == (Stage.ON, True, ports[0], left.since)
    assert (await reach.open("my-app")).stays
    assert proxies() == [pid]
    await reach.close("my-app")
    assert proxies() == []
    assert reach.tunnel("my-app").stage is Stage.OFF
    await reach.end()
    await second.close()
    assert not list(Path(os.environ["CLAW_TUI_HOME"]).rglob("fly-agent.sock"))
    assert cloud.app("my-app")["machines"]


async def test_a_process_number_that_was_given_away_is_not_our_tunnel(private: Services) -> None:
    """The record names a process that is somebody else's by now: it is neither shown nor stopped."""
    reach = a_sitting(private)
    await reach.leave_on("my-app")
    (old,) = proxies()
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True
    ) as other:
        try:
            record = next(Path(os.environ["CLAW_TUI_HOME"]).rglob("reach/my-app.json"))
            record.write_text(re.sub(rf"\b{old}\b", str(other.pid), record.read_text()))
            assert private.tunnels.left_on("my-app") is None
            await reach.close("my-app")
            assert other.poll() is None
        finally:
            other.kill()
            os.kill(old, signal.SIGKILL)


SITTING = """
import asyncio, os, sys
from claw_tui.engine.session import Session
from claw_tui.domain.secret import Secret
from claw_tui.wiring import services_for

async def main():
    session = Session(services_for(os.environ, demo=True))
    session.services.fly.use_token(Secret("fo1_token-of-a-test"))
    await session.reach.open("my-app")
    print("on", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


async def test_it_ends_with_us_also_when_we_are_killed(private: Services, ports: list[int]) -> None:
    src = str(Path(engine_reach.__file__).parents[2])
    child = subprocess.Popen(
        [sys.executable, "-c", SITTING],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": src},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "on\n"
    assert len(proxies()) == 1
    child.kill()
    child.wait()
    child.stdout.close()
    await until(lambda: proxies() == [])
    assert not accepts(ports[0])
    await private.tunnels.rest()
    assert not list(Path(os.environ["CLAW_TUI_HOME"]).rglob("reach/fly/fly-agent.sock"))


async def test_what_has_no_way_in_is_told_at_once(services: Services, cloud: Cloud, ports: list[int]) -> None:
    cloud.log_in()
    await have_gateway(services)
    reach = a_sitting(services)
    with pytest.raises(NoWayIn, match="is public: it needs no tunnel") as public:
        await reach.open("my-app")
    assert "https://my-app.fly.dev" in public.value.hint
    with world.opened() as now:
        now["apps"]["my-app"]["ips"] = []
    reach = a_sitting(services)
    with pytest.raises(NoWayIn, match="no Flycast address"):
        await reach.open("my-app")
    assert not accepts(ports[0])


async def test_without_its_service_or_its_machine_there_is_no_way_in(private: Services) -> None:
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["state"] = "stopped"
    with pytest.raises(NoWayIn, match="does not run"):
        await a_sitting(private).open("my-app")
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["config"]["services"] = []
    with pytest.raises(NoWayIn, match="service on port 3000"):
        await a_sitting(private).open("my-app")


async def test_who_is_not_logged_in_is_told_so(private: Services) -> None:
    proxy = None
    private.fly.use_token(None)
    proxy = await private.tunnels.start("my-app", private.tunnels.ports[0])
    error = await proxy.ended()
    await proxy.stop()
    assert isinstance(error, NotLoggedIn)


async def test_a_refused_wireguard_and_an_unknown_name_are_told(private: Services) -> None:
    with world.opened() as now:
        now["conditions"] = [
            {
                "method": "POST",
                "path": "#addWireGuardPeer",
                "status": 422,
                "times": 9,
                "acts": False,
                "body": {},
            }
        ]
    with pytest.raises(TunnelRefused, match="did not let flyctl into the private network"):
        await a_sitting(private).open("my-app")
    with world.opened() as now:
        now["conditions"] = []
        now["apps"]["my-app"]["ips"] = []
    proxy = await private.tunnels.start("my-app", private.tunnels.ports[0])
    error = await proxy.ended()
    await proxy.stop()
    assert isinstance(error, NoWayIn)
    assert "does not know" in error.message


async def test_a_gateway_that_does_not_answer_is_told_and_nothing_is_left(
    private: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_reach, "READY_SECONDS", 0.3)
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["gateway"]["listening"] = 0.0
    with pytest.raises(TunnelSilent, match="does not answer: nothing answers"):
        await a_sitting(private).open("my-app")
    assert proxies() == []


async def test_a_gateway_that_falls_silent_has_its_tunnel_started_anew(reach: Reach) -> None:
    tunnel = await reach.open("my-app")
    (pid,) = proxies()
    with world.opened() as now:
        listening = now["apps"]["my-app"]["machines"][0]["gateway"]["listening"]
        now["apps"]["my-app"]["machines"][0]["gateway"]["listening"] = 0.0
    await until(lambda: isinstance(tunnel.error, TunnelSilent))
    with world.opened() as now:
        now["apps"]["my-app"]["machines"][0]["gateway"]["listening"] = listening
    await until(lambda: tunnel.stage is Stage.ON and pid not in proxies())
