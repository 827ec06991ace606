"""`claw-tui reach` as a script meets it: its lines, its tunnel, its exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from claw_tui.demo import world
from claw_tui.ports import Services
from tests.conftest import Cloud
from tests.engine.rig import have_gateway
from tests.plain.program import PROGRAM, claw_tui, environment
from tests.reach.rig import accepts, free_ports, private_gateway, proxies, until

pytestmark = pytest.mark.anyio


@pytest.fixture
async def private(
    services: Services, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[list[int]]:
    ports = free_ports()
    monkeypatch.setenv("CLAW_DEMO_PORTS", ",".join(map(str, ports)))
    cloud.log_in()
    await private_gateway(services)
    yield ports
    await services.tunnels.stop_left("my-app")


@contextmanager
def going(*argv: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--demo", *argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=environment(),
    ) as child:  # fmt: skip
        try:
            yield child
        finally:
            child.kill()


async def test_how_a_private_gateway_is_reached(private: list[int]) -> None:
    said = claw_tui("reach", "my-app")
    assert said.code == 0, said
    assert said.out.splitlines() == [
        "my-app is private: only who is in your organization's network reaches it.",
        f"By hand: fly proxy {private[0]}:3000 my-app.flycast -a my-app",
        "With WireGuard: http://my-app.flycast:3000",
    ]
    (found,) = claw_tui("reach", "my-app", "--json", SSH_CONNECTION="198.51.100.4 5 192.0.2.7 22").objects
    assert found["private"] is True
    assert found["ssh"].startswith(f"ssh -L {private[0]}:localhost:{private[0]} ")
    assert found["ssh"].endswith("@192.0.2.7")
    assert proxies() == []


async def test_a_tunnel_until_ctrl_c(private: list[int]) -> None:
    with going("reach", "my-app", "--proxy", "--json") as child:
        assert child.stdout is not None
        said = [json.loads(child.stdout.readline()) for _ in range(3)]
        assert [one["event"] for one in said] == ["reach", "starting", "on"]
        assert said[-1]["address"] == f"http://localhost:{private[0]}"
        assert accepts(private[0])
        (pid,) = proxies()
        os.kill(pid, signal.SIGKILL)
        events = [json.loads(child.stdout.readline())["event"]]
        if events == ["again"]:
            events.append(json.loads(child.stdout.readline())["event"])
        assert events[-1] == "on"
        child.send_signal(signal.SIGINT)
        assert child.wait(20) == 130
    await until(lambda: proxies() == [])


async def test_one_that_is_left_on_and_stopped(private: list[int]) -> None:
    said = claw_tui("reach", "my-app", "--leave-on", "--port", str(private[1]))
    assert (said.code, said.out.splitlines()[-1]) == (
        0, f"The tunnel is on, and stays so: open http://localhost:{private[1]} (--stop ends it).",
    )  # fmt: skip
    assert accepts(private[1])
    assert f"A tunnel was left on: open http://localhost:{private[1]}" in claw_tui("reach", "my-app").out
    again = claw_tui("reach", "my-app", "--proxy")
    assert (again.code, "it was left on; --stop ends it" in again.out) == (0, True)
    assert claw_tui("reach", "my-app", "--stop").out == "The tunnel is off.\n"
    assert proxies() == []
    nothing = claw_tui("reach", "my-app", "--stop")
    assert (nothing.code, nothing.err) == (3, "No tunnel to my-app was left on.\n")


async def test_what_is_refused(private: list[int]) -> None:
    wrong = claw_tui("reach", "my-app", "--proxy", "--port", "8080")
    assert wrong.code == 1
    assert "from these local ports only: " + ", ".join(map(str, private)) in wrong.err
    assert claw_tui("reach", "no-app").code == 3
    assert claw_tui("reach").code == 3


async def test_a_public_gateway_has_its_address(services: Services, cloud: Cloud) -> None:
    cloud.log_in()
    await have_gateway(services)
    said = claw_tui("reach", "my-app")
    assert (said.code, said.out) == (0, "my-app is public. Open https://my-app.fly.dev\n")
    refused = claw_tui("reach", "my-app", "--proxy")
    assert refused.code == 8
    assert "it needs no tunnel" in refused.err


async def test_where_nothing_leads_to_no_way_is_promised(private: list[int], cloud: Cloud) -> None:
    """By the guides: a private address and no service, which no `fly proxy` and no WireGuard gets through."""
    with world.opened() as now:
        machine = now["apps"]["my-app"]["machines"][0]
        machine["services"] = machine["config"]["services"] = []
    said = claw_tui("reach", "my-app")
    assert (said.code, said.out) == (8, "")
    assert "No machine of the app has a service on port 3000" in said.err
    assert "claw-tui --demo harden my-app" in said.err
