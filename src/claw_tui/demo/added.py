"""Programs that an image of somebody's own adds to OpenClaw's: signal-cli with Java, ngrok, tailscale."""

from __future__ import annotations

import json
import time

from claw_tui.demo.images import programs_of
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.picture import picture
from claw_tui.demo.shell import TERMINAL, USER, Builtin, Streams
from claw_tui.demo.world import World, lasts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STARTER = "with-tailscale"
AUTH_KEY = "TS_AUTHKEY"
SIGNAL_STATE = "/data/signal-cli"
VERSIONS = {"ngrok": "ngrok version 3.33.1", "signal-cli": "signal-cli 0.14.10", "tailscale": "1.92.3"}
JAVALESS = "ERROR: JAVA_HOME is not set and no 'java' command could be found in your PATH."
NODE = "1000:1000"
SCAN_SECONDS = 12.0
RETRY_SECONDS = 5.0  # the gateway tries its signal-cli again by itself


def loaded(machine: World) -> dict[str, Any]:
    found: dict[str, Any] = machine["gateway"].get("loaded") or {}
    return found


def is_managed(config: dict[str, Any] | None) -> bool:
    transport = ((config or {}).get("channels") or {}).get("signal", {}).get("transport") or {}
    return str(transport.get("kind", "managed-native")) == "managed-native"


def _state_of(config: dict[str, Any]) -> str:
    """Without a place of its own signal-cli takes the home folder, which goes with the machine."""
    transport = (config.get("channels") or {}).get("signal", {}).get("transport") or {}
    return str(transport.get("configPath") or "/home/node/.local/share/signal-cli")


def signal_error(now: World, app: World, machine: World) -> str:
    """Why the gateway's own signal-cli does not run."""
    there, config = programs_of(now, machine), loaded(machine)
    if "signal-cli" not in there:
        return "spawn signal-cli ENOENT"
    files = SimulatedFiles(app, machine)
    path = f"{_state_of(config)}/data/accounts.json"
    text = files.read(path)
    wanted = config["channels"]["signal"].get("account")
    numbers = [account["number"] for account in json.loads(text)["accounts"]] if text else []
    if "java" not in there or wanted not in numbers or files.owner_and_mode(path)[0] != NODE:
        return "signal daemon exited (source=process code=1 signal=null)"
    return ""


def running(machine: World) -> list[str]:
    """Names of processes beside the gateway's."""
    from claw_tui.demo import voice  # noqa: PLC0415

    found = ["tailscaled"] if machine["cmd"][:1] == [STARTER] else []
    return (
        [*found, "ngrok"]
        if voice.tunnel(machine) == "ngrok" and not machine["gateway"].get("tunnel")
        else found
    )


def tailscale_state(app: World, machine: World) -> str:
    """Empty when nothing has started it."""
    if machine["cmd"][:1] != [STARTER]:
        return ""
    key = app["secrets"].get(AUTH_KEY)
    return "NeedsLogin" if key is None or {"bad", "blank"} & set(key.get("traits", ())) else "Running"


def tailnet_name(app: World) -> str:
    return f"{app['name']}.tail1a2b3.ts.net"


def look_up(commands: dict[str, Builtin]) -> Builtin:
    """The shell's ``command -v``."""

    def run(argv: list[str], streams: Streams, _env: dict[str, str]) -> int:
        if argv[:1] != ["-v"] or argv[1:2] == [] or argv[1] not in commands:
            return 1
        streams.out += f"/usr/local/bin/{argv[1]}\n"
        return 0

    return run


class Added:
    """The programs, each as (arguments, streams, environment) -> exit code."""

    def __init__(self, now: World, app: World, machine: World, files: SimulatedFiles) -> None:
        self._app, self._machine, self._files = app, machine, files
        self._there = programs_of(now, machine)

    def table(self) -> dict[str, Builtin]:
        known: dict[str, Builtin] = {
            "ngrok": self._ngrok,
            "signal-cli": self._signal_cli,
            "tailscale": self._tailscale,
        }
        return {name: run for name, run in known.items() if name in self._there}

    def _ngrok(self, argv: list[str], streams: Streams, _env: dict[str, str]) -> int:
        streams.out += f"{VERSIONS['ngrok']}\n" if argv[:1] == ["version"] else ""
        return 0

    def _signal_cli(self, argv: list[str], streams: Streams, env: dict[str, str]) -> int:
        if "java" not in self._there:
            streams.err += JAVALESS + "\n"
            return 1
        if argv[:1] == ["--config"] and argv[2:3] == ["link"]:
            return self._link(argv[1], streams, env)
        streams.out += f"{VERSIONS['signal-cli']}\n" if argv == ["--version"] else ""
        return 0

    def _link(self, folder: str, streams: Streams, env: dict[str, str]) -> int:
        """The picture is for a terminal only; the address is shown in any case."""
        owner = env.get(USER, "0:0")
        streams.out += (
            f"{picture(folder) + chr(10) if TERMINAL in env else ''}sgnl://linkdevice?uuid=x&pub_key=y\n"
        )
        if TERMINAL in env:
            streams.after = (SCAN_SECONDS, lambda app, machine: _linked(app, machine, folder, owner))
        else:
            self._files.took += SCAN_SECONDS
            streams.out += _linked(self._app, self._machine, folder, owner)
        return 0

    def _tailscale(self, argv: list[str], streams: Streams, _env: dict[str, str]) -> int:
        state, name = tailscale_state(self._app, self._machine), tailnet_name(self._app)
        if argv[:1] == ["version"]:
            streams.out += f"{VERSIONS['tailscale']}\n"
            return 0
        if not state:
            streams.err += "failed to connect to local tailscaled; it doesn't appear to be running\n"
            return 1
        connected = state == "Running"
        if argv[:1] == ["status"]:
            mine = {"DNSName": f"{name}." if connected else ""}
            streams.out += json.dumps({"BackendState": state, "Self": mine}) + "\n"
        if argv[:2] == ["funnel", "status"]:
            on = connected and not self._machine["gateway"].get("tunnel")
            streams.out += json.dumps({"AllowFunnel": {f"{name}:443": True}} if on else {}) + "\n"
        return 0


def _linked(app: World, machine: World, folder: str, owner: str) -> str:
    """Somebody has scanned the code. ``otherphone`` in the app's name: with the wrong phone."""
    wanted = (loaded(machine).get("channels") or {}).get("signal", {}).get("account") or "+15550000000"
    number = "+15559999999" if "otherphone" in app["name"] else wanted
    accounts = [{"path": "123456", "environment": "LIVE", "number": number, "uuid": "0"}]
    path, files = f"{folder}/data/accounts.json", SimulatedFiles(app, machine)
    files.put(path, json.dumps({"accounts": accounts, "version": 2}))
    files.set_owner(path, owner)
    channel = machine["gateway"].get("channels", {}).get("signal")
    if channel is not None and number == wanted and owner == NODE and folder == _state_of(loaded(machine)):
        channel["from"], channel["error"] = time.time() + lasts(RETRY_SECONDS), ""
    return f"Associated with: {number}\n"
