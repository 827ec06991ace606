"""``node -e`` in a simulated machine: only the one program that asks the gateway how it is."""

from __future__ import annotations

import re

from claw_tui.demo import gateway
from claw_tui.demo.shell import Builtin, Streams
from claw_tui.demo.world import World

FETCH = re.compile(r'fetch\("http://127\.0\.0\.1:(\d+)(/[^"]*)"\)')


def make_node(machine: World) -> Builtin:
    """The ``node`` of one machine."""

    def node(argv: list[str], streams: Streams, _env: dict[str, str]) -> int:
        found = FETCH.search(argv[1]) if argv[:1] == ["-e"] and len(argv) > 1 else None
        if found is None:
            streams.err += "node: only fetch() of the gateway is simulated\n"
            return 1
        if found.group(1) != "3000" or not gateway.listening(machine):
            streams.out += "TypeError: fetch failed\n"
            return 1
        _kind, body = gateway.page(machine, found.group(2))
        streams.out += f"200\n{body}\n"
        return 0

    return node
