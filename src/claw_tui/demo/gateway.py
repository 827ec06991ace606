"""The simulated OpenClaw Gateway: it starts, logs, refuses, loads its config, and is asked over HTTP.

Nothing runs here: at a start the whole course is written down with its times, and whoever looks computes from
the clock what is true now. Times and lines are those of OpenClaw 2026.9 on two CPUs.
"""

from __future__ import annotations

import json
import time

from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.openclaw_config import read_config
from claw_tui.demo.world import World, lasts, made_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CONFIG = "/data/openclaw.json"
TOKEN = "OPENCLAW_GATEWAY_TOKEN"  # noqa: S105
EX_CONFIG = 78
BOOT, PLUGIN, RELOAD, RESTART = 10.0, 35.0, 2.0, 6.0  # seconds in life
GIVE_UP = 25.0  # until Fly has restarted a refusing gateway ten times
PLUGIN_CHANNELS = ("discord", "slack", "whatsapp", "signal")
TOKENS = {
    "discord": ("DISCORD_BOT_TOKEN",),
    "telegram": ("TELEGRAM_BOT_TOKEN",),
    "slack": ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"),
}


def say(machine: World, message: str, at: float, *, level: str = "info", provider: str = "app") -> None:
    machine["log"].append({"at": at, "level": level, "message": message, "provider": provider})
    machine["log"].sort(key=lambda line: line["at"])


def start(world: World, app: World, machine: World) -> None:
    """A boot of the machine."""
    now = time.time()
    machine["state"], machine["log"] = (
        "started",
        [line for line in machine["log"] if line["at"] <= now][-400:],
    )
    machine["events"].insert(
        0, {"type": "start", "status": "started", "source": "flyd", "timestamp": int(now * 1000)}
    )
    say(machine, " INFO Starting init (commit: 6b1a3f2c)...", now)
    say(machine, " INFO Mounting /dev/vdc at /data w/ uid: 1000, gid: 1000 and chmod 0755", now)
    say(machine, f" INFO Preparing to run: `{' '.join(machine['cmd'])}` as node", now)
    gateway: World = {
        "started": now,
        "listening": 0.0,
        "ready": 0.0,
        "stops": 0.0,
        "loaded": None,
        "seen": None,
        "channels": {},
    }
    machine["gateway"] = gateway
    say(machine, "[gateway] loading configuration…", now + lasts(1))
    files = SimulatedFiles(app, machine)
    refusal = _refusal(app, machine, files)
    if refusal:
        return _refuse(machine, refusal, now)
    _restore_meta(machine, files)
    return _course(world, app, machine, now)


def _course(world: World, app: World, machine: World, now: float) -> None:
    """What a start that is not refused will say and do, and when."""
    gateway = machine["gateway"]
    config = gateway["loaded"]
    say(machine, "[gateway] resolving authentication…", now + lasts(1.4))
    say(machine, "[gateway] starting...", now + lasts(1.5))
    first = [name for name in PLUGIN_CHANNELS if _wants(config, name)]
    listening = now + lasts(BOOT + PLUGIN * len(first))
    say(machine, "[gateway] starting HTTP server...", listening - lasts(1))
    if "unhealthy" in machine["app"]:
        say(machine, "[gateway] waiting for a lock that nobody gives back…", listening, level="warn")
        return
    defaults = (config or {}).get("agents", {}).get("defaults", {})
    model = (defaults.get("model") or {}).get("primary", "openai/gpt-6-astra")
    say(machine, f"[gateway] agent model: {model} (thinking=high, fast=off)", listening)
    say(
        machine,
        "[gateway] http server listening (14 plugins: browser, canvas, memory-core, telegram, xai; 6.3s)",
        listening,
    )
    say(machine, "[gateway] starting channels and sidecars...", listening + lasts(1))
    say(machine, "[gateway] ready", listening + lasts(3))
    gateway["listening"], gateway["ready"] = listening, listening + lasts(3)
    _start_channels(world, app, machine, gateway["ready"])


def _refusal(app: World, machine: World, files: SimulatedFiles) -> str:
    """Why the gateway does not start, in its words; or an empty string, and the config is loaded."""
    text = files.read(CONFIG)
    if text is not None and not files.readable_by_node(CONFIG):
        return f"EACCES: permission denied, open '{CONFIG}'. Config file is not readable by the current process. chown 1000 {CONFIG}"
    if text is not None:
        config, issues = read_config(text)
        if issues:
            return "Invalid config at /data/openclaw.json: " + "; ".join(
                f"{i['path']}: {i['message']}" for i in issues
            )
        machine["gateway"]["loaded"], machine["gateway"]["seen"] = config, text
    elif "--allow-unconfigured" not in machine["cmd"]:
        return (
            "Missing config. Run `openclaw setup` or set gateway.mode=local (or pass --allow-unconfigured)."
        )
    token = app["secrets"].get(TOKEN)
    if token is None or token["status"] != "Deployed" or "blank" in token["traits"]:
        return (
            "Refusing to bind gateway to lan without auth. Container environment detected; set OPENCLAW_GATEWAY_TOKEN "
            "or OPENCLAW_GATEWAY_PASSWORD, or pass --token/--password"
        )
    return ""


def _refuse(machine: World, why: str, now: float) -> None:
    say(machine, f"[gateway] {why}", now + lasts(2), level="error")
    say(machine, " INFO Main child exited normally with code: 78", now + lasts(2))
    machine["gateway"]["stops"] = now + lasts(GIVE_UP)
    say(machine, "machine has reached its max restart count of 10", now + lasts(GIVE_UP), provider="runner")


