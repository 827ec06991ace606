"""``kill`` in a simulated machine, and what becomes of the gateway then."""

from __future__ import annotations

from claw_tui.demo.gateway_place import GATEWAY_PID
from claw_tui.demo.shell import Builtin, Streams
from claw_tui.demo.world import World


def make_kill(machine: World) -> Builtin:
    """Only -STOP and -CONT of the gateway: it stays there and answers nobody, or goes on."""

    def kill(argv: list[str], streams: Streams, _env: dict[str, str]) -> int:
        if len(argv) != 2 or argv[0] not in ("-STOP", "-CONT"):
            streams.err += "kill: only -STOP and -CONT are simulated\n"
            return 2
        if argv[1] != str(GATEWAY_PID):
            streams.err += f"kill: ({argv[1]}) - No such process\n"
            return 1
        machine["gateway"]["halted"] = argv[0] == "-STOP"
        return 0

    return kill
