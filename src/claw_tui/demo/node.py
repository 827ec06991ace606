"""``node -e`` in a simulated machine: only the one program that asks the gateway how it is."""

from __future__ import annotations

import re

from claw_tui.demo import gateway, gateway_net
from claw_tui.demo.shell import Builtin, Streams
from claw_tui.demo.world import World

FETCH = re.compile(r'fetch\("http://([\w.-]+):(\d+)(/[^"]*)"\)')


def make_node(app: World, machine: World) -> Builtin:
    """The ``node`` of one machine."""

    def node(argv: list[str], streams: Streams, _env: dict[str, str]) -> int:
        found = FETCH.search(argv[1]) if argv[:1] == ["-e"] and len(argv) > 1 else None
        if found is None:
            streams.err += "node: only fetch() of the gateway is simulated\n"
            return 1
        if not _reached(app, machine, found.group(1), found.group(2)):
            streams.out += "TypeError: fetch failed\n"
            return 1
        _kind, body = gateway.page(machine, found.group(3))
        streams.out += f"200\n{body}\n"
        return 0

    return node


def _reached(app: World, machine: World, host: str, port: str) -> bool:
    """The machine itself, or its app's private address: that leads through Fly's proxy to one that has a service there."""
    if host == "127.0.0.1":
        return gateway_net.answers_inside(machine, int(port))
    if host != f"{app['name']}.flycast" or not any(ip["type"] == "private_v6" for ip in app["ips"]):
        return False
    doors = [(found, gateway_net.door(found, int(port))) for found in app["machines"]]
    return any(inside and gateway_net.answers_outside(found, inside) for found, inside in doors)