def _restore_meta(machine: World, files: SimulatedFiles) -> None:
    """OpenClaw puts its last good file back when the new one lacks the ``meta`` that it once wrote."""
    gateway, good = machine["gateway"], files.read(CONFIG + ".last-good")
    if (
        good
        and gateway["loaded"] is not None
        and "meta" not in gateway["loaded"]
        and "meta" in json.loads(good)
    ):
        files.write(CONFIG, good)
        gateway["loaded"], gateway["seen"] = json.loads(good), good
        say(machine, f"Config auto-restored from backup: {CONFIG} (missing-meta-vs-last-good)", time.time())
    elif gateway["seen"]:
        files.write(CONFIG + ".last-good", gateway["seen"])


def _wants(config: dict[str, Any] | None, channel: str) -> bool:
    return bool(((config or {}).get("channels") or {}).get(channel, {}).get("enabled"))


def _plugin_on(config: dict[str, Any] | None, channel: str) -> bool:
    if channel not in PLUGIN_CHANNELS:
        return True
    entries = ((config or {}).get("plugins") or {}).get("entries") or {}
    return bool(entries.get(channel, {}).get("enabled"))


def _start_channels(world: World, app: World, machine: World, at: float) -> None:
    gateway = machine["gateway"]
    config = gateway["loaded"]
    for name in (config or {}).get("channels") or {}:
        if not _wants(config, name):
            continue
        if not _plugin_on(config, name):
            warning = f'configured channel warning: channels.{name}: channel is configured, but external plugin "{name}" is'
            say(
                machine,
                f"[gateway] {warning} installed without explicit trust. Add plugins.entries.{name}.enabled=true.",
                at,
                level="warn",
            )
            continue
        running = at + (
            lasts(PLUGIN) if name in PLUGIN_CHANNELS and name not in gateway["channels"] else lasts(1)
        )
        traits = {
            t for env in TOKENS.get(name, ()) for t in app["secrets"].get(env, {}).get("traits", ["missing"])
        }
        error = _channel_error(name, traits)
        gateway["channels"][name] = {"from": running, "error": error}
        say(machine, f"[{name}] [default] starting provider", running)
        if error:
            say(machine, f"[{name}] {error}", running, level="error")
        elif name == "discord":
            say(machine, f"[discord] client initialized as {made_id(world, 4)}", running + lasts(1))
    gateway["somebody"] = {
        "id": made_id(world, 32),
        "code": made_id(world, 8).upper(),
        "from": at + lasts(40),
    }


def _channel_error(name: str, traits: set[str]) -> str:
    if "missing" in traits:
        return f"[SECRETS_OWNER_UNAVAILABLE] Secret owner account:{name}:default is not available"
    if traits & {"bad", "blank"}:
        return "401: Unauthorized"
    return "WebSocket closed 4014: Disallowed intent(s)" if "nointent" in traits else ""


def refresh(app: World) -> None:
    """What time has brought: a refusing gateway's machine stops."""
    now = time.time()
    for machine in app["machines"]:
        stops = machine["gateway"]["stops"]
        if machine["state"] == "started" and stops and stops <= now:
            machine["state"] = "stopped"
            exit_event = {"exit_code": EX_CONFIG, "exited_at": stamp(stops)}
            machine["events"].insert(0, {
                "type": "exit", "status": "stopped", "source": "flyd", "timestamp": int(stops * 1000),
                "request": {"exit_event": exit_event, "restart_count": 10},
            })  # fmt: skip


def notice_config(world: World, app: World, machine: World) -> None:
    """The gateway watches its file: a good one is loaded while it runs, a bad one is left alone, with a line."""
    gateway, now = machine["gateway"], time.time()
    files = SimulatedFiles(app, machine)
    text = files.read(CONFIG)
    if text is None or text == gateway["seen"] or not listening(machine):
        return
    config, issues = read_config(text)
    say(machine, "[reload] config change detected; evaluating reload", now)
    if issues or not files.readable_by_node(CONFIG):
        say(machine, f"[reload] config reload skipped (invalid config): {issues[:1]}", now, level="warn")
        return
    old, gateway["loaded"], gateway["seen"] = gateway["loaded"], config, text
    if "meta" in (config or {}):
        files.write(CONFIG + ".last-good", text)
    if (old or {}).get("gateway") != (config or {}).get("gateway"):
        say(machine, "[reload] restart mode: in-process restart (container)", now)
        gateway["listening"], gateway["ready"] = now + lasts(RESTART), now + lasts(RESTART + 2)
        say(machine, "[gateway] http server listening (14 plugins; 4.1s)", gateway["listening"])
        say(machine, "[gateway] ready", gateway["ready"])
    else:
        say(machine, "[reload] config hot reload applied (channels, agents)", now + lasts(RELOAD))
    _start_channels(world, app, machine, gateway["ready"] if gateway["ready"] > now else now + lasts(RELOAD))


def listening(machine: World) -> bool:
    gateway = machine["gateway"]
    return bool(machine["state"] == "started" and 0 < gateway["listening"] <= time.time())


def health_json() -> str:
    return '{"ok":true,"status":"live"}'


def check(machine: World) -> dict[str, str]:
    """The machine's health check as Fly's proxy sees it."""
    passing = listening(machine)
    output = "200 OK Output: " + health_json() if passing else "connect: connection refused"
    return {
        "name": "servicecheck-00-http-3000",
        "status": "passing" if passing else "critical",
        "output": output,
    }


def stamp(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at % 1 * 1000):03d}Z"
