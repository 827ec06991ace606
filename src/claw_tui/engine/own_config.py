"""The answers' openclaw.json for one gateway: with the app's addresses, and the port at which it listens."""

from __future__ import annotations

from claw_tui.domain.fly_toml import command_words
from claw_tui.domain.gateway_config import Json
from claw_tui.domain.jobs import DEPLOYS
from claw_tui.domain.layout import listening_at, port_said, said_port
from claw_tui.domain.wanted_config import wanted_config
from claw_tui.domain.world import IpKind, Machine, World
from claw_tui.engine.context import View


def own_addresses(world: World) -> list[str]:
    """The app's addresses that Fly's proxy puts into X-Forwarded-For: the gateway has to know them."""
    public = (IpKind.V4, IpKind.V6, IpKind.SHARED_V4)
    return sorted(ip.address for ip in world.ips if ip.kind in public)


def own_config(view: View, machine: Machine | None = None) -> Json:
    """``machine``: as it will run, where that is not as it runs now."""
    tree = wanted_config(view.spec, own_addresses(view.world))
    runs = machine or view.world.machine
    if view.task in DEPLOYS or runs is None:
        port = port_said(command_words(view.spec), {})
    else:
        port = said_port(runs)
    return listening_at(tree, port)
