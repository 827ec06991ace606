"""The ``openclaw`` command inside a simulated machine."""

from __future__ import annotations

import json
import time

from claw_tui.demo import gateway, gateway_net, json5, voice
from claw_tui.demo import gateway_words as words
from claw_tui.demo import openclaw_answers as answers
from claw_tui.demo import openclaw_models as models
from claw_tui.demo import openclaw_texts as texts
from claw_tui.demo.gateway_auth import PASSWORD, way_in
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.openclaw_config import read_config
from claw_tui.demo.openclaw_guests import Guests
from claw_tui.demo.openclaw_login import channels_login, channels_logout
from claw_tui.demo.programs import OPENCLAW
from claw_tui.demo.shell import USER, Streams
from claw_tui.demo.world import World, digest, made_id

TOKEN = OPENCLAW.token
COMMAND_SECONDS = {True: 8.0, False: 3.5}  # January's took longer
PLUGIN_SECONDS = 8.0  # and `pairing` loads all plugins first
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
    ("channels", "status"), ("devices", "list"), ("devices", "approve"), ("devices", "reject"), ("devices", "remove"),
    ("devices", "revoke"), ("pairing", "list"), ("pairing", "approve"), ("gateway", "call"), ("cron", "list"),
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
        self._files.took += COMMAND_SECONDS[self._old] + (PLUGIN_SECONDS if argv[:1] == ["pairing"] else 0.0)
        wanted = [word for word in argv if not word.startswith("-")]
        if (
            self._old
            and (wanted[:2] == ["config", "validate"] or wanted == ["dashboard"])
            and "--json" in argv
        ):
            streams.err += "error: unknown option '--json'\n"
            return 1
        alone = self._alone(argv, wanted, streams, env)
        if alone is not None:
            return alone
        if (tuple(wanted[:2]) not in COMMANDS and wanted != ["dashboard"]) or (
            self._old and wanted[1:2] == ["remove"]
        ):
            return self._stranger(streams, wanted)
        problem = self._problem(env)
        if problem:
            return self._unreachable(streams, wanted, env, problem)
        text = None if self._old else texts.asked(argv, self._machine, Guests(self._machine, self._files))
        if text is not None:
            streams.out += text
            return 0
        if wanted[0] in ("devices", "pairing", "gateway"):
            return self._guests(wanted, streams, env, as_json="--json" in argv)
        return self._ask(wanted, streams, probe="--probe" in argv)

    def _alone(self, argv: list[str], wanted: list[str], streams: Streams, env: dict[str, str]) -> int | None:
        """Commands that need no gateway."""
        said = (
            None
            if self._old or (wanted == ["models", "status"] and "--json" in argv)
            else texts.unasked(argv, self._machine, listening=gateway.listening(self._machine))
        )
        if said is not None:
            streams.out += said[0]
            streams.err += said[1]
            return said[2]
        match wanted:
            case ["config", "validate", *_rest]:
                return self._validate(streams, env, as_json="--json" in argv)
            case ["config", "set", path, value]:
                return self._set(streams, env, path, value)
            case ["models", "status"] if "--json" in argv:
                config, _issues = read_config(self._files.read(self._path(env)) or "{}", old=self._old)
                self._print(streams, models.status(self._app, self._machine, self._files, config))
                return 0
            case ["voicecall", "setup"] if voice.is_on(self._machine):
                self._print(streams, voice.setup(self._machine))
                return 0
            case ["channels", "login", channel]:
                return channels_login(self._app, self._machine, self._files, streams, channel, env)
            case ["channels", "logout", channel]:
                return channels_logout(self._machine, self._files, streams, channel)
        return None

    def _stranger(self, streams: Streams, wanted: list[str]) -> int:
        name = "remove" if wanted[1:2] == ["remove"] else " ".join(wanted[:1])
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
        return 0

    def _guests(self, wanted: list[str], streams: Streams, env: dict[str, str], *, as_json: bool) -> int:
        guests = Guests(self._machine, self._files)
        match wanted:
            case ["devices", "list"]:
                self._print(streams, guests.devices())
            case ["devices", "approve", request]:
                who = guests.approve_device(request)
                who = f"{who} ({request})" if who and not self._old else who
                return self._decided(streams, who, "Approved", self._nobody(request, "device"))
            case ["devices", "reject", request]:
                return self._told(
                    streams, guests.reject_device(request), "requestId", request, as_json=as_json
                )
            case ["devices", "remove", device]:
                return self._told(
                    streams, guests.remove_device(device) and device, "deviceId", device, as_json=as_json
                )
            case ["devices", "revoke", device, role]:
                at = guests.revoke(device, role)
                if at:
                    self._print(streams, {"deviceId": device, "role": role, "revokedAtMs": at})
                    return 0
                return self._told(streams, "", "deviceId", device, as_json=True)
            case ["pairing", "list", channel]:
                self._print(streams, {"channel": channel, "requests": guests.people(channel)})
            case ["pairing", "approve", channel, code]:
                return self._let_in(streams, env, channel, guests.approve_person(channel, code), code)
            case ["gateway", "call", method, about]:
                return self._call(streams, guests.call(method, json.loads(about)))
        return 0

    def _decided(self, streams: Streams, who: str, done: str, refused: str) -> int:
        streams.out += f"{done} {who}\n" if who else ""
        streams.err += "" if who else refused + "\n"
        return 0 if who else 1

    def _told(self, streams: Streams, who: str | bool, key: str, value: str, *, as_json: bool) -> int:  # noqa: FBT001
        if who and as_json:
            self._print(streams, {key: value, "deviceId": who})
        elif who:
            streams.out += f"{'Rejected' if key == 'requestId' else 'Removed'} {who}\n"
        elif as_json:
            error = {"type": "cli_error", "message": f"unknown {key}"}
            self._print(streams, {"ok": False, "error": error})
        if not who:
            streams.err += f"[openclaw] The CLI command failed.\n[openclaw] Reason: unknown {key}\n"
        return 0 if who else 1

    def _let_in(self, streams: Streams, env: dict[str, str], channel: str, who: str, code: str) -> int:
        """The first one becomes the owner in openclaw.json, which is then the file of who ran the command."""
        if not who:
            return self._decided(streams, who, "", self._nobody(code, "person"))
        streams.out += f"Approved {channel} sender {who}.\n"
        config = json5.read(self._files.read(self._path(env)) or "{}")
        if not self._old and not config.get("commands", {}).get("ownerAllowFrom"):
            owner = f"{channel}:{who}"
            self._set(Streams(), env, "commands.ownerAllowFrom", json.dumps([owner]))
            streams.out += f"Command owner configured {owner} (commands.ownerAllowFrom was empty).\n"
        return 0

    def _call(self, streams: Streams, answer: World | str) -> int:
        if not isinstance(answer, str):
            self._print(streams, answer)
            return 0
        error = {
            "type": "gateway_request_error",
            "code": "INVALID_REQUEST",
            "message": answer,
            "retryable": False,
        }
        self._print(streams, {"ok": False, "error": error})
        return 1

    def _print(self, streams: Streams, value: object) -> None:
        streams.out += json.dumps(value, indent=2) + "\n"

    def _path(self, env: dict[str, str]) -> str:
        return (
            env.get("OPENCLAW_CONFIG_PATH")
            or f"{env.get('OPENCLAW_STATE_DIR', '/root/.openclaw')}/openclaw.json"
        )

    def _validate(self, streams: Streams, env: dict[str, str], *, as_json: bool) -> int:
        path = self._path(env)
        text = self._files.read(path)
        issues = None if text is None else read_config(text, old=self._old)[1]
        if text is None or issues:
            self._print(streams, answers.invalid(path, issues))
            return 1
        said = json.dumps({"valid": True, "path": path, "warnings": []})
        streams.out += f"{said if as_json else f'Config valid: {path}'}\n"
        return 0

    def _set(self, streams: Streams, env: dict[str, str], path: str, value: str) -> int:
        """Write the file as OpenClaw writes it: with its mark in ``meta``, and a backup of what there was."""
        name = self._path(env)
        before = self._files.read(name) or "{}"
        config = node = json5.read(before)
        *way, last = path.split(".")
        for key in way:
            node = node.setdefault(key, {})
        node[last] = json.loads(value)
        config["meta"] = {**config.get("meta", {}), "lastTouchedVersion": words.version(self._machine)}
        for path_, text in ((f"{name}.bak", before), (name, json.dumps(config, indent=2) + "\n")):
            self._files.put(path_, text)
            self._files.set_owner(path_, env.get(USER, "0:0"))
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
        if not gateway_net.answers_inside(self._machine, int(self._url(env).rpartition(":")[2])):
            return "unreachable"
        variable, wanted = way_in(self._app, self._machine, self._machine["gateway"]["loaded"])
        if env.get(variable) == wanted:
            return ""
        given = variable == PASSWORD and not env.get(variable)
        return words.NO_CREDENTIALS if given else "gateway connect failed: AUTH_TOKEN_MISMATCH"

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
