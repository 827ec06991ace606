"""The simulated gateway's channels: which it wants, and how their start ends."""

from __future__ import annotations

import time

from claw_tui.demo import added, voice
from claw_tui.demo import gateway_words as words
from claw_tui.demo.machine_files import SimulatedFiles
from claw_tui.demo.machine_log import say
from claw_tui.demo.programs import in_state, is_old
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


def _plugin_on(machine: World, config: dict[str, Any] | None, channel: str) -> bool:
    if channel not in PLUGIN_CHANNELS or is_old(machine):  # January's has all of them inside
        return True
    entries = ((config or {}).get("plugins") or {}).get("entries") or {}
    return bool(entries.get(channel, {}).get("enabled"))


def start_channels(world: World, app: World, machine: World, at: float) -> None:
    gateway = machine["gateway"]
    config = gateway["loaded"]
    voice.start(world, app, machine, at)
    _say_suppressed(app, machine, at)
    for name in (config or {}).get("channels") or {}:
        if not wants(config, name):
            continue
        if name in PLUGIN_CHANNELS and app.get("npm") and not is_old(machine):
            say(machine, words.NO_PLUGIN.format(name=name), at - lasts(0.5), level="warn")
            continue
        if not _plugin_on(machine, config, name):
            say(machine, words.NO_TRUST.format(name=name), at - lasts(0.5), level="warn")
            continue
        running = at + lasts(1)
        traits = {
            t for env in _tokens(config, name) for t in app["secrets"].get(env, {}).get("traits", ["missing"])
        }
        error = (
            ""
            if name == "whatsapp" and SimulatedFiles(app, machine).read(in_state(machine, LINKED_FILE))
            else _channel_error(name, traits)
        )
        if name == "signal" and added.is_managed(config):
            error = added.signal_error(world, app, machine)
        gateway["channels"][name] = {"from": running, "error": error}
        say(machine, f"[{name}] [default] starting provider", running)
        if error:
            say(machine, f"[{name}] {error}", running, level="error")
        elif name == "discord":
            say(machine, f"[discord] client initialized as {made_id(world, 4)}", running + lasts(1))
    if not gateway.get("somebody") and not app.get("quiet"):  # who has come stays
        gateway["somebody"] = {
            "id": made_id(world, 32),
            "code": made_id(world, 8).upper(),
            "from": at + lasts(15),
        }


def _say_suppressed(app: World, machine: World, at: float) -> None:
    """A token alone starts nothing."""
    named = (machine["gateway"]["loaded"] or {}).get("channels") or {}
    alone = sorted(
        name
        for name in ("discord", "telegram", "slack")
        if name not in named and TOKENS[name][0] in app["secrets"]
    )
    if alone and words.newer(machine) and "OPENCLAW_SKIP_CHANNELS" not in machine["env"]:
        count = f"{len(alone)} channel{'s' if len(alone) > 1 else ''}"
        message = (
            f"[gateway] gateway suppressed ambient channel auto-configuration for {count}: {', '.join(alone)}. Configure channels.<id>"
            " (openclaw channels add <id>) to enable the channel, or pass --ambient-channels to allow ambient env credentials."
        )
        say(machine, message, at - lasts(0.5), level="warn")


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
