"""The simulated gateway's channels: which it wants, and how their start ends."""

from __future__ import annotations

import time

from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.machine_log import say
from claw_tui.demo.world import World, lasts, made_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PLUGIN_FILE = "/data/npm/projects/openclaw-{}.json"  # says that this plugin is on the volume
LINKED_FILE = "/data/credentials/whatsapp/default/creds.json"
PLUGIN_CHANNELS = ("discord", "slack", "whatsapp", "signal")
TOKENS = {
    "discord": ("DISCORD_BOT_TOKEN",),
    "telegram": ("TELEGRAM_BOT_TOKEN",),
    "slack": ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"),
    "slack by http": ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"),
}


def wants(config: dict[str, Any] | None, channel: str) -> bool:
    return bool(((config or {}).get("channels") or {}).get(channel, {}).get("enabled"))


def _plugin_on(config: dict[str, Any] | None, channel: str) -> bool:
    if channel not in PLUGIN_CHANNELS:
        return True
    entries = ((config or {}).get("plugins") or {}).get("entries") or {}
    return bool(entries.get(channel, {}).get("enabled"))


def start_channels(world: World, app: World, machine: World, at: float) -> None:
    gateway = machine["gateway"]
    config = gateway["loaded"]
    for name in (config or {}).get("channels") or {}:
        if not wants(config, name):
            continue
        if not _plugin_on(config, name):
            warning = (
                f"[gateway] configured channel warning: channels.{name}: channel is configured, but external plugin "
                f'"{name}" is installed without explicit trust. Add plugins.entries.{name}.enabled=true. '
                "Fix plugin enablement before relying on setup guidance for this channel."
            )
            say(machine, warning, at - lasts(0.5), level="warn")
            continue
        running = at + lasts(1)
        traits = {
            t for env in _tokens(config, name) for t in app["secrets"].get(env, {}).get("traits", ["missing"])
        }
        error = (
            ""
            if name == "whatsapp" and SimulatedFiles(app, machine).read(LINKED_FILE)
            else _channel_error(name, traits)
        )
        gateway["channels"][name] = {"from": running, "error": error}
        say(machine, f"[{name}] [default] starting provider", running)
        if error:
            say(machine, f"[{name}] {error}", running, level="error")
        elif name == "discord":
            say(machine, f"[discord] client initialized as {made_id(world, 4)}", running + lasts(1))
    if not gateway.get("somebody"):  # who has come stays when the channels are started again
        gateway["somebody"] = {
            "id": made_id(world, 32),
            "code": made_id(world, 8).upper(),
            "from": at + lasts(15),
        }


def _tokens(config: dict[str, Any] | None, name: str) -> tuple[str, ...]:
    by_http = ((config or {}).get("channels") or {}).get(name, {}).get("mode") == "http"
    return TOKENS.get(f"{name} by http" if by_http else name, ())


def link(machine: World, error: str = "") -> None:
    """A phone has linked WhatsApp, or it was unlinked: the gateway starts it, or stops it."""
    if machine["gateway"]:
        machine["gateway"]["channels"]["whatsapp"] = {"from": time.time(), "error": error}


UNLINKED = {
    "whatsapp": "not linked",
    "signal": "fetch failed",
}  # until a phone is linked


def _channel_error(name: str, traits: set[str]) -> str:
    if name in UNLINKED:
        return UNLINKED[name]
    if "missing" in traits:
        return f"[SECRETS_OWNER_UNAVAILABLE] Secret owner account:{name}:default is not available"
    if traits & {"bad", "blank"}:
        return "401: Unauthorized"
    return "WebSocket closed 4014: Disallowed intent(s)" if "nointent" in traits else ""
