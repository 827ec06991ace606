"""The ``openclaw`` command inside a simulated machine."""

from __future__ import annotations

import json
import time

from claw_tui.demo import gateway
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.openclaw_config import read_config
from claw_tui.demo.shell import Streams
from claw_tui.demo.world import World, digest, made_id

COMMAND_SECONDS = 4.0
LINK_SECONDS = 600


class OpenclawCli:
    """Answers as OpenClaw 2026.9 does: JSON on stdout, words on stderr."""

    def __init__(self, world: World, app: World, machine: World, files: SimulatedFiles) -> None:
        self._world, self._app, self._machine, self._files = world, app, machine, files

    def __call__(self, argv: list[str], streams: Streams, env: dict[str, str]) -> int:
        self._files.took += COMMAND_SECONDS
        words = [word for word in argv if not word.startswith("-")]
        if argv == ["--version"]:
            streams.out += "OpenClaw 2026.9.1 (simulated)\n"
            return 0
        if words[:2] == ["config", "validate"]:
            return self._validate(streams, env)
        problem = self._unreachable(env)
        if problem:
            streams.err += problem + "\n"
            return 1
        match words:
            case ["channels", "status"]:
                self._print(streams, {"ts": int(time.time() * 1000), "channels": self._channels()})
            case ["dashboard"]:
                self._dashboard(streams)
            case ["devices", "list"]:
                self._print(
                    streams,
                    {"pending": self._pending_devices(), "paired": self._app.setdefault("paired", [])},
                )
            case ["devices", "approve", request]:
                return self._approve(streams, request, "device")
            case ["pairing", "list", channel]:
                self._print(streams, {"channel": channel, "requests": self._people(channel)})
            case ["pairing", "approve", _channel, code]:
                return self._approve(streams, code, "person")
            case _:
                streams.err += f"error: unknown command '{' '.join(words[:1])}'\n"
                return 1
        return 0

    def _print(self, streams: Streams, value: object) -> None:
        streams.out += json.dumps(value, indent=2) + "\n"

    def _validate(self, streams: Streams, env: dict[str, str]) -> int:
        path = (
            env.get("OPENCLAW_CONFIG_PATH")
            or f"{env.get('OPENCLAW_STATE_DIR', '/root/.openclaw')}/openclaw.json"
        )
        text = self._files.read(path)
        if text is None:
            self._print(
                streams,
                {
                    "ok": False,
                    "error": {"type": "cli_error", "message": "file not found"},
                    "valid": False,
                    "path": path,
                },
            )
            return 1
        _config, issues = read_config(text)
        if issues:
            error = {"type": "cli_error", "message": f"OpenClaw config is invalid: {path}"}
            self._print(
                streams, {"ok": False, "error": error, "valid": False, "path": path, "issues": issues}
            )
            return 1
        streams.out += json.dumps({"valid": True, "path": path, "warnings": []}) + "\n"
        return 0

    def _unreachable(self, env: dict[str, str]) -> str:
        """Why a command that talks to the gateway cannot."""
        loaded = self._machine["gateway"]["loaded"] or {}
        port = int(env.get("OPENCLAW_GATEWAY_PORT") or loaded.get("gateway", {}).get("port") or 18789)
        if port != 3000 or not gateway.listening(self._machine):
            return f"Gateway not reachable at ws://127.0.0.1:{port}"
        if env.get(gateway.TOKEN) != "sim-" + self._app["secrets"][gateway.TOKEN]["digest"]:
            return "gateway connect failed: AUTH_TOKEN_MISMATCH"
        return ""

    def _channels(self) -> dict[str, object]:
        found: dict[str, object] = {}
        loaded = self._machine["gateway"]["loaded"] or {}
        for name in loaded.get("channels") or {}:
            state = self._machine["gateway"]["channels"].get(name)
            running = state is not None and state["from"] <= time.time()
            error = state["error"] if state is not None and running else ""
            found[name] = {
                "configured": state is not None, "running": running and not error, "lastError": error or None, "tokenSource": "config",
                "probe": {"ok": running and not error, "error": error or None, "elapsedMs": 312},
            }  # fmt: skip
        return found

    def _dashboard(self, streams: Streams) -> None:
        token = digest(made_id(self._world, 40) + str(time.time())) * 2
        url = f"http://127.0.0.1:3000/#bootstrapToken={token}&bootstrapProfile=owner&gatewayUrl=ws%3A%2F%2F127.0.0.1%3A3000"
        answer = {
            "ok": True, "url": "http://127.0.0.1:3000/", "httpUrl": "http://127.0.0.1:3000/", "wsUrl": "ws://127.0.0.1:3000",
            "port": 3000, "tokenIncluded": False, "browserUrl": url,
            "browserBootstrapExpiresAtMs": int((time.time() + LINK_SECONDS) * 1000),
        }  # fmt: skip
        streams.out += json.dumps(answer) + "\n"

    def _somebody(self) -> World | None:
        found: World | None = self._machine["gateway"].get("somebody")
        return found if found is not None and found["from"] <= time.time() else None

    def _pending_devices(self) -> list[World]:
        found = self._somebody()
        if found is None or found.get("device"):
            return []
        request = {
            "requestId": found["id"], "deviceId": found["id"][:16], "displayName": "Chrome", "platform": "MacIntel",
            "clientId": "openclaw-control-ui", "remoteIp": "198.51.100.7", "ts": int(found["from"] * 1000),
        }  # fmt: skip
        return [request]

    def _people(self, channel: str) -> list[World]:
        found = self._somebody()
        channels = self._machine["gateway"]["channels"]
        if found is None or found.get("person") or channel != next(iter(channels), ""):
            return []
        meta = {"username": "ada", "senderId": "987654321098765432"}
        return [
            {
                "id": meta["senderId"],
                "code": found["code"],
                "createdAt": gateway.stamp(found["from"]),
                "meta": meta,
            }
        ]

    def _approve(self, streams: Streams, request: str, kind: str) -> int:
        found = self._somebody()
        if found is None or request not in (found["id"], found["code"]) or found.get(kind):
            streams.err += "unknown requestId\n"
            return 1
        found[kind] = True
        streams.out += f"Approved {request}\n"
        return 0
