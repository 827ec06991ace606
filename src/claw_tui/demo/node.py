"""``node -e`` in a simulated machine: only programs that ask the gateway how it is, or its database who is let in."""

from __future__ import annotations

import json
import re

from claw_tui.demo import gateway
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.openclaw_guests import paired
from claw_tui.demo.shell import Builtin, Streams
from claw_tui.demo.world import World

FETCH = re.compile(r'fetch\("http://([\w.-]+):(\d+)(/[^"]*)"\)')


DATABASE = re.compile(
    r'new DatabaseSync\("(/[^"]*)",\{readOnly:true\}\).*SELECT channel_key AS channel, entry FROM channel_pairing_'
)


def make_node(app: World, machine: World, files: SimulatedFiles) -> Builtin:
    """The ``node`` of one machine."""

    def node(argv: list[str], streams: Streams, _env: dict[str, str]) -> int:
        asked = DATABASE.search(argv[1]) if argv[:1] == ["-e"] and len(argv) > 1 else None
        if asked is not None:
            if files.read(asked.group(1)) is None:
                streams.err += "Error: unable to open database file\n"
                return 1
            streams.out += json.dumps(paired(files)["people"]) + "\n"
            return 0
        found = FETCH.search(argv[1]) if argv[:1] == ["-e"] and len(argv) > 1 else None
        if found is None:
            streams.err += "node: only fetch() of the gateway and its list of people are simulated\n"
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
        return port == "3000" and gateway.listening(machine)
    if host != f"{app['name']}.flycast" or not any(ip["type"] == "private_v6" for ip in app["ips"]):
        return False
    return any(port in _ports(found) and gateway.listening(found) for found in app["machines"])


def _ports(machine: World) -> list[str]:
    return [str(port.get("port")) for service in machine["services"] for port in service.get("ports") or ()]
