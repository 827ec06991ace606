"""``node -e`` in a simulated machine: only programs that ask the gateway how it is, or its database who is let in."""

from __future__ import annotations

import json
import re

from claw_tui.demo import gateway, gateway_net
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.openclaw_guests import paired
from claw_tui.demo.shell import USER, Builtin, Streams
from claw_tui.demo.world import World

FETCH = re.compile(r'fetch\("http://([\w.-]+):(\d+)(/[^"]*)"\)')


DATABASE = re.compile(
    r'new DatabaseSync\("(/[^"]*)",\{readOnly:true\}\).*SELECT channel_key AS channel, entry FROM channel_pairing_'
)


# A program that starts another one as user 1000, with the surroundings of the process that has one of these variables.
AS_ANOTHER = re.compile(r'/environ".*includes\("\w+=.*spawn\(process\.argv\[1\].*uid:(\d+)')
HAS = re.compile(r'includes\("(\w+=)"\)')


def _as_another(
    files: SimulatedFiles,
    commands: dict[str, Builtin],
    streams: Streams,
    program: str,
    argv: list[str],
    own: dict[str, str],
) -> int:
    found = AS_ANOTHER.search(program)
    if found is None or argv[:1] != ["--"] or len(argv) < 2:
        streams.err += "node: only fetch() of the gateway and its list of people are simulated\n"
        return 1
    env = {**own, "HOME": "/home/node", "OPENCLAW_STATE_DIR": "/data"}
    for path in files.paths():
        text = files.read(path) or ""
        if re.fullmatch(r"/proc/\d+/environ", path) and any(name in text for name in HAS.findall(program)):
            lines = (line.partition("=") for line in text.split("\0"))
            env.update({name: value for name, sep, value in lines if sep})
    if argv[1] not in commands:
        streams.err += f"Error: spawn {argv[1]} ENOENT\n"
        return 127
    return commands[argv[1]](argv[2:], streams, {**env, USER: f"{found.group(1)}:{found.group(1)}"})


def make_node(app: World, machine: World, files: SimulatedFiles, commands: dict[str, Builtin]) -> Builtin:
    """The ``node`` of one machine; ``commands``: the programs that it may start."""

    def node(argv: list[str], streams: Streams, env: dict[str, str]) -> int:
        asked = DATABASE.search(argv[1]) if argv[:1] == ["-e"] and len(argv) > 1 else None
        if asked is not None:
            if files.read(asked.group(1)) is None:
                streams.err += "Error: unable to open database file\n"
                return 1
            streams.out += json.dumps(paired(machine, files)["people"]) + "\n"
            return 0
        found = FETCH.search(argv[1]) if argv[:1] == ["-e"] and len(argv) > 1 else None
        if found is None:
            return _as_another(files, commands, streams, argv[1] if len(argv) > 1 else "", argv[2:], env)
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
