"""What ``openclaw`` commands print for people, in the words of the real ones (2026.9.6), shortened."""

from __future__ import annotations

import json
import time

from claw_tui.demo import gateway_words as words
from claw_tui.demo.openclaw_guests import Guests
from claw_tui.demo.world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LABELS = {
    "discord": "Discord",
    "telegram": "Telegram",
    "slack": "Slack",
    "whatsapp": "WhatsApp",
    "signal": "Signal",
}
PLUGINS = (
    ("Browser", "browser", "enabled"), ("Canvas", "canvas", "enabled"), ("Device Pairing", "device-pair", "enabled"),
    ("Memory (Core)", "memory-core", "enabled"), ("Ollama", "ollama", "enabled"), ("Talk Voice", "talk-voice", "enabled"),
    ("Voice Call", "voice-call", "disabled"),
)  # fmt: skip


def lint(*, listening: bool) -> tuple[str, int]:
    """``doctor --lint``."""
    about = {
        "checkId": "core/doctor/gateway-health", "severity": "warning", "message": "Gateway is not reachable.",
        "path": "gateway", "fixHint": "Start the gateway, then run doctor again.",
    }  # fmt: skip
    found: dict[str, Any] = {
        "schemaVersion": 1, "ok": listening, "checksRun": 35, "checksSkipped": 30, "findings": [] if listening else [about],
    }  # fmt: skip
    return json.dumps(found) + "\n", 0 if listening else 1


def channels(machine: World) -> str:
    """``channels status --probe``."""
    lines = ["Checking channel status (probe)…", "Gateway reachable."]
    for name, state in machine["gateway"]["channels"].items():
        runs = state["from"] <= time.time() and not state["error"]
        said = "running, works" if runs else f"error:{state['error'] or 'starting'}, stopped, probe failed"
        lines.append(f"- {LABELS.get(name, name)} default: enabled, configured, {said}")
    return (
        "\n".join([*lines, ""])
        + "\nTip: https://docs.openclaw.ai/cli/status adds gateway health probes to status output.\n"
    )


def models(machine: World, config: dict[str, Any] | None) -> str:
    """``models status``."""
    model = words.primary_model(machine, config)
    return f"Config        : /data/openclaw.json\nAgent dir     : /data/agents/main/agent\nDefault       : {model}\nFallbacks (0) : -\n"


def models_probe() -> str:
    """``models status --probe`` beside a gateway that runs."""
    why = "A Gateway is running for this state directory (pid 640, port 3000)."
    return (
        "[openclaw] The CLI command failed.\n"
        f"[openclaw] Reason: {why} Stop the Gateway first (openclaw gateway stop), then rerun models status --probe.\n"
        "[openclaw] Debug: set OPENCLAW_DEBUG=1 to include the stack trace.\n"
        "[openclaw] Try: openclaw doctor\n[openclaw] Help: openclaw --help\n"
    )


def plugins() -> str:
    """``plugins list``."""
    rows = [f"│ {name:<30} │ {plugin:<17} │ openclaw │ {state:<8} │" for name, plugin, state in PLUGINS]
    on = sum(state == "enabled" for _name, _plugin, state in PLUGINS)
    return "\n".join((f"Plugins ({on}/{len(PLUGINS)} enabled)", "", *rows)) + "\n"


AUDIT = """OpenClaw security audit
Summary: 0 critical · 0 warn · 1 info
Run deeper: openclaw security audit --deep

INFO
summary.attack_surface Attack surface summary
  groups: open=0, allowlist=1
tools.elevated: enabled
hooks.webhooks: disabled
hooks.internal: disabled
browser control: enabled
trust model: personal assistant (one trusted operator boundary), not hostile multi-tenant on one shared gateway.
"""
SESSIONS = (
    "Session store: /data/agents/main/agent/openclaw-agent.sqlite\nSessions listed: 0\nNo sessions found.\n"
)
CRON = (
    "ID                                   Name                     Schedule                         Next       Last\n"
    "12f6ac44-8664-47d7-acd1-bc70922e4e5f Heartbeat (main)         every 30m                        in 28m     2m ago\n"
)
SECRETS = "Secrets audit: clean. plaintext=0, unresolved=0, shadowed=0, storeResidue=0, legacy=0.\n"


def devices(listed: dict[str, Any]) -> str:
    """``devices list``."""
    if not listed["pending"] and not listed["paired"]:
        return "No device pairing entries.\n"
    lines = []
    for title, key, number in (("Pending", "pending", "requestId"), ("Paired", "paired", "deviceId")):
        if listed[key]:
            lines.append(f"{title} ({len(listed[key])})")
            lines += [
                f"│ {one[number]} │ {one['displayName']} · {one['remoteIp']} │ roles: {', '.join(one['roles'])} │"
                for one in listed[key]
            ]
    return "\n".join(lines) + "\n"


def people(channel: str, requests: list[World]) -> str:
    """``pairing list``."""
    if not requests:
        return f"No pending {channel} pairing requests.\n"
    rows = [
        f"│ {one['code']} │ {one['id']} │ {json.dumps(one['meta'])} │ {one['createdAt']} │"
        for one in requests
    ]
    return "\n".join((f"Pairing requests ({len(requests)})", *rows)) + "\n"


def unasked(argv: list[str], machine: World, *, listening: bool) -> tuple[str, str, int] | None:
    """Commands that need no gateway: what they print on stdout and stderr, and their exit code."""
    wanted = [word for word in argv if not word.startswith("-")]
    config = machine["gateway"]["loaded"]
    match wanted:
        case ["doctor"] if "--lint" in argv:
            text, code = lint(listening=listening)
            return text, "", code
        case ["models", "status"] if "--probe" in argv and listening:
            return "", models_probe(), 1
    texts = {
        "models status": models(machine, config), "plugins list": plugins(), "security audit": AUDIT, "sessions": SESSIONS,
        "secrets audit": SECRETS,
    }  # fmt: skip
    found = texts.get(" ".join(wanted))
    return None if found is None else (found, "", 0)


def asked(argv: list[str], machine: World, guests: Guests) -> str | None:
    """The same for those that ask the gateway; with ``--json`` they say it otherwise."""
    if "--json" in argv:
        return None
    match [word for word in argv if not word.startswith("-")]:
        case ["channels", "status"]:
            return channels(machine)
        case ["cron", "list"]:
            return CRON
        case ["devices", "list"]:
            return devices(guests.devices())
        case ["pairing", "list", channel]:
            return people(channel, guests.people(channel))
    return None
