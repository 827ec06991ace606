"""`fly proxy` of the real flyctl, as far as it gets without a WireGuard gateway at the other end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from claw_tui.adapters.flyctl import Flyctl
from claw_tui.adapters.proxying import FlyTunnels
from claw_tui.demo import world
from claw_tui.domain.errors import AppNotFound, FlyNetworkDown, NotLoggedIn
from claw_tui.domain.reach_errors import TunnelRefused
from tests.fly_api.server import FlyApi
from tests.reach.rig import free_ports
from tests.transcripts import prepare

pytestmark = [pytest.mark.anyio, pytest.mark.flyctl]


@pytest.fixture
def tunnels(fly: Flyctl, tmp_path: Path) -> FlyTunnels:
    with world.opened() as now:
        prepare.deployed(now)
    return FlyTunnels(fly, tmp_path / "state", free_ports())


async def end_of(tunnels: FlyTunnels, app: str = "my-app") -> Exception:
    proxy = await tunnels.start(app, tunnels.ports[0])
    try:
        async with asyncio.timeout(60):
            return await proxy.ended()
    finally:
        await proxy.stop()
        await tunnels.rest()


async def test_the_command_line_is_taken_and_an_unknown_app_refused(tunnels: FlyTunnels) -> None:
    assert isinstance(await end_of(tunnels, "no-app"), AppNotFound)


async def test_without_a_login(tunnels: FlyTunnels, fly: Flyctl) -> None:
    fly.use_token(None)
    assert isinstance(await end_of(tunnels), NotLoggedIn)


async def test_a_peer_that_fly_refuses(tunnels: FlyTunnels, api: FlyApi, tmp_path: Path) -> None:
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
    assert isinstance(await end_of(tunnels), TunnelRefused)
    assert "POST /graphql#addWireGuardPeer" in api.seen()
    assert not list(tmp_path.rglob("fly-agent.sock"))  # the agent that it started is gone, too


async def test_a_wireguard_gateway_that_nobody_finds(tunnels: FlyTunnels) -> None:
    assert isinstance(await end_of(tunnels), FlyNetworkDown)


async def test_one_that_is_to_stay_leaves_its_words(tunnels: FlyTunnels) -> None:
    await tunnels.start_to_stay("no-app", tunnels.ports[0])
    async with asyncio.timeout(60):
        while tunnels.left_on("no-app") is not None:
            await asyncio.sleep(0.02)
    assert isinstance(tunnels.why("no-app"), AppNotFound)
    await tunnels.stop_left("no-app")
    await tunnels.rest()
