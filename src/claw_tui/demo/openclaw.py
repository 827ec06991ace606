"""The ``openclaw`` command inside a simulated machine."""

from __future__ import annotations

import json
import time

from claw_tui.demo import gateway, voice
from claw_tui.demo import gateway_words as words
from claw_tui.demo import openclaw_answers as answers
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.machine_log import stamp
from claw_tui.demo.openclaw_config import read_config
from claw_tui.demo.shell import Streams
from claw_tui.demo.world import World, digest, made_id

COMMAND_SECONDS = {True: 8.0, False: 3.5}  # January's took longer
VERSION_SECONDS = {True: 4.0, False: 0.1}
PATIENT_SECONDS = {
    "channels": 60.0,
    "dashboard": 30.0,
}  # so long versions after 2026.9.1 try to reach a gateway
LINK_SECONDS = 600
STRANGER = (
    "Try: openclaw --help", "Plugin command? openclaw plugins list", "Docs: https://docs.openclaw.ai/cli",
)  # fmt: skip

COMMANDS = (
    ("channels", "status"), ("devices", "list"), ("devices", "approve"), ("pairing", "list"), ("pairing", "approve"),
)  # fmt: skip


class OpenclawCli:
    """JSON on stdout, words on stderr."""

    def __init__(self, world: World, app: World, machine: World, files: SimulatedFiles) -> None:
        self._world, self._app, self._machine, self._files = world, app, machine, files
        self._old = words.january(machine)

    def __call__(self, argv: list[str], streams: Streams, env: dict[str, str]) -> int:
        if argv == ["--version"]:
            self._files.took += VERSION_SECONDS[self._old]
            number = words.version(self._machine)
            streams.out += f"{number}\n" if self._old else f"OpenClaw {number} (6b1a3f2c)\n"
            return 0
        self._files.took += COMMAND_SECONDS[self._old]
        wanted = [word for word in argv if not word.startswith("-")]
        if (
            self._old
            and (wanted[:2] == ["config", "validate"] or wanted == ["dashboard"])
            and "--json" in argv
        ):
            streams.err += "error: unknown option '--json'\n"
            return 1
        if wanted[:2] == ["config", "validate"]:
            return self._validate(streams, env)
        if wanted[:2] == ["config", "set"] and len(wanted) == 4:
            return self._set(streams, env, wanted[2], wanted[3])
        if wanted[:2] == ["voicecall", "setup"] and voice.is_on(self._machine):
            self._print(streams, voice.setup(self._machine))
            return 0
        if tuple(wanted[:2]) not in COMMANDS and wanted != ["dashboard"]:
            return self._stranger(streams, wanted)
        problem = self._problem(env)
        if problem:
            return self._unreachable(streams, wanted, env, problem)
        return self._ask(wanted, streams, probe="--probe" in argv)

    def _stranger(self, streams: Streams, wanted: list[str]) -> int:
        name = " ".join(wanted[:1])
        lines = [f"error: unknown command '{name}'"] if self._old else [
            f'OpenClaw does not know the command "{name}".', *STRANGER,
        ]  # fmt: skip
        streams.err += "\n".join(lines) + "\n"
        return 1

    def _ask(self, wanted: list[str], streams: Streams, *, probe: bool) -> int:
        match wanted:
            case ["channels", "status"]:
                self._print(streams, answers.channels_status(self._machine, probe=probe))
            case ["dashboard"]:
                token = digest(made_id(self._world, 40) + str(time.time())) * 2
                answer = answers.dashboard(self._machine, token, time.time() + LINK_SECONDS)
                streams.out += json.dumps(answer) + "\n"
            case ["devices", "list"]:
                self._print(streams, {"pending": self._pending_devices(), "paired": []})
            case ["devices", "approve", request]:
                return self._approve(streams, request, "device")
            case ["pairing", "list", channel]:
                self._print(streams, {"channel": channel, "requests": self._people(channel)})
            case ["pairing", "approve", _channel, code]:
                return self._approve(streams, code, "person")
        return 0

    def _print(self, streams: Streams, value: object) -> None:
        streams.out += json.dumps(value, indent=2) + "\n"

    def _path(self, env: dict[str, str]) -> str:
        return (
            env.get("OPENCLAW_CONFIG_PATH")
            or f"{env.get('OPENCLAW_STATE_DIR', '/root/.openclaw')}/openclaw.json"
        )

    def _validate(self, streams: Streams, env: dict[str, str]) -> int:
        path = self._path(env)
        text = self._files.read(path)
        issues = None if text is None else read_config(text, old=self._old)[1]
        if text is None or issues:
            self._print(streams, answers.invalid(path, issues))
            return 1
        streams.out += json.dumps({"valid": True, "path": path, "warnings": []}) + "\n"
        return 0

    def _set(self, streams: Streams, env: dict[str, str], path: str, value: str) -> int:
        """Write the file as OpenClaw writes it: with its mark in ``meta``, and a backup of what there was."""
        name = self._path(env)
        before = self._files.read(name) or "{}"
        config = node = json.loads(before)
        *way, last = path.split(".")
        for key in way:
            node = node.setdefault(key, {})
        node[last] = json.loads(value)
        config["meta"] = {**config.get("meta", {}), "lastTouchedVersion": words.version(self._machine)}
        self._files.put(f"{name}.bak", before)
        self._files.put(name, json.dumps(config, indent=2) + "\n")
        streams.out += (
            f"Updated {path}. Restart the gateway to apply.\n" if self._old
            else f"Updated {path}. Change will apply without restarting the gateway.\n"
        )  # fmt: skip
        return 0

    def _url(self, env: dict[str, str]) -> str:
        loaded = read_config(self._files.read(self._path(env)) or "{}", old=self._old)[0] or {}
        port = env.get("OPENCLAW_GATEWAY_PORT") or loaded.get("gateway", {}).get("port") or 18789
        return f"ws://127.0.0.1:{port}"

    def _problem(self, env: dict[str, str]) -> str:
        """Why a command that talks to the gateway cannot."""
        if not self._url(env).endswith(":3000") or not gateway.listening(self._machine):
            return "unreachable"
        if env.get(gateway.TOKEN) != "sim-" + self._app["secrets"][gateway.TOKEN]["digest"]:
            return "gateway connect failed: AUTH_TOKEN_MISMATCH"
        return ""

    def _unreachable(self, streams: Streams, wanted: list[str], env: dict[str, str], problem: str) -> int:
        url, path = self._url(env), self._path(env)
        if problem != "unreachable":
            streams.err += problem + "\n"
            return 1
        if self._old:
            closed = "gateway closed (1006 abnormal closure (no close frame)): no close reason"
            status = wanted == ["channels", "status"]
            said = "[openclaw] Failed to start CLI: Error:"
            if status:
                said = (
                    f"Gateway not reachable; showing config-only status.\nConfig: {path}\nMode: local\n"
                    "Gateway not reachable: Error:"
                )
            streams.err += f"{said} {closed}\nGateway target: {url}\nSource: local loopback\nBind: lan\n"
            return 0 if status else 1
        if words.newer(self._machine):
            self._files.took += PATIENT_SECONDS.get(wanted[0], 0)
        if wanted == ["channels", "status"]:
            loaded = read_config(self._files.read(path) or "{}", old=self._old)[0] or {}
            self._print(streams, answers.config_only(path, list(loaded.get("channels") or {}), url))
            return 0
        if wanted == ["dashboard"]:
            streams.out += json.dumps({"ok": False, "reason": f"Gateway not reachable at {url}"}) + "\n"
            return 1
        self._print(streams, answers.unreachable(url))
        return 1

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
                "createdAt": stamp(found["from"]),
                "meta": meta,
            }
        ]

    def _approve(self, streams: Streams, request: str, kind: str) -> int:
        found = self._somebody()
        if found is None or request not in (found["id"], found["code"]) or found.get(kind):
            streams.err += self._nobody(request, kind) + "\n"
            return 1
        found[kind] = True
        streams.out += f"Approved {request}\n"
        return 0

    def _nobody(self, request: str, kind: str) -> str:
        """What approving a request that is not there brings."""
        failed = "[openclaw] Failed to start CLI: Error:"
        if kind == "device":
            return f"{failed} unknown requestId" if self._old else (
                f"No pending device request matches {request}. Run openclaw devices list and retry with the current request ID."
            )  # fmt: skip
        nobody = "No pending pairing request found for code"
        return f"{failed} {nobody}: {request}" if self._old else (
            f'[openclaw] Reason: {nobody} "{request}". '
            "Run openclaw pairing list --channel telegram to list pending requests."
        )  # fmt: skip
